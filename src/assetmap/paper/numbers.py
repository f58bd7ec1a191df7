"""Numbers of places on paper: on the map, and in the list that tells what they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from assetmap.cartography.lettering import PlacedNumber, half_width
from assetmap.cartography.symbols import symbol_of
from assetmap.paper.column import Column
from assetmap.paper.fonts import writable
from assetmap.paper.ground import MM_PER_UNIT, PT_PER_UNIT
from assetmap.paper.page import Ink, Paper

__all__ = ["ListedGroup", "ListedPlace", "draw_numbers", "list_groups"]

DIGITS = "0123456789"
INK, QUIET = "#2a2824", "#5c554a"
_LETTERS_UNITS = 12
_HALF_TALL = 8.5
_DROP = 4.3


class ListedPlace(NamedTuple):
    """One place of the list. Coordinates in metres, in the map's CRS."""

    number: int
    name: str
    kind: str
    x: float
    y: float


class ListedGroup(NamedTuple):
    """One group of the list."""

    code: str
    label: str
    places: tuple[ListedPlace, ...]


def draw_numbers(
    paper: Paper, placed: Sequence[PlacedNumber], *, left: float, top: float, digits: str = DIGITS
) -> None:
    """Draw numbers in the colour of their group, each with a thin line to its place where it doesn't stand on it.

    Parameters
    ----------
    paper
        What to draw on.
    placed
        From `cartography.lettering.place_numbers`.
    left, top
        The frame's top left corner, mm.
    digits
        The ten digits that they are written with.
    """
    for place, at, spot in placed:
        fill = symbol_of(place.group).colour
        x, y = left + at[0] * MM_PER_UNIT, top + at[1] * MM_PER_UNIT
        if spot is not None and spot != at:
            end = np.array([[x, y], [left + spot[0] * MM_PER_UNIT, top + spot[1] * MM_PER_UNIT]])
            paper.draw([end], Ink(None, fill, 1.5 * MM_PER_UNIT), closed=False)
        if spot != at:
            paper.circle(x, y, 3.5 * MM_PER_UNIT, Ink(fill, "#ffffff", MM_PER_UNIT))
    for place, _, spot in placed:
        if spot is not None:
            x, y = left + spot[0] * MM_PER_UNIT, top + spot[1] * MM_PER_UNIT
            _draw_number(paper, place.number, x, y, symbol_of(place.group).colour, digits)


def _draw_number(paper: Paper, number: int, x: float, y: float, fill: str, digits: str, times: float = 1.0) -> None:
    """Draw a number in a rounded box around a point."""
    unit = MM_PER_UNIT * times
    half, tall = half_width(number) * unit, _HALF_TALL * unit
    paper.rectangle(x - half, y - tall, x + half, y + tall, Ink(fill, "#ffffff", unit), round_mm=tall)
    said = str(number).translate(str.maketrans(DIGITS, digits))
    size_pt = round(_LETTERS_UNITS * PT_PER_UNIT * times, 2)
    paper.text(x, y + _DROP * unit, said, size_pt=size_pt, colour="#ffffff", bold=True, align="middle")


def list_groups(column: Column, groups: Sequence[ListedGroup], *, digits: str = DIGITS) -> None:
    """Add the places to a column, group by group, each with its number, name and kind."""
    times = column.letters_pt / (_LETTERS_UNITS * PT_PER_UNIT)
    for group in groups:
        column.words(group.label, larger=1.25, bold=True, colour=INK, keeps=True)
        column.space(0.15)
        for place in group.places:
            wide = 2 * half_width(place.number) * MM_PER_UNIT * times
            indent = max(wide, 5.5 * column.letters_mm * 0.6) + 0.6 * column.letters_mm
            column.add(0.0, _tag(column, group.code, place.number, wide, times, digits), keeps=True)
            name = writable(place.name) or place.kind
            tells_kind = place.kind in name
            column.words(name, colour=INK, indent=indent, keeps=not tells_kind)
            if not tells_kind:
                column.words(place.kind, larger=0.82, colour=QUIET, indent=indent)
            column.space(0.22)
        column.space(0.5)


def _tag(
    column: Column, group: str, number: int, wide: float, times: float, digits: str
) -> Callable[[float, float], None]:
    def draw(x: float, y: float) -> None:
        middle = x + column.width - wide / 2 if column.paper.rtl else x + wide / 2
        down = y + 0.72 * column.letters_mm
        _draw_number(column.paper, number, middle, down, symbol_of(group).colour, digits, times)

    return draw
