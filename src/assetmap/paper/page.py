"""A PDF drawn in millimetres from the paper's top left, y down: vectors and embedded fonts alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from assetmap.encode import plain_text
from assetmap.files import write_aside
from assetmap.paper.fonts import Fonts
from assetmap.paper.lines import TextLine, set_line, wrap_text

__all__ = ["LANDSCAPE_MM", "MM_PER_PT", "Ink", "Paper", "open_paper"]

PT_PER_MM = 72 / 25.4
MM_PER_PT = 25.4 / 72
LANDSCAPE_MM = {"A0": (1189, 841), "A1": (841, 594), "A2": (594, 420), "A3": (420, 297), "A4": (297, 210)}
"""Width and height of paper on its longer side (ISO 216)."""

Align = Literal["start", "left", "middle", "right", "end"]
Points = NDArray[np.float64]


@dataclass(frozen=True)
class Ink:
    """How an outline is filled and drawn; colours as ``#rrggbb``, widths in millimetres."""

    fill: str | None = None
    line: str | None = None
    width_mm: float = 0.2
    dash_mm: tuple[float, ...] = ()
    round_ends: bool = False
    opacity: float = 1.0
    """Of the fill."""


class Paper:
    """A PDF document in the making. Made by `open_paper`.

    Parameters
    ----------
    canvas
        A reportlab canvas.
    fonts
        The document's fonts.
    width_mm, height_mm
        The size of its pages.
    rtl
        Whether its language runs from right to left.
    """

    def __init__(self, canvas: Any, fonts: Fonts, *, width_mm: float, height_mm: float, rtl: bool = False) -> None:
        self.width_mm = width_mm
        self.height_mm = height_mm
        self.rtl = rtl
        self._canvas = canvas
        self._fonts = fonts

    def _pt(self, points: Points) -> list[list[float]]:
        """Return points (n x 2, mm) in PDF's points from the bottom left."""
        flipped = np.column_stack([points[:, 0], self.height_mm - points[:, 1]]) * PT_PER_MM
        rounded: list[list[float]] = np.round(flipped, 2).tolist()
        return rounded

    def draw(self, pieces: Sequence[Points], ink: Ink, *, closed: bool = True) -> None:
        """Draw outlines (each n x 2, mm) as one shape, filled by the even-odd rule."""
        path = self._canvas.beginPath()
        for piece in pieces:
            (x, y), *rest = self._pt(np.asarray(piece, dtype="float64"))
            path.moveTo(x, y)
            for x, y in rest:
                path.lineTo(x, y)
            if closed:
                path.close()
        self._paint(path, ink)

    def _paint(self, path: Any, ink: Ink) -> None:
        canvas = self._canvas
        if ink.fill is not None:
            canvas.setFillColor(ink.fill, alpha=ink.opacity if ink.opacity < 1 else None)
        if ink.line is not None:
            canvas.setStrokeColor(ink.line)
            canvas.setLineWidth(round(ink.width_mm * PT_PER_MM, 3))
            canvas.setLineCap(1 if ink.round_ends else 0)
            canvas.setLineJoin(1 if ink.round_ends else 0)
            canvas.setDash([round(part * PT_PER_MM, 3) for part in ink.dash_mm])
        canvas.drawPath(path, stroke=int(ink.line is not None), fill=int(ink.fill is not None), fillMode=0)
        if ink.opacity < 1:
            canvas.setFillAlpha(1)

    def rectangle(self, left: float, top: float, right: float, bottom: float, ink: Ink, *, round_mm: float = 0) -> None:
        """Draw a rectangle."""
        path = self._canvas.beginPath()
        (x, y), (x1, y1) = self._pt(np.array([[left, bottom], [right, top]]))
        if round_mm:
            path.roundRect(x, y, x1 - x, y1 - y, round_mm * PT_PER_MM)
        else:
            path.rect(x, y, x1 - x, y1 - y)
        self._paint(path, ink)

    def circle(self, x: float, y: float, radius_mm: float, ink: Ink) -> None:
        """Draw a circle."""
        path = self._canvas.beginPath()
        ((x, y),) = self._pt(np.array([[x, y]]))
        path.circle(x, y, radius_mm * PT_PER_MM)
        self._paint(path, ink)

    @contextmanager
    def clipped(self, left: float, top: float, right: float, bottom: float) -> Iterator[None]:
        """Draw within a rectangle alone."""
        path = self._canvas.beginPath()
        (x, y), (x1, y1) = self._pt(np.array([[left, bottom], [right, top]]))
        path.rect(x, y, x1 - x, y1 - y)
        self._canvas.saveState()
        self._canvas.clipPath(path, stroke=0, fill=0)
        yield
        self._canvas.restoreState()

    def set_line(self, text: str, *, size_pt: float, bold: bool = False) -> TextLine:
        """Return a line in the document's fonts; see `paper.lines.set_line`."""
        return set_line(self._fonts, plain_text(text), size_pt=size_pt, bold=bold, rtl=self.rtl)

    def wrap(self, text: str, *, width_mm: float, size_pt: float, bold: bool = False) -> list[TextLine]:
        """Return a text as lines no wider than a column."""
        width_pt = width_mm * PT_PER_MM
        return wrap_text(self._fonts, plain_text(text), width_pt=width_pt, size_pt=size_pt, bold=bold, rtl=self.rtl)

    def text(
        self,
        x: float,
        y: float,
        line: TextLine | str,
        *,
        size_pt: float,
        colour: str,
        bold: bool = False,
        align: Align = "left",
        turn: float = 0.0,
        halo: str | None = None,
    ) -> None:
        """Write one line.

        Parameters
        ----------
        x, y
            Where it is aligned, on its base line, mm.
        line
            The line, as `set_line` gave it for the same size and weight, or plain text.
        size_pt, colour, bold
            How it is written.
        align
            Which part of it stands at `x`; ``start`` is the side on which one begins to read.
        turn
            Degrees clockwise.
        halo
            The colour of a thin edge around its letters.
        """
        placed = line if isinstance(line, TextLine) else self.set_line(line, size_pt=size_pt, bold=bold)
        ((x_pt, y_pt),) = self._pt(np.array([[x, y]]))
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(x_pt, y_pt)
        if turn:
            canvas.rotate(-round(turn, 2))
        offset = -placed.width_pt * self._share_left(align)
        if placed.reordered:
            canvas.addLiteral(f"/Span <</ActualText <{_hex(placed.text)}>>> BDC")
        if halo is not None:
            self._write_edge(placed, offset, size_pt, halo)
        canvas.setFillColor(colour)
        self._write(placed, offset, size_pt)
        if placed.reordered:
            canvas.addLiteral("EMC")
        canvas.restoreState()

    def _share_left(self, align: Align) -> float:
        if align in ("start", "end"):
            align = "right" if (align == "start") == self.rtl else "left"
        return {"left": 0.0, "middle": 0.5, "right": 1.0}[align]

    def _write_edge(self, line: TextLine, offset: float, size_pt: float, colour: str) -> None:
        """Write the outlines of letters alone."""
        canvas = self._canvas
        canvas.saveState()
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(round(size_pt * 0.22, 2))
        canvas.setLineJoin(1)
        canvas.setDash([])
        self._write(line, offset, size_pt, mode=1)
        canvas.restoreState()

    def _write(self, line: TextLine, offset: float, size_pt: float, *, mode: int | None = None) -> None:
        for run in line.runs:
            text = self._canvas.beginText(round(offset, 3), 0)
            text.setFont(run.font, size_pt)
            if mode is not None:
                text.setTextRenderMode(mode)
            text.textOut(run.glyphs)
            self._canvas.drawText(text)
            offset += run.width_pt

    @contextmanager
    def kept(self, name: str) -> Iterator[None]:
        """Keep what is drawn under a name, to be drawn once or often by `again`; nothing is drawn yet."""
        self._canvas.beginForm(name, 0, 0, self.width_mm * PT_PER_MM, self.height_mm * PT_PER_MM)
        yield
        self._canvas.endForm()

    def again(self, name: str, *, left: float, top: float, height_mm: float) -> None:
        """Draw what was kept under a name, with its top left at `left`, `top`; `height_mm` is its paper's height."""
        self._canvas.saveState()
        self._canvas.translate(left * PT_PER_MM, (self.height_mm - top - height_mm) * PT_PER_MM)
        self._canvas.doForm(name)
        self._canvas.restoreState()

    def next_page(self, *, width_mm: float | None = None, height_mm: float | None = None) -> None:
        """End this page and begin another, of another size if one is given."""
        self._canvas.showPage()
        self.turn_to(width_mm or self.width_mm, height_mm or self.height_mm)

    def turn_to(self, width_mm: float, height_mm: float) -> None:
        """Give the page that has just begun another size."""
        self.width_mm, self.height_mm = width_mm, height_mm
        self._canvas.setPageSize((width_mm * PT_PER_MM, height_mm * PT_PER_MM))


