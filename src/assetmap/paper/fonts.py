"""The fonts that paper is written in: which are there, and which of them writes a character."""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from assetmap.errors import InputError

__all__ = ["Fonts", "unwritable", "writable"]


class _Source(NamedTuple):
    package: str
    regular: str
    bold: str
    """The same file where it is variable, and holds every weight."""


_SOURCES = {
    "latin": _Source("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf", "NotoSans[wdth,wght].ttf"),
    "arabic": _Source("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf", "NotoSansArabic[wdth,wght].ttf"),
    "bengali": _Source("fontpkg_hind_siliguri", "HindSiliguri-Regular.ttf", "HindSiliguri-Bold.ttf"),
}
"""In the order in which a character looks for a font that has it."""
_WEIGHTS = {"regular": 400, "bold": 700}
_JOINERS = "\u200c\u200d"


@cache
def _font_bytes(script: str, weight: str) -> bytes:
    """Return one weight of a font; a variable one is fixed at it."""
    import uharfbuzz

    source = _SOURCES[script]
    name = source.bold if weight == "bold" else source.regular
    data = files(source.package).joinpath("files", name).read_bytes()
    face = uharfbuzz.Face(uharfbuzz.Blob(data))
    if not face.axis_infos:
        return data
    kept = uharfbuzz.SubsetInput()
    kept.keep_everything()
    for axis in face.axis_infos:
        kept.pin_axis_location(face, axis.tag, _WEIGHTS[weight] if axis.tag == "wght" else axis.default_value)
    return bytes(uharfbuzz.subset(face, kept).blob.data)


@cache
def _characters(script: str) -> frozenset[int]:
    """Return the code points that a font has a glyph for."""
    import uharfbuzz

    return frozenset(uharfbuzz.Face(uharfbuzz.Blob(_font_bytes(script, "regular"))).unicodes)


def unwritable(text: str) -> str:
    """Return the characters of a text that no font of ours has, each once, in order.

    Examples
    --------
    >>> unwritable("Mile End, মাইল এন্ড, مائل اینڈ"), unwritable("Park 中 Road")
    ('', '中')
    """
    missing = (char for char in text if char not in _JOINERS and not any(ord(char) in _characters(s) for s in _SOURCES))
    return "".join(dict.fromkeys(missing))


def writable(text: str) -> str:
    """Return a text without the characters that no font of ours has.

    Examples
    --------
    >>> writable("Noodle House 麺屋 ☕")
    'Noodle House'
    """
    missing = unwritable(text)
    return " ".join(text.translate({ord(char): None for char in missing}).split()) if missing else text


def _pick(char: str, current: str) -> str:
    """Return which font writes a character that comes after one in `current`."""
    if char in _JOINERS:
        return current
    has = [script for script in _SOURCES if ord(char) in _characters(script)]
    if not has:
        name = unicodedata.name(char, f"U+{ord(char):04X}")
        raise InputError(
            f"no font here has {char!r} ({name.capitalize()}): Noto Sans writes Latin, Greek and Cyrillic, Noto Sans "
            "Arabic Arabic and Urdu, Hind Siliguri Bengali: write it in one of these."
        )
    keeps = current in has and not unicodedata.category(char).startswith("L")
    return current if keeps else has[0]


class Fonts:
    """The fonts of one document, fresh: a PDF's bytes then don't depend on those that were made before it."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], str] = {}

    def name(self, script: str, *, bold: bool = False) -> str:
        """Return the name under which reportlab knows a font, which is read at its first use."""
        weight = "bold" if bold else "regular"
        if (script, weight) not in self._made:
            self._made[script, weight] = _register(script, weight)
        return self._made[script, weight]

    def spans(self, text: str) -> list[tuple[str, str]]:
        """Return a text of one direction as pieces, each with the font that writes it.

        Raises
        ------
        InputError
            If no font has a character, which is named.
        """
        letters = next((char for char in text if unicodedata.category(char).startswith("L")), "a")
        current = _pick(letters, "latin")
        pieces: list[tuple[str, str]] = []
        for char in text:
            current = _pick(char, current)
            if pieces and pieces[-1][0] == current:
                pieces[-1] = (current, pieces[-1][1] + char)
            else:
                pieces.append((current, char))
        return pieces


def _register(script: str, weight: str) -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name = f"assetmap-{script}-{weight}"
    font: Any = TTFont(name, io.BytesIO(_font_bytes(script, weight)))
    if weight == "bold" and not font.face.name.endswith(b"Bold"):
        font.face.name = font.face.name.replace(b"-Regular", b"") + b"-Bold"  # else it is taken for the regular one
    pdfmetrics.registerFont(font)
    return name
