"""The tables of a study as one: what counts people in them, and what a release shows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assetmap.disclosure.people_columns import Figure, columns_of_people, figures_behind
from assetmap.disclosure.people_figures import EarlierCounts, protect_people
from assetmap.disclosure.small_counts import NHS, Rule
from assetmap.errors import DisclosureError
from tests.disclosure.studies import study_tables


@pytest.fixture(scope="module")
def tables():
    return study_tables(1, zones=6)


@pytest.fixture(scope="module")
def released(tables):
    return protect_people(tables)


def test_every_copy_and_share_falls_with_its_count(tables, released):
    hidden = {Figure(*row[:3]) for row in released.reasons.itertuples(index=False)}
    assert hidden
    assert set(released.reasons["reason"]) == {"small", "protects another"}
    by_zone = released.tables["access_by_zone"].set_index(["group", "category"])
    wide = released.tables["zones"].set_index("zone_code")
    for figure in hidden:
        if figure.name == "within 400m" and figure.group.startswith("Z"):
            assert np.isnan(wide.loc[figure.group, f"{figure.subject}_share_400m"])
            assert f"{figure.subject}_share_400m" in wide.loc[figure.group, "hidden"].split()
            row = by_zone.loc[(figure.group, figure.subject)]
            assert row[["people_400m", "share_400m", "mean_count_400m"]].isna().all()
            assert row["hidden"].split() == [
                c for c in row.index if c != "hidden" and pd.isna(row[c]) and pd.notna(_before(tables, figure)[c])
            ]


def _before(tables, figure):
    return tables["access_by_zone"].set_index(["group", "category"]).loc[(figure.group, figure.subject)]


def test_no_small_count_or_difference_is_shown(released):
    for name in ("access_by_zone", "access_by_deprivation"):
        shown = released.tables[name][["people_400m", "people_800m", "people_1200m", "people"]]
        for values in (shown, shown.diff(axis=1).iloc[:, 1:]):
            flat = values.to_numpy().ravel()
            assert not ((flat > 0) & (flat < 10)).any()


def test_what_adds_up_is_shown_as_it_was(tables, released):
    before, after = tables["access_by_zone"], released.tables["access_by_zone"]
    same = after["people_800m"].notna()
    assert (after["people_800m"][same] == before["people_800m"][same]).all()
    assert (after["people"] == before["people"]).all()  # official figures are left alone where they can be
    assert list(after.columns) == [*before.columns, "hidden"]


def test_the_same_release_again_adds_nothing(tables, released):
    earlier = EarlierCounts("2026-01-01", released.shown, released.zones)
    again = protect_people(tables, earlier=[earlier])
    assert not again.given_away
    pd.testing.assert_frame_equal(again.reasons, released.reasons)


def test_a_lower_threshold_before_gives_away_what_a_higher_one_would_hide(tables):
    before = protect_people(tables, rule=Rule(5))
    after = protect_people(tables, rule=Rule(10), earlier=[EarlierCounts("2026-01-01", before.shown, before.zones)])
    assert after.given_away


def test_a_zone_that_was_left_out_is_not_found_by_subtraction():
    """Ten people in a zone of their own leave the study: the whole and what is left of it would tell them."""
    table = pd.DataFrame(
        {"group": ["neighbourhood", "A", "B", "C"], "category": "cafe", "people": [907.0, 500, 400, 7]}
    )
    first = protect_people({"access_by_zone": table})
    assert first.reasons["reason"].tolist() != ["small"]
    without = table[table["group"] != "C"].assign(people=[900.0, 500, 400])
    shown = {Figure("people", "", "neighbourhood"): 907.0, Figure("people", "", "A"): 500.0}
    earlier = EarlierCounts("2026-01-01", shown, {"neighbourhood": ["A", "B", "C"], "A": ["A"]})
    second = protect_people({"access_by_zone": without}, earlier=[earlier])
    assert set(second.reasons["group"]) == {"B", "neighbourhood"}


def test_nhs_shares_are_reckoned_from_rounded_counts(tables):
    table = protect_people(tables, rule=NHS).tables["access_by_zone"]
    known = table[table["share_800m"].notna()]
    assert (known["people_800m"] % 5 == 0).all()
    assert known["share_800m"].to_numpy() == pytest.approx((known["people_800m"] / known["people"]).to_numpy())


def test_columns_nobody_has_declared_are_refused():
    assert figures_behind("standards", "share_at_most") == (("not met {mode}", ""), ("people", ""))
    assert columns_of_people("equity", ["value", "people"]) == []
    with pytest.raises(DisclosureError, match="people_over_90"):
        figures_behind("zones", "people_over_90")


def test_not_known_people_stay_so():
    table = pd.DataFrame({"group": ["neighbourhood", "A", "B"], "category": "cafe", "people": [np.nan, np.nan, 400]})
    found = protect_people({"access_by_zone": table})
    assert found.tables["access_by_zone"]["people"].isna().tolist() == [True, True, False]
    assert found.reasons.empty
