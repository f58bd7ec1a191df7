"""The list of the places that numbered sheets show by number, on A4 pages to lie beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assetmap.kiosk.sheet_map import Landmark
from assetmap.paper.column import Column, Item, break_column, draw_items
from assetmap.paper.numbers import ListedGroup, ListedPlace, list_groups
from assetmap.paper.page import LANDSCAPE_MM, Paper, open_paper
from assetmap.words import Words

__all__ = ["write_places"]

_MARGIN_MM = 12.0
_GAP_MM = 8.0
_COLUMNS = 3
_LETTERS_PT = 9.0
_HEADING_MM = 12.0
_INK, _QUIET = "#2a2824", "#5c554a"


def write_places(path: Path, landmarks: Sequence[Landmark], *, study: str, sheets: str, words: Words) -> None:
    """Write the list as a vector PDF.

    Parameters
    ----------
    path
        Where it goes.
    landmarks
        The places, in the order of their numbers: those of a group stand together.
    study
        The study's name.
    sheets
        What the sheets' names start with, so that nobody lays the list beside others.
    words
        The language of the list.

    Raises
    ------
    UsageError
        If a word is too long for the paper, or the file can't be written.
    InputError
        If no font has a character of the list's own words. Of names of places such characters are left out.
    """
    tall, wide = LANDSCAPE_MM["A4"]
    title = f"{study}: {words.phrase('paper_list')}"
    rtl = words.direction == "rtl"
    with open_paper(path, width_mm=wide, height_mm=tall, title=title, language=words.language, rtl=rtl) as paper:
        width = (wide - 2 * _MARGIN_MM - (_COLUMNS - 1) * _GAP_MM) / _COLUMNS
        column = Column(paper, width, _LETTERS_PT)
        list_groups(column, _groups(landmarks, words))
        pieces = break_column(column.items, tall - 2 * _MARGIN_MM - _HEADING_MM - 6)
        pages = [pieces[start : start + _COLUMNS] for start in range(0, len(pieces), _COLUMNS)]
        for number, columns in enumerate(pages, start=1):
            if number > 1:
                paper.next_page()
            _draw_page(paper, columns, width, title)
            foot = f"{sheets} · {words.phrase('paper_page', n=number, total=len(pages))}"
            paper.text(wide / 2, tall - _MARGIN_MM + 2, foot, size_pt=8, colour=_QUIET, align="middle")


def _groups(landmarks: Sequence[Landmark], words: Words) -> list[ListedGroup]:
    groups: dict[str, list[ListedPlace]] = {}
    for place in landmarks:
        listed = ListedPlace(place.number, place.name, place.kind, place.x, place.y)
        groups.setdefault(place.group, []).append(listed)
    return [ListedGroup(group, words.phrase(f"group_{group}"), tuple(places)) for group, places in groups.items()]


def _draw_page(paper: Paper, columns: Sequence[Sequence[Item]], width: float, title: str) -> None:
    heading = Column(paper, paper.width_mm - 2 * _MARGIN_MM, _LETTERS_PT)
    heading.words(title, larger=1.6, bold=True, colour=_INK)
    heading.draw(_MARGIN_MM, _MARGIN_MM)
    at = [_MARGIN_MM + place * (width + _GAP_MM) for place in range(_COLUMNS)]
    for x, items in zip(at[::-1] if paper.rtl else at, columns, strict=False):
        draw_items(items, x, _MARGIN_MM + _HEADING_MM)
