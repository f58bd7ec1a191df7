"""Neighbourhoods grown on a row of squares, and ranks reckoned by hand."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from assetmap.errors import UsageError
from assetmap.measures.site_selection import grow_neighbourhoods, keep_apart, rank_sites


def row(people, ranks, deciles=None):
    squares = [shapely.box(100 * x, 0, 100 * x + 100, 100) for x in range(len(people))]
    return gpd.GeoDataFrame(
        {
            "zone_code": [f"Z{i}" for i in range(len(people))],
            "population": people,
            "imd_rank": ranks,
            "imd_decile": deciles or [1.0] * len(people),
        },
        geometry=squares,
        crs=27700,
    )


def test_a_zone_that_is_large_enough_takes_only_neighbours_as_deprived():
    # the middle is in decile 2: it takes the left (decile 1), not the right (decile 9)
    zones = row([1500.0, 1500.0, 1500.0], [100.0, 4000.0, 30000.0], [1.0, 2.0, 9.0])
    assert grow_neighbourhoods(zones) == [[0], [0, 1], [0, 1, 2]]


def test_a_zone_with_too_few_people_takes_its_most_deprived_neighbour_whatever_it_is():
    zones = row([1500.0, 600.0, 1500.0], [20000.0, 100.0, 30000.0], [7.0, 1.0, 9.0])
    # from the middle: the left, for its rank of 20,000 is worse than 30,000; from the right: the middle, in decile 1
    assert grow_neighbourhoods(zones, people=(1000, 3000)) == [[0, 1], [1, 2]]


def test_no_set_is_ever_beyond_the_numbers_and_all_hang_together():
    people = [700.0, 2600.0, 0.0, 5200.0, 900.0, 900.0, float("nan"), 1200.0]
    zones = row(people, [float(100 * i + 1) for i in range(8)])
    for members in grow_neighbourhoods(zones):
        total = zones["population"].iloc[members].sum()
        assert 1000 <= total <= 5000
        assert zones.iloc[members].union_all().geom_type == "Polygon"
        assert not {2, 3, 6} & set(members)


def sites(**columns):
    table = {"imd_average_rank_reversed": [30.0, 20.0, 10.0], "health_average_rank_reversed": [1.0, 2.0, 3.0]}
    return pd.DataFrame(table | {"assets_per_1000": [5.0, 5.0, 0.0]} | columns, index=["a", "b", "c"])


def test_each_criterion_keeps_its_own_rank_and_weights_decide():
    ranked = rank_sites(sites(), {"health": 0})
    assert ranked["deprivation_rank"].to_dict() == {"a": 1, "b": 2, "c": 3}
    assert ranked["few_assets_rank"].to_dict() == {"a": 2, "b": 2, "c": 1}
    # a: (1 + 0.25) / 2, b: (0.5 + 0.25) / 2, c: (0 + 1) / 2
    assert ranked["score"].round(4).to_dict() == {"a": 0.625, "c": 0.5, "b": 0.375}
    alone = rank_sites(sites(), {"deprivation": 0, "few_assets": 0})
    assert alone.index.tolist() == ["c", "b", "a"]


def test_a_criterion_without_a_figure_counts_half():
    ranked = rank_sites(sites(health_average_rank_reversed=[float("nan")] * 3))
    assert (ranked["health_share"] == 0.5).all()


@pytest.mark.parametrize(
    "weights", [{"wealth": 1.0}, {"health": -1.0}, {"deprivation": 0, "health": 0, "few_assets": 0}]
)
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(UsageError):
        rank_sites(sites(), weights)


def test_people_that_are_no_range_are_refused():
    with pytest.raises(UsageError, match="no range"):
        grow_neighbourhoods(row([1.0], [1.0]), people=(5000, 1000))


def test_what_is_kept_apart_shares_no_zone():
    members = pd.Series({"a": [1, 2], "b": [2, 3], "c": [3, 4]})
    assert keep_apart(pd.DataFrame(index=["a", "b", "c"]), members).tolist() == [True, False, True]
