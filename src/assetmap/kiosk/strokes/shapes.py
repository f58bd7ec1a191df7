"""What strokes and blots of one pen make: the shapes that people draw on maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from assetmap.kiosk.strokes.arrows import arrow_heads
from assetmap.kiosk.strokes.hatching import hatched_areas
from assetmap.kiosk.strokes.parts import Part
from assetmap.kiosk.strokes.points import cross_of, tick_of
from assetmap.kiosk.strokes.rings import ring_of
from assetmap.kiosk.strokes.trails import Trail, chain_dashes, join_hidden

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

_DOT_MM2 = 36.0
_LEAST_RING_MM2 = 22.0
_LEAST_LINE_MM = 6.0


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


def recognise_areas(parts: list[Part], hidden: Mask, *, px_per_mm: float) -> tuple[list[Shape], list[Trail]]:
    """Return the dots, areas and dashed lines of one pen, and the trails that are in none of them.

    Parameters
    ----------
    parts
        All parts of one pen.
    hidden
        (H, W) bool, where this pen couldn't be seen.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    shapes = [_blot(part.number, part.blot, px_per_mm) for part in parts if part.blot is not None]
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
        numbers = trail.parts + tuple(number for _, members in inside for number in members)
        shapes.append(Shape("hatched" if inside else "ring", ring, numbers, 0.95))
    shapes += [Shape("hatched", area, members, 0.85) for area, members in hatched]
    dashed, rest = chain_dashes(rest, px_per_mm=px_per_mm)
    shapes += [Shape("dashed line", _line(chain, px_per_mm), chain.parts, 0.9) for chain in dashed]
    return shapes, rest


def _blot(number: int, outline: shapely.Polygon, px_per_mm: float) -> Shape:
    if outline.area < _DOT_MM2 * px_per_mm**2:
        return Shape("dot", outline.centroid, (number,), 0.9)
    return Shape("filled", outline, (number,), 0.9)


def lines_and_points(trails: list[Trail], parts: dict[int, Part], *, px_per_mm: float) -> list[Shape]:
    """Return arrows, crosses, ticks and lines; what is too short for any of them is left out.

    Parameters
    ----------
    trails
        Trails of one pen that are in no other shape.
    parts
        The parts by number.
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
        middle = cross_of(group, px_per_mm=px_per_mm)
        if middle is not None:
            shapes.append(Shape("cross", middle, tuple(number for trail in group for number in trail.parts), 0.9))
            continue
        for trail in group:
            tick = tick_of(trail, px_per_mm=px_per_mm)
            if tick is not None:
                shapes.append(Shape("tick", tick, trail.parts, 0.85))
            elif trail.length > _LEAST_LINE_MM * px_per_mm:
                shapes.append(Shape("line", _line(trail, px_per_mm), trail.parts, 0.9))
    return shapes


def _line(trail: Trail, px_per_mm: float) -> shapely.LineString:
    return shapely.simplify(shapely.LineString(trail.path), 0.12 * px_per_mm)
