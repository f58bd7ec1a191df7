"""One mark on a sheet with its truth: what it is, where it is, and the strokes that made it.

The truth of a place is what the hand meant. A dot or a cross is its middle; a tick is the middle of its ink. A
line, dashed or not, is the path of the pen; an arrow is its shaft. A ring is the area within the path of the pen
(the middle of the stroke), and so is a hatched area with an outline; a filled area reaches to the edge of its ink,
a hatched one without an outline to the ends of its hatches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from shapely import LineString, MultiLineString, Point, Polygon, affinity, unary_union
from shapely.geometry.base import BaseGeometry

from tests.benchmarks.kiosk.handwriting import Stamp
from tests.benchmarks.kiosk.pens import FELT_MM, PENCIL_MM, Ink
from tests.benchmarks.kiosk.strokes import Stroke, by_hand

KIND_OF = {
    "dot": "point", "cross": "point", "tick": "point",
    "line": "line", "dashed line": "line", "arrow": "line",
    "ring": "area", "filled area": "area", "hatched area": "area",
    "word": "writing", "scrawl": "writing",
    "leader": "leader",
}  # fmt: skip
SHARE_OF = {
    "dot": 5, "cross": 4, "tick": 3, "line": 4, "dashed line": 2, "arrow": 3, "ring": 5, "filled area": 3,
    "hatched area": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A mark, in millimetres on the paper."""

    shape: str
    ink: Ink
    geometry: BaseGeometry
    strokes: tuple[Stroke, ...] = ()
    stamp: Stamp | None = None
    number: int = 0
    text: str = ""
    linked_to: int | None = None
    allowed_mm: BaseGeometry = field(default_factory=Polygon)
    """What belongs to the mark besides its geometry: the barbs of an arrow."""

    @property
    def kind(self) -> str:
        return KIND_OF[self.shape]

    @property
    def inked(self) -> BaseGeometry:
        """The paper that its ink covers."""
        if self.stamp is not None:
            return self.stamp.hull
        return unary_union([stroke.footprint for stroke in self.strokes])

    @property
    def footprint(self) -> BaseGeometry:
        """The paper that it takes: an area's inside too."""
        return self.inked.union(self.geometry) if self.kind == "area" else self.inked

    @property
    def ink_mm(self) -> np.ndarray:
        """Points that its ink covers (n x 2, mm)."""
        if self.stamp is not None:
            points = self.stamp.ink_mm
            return points[:: max(1, len(points) // 2000)]
        return np.concatenate([stroke.points for stroke in self.strokes])

    def placed(self, shift: np.ndarray) -> Mark:
        return replace(
            self,
            geometry=affinity.translate(self.geometry, *shift),
            strokes=tuple(stroke.moved(shift) for stroke in self.strokes),
            stamp=self.stamp and self.stamp.moved(shift),
            allowed_mm=affinity.translate(self.allowed_mm, *shift),
        )


def pen_width(rng: np.random.Generator, ink: Ink, most_mm: float = FELT_MM[1]) -> float:
    low, high = FELT_MM if ink.felt else PENCIL_MM
    return float(rng.uniform(low, min(high, most_mm)))


def _dot(rng: np.random.Generator, ink: Ink) -> Mark:
    width = pen_width(rng, ink)
    radius = max(1.0, width / 2) * rng.uniform(0.9, 1.6) + (0 if ink.felt else 0.3)
    turns = np.linspace(0, 2 * np.pi * max(1.2, radius / (0.4 * width)), 30)
    spiral = np.stack([np.cos(turns), np.sin(turns)], 1) * np.linspace(0, max(0.05, radius - width / 2), 30)[:, None]
    stroke = Stroke(spiral + rng.normal(0, 0.06, spiral.shape), np.full(30, width))
    return Mark("dot", ink, stroke.line.buffer(width / 2).centroid, (stroke,))


def _cross(rng: np.random.Generator, ink: Ink) -> Mark:
    width, arm = pen_width(rng, ink, 2.6), rng.uniform(2.5, 5.0)
    strokes = []
    for angle in (rng.uniform(30, 60), rng.uniform(120, 150)):
        turn = np.deg2rad(angle)
        reach = np.array([np.cos(turn), np.sin(turn)]) * arm * rng.uniform(0.85, 1.15)
        strokes.append(by_hand(rng, np.array([-reach, reach]), width, waver_mm=0.2, felt=ink.felt))
    middle = strokes[0].line.intersection(strokes[1].line)
    return Mark("cross", ink, middle.centroid, tuple(strokes))


def _tick(rng: np.random.Generator, ink: Ink) -> Mark:
    width, size = pen_width(rng, ink, 2.4), rng.uniform(5, 8)
    path = np.array([[-0.42, -0.1], [0.0, 0.35], [0.65, -0.75]]) * size * rng.uniform(0.9, 1.1, (3, 1))
    stroke = by_hand(rng, path, width, waver_mm=0.2, felt=ink.felt)
    return Mark("tick", ink, stroke.footprint.centroid, (stroke,))


def _course(rng: np.random.Generator, length_mm: float, bend: float = 1.0) -> np.ndarray:
    """A way across the map of about `length_mm`: straight legs and bends."""
    legs = max(2, round(length_mm / rng.uniform(14, 35)))
    heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.45 * bend, legs))
    corners = np.concatenate(
        [[[0, 0]], np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1) * length_mm / legs, axis=0)]
    )
    for _ in range(2):  # Chaikin's corner cutting keeps the ends.
        cut = np.stack([0.75 * corners[:-1] + 0.25 * corners[1:], 0.25 * corners[:-1] + 0.75 * corners[1:]], 1)
        corners = np.concatenate([corners[:1], cut.reshape(-1, 2), corners[-1:]])
    return corners


