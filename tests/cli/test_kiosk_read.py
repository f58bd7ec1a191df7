"""`kiosk read` on bad and odd photographs: right, or refused in one line with a code, and the photograph as it was."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import cv2
import numpy as np
import pyogrio
import pytest
from PIL import Image

from tests.cli.program import run_here, snapshot
from tests.kiosk import printing

pytestmark = pytest.mark.slow

BOUNDS = "537000,182685,537440,183000"


@pytest.fixture(scope="module")
def sheets(tmp_path_factory) -> Path:
    """A folder with a sheet; look and don't touch."""
    folder = tmp_path_factory.mktemp("kiosk")
    (folder / "assetmap.toml").write_text('[study]\nname = "Test"\n')
    printing.write_sheet(folder / "kiosk/sheets")
    return folder


@pytest.fixture(scope="module")
def photo(sheets) -> np.ndarray:
    clean = cv2.imread(str(sheets / "kiosk/sheets/T7Q2-1.png"))
    return printing.photograph(printing.drawn_on(cv2.cvtColor(clean, cv2.COLOR_BGR2RGB)))[0]


@pytest.fixture
def study(sheets, tmp_path) -> Path:
    return Path(shutil.copytree(sheets, tmp_path / "study"))


def marks_of(study: Path) -> dict[str, int]:
    path = study / "kiosk/marks.gpkg"
    return {str(name): len(pyogrio.read_dataframe(path, layer=name)) for name, _ in pyogrio.list_layers(path)}


def noise(path, photo):
    printing.write_photo(path, np.random.default_rng(5).integers(0, 255, (900, 1200, 3), dtype=np.uint8))


def blurred(path, photo):
    printing.write_photo(path, cv2.GaussianBlur(photo, (0, 0), 18))


def grey(path, photo):
    Image.fromarray(photo).convert("L").save(path)


def corner(path, photo):
    printing.write_photo(path, photo[:600, :700])


def twice(path, photo):
    printing.write_photo(path, np.concatenate([photo, photo], axis=1))


def truncated(path, photo):
    printing.write_photo(path, photo)
    path.write_bytes(path.read_bytes()[:40_000])


def other_study(path, photo):
    paper = printing.write_sheet(path.parent / "other", "ABCD-1", seed=9, first_marker=500)
    printing.write_photo(path, printing.photograph(paper)[0])


def words(path, photo):
    path.write_text("not a picture")


