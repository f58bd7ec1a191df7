"""Photographs of known sheets: right within a metre, or refused in one line."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from assetmap.errors import InputError
from assetmap.kiosk.mark_tables import mark_tables
from assetmap.kiosk.printed import printed_map, printed_sheet
from assetmap.kiosk.reading import Reading, Refusal, Source, read_photographs, sheets_of
from assetmap.kiosk.register.control_points import read_control_points
from tests.kiosk import printing


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheets")
    printing.write_sheet(folder)
    return folder


@pytest.fixture(scope="module")
def paper(sheets: Path) -> np.ndarray:
    return printing.drawn_on(cv2.cvtColor(cv2.imread(str(sheets / "T7Q2-1.png")), cv2.COLOR_BGR2RGB))


def read(sheets: Path, *photos: Path) -> list[Reading | Refusal]:
    return list(read_photographs(photos, Source(sheets_of(sheets), sheets)))


def refusal(sheets: Path, photo: Path) -> str:
    (one,) = read(sheets, photo)
    assert isinstance(one, Refusal)
    assert "\n" not in one.reason
    return one.reason


def true_error_m(reading: Reading, to_photo: np.ndarray) -> float:
    """The 95th percentile of the registration's error over the map, against the photograph's own making."""
    x, y = np.meshgrid(np.linspace(20, 180, 15), np.linspace(20, 130, 12))
    grid = np.stack([x.ravel(), y.ravel()], axis=1) * printing.PX_PER_MM
    seen = reading.photographs[0].registration.bend.at(grid)
    flat = cv2.perspectiveTransform(seen.reshape(-1, 1, 2), np.linalg.inv(to_photo)).reshape(-1, 2)
    off = np.linalg.norm(printing.bent(reading.printed.clean, flat) - grid, axis=1)
    return float(np.percentile(off, 95)) * reading.printed.metres_per_px


@pytest.mark.parametrize("turn", [8.0, 180.0, -95.0])
def test_a_photograph_is_registered_whichever_way_up(tmp_path: Path, sheets: Path, paper: np.ndarray, turn: float):
    photo, to_photo = printing.photograph(paper, turn_deg=turn)
    (one,) = read(sheets, printing.write_photo(tmp_path / "photo.jpg", photo))
    assert isinstance(one, Reading)
    registration = one.photographs[0].registration
    assert registration.way == "markers"
    assert registration.error_m < 1
    assert true_error_m(one, to_photo) < 1


def test_marks_lie_on_the_ground_where_they_were_drawn(tmp_path: Path, sheets: Path, paper: np.ndarray):
    photo, _ = printing.photograph(paper)
    (one,) = read(sheets, printing.write_photo(tmp_path / "photo.jpg", photo))
    assert isinstance(one, Reading)
    tables = mark_tables(one, reading_id="r", sheet_id="T7Q2-1", session="S1")
    assert tables.ink.is_whole
    marks = tables.marks.set_index("pen_colour")
    ring = marks.loc["red"]
    assert (ring["kind"], ring["theme"], ring["sentiment"], ring["consent"]) == (
        "area", "needs to change", "negative", "unknown",
    )  # fmt: skip
    east, north = printing.WEST + (60 - 12) * 2.5, printing.NORTH - (60 - 12) * 2.5
    assert np.hypot(ring.geometry.centroid.x - east, ring.geometry.centroid.y - north) < 2
    line = marks.loc["blue"]
    assert line["kind"] == "line"
    assert abs(line.geometry.length - np.hypot(60, 10) * 2.5) < 8


def test_without_markers_a_sheet_is_known_by_its_print(tmp_path: Path, sheets: Path, paper: np.ndarray):
    plain = paper.copy()
    edge = round(11.5 * printing.PX_PER_MM)
    for margin in (np.s_[:edge], np.s_[-edge:], np.s_[:, :edge], np.s_[:, -edge:]):
        plain[margin] = 255
    photo, to_photo = printing.photograph(plain, turn_deg=175)
    (one,) = read(sheets, printing.write_photo(tmp_path / "photo.jpg", photo))
    assert isinstance(one, Reading)
    assert one.photographs[0].registration.way == "matching"
    assert true_error_m(one, to_photo) < 1


def test_what_is_no_photograph_of_the_sheet_is_refused(tmp_path: Path, sheets: Path, paper: np.ndarray):
    noise = np.random.default_rng(5).integers(0, 255, (900, 1200, 3), dtype=np.uint8)
    assert "none of this study's" in refusal(sheets, printing.write_photo(tmp_path / "noise.jpg", noise))
    other = printing.write_sheet(tmp_path / "others", "ABCD-1", seed=9, first_marker=500)
    photo, _ = printing.photograph(other)
    assert "another study's" in refusal(sheets, printing.write_photo(tmp_path / "other.jpg", photo))
    photo, _ = printing.photograph(paper)
    blurred = cv2.GaussianBlur(photo, (0, 0), 18)
    assert "blurred" in refusal(sheets, printing.write_photo(tmp_path / "blurred.jpg", blurred))
    grey = cv2.cvtColor(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    assert "has no colours" in refusal(sheets, printing.write_photo(tmp_path / "grey.jpg", grey))


def test_two_sheets_in_one_picture_are_refused(tmp_path: Path, sheets: Path, paper: np.ndarray):
    both = tmp_path / "both"
    first = printing.write_sheet(both)
    second = printing.write_sheet(both, "T7Q2-2", seed=2, first_marker=300)
    pair = np.concatenate([printing.photograph(sheet, turn_deg=2)[0] for sheet in (first, second)], axis=1)
    assert "shows 2 sheets" in refusal(both, printing.write_photo(tmp_path / "pair.jpg", pair))
    twice = np.concatenate([printing.photograph(first, turn_deg=2)[0]] * 2, axis=1)
    assert "twice" in refusal(both, printing.write_photo(tmp_path / "twice.jpg", twice))


def test_half_a_sheet_is_read_and_a_corner_of_it_refused(tmp_path: Path, sheets: Path, paper: np.ndarray):
    photo, _ = printing.photograph(paper, turn_deg=3)
    (half,) = read(sheets, printing.write_photo(tmp_path / "half.jpg", photo[:, :850]))
    assert isinstance(half, Reading)
    assert 0.3 < half.straightened.valid.mean() < 0.75
    assert (half.straightened.pixels[~half.straightened.valid] == 255).all()
    assert "third" in refusal(sheets, printing.write_photo(tmp_path / "corner.jpg", photo[:600, :700]))


def test_photographs_of_one_sheet_are_laid_together_and_copies_are_not(tmp_path: Path, sheets: Path, paper: np.ndarray):
    left, _ = printing.photograph(paper, turn_deg=3)
    right, _ = printing.photograph(paper, turn_deg=-4, seed=8)
    photos = [
        printing.write_photo(tmp_path / "left.jpg", left[:, :1050]),
        printing.write_photo(tmp_path / "right.jpg", right[:, 550:]),
    ]
    (one,) = read(sheets, *photos)
    assert isinstance(one, Reading)
    assert [photo.name for photo in one.photographs] == ["left.jpg", "right.jpg"]
    assert one.straightened.valid.mean() > 0.95
    assert sorted(mark.pen for mark in one.marks.marks if mark.kind in ("area", "line")) == ["blue", "red"]
    clean = cv2.cvtColor(cv2.imread(str(sheets / "T7Q2-1.png")), cv2.COLOR_BGR2RGB)
    cv2.line(clean, (300, 700), (900, 650), (0, 84, 164), 9, cv2.LINE_AA)
    copy, _ = printing.photograph(clean, turn_deg=5)
    found = read(sheets, photos[0], printing.write_photo(tmp_path / "copy.jpg", copy))
    assert [len(each.photographs) for each in found if isinstance(each, Reading)] == [1, 1]


def test_a_map_that_is_not_ours_is_read_by_its_clean_picture_of_any_size(
    tmp_path: Path, sheets: Path, paper: np.ndarray
):
    clean = cv2.imread(str(sheets / "T7Q2-1.png"))
    cv2.imwrite(str(tmp_path / "base.png"), cv2.resize(clean, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA))
    printed = printed_map(tmp_path / "base.png", (537_000, 182_625, 537_500, 183_000), "EPSG:27700")
    photo, _ = printing.photograph(paper, turn_deg=100)
    path = printing.write_photo(tmp_path / "photo.jpg", photo)
    (one,) = read_photographs([path], Source(map=printed))
    assert isinstance(one, Reading)
    assert one.photographs[0].registration.error_m < 1
    with pytest.raises(InputError, match="another shape"):
        printed_map(tmp_path / "base.png", (537_000, 182_000, 537_500, 183_000), "EPSG:27700")
    with pytest.raises(InputError, match="out of order"):
        printed_map(tmp_path / "base.png", (537_500, 182_625, 537_000, 183_000), "EPSG:27700")
    with pytest.raises(InputError, match="not a reference system"):
        printed_map(tmp_path / "base.png", (0, 0, 1, 1), "EPSG:0")


def points_file(path: Path, to_photo: np.ndarray, rows: list[tuple[float, float]]) -> Path:
    grid = np.array(rows) * printing.PX_PER_MM
    seen = cv2.perspectiveTransform(grid.reshape(-1, 1, 2), to_photo).reshape(-1, 2)
    lines = [
        f"{px},{py},{printing.WEST + (x - 12) * 2.5},{printing.NORTH - (y - 12) * 2.5}"
        for (px, py), (x, y) in zip(seen, rows, strict=True)
    ]
    path.write_text("\n".join(["px,py,x,y", *lines]), encoding="utf-8")
    return path


def test_control_points_by_hand(tmp_path: Path, sheets: Path, paper: np.ndarray):
    photo, to_photo = printing.photograph(paper)
    path = printing.write_photo(tmp_path / "photo.jpg", photo)
    printed = printed_sheet(sheets, "T7Q2-1")
    corners = [(20.0, 20.0), (180.0, 20.0), (180.0, 130.0), (20.0, 130.0), (100.0, 75.0), (60.0, 40.0)]
    good = read_control_points(points_file(tmp_path / "good.csv", to_photo, corners))
    (one,) = read_photographs([path], Source(map=printed, points=good))
    assert isinstance(one, Reading)
    assert one.photographs[0].registration.way == "control points"
    text = (tmp_path / "good.csv").read_text().splitlines()
    ground = [line.split(",")[2:] for line in text[1:]]
    ground[0], ground[4] = ground[4], ground[0]
    swapped = [",".join([*line.split(",")[:2], *at]) for line, at in zip(text[1:], ground, strict=True)]
    (tmp_path / "swapped.csv").write_text("\n".join([text[0], *swapped]))
    (refused,) = read_photographs([path], Source(map=printed, points=read_control_points(tmp_path / "swapped.csv")))
    assert isinstance(refused, Refusal)
    mirrored = [",".join([*line.split(",")[:2], *reversed(line.split(",")[2:])]) for line in text[1:]]
    (tmp_path / "mirrored.csv").write_text("\n".join([text[0], *mirrored]))
    (refused,) = read_photographs([path], Source(map=printed, points=read_control_points(tmp_path / "mirrored.csv")))
    assert isinstance(refused, Refusal)
    assert "mirror" in refused.reason
    line = points_file(tmp_path / "line.csv", to_photo, [(20, 20), (60, 60), (90, 90), (120, 120)])
    with pytest.raises(InputError, match="lie on a line"):
        read_control_points(line)
    with pytest.raises(InputError, match="4 are needed"):
        read_control_points(points_file(tmp_path / "few.csv", to_photo, corners[:3]))


def test_points_of_qgis_are_read(tmp_path: Path):
    (tmp_path / "map.points").write_text(
        "#CRS: EPSG:27700\nmapX,mapY,sourceX,sourceY,enable\n"
        "0,0,10.5,-20.5,1\n100,0,110.5,-20.5,1\n100,100,110.5,-120.5,1\n0,100,10.5,-120.5,1\n5,5,7,-7,0\n"
    )
    points = read_control_points(tmp_path / "map.points")
    assert points.crs == "EPSG:27700"
    assert points.as_stored
    assert points.pixels.tolist() == [[10, 20], [110, 20], [110, 120], [10, 120]]
