"""Crosses and ticks: small signs that mean a place."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from assetmap.kiosk.strokes.trails import Trail

__all__ = ["cross_of", "is_roomy", "tick_of"]

_LARGEST_CROSS_MM = 14.0
_LEAST_ARM_MM = 4.0  # a cross's shorter stroke; the bar of a t is shorter
_OFF_MIDDLE = 0.3
_LARGEST_TICK_MM = 14.0
_LEAST_BEND = 0.6  # cosine: an angle of more than 127 degrees is a bend in a line
_MOST_CORNERS = 24
_LEAST_TICK_MM = 6.0  # both arms: smaller ones are corners of letters
_MOST_SOLID = 0.82  # of its hull
_MOST_DRAWN = 1.15  # of its two arms: an o or an n goes further than that


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
    if not isinstance(where, shapely.Point) or where.is_empty:
        return None
    if lengths[1] > _LARGEST_CROSS_MM * px_per_mm or lengths[0] < 0.45 * lengths[1]:
        return None
    ways = [around[2] - around[0], around[3] - around[1]]
    cosine = abs(float(ways[0] @ ways[1])) / (lengths[0] * lengths[1])
    slack = 0.55 * px_per_mm + 0.5 * max(trail.width for trail in trails)
    band = shapely.union(*(line.buffer(slack) for line in lines))
    straight = all(band.contains(shapely.LineString(trail.path)) for trail in trails)
    central = all(_OFF_MIDDLE < line.project(where) / line.length < 1 - _OFF_MIDDLE for line in lines)
    drawn = sum(trail.length for trail in trails)
    if drawn > _MOST_DRAWN * sum(lengths) or lengths[0] < _LEAST_ARM_MM * px_per_mm:
        return None
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


def is_roomy(ink: BaseGeometry) -> bool:
    """Whether ink leaves room in its hull: a tick's arms do, letters that a thick pen runs together fill it."""
    return bool(ink.area < _MOST_SOLID * ink.convex_hull.area)


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
