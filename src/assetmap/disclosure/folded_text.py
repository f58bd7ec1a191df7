"""Words as a reader takes them: one kind of digit, dash and space, nothing unseen; and where each letter came from."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

__all__ = ["FoldedText", "fold_text"]

_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_QUOTES = dict.fromkeys("‘’‛ʼ`´＇", "'")
_UNSEEN = {"Cf", "Cc", "Mn", "Me", "Cs", "Co", "Cn"}


class FoldedText(NamedTuple):
    """Plain text, and for each of its characters the place in the original that it came from."""

    plain: str
    places: tuple[int, ...]
    length: int
    """Of the original."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that a span of the plain text stands for, with what is unseen in it."""
        after = self.places[end] if end < len(self.places) else self.length
        return self.places[start], max(after, self.places[end - 1] + 1)


def fold_text(text: str) -> FoldedText:
    r"""Fold a text to what a reader sees: one kind of digit, space, dash and quote; no invisible characters.

    Digits of any script become ASCII (Bengali, Arabic, full-width), compatibility forms their plain letters,
    every white space one space. Accents that are characters of their own stay with their letter.

    Examples
    --------
    >>> fold_text("০৭\u200b７\n").plain
    '077 '
    >>> fold_text("a\u200bb").original(1, 2)
    (2, 3)
    """
    plain: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for folded in _fold(char):
            plain.append(folded)
            places.append(place)
    return FoldedText("".join(plain), tuple(places), len(text))


def _fold(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() else (" " if char.isspace() else "")
    if char.isspace():
        return " "
    if (digit := unicodedata.decimal(char, None)) is not None:
        return str(digit)
    if char in _DASHES or char in _QUOTES:
        return _DASHES.get(char) or _QUOTES[char]
    if unicodedata.category(char) in _UNSEEN:
        return ""
    return "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFKC", char))
