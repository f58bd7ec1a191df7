"""What reading photographs leaves in a study, and that reading again leaves it alone."""

import json
import shutil
from pathlib import Path

import cv2
import pyogrio
import pytest
import rasterio
from pyproj import CRS

from assetmap.errors import MissingInputError, UsageError
from assetmap.kiosk.mark_tables import REPEATED
from assetmap.schema import ANNOTATIONS
from assetmap.study.kiosk.marks import MARKS_FILE, read_kiosk_marks
from assetmap.study.kiosk.reading import Foreign, read_into_study
from assetmap.study.manifest import input_files
from assetmap.study.settings import Settings
from tests.cli.program import snapshot
from tests.kiosk import printing

DAY = "2026-05-04"
STUDY = '[study]\nname = "Test"\n'


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder with one photograph read into it, and that photograph. Look and don't touch."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "assetmap.toml").write_text(STUDY)
    paper = printing.drawn_on(printing.write_sheet(folder / "kiosk" / "sheets"))
    photo = printing.write_photo(folder / "photo.jpg", printing.photograph(paper)[0])
    before = photo.read_bytes()
    done = read_into_study(folder, [photo, photo], today=DAY, session="S1")
    assert (len(done.readings), done.refused, done.known) == (1, [], ["photo.jpg"])
    assert photo.read_bytes() == before
    return folder, photo


def test_marks_are_annotations_with_their_crops(read: tuple[Path, Path]):
    folder, _ = read
    layers = [str(name) for name, _ in pyogrio.list_layers(folder / MARKS_FILE)]
    assert sorted(layers) == ["areas", "lines", "points", "rejects", "writing"]
    areas = pyogrio.read_dataframe(folder / MARKS_FILE, layer="areas")
    assert set(ANNOTATIONS) <= set(areas.columns)
    assert areas["consent"].unique().tolist() == ["unknown"]
    assert areas["session_id"].unique().tolist() == ["S1"]
    assert areas["annotation_id"].str.fullmatch(r"T7Q2-1:\d+").all()
    assert all((folder / crop).is_file() for crop in areas["crop"])
    marks, tally = read_kiosk_marks(folder, areas.crs)
    assert tally.kept == len(marks) >= 2
    assert "writing" not in set(marks["kind"])


def test_the_straightened_photograph_lies_on_the_ground(read: tuple[Path, Path]):
    folder, _ = read
    (path,) = (folder / "kiosk" / "straightened").iterdir()
    with rasterio.open(path) as raster:
        assert raster.crs.to_epsg() == 27700
        assert raster.bounds.left == pytest.approx(printing.WEST - 12 * 2.5, abs=0.01)
        assert raster.bounds.top == pytest.approx(printing.NORTH + 12 * 2.5, abs=0.01)
        row, column = raster.index(printing.WEST + (60 - 12) * 2.5, printing.NORTH - (45 - 12) * 2.5)
        red, green, _ = (int(band[row, column]) for band in raster.read())
    assert red > green + 60


def test_the_ink_adds_up_and_the_page_says_so(read: tuple[Path, Path]):
    folder, _ = read
    (reading,) = json.loads((folder / "kiosk" / "tally.json").read_text())["readings"]
    ink = reading["ink"]
    assert ink["found"] == ink["marks"] + ink["writing"] + sum(ink["rejects"].values()) > 0
    page = (folder / "kiosk" / "quality.html").read_text()
    assert f"{ink['found']}</td>" in page
    assert "photo.jpg" in page


def test_reading_again_changes_nothing(read: tuple[Path, Path]):
    folder, photo = read
    before = snapshot(folder)
    assert read_into_study(folder, [photo], today="2027-01-01").known == ["photo.jpg"]
    assert snapshot(folder) == before


def test_a_bad_photograph_spoils_no_good_one(tmp_path: Path):
    (tmp_path / "assetmap.toml").write_text(STUDY)
    paper = printing.drawn_on(printing.write_sheet(tmp_path / "kiosk" / "sheets"))
    good = printing.write_photo(tmp_path / "good.jpg", printing.photograph(paper)[0])
    (tmp_path / "bad.jpg").write_text("not a picture")
    done = read_into_study(tmp_path, [tmp_path / "bad.jpg", good], today=DAY)
    assert [one["name"] for one in done.refused] == ["bad.jpg"]
    assert [one["sheet_id"] for one in done.readings] == ["T7Q2-1"]
    assert (tmp_path / MARKS_FILE).exists()


