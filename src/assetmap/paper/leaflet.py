"""A leaflet on paper: its sections one below the other, over as many pages as it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from assetmap.cartography.palettes import palettes
from assetmap.encode import plain_text
from assetmap.pages.leaflet import Leaflet, LeafletLine, LeafletSection
from assetmap.paper.column import LEADING, Column, Item, break_column, draw_items
from assetmap.paper.page import MM_PER_PT, Ink, Paper, open_paper
from assetmap.words import Words, words_for

__all__ = ["write_leaflet"]

MARGIN_MM = 16.0
_QUIET = "#5c554a"


class _Plan(NamedTuple):
    width_mm: float
    height_mm: float
    letters_pt: float


_PLANS = {"A4": _Plan(210, 297, 10.0), "A5": _Plan(148, 210, 8.5)}


def write_leaflet(path: Path, leaflet: Leaflet, *, size: Literal["A4", "A5"] = "A4") -> None:
    """Write a leaflet as a vector PDF, upright.

    Parameters
    ----------
    path
        Where it goes.
    leaflet
        What it says.
    size
        ``A4`` or ``A5``.

    Raises
    ------
    UsageError
        If a word is too long for the paper, or the file can't be written.
    InputError
        If no font has one of its characters.
    """
    plan = _PLANS[size]
    words = words_for(leaflet.language)
    with open_paper(
        path,
        width_mm=plan.width_mm,
        height_mm=plan.height_mm,
        title=plain_text(leaflet.title),
        language=words.language,
        rtl=words.direction == "rtl",
    ) as paper:
        column = _column(paper, leaflet, plan, words)
        foot = 1.6 * plan.letters_pt * MM_PER_PT * LEADING
        pieces = break_column(column.items, plan.height_mm - 2 * MARGIN_MM - foot)
        for number, items in enumerate(pieces, start=1):
            if number > 1:
                paper.next_page()
            draw_items(items, MARGIN_MM, MARGIN_MM)
            _draw_foot(paper, plan, f"{leaflet.title}. {words.phrase('paper_page', n=number, total=len(pieces))}")


def _column(paper: Paper, leaflet: Leaflet, plan: _Plan, words: Words) -> Column:
    ink = palettes().ground["ink"]
    column = Column(paper, plan.width_mm - 2 * MARGIN_MM, plan.letters_pt)
    column.words(plain_text(leaflet.title), larger=2.0, bold=True, colour=ink, keeps=True)
    for text, bold in ((leaflet.subtitle, False), (leaflet.audience_words, True), (leaflet.notice, True)):
        if text:
            column.words(plain_text(text), larger=1.1, bold=bold, colour=ink, keeps=True)
    for section in leaflet.sections:
        _add_section(column, section, ink)
    if leaflet.sources:
        _add_section(column, LeafletSection(words.phrase("sources"), leaflet.sources), ink)
    column.space(0.8)
    for text in (leaflet.made, *(note for _, note in leaflet.drafts)):
        column.words(plain_text(text), colour=_QUIET)
    return column


def _add_section(column: Column, section: LeafletSection, ink: str) -> None:
    column.space(1.4)
    column.words(plain_text(section.title), larger=1.4, bold=True, colour=ink, keeps=True)
    column.items.append(_rule(column))
    for sentence in section.sentences:
        column.space(0.3)
        column.words(plain_text(sentence), colour=ink)
    for line in section.lines:
        column.space(0.6)
        _add_line(column, line, ink)


def _rule(column: Column) -> Item:
    def draw(x: float, y: float) -> None:
        column.paper.rectangle(x, y + 0.6, x + column.width, y + 0.9, Ink("#8b8b86"))

    return Item(1.6, draw, keeps=True)


def _add_line(column: Column, line: LeafletLine, ink: str) -> None:
    told = [line.value] if line.value else []
    told += [f"{one.words} ({one.added})" if one.added else one.words for one in line.said]
    column.words(plain_text(line.label), bold=True, colour=ink, keeps=bool(told or line.note))
    for place, words in enumerate(told, start=1):
        column.words(plain_text(words), larger=1.15, colour=ink, keeps=bool(line.note) and place == len(told))
    if line.note:
        column.words(plain_text(line.note), larger=0.85, colour=_QUIET)


def _draw_foot(paper: Paper, plan: _Plan, said: str) -> None:
    size_pt = 0.8 * plan.letters_pt
    line = paper.wrap(plain_text(said), width_mm=plan.width_mm - 2 * MARGIN_MM, size_pt=size_pt)[0]
    start = plan.width_mm - MARGIN_MM if paper.rtl else MARGIN_MM
    paper.text(start, plan.height_mm - MARGIN_MM, line, size_pt=size_pt, colour=_QUIET, align="start")