def _line(rng: np.random.Generator, ink: Ink, spread: float = 1.0) -> Mark:
    stroke = by_hand(rng, _course(rng, rng.uniform(25, 120) * spread), pen_width(rng, ink), felt=ink.felt)
    return Mark("line", ink, stroke.line, (stroke,))


def _dashed(rng: np.random.Generator, ink: Ink, spread: float = 1.0) -> Mark:
    width = pen_width(rng, ink, 2.5)
    whole = by_hand(rng, _course(rng, rng.uniform(50, 120) * spread, 0.6), width, felt=False)
    dash, gap = rng.uniform(4.5, 8), width + rng.uniform(1.5, 3.0)
    strokes, at = [], 0.0
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(whole.points, axis=0).T))])
    while at + 2 < along[-1]:
        long = dash * rng.uniform(0.8, 1.2)
        inside = (along >= at) & (along <= at + long)
        if inside.sum() > 1:
            strokes.append(Stroke(whole.points[inside], whole.widths_mm[inside], whole.pressure))
        at += long + gap * rng.uniform(0.85, 1.15)
    path = LineString(np.concatenate([stroke.points for stroke in strokes]))
    return Mark("dashed line", ink, path, tuple(strokes))


def _arrow(rng: np.random.Generator, ink: Ink, spread: float = 1.0) -> Mark:
    width = pen_width(rng, ink, 2.6)
    shaft = by_hand(rng, _course(rng, rng.uniform(28, 80) * spread, 0.4), width, felt=ink.felt)
    tip, before = shaft.points[-1], shaft.points[max(-9, -len(shaft.points))]
    back = (before - tip) / np.hypot(*(before - tip))
    barbs = []
    for angle in np.deg2rad([rng.uniform(25, 42), -rng.uniform(25, 42)]):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        end = tip + turn @ back * rng.uniform(4.5, 7.5)
        barbs.append(by_hand(rng, np.array([tip, end]), width, waver_mm=0.15, felt=ink.felt))
    allowed = MultiLineString([barb.line for barb in barbs])
    return Mark("arrow", ink, shaft.line, (shaft, *barbs), allowed_mm=allowed.buffer(width))


def _outline(rng: np.random.Generator, radius_mm: float) -> np.ndarray:
    """A closed shape (n x 2, mm): a blob, or the rounded block that houses make."""
    turns = np.linspace(0, 2 * np.pi, max(40, int(radius_mm * 6)), endpoint=False)
    if rng.random() < 0.35:
        power = rng.uniform(2.5, 5)
        away = (np.abs(np.cos(turns)) ** power + np.abs(np.sin(turns)) ** power) ** (-1 / power)
    else:
        away = 1 + sum(rng.normal(0, 0.16 / order) * np.cos(order * turns + rng.uniform(0, 6)) for order in range(1, 5))
    points = np.stack([np.cos(turns), np.sin(turns)], 1) * (radius_mm * np.clip(away, 0.4, 2))[:, None]
    points *= [1.0, rng.uniform(0.45, 1.0)]
    turn = rng.uniform(0, np.pi)
    return points @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])


def _closed(rng: np.random.Generator, outline: np.ndarray, width_mm: float, ink: Ink) -> Stroke:
    """Go round: the end overshoots the start, or stops up to 2 mm before it."""
    first = int(rng.integers(len(outline)))
    around = np.roll(outline, -first, axis=0)
    length = np.hypot(*np.diff(np.vstack([around, around[:1]]), axis=0).T).sum()
    points = max(3, round(rng.uniform(1, 6) / length * len(outline)))
    closed = np.vstack([around, around[:1], around[1:points]])
    if rng.random() < 0.35:
        closed = np.vstack([around, around[:1]])
        step = length / len(outline)
        closed = closed[: len(closed) - int((width_mm + rng.uniform(0, 2)) / step)]
    else:
        closed[-points:] += np.linspace(0, 1, points)[:, None] * rng.normal(0, 0.7, 2)
    return by_hand(rng, closed, width_mm, waver_mm=0.5, felt=ink.felt)


