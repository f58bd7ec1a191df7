"""What-if and pockets as a user runs them, on the demo whose answers are on paper."""

from __future__ import annotations

import json

import pytest

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


def test_closing_and_opening(study):
    closed = json.loads(run_here("whatif", study, "--close", "osm:node/2890", "--minutes", "4", "--json").worked().out)
    assert closed["people_no_longer_reached"] > 0
    assert closed["people_newly_reached"] == 0
    nursery = run_here("whatif", study, "--open", "osm:node/3173", "--json").worked()
    assert json.loads(nursery.out)["people_newly_reached"] > 0


def test_the_study_itself_stays_as_it_was(study):
    before = {p: p.read_bytes() for p in (study / "out").iterdir() if p.is_file()}
    run_here("whatif", study, "--add", f"park@{HERE}", "--quiet").worked()
    assert {p: p.read_bytes() for p in (study / "out").iterdir() if p.is_file()} == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "give one of --add, --open and --close"),
        (["--add", "park@1,53", "--close", "x"], "give one of --add, --open and --close"),
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


def test_swapped_axes_are_named(study):
    run_here("whatif", study, "--add", "park@53.46,1.01", "--quiet").refused(3, "longitude goes first")


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
