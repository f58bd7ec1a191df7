"""How old a reader has to be for a text: by the length of its sentences and of its words."""

from __future__ import annotations

import re
from functools import cache

import pyphen

__all__ = ["reading_age"]

YOUNGEST = 5.0
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


def reading_age(text: str) -> float:
    r"""Return the age, in years, from which an English text can be read with ease.

    The Flesch-Kincaid grade of American schools, and five years:

    .. math:: 5 + 0.39\,\frac{words}{sentences} + 11.8\,\frac{syllables}{words} - 15.59

    Syllables are the parts into which American printers divide a word at a line's end, by its sound: a few less than
    are spoken. At least 5, the age at which school begins.

    Parameters
    ----------
    text
        English. A line's end ends a sentence.

    References
    ----------
    Kincaid, J. P. et al. (1975). Derivation of new readability formulas for Navy enlisted personnel. Research Branch
    Report 8-75.

    Examples
    --------
    >>> reading_age("We met at the hall. It was shut.")
    5.0
    >>> reading_age("Neighbourhood regeneration necessitates considerable organisational commitment.") > 20
    True
    """
    sentences = [part for part in re.split(r"[.!?]+\s|\n|[.!?]+$", text) if _WORD.search(part)]
    words = _WORD.findall(text)
    if not words:
        return YOUNGEST
    syllables = sum(len(_hyphens().positions(word)) + 1 for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return round(max(YOUNGEST, grade + 5), 1)
