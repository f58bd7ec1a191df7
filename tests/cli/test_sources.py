"""What a study has, how old it is, and whose."""

import json

from tests.cli.program import run_here


def test_every_file_is_listed_with_its_licence(built):
    ran = run_here("sources", built, "--json").worked()
    rows = {row["file"]: row for row in json.loads(ran.out)}
    assert len(rows) == 6
    for row in rows.values():
        assert row["state"] == "whole"
        assert row["publisher"]
        assert row["licence"]
        assert row["age_days"] >= 0


def test_a_person_gets_two_lines_for_each(built):
    ran = run_here("sources", built).worked()
    lines = ran.out.splitlines()
    assert len(lines) == 12
    at = lines.index("inputs/tidewell_zones.geojson")
    assert "12 zones; assetmap; CC0-1.0; " in lines[at + 1]
    assert lines[at + 1].endswith("; whole")
    assert ran.err == ""


def test_what_is_changed_missing_or_unrecorded_is_said(study):
    (study / "inputs/tidewell.osm").write_text("changed")
    (study / "inputs/tidewell_iod2025.csv").unlink()
    (study / "inputs/mine.csv").write_text("a\n1\n")
    (study / "inputs/tidewell_population.csv.source.toml").write_text("= torn")
    ran = run_here("sources", study, "--json").worked()
    states = {row["file"].removeprefix("inputs/"): row["state"] for row in json.loads(ran.out)}
    assert states == {
        "mine.csv": "unrecorded",
        "tidewell.osm": "changed",
        "tidewell_annotations.geojson": "whole",
        "tidewell_community_buildings.csv": "whole",
        "tidewell_iod2025.csv": "missing",
        "tidewell_population.csv": "unreadable record",
        "tidewell_zones.geojson": "whole",
    }


def test_a_shapefile_is_one_line_and_its_parts_none(study):
    for part in ("a.shp", "a.dbf", "a.shx", "a.prj", "a.cpg", "b.dbf"):  # b.dbf belongs to nothing that is there
        (study / "inputs" / part).write_bytes(b"x")
    ran = run_here("sources", study, "--json").worked()
    found = {row["file"] for row in json.loads(ran.out) if row["state"] == "unrecorded"}
    assert found == {"inputs/a.shp", "inputs/b.dbf"}


def test_a_folder_that_is_no_study_is_refused(tmp_path):
    run_here("sources", tmp_path).refused(3, "is not a study")
