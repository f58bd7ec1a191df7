"""Shapes made into numbered marks: scraps given to their strokes, words tied to marks, the rest rejected with why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from assetmap.kiosk.evidence import likelihood, measure_shapes
from assetmap.kiosk.ink.pens import PenMap
from assetmap.kiosk.marks import Mark, Reject, SheetMarks
from assetmap.kiosk.strokes.parts import Part, Piece
from assetmap.kiosk.strokes.shape import Shape
from assetmap.kiosk.tying import leader_target, nearest_mark

__all__ = ["assemble"]

_CROP_MARGIN_MM = 2.0
_SCRAP_MM = 1.2
_DOUBTED = "more likely a bit of something else than a mark"
_LEAST_LINE_MM = 9.0  # shorter strokes that lead nowhere are too little to say that somebody meant a line


def assemble(
    shapes: list[tuple[int, Shape]],
    parts: list[Part],
    pieces: list[Piece],
    astray: dict[int, str],
    numbers: NDArray[np.int32],
    pens: PenMap,
    px_per_mm: float,
    least: float | None = None,
) -> SheetMarks:
    """Return marks and rejects with their numbers, writing tied to marks; what is less likely than `least` is none."""
    shapes = sorted(shapes, key=lambda item: (item[1].word == "writing", _top_left(item[1].geometry)))
    by_number = {part.number: part for part in parts}
    model = likelihood()
    evidence = measure_shapes(shapes, parts, pieces, pens, px_per_mm=px_per_mm)
    sure = model.of(evidence)
    least = model.least if least is None else least
    unlikely = {place for place, (_, shape) in enumerate(shapes) if shape.word != "writing" and sure[place] < least}
    doubted = {number for place in unlikely for number in shapes[place][1].parts}
    inks = [_inked(shape, by_number, pieces) for _, shape in shapes]
    shapes, kept, ties = _tie(shapes, inks, unlikely, px_per_mm)
    shapes = _with_scraps(shapes, parts, pieces, astray, px_per_mm)
    owner = np.zeros(len(parts) + 1, np.int32)
    for number, (_, shape) in enumerate(shapes, start=1):
        owner[list(shape.parts)] = number
    rejects: list[Reject] = []
    for part in parts:
        if owner[part.number] == 0:
            reason = astray.get(part.piece) or (_DOUBTED if part.number in doubted else _reason(part))
            rejects.append(Reject(len(rejects) + 1, reason, part.pixels, part.box))
            owner[part.number] = -len(rejects)
    labels = owner[numbers]
    marks = [
        _mark(number, pen, shape, [by_number[part] for part in shape.parts], pens, labels, px_per_mm)
        for number, (pen, shape) in enumerate(shapes, start=1)
    ]
    marks = [
        replace(mark, belongs_to=ties.get(mark.number))
        if mark.kind == "writing"
        else replace(mark, confidence=round(float(sure[place]), 3), evidence=tuple(evidence[place].tolist()))
        for mark, place in zip(marks, kept, strict=True)
    ]
    return SheetMarks(tuple(marks), tuple(rejects), labels, int((pens.index >= 0).sum()))


def _top_left(geometry: BaseGeometry) -> tuple[float, float]:
    left, top, _, _ = geometry.bounds
    return round(top, 3), round(left, 3)


def _reason(part: Part) -> str:
    if part.stroke is None and part.blot is None:
        return "a speck, too small for a mark"
    return "a short stroke that makes no shape"


def _inked(shape: Shape, parts: dict[int, Part], pieces: list[Piece]) -> BaseGeometry:
    """Return the paper that a shape takes: its pieces of ink, and an area's inside too."""
    inks = [pieces[piece - 1].outline for piece in sorted({parts[number].piece for number in shape.parts})]
    return shapely.union_all([*inks, shape.geometry] if shape.kind == "area" else inks)


