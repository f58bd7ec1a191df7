"""The story of Tidewell Basin, walked from both ends: "no room for young people", from two sheets and a walk to an
action whose outcome changes by what a what-if gives. Everything in it is fictional."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from assetmap.study.engagement.system_maps import tied_places
from tests.cli.program import run_here
from tests.study.leaflets import told_of


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as it ships."""
    study = tmp_path_factory.mktemp("story") / "demo"
    run_here("demo", "--out", study, "--quiet").worked()
    return study


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


def test_the_map_and_the_system_maps_lead_to_each_other(story: Path):
    place = f"place={closed_hall(story)}"
    page = (story / "out/systems.html").read_text(encoding="utf-8")
    assert f'<li id="{place}"' in page
    assert f'href="map.html#{place}"' in page
    assert tied_places(story) == [closed_hall(story)]


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
    page = (story / "out/share/you-said-we-did.en.html").read_text(encoding="utf-8")
    told = told_of(page)
    assert told["A room of our own"]["We plan to"] == ["Open Netmakers Hall again by June 2027"]
    assert told["A room of our own"]["What this should change"] == [
        "Nearer a hall",
        "Nobody has measured it afterwards yet.",
    ]
    assert "We did" not in told["A room of our own"]
    crossing = told["A crossing by the school"]
    assert crossing["We did"] == ["Count the lorries at the school gate 20 November 2026"]
    assert crossing["Under way"] == ["Ask for a crossing by the school by March 2027"]
    assert told["More benches"] == {"You said": ["somewhere to sit"], "We did": ["Nothing has been done yet."]}
    assert "Tariq" not in page


def test_two_coders_agree_as_much_as_paper_says(story: Path):
    """Of 39 marks with words and one story, the second coder gives three another theme: one of them is the hall's.

    "No room for young people": 6 by both, 1 by the first alone, 33 by neither. Alike 39 of 40; by chance
    (7 x 6 + 33 x 34) / 1600 = 0.7275; kappa (0.975 - 0.7275) / 0.2725.
    """
    found = json.loads(run_here("themes", "agreement", story, "--json").worked().out)
    whole = found["whole"]
    assert (whole["n"], whole["observed"]) == (40, pytest.approx(37 / 40))
    (room,) = [theme for theme in found["themes"] if theme["theme"] == "no-room-for-young-people"]
    assert (room["first"], room["second"]) == (7, 6)
    assert room["kappa"] == pytest.approx((0.975 - 0.7275) / 0.2725)


def test_what_is_still_to_do_is_told(story: Path):
    assert "no action answers: More benches" in run_here("agenda", "check", story).worked().out
    assert "no action answers: 1 (priority:more-benches)" in run_here("chain", story).worked().out


def test_every_command_about_the_story_works(story: Path):
    for command in (["status"], ["themes", "table"], ["systems", "ask"], ["agenda", "matrix"], ["theory", "draw"]):
        assert run_here(*command, story).worked().out


def test_nobody_under_16_was_heard_at_the_stall(story: Path):
    """None of 20, where 3,800 of 18,000 would be 4.2: so few come by chance in (14.2 / 18) ** 20 = 0.9 % of samples."""
    lines = run_here("voices", "heard", story).worked().out.splitlines()
    (young,) = [line for line in lines if "0 to 15" in line]
    assert young.endswith("0 heard, 0%; 21% of residents: under-represented")
    assert sum("under-represented" in line for line in lines) == 1
