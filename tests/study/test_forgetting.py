"""Forgetting: what was forgotten stays so when files change, runs are killed, and photographs were read."""

import base64
import hashlib
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from shutil import copytree

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from PIL import Image

from assetmap.errors import UsageError
from assetmap.study.forgetting import forget
from assetmap.study.inputs import read_inputs
from assetmap.study.kiosk.blanking import kiosk_rows
from assetmap.study.kiosk.marks import MARKS_FILE
from assetmap.study.kiosk.reading import read_into_study
from assetmap.study.kiosk.redaction import redact_photographs, replace_originals
from assetmap.study.kiosk.unread import forget_photograph, remove_copies, unread_photographs
from assetmap.study.settings import read_settings
from assetmap.study.sharing.publishing import publish_study
from assetmap.study.tombstones import Subject
from tests.campaign import FULL
from tests.cli.program import snapshot
from tests.kiosk import printing
from tests.study.conftest import DAY

KILLS = 60 if FULL else 5
INPUT = "inputs/tidewell_annotations.geojson"
DARK = "Dark under the bridge. Ask Maureen Pike, 07700 900123"


@pytest.fixture
def study(built: Path, tmp_path: Path) -> Path:
    return Path(copytree(built, tmp_path / "study"))


def texts(folder: Path) -> list[str]:
    return read_inputs(folder, read_settings(folder)).annotations["text"].dropna().tolist()


def holding(folder: Path, word: str) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in files if word.encode() in path.read_bytes()}


@pytest.mark.parametrize(
    ("kind", "column", "number"),
    [("contributor", "contributor_id", 2), ("sheet", "sheet_id", 8), ("mark", "annotation_id", 1)],
)
def test_each_kind_of_subject_is_forgotten_whole(study: Path, kind: str, column: str, number: int):
    before = read_inputs(study, read_settings(study)).annotations
    name = {"contributor": "c06", "sheet": "S3", "mark": before["annotation_id"].iloc[4]}[kind]
    gone = before[before[column] == name]
    found = forget(study, Subject(kind, name), today=DAY)
    after = read_inputs(study, read_settings(study)).annotations
    assert len(after) == len(before) - len(gone) == len(before) - found.marks
    assert not (after[column] == name).any()
    assert found.held_by_inputs == (INPUT,)
    assert len(gone) >= number


def test_no_byte_of_the_words_is_left_but_in_the_users_own_file(study: Path):
    assert holding(study, DARK) > {INPUT}
    (study / "notes.txt").write_text(f"they said: {DARK}\n")
    found = forget(study, Subject("contributor", "c04"), today=DAY)
    assert found.held_elsewhere == ("notes.txt",)
    assert holding(study, DARK) == {INPUT, "notes.txt"}


def test_a_mark_stays_forgotten_when_its_file_is_changed(study: Path):
    """The row's own name has the file's checksum in it, so it is known by what it says and where as well."""
    mark = read_inputs(study, read_settings(study)).annotations.query("text == @DARK")["annotation_id"].item()
    forget(study, Subject("mark", mark), today=DAY)
    path = study / INPUT
    content = json.loads(path.read_text())
    content["features"].reverse()
    path.write_text(json.dumps(content))
    assert DARK not in texts(study)
    assert len(texts(study)) > 20


def test_what_was_given_out_is_named(study: Path):
    publish_study(study, today=DAY)
    share = study / "out" / "share"
    (share.with_name(".share.new")).mkdir()  # a run that was killed has left it
    found = forget(study, Subject("contributor", "c01"), today=DAY)
    told, *files = found.given_out
    assert told == f"the release for residents of {DAY} shows words of theirs at 2 places"
    assert "out/share/map.en.html" in files
    assert not share.exists()
    assert not share.with_name(".share.new").exists()
    assert (study / "publish-ledger.json").exists()
    publish_study(study, today="2026-06-01")
    assert "Herons at seven" not in (share / "data" / "comments.csv").read_text(encoding="utf-8")
    found = forget(study, Subject("contributor", "c01"), today=DAY)  # what was given out is still known
    assert found.given_out[0] == told


