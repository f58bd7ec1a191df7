"""The whole flow: once, again without change, again with one, and in words that programs read."""

import json
import os
import re

import pyogrio
import pytest
from shapely.affinity import translate

from assetmap.folders import hold_lock
from assetmap.study.flow import OUTPUTS
from tests.cli.program import run_here, snapshot
from tests.worlds import tidewell


def manifest_of(folder):
    return json.loads((folder / "out/manifest.json").read_text("utf-8"))


def test_a_second_build_changes_nothing(study):
    before = snapshot(study)
    times = {path: path.stat().st_mtime_ns for path in (study / "out").iterdir()}
    ran = run_here("build", study).worked()
    assert "nothing has changed since the last build" in ran.err
    assert "reading" not in ran.err
    assert ran.out == f"The map is {study / 'out/map.html'}\n"
    assert snapshot(study) == before
    assert {path: path.stat().st_mtime_ns for path in (study / "out").iterdir()} == times


def test_when_asked_it_builds_again_to_the_same_bytes(study):
    before = snapshot(study)
    ran = run_here("build", study, "--overwrite").worked()
    assert "drawing the map" in ran.err
    assert snapshot(study) == before


def test_zones_that_overlap_are_told_with_what_it_does_to_the_figures(study):
    file = study / "inputs/tidewell_zones.geojson"
    zones = pyogrio.read_dataframe(file)
    flat = zones.to_crs(pyogrio.read_info(study / "out/assetmap.gpkg", layer="zones")["crs"])
    flat.loc[0, "geometry"] = translate(flat.geometry[0], xoff=100)  # squares of 300 m, side by side
    pyogrio.write_dataframe(flat.to_crs(zones.crs), file)
    said = run_here("build", study).worked().err
    overlap = re.search(r"2 zones that overlap, ([\d,]+) m² in all", said)
    assert int(overlap[1].replace(",", "")) == pytest.approx(100 * 300, abs=30)
    assert f"2 of 12 zones overlap, by {overlap[1]} m² in all. A home there is counted in one of them alone" in said
    assert said.count("overlap") == 2
    assert any("zones overlap" in note for note in manifest_of(study)["notes"])


def test_a_changed_input_is_built_again(study):
    people = study / "inputs/tidewell_population.csv"
    before = snapshot(study)
    people.write_text(people.read_text().replace("1600", "2600"))
    ran = run_here("build", study).worked()
    assert "reading population" in ran.err
    figures = manifest_of(study)["figures"]
    assert figures["people"] == tidewell.POPULATION_IN_ALL + 2 * 1_000  # two zones had 1,600
    assert snapshot(study)["out/map.html"] != before["out/map.html"]


def test_changed_settings_are_built_again(study):
    settings = study / "assetmap.toml"
    settings.write_text(settings.read_text().replace("[400, 800, 1200]", "[1000, 500, 500]"))
    run_here("build", study, "--quiet").worked()
    assert manifest_of(study)["settings"]["access"]["thresholds_m"] == [500, 1000]
    assert {"people_500m", "share_1000m"} <= manifest_of(study)["figures"]["access"]["park"].keys()
    assert "share_400m" not in manifest_of(study)["figures"]["access"]["park"]


@pytest.mark.parametrize(
    ("name", "harm"),
    [("map.html", "gone"), ("assetmap.gpkg", "torn"), ("zones.csv", "emptied"), ("manifest.json", "torn")],
)
def test_an_output_that_was_harmed_is_made_again_and_quiet_says_nothing(study, name, harm):
    before = snapshot(study)
    path = study / "out" / name
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:1000] if harm == "torn" else b"")
    ran = run_here("build", study, "--quiet").worked()
    assert (ran.out, ran.err) == ("", "")
    assert snapshot(study) == before


def test_json_is_the_summary_and_nothing_else_is_on_stdout(study):
    ran = run_here("build", study, "--json", "--overwrite").worked()
    summary = json.loads(ran.out)
    assert summary["outputs"] == sorted(OUTPUTS)
    assert summary["figures"]["duplicates"] == len(tidewell.DUPLICATES)
    for tally in summary["tallies"]:
        assert tally["read"] == tally["kept"] + sum(tally["dropped"].values())
    assert "reading OpenStreetMap" in ran.err
    again = run_here("build", study, "--json", "--quiet").worked()
    assert (json.loads(again.out), again.err) == (summary, "")


def test_offline_is_how_it_is_anyway(study):
    run_here("build", study, "--offline", "--quiet").worked()
    run_here("build", study, "--offline", "--fetch").refused(2, "--offline and --fetch can't go together")


def test_another_osm_file_takes_the_place_of_the_study_s(study, sample, tmp_path):
    text = (sample / "osm_cache/tidewell.osm").read_text()
    other = tmp_path / "other.osm"
    other.write_text(text.replace('v="Kingfisher Park"', 'v="Queen\'s Park"'))
    run_here("build", study, "--osm", other, "--quiet").worked()
    page = manifest_of(study)
    named = [entry["file"] for entry in page["inputs"]]
    assert "--osm other.osm" in named
    assert "inputs/tidewell.osm" not in named
    names = set(pyogrio.read_dataframe(study / "out/assetmap.gpkg", layer="assets")["name"])
    assert "Queen's Park" in names
    assert "Kingfisher Park" not in names
    again = run_here("build", study, "--osm", other).worked()
    assert "nothing has changed" in again.err
    back = run_here("build", study).worked()
    assert "nothing has changed" not in back.err


def test_the_manifest_holds_neither_places_on_this_machine_nor_times_of_day(built):
    text = (built / "out/manifest.json").read_text("utf-8")
    assert str(built) not in text
    assert str(built.parent) not in text
    assert os.sep + "tmp" not in text
    found = manifest_of(built)
    assert len(found["built_on"]) == 10
    for entry in found["inputs"]:
        assert len(entry["sha256"]) == 64
        assert not entry["file"].startswith("/")
    assert {entry["file"] for entry in found["inputs"] if "licence" not in entry} == {"assetmap.toml"}


def test_while_another_builds_it_waits_for_nobody_and_says_so(study):
    before = snapshot(study)
    with hold_lock(study):
        run_here("build", study, "--quiet").refused(2, "is being written by another assetmap")
    assert snapshot(study) == before


def test_a_build_leaves_the_inputs_alone(fresh):
    before = snapshot(fresh)
    run_here("build", fresh, "--quiet").worked()
    after = snapshot(fresh)
    assert {name: data for name, data in after.items() if not name.startswith("out/")} == before


def test_a_study_of_nothing_but_osm_is_built(tmp_path, sample):
    run_here("new", tmp_path, "--name", "Only OSM", "--quiet").worked()
    run_here("add", tmp_path, sample / "osm_cache/tidewell.osm", "--quiet").worked()
    ran = run_here("build", tmp_path).worked()
    assert "No population is known for 1 of 1 zone," in ran.err
    found = manifest_of(tmp_path)["figures"]
    assert found["assets_by_category"] == tidewell.ASSETS_BY_CATEGORY
    assert found["people"] is None


def test_a_study_of_nothing_but_a_list_and_an_outline_measures_straight_lines(tmp_path, sample):
    run_here("new", tmp_path, "--name", "Only a list", "--quiet").worked()
    files = [sample / "boundaries/tidewell_zones.geojson", sample / "inputs/tidewell_community_buildings.csv"]
    run_here("add", tmp_path, *files, "--quiet").worked()
    ran = run_here("build", tmp_path).worked()
    assert "There is no walking network, so distances are straight lines." in ran.err
    assert manifest_of(tmp_path)["figures"]["network"] == {"mode": "straight line"}