def _within(stroke: Stroke) -> Polygon:
    """The area within a pen's closed path, an overshoot left out."""
    shape = Polygon(stroke.points).buffer(0)
    parts = list(shape.geoms) if hasattr(shape, "geoms") else [shape]
    return Polygon(max(parts, key=lambda part: part.area).exterior)


def _ring(rng: np.random.Generator, ink: Ink, spread: float = 1.0) -> Mark:
    outline = _outline(rng, rng.uniform(6, 28) * spread)
    stroke = _closed(rng, outline, pen_width(rng, ink), ink)
    return Mark("ring", ink, _within(stroke), (stroke,))


def _hatches(rng: np.random.Generator, area: Polygon, gap_mm: float, width_mm: float, ink: Ink) -> list[Stroke]:
    """Parallel strokes across `area`, which may turn at its edge without lifting the pen."""
    angle = float(rng.uniform(0, 180))
    middle = area.centroid
    level = affinity.rotate(area, -angle, origin=middle)
    left, top, right, bottom = level.bounds
    rows = []
    at = top + gap_mm * 0.5
    while at < bottom:
        cut = level.intersection(LineString([(left - 1, at), (right + 1, at)]))
        for part in getattr(cut, "geoms", [cut]):
            rows += [np.array(part.coords)] if part.length > 0.8 else []
        at += gap_mm * rng.uniform(0.9, 1.1)
    return [
        by_hand(
            rng,
            np.array(affinity.rotate(LineString(row[:: rng.choice([1, -1])]), angle, origin=middle).coords),
            width_mm,
            waver_mm=min(0.3, gap_mm * 0.12),
            felt=ink.felt,
        )
        for row in rows
    ]


def _filled(rng: np.random.Generator, ink: Ink, spread: float = 1.0) -> Mark:
    area = Polygon(_outline(rng, rng.uniform(5, 18) * spread)).buffer(0)
    width = pen_width(rng, ink) if not ink.felt else float(rng.uniform(2.0, FELT_MM[1]))
    strokes = _hatches(rng, area, width * rng.uniform(0.6, 0.88), width, ink)
    if rng.random() < 0.6:
        edge = np.array(area.exterior.coords)
        strokes.insert(0, by_hand(rng, edge, width, waver_mm=0.3, felt=ink.felt))
    inked = unary_union([stroke.footprint for stroke in strokes]).buffer(width * 0.3).buffer(-width * 0.3)
    biggest = max(getattr(inked, "geoms", [inked]), key=lambda part: part.area)
    return Mark("filled area", ink, Polygon(biggest.exterior), tuple(strokes))


def _hatched(rng: np.random.Generator, ink: Ink, spread: float = 1.0) -> Mark:
    width = pen_width(rng, ink, 2.2)
    outline = _outline(rng, rng.uniform(9, 24) * spread)
    gap = width + rng.uniform(1.4, 3.2)
    if rng.random() < 0.6:
        edge = _closed(rng, outline, width, ink)
        area = _within(edge)
        return Mark("hatched area", ink, area, (edge, *_hatches(rng, area, gap, width, ink)))
    area = Polygon(outline).buffer(0)
    strokes = _hatches(rng, area, gap, width, ink)
    ends = unary_union([stroke.line for stroke in strokes]).buffer(gap * 0.75).buffer(-gap * 0.75 + 0.05)
    biggest = max(getattr(ends, "geoms", [ends]), key=lambda part: part.area)
    return Mark("hatched area", ink, Polygon(biggest.exterior), tuple(strokes))


DRAW: dict[str, Callable[..., Mark]] = {
    "dot": _dot,
    "cross": _cross,
    "tick": _tick,
    "line": _line,
    "dashed line": _dashed,
    "arrow": _arrow,
    "ring": _ring,
    "filled area": _filled,
    "hatched area": _hatched,
}


def mark(rng: np.random.Generator, shape: str, ink: Ink, spread: float) -> Mark:
    """Draw a mark of a shape about the origin; `spread` makes lines and areas larger on larger paper."""
    drawn = DRAW[shape](rng, ink, spread) if KIND_OF[shape] != "point" else DRAW[shape](rng, ink)
    if isinstance(drawn.geometry, Point) and drawn.geometry.is_empty:
        return mark(rng, shape, ink, spread)
    return drawn
