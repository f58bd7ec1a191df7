"""What strokes and blots of one pen make: the shapes that people draw on maps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from assetmap.kiosk.strokes.arrows import arrow_heads
from assetmap.kiosk.strokes.enclosing import enclosed_areas
from assetmap.kiosk.strokes.filling import filled_areas
from assetmap.kiosk.strokes.hatching import hatched_areas, rows_across
from assetmap.kiosk.strokes.parts import Part, Piece
from assetmap.kiosk.strokes.points import cross_of, tick_of
from assetmap.kiosk.strokes.rings import ring_of
from assetmap.kiosk.strokes.trails import Trail, chain_dashes, join_hidden, strokes_of

__all__ = ["KIND_OF_SHAPE", "Shape", "lines_and_points", "recognise_areas"]

Mask = NDArray[Any]

KIND_OF_SHAPE = {
    "dot": "point",
    "cross": "point",
    "tick": "point",
    "line": "line",
    "dashed line": "line",
    "arrow": "line",
    "ring": "area",
    "filled": "area",
    "hatched": "area",
    "writing": "writing",
}
"""The kind of mark that each shape is."""

_LEAST_RING_MM2 = 20.0
_LEAST_LINE_MM = 6.0
_HATCHED_SHARE = 0.15
_LONGEST_ARM_MM = 12.0


@dataclass(frozen=True)
class Shape:
    """A shape.

    Parameters
    ----------
    word
        A key of `KIND_OF_SHAPE`.
    geometry
        In pixels of the grid: a Point, a LineString or MultiLineString, or a Polygon.
    parts
        Numbers of the parts that make it.
    sureness
        0 to 1: how clearly it is this shape and no other.
    """

    word: str
    geometry: BaseGeometry
    parts: tuple[int, ...]
    sureness: float


def recognise_areas(
    parts: list[Part], pieces: list[Piece], hidden: Mask, *, px_per_mm: float
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
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    filled, parts = filled_areas(parts, px_per_mm=px_per_mm)
    shapes = [Shape("filled", area, numbers, 0.9) for area, numbers in filled]
    shapes += [Shape("dot", part.blot.centroid, (part.number,), 0.9) for part in parts if part.blot is not None]
    singles = [trail for trail in strokes_of(parts) if trail.parts[0] not in _in_company(parts)]
    dashed, _ = chain_dashes(singles, px_per_mm=px_per_mm)
    shapes += [Shape("dashed line", _line(chain, px_per_mm), chain.parts, 0.9) for chain in dashed]
    chained = {number for chain in dashed for number in chain.parts}
    parts = [part for part in parts if part.number not in chained]
    trails = join_hidden(parts, hidden, px_per_mm=px_per_mm)
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
    return _without_inner(shapes, px_per_mm), rest


def _without_inner(shapes: list[Shape], px_per_mm: float) -> list[Shape]:
    """Give hatched and filled areas the shapes of their own pen that lie in them: bits of the same hatching."""
    whole = [shape for shape in shapes if shape.word in ("hatched", "filled")]
    whole.sort(key=lambda shape: -shape.geometry.area)
    gone: set[int] = set()
    for outer in whole:
        if id(outer) in gone:
            continue
        reach = outer.geometry.buffer(1.0 * px_per_mm)
        inner = [shape for shape in shapes if shape is not outer and id(shape) not in gone]
        inner = [shape for shape in inner if reach.contains(shape.geometry)]
        gone.update(id(shape) for shape in inner)
        if inner:
            parts = outer.parts + tuple(number for shape in inner for number in shape.parts)
            shapes = [replace(shape, parts=parts) if shape is outer else shape for shape in shapes]
    return [shape for shape in shapes if id(shape) not in gone]


def _in_company(parts: list[Part]) -> set[int]:
    """Return the numbers of parts in whose piece there are others."""
    count: dict[int, int] = {}
    for part in parts:
        count[part.piece] = count.get(part.piece, 0) + 1
    return {part.number for part in parts if count[part.piece] > 1}


def lines_and_points(trails: list[Trail], *, px_per_mm: float) -> list[Shape]:
    """Return arrows, crosses, ticks and lines; what is too short for any of them is left out.

    Parameters
    ----------
    trails
        Trails of one pen that are in no other shape.
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
    for group in groups.values():
        shapes += _of_piece(group, px_per_mm)
    return shapes


def _of_piece(group: list[Trail], px_per_mm: float) -> list[Shape]:
    """Return what the strokes of one piece make."""
    numbers = tuple(number for trail in group for number in trail.parts)
    middle = cross_of(group, px_per_mm=px_per_mm)
    if middle is not None:
        return [Shape("cross", middle, numbers, 0.9)]
    middle = tick_of(group, px_per_mm=px_per_mm)
    if middle is not None:
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
