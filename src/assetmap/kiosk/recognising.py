"""From a straightened photograph and the clean sheet to marks: ink, pens, strokes, then what they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from assetmap.errors import InputError
from assetmap.kiosk.assembling import assemble
from assetmap.kiosk.ink.difference import find_ink
from assetmap.kiosk.ink.illumination import expected_photo
from assetmap.kiosk.ink.pens import tell_pens
from assetmap.kiosk.left_out import pieces_left_out
from assetmap.kiosk.letters import Letters, letters_of
from assetmap.kiosk.marks import SheetMarks
from assetmap.kiosk.spec import Pen
from assetmap.kiosk.strokes.parts import Part, Piece, part_ink
from assetmap.kiosk.strokes.shape import Shape
from assetmap.kiosk.strokes.shapes import lines_and_points, recognise_areas
from assetmap.kiosk.strokes.trails import Trail
from assetmap.kiosk.writing import find_words

__all__ = ["read_ink"]

Image = NDArray[Any]
Mask = NDArray[Any]

_DARK_PRINT = 60
_SPECK_MM2, _BESIDE_MM, _MUCH_MORE = 2.5, 1.3, 6.0
_LETTER_MM = 14.0
_WORD_MM = 16.0
_BULGE = 0.85
_LINE_MM, _LINE_TO_REACH, _LONG = 15.0, 1.3, 1.8
_FEW = 3


def read_ink(
    photo: Image,
    clean: Image,
    valid: Mask,
    *,
    px_per_mm: float,
    legend: Sequence[Pen],
    least: float | None = None,
) -> SheetMarks:
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
    least
        The least confidence of a mark, 0 to 1; by default as `assetmap.kiosk.evidence.likelihood` says.

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
    astray = pieces_left_out(parts, pieces, numbers, clean, valid, px_per_mm=px_per_mm)
    dark = ink.print_light < _DARK_PRINT
    specks = _specks_beside(parts, pieces, px_per_mm)
    shapes: list[tuple[int, Shape]] = []
    for pen in range(len(pens.names)):
        mine = [part for part in parts if part.pen == pen and part.piece not in astray]
        if mine:
            inked = pens.index == pen
            hidden = dark | (ink.mask & ~inked) | ~valid
            found = _shapes_of(mine, pieces, hidden, inked, px_per_mm)
            shapes += [(pen, shape) for shape in found if shape.word != "dot" or specks.isdisjoint(shape.parts)]
    return assemble(shapes, parts, pieces, astray, numbers, pens, px_per_mm, least)


def _specks_beside(parts: list[Part], pieces: list[Piece], px_per_mm: float) -> set[int]:
    """Return the parts that are specks beside much more ink: grains of a pencil, colour that a lens or JPEG spread."""
    outlines = [piece.outline for piece in pieces]
    small = [place for place, piece in enumerate(pieces) if piece.outline.area < _SPECK_MM2 * px_per_mm**2]
    tree = shapely.STRtree(outlines)
    found = set()
    for place in small:
        near = tree.query(outlines[place], predicate="dwithin", distance=_BESIDE_MM * px_per_mm)
        if any(outlines[other].area > _MUCH_MORE * outlines[place].area for other in near):
            found.add(pieces[place].number)
    return {part.number for part in parts if part.piece in found}


def _check(photo: Image, clean: Image, valid: Mask, px_per_mm: float) -> None:
    if photo.dtype != np.uint8 or clean.dtype != np.uint8 or photo.ndim != 3 or photo.shape[2] != 3:
        raise InputError("photograph and clean sheet must be (H, W, 3) uint8 pictures")
    if photo.shape != clean.shape or valid.shape != photo.shape[:2]:
        raise InputError(f"photograph {photo.shape}, clean sheet {clean.shape} and mask {valid.shape} differ in size")
    if not 0.5 < px_per_mm < 100:
        raise InputError(f"{px_per_mm:g} pixels in a millimetre can't be: give the scale of the grid.")


def _shapes_of(parts: list[Part], pieces: list[Piece], hidden: Mask, inked: Mask, px_per_mm: float) -> list[Shape]:
    """Return the shapes of one pen."""
    shapes, trails = recognise_areas(parts, pieces, hidden, inked, px_per_mm=px_per_mm)
    letters = _letters(parts, pieces, shapes, trails, px_per_mm)
    words = find_words(letters, px_per_mm=px_per_mm)
    lettered = {number for word in words for number in word.parts}
    shapes = [shape for shape in shapes if lettered.isdisjoint(shape.parts)]
    shapes += [Shape("writing", word.outline, word.parts, word.sureness) for word in words]
    rest = [trail for trail in trails if lettered.isdisjoint(trail.parts)]
    return shapes + lines_and_points(rest, pieces, px_per_mm=px_per_mm)


def _letters(
    parts: list[Part], pieces: list[Piece], shapes: list[Shape], trails: list[Trail], px_per_mm: float
) -> list[Letters]:
    """Return the pieces of one pen's ink that may be letters: in no shape, or in one that letters can look like."""
    signs = {number for shape in shapes if _may_be_letter(shape, px_per_mm) for number in shape.parts}
    piece_of = {part.number: pieces[part.piece - 1] for part in parts}
    ragged = {number for shape in shapes if _may_be_word(shape, piece_of, px_per_mm) for number in shape.parts}
    used = {number for shape in shapes for number in shape.parts} - signs - ragged
    onward = {piece for trail in trails if _leads_on(trail, pieces, px_per_mm) for piece in trail.pieces}
    by_piece: dict[int, list[Part]] = {}
    for part in parts:
        by_piece.setdefault(part.piece, []).append(part)
    letters = []
    for piece, members in by_piece.items():
        numbers = tuple(part.number for part in members)
        if piece not in onward and used.isdisjoint(numbers):
            strokes = tuple(trail for trail in trails if trail.pieces[0] == piece)
            sign = signs.issuperset(numbers) and ragged.isdisjoint(numbers)
            found = letters_of(pieces[piece - 1], numbers, strokes, is_dot_or_ring=sign, px_per_mm=px_per_mm)
            letters += [found] if found is not None else []
    return letters


