"""Crosses and ticks: small signs that mean a place."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from assetmap.kiosk.strokes.trails import Trail

__all__ = ["cross_of", "has_one_bay", "room_of", "tick_of"]

_LARGEST_CROSS_MM = 14.0
_LEAST_ARM_MM = 4.0  # a cross's shorter stroke; the bar of a t is shorter
_OFF_MIDDLE = 0.25
_ALIKE = 0.45  # of the longer bar
_WAVER_MM = 0.4
_COVERED = 0.9  # of the ink by the two bars, and of each bar by ink
_WAYS, _NEXT_ARM = 72, 5  # in so many directions; arms are at least 25 degrees apart
_WIDEST_ANGLE = 0.42  # of a turn between two arms
_LARGEST_TICK_MM = 14.0
_LEAST_BEND = 0.6  # cosine: an angle of more than 127 degrees is a bend in a line
_MOST_CORNERS = 24
_LEAST_TICK_MM = 6.0  # both arms: smaller ones are corners of letters
_ROOM = 0.1  # of its hull that ink leaves free at least
_ONE_BAY = 0.75  # of what a tick leaves free in its hull: that lies between its arms
_FOURTH_BAY, _LARGEST_BAY, _FOUR_BAYS = 0.1, 0.45, 0.95  # the same of a cross, which has one between each two arms
_MOST_DRAWN = 1.15  # of its two arms: an o or an n goes further than that


def cross_of(ink: BaseGeometry, width: float, *, px_per_mm: float) -> shapely.Point | None:
    """Return where the two bars of a cross meet, or None if ink makes none.

    Middle lines of thick strokes that meet at a slant run together, or lose an arm. So it is the ink that is asked:
    whether it has four arms, and is two bars of the pen's width between opposite tips.

    Parameters
    ----------
    ink
        The outline of a piece of ink, in pixels of the grid.
    width
        Width of its strokes in pixels.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    width = max(width, 2 * ink.area / ink.length)  # with the soft rim that the ink has and its strokes don't
    left, top, right, bottom = ink.bounds
    if not _LEAST_ARM_MM * px_per_mm < max(right - left, bottom - top) < _LARGEST_CROSS_MM * px_per_mm + width:
        return None
    tips = _four_tips(ink, width)
    if tips is None or not _has_four_bays(ink):
        return None
    bars = [shapely.LineString(tips[[0, 2]]), shapely.LineString(tips[[1, 3]])]
    where = bars[0].intersection(bars[1])
    lengths = sorted(bar.length for bar in bars)
    if not isinstance(where, shapely.Point) or where.is_empty or lengths[0] < _ALIKE * lengths[1]:
        return None
    if lengths[0] < _LEAST_ARM_MM * px_per_mm or lengths[1] > _LARGEST_CROSS_MM * px_per_mm:
        return None
    slack = _WAVER_MM * px_per_mm
    within = shapely.union(*(bar.buffer(width / 2 + slack) for bar in bars)).intersection(ink).area / ink.area
    drawn = min(bar.intersection(ink.buffer(slack)).length / bar.length for bar in bars)
    central = all(_OFF_MIDDLE < bar.project(where) / bar.length < 1 - _OFF_MIDDLE for bar in bars)
    return where if central and min(within, drawn) > _COVERED else None


def _four_tips(ink: BaseGeometry, width: float) -> NDArray[np.float64] | None:
    """Return the middles of the round ends of four arms, in their order around the middle; None if there aren't four.

    Arms are where the edge lies farther from the middle than on either side.
    """
    middle = np.array(ink.centroid.coords[0])
    edge = shapely.get_coordinates(shapely.segmentize(ink, max(1.0, 0.2 * width))) - middle
    bins = (np.degrees(np.arctan2(edge[:, 1], edge[:, 0])) % 360 / 360 * _WAYS).astype(int) % _WAYS
    far = np.zeros(_WAYS)
    np.maximum.at(far, bins, np.hypot(*edge.T))
    around = np.arange(-_NEXT_ARM, _NEXT_ARM + 1)
    near = far[(np.arange(_WAYS)[:, None] + around) % _WAYS]
    peaks = np.flatnonzero((far == near.max(axis=1)) & (far > 0.6 * width))
    if len(peaks) != 4 or np.diff(np.r_[peaks, peaks[0] + _WAYS]).max() > _WAYS * _WIDEST_ANGLE:
        return None
    turn = (peaks + 0.5) / _WAYS * 2 * np.pi
    reach = np.maximum(far[peaks] - width / 2, 0)
    return np.asarray(middle + reach[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1))


