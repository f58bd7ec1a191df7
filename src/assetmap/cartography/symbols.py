"""One symbol a group of places: shape, colour and glyph, told apart without colour too."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assetmap.encode import html_text

__all__ = ["BOX", "Symbol", "symbol_of", "symbol_svg", "symbols"]

BOX = 24
"""Side of the square that shapes and glyphs are drawn in."""


@dataclass(frozen=True)
class Symbol:
    """How one group of places is drawn."""

    group: str
    colour: str
    shape: str
    """Outline as an SVG path in a box of `BOX` by `BOX`."""
    glyph: str
    """What is drawn in white on the shape, in the same box, filled by the even-odd rule."""


@cache
def symbols() -> dict[str, Symbol]:
    """Return every group's symbol, and ``other`` for a group that has none."""
    content = tomllib.loads(files(__package__).joinpath("symbols.toml").read_text(encoding="utf-8"))
    return {group: Symbol(group, **entry) for group, entry in content.items()}


def symbol_of(group: str) -> Symbol:
    """Return the symbol of a group."""
    return symbols().get(group, symbols()["other"])


def symbol_svg(group: str, size: int = BOX) -> str:
    """Return a group's symbol as an SVG element that assistive technology passes over.

    The words beside it name the group.
    """
    symbol = symbol_of(group)
    colour, shape, glyph = (html_text(part) for part in (symbol.colour, symbol.shape, symbol.glyph))
    return (
        f'<svg class="symbol" width="{size}" height="{size}" viewBox="0 0 {BOX} {BOX}" '
        f'aria-hidden="true" focusable="false"><path fill="{colour}" d="{shape}"/>'
        f'<path fill="#ffffff" fill-rule="evenodd" d="{glyph}"/></svg>'
    )
