"""Crosses and ticks: small signs that mean a place."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import nearest_points

from assetmap.kiosk.strokes.trails import Trail

__all__ = ["cross_of", "tick_of"]

_LARGEST_CROSS_MM = 14.0
_LARGEST_TICK_MM = 14.0


def cross_of(trails: list[Trail], *, px_per_mm: float) -> shapely.Point | None:
    """Return where the two strokes of a cross meet, or None if these trails make none.

    Parameters
    ----------
    trails
        The trails of one connected piece of ink.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    if len(trails) != 2 or any(trail.closed for trail in trails):
        return None
    first, second = sorted(trails, key=lambda trail: trail.length)
    if second.length > _LARGEST_CROSS_MM * px_per_mm or first.length < 0.4 * second.length:
        return None
    if not all(_straightness(trail) > 0.85 for trail in trails):
        return None
    lines = [shapely.LineString(trail.path) for trail in trails]
    where = lines[0].intersection(lines[1])
    if where.is_empty:
        pair = nearest_points(*lines)
        if pair[0].distance(pair[1]) > 0.7 * px_per_mm:
            return None
        where = pair[0]
    middle = where.centroid
    shares = [line.project(middle) / line.length for line in lines]
    ways = [trail.path[-1] - trail.path[0] for trail in trails]
    cosine = abs(float(ways[0] @ ways[1])) / float(np.hypot(*ways[0]) * np.hypot(*ways[1]) + 1e-9)
    return middle if all(0.2 < share < 0.8 for share in shares) and cosine < 0.82 else None


def tick_of(trail: Trail, *, px_per_mm: float) -> shapely.Point | None:
    """Return the middle of a tick's ink, or None: one small stroke with one sharp corner.

    Parameters
    ----------
    trail
        A trail.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    if trail.closed or not 3 * px_per_mm < trail.length < 1.6 * _LARGEST_TICK_MM * px_per_mm:
        return None
    path = trail.path
    chord = path[-1] - path[0]
    long = float(np.hypot(*chord))
    away = np.abs((path - path[0]) @ np.array([-chord[1], chord[0]])) / max(long, 1e-6)
    corner = int(away.argmax())
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


def _straightness(trail: Trail) -> float:
    return _straight(trail.path)
