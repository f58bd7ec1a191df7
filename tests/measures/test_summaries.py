"""Figures for people: means, medians, shares, by zone and by decile, worked out by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from assetmap.errors import UsageError
from assetmap.measures.summaries import access_by_deprivation, choose_columns, summarise_access, weighted_median


@pytest.fixture
def origins():
    return gpd.GeoDataFrame(
        {"origin_id": list("abcd"), "zone_code": ["Z1", "Z1", "Z1", "Z2"], "people": [10.0, 30.0, 60.0, 50.0]},
        geometry=gpd.points_from_xy([0] * 4, [0] * 4),
        crs=27700,
    )


@pytest.fixture
def access():
    return pd.DataFrame(
        {
            "origin_id": list("abcd"),
            "category": "park",
            "euclid_m": [90.0, 300.0, 600.0, 100.0],
            "walk_m": [100.0, 400.0, np.nan, 900.0],
            "walk_count_400m": [2, 1, 0, 0],
            "walk_count_1200m": [5, 5, 0, 1],
            "edge_effect": [False, False, True, False],
        }
    )


def test_by_zone(access, origins):
    found = summarise_access(access, origins).set_index("group")
    one = found.loc["Z1"]
    assert one["people"] == 100
    assert one["mean_m"] == pytest.approx((10 * 100 + 30 * 400) / 40)  # those who reach one
    assert one["median_m"] == 400  # 10 of 40 by 100 m, all 40 by 400 m
    assert one["people_400m"] == 40
    assert one["share_400m"] == pytest.approx(0.4)  # those who reach none count in the whole
    assert one["mean_count_1200m"] == pytest.approx((10 * 5 + 30 * 5) / 100)
    assert (one["unreached_origins"], one["unreached_people"], one["edge_origins"]) == (1, 60, 1)
    assert found.loc["Z2", "share_400m"] == 0
    assert found.loc["Z2", "share_1200m"] == 1


def test_one_unknown_weight_empties_the_groups_figures(access, origins):
    origins.loc[0, "people"] = np.nan
    found = summarise_access(access, origins).set_index("group")
    assert found.loc["Z1", ["people", "mean_m", "median_m", "share_400m", "people_400m"]].isna().all()
    assert found.loc["Z1", "origins"] == 3
    assert found.loc["Z2", "share_1200m"] == 1


def test_a_straight_line_table_says_so(access, origins):
    straight = access.drop(columns=["walk_count_400m", "walk_count_1200m"]).assign(euclid_count_400m=[1, 1, 0, 1])
    found = summarise_access(straight, origins).set_index("group")
    assert set(found["mode"]) == {"euclid"}
    assert found.loc["Z1", "share_400m"] == pytest.approx(0.4)


def test_by_deprivation_with_a_sentence(access, origins):
    table, sentences = access_by_deprivation(access, origins, pd.Series({"Z1": 1.0, "Z2": 9.0}))
    assert table["decile"].tolist() == ["1", "9"] or table["decile"].tolist() == [1, 9]
    assert "40 people" not in sentences["park"]
    assert "100 people" in sentences["park"]
    assert "400 m" in sentences["park"]
    assert "900 m" in sentences["park"]
    _, alone = access_by_deprivation(access, origins, pd.Series({"Z1": 1.0, "Z2": 1.0}))
    assert "only one decile of deprivation has figures here, so there is nothing to compare" in alone["park"]
    _, nobody = access_by_deprivation(access, origins.assign(people=0.0), pd.Series({"Z1": 1.0, "Z2": 9.0}))
    assert "no decile of deprivation has figures here, so there is nothing to compare" in nobody["park"]


def test_zones_without_a_decile_are_left_out(access, origins):
    table, _ = access_by_deprivation(access, origins, pd.Series({"Z1": 1.0}))
    assert len(table) == 1


def test_a_twice_named_origin_is_refused(access, origins):
    origins.loc[1, "origin_id"] = "a"
    with pytest.raises(UsageError, match="twice"):
        summarise_access(access, origins)


def test_wide_columns(access, origins):
    wide = choose_columns(summarise_access(access, origins), measures=["median_m", "share_400m"])
    assert list(wide.columns) == ["park_median_m", "park_share_400m"]
    assert wide.loc["Z1", "park_median_m"] == 400


def test_weighted_median_ignores_weightless_and_missing():
    values = pd.Series([1.0, 5.0, np.nan, 7.0])
    weights = pd.Series([0.0, 1.0, 9.0, 1.0])
    assert weighted_median(values, weights, pd.Series(list("aaab"))).to_dict() == {"a": 5.0, "b": 7.0}
