"""A large sheet as a pack of A4 pages at true scale, to be trimmed and joined."""

from __future__ import annotations

import math

import numpy as np

from assetmap.kiosk.spec import SheetSpec
from assetmap.paper.page import LANDSCAPE_MM, Ink, Paper
from assetmap.words import Words

__all__ = ["draw_pack"]

MARGIN_MM = 10.0
_MARK_MM = 6.0
_INK = "#5c554a"


def draw_pack(paper: Paper, kept: str, spec: SheetSpec, words: Words) -> None:
    """Draw a kept sheet piece by piece on A4 pages, each with trim marks and its place in the whole.

    Parameters
    ----------
    paper
        A document without a page yet.
    kept
        The name under which the sheet was kept.
    spec
        The sheet.
    words
        The language of the pages' notes.
    """
    wide, tall = _page(spec)
    shown = wide - 2 * MARGIN_MM, tall - 2 * MARGIN_MM
    columns, rows = (math.ceil(side / part - 1e-6) for side, part in zip(spec.paper_mm, shown, strict=True))
    for number in range(columns * rows):
        row, column = divmod(number, columns)
        if number:
            paper.next_page()
        else:
            paper.turn_to(wide, tall)
        left, top = MARGIN_MM - column * shown[0], MARGIN_MM - row * shown[1]
        with paper.clipped(MARGIN_MM, MARGIN_MM, wide - MARGIN_MM, tall - MARGIN_MM):
            paper.again(kept, left=left, top=top, height_mm=spec.paper_mm[1])
        _draw_trim_marks(paper, wide, tall)
        place = words.phrase("paper_page", n=number + 1, total=columns * rows)
        note = f"{spec.sheet_id} · {place} · {chr(ord('A') + row)}{column + 1}"
        paper.text(wide / 2, tall - MARGIN_MM / 2 + 1, note, size_pt=8, colour=_INK, align="middle")


def _page(spec: SheetSpec) -> tuple[float, float]:
    """Return A4 the way round that needs fewer pages."""
    long, short = LANDSCAPE_MM["A4"]

    def pages(size: tuple[float, float]) -> int:
        return math.prod(
            math.ceil(side / (part - 2 * MARGIN_MM) - 1e-6) for side, part in zip(spec.paper_mm, size, strict=True)
        )

    return min([(float(long), float(short)), (float(short), float(long))], key=pages)


def _draw_trim_marks(paper: Paper, wide: float, tall: float) -> None:
    ink = Ink(None, _INK, 0.2)
    for x, outward_x in ((MARGIN_MM, -1), (wide - MARGIN_MM, 1)):
        for y, outward_y in ((MARGIN_MM, -1), (tall - MARGIN_MM, 1)):
            flat = np.array([[x + outward_x, y], [x + outward_x * _MARK_MM, y]])
            upright = np.array([[x, y + outward_y], [x, y + outward_y * _MARK_MM]])
            paper.draw([flat, upright], ink, closed=False)
