"""Areas that are one: found twice, found in two halves, or found with bits of their own hatching beside them."""

from __future__ import annotations

from dataclasses import replace

import shapely

from assetmap.kiosk.strokes.shape import Shape
from assetmap.kiosk.strokes.trails import Trail

__all__ = ["unite_areas", "with_rims"]

_SAME = 0.6  # intersection over union: one outline drawn twice over, or followed along both of its sides
_SHARED = 0.5  # of the smaller's ground, where both come from one piece of ink
_NEXT_MM = 2.5  # hatching goes on over a gap of this
_NEXT_SHARE = 0.2  # of the smaller's outline that lies along the other
_BITS_MM = 1.0
_RIM_MM, _RIM_SHARE = 1.5, 0.9  # how near to the area's edge its outline lies, over how much of its length


def unite_areas(shapes: list[Shape], piece_of: dict[int, int], *, px_per_mm: float) -> list[Shape]:
    """Return one pen's shapes with the areas that are one united.

    Parameters
    ----------
    shapes
        Shapes of one pen.
    piece_of
        The connected piece of ink that each part lies in.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    areas = [shape for shape in shapes if shape.kind == "area"]
    others = [shape for shape in shapes if shape.kind != "area"]
    areas.sort(key=lambda shape: -shape.geometry.area)
    while True:
        pair = _pair(areas, piece_of, px_per_mm)
        if pair is None:
            break
        large, small = pair
        united = _united(areas[large], areas[small], px_per_mm)
        areas = [united if place == large else area for place, area in enumerate(areas) if place != small]
    return _without_bits([*areas, *others], px_per_mm)


def _pair(areas: list[Shape], piece_of: dict[int, int], px_per_mm: float) -> tuple[int, int] | None:
    """Return two areas that are one, the larger first."""
    for large, one in enumerate(areas):
        for small in range(large + 1, len(areas)):
            other = areas[small]
            if one.geometry.distance(other.geometry) > _NEXT_MM * px_per_mm:
                continue
            shared = one.geometry.intersection(other.geometry).area
            same = shared > _SAME * (one.geometry.area + other.geometry.area - shared)
            linked = not {piece_of[part] for part in one.parts}.isdisjoint(piece_of[part] for part in other.parts)
            inside = linked and shared > _SHARED * other.geometry.area
            if same or inside or (_inked_within(one, other) and _side_by_side(one, other, px_per_mm)):
                return large, small
    return None


def _inked_within(one: Shape, other: Shape) -> bool:
    """Whether the ink of both runs through their inside, so that they may be two halves; rings stay apart."""
    return {one.word, other.word} <= {"hatched", "filled"} or "hatched" in (one.word, other.word)


def _side_by_side(one: Shape, other: Shape, px_per_mm: float) -> bool:
    rim = other.geometry.exterior
    return bool(rim.intersection(one.geometry.buffer(_NEXT_MM * px_per_mm)).length > _NEXT_SHARE * rim.length)


def _united(one: Shape, other: Shape, px_per_mm: float) -> Shape:
    """Return the larger of two areas with the parts of both, and with the other's ground where it adds any."""
    geometry = one.geometry
    outside = other.geometry.difference(geometry.buffer(0.5 * _NEXT_MM * px_per_mm)).area
    if outside > 0.1 * other.geometry.area:
        reach = 0.6 * _NEXT_MM * px_per_mm
        whole = shapely.union(one.geometry, other.geometry).buffer(reach).buffer(-reach)
        geometry = shapely.Polygon(max(shapely.get_parts(whole), key=lambda part: part.area).exterior)
    word = "hatched" if "hatched" in (one.word, other.word) else one.word
    parts = one.parts + tuple(part for part in other.parts if part not in one.parts)
    return replace(one, word=word, geometry=geometry, parts=parts)


def _without_bits(shapes: list[Shape], px_per_mm: float) -> list[Shape]:
    """Give hatched and filled areas the shapes of their own pen that lie in them: bits of the same hatching."""
    gone: set[int] = set()
    whole = [shape for shape in shapes if shape.word in ("hatched", "filled")]
    for outer in sorted(whole, key=lambda shape: -shape.geometry.area):
        if id(outer) in gone:
            continue
        reach = outer.geometry.buffer(_BITS_MM * px_per_mm)
        inner = [shape for shape in shapes if shape is not outer and id(shape) not in gone]
        inner = [shape for shape in inner if reach.contains(shape.geometry)]
        gone.update(id(shape) for shape in inner)
        if inner:
            parts = outer.parts + tuple(number for shape in inner for number in shape.parts)
            shapes = [replace(shape, parts=parts) if shape is outer else shape for shape in shapes]
    return [shape for shape in shapes if id(shape) not in gone]


def with_rims(shapes: list[Shape], trails: list[Trail], *, px_per_mm: float) -> tuple[list[Shape], list[Trail]]:
    """Give hatched and filled areas the strokes that run along their edge: pieces of the outline that hatches cut.

    Parameters
    ----------
    shapes
        One pen's shapes.
    trails
        Its trails that are in none.
    px_per_mm
        Pixels of the grid in a millimetre of paper.

    Returns
    -------
    (shapes, trails)
        The shapes, and the trails that are still in none.
    """
    whole = [place for place, shape in enumerate(shapes) if shape.word in ("hatched", "filled")]
    shapes, left = list(shapes), []
    for trail in trails:
        line = shapely.LineString(trail.path)
        reach = _RIM_MM * px_per_mm + trail.width
        owner = next((place for place in whole if _along_rim(line, shapes[place], reach)), None)
        if owner is None:
            left.append(trail)
        else:
            shapes[owner] = replace(shapes[owner], parts=shapes[owner].parts + trail.parts)
    return shapes, left


def _along_rim(line: shapely.LineString, shape: Shape, reach: float) -> bool:
    if line.distance(shape.geometry) > reach:
        return False
    near = line.intersection(shape.geometry.exterior.buffer(reach)).length
    inside = line.intersection(shape.geometry).length
    return bool(max(near, inside) > _RIM_SHARE * line.length)
