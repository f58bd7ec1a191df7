"""Writing: small strokes close together in a row, gathered into words and tied to the marks they speak of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from assetmap.kiosk.strokes.points import cross_of, tick_of
from assetmap.kiosk.strokes.trails import Trail

__all__ = ["Word", "find_words", "leader_target", "nearest_mark"]

_LETTER_GAP_MM = 1.7
_TALLEST_MM = 16.0
_LONGEST_MM = 130.0
_LEAST_HEIGHT_MM = 1.4
_LEAST_COMPLEXITY = 2.0
_LEADER_MM = 45.0
_LEADER_REACH_MM = 4.5


@dataclass(frozen=True)
class Word:
    """A word or a few in a row.

    Parameters
    ----------
    parts
        Numbers of its parts.
    outline
        The rotated box around its ink, in pixels of the grid.
    sureness
        0 to 1: how clearly it is writing.
    """

    parts: tuple[int, ...]
    outline: shapely.Polygon
    sureness: float


@dataclass(frozen=True)
class _Piece:
    """A connected piece of ink that may be a letter or several."""

    trails: tuple[Trail, ...]
    parts: tuple[int, ...]
    ink: BaseGeometry


def find_words(
    trails: list[Trail], spots: list[tuple[int, BaseGeometry]], *, px_per_mm: float
) -> tuple[list[Word], list[Trail]]:
    """Return the words of one pen, and the trails that are in none.

    Parameters
    ----------
    trails
        Trails of one pen that are not in an area or a dashed line.
    spots
        Numbers and outlines of small blots, which may be the dots of letters.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    pieces = _pieces(trails, px_per_mm)
    marks = [_Piece((), (number,), outline) for number, outline in spots]
    groups = _groups([*pieces, *marks], _LETTER_GAP_MM * px_per_mm)
    words = [word for group in groups if (word := _word(group, px_per_mm)) is not None]
    words = _in_a_row(words, px_per_mm)
    words = _with_strays(words, [piece for group in groups for piece in group], px_per_mm)
    used = {number for word in words for number in word.parts}
    return words, [trail for trail in trails if used.isdisjoint(trail.parts)]


def _pieces(trails: list[Trail], px_per_mm: float) -> list[_Piece]:
    by_piece: dict[int, list[Trail]] = {}
    for trail in trails:
        by_piece.setdefault(trail.pieces[0], []).append(trail)
    found = []
    for group in by_piece.values():
        ink = shapely.union_all([shapely.LineString(trail.path).buffer(trail.width / 2) for trail in group])
        long, short = _sides(ink)
        if short < _TALLEST_MM * px_per_mm and long < _LONGEST_MM * px_per_mm:
            found.append(_Piece(tuple(group), tuple(n for trail in group for n in trail.parts), ink))
    return found


def _sides(shape: BaseGeometry) -> tuple[float, float]:
    """Return the long and the short side of the rotated box around a shape."""
    corners = shapely.get_coordinates(shape.minimum_rotated_rectangle)
    if len(corners) < 4:
        return shape.length, 0.0
    first, second = np.hypot(*np.diff(corners[:3], axis=0).T)
    return float(max(first, second)), float(min(first, second))


def _groups(pieces: list[_Piece], gap: float) -> list[list[_Piece]]:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if not pieces:
        return []
    inks = [piece.ink for piece in pieces]
    first, second = shapely.STRtree(inks).query(inks, predicate="dwithin", distance=gap)
    graph = coo_matrix((np.ones(len(first)), (first, second)), shape=(len(inks), len(inks)))
    count, group = connected_components(graph, directed=False)
    return [[pieces[place] for place in np.flatnonzero(group == number)] for number in range(count)]


def _turning(path: NDArray[np.float64], step: float) -> float:
    """Return how far a path turns in all, in whole turns."""
    line = shapely.LineString(path)
    count = max(3, int(line.length / step))
    points = shapely.get_coordinates(line.interpolate(np.linspace(0, line.length, count)))
    ways = np.diff(points, axis=0)
    angles = np.unwrap(np.arctan2(ways[:, 1], ways[:, 0]))
    return float(np.abs(np.diff(angles)).sum() / (2 * np.pi))


def _word(group: list[_Piece], px_per_mm: float) -> Word | None:
    """Return a group as a word, if it is as busy as writing is."""
    trails = [trail for piece in group for trail in piece.trails]
    if not trails or _is_sign(trails, px_per_mm):
        return None
    ink = shapely.union_all([piece.ink for piece in group])
    long, short = _sides(ink)
    drawn = sum(trail.length for trail in trails)
    complexity = drawn / max(long, 1.0)
    turns = sum(_turning(trail.path, 0.8 * px_per_mm) for trail in trails)
    tall_enough = _LEAST_HEIGHT_MM * px_per_mm < short < _TALLEST_MM * px_per_mm
    letters = sum(bool(piece.trails) for piece in group)
    busy = complexity + 0.5 * turns + 0.25 * (letters - 1)
    if not tall_enough or complexity < 1.25 or busy < _LEAST_COMPLEXITY + 0.6:
        return None
    return Word(
        tuple(number for piece in group for number in piece.parts),
        ink.minimum_rotated_rectangle,
        float(np.clip(0.5 + 0.12 * (busy - 2.5), 0.5, 0.98)),
    )


