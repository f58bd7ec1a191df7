"""Writing: small strokes close together in a row, gathered into words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from assetmap.kiosk.letters import ALL, LETTER_GAP, SIGN_MM, TALLEST_MM, Letters, groups_of, is_tick, sides_of
from assetmap.kiosk.strokes.points import cross_of, room_of

__all__ = ["Word", "find_words"]

_NEXT_LETTER_MM = 2.0
_WITHIN = 0.7
_STOP_WIDTHS, _STOP_GAP = 1.6, 0.3
_BAR_MM, _ALONG = 8.0, 0.9
_LEAST_HEIGHT_MM = 1.6
_LEAST_BUSY = 2.15
_LEAST_DRAWN, _LEAST_DRAWN_FULL = 1.45, 1.35  # of its length; where strokes fill their hull, as thick letters do
_FULL = 0.3  # of the hull left free at most
_BAR_TO_WIDTH, _ONCE = 1.5, 1.2
_STRAY_MM = 9.0


@dataclass(frozen=True)
class Word:
    """A word or a few in a row.

    Parameters
    ----------
    parts
        Numbers of its parts.
    outline
        The rotated box around its ink, in pixels of the grid.
    ink
        Its letters; a bar over or under it, or one that leads to a mark, is none.
    width
        Width of its strokes in pixels.
    sureness
        0 to 1: how clearly it is writing.
    """

    parts: tuple[int, ...]
    outline: shapely.Polygon
    ink: BaseGeometry
    width: float
    sureness: float


def find_words(letters: list[Letters], *, px_per_mm: float) -> list[Word]:
    """Return the words of one pen.

    Parameters
    ----------
    letters
        The pieces that may be letters.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    words: list[Word] = []
    strays: list[list[Letters]] = []
    signs: list[list[Letters]] = []
    for group in groups_of(letters, px_per_mm):
        word, apart = _word_in(group, px_per_mm)
        words += [word] if word is not None else []
        for others in apart:
            (signs if all(item.is_sign for item in others) else strays).append(others)
    words = _in_a_row(words, px_per_mm)
    words = _with_strays(words, strays, px_per_mm)
    return _with_signs(_in_a_row(words, px_per_mm), signs, px_per_mm)


def _word_in(group: list[Letters], px_per_mm: float) -> tuple[Word | None, list[list[Letters]]]:
    """Return the word that a group is, or that its largest piece is where another leads away from it; and the rest.

    A sign with straight strokes about it is a sign, and lines that lead from it to a word.
    """
    if sum(item.is_sign for item in group) == 1 and all(item.is_sign or _is_one_bar(item) for item in group):
        return None, [[item] for item in group]
    word = _word(group, px_per_mm)
    if word is not None:
        return word, []
    largest = max(group, key=lambda item: item.drawn)
    word = _word([largest], px_per_mm) if len(group) > 1 and not largest.is_sign else None
    return (word, [[item] for item in group if item is not largest]) if word is not None else (None, [group])


def _is_one_bar(item: Letters) -> bool:
    """Whether a piece is one short straight stroke, however thick."""
    long, short = sides_of(item.outline)
    return long > _BAR_TO_WIDTH * short and item.drawn < _ONCE * long


def _turning(path: NDArray[np.float64], step: float) -> float:
    """Return how far a path turns in all, in whole turns."""
    line = shapely.LineString(path)
    count = max(3, int(line.length / step))
    points = shapely.get_coordinates(line.interpolate(np.linspace(0, line.length, count)))
    ways = np.diff(points, axis=0)
    angles = np.unwrap(np.arctan2(ways[:, 1], ways[:, 0]))
    return float(np.abs(np.diff(angles)).sum() / (2 * np.pi))


def _word(group: list[Letters], px_per_mm: float) -> Word | None:
    """Return a group as a word, if it is as busy as writing is."""
    large = [item for item in group if item.drawn > 1.0 * px_per_mm]
    if all(item.is_sign for item in group) and len(large) < 2:
        return None
    trails = [trail for item in group for trail in item.trails]
    ink = shapely.union_all([item.outline for item in group])
    followed = sum(trail.length for trail in trails) > ALL * sum(item.drawn for item in group)
    width = float(np.median([item.width for item in group]))
    if len(group) > 1 and cross_of(ink, width, px_per_mm=px_per_mm) is not None:
        return None
    if len(group) > 1 and followed and is_tick(trails, ink, px_per_mm):
        return None
    long, short = sides_of(ink)
    if not _LEAST_HEIGHT_MM * px_per_mm < short < TALLEST_MM * px_per_mm:
        return None
    step = 0.8 * px_per_mm
    drawn = sum(max(item.drawn, 0.5 * item.outline.length) for item in group)  # thick letters run together
    complexity = drawn / max(long, 1.0)
    along = sum(_turning(trail.path, step) for item in group for trail in item.trails)
    around = sum(max(0.0, _turning(np.array(item.outline.exterior.coords), step) - 1) / 2 for item in group)
    turns = max(along, around)
    busy = complexity + 0.4 * turns + 0.3 * (len(large) - 1)
    letter = len(large) == 1 and long < SIGN_MM * px_per_mm and turns > 0.6
    least = _LEAST_DRAWN_FULL if room_of(ink) < _FULL else _LEAST_DRAWN
    if not letter and (complexity < least or busy < _LEAST_BUSY):
        return None
    return Word(
        tuple(number for item in group for number in item.parts),
        ink.minimum_rotated_rectangle,
        ink,
        width,
        float(np.clip(0.5 + 0.12 * (busy - 2.5), 0.5, 0.98)),
    )


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
        joined = Word(
            first.parts + second.parts,
            outline,
            shapely.union(first.ink, second.ink),
            max(first.width, second.width),
            max(first.sureness, second.sureness),
        )
        words = [word for place, word in enumerate(words) if place not in pair] + [joined]