def _with_scraps(
    shapes: list[tuple[int, Shape]],
    parts: list[Part],
    pieces: list[Piece],
    astray: dict[int, str],
    px_per_mm: float,
) -> list[tuple[int, Shape]]:
    """Give shapes the bits of their own pen's ink that hang on them or lie beside them."""
    owner = {number: place for place, (_, shape) in enumerate(shapes) for number in shape.parts}
    at_piece: dict[int, list[int]] = {}
    for part in parts:
        if part.number in owner:
            at_piece.setdefault(part.piece, []).append(owner[part.number])
    owned = {piece: max(set(places), key=places.count) for piece, places in at_piece.items()}
    numbers = list(owned)
    tree = shapely.STRtree([pieces[piece - 1].outline for piece in numbers])
    extra: dict[int, list[int]] = {}
    for part in parts:
        if part.number in owner or part.piece in astray:
            continue
        place = owned.get(part.piece)
        if place is None:
            outline = pieces[part.piece - 1].outline
            near = tree.query(outline, predicate="dwithin", distance=_SCRAP_MM * px_per_mm)
            beside = [owned[numbers[index]] for index in near if pieces[numbers[index] - 1].pen == part.pen]
            place = min(beside, default=None)
        if place is not None:
            extra.setdefault(place, []).append(part.number)
    return [
        (pen, replace(shape, parts=shape.parts + tuple(extra.get(place, ()))))
        for place, (pen, shape) in enumerate(shapes)
    ]


def _tie(
    shapes: list[tuple[int, Shape]], inks: list[BaseGeometry], unlikely: set[int], px_per_mm: float
) -> tuple[list[tuple[int, Shape]], list[int], dict[int, int]]:
    """Tie each word to the mark that a leader line leads to, or to the nearest; a leader line becomes its word's.

    Returns the shapes that are marks, their places among all, and words' numbers with those of their marks.
    """
    words = [place for place, (_, shape) in enumerate(shapes) if shape.word == "writing"]
    others = [place for place, (_, shape) in enumerate(shapes) if shape.word != "writing"]
    outlines = [inks[place] for place in words]
    led: dict[int, tuple[int, int]] = {}  # word: (leader line, mark)
    for place in others:
        if shapes[place][1].word != "line":
            continue
        rest = [other for other in others if other != place and other not in [line for line, _ in led.values()]]
        found = leader_target(shapes[place][1].geometry, outlines, [inks[other] for other in rest], px_per_mm=px_per_mm)
        if found is not None and words[found[0]] not in led:
            led[words[found[0]]] = (place, rest[found[1]])
    leaders = {line for line, _ in led.values()}
    doubtful = {place for place in others if place in unlikely or _is_bit(shapes[place][1], px_per_mm)} - leaders
    others = [place for place in others if place not in leaders | doubtful]
    ties: dict[int, int] = {}
    for place in words:
        same = np.array([shapes[other][0] == shapes[place][0] for other in others])
        nearest = nearest_mark(inks[place], [inks[other] for other in others], same_pen=same)
        target = led[place][1] if place in led else None if nearest is None else others[nearest]
        if target is not None and target not in leaders | doubtful:
            ties[place] = target
    kept = [place for place in range(len(shapes)) if place not in leaders | doubtful]
    number = {place: position for position, place in enumerate(kept, start=1)}
    merged = [
        (pen, replace(shape, parts=shape.parts + shapes[led[place][0]][1].parts)) if place in led else (pen, shape)
        for place, (pen, shape) in ((place, shapes[place]) for place in kept)
    ]
    return merged, kept, {number[place]: number[target] for place, target in ties.items()}


def _is_bit(shape: Shape, px_per_mm: float) -> bool:
    return shape.word == "line" and shape.geometry.length < _LEAST_LINE_MM * px_per_mm


def _mark(
    number: int, pen: int, shape: Shape, parts: list[Part], pens: PenMap, labels: NDArray[Any], px_per_mm: float
) -> Mark:
    boxes = np.array([part.box for part in parts])
    left, top = (int(value) for value in boxes[:, :2].min(axis=0))
    right, bottom = (int(value) for value in boxes[:, 2:].max(axis=0))
    window = np.s_[top:bottom, left:right]
    mine = labels[window] == number
    certain = float(np.median(pens.certainty[window][mine])) if mine.any() else 0.0
    if shape.word == "writing":
        margin = round(_CROP_MARGIN_MM * px_per_mm)
        left, top = max(0, left - margin), max(0, top - margin)
        bottom, right = min(labels.shape[0], bottom + margin), min(labels.shape[1], right + margin)
    confidence = round(shape.sureness * (0.6 + 0.4 * certain), 3)
    name = pens.names[pen]
    box = (left, top, right, bottom)
    return Mark(number, shape.kind, name, shape.geometry, shape.word, confidence, box, None, len(parts))
