"""Hatching: strokes side by side over an area, drawn one by one or in one zigzag."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from assetmap.kiosk.strokes.trails import Trail

__all__ = ["hatched_areas", "rows_across"]

Path = NDArray[Any]

_LEAST_STROKES = 4
_FEW_STROKES, _LONGER_THAN_LETTERS_MM = 3, 12.0
_ALIKE = 0.5  # of the longest
_LEAST_LENGTH_MM = 3.5
_MOST_APART_MM = 7.5
_PARALLEL_DEGREES = 16.0
_LEAST_AREA_MM2 = 40.0
_LEAST_SHARE = 0.6  # of all that is drawn in the area: letters have parallel strokes too, among others
_NARROWEST_MM = 7.0


@dataclass(frozen=True)
class _Row:
    """A nearly straight run of a trail."""

    trail: int
    start: Path
    end: Path

    @property
    def way(self) -> Path:
        way = self.end - self.start
        return np.asarray(way / max(float(np.hypot(*way)), 1e-6))

    @property
    def length(self) -> float:
        return float(np.hypot(*(self.end - self.start)))


def hatched_areas(
    trails: list[Trail], *, px_per_mm: float
) -> tuple[list[tuple[shapely.Polygon, tuple[int, ...]]], list[Trail]]:
    """Return each hatched area with the numbers of its parts, and the trails that are in none.

    Parameters
    ----------
    trails
        Trails of one pen.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    rows = [row for place, trail in enumerate(trails) for row in _rows(place, trail, px_per_mm)]
    rows = [row for row in rows if row.length > _LEAST_LENGTH_MM * px_per_mm]
    groups = _side_by_side(rows, px_per_mm)
    areas: list[tuple[shapely.Polygon, tuple[int, ...]]] = []
    used: set[int] = set()
    for group in groups:
        members = [rows[place] for place in group]
        area = _area(members, px_per_mm)
        if not _enough(members, trails, px_per_mm) or area is None or area.area < _LEAST_AREA_MM2 * px_per_mm**2:
            continue
        inside = _trails_inside(trails, area, {row.trail for row in members}, px_per_mm) - used
        drawn = sum(trails[place].length for place in inside)
        if sum(row.length for row in members) < _LEAST_SHARE * drawn or _narrow(area, px_per_mm):
            continue
        used |= inside
        numbers = tuple(number for place in sorted(inside) for number in trails[place].parts)
        areas.append((area, numbers))
    return areas, [trail for place, trail in enumerate(trails) if place not in used]


def _enough(rows: list[_Row], trails: list[Trail], px_per_mm: float) -> bool:
    """Whether rows are enough for hatching: four, or three whole strokes longer than letters and about as long."""
    if len(rows) != _FEW_STROKES:
        return len(rows) >= _LEAST_STROKES
    whole = all(row.length > 0.9 * trails[row.trail].length for row in rows)
    lengths = sorted(row.length for row in rows)
    return whole and lengths[0] > max(_LONGER_THAN_LETTERS_MM * px_per_mm, _ALIKE * lengths[-1])


def _narrow(area: shapely.Polygon, px_per_mm: float) -> bool:
    corners = shapely.get_coordinates(area.minimum_rotated_rectangle)
    return float(min(np.hypot(*np.diff(corners[:3], axis=0).T))) < _NARROWEST_MM * px_per_mm


