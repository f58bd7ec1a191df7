"""Letters: pieces of ink that may be some, and which of them stand as close together as one word's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from assetmap.kiosk.strokes.arrows import arrow_heads
from assetmap.kiosk.strokes.parts import Piece
from assetmap.kiosk.strokes.points import cross_of, has_one_bay, tick_of
from assetmap.kiosk.strokes.trails import Trail

__all__ = ["ALL", "LETTER_GAP", "SIGN_MM", "TALLEST_MM", "Letters", "groups_of", "is_tick", "letters_of", "sides_of"]

LETTER_GAP = 0.35
"""Between letters, as a share of their height."""
ALL = 0.7
"""Strokes that are this much of what was drawn say what all of it is."""
TALLEST_MM = 20.0
"""No writing is higher."""
SIGN_MM = 10.0
"""Most signs are no larger."""
_LETTER_GAP_MM = 1.4
_WIDEST_GAP_MM = 2.6
_BITS = 0.15
_STRAIGHT = 4.0  # so many times as long as wide
_PLAIN_MM = 18.0
_PLAIN = 1.35  # of its length: a line is drawn once along it, letters go up and down
_LONGEST_MM = 130.0


@dataclass(frozen=True)
class Letters:
    """A connected piece of ink that may be a letter, or several.

    Parameters
    ----------
    parts
        Numbers of its parts.
    trails
        Its strokes.
    outline
        Its outer edge in pixels of the grid.
    drawn
        How far the pen went, in pixels.
    width
        Width of its strokes in pixels.
    is_sign
        Whether alone it would be a dot, a cross, a tick, an arrow or a ring.
    """

    parts: tuple[int, ...]
    trails: tuple[Trail, ...]
    outline: shapely.Polygon
    drawn: float
    width: float
    is_sign: bool


def letters_of(
    piece: Piece, parts: tuple[int, ...], trails: tuple[Trail, ...], *, is_dot_or_ring: bool, px_per_mm: float
) -> Letters | None:
    """Return a piece of ink as letters, or None if it is too large for any, or long and plain like a line.

    Parameters
    ----------
    piece
        The piece.
    parts, trails
        Its parts and strokes.
    is_dot_or_ring
        Whether it has been taken for one.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    long, short = sides_of(piece.outline)
    if short > TALLEST_MM * px_per_mm or long > _LONGEST_MM * px_per_mm:
        return None
    if long > _PLAIN_MM * px_per_mm and max(piece.drawn, 0.5 * piece.outline.length) < _PLAIN * long:
        return None
    drawn = sum(trail.length for trail in trails)
    is_sign = is_dot_or_ring or cross_of(piece.outline, piece.width, px_per_mm=px_per_mm) is not None
    is_sign = is_sign or (drawn > ALL * piece.drawn and _is_sign(list(trails), piece.outline, px_per_mm))
    return Letters(parts, trails, piece.outline, piece.drawn, piece.width, is_sign)


def _is_sign(trails: list[Trail], outline: shapely.Polygon, px_per_mm: float) -> bool:
    if not trails:
        return False
    if is_tick(trails, outline, px_per_mm):
        return True
    heads, rest = arrow_heads(trails, px_per_mm=px_per_mm)
    bits = sum(trail.length for trail in rest)
    return len(heads) == 1 and bits < _BITS * sum(trail.length for trail in trails)


def is_tick(trails: list[Trail], ink: BaseGeometry, px_per_mm: float) -> bool:
    """Return whether strokes make a tick, and their ink leaves room between its arms alone."""
    return has_one_bay(ink) and tick_of(trails, px_per_mm=px_per_mm) is not None


def sides_of(shape: BaseGeometry) -> tuple[float, float]:
    """Return the long and the short side of the rotated box around a shape."""
    corners = shapely.get_coordinates(shape.minimum_rotated_rectangle)
    if len(corners) < 4:
        return shape.length, 0.0
    first, second = np.hypot(*np.diff(corners[:3], axis=0).T)
    return float(max(first, second)), float(min(first, second))


def groups_of(letters: list[Letters], px_per_mm: float) -> list[list[Letters]]:
    """Return the letters that stand as close to each other as one word's do.

    A bar, or a sign beside what is none, must stand closer; small signs in a row are letters.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if not letters:
        return []
    inks = [item.outline for item in letters]
    first, second = shapely.STRtree(inks).query(inks, predicate="dwithin", distance=_WIDEST_GAP_MM * px_per_mm)
    sign = np.array([item.is_sign for item in letters])
    tall = np.array([sides_of(item.outline)[0] for item in letters])
    alone = [
        _is_straight(item) or (item.is_sign and tall[place] > SIGN_MM * px_per_mm) for place, item in enumerate(letters)
    ]
    tall[alone] = np.nan
    gap = np.where(sign[first] == sign[second], LETTER_GAP * np.minimum(tall[first], tall[second]), np.nan)
    gap = np.fmax(gap, _LETTER_GAP_MM * px_per_mm)
    near = shapely.distance(np.array(inks)[first], np.array(inks)[second]) <= gap
    first, second = first[near], second[near]
    graph = coo_matrix((np.ones(len(first)), (first, second)), shape=(len(inks), len(inks)))
    count, group = connected_components(graph, directed=False)
    return [[letters[place] for place in np.flatnonzero(group == number)] for number in range(count)]


def _is_straight(item: Letters) -> bool:
    """Whether a piece is one straight stroke, which may be a leader line as well as an l."""
    long, short = sides_of(item.outline)
    return long > _STRAIGHT * short
