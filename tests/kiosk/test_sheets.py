"""Printed sheets of every size: what stands where, how they tile, and what the PDFs hold when they are read back."""

from __future__ import annotations

import itertools
import json
import math
import shutil
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
import shapely
import zxingcpp
from PIL import Image

from assetmap import create_demo
from assetmap.errors import UsageError
from assetmap.kiosk.sheet_layout import BORDER_MM, lay_out, marker_corners
from assetmap.kiosk.spec import read_spec
from assetmap.kiosk.tiling import OVERLAP_MM, tile
from tests.cli.program import run_here

SIZES = ("A4", "A3", "A2", "A1", "A0")
MM_PER_PT = 25.4 / 72


@pytest.mark.parametrize(("size", "portrait"), list(itertools.product(SIZES, (False, True))))
def test_nothing_on_a_sheet_stands_on_anything_else(size, portrait):
    layout = lay_out(size, portrait=portrait)
    paper = shapely.box(0, 0, layout.width, layout.height).buffer(-BORDER_MM + 0.01, join_style="mitre")
    markers = [shapely.Polygon(corners) for corners in marker_corners(layout)]
    assert len(markers) == layout.marker_count
    frame, panel, qr = (shapely.box(*box) for box in (layout.frame, layout.panel, layout.qr))
    assert all(marker.within(paper) for marker in markers)
    assert panel.within(paper)
    assert qr.within(panel)
    for one, other in itertools.combinations([frame, panel, *markers], 2):
        assert one.distance(other) > 1
    assert layout.qr[2] - layout.qr[0] >= 30  # a 22 mm code couldn't be read in photographs of whole sheets


def test_larger_paper_has_more_markers_and_a_larger_code():
    layouts = [lay_out(size, portrait=False) for size in SIZES]
    assert [layout.marker_count for layout in layouts] == [8, 12, 16, 24, 32]
    codes = [layout.qr[2] - layout.qr[0] for layout in layouts]
    assert codes == sorted(set(codes))


def test_three_sheets_hold_a_neighbourhood_and_overlap():
    area = (0.0, 0.0, 3000.0, 600.0)
    tiling = tile(area, size="A2", scale=2500, sheets=3)
    boxes = [shapely.box(*bounds) for bounds in tiling.bounds]
    assert shapely.union_all(boxes).contains(shapely.box(*area))
    for left, right in itertools.pairwise(boxes):
        shared = left.intersection(right)
        assert shared.bounds[2] - shared.bounds[0] >= OVERLAP_MM * 2.5
    assert sorted(tiling.neighbours(2).values()) == [1, 3]


def test_what_does_not_fit_says_what_would():
    with pytest.raises(UsageError, match=r"say --sheets \d+ or --scale \d+") as caught:
        tile((0, 0, 2000, 2000), size="A3", scale=2500, sheets=1)
    number = int(str(caught.value).split("--sheets ")[1].split()[0])
    assert len(tile((0, 0, 2000, 2000), size="A3", scale=2500, sheets=number).bounds) == number
    with pytest.raises(UsageError, match="one A0 sheet at 1:2,500 shows all of it: leave --sheets out"):
        tile((0, 0, 500, 500), size="A0", scale=2500, sheets=3)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sheets") / "demo"
    create_demo(folder)
    return folder


def words_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.fixture(scope="module")
def numbered(demo: Path) -> tuple[Path, str]:
    """The demo's sheet on A2 at 1:4,000 by number, and its name."""
    run_here("kiosk", "sheet", demo, "--size", "A2", "--scale", 4000, "--numbered", "--quiet").worked()
    (spec,) = (demo / "kiosk/sheets").glob("*.json")
    return spec.parent, spec.stem


def test_the_sheet_says_what_it_should(numbered):
    folder, name = numbered
    said = " ".join(words_of(folder / f"{name}.pdf").split())
    for words in (
        "Tidewell Basin (fictional)", "Scale 1 : 4,000", "What the colours of the pens mean", "I love this place",
        "Draw and write on this map", "To have a mark removed", "Session", "Date", "Facilitator", "Market Street", name,
        "OpenStreetMap contributors",
    ):  # fmt: skip
        assert words in said, words


