"""A walk brought into the demo's study: from its track and recordings to stops on the map, and out again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from PIL import Image

from assetmap.errors import InputError, MissingInputError
from assetmap.files import sha256_of
from assetmap.study.create import create_demo
from assetmap.study.engagement.walking import import_walk
from assetmap.study.flow import build_study
from assetmap.study.forgetting import forget
from assetmap.study.sharing.publishing import publish_study
from assetmap.study.tombstones import Subject
from tests.walks.recordings import gpx, photograph, sound

TODAY = "2026-05-20"
BEGIN = pd.Timestamp("2026-05-16T10:00:00Z")
WRONG_S = 3600
"""How far the camera's clock is ahead."""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return create_demo(tmp_path / "study").parent


@pytest.fixture
def way(study: Path) -> gpd.GeoSeries:
    """A place for each second: 600 m eastwards through the middle at 1.2 m/s, 180 s of standing, 600 m northwards."""
    zones = gpd.read_file(study / "inputs/tidewell_zones.geojson").to_crs(27700)
    x, y = zones.union_all().centroid.coords[0]
    points = [(x - 300 + 1.2 * t, y) for t in range(500)]
    points += [points[-1]] * 180
    points += [(points[-1][0], y + 1.2 * t) for t in range(500)]
    return gpd.GeoSeries(shapely.points(points), crs=27700)


@pytest.fixture
def recordings(tmp_path: Path, way: gpd.GeoSeries) -> Path:
    """Six photographs that know their place, one that doesn't, sound told while walking, and files of no use."""
    folder = tmp_path / "media"
    degrees = way.to_crs(4326)
    ahead = BEGIN.tz_localize(None) + pd.Timedelta(seconds=WRONG_S)
    for number, second in enumerate([60, 200, 380, 700, 860, 1000]):
        at = (degrees[second].x, degrees[second].y)
        photograph(folder / f"IMG_{number}.jpg", ahead + pd.Timedelta(seconds=second), lonlat=at)
    photograph(folder / "hall.jpg", ahead + pd.Timedelta(seconds=600))  # while standing
    sound(folder / "2026-05-16_11-03-20.wav", 120)  # British summer time: 10:03:20 UTC
    (folder / "2026-05-16_11-03-20.txt").write_text("There is no room for young people here.", encoding="utf-8")
    photograph(folder / "old.jpg", pd.Timestamp("2019-01-01T10:00:00"))
    return folder


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "consent.csv"
    path.write_text(
        "file,contributor,consent,title,text,theme,time\n"
        "hall.jpg,walker01,public,The closed hall,It has been shut for years,young people,\n"
        "2026-05-16_11-03-20.wav,walker02,partners,,,young people,\n"
        "IMG_0.jpg,walker03,none,,My house is here,,\n"
        "gone.jpg,walker03,public,,,,\n"
        ",walker04,public,Told here,We used to dance,memories,2026-05-16T10:10:00Z\n",
        encoding="utf-8",
    )
    return path


def track_of(way: gpd.GeoSeries, path: Path, times: str = "iso") -> Path:
    degrees = way.to_crs(4326)[::5]
    fixes = pd.DataFrame({"at": BEGIN + pd.to_timedelta(degrees.index, unit="s"), "lon": degrees.x, "lat": degrees.y})
    return gpx(path, fixes, times=times)


def stories_in(study: Path) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(study / "walks/young-people-s-walk/walk.gpkg", layer="stories").set_index("media")


def bring(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path, **more: object):
    track = track_of(way, recordings.parent / "track.gpx")
    return import_walk(study, track, today=TODAY, media=recordings, sheet=sheet, name="Young people's walk", **more)