def _next_in_row(words: list[Word], px_per_mm: float) -> tuple[int, int] | None:
    for one in range(len(words)):
        for other in range(one + 1, len(words)):
            first, second = words[one].outline, words[other].outline
            height = max(sides_of(first)[1], sides_of(second)[1])
            if first.distance(second) > min(0.85 * height, 6.0 * px_per_mm):
                continue
            if sides_of(shapely.union(first, second))[1] < 1.8 * height:
                return one, other
    return None


def _with_strays(words: list[Word], strays: list[list[Letters]], px_per_mm: float) -> list[Word]:
    """Give words the dots, bars and single letters that lie close by and lead nowhere else."""
    words = list(words)
    waiting = [(group, shapely.union_all([item.outline for item in group])) for group in strays]
    grown = True
    while grown and words:
        grown = False
        for group, ink in list(waiting):
            if sides_of(ink)[0] > _STRAY_MM * px_per_mm:
                continue
            nearest = int(shapely.distance(ink, [word.outline for word in words]).argmin())
            if _close_by(ink, words[nearest], px_per_mm) or _is_bar(group, ink, words[nearest], px_per_mm):
                words[nearest] = _with(words[nearest], group)
                waiting = [pair for pair in waiting if pair[0] is not group]
                grown = True
    return words


def _close_by(ink: BaseGeometry, word: Word, px_per_mm: float) -> bool:
    height = sides_of(word.outline)[1]
    far = shapely.distance(shapely.points(shapely.get_coordinates(ink)), word.outline).max()
    near = ink.distance(word.outline) < min(0.9 * height, 4.5 * px_per_mm)
    return bool(near and far < max(5.5 * px_per_mm, 1.1 * height))


def _is_bar(group: list[Letters], ink: BaseGeometry, word: Word, px_per_mm: float) -> bool:
    """Whether ink is a bar over or under a word: one stroke along the row, shorter and as thick, its middle within."""
    if len(group) > 1 or not 0.6 < group[0].width / word.width < 1.6:
        return False
    (long, height), (bar, thick) = sides_of(word.outline), sides_of(ink)
    if bar > 0.8 * long or thick > 0.5 * bar or ink.distance(word.outline) > min(1.6 * height, _BAR_MM * px_per_mm):
        return False
    along, way = _way(word.outline), _way(ink)
    apart = np.array(ink.centroid.coords[0]) - np.array(word.outline.centroid.coords[0])
    return bool(abs(float(along @ way)) > _ALONG and abs(float(apart @ along)) < 0.5 * long)


def _way(shape: BaseGeometry) -> NDArray[np.float64]:
    """Return the unit direction of the long side of the rotated box around a shape."""
    corners = shapely.get_coordinates(shape.minimum_rotated_rectangle)
    sides = np.diff(corners[:3], axis=0)
    longest = sides[int(np.hypot(*sides.T).argmax())]
    return np.asarray(longest / np.hypot(*longest))


def _with_signs(words: list[Word], signs: list[list[Letters]], px_per_mm: float) -> list[Word]:
    """Give words what alone would be a sign but stands among their letters: an o, the dot of an i."""
    words = list(words)
    waiting = list(signs)
    while True:
        found = next(
            (
                (group, place)
                for group in waiting
                for place, word in enumerate(words)
                if _stands_in(group, word, px_per_mm)
            ),
            None,
        )
        if found is None:
            return words
        group, place = found
        waiting = [other for other in waiting if other is not group]
        words[place] = _with(words[place], group)


def _with(word: Word, group: list[Letters]) -> Word:
    outline = shapely.union_all([word.outline, *(item.outline for item in group)]).minimum_rotated_rectangle
    ink = shapely.union_all([word.ink, *(item.outline for item in group if not _is_one_bar(item))])
    parts = word.parts + tuple(number for item in group for number in item.parts)
    return replace(word, parts=parts, outline=outline, ink=ink)


def _stands_in(group: list[Letters], word: Word, px_per_mm: float) -> bool:
    """Whether signs stand among a word's letters, or next to them as a letter does."""
    ink = shapely.union_all([item.outline for item in group])
    if _is_stop(ink, word):
        return True
    if ink.distance(word.ink) > min(LETTER_GAP * sides_of(word.outline)[1], _NEXT_LETTER_MM * px_per_mm):
        return False
    within = ink.intersection(word.outline.buffer(0.4 * px_per_mm)).area > _WITHIN * ink.area
    return within or _goes_on(group, ink, word)


def _is_stop(ink: BaseGeometry, word: Word) -> bool:
    """Whether ink is the dot of a word's i, ! or ?: as small as its pen makes one, and near."""
    return bool(
        sides_of(ink)[0] < _STOP_WIDTHS * word.width
        and ink.distance(word.outline) < _STOP_GAP * sides_of(word.outline)[1]
    )


def _goes_on(group: list[Letters], ink: BaseGeometry, word: Word) -> bool:
    """Whether ink is as tall and as thick as a word's letters, and in their row."""
    height = sides_of(word.outline)[1]
    tall = sides_of(ink)[0]
    thick = float(np.median([item.width for item in group])) / word.width
    alike = 0.5 * height < tall < 1.3 * height and 0.7 < thick < 1.4
    return bool(alike and sides_of(shapely.union(ink, word.outline))[1] < 1.25 * height)
