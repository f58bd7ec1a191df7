"""What a drawing of boxes and arrows is made of."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assetmap.cartography.lettering import LETTER
from assetmap.cartography.palettes import mix_colours

__all__ = ["Arrow", "Box", "Diagram", "box_for"]

SIZE = 14
"""Height of the letters, in the drawing's units: those that PRSM writes with."""
LINE = 18
_PAD = 11
_ACROSS, _MOST_LINES = 20, 7
INK = "#111111"
_TINT = 0.45
"""How much of its maker's colour a box keeps: so much that dark letters can be read on black too."""


@dataclass(frozen=True)
class Box:
    """A box with its middle at (x, y), in the drawing's units, y downward.

    Parameters
    ----------
    name
        What arrows know it by.
    label
        All its words, for those who can't see it.
    lines
        The words as they are drawn; ``facts`` are drawn below them, smaller.
    """

    name: str
    label: str
    lines: tuple[str, ...]
    facts: tuple[str, ...]
    fill: str
    x: float
    y: float
    width: float
    height: float

    def at(self, x: float, y: float) -> Box:
        """Return the box elsewhere."""
        return replace(self, x=x, y=y)


@dataclass(frozen=True)
class Arrow:
    """What acts on what: ``sign`` as in `schema.LINK_POLARITIES`, ``direction`` as in `schema.LINK_DIRECTIONS`."""

    start: str
    end: str
    sign: str = "unknown"
    direction: str = "one_way"


@dataclass(frozen=True)
class Diagram:
    """Boxes that have their places, and arrows between them."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    signed: bool
    """Whether its arrows say more or less, which the key then explains."""


def _width_of(text: str) -> float:
    """Return about how wide letters are: wide ones count double, and marks above others not at all."""
    letters = sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
    return letters * LETTER * SIZE


def box_for(name: str, label: str, *, fill: str = "#ffffff", facts: Sequence[str] = ()) -> Box:
    """Return a box that is large enough for its words, at (0, 0)."""
    lines = textwrap.wrap(label, _ACROSS) or [" "]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1][: _ACROSS - 2]} …"]
    small = [line for fact in facts for line in textwrap.wrap(fact, _ACROSS + 6)]
    width = max(_width_of(line) * 1.08 for line in (*lines, *(line[: _ACROSS + 2] for line in small)))
    height = LINE * len(lines) + (LINE - 2) * len(small) + (4 if small else 0)
    tint = mix_colours(fill, "#ffffff", opacity=_TINT)
    return Box(name, label, tuple(lines), tuple(small), tint, 0.0, 0.0, width + 2 * _PAD, height + 2 * _PAD)
