"""Scale bar, north arrow and square codes on paper."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from assetmap.cartography.scale import scale_length, scale_words
from assetmap.paper.page import Ink, Paper
from assetmap.words import Words

__all__ = ["draw_cells", "draw_north_arrow", "draw_qr", "draw_scale_bar"]


def draw_scale_bar(
    paper: Paper, x: float, y: float, *, scale: float, longest_mm: float, ink: str, size_pt: float, words: Words
) -> float:
    """Draw a scale bar in four parts whose left end stands at `x`, `y` (mm), and return its length in mm."""
    length_m = scale_length(longest_mm * scale / 1000)
    length = length_m * 1000 / scale
    for part in range(4):
        fill = ink if part % 2 == 0 else "#ffffff"
        paper.rectangle(x + part * length / 4, y, x + (part + 1) * length / 4, y + 1.6, Ink(fill, ink, 0.2))
    for share in (0, 0.5, 1):
        said = scale_words(share * length_m, words) if share else words.number(0)
        paper.text(x + share * length, y - 1, said, size_pt=size_pt, colour=ink, align="middle")
    return length


def draw_north_arrow(paper: Paper, x: float, y: float, *, height_mm: float, ink: str, words: Words) -> None:
    """Draw a north arrow whose tip stands at `x`, `y` (mm), with its letter below."""
    wide, deep = 0.5 * height_mm, 0.72 * height_mm
    outline = np.array([[0, 0], [wide / 2, deep], [0, 0.75 * deep], [-wide / 2, deep]])
    paper.draw([outline + np.array([x, y])], Ink(ink))
    letter = words.phrase("north_letter")
    paper.text(x, y + height_mm, letter, size_pt=height_mm * 0.3 / 0.3528, colour=ink, bold=True, align="middle")


def draw_cells(paper: Paper, cells: NDArray[np.bool_], left: float, top: float, *, cell_mm: float) -> None:
    """Draw a grid's dark cells in black as one shape, without seams between them."""
    rows, columns = np.nonzero(cells)
    whole = shapely.union_all(shapely.box(columns, rows, columns + 1, rows + 1))
    rings = shapely.get_rings(shapely.get_parts(whole))
    paper.draw([shapely.get_coordinates(ring)[:-1] * cell_mm + np.array([left, top]) for ring in rings], Ink("#000000"))


def draw_qr(paper: Paper, text: str, left: float, top: float, *, side_mm: float) -> None:
    """Draw a QR code of level Q without its quiet zone of four cells, which the caller leaves white."""
    import segno

    code = segno.make_qr(text, error="q", boost_error=False)
    cells = np.array([[bool(cell) for cell in row] for row in code.matrix])
    draw_cells(paper, cells, left, top, cell_mm=side_mm / len(cells))
