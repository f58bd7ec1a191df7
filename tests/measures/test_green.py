"""Green area, against squares whose overlaps can be counted on paper."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from assetmap.measures.green import green_area


@pytest.fixture
def zones():
    return gpd.GeoDataFrame(
        {"zone_code": ["A", "B", "C"], "population": [100.0, 0.0, np.nan]},
        geometry=[shapely.box(x, 0, x + 100, 100) for x in (0, 100, 5000)],
        crs=27700,
    )


def test_overlapping_green_counts_once_and_points_have_no_area(zones):
    green = gpd.GeoDataFrame(
        geometry=[shapely.box(0, 0, 50, 100), shapely.box(25, 0, 75, 100), shapely.Point(10, 10)], crs=27700
    )
    homes = gpd.GeoDataFrame(
        {"zone_code": ["A", "B"]}, geometry=[shapely.Point(50, 50), shapely.Point(150, 50)], crs=27700
    )
    found = green_area(zones, green, homes, radius_m=800)
    assert found["green_m2"].tolist() == [7500, 0, 0]
    assert found["green_m2_per_person"].iloc[0] == 75
    assert found["green_near_m2"].iloc[:2].tolist() == pytest.approx([7500, 7500])
    assert found["green_m2_per_person"].iloc[1:].isna().all()  # nobody, and nobody knows


def test_near_is_cut_at_the_radius(zones):
    green = gpd.GeoDataFrame(geometry=[shapely.box(-5000, -5000, 5000, 5000)], crs=27700)
    home = gpd.GeoDataFrame({"zone_code": ["A"]}, geometry=[shapely.Point(0, 0)], crs=27700)
    found = green_area(zones, green, home, radius_m=100)
    # a 256-cornered polygon inside the circle of 100 m, 0.01 % smaller
    assert found["green_near_m2"].iloc[0] == pytest.approx(0.5 * 256 * 100**2 * np.sin(2 * np.pi / 256))
    assert found["green_near_m2"].iloc[0] == pytest.approx(np.pi * 100**2, rel=1.1e-4)
    assert found["green_m2"].iloc[0] == 10_000  # the zone is covered whole


def test_no_green_is_nothing_not_an_error(zones):
    empty = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=27700), crs=27700)
    home = gpd.GeoDataFrame({"zone_code": ["A"]}, geometry=[shapely.Point(0, 0)], crs=27700)
    assert green_area(zones, empty, home)["green_m2"].tolist() == [0, 0, 0]


def test_areas_agree_with_overlay(zones):
    rng = np.random.default_rng(3)
    corners = rng.uniform(-50, 250, (40, 2))
    green = gpd.GeoDataFrame(geometry=[shapely.box(x, y, x + 30, y + 20) for x, y in corners], crs=27700)
    home = gpd.GeoDataFrame({"zone_code": ["A"]}, geometry=[shapely.Point(0, 0)], crs=27700)
    found = green_area(zones, green, home)["green_m2"]
    overlaid = zones.overlay(green.dissolve(), how="intersection").set_index("zone_code").area
    assert found.tolist() == pytest.approx(overlaid.reindex(zones["zone_code"]).fillna(0).tolist())


def test_what_is_near_many_homes_is_the_union_of_all_their_circles():
    rng = np.random.default_rng(5)
    # Two clumps and a straggler: circles that lie wholly in others, and some that alone make the edge.
    spots = np.vstack([rng.normal(0, 300, (400, 2)), rng.normal(900, 60, (200, 2)), [[3000, 0]]])
    homes = gpd.GeoDataFrame({"zone_code": ["A"] * len(spots)}, geometry=gpd.points_from_xy(*spots.T), crs=27700)
    everywhere = gpd.GeoDataFrame(geometry=[shapely.box(-9000, -9000, 9000, 9000)], crs=27700)
    zone = gpd.GeoDataFrame({"zone_code": ["A"], "population": [1.0]}, geometry=[shapely.box(0, 0, 1, 1)], crs=27700)
    circles = shapely.union_all(shapely.buffer(homes.geometry.to_numpy(), 250, quad_segs=64))
    found = green_area(zone, everywhere, homes, radius_m=250)["green_near_m2"].iloc[0]
    assert found == pytest.approx(circles.area, rel=1e-12)
