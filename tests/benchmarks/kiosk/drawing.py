"""A sheet full of marks: which, where, by which pens, and the words beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from shapely import Point, box
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from tests.benchmarks.kiosk import handwriting
from tests.benchmarks.kiosk.marks import SHARE_OF, Mark, mark, pen_width
from tests.benchmarks.kiosk.pens import Ink, MarkedPaper, real_pen
from tests.benchmarks.kiosk.sheets import Sheet
from tests.benchmarks.kiosk.strokes import by_hand

CLEAR_MM = 4.0
"""Marks of one pen keep this much apart, or nobody could say that they are two."""
EDGE_MM = 3.0
PER_DM2 = (0.9, 1.7)
"""Marks for a square decimetre of map on A3; larger sheets hold larger marks, see `drawing`."""
A3_MM2 = 420 * 297
MOST_WORDS = 0.55
NEARER = 0.6
"""A word lies nearer to its own mark than this share of its distance to any other."""
TRIES = 60


@dataclass(frozen=True)
class Drawing:
    """The marks on a sheet, in the order they were drawn, numbered by their place."""

    marks: tuple[Mark, ...]

    def draw(self, sheet: Sheet, printed: np.ndarray) -> MarkedPaper:
        paper = MarkedPaper(sheet, printed)
        for one in self.marks:
            for stroke in one.strokes:
                paper.draw(one.ink, stroke)
            if one.stamp is not None:
                _draw_stamp(paper, one)
        return paper


def _draw_stamp(paper: MarkedPaper, one: Mark) -> None:
    left, top = np.round(one.stamp.corner_mm * paper.px_per_mm).astype(int)
    tall, wide = one.stamp.covered.shape
    paper.stain(one.ink, one.stamp.covered, slice(top, top + tall), slice(left, left + wide))


def drawing(rng: np.random.Generator, sheet: Sheet) -> Drawing:
    """Fill a sheet with marks: a table of people with five pens and a pencil."""
    frame = box(*sheet.frame_mm).buffer(-EDGE_MM)
    larger = float(np.sqrt(sheet.paper_mm[0] * sheet.paper_mm[1] / A3_MM2))
    count = round(frame.area / 1e4 * rng.uniform(*PER_DM2) / larger**0.8)
    inks = [real_pen(rng, pen) for pen in sheet.pens]
    shapes, shares = list(SHARE_OF), np.array(list(SHARE_OF.values()), float)
    marks: list[Mark] = []
    for shape in rng.choice(shapes, count, p=shares / shares.sum()):
        drawn = mark(rng, str(shape), inks[rng.integers(len(inks))], float(rng.uniform(0.8, larger**0.7)))
        placed = _placed(rng, sheet, frame, drawn, marks)
        if placed is not None:
            marks.append(replace(placed, number=len(marks)))
    for owner in list(marks):
        if rng.random() < MOST_WORDS:
            marks.extend(_words(rng, sheet, frame, owner, marks, inks))
    return Drawing(tuple(marks))


def _fits(footprint: BaseGeometry, pen: Ink, marks: list[Mark], *, may_cross: bool) -> bool:
    """Whether a mark keeps clear of the others; one that may cross keeps clear of its own pen's and of small ones."""
    for other in marks:
        crossing = may_cross and other.ink.pen != pen.pen and other.kind in ("area", "line")
        if not crossing and footprint.distance(other.footprint) < CLEAR_MM:
            return False
    return True


def _placed(rng: np.random.Generator, sheet: Sheet, frame: BaseGeometry, drawn: Mark, marks: list[Mark]) -> Mark | None:
    may_cross = drawn.kind in ("area", "line") and rng.random() < 0.35
    wanted = 8 if rng.random() < 0.3 else 1
    footprint = drawn.footprint
    left, top, right, bottom = footprint.bounds
    free_left, free_top, free_right, free_bottom = frame.bounds
    if right - left > free_right - free_left or bottom - top > free_bottom - free_top:
        return None
    found: list[Mark] = []
    for _ in range(TRIES):
        shift = np.array(
            [rng.uniform(free_left - left, free_right - right), rng.uniform(free_top - top, free_bottom - bottom)]
        )
        placed = drawn.placed(shift)
        if _fits(placed.footprint, drawn.ink, marks, may_cross=may_cross):
            found.append(placed)
        if len(found) >= wanted:
            break
    return max(found, key=lambda one: _likeness(sheet, one), default=None)


