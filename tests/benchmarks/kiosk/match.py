"""One truth, one mark: the best pairing (Hungarian) of what is true with what was found."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from shapely import LineString, MultiLineString, contains_xy
from shapely.geometry.base import BaseGeometry

from tests.benchmarks.kiosk.found import FoundMark
from tests.benchmarks.kiosk.truth import TrueMark

POINT_M = 5.0
LINE_M = 3.0
LINE_SHARE = 0.9
AREA_IOU = 0.5
PAPER_M = 2.5
"""A point or a line, found without a width, is given one for the pairing by place (1 mm at 1:2,500)."""
SAME_PLACE = 0.02
WHOLE = 0.97
CROP_SLACK_M = 1.0
LARGEST_CROP = 8.0
"""A crop of more than this many times the word's hull isn't a cut-out of that word."""


def iou(one: BaseGeometry, other: BaseGeometry) -> float:
    """Intersection over union of two areas."""
    shared = one.intersection(other).area
    return shared / (one.area + other.area - shared) if shared else 0.0


def line_shares(truth: TrueMark, line: BaseGeometry) -> tuple[float, float]:
    """The share of the true line near the found one, and of the found one near the true one or its barbs."""
    if not isinstance(line, LineString | MultiLineString) or not line.length:
        return 0.0, 0.0
    true_near = truth.geometry.intersection(line.buffer(LINE_M)).length / truth.geometry.length
    near = truth.geometry.buffer(LINE_M).union(truth.allowed)
    return true_near, line.intersection(near).length / line.length


def agreement(truth: TrueMark, found: FoundMark) -> float:
    """How well a found mark meets the goal's rule for a true one: above 0 where it does, at most 1."""
    if truth.kind != found.kind or found.geometry.is_empty:
        return 0.0
    if truth.kind == "point":
        return max(0.0, 1 - truth.geometry.distance(found.geometry.centroid) / POINT_M)
    if truth.kind == "area":
        shared = iou(truth.geometry, found.geometry)
        return shared if shared >= AREA_IOU else 0.0
    if truth.kind in ("line", "leader"):
        shares = line_shares(truth, found.geometry)
        return sum(shares) / 2 if min(shares) >= LINE_SHARE else 0.0
    return 0.0


def footprint(kind: str, geometry: BaseGeometry, inked: BaseGeometry | None = None) -> BaseGeometry:
    """The ground that a mark takes, for the pairing by place."""
    if kind == "area":
        return geometry.buffer(0) if inked is None else geometry.union(inked)
    if inked is not None:
        return inked
    return geometry.envelope if kind == "writing" else geometry.buffer(PAPER_M)


def same_place(truth: TrueMark, found: FoundMark) -> float:
    """How much a true and a found mark lie in the same place, whatever their kinds."""
    shared = iou(
        footprint(truth.kind, truth.geometry, truth.inked.buffer(PAPER_M / 2)), footprint(found.kind, found.geometry)
    )
    return shared if shared >= SAME_PLACE else 0.0


def holds(truth: TrueMark, crop: BaseGeometry) -> float:
    """Above 0 if a crop holds a whole word: the smaller the crop, the nearer to 1."""
    wider = crop.buffer(CROP_SLACK_M)
    if crop.area > LARGEST_CROP * truth.inked.convex_hull.area:
        return 0.0
    share = float(contains_xy(wider, truth.ink).mean())
    return truth.inked.convex_hull.area / max(crop.area, truth.inked.convex_hull.area) if share >= WHOLE else 0.0


def paired(scores: np.ndarray) -> list[tuple[int, int]]:
    """The one-to-one pairing with the greatest sum of scores, pairs without a score left out."""
    if not scores.size:
        return []
    rows, columns = linear_sum_assignment(scores, maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if scores[row, column] > 0]
