"""What-if and pockets as a user runs them, on the demo whose answers are on paper."""

from __future__ import annotations

import json
import re

import pytest

from assetmap.cli.whatif import _slope_line
from assetmap.study.figures import routes
from assetmap.study.figures.trial import SlopeChange
from tests.cli.program import run_here
from tests.worlds.tidewell import DEPRIVED_POCKET

# 1.01338, 53.46005 is 150 m east and 150 m north of Tidewell's south-west corner: in the pocket, far from a hall.
HERE = "1.0133880,53.4600504"


def test_a_new_hall_reaches_people_and_loses_nobody(study):
    found = json.loads(run_here("whatif", study, "--add", f"community_centre@{HERE}", "--json").worked().out)
    assert found["people"] == 18_000
    assert found["people_newly_reached"] > 0
    assert found["people_no_longer_reached"] == 0
    assert found["people_within_after"] == pytest.approx(
        found["people_within_before"] + found["people_newly_reached"], abs=1e-3
    )
    # whoever is newly reached walks from the four most deprived zones: all others are over 667 m away
    newly = {row["decile"]: row["newly_reached"] for row in found["by_decile"]}
    assert newly[1] == pytest.approx(found["people_newly_reached"], abs=1e-3)
    # the new hall is in the most deprived corner: their end of the slope comes nearer
    slope = found["slope"]
    assert slope["sii_before_m"] < slope["sii_after_m"]
    assert slope["sii_change_m"] == pytest.approx(slope["sii_after_m"] - slope["sii_before_m"], abs=1e-5)
    (folder,) = (study / "out" / "whatif").iterdir()
    assert {p.name for p in folder.iterdir()} == {"map.html", "origins.csv", "by_decile.csv", "summary.json"}
    assert "This has not happened" in (folder / "map.html").read_text(encoding="utf-8")


def test_a_copy_of_a_place_that_is_there_changes_nothing(study):
    assets = study / "out" / "assetmap.gpkg"
    import geopandas as gpd

    library = gpd.read_file(assets, layer="assets").query("category == 'library'").geometry.iloc[0]
    at = gpd.GeoSeries([library.representative_point()], crs=27700).to_crs(4326).iloc[0]
    found = run_here("whatif", study, "--add", f"library@{at.x:.7f},{at.y:.7f}", "--json", "--minutes", "30").worked()
    assert json.loads(found.out)["people_newly_reached"] == 0


def test_a_new_hall_inside_a_surgery(study):
    """The case that the consortium asks about: a community centre inside a diagnostic centre that is there already."""
    asked = ("--add", "community_centre@osm:node/3174", "--minutes", "5")
    found = json.loads(run_here("whatif", study, *asked, "--json").worked().out)
    assert found["change"] == "a new community centre inside Staithe Surgery (osm:node/3174)"
    assert found["people_newly_reached"] == pytest.approx(sum(row["newly_reached"] for row in found["by_decile"]))
    assert round(found["people_newly_reached"]) == 227  # as docs/measures.md has it
    assert found["people_no_longer_reached"] == 0
    # the same place by its coordinates gives the same figures
    import geopandas as gpd

    assets = gpd.read_file(study / "out" / "assetmap.gpkg", layer="assets").to_crs(4326).set_index("asset_id")
    at = assets.geometry["osm:node/3174"]
    there = run_here("whatif", study, "--add", f"community_centre@{at.x:.8f},{at.y:.8f}", *asked[2:], "--json").worked()
    assert json.loads(there.out)["people_newly_reached"] == pytest.approx(found["people_newly_reached"])
    page = (study / "out/whatif/add_community_centre_osm_node_3174/map.html").read_text(encoding="utf-8")
    assert "Working copy, not for sharing" in page
    for title in (
        "People newly reached",
        "Community centre within reach, before",
        "Community centre within reach, after",
    ):
        assert title in page