def _likeness(sheet: Sheet, one: Mark) -> float:
    """How much of the print beneath a mark is printed, and like its pen: some marks seek it."""
    at = np.round(one.ink_mm * sheet.px_per_mm).astype(int)
    tall, wide = sheet.printed.shape
    under = sheet.raster[np.clip(at[:, 1], 0, tall - 1), np.clip(at[:, 0], 0, wide - 1)].astype(float)
    pen = np.array(one.ink.pen.rgb, float)
    tint, pen_tint = under - under.mean(axis=1, keepdims=True), pen - pen.mean()
    alike = tint @ pen_tint / (np.linalg.norm(pen_tint) + 30) / 30
    return float(np.mean((255 - under.min(axis=1)) / 255 + alike))


def _words(
    rng: np.random.Generator, sheet: Sheet, frame: BaseGeometry, owner: Mark, marks: list[Mark], inks: list[Ink]
) -> list[Mark]:
    """A word near its mark, in its pen or another; now and then further away with a line that leads to it."""
    ink = owner.ink if rng.random() < 0.5 else inks[rng.integers(len(inks))]
    written = _written(rng, sheet, ink)
    tree = STRtree([other.footprint for other in marks])
    leads = owner.kind != "line" and rng.random() < 0.1
    for _ in range(TRIES):
        placed = _beside(rng, written, owner, rng.uniform(9, 16) if leads else rng.uniform(1.8, 6))
        taken = placed.inked
        if not frame.contains(taken) or tree.query(taken.buffer(1.8), predicate="intersects").size:
            continue
        distance = taken.distance(owner.footprint)
        others = [taken.distance(other.footprint) for other in marks if other is not owner]
        if not leads and min(others, default=np.inf) * NEARER < distance:
            continue
        word = replace(placed, geometry=taken, number=len(marks), linked_to=owner.number)
        if not leads:
            return [word]
        leader = _leader(rng, word, owner)
        if not tree.query(leader.inked.buffer(1.5), predicate="intersects").size:
            return [word, replace(leader, number=len(marks) + 1)]
    return []


def _written(rng: np.random.Generator, sheet: Sheet, ink: Ink) -> Mark:
    width = min(pen_width(rng, ink), float(rng.uniform(0.8, 1.5)))
    letter = float(rng.uniform(4.0, 7.5)) * (1 + 0.25 * (width - 0.8))
    if rng.random() < 0.25:
        return Mark("scrawl", ink, Point(), handwriting.scrawl(rng, letter, width, felt=ink.felt))
    text = str(rng.choice(handwriting.WORDS))
    return Mark("word", ink, Point(), stamp=handwriting.word(rng, text, letter, width, sheet.px_per_mm), text=text)


def _beside(rng: np.random.Generator, written: Mark, owner: Mark, gap_mm: float) -> Mark:
    """Move a word to a random side of its mark, about `gap_mm` from it; at times inside a large ring."""
    own, word = owner.footprint.bounds, written.inked.bounds
    size = np.array([word[2] - word[0], word[3] - word[1]])
    middle = np.array([(word[0] + word[2]) / 2, (word[1] + word[3]) / 2])
    if owner.shape == "ring" and rng.random() < 0.3:
        goal = np.array(owner.geometry.representative_point().coords[0])
    else:
        at = owner.ink_mm[rng.integers(len(owner.ink_mm))] if owner.kind == "line" else None
        around = own if at is None else (*at, *at)
        side = rng.integers(4)
        goal = np.array([rng.uniform(around[0], around[2]), rng.uniform(around[1], around[3])])
        axis, sign = int(side % 2), 1 if side < 2 else -1
        edge = around[axis + 2] if sign > 0 else around[axis]
        goal[axis] = edge + sign * (gap_mm + size[axis] / 2)
    return written.placed(goal - middle)


def _leader(rng: np.random.Generator, word: Mark, owner: Mark) -> Mark:
    """A thin line from near a word to near its mark."""
    from shapely.ops import nearest_points

    start, end = (np.array(point.coords[0]) for point in nearest_points(word.inked, owner.footprint))
    gap = (end - start) / (np.hypot(*(end - start)) + 1e-9)
    stroke = by_hand(rng, np.array([start + gap * 2.6, end - gap * 2.6]), 0.9, waver_mm=0.15, felt=word.ink.felt)
    return Mark("leader", word.ink, stroke.line, (stroke,), linked_to=word.number)
