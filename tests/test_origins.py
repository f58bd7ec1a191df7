"""Origins: people split over homes, sums exact."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from assetmap.errors import CRSError
from assetmap.origins import origins_from_buildings, origins_from_points


@pytest.fixture
def zones():
    shapes = [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100), shapely.box(200, 0, 300, 100)]
    return gpd.GeoDataFrame(
        {"zone_code": ["A", "B", "C"], "name": None, "vintage": "own", "population": [90.0, 60.0, 10.0]},
        geometry=shapes,
        crs=27700,
    )


def buildings(rows):
    return gpd.GeoDataFrame(
        {"ref": [r[0] for r in rows], "use": [r[1] for r in rows], "levels": [r[2] for r in rows]},
        geometry=[shapely.box(x, 10, x + side, 10 + side) for *_, x, side in rows],
        crs=27700,
    )


def test_people_by_footprint_and_storeys(zones):
    rows = [
        ("way/1", "home", 2.0, 10, 10),  # 100 m2 x 2
        ("way/2", "home", 1.0, 40, 10),  # 100 m2 x 1
        ("way/3", "other", 9.0, 70, 20),  # a shop: nobody
        ("way/4", "home", np.nan, 110, 10),  # storeys unknown for one: footprint alone for the zone
        ("way/5", "home", 8.0, 150, 10),
    ]
    found = origins_from_buildings(zones, buildings(rows)).set_index("origin_id")
    assert found["people"].to_dict() == {
        "building:way/1": pytest.approx(60),
        "building:way/2": pytest.approx(30),
        "building:way/4": pytest.approx(30),
        "building:way/5": pytest.approx(30),
        "zone:C": 10.0,
    }
    assert found.loc["zone:C", "weight_kind"] == "zone_point"
    assert found.loc["building:way/4", "weight_kind"] == "footprint"
    assert found.groupby("zone_code")["people"].sum().to_dict() == {"A": 90, "B": 60, "C": 10}


def test_unspecified_buildings_count_where_homes_are_not_told_apart(zones):
    mostly_unspecified = [("way/1", "home", np.nan, 10, 10)] + [
        (f"way/{i}", "unspecified", np.nan, 10 + i * 20, 10) for i in (2, 3)
    ]
    found = origins_from_buildings(zones, buildings(mostly_unspecified))
    assert (found["zone_code"] == "A").sum() == 3
    mostly_homes = [(f"way/{i}", "home", np.nan, 10 + i * 20, 10) for i in (1, 2)] + [
        ("way/9", "unspecified", np.nan, 80, 10)
    ]
    found = origins_from_buildings(zones, buildings(mostly_homes))
    assert (found["zone_code"] == "A").sum() == 2


def test_unknown_people_stay_unknown(zones):
    zones.loc[0, "population"] = np.nan
    found = origins_from_buildings(zones, buildings([("way/1", "home", np.nan, 10, 10)]))
    assert found.set_index("zone_code")["people"].isna().to_dict() == {"A": True, "B": False, "C": False}


def test_given_points_take_their_zone(zones):
    points = gpd.GeoDataFrame({"people": [3, 4]}, geometry=gpd.points_from_xy([50, 999], [50, 50]), crs=27700)
    found = origins_from_points(points, zones)
    assert found[["zone_code", "people"]].to_numpy().tolist() == [["A", 3.0]]
    with pytest.raises(CRSError):
        origins_from_points(points.to_crs(4326))