def test_longer_hours(study):
    hours = ("--extend", "osm:node/2890", "--hours", "Mo-Su 08:00-22:00")
    found = json.loads(run_here("whatif", study, *hours, "--json", "--out", study / "later").worked().out)
    assert "open 98.0 hours a week in place of 66.0" in found["change"]
    assert found["people_newly_reached"] > 0
    assert found["people_no_longer_reached"] == 0
    assert found["mean_hours_before"] < found["mean_hours_after"] <= 98.01  # no other is open outside these hours
    assert found["supply"]["hours_per_1000_after"] is None  # nothing of Tidewell's people next door is known
    assert "the people next door" in found["supply"]["refusal"]
    assert {p.name for p in (study / "later").iterdir()} == {"map.html", "origins.csv", "by_decile.csv", "summary.json"}
    assert not (study / "out" / "whatif").exists()
    said = run_here("whatif", study, *hours, "--quiet").worked().out
    assert "at hours when none is now" in said
    assert "Slope index of inequality of the hours" in said


def test_a_park_that_grows(study):
    grown = json.loads(
        run_here("whatif", study, "--extend", "osm:way/50026", "--metres", "100", "--minutes", "4", "--json")
        .worked()
        .out
    )
    assert grown["people_newly_reached"] > 0
    assert grown["people_no_longer_reached"] == 0
    assert "grown by 100 m on every side" in grown["change"]


def test_closing_and_opening(study):
    closed = json.loads(run_here("whatif", study, "--close", "osm:node/2890", "--minutes", "4", "--json").worked().out)
    assert closed["people_no_longer_reached"] > 0
    assert closed["people_newly_reached"] == 0
    nursery = run_here("whatif", study, "--open", "osm:node/3173", "--json").worked()
    assert json.loads(nursery.out)["people_newly_reached"] > 0


def test_without_a_walking_network_the_metres_are_straight_and_said_so(study):
    toml = study / "assetmap.toml"
    text = toml.read_text()
    assert '[osm]\nfile = "inputs/tidewell.osm"\n' in text
    toml.write_text(text.replace('[osm]\nfile = "inputs/tidewell.osm"\n', ""))
    said = run_here("whatif", study, "--add", f"community_centre@{HERE}", "--out", study / "later", "--quiet").worked()
    assert "within 667 m in a straight line, and 0 would no longer be" in said.out
    page = (study / "later" / "map.html").read_text(encoding="utf-8")
    assert "no community centre within 667 m in a straight line now" in page
    assert "minutes' walk" not in said.out + page


def test_the_study_itself_stays_as_it_was(study):
    before = {p: p.read_bytes() for p in (study / "out").iterdir() if p.is_file()}
    run_here("whatif", study, "--add", f"park@{HERE}", "--quiet").worked()
    assert {p: p.read_bytes() for p in (study / "out").iterdir() if p.is_file()} == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "give one of --add, --open, --close and --extend"),
        (["--add", "park@1,53", "--close", "x"], "give one of --add, --open, --close and --extend"),
        (["--extend", "osm:node/2890"], "goes with one of --hours and --metres"),
        (["--extend", "osm:node/2890", "--hours", "24/7", "--metres", "5"], "goes with one of --hours and --metres"),
        (["--close", "osm:node/2890", "--hours", "24/7"], "goes with one of --hours and --metres"),
        (["--extend", "osm:node/2890", "--hours", "Mo 09:00-10:00"], "that extends nothing"),
        (["--extend", "osm:node/2890", "--hours", "whenever"], "are no hours that can be counted"),
        (["--extend", "osm:way/50469", "--hours", "24/7"], "its hours 'By arrangement' can't be counted"),
        (["--extend", "osm:way/50026", "--hours", "24/7"], "nobody has said when it is open"),
        (["--extend", "osm:node/2890", "--metres", "5"], "has no outline that could grow"),
        (["--extend", "osm:way/50026", "--metres", "0"], "can't grow by 0 m"),
        (["--extend", "osm:way/50034", "--metres", "5"], "there is nothing to extend"),
        (["--close", "list:2893e32f5407:2"], "is a second record of osm:node/2890"),
        (["--add", "library@osm:node/1"], "no asset is called osm:node/1"),
        (["--add", "zoo@1.01,53.46"], "there is no category 'zoo'"),
        (["--add", "park"], "is not category@longitude,latitude"),
        (["--add", "park@-0.03,51.53"], "is not near the study's area"),
        (["--close", "osm:way/1"], "no asset is called osm:way/1"),
        (["--open", "osm:node/2890"], "there is nothing to open"),
        (["--add", f"park@{HERE}", "--minutes", "0"], "a walk of 0.0 minutes"),
    ],
)
def test_what_cannot_be_tried(study, options, says):
    run_here("whatif", study, *options, "--quiet").refused(2, says)


