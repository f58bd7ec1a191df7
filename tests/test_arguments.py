"""What is given to a public function: an unknown word, a table that lacks what it needs."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import assetmap
from assetmap.errors import CRSError, SchemaError, UsageError

POINT = shapely.Point(0, 0)


def zones(crs=27700, **columns):
    return gpd.GeoDataFrame(
        {"zone_code": ["Z"], "population": [9.0], **columns}, geometry=[shapely.box(0, 0, 9, 9)], crs=crs
    )


def points(crs=27700, **columns):
    return gpd.GeoDataFrame(columns or {"origin_id": ["a"]}, geometry=[POINT], crs=crs)


def test_no_day_and_no_radius_are_refused():
    with pytest.raises(UsageError, match="today is 'tomorrow', which is no day: write it like 2026-11-30"):
        assetmap.build_study("x", today="tomorrow")
    with pytest.raises(UsageError, match="radius_m is 0: give a distance above 0 m"):
        assetmap.green_area(zones(), points(), points(zone_code=["Z"]), radius_m=0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: assetmap.targets_of(points()), "the assets: there is no column category: add it."),
        (
            lambda: assetmap.summarise_deprivation(pd.DataFrame(), size=9),
            "the zones: there is no column population, imd_score, imd_rank",
        ),
        (
            lambda: assetmap.assign_zones(gpd.GeoDataFrame({"a": [1]}), zones()),
            "the assets: there is no geometry: give coordinates (set_geometry).",
        ),
        (
            lambda: assetmap.origins_from_buildings(zones(), points()),
            "the buildings: there is no column ref, use, levels: add it.",
        ),
    ],
)
def test_a_table_that_lacks_what_is_needed_is_refused(call, words):
    with pytest.raises(SchemaError) as caught:
        call()
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: assetmap.to_metric(points(crs=None)), "the frame: no coordinate reference system is set"),
        (
            lambda: assetmap.origins_from_points(points(), zones(crs=4326)),
            "the zones: coordinates are in WGS 84, not in metres",
        ),
        (
            lambda: assetmap.green_area(zones(), points(crs=32630), points(zone_code=["Z"])),
            "the green spaces: coordinates are in WGS 84 / UTM zone 30N, those of the zones in OSGB36 / British",
        ),
    ],
)
def test_a_table_in_another_system_is_refused(call, words):
    with pytest.raises(CRSError) as caught:
        call()
    assert words in str(caught.value)


def test_an_unknown_profile_is_told_with_the_nearest():
    osm = Path("not-read.osm")
    with pytest.raises(UsageError) as caught:
        assetmap.access_to(osm, osm=osm, profile="stepfree")
    assert str(caught.value) == (
        "the profile is 'stepfree', which isn't known (step_free is): use one of standard, slow, step_free."
    )
    with pytest.raises(UsageError, match="'fast', which isn't known: use one of standard"):
        assetmap.access_to(osm, osm=osm, profile="fast")
