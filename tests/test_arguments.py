"""What is given to a public function: another kind of thing, an unknown word, a table that lacks what it needs."""

from __future__ import annotations

import inspect
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import CRS

import assetmap
from assetmap.arguments import check_arguments
from assetmap.errors import CRSError, SchemaError, UsageError

FUNCTIONS = [name for name in assetmap.__all__ if inspect.isfunction(getattr(assetmap, name))]
ARGUMENTS = [
    (name, argument) for name in FUNCTIONS for argument in inspect.signature(getattr(assetmap, name)).parameters
]
POINT = shapely.Point(0, 0)


def zones(crs=27700, **columns):
    return gpd.GeoDataFrame(
        {"zone_code": ["Z"], "population": [9.0], **columns}, geometry=[shapely.box(0, 0, 9, 9)], crs=crs
    )


def points(crs=27700, **columns):
    return gpd.GeoDataFrame(columns or {"origin_id": ["a"]}, geometry=[POINT], crs=crs)


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_nothing_takes_what_is_of_no_kind(name, argument):
    function = getattr(assetmap, name)
    assert "check_arguments(" in inspect.getsource(function)
    for value in (object(), {1: object()}, [object()]):
        with pytest.raises(UsageError, match=rf"^{name}: {argument} is an? \w+: give ") as caught:
            check_arguments(function, {argument: value})
        assert "\n" not in str(caught.value)


CALLS = {
    "a number for a file": (
        lambda: assetmap.read_assets(123),
        "read_assets: osm is 123: give a path or text or a list",
    ),
    "a number in a list of files": (lambda: assetmap.read_osm([1]), "read_osm: paths is a list: give a path"),
    "no table": (
        lambda: assetmap.to_metric("zones.geojson"),
        "to_metric: frame is 'zones.geojson': give a GeoDataFrame.",
    ),
    "a plain table": (
        lambda: assetmap.assign_zones(points(), pd.DataFrame()),
        "zones is a DataFrame: give a GeoDataFrame",
    ),
    "text for a CRS": (
        lambda: assetmap.to_metric(points(), "metres"),
        "to_metric: crs is 'metres': give a CRS (pyproj",
    ),
    "text for a number": (
        lambda: assetmap.count_marks(points(), cell_m="100"),
        "count_marks: cell_m is '100': give a number.",
    ),
    "no number": (lambda: assetmap.green_area(zones(), points(), points(), radius_m=float("nan")), "give a number"),
    "no radius": (
        lambda: assetmap.green_area(zones(), points(), points(zone_code=["Z"]), radius_m=0),
        "radius_m is 0: give a distance above 0 m",
    ),
    "one category for many": (
        lambda: assetmap.measure_access(points(), points(), targets={"park": "park"}),
        "measure_access: targets is a dict: give a dict (each a list (each text)).",
    ),
    "three edges": (
        lambda: assetmap.read_zones("z", near=(1.0, 2.0, 3.0)),
        "near is a tuple: give four numbers (west, south, east, north) or None",
    ),
    "no day": (
        lambda: assetmap.build_study("x", today="tomorrow"),
        "today is 'tomorrow', which is no day: write it like 2026-11-30.",
    ),
    "a number for a folder": (lambda: assetmap.create_demo(0), "create_demo: folder is 0: give a path or text."),
    "no language list": (
        lambda: assetmap.publish_study("x", today="2026-11-30", languages="en"),
        "give a list (each text)",
    ),
    "no network": (
        lambda: assetmap.Routing(None, points()),
        "Routing: network is None: give a WalkNetwork.",
    ),
    "no content": (lambda: assetmap.render_map(None), "render_map: content is None: give a MapContent."),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_wrong_argument_is_refused_in_one_line(call):
    make, words = CALLS[call]
    with pytest.raises(UsageError) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: assetmap.targets_of(points()), "targets_of: assets has no column category: add it."),
        (lambda: assetmap.summarise_deprivation(pd.DataFrame(), size=9), "no column population, imd_score, imd_rank"),
        (
            lambda: assetmap.assign_zones(gpd.GeoDataFrame({"a": [1]}), zones()),
            "assign_zones: assets has no geometry: give coordinates (set_geometry).",
        ),
        (
            lambda: assetmap.origins_from_buildings(zones(), points()),
            "buildings has no column ref, use, levels: add it.",
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


def test_what_is_as_annotated_passes():
    assert assetmap.to_metric(points(), CRS.from_epsg(27700)).crs.to_epsg() == 27700
    assert assetmap.to_metric(points(), None).crs.to_epsg() == 27700