def test_a_ledger_that_cant_be_read_keeps_nobody_from_being_forgotten(study: Path):
    (study / "publish-ledger.json").write_text("{}")
    found = forget(study, Subject("contributor", "c04"), today=DAY)
    assert found.given_out[0].startswith("nobody knows what, since ")
    assert DARK not in texts(study)


def test_decisions_about_others_words_outlive_a_forgotten_mark(study: Path):
    change_consent(study, "c04", "public")
    publish_study(study, today=DAY)
    review = study / "out" / "review.csv"
    assert DARK in review.read_text(encoding="utf-8")
    fill_in(review, "Adeyemi", "as proposed")
    found = forget(study, Subject("contributor", "c04"), today=DAY)
    assert "rows of out/review.csv" in found.removed
    assert DARK not in review.read_text(encoding="utf-8")
    publish_study(study, today=DAY, approve=review)
    assert "Mrs [name]'s choir" in (study / "out/share/data/comments.csv").read_text(encoding="utf-8")


def change_consent(study: Path, contributor: str, consent: str) -> None:
    content = json.loads((study / INPUT).read_text())
    for feature in content["features"]:
        if feature["properties"]["contributor"] == contributor:
            feature["properties"]["consent"] = consent
    (study / INPUT).write_text(json.dumps(content))


def fill_in(review: Path, words: str, decision: str) -> None:
    table = pd.read_csv(review, encoding="utf-8-sig", dtype="str", keep_default_na=False)
    table.loc[table["original"].str.contains(words), "decision"] = decision
    table.to_csv(review, index=False)


@pytest.mark.fault
def test_a_killed_run_is_made_whole_by_the_next(study: Path):
    """Killed at some moments: either nothing was written down, or forgetting again ends it; then all is gone."""
    program = [sys.executable, "-m", "assetmap.cli.main", "forget", str(study), "--contributor", "c04"]
    started = time.perf_counter()
    subprocess.run([*program, "--quiet"], check=True, capture_output=True)
    whole_s = time.perf_counter() - started
    for moment in range(KILLS):
        (study / "forgotten.json").unlink(missing_ok=True)
        (study / "out" / "map.html").write_text(DARK)
        run = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole_s * (0.4 + 0.6 * moment / (KILLS - 1)))
        run.send_signal(signal.SIGKILL)
        run.wait()
        if (study / "forgotten.json").exists():
            assert DARK not in texts(study)
        forget(study, Subject("contributor", "c04"), today=DAY)
        assert holding(study, DARK) == {INPUT}
        assert not [path for path in study.rglob(".*partial*") if path.is_file()]


