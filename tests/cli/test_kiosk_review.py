"""`kiosk review` and `kiosk apply`: what a person decided reaches the map's counts, and nothing else does."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest

from tests.cli.program import run_here, snapshot
from tests.kiosk.read_marks import write_marks


@pytest.fixture
def marked(study):
    """The demo with marks of the kiosk, nobody's annotations beside them, not built with them yet."""
    zones = gpd.read_file(study / "out/assetmap.gpkg", layer="zones")
    middle = zones.union_all().centroid
    write_marks(study, zones.crs, (middle.x, middle.y))
    return study


def review(path, reviewer="AB", **decisions):
    marks = [{"id": name.replace("_", "-", 1).replace("_", ":"), **said} for name, said in decisions.items()]
    path.write_text(json.dumps({"format": "assetmap-review", "reviewer": reviewer, "marks": marks}))
    return path


def accept(**more):
    return {"decision": "accept", "consent": "public", **more}


def annotations(folder):
    run_here("build", folder, "--quiet").worked()
    table = gpd.read_file(folder / "out/assetmap.gpkg", layer="annotations")
    return table[table["source"].eq("photo.jpg")].set_index("annotation_id")


def test_the_page_is_written_and_what_was_decided_is_on_it_again(marked, tmp_path):
    ran = run_here("kiosk", "review", marked).worked()
    assert ran.out.startswith("6 marks to review are on ")
    page = (marked / "kiosk/review.html").read_text(encoding="utf-8")
    assert "Working copy" in page
    before = snapshot(marked)
    run_here("kiosk", "review", marked).worked()
    assert snapshot(marked) == before
    run_here("kiosk", "apply", marked, review(tmp_path / "r.json", A1B2_2_1=accept(text="Flooded"))).worked()
    run_here("kiosk", "review", marked).worked()
    page = (marked / "kiosk/review.html").read_text(encoding="utf-8")
    assert ">Flooded</textarea>" in page
    assert "reviewed by <bdi>AB</bdi>" in page


def test_decisions_become_annotations(marked, tmp_path):
    assert set(annotations(marked)["consent"]) == {"unknown"}
    decisions = {
        "A1B2_1_1": accept(theme="dark"),
        "A1B2_1_4": accept(text="No lamps"),
        "A1B2_1_2": accept(),
        "A1B2_1_3": {"decision": "merge", "into": "A1B2-1:2", "consent": "research"},
        "A1B2_2_2": {"decision": "reject"},
    }
    ran = run_here("kiosk", "apply", marked, review(tmp_path / "r.json", **decisions)).worked()
    assert ran.out.splitlines()[0] == "3 accepted, 1 merged, 1 rejected, 1 still open."
    found = annotations(marked)
    assert sorted(found.index) == ["A1B2-1:1", "A1B2-1:2", "A1B2-2:1"]
    assert found["consent"].to_dict() == {"A1B2-1:1": "public", "A1B2-1:2": "research", "A1B2-2:1": "unknown"}
    assert found.at["A1B2-1:1", "text"] == "No lamps"
    assert found.at["A1B2-1:2", "geometry"].geom_type == "MultiLineString"
    themes = pd.read_csv(marked / "out/marks_by_theme.csv")
    assert "dark" in set(themes["theme"])


def test_taken_in_again_nothing_changes(marked, tmp_path):
    path = review(tmp_path / "r.json", A1B2_1_1=accept(), A1B2_2_2={"decision": "reject"})
    run_here("kiosk", "apply", marked, path).worked()
    before = snapshot(marked)
    assert run_here("kiosk", "apply", marked, path).worked().out.endswith("Nothing has changed.\n")
    assert snapshot(marked) == before


def test_two_reviewers_see_how_far_they_agree(marked, tmp_path):
    first = review(tmp_path / "a.json", A1B2_1_1=accept(), A1B2_1_2=accept(), A1B2_2_2={"decision": "reject"})
    second = review(
        tmp_path / "b.json", "CD", A1B2_1_1=accept(), A1B2_1_2={"decision": "reject"}, A1B2_2_2={"decision": "reject"}
    )
    out = run_here("kiosk", "apply", marked, first, second).worked().out
    assert "decision   Cohen's kappa 0.40; alike on 67% of 3 marks" in out
    assert "consent    Cohen's kappa not defined" in out
    assert "differ on 1 mark, to be settled: A1B2-1:2" in out
    found = annotations(marked)
    assert found.at["A1B2-1:1", "reviewed_by"] == "AB, CD"
    assert pd.isna(found.at["A1B2-1:2", "reviewed_by"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a saved review"),
        ('{"format": "assetmap-review", "reviewer": "", "marks": []}', "doesn't say who reviewed"),
        ('{"format": "assetmap-review", "reviewer": "A", "marks": [{"id": "X-1:1", "decision": "accept"}]}',
         "decides no mark of this study"),
        ('{"format": "assetmap-review", "reviewer": "A", "marks": [{"id": "A1B2-1:1", "decision": "drop table"}]}',
         "is unknown: use one of accept, merge, reject"),
        ('{"format": "assetmap-review", "reviewer": "A", "marks": [7]}', "has no id"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_one_line_and_changes_nothing(marked, tmp_path, content, words):
    good = review(tmp_path / "good.json", "CD", A1B2_1_1=accept())
    bad = tmp_path / "bad.json"
    bad.write_text(content)
    before = snapshot(marked)
    run_here("kiosk", "apply", marked, good, bad).refused(3, words)
    run_here("kiosk", "apply", marked, bad).refused(3, words)
    assert snapshot(marked) == before


def test_without_marks_there_is_nothing_to_review(study, tmp_path):
    run_here("kiosk", "review", study).refused(3, "has no marks to review")
    run_here("kiosk", "apply", study, review(tmp_path / "r.json", A1B2_1_1=accept())).refused(3, "no marks to review")
    run_here("kiosk", "review", tmp_path).refused(3, "assetmap.toml")


def test_a_study_that_is_being_written_is_left_alone(marked, tmp_path):
    from assetmap.folders import hold_lock

    with hold_lock(marked):
        run_here("kiosk", "apply", marked, review(tmp_path / "r.json", A1B2_1_1=accept())).refused(2, "")
