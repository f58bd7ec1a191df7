"""Crosses and ticks: small signs that mean a place."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from assetmap.kiosk.strokes.trails import Trail

__all__ = ["cross_of", "tick_of"]

_LARGEST_CROSS_MM = 14.0
_LARGEST_TICK_MM = 14.0
_LEAST_BEND = 0.18


def cross_of(trails: list[Trail], *, px_per_mm: float) -> shapely.Point | None:
    """Return where the two strokes of a cross meet, or None if these trails make none.

    Where thick strokes meet at a slant their middle lines run together for a while, so that trails may be more than
    two: what counts are four ends, and that all ink lies between opposite ones.

    Parameters
    ----------
    trails
        The trails of one connected piece of ink.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    if not 2 <= len(trails) <= 6 or any(trail.closed for trail in trails):
        return None
    ends = _four_ends(trails, px_per_mm)
    if ends is None:
        return None
    middle = ends.mean(axis=0)
    around = ends[np.argsort(np.arctan2(*(ends - middle).T[::-1]))]
    lines = [shapely.LineString(around[[0, 2]]), shapely.LineString(around[[1, 3]])]
    lengths = sorted(line.length for line in lines)
    where = lines[0].intersection(lines[1])
    if where.is_empty or lengths[1] > _LARGEST_CROSS_MM * px_per_mm or lengths[0] < 0.45 * lengths[1]:
        return None
    ways = [around[2] - around[0], around[3] - around[1]]
    cosine = abs(float(ways[0] @ ways[1])) / (lengths[0] * lengths[1])
    slack = 0.55 * px_per_mm + 0.5 * max(trail.width for trail in trails)
    band = shapely.union(*(line.buffer(slack) for line in lines))
    straight = all(band.contains(shapely.LineString(trail.path)) for trail in trails)
    central = all(0.2 < line.project(where) / line.length < 0.8 for line in lines)
    return where if straight and central and cosine < 0.85 else None


def _four_ends(trails: list[Trail], px_per_mm: float) -> NDArray[np.float64] | None:
    """Return the ends of trails that meet no other trail, if there are four."""
    ends: list[NDArray[np.float64]] = []
    for place, trail in enumerate(trails):
        others = [shapely.LineString(other.path) for index, other in enumerate(trails) if index != place]
        reach = 0.35 * px_per_mm + 0.3 * trail.width
        tips = (trail.path[0], trail.path[-1])
        ends += [tip for tip in tips if min(shapely.distance(shapely.Point(tip), others)) > reach]
    return np.array(ends) if len(ends) == 4 else None


def tick_of(trail: Trail, *, px_per_mm: float) -> shapely.Point | None:
    """Return the middle of a tick's ink, or None: one small stroke with one sharp corner.

    Parameters
    ----------
    trail
        A trail.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    path = trail.path
    if trail.closed or not 3 * px_per_mm < trail.length < 1.6 * _LARGEST_TICK_MM * px_per_mm:
        return None
    chord = path[-1] - path[0]
    long = float(np.hypot(*chord))
    away = np.abs((path - path[0]) @ np.array([-chord[1], chord[0]])) / max(long, 1e-6)
    corner = int(away.argmax())
    if away[corner] < _LEAST_BEND * long:
        return None
    arms = [path[: corner + 1], path[corner:]]
    lengths = [_length(arm) for arm in arms]
    if min(lengths) < 0.15 * trail.length or not all(_straight(arm) > 0.9 for arm in arms):
        return None
    ways = [path[0] - path[corner], path[-1] - path[corner]]
    cosine = float(ways[0] @ ways[1]) / float(np.hypot(*ways[0]) * np.hypot(*ways[1]) + 1e-9)
    return shapely.LineString(path).centroid if -0.5 < cosine < 0.85 else None


def _length(path: NDArray[np.float64]) -> float:
    return float(np.hypot(*np.diff(path, axis=0).T).sum()) if len(path) > 1 else 0.0


def _straight(path: NDArray[np.float64]) -> float:
    return float(np.hypot(*(path[-1] - path[0]))) / max(_length(path), 1e-6)
