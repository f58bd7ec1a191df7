"""Lines of text as they stand on paper: which font, which direction, which glyphs, how wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from assetmap.paper.fonts import Fonts

__all__ = ["Run", "TextLine", "set_line", "wrap_text"]

_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_DRAWN_AS_THEY_ARE = "latin"
_JOINERS = "\u200c\u200d"
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True)
class Run:
    """A stretch of a line in one font and one direction, its glyphs in the order in which they are drawn."""

    font: str
    glyphs: str
    """Plain text, or reportlab's shaped text."""
    width_pt: float


@dataclass(frozen=True)
class TextLine:
    """One line, its runs from left to right."""

    text: str
    """As one reads it."""
    runs: tuple[Run, ...]
    width_pt: float
    reordered: bool
    """Whether the glyphs no longer say what the text is."""


def set_line(fonts: Fonts, text: str, *, size_pt: float, bold: bool = False, rtl: bool = False) -> TextLine:
    """Return a line of text with each letter in its font, joined and ordered as its script asks.

    Parameters
    ----------
    fonts
        The document's fonts.
    text
        One line.
    size_pt, bold
        Size in points and weight.
    rtl
        Whether the text around it runs from right to left. A line without a letter of such a script doesn't.

    Raises
    ------
    InputError
        If no font has a character.
    """
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    rtl = _runs_backwards(text, rtl)
    runs: list[Run] = []
    reordered = False
    for piece, backwards in _directions(text, rtl):
        spans = fonts.spans(piece)
        for script, part in reversed(spans) if backwards else spans:
            turned = _turned(part) if backwards else part
            run = _shape(fonts.name(script, bold=bold), turned, size_pt, plain=script == _DRAWN_AS_THEY_ARE)
            reordered = reordered or run.glyphs is not part
            runs.append(run)
    return TextLine(text, tuple(runs), sum(run.width_pt for run in runs), reordered or rtl)


def wrap_text(
    fonts: Fonts, text: str, *, width_pt: float, size_pt: float, bold: bool = False, rtl: bool = False
) -> list[TextLine]:
    """Return a text as lines no wider than a column; a word that is wider, such as an address, is cut."""

    def line_of(words: str) -> TextLine:
        return set_line(fonts, words, size_pt=size_pt, bold=bold, rtl=rtl)

    lines: list[TextLine] = []
    kept = ""
    for word in text.split():
        tried = f"{kept} {word}" if kept else word
        if line_of(tried).width_pt > width_pt:
            if kept:
                lines.append(line_of(kept))
            *whole, tried = _cut(word, lambda part: line_of(part).width_pt <= width_pt)
            lines += map(line_of, whole)
        kept = tried
    return [*lines, line_of(kept)] if kept else lines


def _cut(word: str, fits: Callable[[str], bool]) -> list[str]:
    """Return a word in as few pieces as fit, no letter parted from its accents; at least a letter each."""
    pieces = []
    while not fits(word):
        least, most = 1, len(word)
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (middle, most) if fits(word[:middle]) else (least, middle)
        while least > 1 and (unicodedata.combining(word[least]) or word[least] in _JOINERS):
            least -= 1
        if least == len(word):
            break
        pieces.append(word[:least])
        word = word[least:]
    return [*pieces, word]


def _runs_backwards(text: str, rtl: bool) -> bool:
    """Whether a line begins at its right."""
    kinds = [kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")]
    return any(kind != "L" for kind in kinds) and (rtl or kinds[0] != "L")


def _directions(text: str, rtl: bool) -> list[tuple[str, bool]]:
    """Return a text's stretches of one direction from left to right, and whether each runs backwards."""
    if not rtl and not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return [(text, False)] if text else []
    from bidi import algorithm

    storage: dict[str, Any] = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = (1, "R") if rtl else (0, "L")
    algorithm.get_embedding_levels(text, storage)
    for index, char in enumerate(storage["chars"]):
        char["index"] = index
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _pair_brackets(storage["chars"], "R" if rtl else "L")
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    algorithm.reorder_resolved_levels(storage, debug=False)
    stretches = []
    for level, chars in groupby(storage["chars"], key=lambda char: int(char["level"])):
        at = [char["index"] for char in chars]
        stretches.append((text[min(at) : max(at) + 1], level % 2 == 1))
    return stretches


def _turned(text: str) -> str:
    """Return signs without a letter as they stand from left to right; letters are turned when they are shaped."""
    from bidi.mirror import MIRRORED

    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return text
    return "".join(MIRRORED.get(char, char) for char in reversed(text))


def _pair_brackets(chars: list[dict[str, Any]], around: str) -> None:
    """Give brackets that belong together one direction: rule N0 of UAX 9, which python-bidi leaves out."""
    side = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
    waiting: list[tuple[str, int]] = []
    pairs = []
    for index, char in enumerate(chars):
        if char["ch"] in _BRACKETS:
            waiting.append((_BRACKETS[char["ch"]], index))
        elif match := next((place for place in reversed(waiting) if place[0] == char["ch"]), None):
            pairs.append((match[1], index))
            del waiting[waiting.index(match) :]
    for first, last in sorted(pairs):
        inside = {side[char["type"]] for char in chars[first + 1 : last] if char["type"] in side}
        before = [side[char["type"]] for char in chars[:first] if char["type"] in side]
        if inside:
            chosen = around if around in inside or not before else before[-1]
            chars[first]["type"] = chars[last]["type"] = chosen


def _shape(font: str, text: str, size_pt: float, *, plain: bool) -> Run:
    """Return a run's glyphs; Latin without combining marks needs no shaping."""
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.pdfbase.ttfonts import shapeStr

    if plain and not any(unicodedata.combining(char) for char in text):
        return Run(font, text, stringWidth(text, font, size_pt))
    glyphs = shapeStr(text, font, size_pt, force=True)
    return Run(font, glyphs, sum(glyph.x_advance for glyph in glyphs.__shapeData__) * size_pt / 1000)