def _bays(ink: BaseGeometry) -> NDArray[np.float64]:
    """Return the areas of the bays between ink and its hull, the largest first."""
    return np.sort(shapely.area(shapely.get_parts(ink.convex_hull.difference(ink))))[::-1]


def room_of(ink: BaseGeometry) -> float:
    """Return how much of its hull ink leaves free, 0 to 1."""
    return float(1 - ink.area / ink.convex_hull.area)


def has_one_bay(ink: BaseGeometry) -> bool:
    """Whether ink leaves room in its hull in one place: between a tick's arms. About letters there are many bays."""
    bays = _bays(ink)
    return room_of(ink) > _ROOM and bool(bays[0] > _ONE_BAY * bays.sum())


def _has_four_bays(ink: BaseGeometry) -> bool:
    bays = _bays(ink)
    if len(bays) < 4 or room_of(ink) < _ROOM:
        return False
    share = bays[:4] / bays.sum()
    return bool(share[3] > _FOURTH_BAY and share[0] < _LARGEST_BAY and share.sum() > _FOUR_BAYS)


def tick_of(trails: list[Trail], *, px_per_mm: float) -> shapely.Point | None:
    """Return the middle of a tick's ink, or None if these trails make none.

    Where a thick pen turns, its middle line has a branch into the corner's outside, and which way goes on there says
    little. So it is the ink that is asked: whether all of it lies along the two arms of one corner.

    Parameters
    ----------
    trails
        The trails of one connected piece of ink.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    if not 1 <= len(trails) <= 3 or any(trail.closed for trail in trails):
        return None
    drawn = sum(trail.length for trail in trails)
    if not 3 * px_per_mm < drawn < 1.8 * _LARGEST_TICK_MM * px_per_mm:
        return None
    points = np.vstack([trail.path for trail in trails])
    slack = 0.4 * px_per_mm + 0.5 * max(trail.width for trail in trails)
    arms = _two_arms(points, slack)
    if arms is None:
        return None
    ways = [arm[1] - arm[0] for arm in arms]
    lengths = [float(np.hypot(*way)) for way in ways]
    if min(lengths) < max(0.2 * sum(lengths), 0.8 * slack) or sum(lengths) > 1.6 * _LARGEST_TICK_MM * px_per_mm:
        return None
    if sum(lengths) < _LEAST_TICK_MM * px_per_mm or drawn > _MOST_DRAWN * sum(lengths) + slack:
        return None
    cosine = float(ways[0] @ ways[1]) / (lengths[0] * lengths[1])
    return shapely.MultiLineString(arms).centroid if -_LEAST_BEND < cosine < 0.9 else None


def _two_arms(points: NDArray[np.float64], slack: float) -> list[NDArray[np.float64]] | None:
    """Return the arms, from the corner out, that all points lie along; None if there are no two such."""
    hull = shapely.get_coordinates(shapely.MultiPoint(points).convex_hull)
    if len(hull) < 4:
        return None
    hull = hull[np.unique(np.linspace(0, len(hull) - 2, _MOST_CORNERS).astype(int))]
    best: tuple[float, list[NDArray[np.float64]]] | None = None
    cloud = shapely.points(points[:: max(1, len(points) // 60)])
    for corner in hull:
        tips = _tips(points, corner)
        arms = [np.array([corner, tip]) for tip in tips]
        away = shapely.distance(cloud, shapely.MultiLineString(arms)).max()
        if away < slack and (best is None or away < best[0]):
            best = (float(away), arms)
    return best and best[1]


def _tips(points: NDArray[np.float64], corner: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the ends of two arms out of a corner: the farthest point, and the farthest on another way."""
    apart = points - corner
    distance = np.hypot(*apart.T)
    first = int(distance.argmax())
    aside = np.abs(apart @ np.array([-apart[first][1], apart[first][0]])) / max(float(distance[first]), 1e-6)
    second = int(np.where(aside > 0.3 * distance, distance, -1).argmax())
    return [points[first], points[second]]
