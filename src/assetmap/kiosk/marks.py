"""From a straightened photograph and the clean sheet to marks, with every pixel of ink accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from assetmap.errors import InputError
from assetmap.kiosk.ink.difference import find_ink
from assetmap.kiosk.ink.illumination import expected_photo
from assetmap.kiosk.ink.pens import PenMap, tell_pens
from assetmap.kiosk.spec import Pen
from assetmap.kiosk.strokes.parts import Part, Piece, part_ink
from assetmap.kiosk.strokes.shapes import KIND_OF_SHAPE, Shape, lines_and_points, recognise_areas
from assetmap.kiosk.writing import find_words, leader_target, letters_of, nearest_mark

__all__ = ["Mark", "Reject", "SheetMarks", "read_ink"]

Image = NDArray[Any]
Mask = NDArray[Any]
Box = tuple[int, int, int, int]

_CROP_MARGIN_MM = 2.0
_DARK_PRINT = 60
_EDGE_MM = 2.0
_EDGE_REASON = "runs along the edge of what the photograph shows"
_PRINT_MM = 0.6
_PRINTED = 120
_SLIVER_MM2 = 8.0
_PRINT_REASON = "print that came out darker, or a little beside its place"
_LETTER_MM = 11.0
_SCRAP_MM = 1.2


@dataclass(frozen=True)
class Mark:
    """A mark on a sheet.

    Parameters
    ----------
    number
        1, 2, …: what its pixels hold in `SheetMarks.labels`.
    kind
        One of `assetmap.schema.MARK_KINDS`.
    pen
        The pen's name in the legend; or a basic colour where there is none; or ``black``, ``pencil``, ``unknown``.
    geometry
        In pixels of the grid, x to the right, y down, whole numbers at the middle of pixels: a Point, a LineString
        or a Polygon. Writing is the rotated box around it.
    shape
        ``dot``, ``cross``, ``tick``, ``line``, ``dashed line``, ``arrow``, ``ring``, ``filled``, ``hatched`` or
        ``writing``.
    confidence
        0 to 1: the share of marks like this that are right, measured on photographs with known truth.
    box
        Left, top, right, bottom in pixels, the last two outside. For writing it is the crop, with a margin.
    belongs_to
        The number of the mark that writing is tied to; None for other kinds, or where there is none.
    parts
        How many strokes and blots it is made of.
    """

    number: int
    kind: str
    pen: str
    geometry: BaseGeometry
    shape: str
    confidence: float
    box: Box
    belongs_to: int | None
    parts: int


@dataclass(frozen=True)
class Reject:
    """Ink that is in no mark.

    Parameters
    ----------
    number
        1, 2, …: its pixels hold the negative of it in `SheetMarks.labels`.
    reason
        Why it is no mark.
    pixels
        How many pixels it has.
    box
        Left, top, right, bottom in pixels, the last two outside.
    """

    number: int
    reason: str
    pixels: int
    box: Box


@dataclass(frozen=True)
class SheetMarks:
    """All that was drawn on a sheet.

    Parameters
    ----------
    marks, rejects
        What was recognised and what wasn't.
    labels
        (H, W) int32: 0 without ink, the number of a mark, or the negative number of a reject.
    ink_pixels
        How many pixels hold ink.

    Raises
    ------
    InputError
        If marks and rejects don't add up to the ink.
    """

    marks: tuple[Mark, ...]
    rejects: tuple[Reject, ...]
    labels: NDArray[np.int32]
    ink_pixels: int

    def __post_init__(self) -> None:
        counts = np.bincount(self.labels[self.labels > 0], minlength=len(self.marks) + 1)
        rejected = np.bincount(-self.labels[self.labels < 0], minlength=len(self.rejects) + 1)
        in_order = [mark.number for mark in self.marks] == list(range(1, len(self.marks) + 1))
        known = len(counts) == len(self.marks) + 1 and len(rejected) == len(self.rejects) + 1
        listed = [int(rejected[reject.number]) for reject in self.rejects] if known else []
        if not (in_order and known and listed == [reject.pixels for reject in self.rejects]):
            raise InputError("the marks and rejects of a sheet don't fit its labels: read it again.")
        total = int(counts.sum() + rejected.sum())
        if total != self.ink_pixels:
            raise InputError(
                f"{total} pixels lie in marks and rejects, but {self.ink_pixels} hold ink: read the sheet again."
            )

    def mark_pixels(self) -> NDArray[np.int64]:
        """Return how many pixels of ink each mark has, in the order of `marks`."""
        return np.bincount(self.labels[self.labels > 0], minlength=len(self.marks) + 1)[1:].astype("int64")


def read_ink(photo: Image, clean: Image, valid: Mask, *, px_per_mm: float, legend: Sequence[Pen]) -> SheetMarks:
    """Read the marks on a sheet from its straightened photograph.

    Parameters
    ----------
    photo, clean
        (H, W, 3) uint8, RGB: the photograph and the clean sheet on one grid.
    valid
        (H, W) bool, where the photograph shows the sheet.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    legend
        The sheet's pens; empty for a map whose pens are not known.

    Raises
    ------
    InputError
        If the pictures don't fit each other.
    """
    _check(photo, clean, valid, px_per_mm)
    if not valid.any():
        return SheetMarks((), (), np.zeros(valid.shape, np.int32), 0)
    expected = expected_photo(photo, clean, valid, px_per_mm=px_per_mm)
    ink = find_ink(photo, expected, valid, px_per_mm=px_per_mm)
    pens = tell_pens(ink, legend, px_per_mm=px_per_mm)
    parts, pieces, numbers = part_ink(pens.index, pens.strength, px_per_mm=px_per_mm)
    astray = _at_edge(parts, numbers, valid, px_per_mm) | _out_of_place(parts, pieces, numbers, clean, px_per_mm)
    dark = ink.print_light < _DARK_PRINT
    shapes: list[tuple[int, Shape]] = []
    for pen in range(len(pens.names)):
        mine = [part for part in parts if part.pen == pen and part.piece not in astray]
        if mine:
            hidden = dark | (ink.mask & (pens.index != pen)) | ~valid
            shapes += [(pen, shape) for shape in _shapes_of(mine, pieces, hidden, px_per_mm)]
    return _assemble(shapes, parts, pieces, astray, numbers, pens, px_per_mm)


def _at_edge(parts: list[Part], numbers: NDArray[np.int32], valid: Mask, px_per_mm: float) -> dict[int, str]:
    """Return the pieces of ink that run along the edge of what is in sight, with the reason to leave them out."""
    import cv2

    reach = max(1, round(_EDGE_MM * px_per_mm))
    side = 2 * reach + 1
    inner = cv2.erode(np.pad(valid, 1).astype(np.uint8), np.ones((side, side), np.uint8))[1:-1, 1:-1] > 0
    return {piece: _EDGE_REASON for piece, share in _shares(parts, numbers, ~inner).items() if share > 0.6}


def _out_of_place(
    parts: list[Part], pieces: list[Piece], numbers: NDArray[np.int32], clean: Image, px_per_mm: float
) -> dict[int, str]:
    """Return the pieces of ink that are print: all of it on dark print, or thin and small and along it."""
    import cv2

    side = 2 * max(1, round(_PRINT_MM * px_per_mm)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    dark = cv2.dilate((clean.min(axis=2) < _PRINTED).astype(np.uint8), kernel) > 0
    near, on = _shares(parts, numbers, dark), _shares(parts, numbers, clean.min(axis=2) < _PRINTED)
    thin, small = 0.9 * px_per_mm, _SLIVER_MM2 * px_per_mm**2
    return {
        piece.number: _PRINT_REASON
        for piece in pieces
        if on[piece.number] > 0.8
        or (near[piece.number] > 0.6 and piece.width < thin and piece.drawn * piece.width < small)
    }


def _shares(parts: list[Part], numbers: NDArray[np.int32], where: Mask) -> dict[int, float]:
    """Return how much of each piece lies where a mask is true."""
    there = np.bincount(numbers[where], minlength=len(parts) + 1)
    total: dict[int, int] = {}
    inside: dict[int, int] = {}
    for part in parts:
        total[part.piece] = total.get(part.piece, 0) + part.pixels
        inside[part.piece] = inside.get(part.piece, 0) + int(there[part.number])
    return {piece: inside[piece] / count for piece, count in total.items()}


def _check(photo: Image, clean: Image, valid: Mask, px_per_mm: float) -> None:
    if photo.dtype != np.uint8 or clean.dtype != np.uint8 or photo.ndim != 3 or photo.shape[2] != 3:
        raise InputError("photograph and clean sheet must be (H, W, 3) uint8 pictures")
    if photo.shape != clean.shape or valid.shape != photo.shape[:2]:
        raise InputError(f"photograph {photo.shape}, clean sheet {clean.shape} and mask {valid.shape} differ in size")
    if not 0.5 < px_per_mm < 100:
        raise InputError(f"{px_per_mm:g} pixels in a millimetre can't be: give the scale of the grid.")


def _shapes_of(parts: list[Part], pieces: list[Piece], hidden: Mask, px_per_mm: float) -> list[Shape]:
    """Return the shapes of one pen."""
    shapes, trails = recognise_areas(parts, pieces, hidden, px_per_mm=px_per_mm)
    small = [shape for shape in shapes if _may_be_letter(shape, px_per_mm)]
    signs = {number for shape in small for number in shape.parts}
    used = {number for shape in shapes for number in shape.parts} - signs
    by_piece: dict[int, list[Part]] = {}
    for part in parts:
        by_piece.setdefault(part.piece, []).append(part)
    letters = []
    for piece, members in by_piece.items():
        numbers = tuple(part.number for part in members)
        if used.isdisjoint(numbers):
            strokes = tuple(trail for trail in trails if trail.pieces[0] == piece)
            sign = signs.issuperset(numbers)
            found = letters_of(pieces[piece - 1], numbers, strokes, is_dot_or_ring=sign, px_per_mm=px_per_mm)
            letters += [found] if found is not None else []
    words = find_words(letters, px_per_mm=px_per_mm)
    lettered = {number for word in words for number in word.parts}
    shapes = [shape for shape in shapes if lettered.isdisjoint(shape.parts)]
    shapes += [Shape("writing", word.outline, word.parts, word.sureness) for word in words]
    rest = [trail for trail in trails if lettered.isdisjoint(trail.parts)]
    return shapes + lines_and_points(rest, px_per_mm=px_per_mm)


def _may_be_letter(shape: Shape, px_per_mm: float) -> bool:
    if shape.word == "dot":
        return True
    left, top, right, bottom = shape.geometry.bounds
    return KIND_OF_SHAPE[shape.word] == "area" and max(right - left, bottom - top) < _LETTER_MM * px_per_mm


def _assemble(
    shapes: list[tuple[int, Shape]],
    parts: list[Part],
    pieces: list[Piece],
    astray: dict[int, str],
    numbers: NDArray[np.int32],
    pens: PenMap,
    px_per_mm: float,
) -> SheetMarks:
    """Return marks and rejects with their numbers, writing tied to marks."""
    shapes = sorted(shapes, key=lambda item: (item[1].word == "writing", _top_left(item[1].geometry)))
    by_number = {part.number: part for part in parts}
    shapes, ties = _tie(shapes, [_inked(shape, by_number, pieces) for _, shape in shapes], px_per_mm)
    shapes = _with_scraps(shapes, parts, pieces, astray, px_per_mm)
    owner = np.zeros(len(parts) + 1, np.int32)
    for number, (_, shape) in enumerate(shapes, start=1):
        owner[list(shape.parts)] = number
    rejects: list[Reject] = []
    for part in parts:
        if owner[part.number] == 0:
            rejects.append(Reject(len(rejects) + 1, astray.get(part.piece) or _reason(part), part.pixels, part.box))
            owner[part.number] = -len(rejects)
    labels = owner[numbers]
    marks = [
        _mark(number, pen, shape, [by_number[part] for part in shape.parts], pens, labels, px_per_mm)
        for number, (pen, shape) in enumerate(shapes, start=1)
    ]
    marks = [replace(mark, belongs_to=ties.get(mark.number)) for mark in marks]
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
    return shapely.union_all([*inks, shape.geometry] if KIND_OF_SHAPE[shape.word] == "area" else inks)


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
    shapes: list[tuple[int, Shape]], inks: list[BaseGeometry], px_per_mm: float
) -> tuple[list[tuple[int, Shape]], dict[int, int]]:
    """Tie each word to the mark that a leader line leads to, or to the nearest; a leader line becomes its word's."""
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
    others = [place for place in others if place not in leaders]
    ties: dict[int, int] = {}
    for place in words:
        same = np.array([shapes[other][0] == shapes[place][0] for other in others])
        nearest = nearest_mark(inks[place], [inks[other] for other in others], same_pen=same)
        target = led[place][1] if place in led else None if nearest is None else others[nearest]
        if target is not None and target not in leaders:
            ties[place] = target
    kept = [place for place in range(len(shapes)) if place not in leaders]
    number = {place: position for position, place in enumerate(kept, start=1)}
    merged = [
        (pen, replace(shape, parts=shape.parts + shapes[led[place][0]][1].parts)) if place in led else (pen, shape)
        for place, (pen, shape) in ((place, shapes[place]) for place in kept)
    ]
    return merged, {number[place]: number[target] for place, target in ties.items()}


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
    return Mark(number, KIND_OF_SHAPE[shape.word], name, shape.geometry, shape.word, confidence, box, None, len(parts))
