"""The words beside a sheet's map: what it is, what the pens mean, what marks are for, who was there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assetmap.errors import UsageError
from assetmap.kiosk.pens import USUAL_PHRASES
from assetmap.kiosk.sheet_layout import QR_CELLS, SheetLayout
from assetmap.kiosk.spec import Pen
from assetmap.paper.column import LEADING, Column
from assetmap.paper.furniture import draw_north_arrow, draw_qr, draw_scale_bar
from assetmap.paper.page import MM_PER_PT, Ink, Paper
from assetmap.words import Words
from assetmap.words.catalogue import DRAFT

__all__ = ["PanelWords", "draw_panel"]

INK, QUIET, RULE = "#2a2824", "#5c554a", "#8b8b86"
_LETTERS = (1.3, 1.2, 1.1, 1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64)
"""Sizes of letters that are tried, as multiples of the usual one: the first that fits is taken."""


@dataclass(frozen=True)
class PanelWords:
    """What a sheet says."""

    sheet_id: str
    study: str
    number: int
    total: int
    scale: float
    contact: str
    credits: str
    legend: tuple[Pen, ...]
    qr_text: str


def draw_panel(paper: Paper, layout: SheetLayout, said: PanelWords, words: Words) -> None:
    """Draw the panel, in letters as large as there is room for.

    Raises
    ------
    UsageError
        If its words don't fit.
    """
    left, top, right, bottom = layout.panel
    qr_left, qr_top, _, _ = layout.qr
    quiet = 4 * layout.plan.qr / QR_CELLS
    id_pt = layout.plan.letters_pt * 1.5
    ends = qr_top - quiet - id_pt * MM_PER_PT * LEADING
    paper.text(
        qr_left + layout.plan.qr / 2,
        qr_top - quiet,
        said.sheet_id,
        size_pt=id_pt,
        colour=INK,
        bold=True,
        align="middle",
    )
    draw_qr(paper, said.qr_text, qr_left, qr_top, side_mm=layout.plan.qr)
    parts = (
        [[_title, _scale, _how], [_pens, _session], [_purpose]]
        if layout.portrait
        else [[_title, _scale, _pens, _how, _purpose, _session]]
    )
    gap = 6.0
    width = (right - left - gap * (len(parts) - 1)) / len(parts)
    rooms = [bottom - top] * (len(parts) - 1) + [ends - top]
    for times in _LETTERS:
        columns = []
        for blocks in parts:
            column = Column(paper, width, layout.plan.letters_pt * times)
            for block in blocks:
                block(column, said, words)
            columns.append(column)
        if all(column.height <= room for column, room in zip(columns, rooms, strict=True)):
            order = columns[:-1][::-1] + columns[-1:] if paper.rtl else columns
            for place, column in enumerate(order):
                column.draw(left + place * (width + gap), top)
            return
    raise UsageError(
        f"the words of the sheet don't fit on {layout.size}: shorten the study's name or contact, or the themes of its "
        "pens, or use larger paper."
    )


def _title(column: Column, said: PanelWords, words: Words) -> None:
    column.words(said.study, larger=1.7, bold=True, colour=INK)
    if said.total > 1:
        column.words(words.phrase("sheet_of", n=said.number, total=said.total), larger=1.2, bold=True, colour=INK)
    column.space(0.8)


def _scale(column: Column, said: PanelWords, words: Words) -> None:
    letters = column.letters_mm
    tall = 4.2 * letters

    def draw(x: float, y: float) -> None:
        arrow = x + letters if column.paper.rtl else x + column.width - letters
        draw_north_arrow(column.paper, arrow, y, height_mm=tall, ink=INK, words=words)
        bar = x + 4 * letters if column.paper.rtl else x + letters
        draw_scale_bar(
            column.paper,
            bar,
            y + 1.6 * letters,
            scale=said.scale,
            longest_mm=column.width - 6 * letters,
            ink=INK,
            size_pt=round(0.8 * column.letters_pt, 2),
            words=words,
        )

    column.add(tall, draw)
    column.words(words.phrase("paper_scale", n=said.scale), larger=0.85, colour=QUIET)
    column.space(0.8)


def _pens(column: Column, said: PanelWords, words: Words) -> None:
    column.words(words.phrase("paper_pens"), larger=1.15, bold=True, colour=INK)
    column.space(0.3)
    letters = column.letters_mm
    for pen in said.legend:
        column.add(0.0, _swatch(column, pen, letters))
        phrase = USUAL_PHRASES.get(pen.theme)
        column.words(words.phrase(phrase) if phrase else pen.theme, larger=1.1, indent=4.2 * letters, colour=INK)
        column.space(0.25)
    column.space(0.8)


def _swatch(column: Column, pen: Pen, letters: float) -> Callable[[float, float], None]:
    colour = "#{:02x}{:02x}{:02x}".format(*pen.rgb)
    ink = Ink(None, colour, (0.16 if pen.pen == "pencil" else 0.4) * letters, round_ends=True)

    def draw(x: float, y: float) -> None:
        import numpy as np

        start = x + column.width - 3.2 * letters if column.paper.rtl else x + 0.3 * letters
        column.paper.draw(
            [np.array([[start, y + 0.75 * letters], [start + 2.9 * letters, y + 0.75 * letters]])], ink, closed=False
        )

    return draw


def _how(column: Column, said: PanelWords, words: Words) -> None:
    column.words(words.phrase("paper_draw"), larger=1.15, bold=True, colour=INK)
    column.words(words.phrase("sheet_how"), colour=INK)
    column.words(words.phrase("paper_corners"), colour=INK)
    column.space(0.8)


def _purpose(column: Column, said: PanelWords, words: Words) -> None:
    column.words(words.phrase("sheet_purpose", study=said.study), colour=INK)
    column.space(0.4)
    if said.contact:
        column.words(words.phrase("sheet_remove", contact=said.contact, sheet=said.sheet_id), colour=INK)
    else:
        column.words(words.phrase("sheet_remove_here", sheet=said.sheet_id), colour=INK)
    column.space(0.4)
    draft = words.phrase("draft") if words.status == DRAFT else ""
    for credit in filter(None, [said.credits, draft]):
        column.words(credit, larger=0.8, colour=QUIET)
    column.space(0.8)


def _session(column: Column, said: PanelWords, words: Words) -> None:
    labels: Sequence[str] = ("sheet_session", "sheet_date", "sheet_facilitator")
    letters = column.letters_mm

    def rule(x: float, y: float) -> None:
        column.paper.rectangle(x, y, x + column.width, y + 0.2, Ink(RULE))

    for label in labels:
        column.space(1.9)
        column.add(0.25 * letters, rule)
        column.words(words.phrase(label), larger=0.8, colour=QUIET)