def test_the_clean_raster_shows_the_code_and_every_marker_where_the_description_says(numbered):
    folder, name = numbered
    spec = read_spec(folder / f"{name}.json")
    with Image.open(folder / spec.clean) as picture:
        clean = np.asarray(picture.convert("L"))
        (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert code.text == spec.qr_text
    assert [clean.shape[1], clean.shape[0]] == pytest.approx([side / 25.4 * spec.clean_dpi for side in spec.paper_mm])
    found = cv2.aruco.ArucoDetector(
        cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, spec.dictionary))
    ).detectMarkers(clean)
    seen = {int(number): corners[0] for number, corners in zip(found[1].ravel(), found[0], strict=True)}
    assert set(seen) == {marker.id for marker in spec.markers}
    for marker in spec.markers:
        expected = np.array(marker.corners_mm) * spec.clean_dpi / 25.4
        assert np.abs(seen[marker.id] - expected).max() < 2  # pixels, 0.25 mm


def test_the_numbers_have_a_list(numbered, demo: Path):
    folder, name = numbered
    listed = words_of(folder / f"{name.partition('-')[0]}-places.pdf")
    assert "The numbered places" in listed
    numbers = {int(word) for word in listed.split() if word.isdigit()}
    shown = {int(word) for word in words_of(folder / f"{name}.pdf").split() if word.isdigit()}
    assert numbers == set(range(1, 48))
    assert len(shown & numbers) > 35  # where they crowd, some have no room
    for place in ("Kingfisher Park", "Tidewell Library", "Place of worship"):
        assert place in listed


def test_the_pack_holds_the_sheet_at_true_scale(numbered):
    folder, name = numbered
    spec = read_spec(folder / f"{name}.json")
    with pypdfium2.PdfDocument(folder / f"{name}-a4.pdf") as document:
        sizes = [sorted(side * MM_PER_PT for side in page.get_size()) for page in document]
    assert all(size == pytest.approx([210, 297], abs=0.5) for size in sizes)
    room = (210 - 20) * (297 - 20)
    assert len(sizes) * room >= math.prod(spec.paper_mm)
    assert len(sizes) <= 9  # A2 on A4 pages with 10 mm of margin: 3 x 3 at most


@pytest.mark.parametrize(("language", "font"), [("bn", "Siliguri"), ("ur", "Arabic")])
def test_sheets_in_other_scripts(demo: Path, tmp_path: Path, language, font):
    folder = Path(shutil.copytree(demo, tmp_path / "demo", ignore=shutil.ignore_patterns("kiosk")))
    run_here("kiosk", "sheet", folder, "--size", "A1", "--language", language, "--quiet").worked()
    (spec,) = (folder / "kiosk/sheets").glob("*.json")
    with pypdfium2.PdfDocument(spec.with_suffix(".pdf")) as document:
        fonts = {item.get_font().get_base_name() for item in document[0].get_objects() if hasattr(item, "get_font")}
    assert any(font in name for name in fonts), fonts


def test_a_language_that_cannot_be_written_leaves_no_sheet(demo: Path, tmp_path: Path):
    folder = Path(shutil.copytree(demo, tmp_path / "demo", ignore=shutil.ignore_patterns("kiosk")))
    settings = folder / "assetmap.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("Tidewell Basin", "ሰላም Basin"), encoding="utf-8")
    run_here("kiosk", "sheet", folder, "--size", "A1", "--quiet").refused(3, "no font here has 'ሰ'", "Noto Sans")
    run_here("kiosk", "sheet", folder, "--size", "A1", "--language", "xx").refused(2, "no catalogue", "en, bn")
    assert not list(folder.glob("kiosk/sheets/*"))


def test_printed_again_a_sheet_is_the_same(numbered, demo: Path):
    folder, name = numbered
    before = json.loads((folder / f"{name}.json").read_text())
    run_here("kiosk", "sheet", demo, "--size", "A2", "--scale", 4000, "--numbered", "--quiet").worked()
    assert json.loads((folder / f"{name}.json").read_text()) == before
