"""Deprivation of an area against METRICS' known answers and hand sums."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assetmap.errors import InputError
from assetmap.measures.deprivation import (
    decile_of_rank,
    extent_weight,
    percentile_of_rank,
    summarise_deprivation,
)


def test_extent_weights_of_the_technical_report():
    found = extent_weight(pd.Series([10, 11, 12, 20, 30, 31, np.nan], dtype=float))
    assert found.round(4).tolist()[:6] == [1, 0.95, 0.9026, 0.5237, 0.05, 0]
    assert np.isnan(found.iloc[6])


def test_percentile_and_decile_are_national():
    ranks = pd.Series([1, 3375, 3376, 33755], dtype=float)
    assert percentile_of_rank(ranks, 33755).tolist() == [1, 10, 11, 100]
    assert decile_of_rank(ranks, 33755).tolist() == [1, 1, 2, 10]


def test_hand_sums():
    zones = pd.DataFrame(
        {
            "population": [1000.0, 2000.0, 1000.0],
            "imd_score": [60.0, 30.0, 10.0],
            "imd_rank": [1000.0, 5000.0, 30000.0],
            "imd_decile": [1.0, 2.0, 9.0],
        }
    )
    found = summarise_deprivation(zones, size=33755)
    assert found["average_score"] == pytest.approx((60 * 1 + 30 * 2 + 10 * 1) / 4)
    assert found["average_rank_reversed"] == pytest.approx((32756 + 2 * 28756 + 3756) / 4)
    assert found["share_of_zones_decile_1"] == pytest.approx(1 / 3)
    assert found["share_of_people_decile_1"] == 0.25
    assert found["share_of_people_deciles_1_2"] == 0.75
    # percentile of rank 5000 = ceil(14.81) = 15: weight 0.95 - 4 x 0.9/19
    assert found["extent"] == pytest.approx((1 + 2 * (0.95 - 4 * 0.9 / 19)) / 4)


def test_unknown_people_leave_only_what_needs_none():
    zones = pd.DataFrame(
        {"population": [np.nan, 5.0], "imd_score": [1.0, 2.0], "imd_rank": [1.0, 9000.0], "imd_decile": [1.0, 3.0]}
    )
    found = summarise_deprivation(zones, size=33755)
    assert np.isnan(found["average_score"])
    assert np.isnan(found["share_of_people_decile_1"])
    assert found["share_of_zones_decile_1"] == 0.5


def test_a_zone_without_figures_is_counted_apart():
    zones = pd.DataFrame(
        {"population": [10.0, 90.0], "imd_score": [4.0, np.nan], "imd_rank": [9.0, np.nan], "imd_decile": [1.0, np.nan]}
    )
    found = summarise_deprivation(zones, size=33755)
    assert (found["zones"], found["zones_without_figures"], found["people"]) == (2, 1, 10)
    assert found["average_score"] == 4


def test_a_rank_of_another_edition_is_refused():
    zones = pd.DataFrame({"population": [1.0], "imd_score": [1.0], "imd_rank": [33000.0], "imd_decile": [10.0]})
    with pytest.raises(InputError, match="another edition"):
        summarise_deprivation(zones, size=32844)
