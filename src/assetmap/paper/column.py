"""Things one below the other in a column, and columns across pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from assetmap.paper.lines import TextLine
from assetmap.paper.page import MM_PER_PT, Paper

__all__ = ["Column", "Item", "break_column", "draw_items"]

LEADING = 1.36
"""From one line to the next, as a multiple of the letters' size: Bengali and Urdu reach higher and lower than Latin."""


class Item(NamedTuple):
    """Something of a height (mm) that is drawn from a left and a top."""

    height: float
    draw: Callable[[float, float], None] | None
    """None for white, which is left out at the top of a column."""
    keeps: bool = False
    """Whether it stays with the next, as a heading does."""


class Column:
    """Things to be drawn one below the other.

    Parameters
    ----------
    paper
        What they are drawn on.
    width
        In millimetres.
    letters_pt
        The usual size of letters.
    """

    def __init__(self, paper: Paper, width: float, letters_pt: float) -> None:
        self.paper = paper
        self.width = width
        self.letters_pt = letters_pt
        self.items: list[Item] = []

    @property
    def letters_mm(self) -> float:
        """The usual size of letters in millimetres."""
        return self.letters_pt * MM_PER_PT

    @property
    def height(self) -> float:
        """The height of everything in it."""
        return sum(item.height for item in self.items)

    def add(self, height: float, draw: Callable[[float, float], None], *, keeps: bool = False) -> None:
        """Add something."""
        self.items.append(Item(height, draw, keeps))

    def space(self, lines: float) -> None:
        """Add white, in lines."""
        self.items.append(Item(lines * self.letters_mm, None))

    def words(
        self,
        text: str,
        *,
        larger: float = 1.0,
        bold: bool = False,
        colour: str,
        indent: float = 0.0,
        keeps: bool = False,
    ) -> None:
        """Add a text, wrapped.

        Parameters
        ----------
        text
            The text.
        larger
            The size of its letters, as a multiple of the usual one.
        bold, colour
            How it is written.
        indent
            How far it stays from the side on which one begins to read, mm.
        keeps
            Whether it stays with what comes next.
        """
        size_pt = round(self.letters_pt * larger, 2)
        room = self.width - indent
        start = self.width - indent if self.paper.rtl else indent
        lines = self.paper.wrap(text, width_mm=room, size_pt=size_pt, bold=bold)
        for place, line in enumerate(lines, start=1):
            write = partial(self._write, line, start, size_pt, colour)
            self.add(size_pt * MM_PER_PT * LEADING, write, keeps=keeps or place < len(lines))

    def _write(self, line: TextLine, start: float, size_pt: float, colour: str, x: float, y: float) -> None:
        self.paper.text(x + start, y + size_pt * MM_PER_PT, line, size_pt=size_pt, colour=colour, align="start")

    def draw(self, x: float, y: float) -> None:
        """Draw everything from a left and a top."""
        draw_items(self.items, x, y)


def draw_items(items: Sequence[Item], x: float, y: float) -> None:
    """Draw things one below the other."""
    for item in items:
        if item.draw is not None:
            item.draw(x, y)
        y += item.height


def break_column(items: Sequence[Item], room: float) -> list[list[Item]]:
    """Return a long column as pieces no higher than `room`; what keeps with the next goes with it.

    Examples
    --------
    >>> heading, line = Item(2, print, keeps=True), Item(3, print)
    >>> [len(piece) for piece in break_column([line, line, heading, line], 9)]
    [2, 2]
    >>> [len(piece) for piece in break_column([line, line, heading, Item(0.5, None), line], 9)]
    [2, 3]
    """
    pieces: list[list[Item]] = [[]]
    filled = 0.0
    for together in _groups(items):
        height = sum(item.height for item in together)
        if filled and filled + height > room and together[-1].draw is not None:
            pieces.append([])
            filled = 0.0
        if filled or together[0].draw is not None:
            pieces[-1] += together
            filled += height
    return pieces


def _groups(items: Sequence[Item]) -> list[list[Item]]:
    """Return things that stay together; white goes with what stands before it."""
    groups: list[list[Item]] = [[]]
    keeps = False
    for item in items:
        groups[-1].append(item)
        keeps = keeps if item.draw is None else item.keeps
        if not keeps:
            groups.append([])
    return [group for group in groups if group]