def nothing(path, photo):
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (noise, "none of this study's"),
        (blurred, "blurred"),
        (grey, "has no colours"),
        (corner, "third"),
        (twice, "twice"),
        (truncated, "truncated"),
        (other_study, "another study's"),
        (words, "is not a picture"),
        (nothing, "is empty"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_adds_nothing(study, photo, tmp_path, make, said):
    path = tmp_path / "photo.jpg"
    make(path, photo)
    before = path.read_bytes()
    run_here("kiosk", "read", study, path, "--quiet").refused(3, said)
    assert path.read_bytes() == before
    assert not (study / "kiosk/marks.gpkg").exists()
    assert "photo.jpg" in (study / "kiosk/quality.html").read_text(encoding="utf-8")


def turned(path, photo):
    printing.write_photo(path, photo[::-1, ::-1])


def half(path, photo):
    printing.write_photo(path, photo[:, : int(0.62 * photo.shape[1])])


def heic(path, photo):
    printing.write_photo(path, photo)


def exif(path, photo):
    sideways = Image.fromarray(np.ascontiguousarray(np.rot90(photo)))
    tags = sideways.getexif()
    tags[0x0112] = 6  # a camera held upright: to be turned by 90 degrees clockwise
    sideways.save(path, exif=tags, quality=92)


@pytest.mark.parametrize(
    ("make", "name"), [(turned, "p.jpg"), (half, "p.jpg"), (heic, "p.heic"), (exif, "p.jpg"), (heic, "p.png")]
)
def test_what_a_person_could_read_is_read(study, photo, tmp_path, make, name):
    path = tmp_path / name
    make(path, photo)
    before = path.read_bytes()
    run_here("kiosk", "read", study, path, "--session", "S1", "--quiet").worked()
    assert path.read_bytes() == before
    assert marks_of(study)["areas"] >= 1
    areas = pyogrio.read_dataframe(study / "kiosk/marks.gpkg", layer="areas")
    ring = areas[areas["pen_colour"] == "red"].geometry.iloc[0]
    assert ring.centroid.x == pytest.approx(printing.WEST + 48 * 2.5, abs=3)
    assert ring.centroid.y == pytest.approx(printing.NORTH - 48 * 2.5, abs=3)


def test_the_same_photograph_under_another_name_adds_nothing(study, photo, tmp_path):
    first = printing.write_photo(tmp_path / "a.jpg", photo)
    again = Path(shutil.copy(first, tmp_path / "b.jpg"))
    ran = run_here("kiosk", "read", study, first, again).worked()
    assert "b.jpg has been read already: nothing was added" in ran.err
    before = snapshot(study)
    ran = run_here("kiosk", "read", study, again, "--json").worked()
    assert json.loads(ran.out)["read_before"] == ["b.jpg"]
    assert snapshot(study) == before


def test_a_copy_of_a_photograph_that_was_refused_is_refused_as_well(study, photo, tmp_path):
    grey(tmp_path / "a.jpg", photo)
    copy = Path(shutil.copy(tmp_path / "a.jpg", tmp_path / "<b>.jpg"))
    ran = run_here("kiosk", "read", study, tmp_path / "a.jpg", copy, tmp_path / "a.jpg")
    assert ran.code == 3
    assert "read already" not in ran.err
    assert "<b>.jpg is a copy of a.jpg, which wasn't read: a.jpg has no colours" in ran.err
    assert ran.err.rstrip().endswith("(1 more wasn't read either: see kiosk/quality.html).")
    assert not (study / "kiosk/marks.gpkg").exists()
    page = (study / "kiosk/quality.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;.jpg is a copy of a.jpg" in page
    run_here("kiosk", "read", study, copy, "--quiet").refused(3, "<b>.jpg has no colours")
    tally = json.loads((study / "kiosk/tally.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in tally["refused"]] == ["<b>.jpg"]  # what is known of a photograph is the last


def test_a_photograph_that_isnt_there_is_named_once_and_not_kept(study, tmp_path):
    missing = tmp_path / "photo.jpg"
    ran = run_here("kiosk", "read", study, missing, missing)
    assert ran.code == 3
    assert "read already" not in ran.err
    assert ran.err.count("does not exist") == 1
    assert json.loads((study / "kiosk/tally.json").read_text(encoding="utf-8"))["refused"] == []


def test_a_clean_frame_with_a_legend(study, photo, tmp_path):
    path = printing.write_photo(tmp_path / "photo.jpg", photo)
    whole = study / "kiosk/sheets/T7Q2-1.png"
    left, top, right, bottom = (round(side * printing.PX_PER_MM) for side in printing.FRAME_MM)
    clean = tmp_path / "artist.png"
    cv2.imwrite(str(clean), cv2.resize(cv2.imread(str(whole))[top:bottom, left:right], None, fx=0.8, fy=0.8))
    legend = tmp_path / "legend.json"
    legend.write_text(json.dumps([{"pen": "red", "rgb": [206, 43, 55], "theme": "flooding", "sentiment": "negative"}]))
    how = ["--clean", clean, "--bounds", BOUNDS, "--crs", "EPSG:27700", "--legend", legend]
    run_here("kiosk", "read", study, path, *how, "--quiet").worked()
    areas = pyogrio.read_dataframe(study / "kiosk/marks.gpkg", layer="areas")
    assert areas["theme"].tolist() == ["flooding"]
    assert areas["sheet_id"].tolist() == ["artist"]
    east = printing.WEST + 48 * 2.5
    assert areas.geometry.iloc[0].centroid.x == pytest.approx(east, abs=3)


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [
        (["--bounds", "537000,182000,537440,183000", "--crs", "EPSG:27700"], 3, "another shape"),
        (["--bounds", "537440,182685,537000,183000", "--crs", "EPSG:27700"], 3, "out of order"),
        (["--bounds", "1,2,3", "--crs", "EPSG:27700"], 2, "four numbers"),
        (["--bounds", BOUNDS], 2, "--crs EPSG:27700"),
        (["--bounds", BOUNDS, "--crs", "EPSG:0"], 3, "not a reference system"),
        (["--crs", "EPSG:27700"], 2, "--clean goes with --bounds"),
        (["--bounds", BOUNDS, "--crs", "EPSG:27700", "--legend", "no.json"], 3, "no.json"),
    ],
)
def test_options_of_a_clean_frame_that_make_no_sense(study, photo, tmp_path, how, code, said):
    path = printing.write_photo(tmp_path / "photo.jpg", photo)
    clean = tmp_path / "clean.png"
    cv2.imwrite(str(clean), np.full((315, 440, 3), 240, np.uint8))
    before = snapshot(study)
    run_here("kiosk", "read", study, path, "--clean", clean, *how, "--quiet").refused(code, said)
    assert snapshot(study) == before


def control_points(path, rows, ending="csv"):
    text = "\n".join(f"{px},{py},{x},{y}" for px, py, x, y in rows)
    path = path.with_suffix(f".{ending}")
    if ending == "csv":
        path.write_text(f"px,py,x,y\n{text}\n")
    else:
        rows = "\n".join(f"{x},{y},{px},{-py},1" for px, py, x, y in rows)
        path.write_text(f"#CRS: EPSG:27700\nmapX,mapY,sourceX,sourceY,enable\n{rows}\n")
    return path


@pytest.fixture(scope="module")
def flat(sheets) -> tuple[np.ndarray, list[tuple[float, float, float, float]]]:
    """The drawn-on sheet seen straight from above, and six control points on it."""
    clean = cv2.cvtColor(cv2.imread(str(sheets / "kiosk/sheets/T7Q2-1.png")), cv2.COLOR_BGR2RGB)
    spots = [(20, 20), (180, 20), (180, 130), (20, 130), (100, 75), (60, 40)]
    rows = [
        (
            x * printing.PX_PER_MM,
            y * printing.PX_PER_MM,
            printing.WEST + (x - 12) * 2.5,
            printing.NORTH - (y - 12) * 2.5,
        )
        for x, y in spots
    ]
    return printing.drawn_on(clean), rows


@pytest.mark.parametrize("ending", ["csv", "points"])
def test_control_points_of_qgis_or_a_table(study, flat, tmp_path, ending):
    picture, rows = flat
    path = printing.write_photo(tmp_path / "photo.png", picture)
    points = control_points(tmp_path / "map", rows, ending)
    crs = [] if ending == "points" else ["--crs", "EPSG:27700"]
    run_here("kiosk", "read", study, path, "--points", points, *crs, "--quiet").worked()
    areas = pyogrio.read_dataframe(study / "kiosk/marks.gpkg", layer="areas")
    centres = areas.geometry.centroid
    east, north = printing.WEST + 48 * 2.5, printing.NORTH - 48 * 2.5
    assert np.hypot(centres.x - east, centres.y - north).min() < 3


def test_control_points_that_make_no_sense(study, flat, tmp_path):
    picture, rows = flat
    path = printing.write_photo(tmp_path / "photo.png", picture)
    before = snapshot(study / "kiosk/sheets")
    line = [(px, px, printing.WEST + px, printing.NORTH - px) for px in (100, 300, 500, 800)]
    cases = {
        "line": (line, "lie on a line"),
        "few": (rows[:3], "4 are needed"),
        "swapped": ([(*rows[0][:2], *rows[4][2:]), *rows[1:4], (*rows[4][:2], *rows[0][2:]), rows[5]], "exchanged"),
        "mirrored": ([(px, py, y, x) for px, py, x, y in rows], "mirror"),
    }
    for name, (wrong, said) in cases.items():
        points = control_points(tmp_path / name, wrong)
        run_here("kiosk", "read", study, path, "--points", points, "--crs", "EPSG:27700", "--quiet").refused(3, said)
    assert snapshot(study / "kiosk/sheets") == before
    assert not (study / "kiosk/marks.gpkg").exists()


@pytest.mark.parametrize("command", ["read", "sheet"])
def test_without_the_extra_one_line_says_how_to_install_it(study, photo, tmp_path, monkeypatch, command):
    monkeypatch.setitem(sys.modules, "cv2", None)
    rest = [printing.write_photo(tmp_path / "p.jpg", photo)] if command == "read" else ["--size", "A4"]
    run_here("kiosk", command, study, *rest).refused(2, "needs cv2", "pip install 'assetmap[kiosk]'")