@pytest.fixture(scope="module")
def read_sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with one photograph of a sheet read into it."""
    folder = tmp_path_factory.mktemp("kiosk")
    (folder / "assetmap.toml").write_text('[study]\nname = "Test"\n[place]\nboundary = "inputs/outline.geojson"\n')
    outline = shapely.box(printing.WEST, printing.NORTH - 400, printing.WEST + 500, printing.NORTH)
    (folder / "inputs").mkdir()
    gpd.GeoSeries([outline], crs="EPSG:27700").to_crs(4326).to_file(folder / "inputs/outline.geojson")
    paper = printing.drawn_on(printing.write_sheet(folder / "kiosk" / "sheets"))
    photo = printing.write_photo(folder / "inputs" / "photo.jpg", printing.photograph(paper)[0])
    read_into_study(folder, [photo], today=DAY, session="S1")
    return folder


@pytest.fixture
def kiosk(read_sheet: Path, tmp_path: Path) -> Path:
    return Path(copytree(read_sheet, tmp_path / "kiosk-study"))


def layers(folder: Path) -> list[gpd.GeoDataFrame]:
    path = folder / MARKS_FILE
    return [pyogrio.read_dataframe(path, layer=str(name)) for name, _ in pyogrio.list_layers(path)]


def ink_in(raster: Path, region: gpd.GeoSeries) -> int:
    """Coloured pixels of a straightened photograph within a region."""
    with rasterio.open(raster) as opened:
        inside = rasterio.features.geometry_mask(region.to_crs(opened.crs), opened.shape, opened.transform, invert=True)
        pixels = opened.read()[:, inside].astype(int)
    return int((pixels.max(axis=0) - pixels.min(axis=0) > 60).sum())


def test_a_mark_of_the_kiosk_is_blanked_with_5_mm_around(kiosk: Path):
    areas = pyogrio.read_dataframe(kiosk / MARKS_FILE, layer="areas")
    mark, others = areas.iloc[0], areas.iloc[1:]
    (raster,) = (kiosk / "kiosk/straightened").iterdir()
    region = gpd.GeoSeries([mark.geometry.buffer(5 * printing.METRES_PER_MM - 1)], crs=areas.crs)
    picture_before = json.loads((kiosk / "kiosk/tally.json").read_text())["readings"][0]["picture"]
    assert ink_in(raster, region) > 100
    found = forget(kiosk, Subject("mark", mark["annotation_id"]), today=DAY)
    assert ink_in(raster, region) == 0
    with rasterio.open(raster) as opened:
        within = region.buffer(-16 * opened.res[0])  # the blocks of JPEG along the edge show what is beside them
        inside = rasterio.features.geometry_mask(within, opened.shape, opened.transform, invert=True)
        assert (opened.read()[:, inside] > 250).all()
    assert not (kiosk / mark["crop"]).exists()
    left = kiosk_rows(kiosk, Subject("mark", mark["annotation_id"]))
    assert sum(map(len, left.values())) == 0
    assert set(pyogrio.read_dataframe(kiosk / MARKS_FILE, layer="areas")["annotation_id"]) == set(
        others["annotation_id"]
    )
    tally = json.loads((kiosk / "kiosk/tally.json").read_text())["readings"][0]
    assert not [m for m in tally["marks"] if m["name"].startswith(f"{mark['annotation_id']}: ")]
    assert tally["picture"] != picture_before
    assert picture_before not in (kiosk / "kiosk/quality.html").read_text()
    assert found.held_by_photographs == ("photo.jpg",)
    assert found.marks >= 1


def test_crops_of_marks_beside_it_are_cut_anew(kiosk: Path):
    areas = pyogrio.read_dataframe(kiosk / MARKS_FILE, layer="areas")
    (raster,) = (kiosk / "kiosk/straightened").iterdir()
    forget(kiosk, Subject("mark", areas["annotation_id"].iloc[0]), today=DAY)
    left = [crop for frame in layers(kiosk) if "crop" in frame for crop in frame["crop"]]
    assert {path.name for path in (kiosk / "kiosk/crops").iterdir()} == {Path(crop).name for crop in left}
    for crop in left:
        with Image.open(kiosk / crop) as picture:
            assert min(picture.size) > 10
    assert raster.exists()


def test_a_sheet_is_blanked_whole_and_its_photograph_isnt_read_again(kiosk: Path):
    (raster,) = (kiosk / "kiosk/straightened").iterdir()
    found = forget(kiosk, Subject("sheet", "T7Q2-1"), today=DAY)
    with rasterio.open(raster) as opened:
        assert opened.read().min() > 250
    assert (
        sum(
            len(pyogrio.read_dataframe(kiosk / MARKS_FILE, layer=name))
            for name, _ in pyogrio.list_layers(kiosk / MARKS_FILE)
        )
        == 0
    )
    assert list((kiosk / "kiosk/crops").iterdir()) == []
    reading = json.loads((kiosk / "kiosk/tally.json").read_text())["readings"][0]
    picture = Image.open(io.BytesIO(base64.b64decode(reading["picture"].split(",")[1])))
    assert np.asarray(picture).min() > 250
    assert found.marks >= 2
    assert read_into_study(kiosk, [kiosk / "inputs/photo.jpg"], today=DAY).known == ["photo.jpg"]
    forget(kiosk, Subject("sheet", "T7Q2-1"), today=DAY)
    with pytest.raises(UsageError, match="no sheet 'T7Q2-2'"):
        forget(kiosk, Subject("sheet", "T7Q2-2"), today=DAY)


def test_a_kiosk_read_anew_doesnt_bring_a_mark_back(kiosk: Path):
    areas = pyogrio.read_dataframe(kiosk / MARKS_FILE, layer="areas")
    forget(kiosk, Subject("mark", areas["annotation_id"].iloc[0]), today=DAY)
    for name in ("tally.json", "marks.gpkg"):
        (kiosk / "kiosk" / name).unlink()
    read_into_study(kiosk, [kiosk / "inputs/photo.jpg"], today=DAY, session="S1")
    from assetmap.study.resident_marks import read_resident_marks

    marks, tally = read_resident_marks(kiosk, read_settings(kiosk), crs=areas.crs, near=None)[MARKS_FILE]
    assert tally.dropped["forgotten"] == 1
    assert not marks.geometry.geom_equals_exact(areas.geometry.iloc[0], 1).any()


def test_photographs_are_redacted_and_replaced_only_when_told(kiosk: Path):
    areas = pyogrio.read_dataframe(kiosk / MARKS_FILE, layer="areas")
    subject = Subject("mark", areas["annotation_id"].iloc[0])
    photo = kiosk / "inputs/photo.jpg"
    before = photo.read_bytes()
    redaction = redact_photographs(kiosk, subject)
    assert redaction.failed == ()
    assert photo.read_bytes() == before
    ((original, copy),) = redaction.copies
    assert original == photo
    differs = (
        np.abs(np.asarray(Image.open(photo).convert("RGB"), int) - np.asarray(Image.open(copy), int)).max(axis=2) > 60
    )
    assert 0.002 < differs.mean() < 0.5
    forget(kiosk, subject, today=DAY)
    assert redact_photographs(kiosk, subject).copies == redaction.copies  # the answer may be given in a later call
    assert replace_originals(kiosk, redaction) == (photo,)
    assert photo.read_bytes() == copy.read_bytes() != before
    assert read_into_study(kiosk, [photo], today=DAY).known == ["photo.jpg"]


def unread(kiosk: Path, name: str = "<b>blurred.jpg") -> Path:
    """A photograph of the sheet that is refused, for it has no colours."""
    path = kiosk / "inputs" / name
    Image.open(kiosk / "inputs/photo.jpg").convert("L").save(path)
    assert [one["name"] for one in read_into_study(kiosk, [path], today=DAY).refused] == [name]
    return path


def test_a_photograph_that_wasnt_read_is_forgotten_by_its_bytes(kiosk: Path):
    photo = unread(kiosk)
    before = photo.read_bytes()
    for name in (".forgotten.999999999-0a0a0a0a.partial.json", "kiosk/.quality.999999999-0a0a0a0a.partial.html"):
        (kiosk / name).write_text("blurred.jpg")  # left by a call that was killed
    copy = kiosk / "kiosk" / "photos" / "copy.jpg"
    copy.parent.mkdir()
    copy.write_bytes(before)
    assert unread_photographs(kiosk) == ("<b>blurred.jpg",)
    found = forget_photograph(kiosk, "<b>blurred.jpg")
    assert found.copies == (photo, copy)
    assert photo.read_bytes() == before
    assert unread_photographs(kiosk) == ()
    assert holding(kiosk, "blurred.jpg") == set()
    assert holding(kiosk, hashlib.sha256(before).hexdigest()) == set()
    done = read_into_study(kiosk, [photo, copy], today=DAY)
    assert (done.readings, done.refused, done.forgotten) == ([], [], ["<b>blurred.jpg", "copy.jpg"])
    assert forget_photograph(kiosk, str(photo)).changed == ()  # again, as after a run that was killed
    remove_copies(found)
    assert not photo.exists()
    assert not copy.exists()
    assert (kiosk / "inputs/photo.jpg").exists()


def test_a_photograph_that_waits_is_forgotten_before_it_was_looked_at(kiosk: Path):
    photo = kiosk / "inputs/waiting.jpg"
    Image.open(kiosk / "inputs/photo.jpg").save(photo, quality=60)
    assert forget_photograph(kiosk, "inputs/waiting.jpg").changed == ()
    assert read_into_study(kiosk, [photo], today=DAY).forgotten == ["waiting.jpg"]


def test_what_a_photograph_was_read_as_is_said_until_that_is_forgotten(kiosk: Path):
    photo = kiosk / "inputs/photo.jpg"
    with pytest.raises(UsageError, match="was read, as sheet T7Q2-1: forget its marks with --mark ID"):
        forget_photograph(kiosk, str(photo))
    assert not (kiosk / "forgotten.json").exists()
    forget(kiosk, Subject("sheet", "T7Q2-1"), today=DAY)
    assert forget_photograph(kiosk, str(photo)).copies == (photo,)


def test_a_name_without_a_file_must_mean_one_photograph(kiosk: Path, tmp_path: Path):
    with pytest.raises(UsageError, match="neither a file nor a photograph that wasn't read"):
        forget_photograph(kiosk, "nothing.jpg")
    first = unread(kiosk)
    first.unlink()
    assert forget_photograph(kiosk, first.name).copies == ()  # nobody has it any more, and the page no longer names it
    assert unread_photographs(kiosk) == ()
    for number in (1, 2):
        path = tmp_path / str(number) / "same.jpg"
        path.parent.mkdir()
        path.write_text(f"not a picture {number}")
        read_into_study(kiosk, [path], today=DAY)
    with pytest.raises(UsageError, match=r"2 photographs named same.jpg weren't read: give the file"):
        forget_photograph(kiosk, "same.jpg")
    forget_photograph(kiosk, str(path))
    assert unread_photographs(kiosk) == ("same.jpg",)


def test_whoever_forgets_something_on_paper_is_told_of_photographs_that_werent_read(kiosk: Path):
    unread(kiosk)
    with pytest.raises(UsageError, match=r"forget a photograph that wasn't read with --photo \(<b>blurred.jpg\)"):
        forget(kiosk, Subject("sheet", "T7Q2-1.2"), today=DAY)
    mark = pyogrio.read_dataframe(kiosk / MARKS_FILE, layer="areas")["annotation_id"].iloc[0]
    assert forget(kiosk, Subject("mark", mark), today=DAY).unread == ("<b>blurred.jpg",)


def test_a_sheet_without_a_mark_is_blanked_as_well(kiosk: Path):
    """All its marks may have been forgotten one by one, or none was found: its picture still shows what is on it."""
    for name, frame in {
        str(name): pyogrio.read_dataframe(kiosk / MARKS_FILE, layer=str(name))
        for name, _ in pyogrio.list_layers(kiosk / MARKS_FILE)
    }.items():
        pyogrio.write_dataframe(frame[:0], kiosk / MARKS_FILE, layer=name)
    (raster,) = (kiosk / "kiosk/straightened").iterdir()
    found = forget(kiosk, Subject("sheet", "T7Q2-1"), today=DAY)
    with rasterio.open(raster) as opened:
        assert opened.read().min() > 250
    assert (found.marks, found.held_by_photographs) == (0, ("photo.jpg",))
    assert forget(kiosk, Subject("sheet", "T7Q2-1"), today=DAY).changed == ()


def test_what_a_reading_that_was_killed_has_left_is_forgotten_with_anything(kiosk: Path):
    """No table names the pictures that it had written, so that no mark leads to them."""
    whole = snapshot(kiosk)
    for name in ("tally.json", "marks.gpkg", "quality.html"):
        (kiosk / "kiosk" / name).unlink()
    (kiosk / "kiosk/straightened/.T7Q2-1-0.999999999-0a0a0a0a.partial.tif").write_bytes(b"half")
    with pytest.raises(UsageError, match="with --photo"):
        forget(kiosk, Subject("sheet", "T7Q2-1"), today=DAY)
    assert list((kiosk / "kiosk/straightened").iterdir()) == list((kiosk / "kiosk/crops").iterdir()) == []
    read_into_study(kiosk, [kiosk / "inputs/photo.jpg"], today=DAY, session="S1")
    assert snapshot(kiosk).keys() == whole.keys()
    forget(kiosk, Subject("mark", "T7Q2-1:1"), today=DAY)
    left = {name for name in snapshot(kiosk) if name.startswith("kiosk/straightened")}
    assert left == {name for name in whole if name.startswith("kiosk/straightened")}


def test_a_secret_is_made_once_and_for_its_owner(tmp_path: Path):
    from assetmap.errors import InputError
    from assetmap.study.secret import study_secret

    secret = study_secret(tmp_path)
    assert len(secret) == 32
    assert study_secret(tmp_path) == secret
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    (tmp_path / "secret").write_text("not hexadecimal")
    with pytest.raises(InputError, match="put the file back"):
        study_secret(tmp_path)
