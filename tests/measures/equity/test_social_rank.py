"""Positions between the most and the least deprived, and groups of equal people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.errors import InputError, UsageError
from assetmap.measures.equity.social_rank import deprivation_groups, social_position


def test_positions_on_paper():
    found = social_position(pd.Series([1, 2, 3]), pd.Series([10.0, 30.0, 60.0]))
    assert found.tolist() == pytest.approx([0.05, 0.25, 0.7])


def test_ties_stand_together():
    found = social_position(pd.Series([2, 1, 2]), pd.Series([30.0, 40.0, 30.0]))
    assert found.tolist() == pytest.approx([0.7, 0.2, 0.7])


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(1, 30), st.floats(1, 1e5)), min_size=1, max_size=40),
    scale=st.floats(1e-3, 1e3),
)
def test_the_mean_position_of_people_is_one_half(rows, scale):
    order, people = (pd.Series(column, dtype=float) for column in zip(*rows, strict=True))
    position = social_position(order, people * scale)
    assert (position * people).sum() / people.sum() == pytest.approx(0.5, rel=1e-9)
    assert position.to_numpy() == pytest.approx(social_position(order, people).to_numpy(), rel=1e-9)


def test_tenths_of_a_hundred_like_zones_are_ten_each():
    rng = np.random.default_rng(1)
    zones = pd.DataFrame({"population": 1600.0, "imd_rank": rng.permutation(33_755)[:100] + 1}, index=range(500, 600))
    found = deprivation_groups(zones)
    assert found.index.equals(zones.index)
    assert found.value_counts().to_dict() == dict.fromkeys(range(1, 11), 10)
    assert zones.loc[found == 1, "imd_rank"].max() < zones.loc[found == 2, "imd_rank"].min()


def test_groups_follow_people_not_zones():
    zones = pd.DataFrame({"population": [500.0, 100, 100, 100, 100, 100], "imd_rank": [1, 2, 3, 4, 5, 6]})
    assert deprivation_groups(zones, groups=2).tolist() == [1, 2, 2, 2, 2, 2]


def test_a_very_large_zone_leaves_groups_empty():
    zones = pd.DataFrame({"population": [10.0, 80.0, 10.0], "imd_rank": [1, 2, 3]})
    assert deprivation_groups(zones, groups=5).tolist() == [1, 3, 5]


def test_zones_without_rank_or_people_are_in_no_group():
    zones = pd.DataFrame({"population": [10.0, np.nan, 0.0, 10.0], "imd_rank": [1, np.nan, 2, 3]})
    found = deprivation_groups(zones, groups=2)
    assert found.isna().tolist() == [False, True, True, False]
    assert found.dropna().tolist() == [1, 2]


@settings(deadline=None)
@given(seed=st.integers(0, 1000), groups=st.sampled_from([5, 10]))
def test_groups_hold_equal_people_to_within_one_zone(seed, groups):
    rng = np.random.default_rng(seed)
    zones = pd.DataFrame({"population": rng.integers(1000, 3001, 200).astype(float), "imd_rank": rng.permutation(200)})
    found = deprivation_groups(zones, groups=groups)
    people = zones["population"].groupby(found).sum()
    assert people.sum() == zones["population"].sum()
    assert (people - zones["population"].sum() / groups).abs().max() <= 3000
    shuffled = deprivation_groups(zones.sample(frac=1, random_state=seed), groups=groups)
    assert shuffled.sort_index().equals(found)
    assert deprivation_groups(zones.assign(population=zones["population"] * 0.37), groups=groups).equals(found)


@pytest.mark.parametrize("people", [np.nan, -5.0])
def test_unknown_or_negative_people_are_refused(people):
    zones = pd.DataFrame({"population": [10.0, people], "imd_rank": [1, 2]})
    with pytest.raises(InputError, match="1 of 2 zones have an unknown or negative population"):
        deprivation_groups(zones)


def test_one_group_is_refused():
    with pytest.raises(UsageError, match="2 or more"):
        deprivation_groups(pd.DataFrame({"population": [1.0], "imd_rank": [1]}), groups=1)
