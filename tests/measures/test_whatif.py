"""What-if: hand sums, and what must hold whatever the world."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.errors import UsageError
from assetmap.measures.access import measure_access
from assetmap.measures.whatif import compare_access
from tests.measures.test_access import assets_at, origins_at, places

TARGETS = {"park": ["park"], "garden": ["garden"], "library": ["library"]}


def access_of(*distances):
    return pd.DataFrame(
        {
            "origin_id": [f"o{i}" for i in range(len(distances))],
            "category": "library",
            "euclid_m": 0.0,
            "walk_m": distances,
            "walk_count_400m": 0,
        }
    )


@pytest.fixture
def origins():
    return pd.DataFrame(
        {"origin_id": ["o0", "o1", "o2", "o3"], "zone_code": ["A", "A", "B", "B"], "people": [10.0, 20.0, 30.0, 40.0]}
    )


def test_hand_sums(origins):
    before, after = access_of(900, 300, np.nan, 350), access_of(350, 300, 399, 500)
    found = compare_access(
        before, after, origins, category="library", within_m=400, decile=pd.Series({"A": 1.0, "B": 7.0})
    )
    assert found.people == 100
    assert (found.people_within_before, found.people_within_after) == (60, 60)
    assert (found.people_newly_reached, found.people_no_longer_reached) == (40, 40)
    # those who reach one before and after: o0 (-550), o1 (0), o3 (+150)
    assert found.mean_change_m == pytest.approx((10 * -550 + 20 * 0 + 40 * 150) / 70)
    assert found.by_decile["newly_reached"].to_dict() == {1: 10, 7: 30}
    assert found.by_decile["no_longer_reached"].to_dict() == {1: 0, 7: 40}
    assert found.origins["change"].to_dict() == {"o0": "newly", "o1": "same", "o2": "newly", "o3": "no longer"}


def test_the_first_of_its_kind_and_unknown_people(origins):
    nothing = access_of(1, 1, 1, 1).assign(category="park")
    found = compare_access(nothing, access_of(100, 500, 1, 1), origins, category="library", within_m=400)
    assert found.people_newly_reached == 80
    assert np.isnan(found.mean_change_m)
    origins.loc[0, "people"] = np.nan
    assert np.isnan(compare_access(nothing, access_of(1, 1, 1, 1), origins, category="library", within_m=400).people)


def test_two_studies_and_no_distance_are_refused(origins):
    with pytest.raises(UsageError, match="same study"):
        compare_access(access_of(1, 2), access_of(1, 2, 3, 4), origins, category="library", within_m=400)
    with pytest.raises(UsageError, match="above 0 m"):
        compare_access(access_of(1, 2, 3, 4), access_of(1, 2, 3, 4), origins, category="library", within_m=0)


@settings(max_examples=25, deadline=None)
@given(st.lists(places, min_size=1, max_size=6), places)
def test_an_addition_never_loses_anyone_and_a_copy_changes_nothing(rows, extra):
    origins = origins_at((0, 0), (1000, 1000), (1999, 3))
    before = measure_access(origins, assets_at(*rows), targets=TARGETS)
    after = measure_access(origins, assets_at(*rows, extra), targets=TARGETS)
    copy = measure_access(origins, assets_at(*rows, rows[0]), targets=TARGETS)
    for category in TARGETS:
        added = compare_access(before, after, origins, category=category, within_m=600)
        assert added.people_no_longer_reached == 0
        assert added.people_newly_reached == added.people_within_after - added.people_within_before
        same = compare_access(before, copy, origins, category=category, within_m=600)
        assert (same.people_newly_reached, same.people_no_longer_reached) == (0, 0)
