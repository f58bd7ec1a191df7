"""The story of Tidewell Basin, walked from both ends: "no room for young people", from two sheets and a walk to an
action whose outcome changes by what a what-if gives. Everything in it is fictional."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from tests.cli.program import run_here
from tests.study.test_agenda import write_book
from tests.walks.recordings import gpx

ROOM = "no room for young people"
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
SHARE = "access_by_zone.csv/share_800m/community_centre"
BEGIN = pd.Timestamp("2026-10-10T13:00:00Z")


def hall_at(monkeypatch: pytest.MonkeyPatch) -> tuple[float, float]:
    """Where Netmakers Hall stands, closed in 2024: the middle of the building that the sample's script draws."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    sys.modules.pop("tidewell", None)
    from tidewell.drawing import lonlat

    return lonlat((515, 119))


@pytest.fixture(scope="module")
def story(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with everything that its story is told by."""
    folder = tmp_path_factory.mktemp("story")
    study = Path(shutil.copytree(built, folder / "study"))
    with pytest.MonkeyPatch.context() as patch:
        lon, lat = hall_at(patch)
    (folder / "closed.csv").write_text(
        f"name,category,longitude,latitude,access\nNetmakers Hall,community_centre,{lon:.6f},{lat:.6f},private\n"
    )
    run_here("add", study, folder / "closed.csv").worked()
    run_here("build", study, "--quiet").worked()
    walk(study, folder, (lon, lat))
    notes = gpd.read_file(study / "out/assetmap.gpkg", layer="annotations")
    spoken = notes.loc[notes["theme"] == ROOM, "annotation_id"]
    for coder, told in (("ana", spoken), ("ben", spoken[1:])):
        sheet = folder / f"{coder}.csv"
        pd.DataFrame({"annotation_id": told, "themes": ROOM}).to_csv(sheet, index=False)
        run_here("themes", "code", study, sheet, "--coder", coder).worked()
    votes = "priority,votes,theme,session\nA crossing by the school,31,feels unsafe,cafe\n"
    (folder / "votes.csv").write_text(f"{votes}A room of our own,24,{ROOM},cafe\nMore benches,9,memory,cafe\n")
    run_here("priorities", "import", study, folder / "votes.csv").worked()
    run_here("systems", "import", study, SCRIPTS.parent / "docs/pictures/system-map.json").worked()
    hall = closed_hall(study)
    for target in (hall, ROOM):
        run_here("systems", "tie", study, "Places for young people to meet", target).worked()
    mark = spoken.iloc[0]
    actions = [
        ("id", "what", "who", "cost", "level", "priority", "theme", "assets", "evidence", "outcome"),
        ("open-hall", "Open Netmakers Hall again", "Hall committee", "£38,500", "community", "A room of our own", ROOM,
         hall, f"mark:{mark}", "Nearer a hall"),
    ]  # fmt: skip
    outcomes = [("outcome", "leads to", "indicator"), ("Nearer a hall", "", SHARE)]
    run_here("agenda", "import", study, write_book(folder / "agenda.xlsx", actions, outcomes)).worked()
    run_here("build", study, "--quiet").worked()
    return study


def walk(study: Path, folder: Path, hall: tuple[float, float]) -> None:
    """A walk past the hall, on which a story is told."""
    (place,) = gpd.GeoSeries([shapely.Point(hall)], crs=4326).to_crs(27700)
    way = gpd.GeoSeries([shapely.Point(place.x - 200 + t, place.y) for t in range(0, 400, 6)], crs=27700).to_crs(4326)
    at = BEGIN + pd.to_timedelta(range(0, 5 * len(way), 5), unit="s")
    track = gpx(folder / "walk.gpx", pd.DataFrame({"at": at, "lon": way.x, "lat": way.y}))
    told = BEGIN + pd.Timedelta(seconds=165)
    (folder / "told.csv").write_text(
        f"time,contributor,consent,title,text,theme\n{told.isoformat()},walker-9,public,The hall,"
        f"We learnt to dance in there,{ROOM}\n"
    )
    run_here("walks", "import", study, track, "--consent", folder / "told.csv", "--name", "hall walk").worked()


def closed_hall(study: Path) -> str:
    assets = gpd.read_file(study / "out/assetmap.gpkg", layer="assets")
    (hall,) = assets.loc[assets["name"] == "Netmakers Hall", "asset_id"]
    return str(hall)


def path_of(study: Path, ref: str) -> set[str]:
    found = json.loads(run_here("chain", study, "--of", ref, "--json").worked().out)
    return {step["ref"] for step in found["steps"]}


def test_the_path_is_whole_from_either_end(story: Path):
    hall = f"asset:{closed_hall(story)}"
    forward = path_of(story, "theme:no-room-for-young-people")
    notes = gpd.read_file(story / "out/assetmap.gpkg", layer="annotations")
    marks = notes[("mark:" + notes["annotation_id"]).isin(forward)]
    assert {"S1", "S2", "S3"} <= set(marks["sheet_id"])
    assert "hall-walk" in set(marks["session_id"])
    assert "session:hall-walk" in forward
    whole = {"theme:no-room-for-young-people", "priority:a-room-of-our-own", "action:open-hall", hall}
    assert whole <= forward
    outcome = next(ref for ref in forward if ref.startswith("outcome:"))
    factor = next(ref for ref in forward if ref.startswith("factor:"))
    mark = f"mark:{marks['annotation_id'].iloc[0]}"
    for end in (*whole, outcome, factor, mark, "session:hall-walk"):
        path = path_of(story, end)
        assert whole | {outcome} <= path, end
    assert mark in path_of(story, outcome)


def test_it_was_voted_second(story: Path):
    ranked = json.loads(run_here("priorities", "rank", story, "--rule", "plurality", "--json").worked().out)
    assert "A room of our own" in json.dumps(ranked)
    said = run_here("priorities", "rank", story, "--rule", "plurality").worked().out
    lines = [line for line in said.splitlines() if "crossing" in line or "room" in line or "benches" in line]
    assert ["crossing" in lines[0], "room" in lines[1], "benches" in lines[2]] == [True, True, True]


def test_the_outcome_changes_by_what_the_what_if_gives(story: Path, tmp_path: Path):
    run_here("whatif", story, "--open", closed_hall(story), "--minutes", "12", "--out", tmp_path / "try").worked()
    summary = json.loads((tmp_path / "try/summary.json").read_text(encoding="utf-8"))
    by_zone = pd.read_csv(story / "out/access_by_zone.csv", encoding="utf-8-sig")
    whole = by_zone[(by_zone["group"] == "neighbourhood") & (by_zone["category"] == "community_centre")]
    before = whole["share_800m"].iloc[0]
    after = before + summary["people_newly_reached"] / whole["people"].iloc[0]
    drawn = run_here("theory", "draw", story, "--after", tmp_path / "try/summary.json", "--json").worked().out
    (indicator,) = json.loads(drawn)["indicators"]
    assert summary["people_newly_reached"] > 0
    assert (indicator["before"], indicator["after"]) == (
        pytest.approx(before, abs=1e-4),
        pytest.approx(after, abs=1e-4),
    )


def test_residents_are_told_what_was_done(story: Path):
    run_here("publish", story, "--quiet").worked()
    page = (story / "out/share/you-said-we-did.html").read_text(encoding="utf-8")
    assert "A room of our own" in page
    assert "Open Netmakers Hall again" in page
    assert "Nearer a hall" in page
    assert "Tariq" not in page
