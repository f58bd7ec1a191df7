"""Our distances beside published ones for the same zones: how alike the order is, and why it isn't the same.

Straight lines from a point in each zone, since there are neither streets nor homes of these places in the data; the
published ones are along roads from where people live. What docs/measures.md says of both is checked here.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from assetmap.crs import BRITISH_GRID
from assetmap.measures.access import measure_access


def point_set(shared_data, name):
    points = gpd.read_parquet(shared_data / "health" / f"{name}.parquet").to_crs(BRITISH_GRID)
    table = {"asset_id": [f"{name}:{i}" for i in points.index], "name": points["Name"], "category": "gp_surgery"}
    return gpd.GeoDataFrame(table, geometry=points.geometry, crs=points.crs).reset_index(drop=True)


def nearest(zones, places):
    points = zones.to_crs(BRITISH_GRID).representative_point()
    origins = gpd.GeoDataFrame(
        {"origin_id": zones.index, "zone_code": zones.index, "people": 1.0, "weight_kind": "zone_point"},
        geometry=points.to_numpy(),
        crs=BRITISH_GRID,
    )
    return measure_access(origins, places, targets={"gp": ["gp_surgery"]}).set_index("origin_id")


@pytest.fixture
def surgeries(shared_data):
    return point_set(shared_data, "GP")


@pytest.fixture
def by_road(shared_data):
    table = pd.read_csv(shared_data / "deprivation" / "imd2019_england_lsoa11_indicators.csv", index_col="lsoa11_code")
    return 1000 * table["road_distance_to_a_gp_surgery_indicator_km"]


@pytest.fixture
def london(shared_data):
    """London's zones that the census of 2021 has left as they were, under their codes of 2011."""
    zones = gpd.read_file(shared_data / "boundaries" / "London-LSOA-2021.gpkg")
    lookup = pd.read_csv(shared_data / "boundaries" / "England-Wales-LSOA-2011-2021.csv")
    same = lookup[lookup["chgind"] == "U"].set_index("lsoa21cd")["lsoa11cd"]
    return zones[zones["lsoa21cd"].isin(same.index)].set_index(zones["lsoa21cd"].map(same).dropna())


@pytest.fixture
def northampton(shared_data):
    return gpd.read_file(shared_data / "boundaries" / "lsoa2011_northampton_E07000154.geojson").set_index("LSOA11CD")


@pytest.fixture
def journeys(shared_data):
    path = shared_data / "reference" / "jts_lsoas_actdev_upton_northampton.geojson"
    return gpd.read_file(path).set_index("LSOA_code")


@pytest.mark.parametrize(("place", "zones", "rho"), [("london", 4659, 0.672), ("northampton", 133, 0.701)])
def test_the_order_is_much_like_that_by_road(request, surgeries, by_road, place, zones, rho):
    ours = nearest(request.getfixturevalue(place), surgeries)["euclid_m"]
    theirs = by_road.reindex(ours.index)
    assert len(ours) == theirs.notna().sum() == zones
    assert ours.corr(theirs, method="spearman") == pytest.approx(rho, abs=0.002)
    # a road is longer than a straight line; where theirs is shorter, their list has a surgery that ours lacks
    assert 1.4 < (theirs / ours).median() < 1.7
    assert 0.05 < (theirs < ours).mean() < 0.15


@pytest.mark.parametrize(("mode", "rho"), [("GPPTt", 0.770), ("GPCyct", 0.788), ("GPCart", 0.755)])
def test_the_order_is_much_like_that_of_journey_times(journeys, surgeries, mode, rho):
    ours = nearest(journeys, surgeries)["euclid_m"]
    assert len(ours) == 145
    assert ours.corr(journeys[mode], method="spearman") == pytest.approx(rho, abs=0.002)


def test_two_published_figures_agree_little_better_with_each_other(journeys, by_road):
    assert journeys["GPPTt"].corr(by_road.reindex(journeys.index), method="spearman") == pytest.approx(0.839, abs=0.002)


def test_the_outliers_are_what_the_documentation_says(london, northampton, surgeries, by_road):
    ours = pd.concat([nearest(zones, surgeries) for zones in (london, northampton)])
    names = surgeries.set_index("asset_id")["name"]
    table = pd.DataFrame({"name": ours["nearest_asset_id"].map(names), "ours": ours["euclid_m"], "theirs": by_road})
    table = table.dropna()
    # the list holds services that nobody calls a surgery: ours is too short
    for code, name in {
        "E01001468": "SCAS",
        "E01027218": "NEWMEDICA NORTHAMPTON",
        "E01027171": "CONTINENCE PRODUCT PRESCRIPTION SERVICE",
    }.items():
        assert table.at[code, "name"] == name
        assert table.at[code, "theirs"] > 3 * table.at[code, "ours"]
    # and it lacks places that theirs has: a road can't be shorter than a straight line to the same place
    for code in ("E01001439", "E01002610", "E01027243", "E01027244"):
        assert table.at[code, "theirs"] < table.at[code, "ours"] / 2


def test_the_order_is_much_like_the_deciles_of_a_published_index_of_health_services(shared_data, london, northampton):
    deciles = pd.read_csv(shared_data / "reference" / "ahah_deciles.csv", index_col="lsoa11")["h_dec"]
    kinds = [point_set(shared_data, name) for name in ("GP", "pharmacy", "dentist", "hospital")]
    for zones, rho in ((london, 0.742), (northampton, 0.765)):
        rank = pd.concat([nearest(zones, places)["euclid_m"].rank(pct=True) for places in kinds], axis="columns")
        assert rank.mean(axis="columns").corr(deciles, method="spearman") == pytest.approx(rho, abs=0.002)