def test_the_marks_are_an_input_of_the_build(read: tuple[Path, Path]):
    folder, _ = read
    settings = Settings.model_validate({"study": {"name": "Test"}})
    assert input_files(folder, settings)[MARKS_FILE] == folder / MARKS_FILE


def test_options_that_do_not_go_together_are_refused(tmp_path: Path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"x")
    with pytest.raises(MissingInputError, match="is not a study"):
        read_into_study(tmp_path, [photo], today=DAY, foreign=Foreign(clean=photo, crs="EPSG:27700"))
    assert list(tmp_path.iterdir()) == [photo]
    (tmp_path / "assetmap.toml").write_text(STUDY)
    with pytest.raises(UsageError, match="--crs"):
        read_into_study(tmp_path, [photo], today=DAY, foreign=Foreign(clean=photo, bounds=(0, 0, 1, 1)))
    with pytest.raises(UsageError, match="--bounds"):
        read_into_study(tmp_path, [photo], today=DAY, foreign=Foreign(clean=photo, crs="EPSG:27700"))


def test_copies_of_a_sheet_are_sheets_of_their_own(read: tuple[Path, Path], tmp_path: Path):
    folder = Path(shutil.copytree(read[0], tmp_path / "study"))
    clean = cv2.cvtColor(cv2.imread(str(folder / "kiosk/sheets/T7Q2-1.png")), cv2.COLOR_BGR2RGB)
    cv2.line(clean, (300, 700), (900, 650), (0, 84, 164), 9, cv2.LINE_AA)
    photo = printing.write_photo(folder / "copy.jpg", printing.photograph(clean, turn_deg=5)[0])
    (one,) = read_into_study(folder, [photo], today=DAY, session="S2").readings
    assert one["sheet_id"] == "T7Q2-1.2"
    marks, _ = read_kiosk_marks(folder, CRS(27700))
    assert marks.groupby("sheet_id")["session_id"].unique().str[0].to_dict() == {"T7Q2-1": "S1", "T7Q2-1.2": "S2"}


def test_another_photograph_of_a_sheet_adds_only_what_was_drawn_since(read: tuple[Path, Path], tmp_path: Path):
    folder = Path(shutil.copytree(read[0], tmp_path / "study"))
    before, _ = read_kiosk_marks(folder, CRS(27700))
    clean = cv2.cvtColor(cv2.imread(str(folder / "kiosk/sheets/T7Q2-1.png")), cv2.COLOR_BGR2RGB)
    drawn = printing.drawn_on(clean)
    again = printing.write_photo(folder / "again.jpg", printing.photograph(drawn, turn_deg=-6, seed=9)[0])
    assert read_into_study(folder, [again], today=DAY).known == ["again.jpg"]
    marks, _ = read_kiosk_marks(folder, CRS(27700))
    assert marks["annotation_id"].tolist() == before["annotation_id"].tolist()
    assert set(marks["source"]) == {"photo.jpg, again.jpg"}  # whoever forgets a mark is told of both
    assert read_into_study(folder, [again], today=DAY).known == ["again.jpg"]
    cv2.line(drawn, (700, 300), (1000, 350), (206, 43, 55), 9, cv2.LINE_AA)
    later = printing.write_photo(folder / "later.jpg", printing.photograph(drawn, turn_deg=4, seed=5)[0])
    (one,) = read_into_study(folder, [later], today=DAY).readings
    assert one["sheet_id"] == "T7Q2-1"
    assert one["ink"]["rejects"][REPEATED] > 0
    after, _ = read_kiosk_marks(folder, CRS(27700))
    (fresh,) = set(after["annotation_id"]) - set(before["annotation_id"])
    assert after.set_index("annotation_id").loc[fresh, ["kind", "pen_colour"]].tolist() == ["line", "red"]
    assert one["ink"]["found"] == one["ink"]["marks"] + one["ink"]["writing"] + sum(one["ink"]["rejects"].values())