def _is_sign(trails: list[Trail], px_per_mm: float) -> bool:
    if cross_of(trails, px_per_mm=px_per_mm) is not None:
        return True
    return len(trails) == 1 and tick_of(trails[0], px_per_mm=px_per_mm) is not None


def _in_a_row(words: list[Word], px_per_mm: float) -> list[Word]:
    """Join words that follow each other in one line of writing."""
    words = list(words)
    while True:
        pair = _next_in_row(words, px_per_mm)
        if pair is None:
            return words
        one, other = pair
        first, second = words[one], words[other]
        outline = shapely.union(first.outline, second.outline).minimum_rotated_rectangle
        joined = Word(first.parts + second.parts, outline, max(first.sureness, second.sureness))
        words = [word for place, word in enumerate(words) if place not in pair] + [joined]


def _next_in_row(words: list[Word], px_per_mm: float) -> tuple[int, int] | None:
    for one in range(len(words)):
        for other in range(one + 1, len(words)):
            first, second = words[one].outline, words[other].outline
            height = min(_sides(first)[1], _sides(second)[1])
            if first.distance(second) > min(0.75 * height, 4.5 * px_per_mm):
                continue
            both = _sides(shapely.union(first, second))
            taller = max(_sides(first)[1], _sides(second)[1])
            if both[1] < 1.35 * taller:
                return one, other
    return None


def _with_strays(words: list[Word], pieces: list[_Piece], px_per_mm: float) -> list[Word]:
    """Give words the dots, bars and small letters that lie close by."""
    if not words:
        return words
    used = {number for word in words for number in word.parts}
    added: dict[int, list[_Piece]] = {}
    for piece in pieces:
        if not used.isdisjoint(piece.parts) or _sides(piece.ink)[0] > 8 * px_per_mm:
            continue
        if piece.trails and _is_sign(list(piece.trails), px_per_mm):
            continue
        distances = [float(word.outline.distance(piece.ink)) for word in words]
        nearest = int(np.argmin(distances))
        height = _sides(words[nearest].outline)[1]
        if distances[nearest] < min(0.5 * height, 3.0 * px_per_mm):
            added.setdefault(nearest, []).append(piece)
    return [
        Word(
            word.parts + tuple(number for piece in added[place] for number in piece.parts),
            shapely.union_all([word.outline, *(piece.ink for piece in added[place])]).minimum_rotated_rectangle,
            word.sureness,
        )
        if place in added
        else word
        for place, word in enumerate(words)
    ]


def leader_target(
    line: shapely.LineString, words: list[BaseGeometry], marks: list[BaseGeometry], *, px_per_mm: float
) -> tuple[int, int] | None:
    """Return which word and which mark a line leads between, or None if it is no leader line.

    Parameters
    ----------
    line
        A straight line in pixels.
    words, marks
        Outlines of words, and the other marks without this line.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    if not words or not marks or line.length > _LEADER_MM * px_per_mm:
        return None
    ends = [shapely.Point(line.coords[0]), shapely.Point(line.coords[-1])]
    if ends[0].distance(ends[1]) < 0.9 * line.length:
        return None
    reach = _LEADER_REACH_MM * px_per_mm
    best: tuple[float, int, int] | None = None
    for near, far in (ends, ends[::-1]):
        to_word, to_mark = shapely.distance(near, words), shapely.distance(far, marks)
        word, mark = int(to_word.argmin()), int(to_mark.argmin())
        if to_word[word] < reach and to_mark[mark] < reach and shapely.distance(far, words).min() > reach:
            total = float(to_word[word] + to_mark[mark])
            if best is None or total < best[0]:
                best = (total, word, mark)
    return best and best[1:]


def nearest_mark(word: BaseGeometry, marks: list[BaseGeometry], *, same_pen: NDArray[np.bool_]) -> int | None:
    """Return the mark that lies nearest to a word; of two about as near, the one of the word's own pen.

    Parameters
    ----------
    word
        Outline of the word.
    marks
        The marks with their ink.
    same_pen
        Whether each is of the word's pen.
    """
    if not marks:
        return None
    distance = shapely.distance(word, marks)
    return int((distance * np.where(same_pen, 0.85, 1.0)).argmin())