def rows_across(trails: list[Trail], outline: shapely.Polygon, *, least: int, px_per_mm: float) -> list[Trail]:
    """Return the trails that hatch an outline: straight, parallel, within it and most of the way across.

    Parameters
    ----------
    trails
        Trails of one pen.
    outline
        The ring.
    least
        How many there must be.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    within = outline.buffer(1.0 * px_per_mm)
    rows: list[tuple[Trail, _Row]] = []
    for trail in trails:
        line = shapely.LineString(trail.path)
        if trail.closed or not within.contains(line):
            continue
        row = _Row(0, trail.path[0], trail.path[-1])
        if row.length < 0.93 * trail.length or row.length < 1.5 * px_per_mm:
            continue
        middle, reach = (row.start + row.end) / 2, row.way * outline.length
        across = shapely.LineString([middle - reach, middle + reach]).intersection(outline).length
        if row.length > 0.5 * across - 1.0 * px_per_mm:
            rows.append((trail, row))
    if len(rows) < least:
        return []
    longest = max(rows, key=lambda item: item[1].length)[1]
    bound = np.cos(np.radians(_PARALLEL_DEGREES + 4))
    parallel = [trail for trail, row in rows if abs(float(row.way @ longest.way)) > bound]
    return parallel if len(parallel) >= max(least, 0.7 * len(rows)) else []


def _rows(place: int, trail: Trail, px_per_mm: float) -> list[_Row]:
    points = shapely.get_coordinates(shapely.simplify(shapely.LineString(trail.path), 0.9 * px_per_mm))
    return [_Row(place, start, end) for start, end in pairwise(points)]


def _side_by_side(rows: list[_Row], px_per_mm: float) -> list[list[int]]:
    """Return groups of rows in which each lies beside another, near and parallel."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if len(rows) < _FEW_STROKES:
        return []
    lines = [shapely.LineString([row.start, row.end]) for row in rows]
    tree = shapely.STRtree(lines)
    pairs = []
    for one, row in enumerate(rows):
        near = tree.query(lines[one], predicate="dwithin", distance=_MOST_APART_MM * px_per_mm)
        pairs += [(one, int(other)) for other in near if other > one and _beside(row, rows[other], px_per_mm)]
    if not pairs:
        return []
    first, second = np.array(pairs).T
    graph = coo_matrix((np.ones(len(pairs)), (first, second)), shape=(len(rows), len(rows)))
    count, group = connected_components(graph, directed=False)
    return [np.flatnonzero(group == number).tolist() for number in range(count)]


def _beside(one: _Row, other: _Row, px_per_mm: float) -> bool:
    """Whether two rows are parallel, overlap along their way and lie apart across it."""
    if abs(float(one.way @ other.way)) < np.cos(np.radians(_PARALLEL_DEGREES)):
        return False
    along = [float((point - one.start) @ one.way) for point in (other.start, other.end)]
    overlap = min(one.length, max(along)) - max(0.0, min(along))
    normal = np.array([-one.way[1], one.way[0]])
    across = abs(float(((other.start + other.end) / 2 - (one.start + one.end) / 2) @ normal))
    near = 0.6 * px_per_mm < across < _MOST_APART_MM * px_per_mm
    return near and overlap > 0.45 * min(one.length, other.length)


def _area(rows: list[_Row], px_per_mm: float) -> shapely.Polygon | None:
    """Return the area that rows cover: out to their ends, closed over the gaps between them."""
    middles = np.array([(row.start + row.end) / 2 for row in rows])
    longest = max(rows, key=lambda row: row.length)
    normal = np.array([-longest.way[1], longest.way[0]])
    across = np.sort(middles @ normal)
    gaps = np.diff(across)
    gaps = gaps[gaps > 0.5 * px_per_mm]
    if not gaps.size:
        return None
    reach = float(np.clip(1.1 * np.percentile(gaps, 85), 1.0 * px_per_mm, _MOST_APART_MM * px_per_mm)) * 0.75
    strokes = shapely.MultiLineString([[row.start, row.end] for row in rows])
    closed = strokes.buffer(reach).buffer(-reach + 0.1 * px_per_mm)
    pieces = [piece for piece in shapely.get_parts(closed) if piece.geom_type == "Polygon" and not piece.is_empty]
    return shapely.Polygon(max(pieces, key=lambda piece: piece.area).exterior) if pieces else None


def _trails_inside(trails: list[Trail], area: shapely.Polygon, members: set[int], px_per_mm: float) -> set[int]:
    """Return the trails that belong to an area: its rows, and bits of ink that lie in it."""
    wide = area.buffer(1.0 * px_per_mm)
    shapely.prepare(wide)
    inside = set(members)
    for place, trail in enumerate(trails):
        if place not in inside and wide.contains_properly(shapely.LineString(trail.path)):
            inside.add(place)
    return inside
