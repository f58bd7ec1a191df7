"""Comparing as a user runs it: the demo beside a copy of itself."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from assetmap.study.comparing import COMPARED_FILES, Comparison, Figure, _shown_figures
from tests.cli.program import run_here


@pytest.fixture
def two(study, tmp_path):
    again = tmp_path / "again"
    shutil.copytree(study, again)
    return study, again, tmp_path / "beside"


def test_one_table_and_one_page(two):
    first, second, out = two
    ran = run_here("compare", first, second, "--out", out).worked()
    assert "0 not comparable" in ran.out
    assert "comparison.html" in ran.out
    assert {path.name for path in out.iterdir()} == set(COMPARED_FILES)


def test_json_holds_every_figure(two):
    first, second, out = two
    found = json.loads(run_here("compare", first, second, "--out", out, "--json").worked().out)
    assert len(found["studies"]) == 2
    people = next(figure for figure in found["figures"] if figure["figure"] == "People")
    assert people["values"] == [18_000, 18_000]


def test_a_study_that_isn_t_there_and_a_page_that_is(two, tmp_path):
    first, second, out = two
    assert "is not a study" in run_here("compare", first, tmp_path / "none", "--out", out).refused(3)
    run_here("compare", first, second, "--out", out).worked()
    assert "say --overwrite" in run_here("compare", first, second, "--out", out).refused(2)
    run_here("compare", first, second, "--out", out, "--overwrite").worked()


def test_what_one_study_lacks_for_one_reason_is_one_row():
    """Figures without a pair fill no page: the first is shown with how many more there are, and the table has all."""
    why = ("", "no place of the kind is known here")
    lacking = [Figure("Access", f"Parks: within {t} m", "share", (0.5, None), why) for t in (400, 800, 1200)]
    known = Figure("Access", "Health: within 400 m", "share", (0.5, 0.25), ("", ""))
    other = Figure("Access", "Halls: within 400 m", "share", (0.5, None), why)
    rows = list(_shown_figures([*lacking, known, other]))
    assert [row.label for row in rows] == ["Parks: within 400 m", "Health: within 400 m", "Halls: within 400 m"]
    assert [row.note for row in rows] == ["2 more for the same reason: in comparison.csv.", "", ""]
    assert [figure.comparable for figure in (*lacking, known)] == [False, False, False, True]
    table = Comparison(("a", "b"), (*lacking, known), pd.DataFrame()).table()
    assert table["comparable"].tolist() == ["yes", "no", "no", "no", "yes"]