@pytest.mark.parametrize("minutes", ["-3", "0", "nan", "inf"])
def test_a_walk_that_nobody_can_take(study, minutes):
    says = f"a walk of {float(minutes)} minutes can't be measured: give a number above 0"
    run_here("pockets", study, "--minutes", minutes, "--quiet").refused(2, says)
    run_here("whatif", study, "--close", "osm:node/2890", "--minutes", minutes, "--quiet").refused(2, says)
    assert not any((study / "out" / name).exists() for name in ("pockets", "whatif"))


def test_swapped_axes_are_named(study):
    run_here("whatif", study, "--add", "park@53.46,1.01", "--quiet").refused(3, "longitude goes first")


def test_a_place_that_no_way_leads_to_is_refused(study):
    run_here("whatif", study, "--add", "park@1.0134,53.475", "--quiet").refused(
        2, "no way leads to the place at", "nearer to a way"
    )


def test_the_pocket_on_paper(study):
    found = json.loads(run_here("pockets", study, "--json").worked().out)
    (pocket,) = found["pockets"]
    assert pocket["zone_codes"].split(", ") == DEPRIVED_POCKET
    assert pocket["people"] == 6_800
    shares = {row["decile"]: row["share_of_people_inside"] for row in found["sensitivity"]}
    assert shares[1] == pytest.approx(5_300 / 18_000)
    assert shares[2] == pytest.approx(6_800 / 18_000)
    covered = [row["people_covered"] for row in found["coverage"]]
    assert covered == sorted(covered)
    assert covered[-1] <= 6_800 + 1e-6
    assert (study / "out" / "pockets" / "map.html").exists()


def test_pockets_in_words_and_without_an_index(study):
    said = run_here("pockets", study).worked().out
    assert "6,800 people in 4 of its 12 zones" in said
    assert "within 10 minutes" in said
    toml = study / "assetmap.toml"
    toml.write_text(toml.read_text().replace('[deprivation]\nfile = "inputs/tidewell_iod2025.csv"\n', ""))
    run_here("pockets", study, "--quiet").refused(2, "has no index of deprivation")


def test_a_decile_that_cannot_be(study):
    run_here("pockets", study, "--decile", "10", "--quiet").refused(2, "decile 10")


def test_the_network_is_built_once_for_before_and_after(study, monkeypatch):
    built, build = [], routes.build_network
    monkeypatch.setattr(routes, "build_network", lambda walk: built.append(walk) or build(walk))
    said = run_here("whatif", study, "--add", f"community_centre@{HERE}", "--quiet").worked().out
    assert len(built) == 1
    assert re.search(r"On average those who reach one would have \d+ m less to go\.", said)


@pytest.mark.parametrize(
    ("unit", "before", "after", "says"),
    [
        ("m", 159.0, 194.0, "(above 0: the less deprived have farther to go)"),
        ("m", -80.0, -20.0, "(below 0: the more deprived have farther to go)"),
        (
            "m",
            -5.0,
            7.0,
            "(below 0: the more deprived have farther to go, above 0: the less deprived have farther to go)",
        ),
        ("hours", 3.0, 1.0, "(above 0: the more deprived have fewer)"),
        ("hours", -20.2, -4.8, "(below 0: the less deprived have fewer)"),
    ],
)
def test_the_sign_of_a_slope_is_told_in_words(unit, before, after, says):
    assert _slope_line(SlopeChange(before, after, "", unit, "Borough", 12, 12)).endswith(f"after {says}.")
