"""Zones that fit an outline, on squares reckoned by hand."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from assetmap.measures.best_fit import best_fit, share_inside
from assetmap.origins import origins_from_points

ROW = gpd.GeoDataFrame(
    {"zone_code": ["A", "B", "C"]}, geometry=[shapely.box(x, 0, x + 100, 100) for x in (0, 100, 200)], crs=27700
)


def test_by_ground_the_zone_that_is_half_inside_counts():
    outline = shapely.box(0, 0, 150, 100)
    shares = share_inside(ROW, outline)
    assert shares["share_inside"].tolist() == [1.0, 0.5, 0.0]
    assert best_fit(shares, ROW, outline).tolist() == [True, True, False]


def test_by_homes_a_zone_goes_where_its_people_are():
    # nine tenths of B's people live in its eastern half, which the outline leaves out
    points = gpd.GeoDataFrame(
        {"zone_code": ["B", "B"], "people": [0.1, 0.9]}, geometry=gpd.points_from_xy([110, 190], [50, 50]), crs=27700
    )
    outline = shapely.box(0, 0, 150, 100)
    shares = share_inside(ROW, outline, origins_from_points(points))
    assert shares["inside_kind"].tolist() == ["ground", "homes", "ground"]
    assert shares["share_inside"].tolist() == pytest.approx([1.0, 0.1, 0.0])
    assert best_fit(shares, ROW, outline).tolist() == [True, False, False]


def test_an_outline_within_one_zone_is_that_zone_and_one_beyond_all_is_none():
    inside, beyond = shapely.box(110, 10, 130, 30), shapely.box(900, 0, 950, 50)
    assert best_fit(share_inside(ROW, inside), ROW, inside).tolist() == [False, True, False]
    assert not best_fit(share_inside(ROW, beyond), ROW, beyond).any()
