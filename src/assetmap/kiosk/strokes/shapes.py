"""What strokes and blots of one pen make: the shapes that people draw on maps."""

from __future__ import annotations

from typing import Any

import shapely
from numpy.typing import NDArray

from assetmap.kiosk.strokes.arrows import arrow_heads
from assetmap.kiosk.strokes.dashes import with_short_dashes
from assetmap.kiosk.strokes.enclosing import enclosed_areas
from assetmap.kiosk.strokes.filling import filled_areas
from assetmap.kiosk.strokes.hatching import hatched_areas, rows_across
from assetmap.kiosk.strokes.parts import Part, Piece
from assetmap.kiosk.strokes.points import cross_of, has_one_bay, tick_of
from assetmap.kiosk.strokes.rings import ring_of
from assetmap.kiosk.strokes.shape import Shape
from assetmap.kiosk.strokes.trails import Trail, chain_dashes, join_hidden, strokes_of
from assetmap.kiosk.strokes.uniting import unite_areas, with_rims

__all__ = ["lines_and_points", "recognise_areas"]

Mask = NDArray[Any]

_LEAST_RING_MM2 = 20.0
_LEAST_LINE_MM = 6.0
_HATCHED_SHARE = 0.15
_LONGEST_ARM_MM = 12.0
_BITS = 0.4
_DOT_SHARE = 0.6
_LEAST_DOT_MM2 = 1.1  # the point of a fine pen, turned once