def test_a_walk_with_a_camera_an_hour_ahead(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path):
    before = {path.name: sha256_of(path) for path in recordings.iterdir()}
    done = bring(study, way, recordings, sheet)
    assert done.walk_id == "young-people-s-walk"
    assert done.clocks["Pocket 3"] == {"add_s": pytest.approx(-WRONG_S, abs=2), "photographs": 6}
    assert done.stops == 1
    assert done.length_m == pytest.approx(1200, rel=0.02)
    stories = stories_in(study)
    assert stories.loc["hall.jpg"].geometry.distance(way[600]) < 3
    assert stories.loc["hall.jpg", ["consent", "title", "contributor_id"]].tolist() == [
        "public",
        "The closed hall",
        "walker01",
    ]
    assert stories.loc["IMG_4.jpg", "consent"] == "unknown"
    told = stories.loc["2026-05-16_11-03-20.wav"]
    assert told["text"] == "There is no room for young people here."
    assert told["kind"] == "line"
    assert {path.name: sha256_of(path) for path in recordings.iterdir()} == before
    copied = study / "walks/young-people-s-walk/media"
    assert {path.name: sha256_of(path) for path in copied.iterdir()} == before


def test_what_has_no_place_is_counted_with_its_reason(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path):
    done = bring(study, way, recordings, sheet)
    reasons = {ref: reason for tally in done.tallies for ref, reason in tally.rows}
    assert reasons["old.jpg"] == "made on another day than the walk"
    assert reasons["row 5"] == "about a file that isn't there or has no place"


def test_the_build_counts_the_stories_and_shows_the_stops(
    study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path
):
    first = build_study(study, today=TODAY)
    bring(study, way, recordings, sheet)
    second = build_study(study, today=TODAY)
    assert second.figures["annotations"] == first.figures["annotations"] + 9
    page = (study / "out/map.html").read_text(encoding="utf-8")
    assert "The closed hall" in page
    assert "We used to dance" in page
    assert "My house is here" not in page
    assert build_study(study, today=TODAY).outputs == second.outputs


def test_the_same_walk_again_is_one(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path):
    bring(study, way, recordings, sheet)
    before = stories_in(study)
    bring(study, way, recordings, sheet)
    assert stories_in(study).equals(before)
    assert [path.name for path in (study / "walks").iterdir()] == ["young-people-s-walk"]


def test_eight_imports_at_once_are_one_whole_walk(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path):
    track = track_of(way, recordings.parent / "track.gpx")
    words = ["walks", "import", study, track, "--media", recordings, "--consent", sheet, "--quiet"]
    command = [sys.executable, "-m", "assetmap.cli.main", *map(str, words), "--name", "Young people's walk"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(8)]
    ends = [(*run.communicate(), run.returncode) for run in runs]
    assert [code for *_, code in ends] == [0] * 8, ends
    at_once = stories_in(study)
    bring(study, way, recordings, sheet)
    assert stories_in(study).equals(at_once)
    assert [path.name for path in (study / "walks").iterdir()] == ["young-people-s-walk"]


def test_a_story_is_forgotten(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path):
    bring(study, way, recordings, sheet)
    build_study(study, today=TODAY)
    gone = forget(study, Subject("contributor", "walker01"), today=TODAY)
    assert gone.marks == 1
    assert "walks/young-people-s-walk/media/hall.jpg" in gone.held_by_inputs
    assert "hall.jpg" not in stories_in(study).index
    bring(study, way, recordings, sheet)
    build_study(study, today=TODAY)
    assert "The closed hall" not in (study / "out/map.html").read_text(encoding="utf-8")


def test_a_given_offset_goes_before_one_that_could_be_found(
    study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path
):
    done = bring(study, way, recordings, sheet, offset_s=-3000.0)
    assert done.clocks["Pocket 3"] == {"add_s": -3000.0, "photographs": 0}


def test_a_track_without_times_places_what_knows_its_place(
    study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path
):
    track = track_of(way, recordings.parent / "track.gpx", "none")
    done = import_walk(study, track, today=TODAY, media=recordings, name="untimed")
    assert done.stories == 6
    reasons = {ref: reason for tally in done.tallies for ref, reason in tally.rows}
    assert reasons["hall.jpg"] == "no place of its own, and a track without times"


def test_what_was_there_stays_when_an_import_fails(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path):
    bring(study, way, recordings, sheet)
    before = stories_in(study)
    sheet.write_text("who,what\na,b\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column that says which file"):
        bring(study, way, recordings, sheet)
    with pytest.raises(MissingInputError):
        import_walk(study, recordings / "none.gpx", today=TODAY, name="Young people's walk")
    assert stories_in(study).equals(before)