def _leads_on(trail: Trail, pieces: list[Piece], px_per_mm: float) -> bool:
    """Whether a trail goes on behind other ink or print, far and straight: a line in several pieces, no letter.

    Letters that follow each other are no longer than they are high, and strokes of a joined-up word are a small part
    of it.
    """
    reach = float(np.hypot(*(trail.path[-1] - trail.path[0])))
    inks = [pieces[number - 1] for number in sorted(set(trail.pieces))]
    if len(inks) < 2 or reach < _LINE_MM * px_per_mm or trail.length > _LINE_TO_REACH * reach:
        return False
    long = sum(ink.outline.area for ink in inks if _is_long(ink.outline))
    return long > 0.5 * sum(ink.outline.area for ink in inks) and trail.length > 0.5 * sum(ink.drawn for ink in inks)


def _is_long(outline: shapely.Polygon) -> bool:
    corners = shapely.get_coordinates(outline.minimum_rotated_rectangle)
    sides = np.hypot(*np.diff(corners[:3], axis=0).T)
    return bool(sides.max() > _LONG * sides.min())


def _may_be_letter(shape: Shape, px_per_mm: float) -> bool:
    """Whether a shape is as small as a dot of an i, an x, an o or a filled e."""
    if shape.word in ("dot", "cross"):
        return True
    left, top, right, bottom = shape.geometry.bounds
    return shape.kind == "area" and max(right - left, bottom - top) < _LETTER_MM * px_per_mm


def _may_be_word(shape: Shape, piece_of: dict[int, Piece], px_per_mm: float) -> bool:
    """Whether an area is as low as a row of writing and has bays, as letters that run together have.

    Bars that lie side by side without touching are hatching.
    """
    inks = {piece.number: piece for piece in (piece_of[number] for number in shape.parts)}.values()
    apart = sum(ink.outline.area for ink in inks if _is_long(ink.outline)) > 0.5 * sum(ink.outline.area for ink in inks)
    if shape.word not in ("filled", "hatched") or (len(inks) > _FEW and apart):
        return False
    corners = shapely.get_coordinates(shape.geometry.minimum_rotated_rectangle)
    low = min(np.hypot(*np.diff(corners[:3], axis=0).T)) < _WORD_MM * px_per_mm
    return bool(low and shape.geometry.area < _BULGE * shape.geometry.convex_hull.area)