def recognise_areas(
    parts: list[Part], pieces: list[Piece], hidden: Mask, inked: Mask, *, px_per_mm: float
) -> tuple[list[Shape], list[Trail]]:
    """Return the dots, areas and dashed lines of one pen, and the trails that are in none of them.

    Parameters
    ----------
    parts
        All parts of one pen.
    pieces
        All pieces of ink, in the order of their numbers.
    hidden
        (H, W) bool, where this pen couldn't be seen.
    inked
        (H, W) bool, this pen's ink.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    piece_of = {part.number: part.piece for part in parts}
    shapes, parts = _thick_crosses(parts, pieces, px_per_mm)
    filled, parts = filled_areas(parts, px_per_mm=px_per_mm)
    shapes += [Shape("filled", area, numbers, 0.9) for area, numbers in filled]
    singles = _alone(strokes_of(parts))
    dashed, broken = chain_dashes(singles, px_per_mm=px_per_mm)
    dashed, dots = with_short_dashes(dashed, _dots(parts, px_per_mm), {part.number: part for part in parts})
    shapes += dots
    shapes += [Shape("dashed line", _line(chain, px_per_mm), chain.parts, 0.9) for chain in dashed]
    chained = {number for chain in [*dashed, *broken] for number in chain.parts}
    parts = [part for part in parts if part.number not in chained]
    trails = [*broken, *join_hidden(parts, hidden, inked, px_per_mm=px_per_mm)]
    rings: list[tuple[Trail, shapely.Polygon]] = []
    rest = []
    for trail in trails:
        ring = ring_of(trail.path, closed=trail.closed, width=trail.width, px_per_mm=px_per_mm)
        if ring is not None and ring.area > _LEAST_RING_MM2 * px_per_mm**2:
            rings.append((trail, ring))
        else:
            rest.append(trail)
    hatched, rest = hatched_areas(rest, px_per_mm=px_per_mm)
    for trail, ring in rings:
        inside = [area for area in hatched if area[0].intersection(ring).area > 0.5 * min(area[0].area, ring.area)]
        hatched = [area for area in hatched if area not in inside]
        rows = rows_across(rest, ring, least=1 if inside else 2, px_per_mm=px_per_mm)
        rest = [other for other in rest if other not in rows]
        numbers = trail.parts + tuple(number for _, members in inside for number in members)
        numbers += tuple(number for row in rows for number in row.parts)
        shapes.append(Shape("hatched" if inside or rows else "ring", ring, numbers, 0.95))
    shapes += [Shape("hatched", area, members, 0.85) for area, members in hatched]
    free = {number for trail in rest for number in trail.parts}
    left = [part for part in parts if part.number in free]
    for area, numbers, share in enclosed_areas(left, pieces, px_per_mm=px_per_mm):
        shapes.append(Shape("hatched" if share > _HATCHED_SHARE else "ring", area, numbers, 0.7))
        rest = [trail for trail in rest if not set(trail.parts) <= set(numbers)]
    return with_rims(unite_areas(shapes, piece_of, px_per_mm=px_per_mm), rest, px_per_mm=px_per_mm)


def _thick_crosses(parts: list[Part], pieces: list[Piece], px_per_mm: float) -> tuple[list[Shape], list[Part]]:
    """Return the crosses whose middle is so thick that it is a blot, and the parts of other pieces."""
    crosses = []
    for number in sorted({part.piece for part in parts if part.blot is not None}):
        piece = pieces[number - 1]
        middle = cross_of(piece.outline, piece.width, px_per_mm=px_per_mm)
        if middle is not None:
            mine = tuple(part.number for part in parts if part.piece == number)
            crosses.append(Shape("cross", middle, mine, 0.9))
    taken = {number for cross in crosses for number in cross.parts}
    return crosses, [part for part in parts if part.number not in taken]


def _dots(parts: list[Part], px_per_mm: float) -> list[Shape]:
    """Return the blots that are all there is of their piece: where strokes cross or turn, ink is as wide as a dot."""
    ink: dict[int, int] = {}
    for part in parts:
        ink[part.piece] = ink.get(part.piece, 0) + part.pixels
    return [
        Shape("dot", part.blot.centroid, (part.number,), 0.9)
        for part in parts
        if part.blot is not None and part.pixels > max(_DOT_SHARE * ink[part.piece], _LEAST_DOT_MM2 * px_per_mm**2)
    ]


def _alone(trails: list[Trail]) -> list[Trail]:
    """Return the longest trail of each piece in which the others are no more than bits of ink beside it."""
    by_piece: dict[int, list[Trail]] = {}
    for trail in trails:
        by_piece.setdefault(trail.pieces[0], []).append(trail)
    found = []
    for members in by_piece.values():
        longest = max(members, key=lambda trail: trail.length)
        if sum(trail.length for trail in members) < (1 + _BITS) * longest.length:
            found.append(longest)
    return found


def lines_and_points(trails: list[Trail], pieces: list[Piece], *, px_per_mm: float) -> list[Shape]:
    """Return arrows, crosses, ticks and lines; what is too short for any of them is left out.

    Parameters
    ----------
    trails
        Trails of one pen that are in no other shape.
    pieces
        All pieces of ink, in the order of their numbers.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    shapes = []
    heads, rest = arrow_heads(trails, px_per_mm=px_per_mm)
    for shaft, barbs in heads:
        numbers = shaft.parts + tuple(number for barb in barbs for number in barb.parts)
        shapes.append(Shape("arrow", _line(shaft, px_per_mm), numbers, 0.9))
    groups: dict[int, list[Trail]] = {}
    for trail in rest:
        groups.setdefault(trail.pieces[0], []).append(trail)
    for piece, group in groups.items():
        shapes += _of_piece(group, pieces[piece - 1], px_per_mm)
    return shapes


def _of_piece(group: list[Trail], piece: Piece, px_per_mm: float) -> list[Shape]:
    """Return what the strokes of one piece make."""
    numbers = tuple(number for trail in group for number in trail.parts)
    middle = cross_of(piece.outline, piece.width, px_per_mm=px_per_mm)
    if middle is not None:
        return [Shape("cross", middle, numbers, 0.9)]
    middle = tick_of(group, px_per_mm=px_per_mm)
    if middle is not None and has_one_bay(piece.outline):
        return [Shape("tick", middle, numbers, 0.85)]
    shapes: list[Shape] = []
    for trail in sorted(group, key=lambda trail: -trail.length):
        if shapes and trail.length < _LONGEST_ARM_MM * px_per_mm:
            continue  # a bit of the longer stroke's ink
        if trail.length > _LEAST_LINE_MM * px_per_mm:
            shapes.append(Shape("line", _line(trail, px_per_mm), trail.parts, 0.9))
    return shapes


def _line(trail: Trail, px_per_mm: float) -> shapely.LineString:
    return shapely.simplify(shapely.LineString(trail.path), 0.12 * px_per_mm)
