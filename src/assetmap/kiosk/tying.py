"""Words tied to the marks they speak of: by the line that leads from one to the other, or by nearness."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

__all__ = ["leader_target", "nearest_mark"]

_LEADER_MM = 45.0
_LEADER_REACH_MM = 4.5


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
        leads_away = shapely.distance(far, words[word]) > to_word[word] + 0.6 * line.length
        if to_word[word] < reach and to_mark[mark] < reach and leads_away:
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