def test_a_name_that_two_files_bear_needs_its_folder(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path):
    ahead = BEGIN.tz_localize(None) + pd.Timedelta(seconds=WRONG_S + 620)
    photograph(recordings / "second camera" / "hall.jpg", ahead, model="Other")
    with pytest.raises(
        InputError, match=r"hall\.jpg is the name of 2 files: write their folders too, such as \./hall\.jpg and"
    ):
        bring(study, way, recordings, sheet)
    assert not (study / "walks").exists()
    said = sheet.read_text(encoding="utf-8").replace("hall.jpg", "second camera\\\\Hall.JPG")
    sheet.write_text(said.replace("\\\\", "\\"), encoding="utf-8")
    bring(study, way, recordings, sheet)
    assert stories_in(study)["consent"][["hall.jpg", "second camera/hall.jpg"]].tolist() == ["unknown", "public"]


def test_two_rows_about_one_file_are_refused(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path):
    (recordings / "IMG_0 copy.jpg").write_bytes((recordings / "IMG_0.jpg").read_bytes())
    with sheet.open("a", encoding="utf-8") as out:
        out.write("IMG_0 copy.jpg,walker09,public,,,,\n")
    with pytest.raises(InputError, match=r"IMG_0\.jpg and IMG_0 copy\.jpg are one file"):
        bring(study, way, recordings, sheet)


def test_a_copy_is_spoken_of_by_its_own_name(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path):
    (recordings / "copy of hall.jpg").write_bytes((recordings / "hall.jpg").read_bytes())
    bring(study, way, recordings, sheet)  # the sheet has hall.jpg, and the copy comes first
    assert stories_in(study)["consent"]["copy of hall.jpg"] == "public"


def test_a_release_shows_what_was_agreed_to_and_nothing_else(
    study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path
):
    sound(recordings / "2026-05-16_11-10-05.wav", 3)
    photograph(recordings / "hall.jpg", BEGIN.tz_localize(None) + pd.Timedelta(seconds=WRONG_S + 600))
    with sheet.open("a", encoding="utf-8") as out:
        out.write("2026-05-16_11-10-05.wav,walker05,public,,A song,memories,\n")
    bring(study, way, recordings, sheet)
    published = publish_study(study, today=TODAY)
    share = published.folder
    page = (share / "map.en.html").read_text(encoding="utf-8")
    assert {"media/stop-1-1.jpg", "media/stop-1-2.m4a"} <= set(published.files)
    assert "data:image/jpeg;base64," in page
    assert 'href="media/stop-1-2.m4a"' in page
    for shown in ("The closed hall", "It has been shut for years", "We used to dance", "A song"):
        assert shown in page
    for kept in ("no room for young people here", "My house is here"):  # partners alone, and nobody
        assert all(kept.encode() not in path.read_bytes() for path in share.rglob("*") if path.is_file()), kept
    for path in share.rglob("*"):  # who told it, in which file, with which camera
        if path.is_file():
            data = path.read_bytes()
            assert not [name for name in (b"walker01", b"hall.jpg", b"Pocket 3", b"11-10-05") if name in data], path
    with Image.open(share / "media/stop-1-1.jpg") as picture:
        assert not picture.getexif()
    with av.open(str(share / "media/stop-1-2.m4a")) as heard:
        assert "creation_time" not in heard.metadata
        assert heard.duration / av.time_base == pytest.approx(3, abs=0.2)


def test_a_release_of_a_walk_is_the_same_bytes_again(study: Path, way: gpd.GeoSeries, recordings: Path, sheet: Path):
    sheet.write_text("file,contributor,consent\n2026-05-16_11-03-20.wav,walker02,public\nhall.jpg,walker01,public\n")
    bring(study, way, recordings, sheet)
    first = publish_study(study, today=TODAY)
    before = {name: sha256_of(first.folder / name) for name in first.files if name.startswith("media/")}
    second = publish_study(study, today=TODAY)
    assert {name: sha256_of(second.folder / name) for name in before} == before
    assert len(before) == 2
