"""Areas that are filled in: blots too large for a dot, with the ragged strokes at their edges."""

from __future__ import annotations

import shapely

from assetmap.kiosk.strokes.parts import Part

__all__ = ["filled_areas"]

_LEAST_MM2 = 16.0
_RAGGED_MM = 2.5
_GAP_MM = 1.2
_ALONG = 0.8


def filled_areas(
    parts: list[Part], *, px_per_mm: float
) -> tuple[list[tuple[shapely.Polygon, tuple[int, ...]]], list[Part]]:
    """Return each filled area with the numbers of its parts, and the parts that are in none.

    Parameters
    ----------
    parts
        All parts of one pen.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    pieces: dict[int, list[Part]] = {}
    for part in parts:
        pieces.setdefault(part.piece, []).append(part)
    areas: list[tuple[shapely.Polygon, tuple[int, ...]]] = []
    rest: list[Part] = []
    for members in pieces.values():
        dot = len(members) == 1 and members[0].is_dot(px_per_mm)
        if dot or all(part.blot is None for part in members):
            rest += members
            continue
        found, left = _fill_piece(members, px_per_mm)
        areas += found
        rest += left
    return areas, rest


def _fill_piece(
    members: list[Part], px_per_mm: float
) -> tuple[list[tuple[shapely.Polygon, tuple[int, ...]]], list[Part]]:
    """Return the filled areas of one piece, and its parts that lead away from them."""
    gap = _GAP_MM * px_per_mm
    inked = {part.number: _inked(part) for part in members}
    blots = shapely.union_all([inked[part.number] for part in members if part.blot is not None])
    near = blots.buffer(_RAGGED_MM * px_per_mm)
    taken = [
        part
        for part in members
        if part.blot is not None
        or part.stroke is None
        or shapely.LineString(part.stroke.path).intersection(near).length > _ALONG * part.stroke.length
    ]
    whole = shapely.union_all([inked[part.number] for part in taken]).buffer(gap).buffer(-gap)
    areas = []
    used: set[int] = set()
    for polygon in shapely.get_parts(whole):
        if polygon.area <= _LEAST_MM2 * px_per_mm**2:
            continue
        numbers = tuple(part.number for part in taken if inked[part.number].intersects(polygon))
        areas.append((shapely.Polygon(polygon.exterior), tuple(number for number in numbers if number not in used)))
        used.update(numbers)
    return areas, [part for part in members if part.number not in used]


def _inked(part: Part) -> shapely.Geometry:
    if part.blot is not None:
        return part.blot
    if part.stroke is not None:
        return shapely.LineString(part.stroke.path).buffer(part.stroke.width / 2)
    left, top, right, bottom = part.box
    return shapely.box(left - 0.5, top - 0.5, right - 0.5, bottom - 0.5)