def _hex(text: str) -> str:
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex()


@contextmanager
def open_paper(
    path: Path, *, width_mm: float, height_mm: float, title: str, language: str = "en", rtl: bool = False
) -> Iterator[Paper]:
    """Give a PDF to draw on; it is put in place when all went well. One document is made at a time.

    Parameters
    ----------
    path
        Where the PDF goes.
    width_mm, height_mm
        The size of its first page.
    title, language
        For its metadata; the language as a code such as ``bn``.
    rtl
        Whether that language runs from right to left.

    Raises
    ------
    UsageError
        If the file can't be written.
    InputError
        If no font has a character of a text.
    """
    from reportlab.pdfgen.canvas import Canvas

    fonts = Fonts()
    with write_aside(path) as aside:
        canvas = Canvas(
            str(aside),
            pagesize=(width_mm * PT_PER_MM, height_mm * PT_PER_MM),
            pageCompression=1,
            invariant=1,
            lang=language,
            initialFontName=fonts.name("latin"),
        )
        canvas.setTitle(plain_text(title))
        canvas.setAuthor("assetmap")
        canvas.setCreator("assetmap")
        canvas.setSubject("")
        yield Paper(canvas, fonts, width_mm=width_mm, height_mm=height_mm, rtl=rtl)
        canvas.save()
