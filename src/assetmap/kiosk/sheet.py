"""Printed sheets: vector PDF, the description that reading needs, and a clean raster to match photographs to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import shapely

from assetmap.files import write_aside
from assetmap.kiosk.extra import require_extra
from assetmap.kiosk.identity import marker_ids, set_key, sheet_id
from assetmap.kiosk.sheet_layout import marker_corners
from assetmap.kiosk.sheet_map import SheetGround, draw_map, draw_markers, write_neighbours
from assetmap.kiosk.sheet_pack import draw_pack
from assetmap.kiosk.sheet_panel import PanelWords, draw_panel
from assetmap.kiosk.spec import DICTIONARY, MM_PER_INCH, Marker, Pen, SheetSpec, write_spec
from assetmap.kiosk.tiling import Tiling
from assetmap.paper.page import Paper, open_paper
from assetmap.words import Words

__all__ = ["SheetSet", "describe_sheets", "write_sheet"]

QR_PREFIX = "ASSETMAP:"


@dataclass(frozen=True)
class SheetSet:
    """Sheets that are made together.

    Parameters
    ----------
    study, contact, credits
        The study's name, whom to tell what should go, and where the ground's data come from.
    crs
        The reference system of the ground and of the tiling, such as ``EPSG:27700``.
    ground
        What the sheets show.
    tiling
        Their size, scale and bounds.
    pens
        What the pens mean.
    words
        The language.
    """

    study: str
    contact: str
    credits: str
    crs: str
    ground: SheetGround
    tiling: Tiling
    pens: tuple[Pen, ...]
    words: Words


def describe_sheets(sheets: SheetSet) -> tuple[SheetSpec, ...]:
    """Return what each sheet of a set is, before it is drawn."""
    tiling, layout = sheets.tiling, sheets.tiling.layout
    key = set_key(_drawn(sheets))
    corners = marker_corners(layout)
    specs = []
    for number, bounds in enumerate(tiling.bounds, start=1):
        name = sheet_id(key, number)
        ids = marker_ids(key, number, layout.marker_count)
        specs.append(
            SheetSpec(
                sheet_id=name,
                study=sheets.study,
                number=number,
                size=layout.size,
                paper_mm=(layout.width, layout.height),
                scale=tiling.scale,
                crs=sheets.crs,
                frame_mm=layout.frame,
                bounds=bounds,
                dictionary=DICTIONARY,
                markers=tuple(Marker(each, four) for each, four in zip(ids, corners, strict=True)),
                qr_mm=layout.qr,
                qr_text=f"{QR_PREFIX}{name}",
                legend=sheets.pens,
                clean=f"{name}.png",
                clean_dpi=layout.plan.clean_px_per_mm * MM_PER_INCH,
            )
        )
    return tuple(specs)


def _drawn(sheets: SheetSet) -> list[object]:
    """Return everything that a set's sheets show, for its key."""
    ground, tiling = sheets.ground, sheets.tiling
    return [
        [sheets.study, sheets.contact, sheets.credits, sheets.crs, sheets.words.language],
        [tiling.layout.size, tiling.scale, tiling.bounds],
        [[pen.pen, pen.rgb, pen.theme, pen.sentiment, pen.kind] for pen in sheets.pens],
        [ground.numbered, [list(landmark) for landmark in ground.landmarks]],
        shapely.to_wkb(ground.boundary.geometry.to_numpy(), hex=True).tolist(),
        shapely.to_wkb(ground.base.geometry.to_numpy(), hex=True).tolist(),
        ground.base["kind"].tolist(),
        [str(name) for name in ground.base["name"].fillna("")],
    ]


def write_sheet(folder: Path, sheets: SheetSet, spec: SheetSpec) -> int:
    """Write ``<sheet_id>.pdf``, ``.png`` and, last, ``.json``; a pack of A4 pages beside larger paper.

    Parameters
    ----------
    folder
        Where they go.
    sheets, spec
        The set, and one of its sheets as `describe_sheets` returns it.

    Returns
    -------
    int
        How many names on the map no font of ours can write.

    Raises
    ------
    UsageError
        If the words don't fit, the extra ``[kiosk]`` isn't installed, or a file can't be written.
    InputError
        If no font has a character of the sheet's words.
    """
    require_extra()
    with _open(folder / f"{spec.sheet_id}.pdf", sheets, spec) as paper:
        unwritten = _draw_sheet(paper, sheets, spec)
    if spec.size != "A4":
        _write_pack(folder / f"{spec.sheet_id}-a4.pdf", sheets, spec)
    _write_clean(folder, spec)
    write_spec(folder / f"{spec.sheet_id}.json", spec)
    return unwritten


@contextmanager
def _open(path: Path, sheets: SheetSet, spec: SheetSpec) -> Iterator[Paper]:
    """Open a PDF of a sheet's size in the set's language."""
    words = sheets.words
    with open_paper(
        path,
        width_mm=spec.paper_mm[0],
        height_mm=spec.paper_mm[1],
        title=f"{sheets.study}: {words.phrase('paper_sheet', sheet=spec.sheet_id)}",
        language=words.language,
        rtl=words.direction == "rtl",
    ) as paper:
        yield paper


def _draw_sheet(paper: Paper, sheets: SheetSet, spec: SheetSpec) -> int:
    tiling, words = sheets.tiling, sheets.words
    beside = tiling.neighbours(spec.number)
    unwritten = draw_map(
        paper,
        tiling.layout,
        sheets.ground,
        bounds=spec.bounds,
        scale=spec.scale,
        beside=[tiling.bounds[number - 1] for number in beside.values()],
    )
    draw_markers(paper, spec.markers)
    hints = {side: words.phrase("sheet_goes_on", n=number) for side, number in beside.items()}
    write_neighbours(paper, tiling.layout, hints)
    said = PanelWords(
        spec.sheet_id,
        sheets.study,
        spec.number,
        len(tiling.bounds),
        spec.scale,
        sheets.contact,
        sheets.credits,
        spec.legend,
        spec.qr_text,
    )
    draw_panel(paper, tiling.layout, said, words)
    return unwritten


def _write_pack(path: Path, sheets: SheetSet, spec: SheetSpec) -> None:
    with _open(path, sheets, spec) as paper:
        with paper.kept("sheet"):
            _draw_sheet(paper, sheets, spec)
        draw_pack(paper, "sheet", spec, sheets.words)


def _write_clean(folder: Path, spec: SheetSpec) -> None:
    """Draw the PDF's own page as pixels."""
    import pypdfium2

    with pypdfium2.PdfDocument(folder / f"{spec.sheet_id}.pdf") as document:
        # pdfium rounds the size up and stretches the page to it: a hair less, and a whole number stays as it is.
        picture = document[0].render(scale=spec.clean_dpi / 72 * (1 - 1e-6)).to_pil().convert("RGB")
    with write_aside(folder / spec.clean) as aside:
        picture.save(aside, dpi=(spec.clean_dpi, spec.clean_dpi))
