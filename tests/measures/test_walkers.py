"""The young, the old and the slow, with answers reckoned on paper."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from assetmap.errors import InputError
from assetmap.measures.walkers import people_of_age, summarise_walkers


def homes(codes, people):
    points = gpd.points_from_xy(range(len(codes)), [0] * len(codes))
    return gpd.GeoDataFrame({"zone_code": codes, "people": people}, geometry=points, crs=27700)


def zones(**columns):
    return pd.DataFrame({"zone_code": ["A", "B"], "population": [100.0, 200.0], **columns})


def test_the_people_of_an_age_add_up_to_the_zone_s():
    found = people_of_age(
        homes(["A", "A", "B"], [70.0, 30.0, 200.0]), zones(population_65plus=[20.0, 10.0]), "population_65plus"
    )
    assert found.tolist() == [14.0, 6.0, 10.0]


def test_a_zone_without_people_has_no_children_and_an_unknown_one_unknown_ones():
    table = zones(population_children=[0.0, np.nan]).assign(population=[0.0, 200.0])
    found = people_of_age(homes(["A", "B"], [0.0, 200.0]), table, "population_children")
    assert found.iloc[0] == 0
    assert np.isnan(found.iloc[1])


def test_more_children_than_people_is_refused():
    with pytest.raises(InputError, match=r"1 of 2 zones have more people in population_children.*first: A"):
        people_of_age(homes(["A"], [100.0]), zones(population_children=[101.0, 0.0]), "population_children")


def test_weights_change_the_answer_where_ages_live_apart():
    # the old live 20 minutes away, everyone else 4
    minutes = pd.Series([4.0, 20.0])
    found = summarise_walkers(
        {"standard": minutes, "slow": minutes * 4 / 2.4},
        {"all": pd.Series([90.0, 10.0]), "65plus": pd.Series([1.0, 9.0])},
    ).set_index(["profile", "weights"])
    assert found.loc[("standard", "all"), "mean_minutes"] == pytest.approx(5.6)
    assert found.loc[("standard", "65plus"), "mean_minutes"] == pytest.approx(18.4)
    assert found.loc[("standard", "65plus"), "share_5min"] == pytest.approx(0.1)
    assert found.loc[("slow", "all"), "share_5min"] == 0  # 4 minutes are 6.7 at the slow pace
    assert found.loc[("slow", "all"), "share_10min"] == pytest.approx(0.9)


def test_those_who_reach_none_are_not_within_and_are_counted():
    found = summarise_walkers({"step_free": pd.Series([3.0, np.nan])}, {"all": pd.Series([10.0, 30.0])}).iloc[0]
    assert (found["share_5min"], found["unreached_people"], found["mean_minutes"]) == (0.25, 30, 3)


def test_unknown_people_give_no_figure():
    found = summarise_walkers({"standard": pd.Series([3.0, 4.0])}, {"all": pd.Series([10.0, np.nan])}).iloc[0]
    assert found.drop(["profile", "weights"]).isna().all()
