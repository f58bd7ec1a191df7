"""Where assets are entered, on drawn worlds."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from assetmap.entrances import find_entrances
from assetmap.network import build_network
from assetmap.sources.osm import read_osm
from tests.worlds.drawn import SOUTH, WEST, Drawing


def entrances_of(drawing, tmp_path, official=None):
    extract = read_osm(drawing.write(tmp_path / "drawn.osm"))
    found = find_entrances(extract.assets, extract.entrances, build_network(extract.walk), official=official)
    xy = shapely.get_coordinates(found.geometry.to_numpy()) - [WEST, SOUTH]
    names = extract.assets["name"].to_numpy()[found["asset"]]
    return [(n, k, round(x), round(y)) for n, k, (x, y) in zip(names, found["entrance_kind"], xy, strict=True)]


def park_beside_a_street() -> Drawing:
    d = Drawing()
    d.way([(-50, -10), (250, -10)], highway="residential")
    d.area(0, 0, 200, 100, leisure="park", name="Park")
    return d


def test_tagged_gates_go_before_everything(tmp_path):
    d = park_beside_a_street()
    d.way([(50, -10), (50, 0), (50, 50)], highway="footway")
    d.node(200, 0, barrier="gate")
    d.node(0, 0, barrier="gate", access="private")
    assert entrances_of(d, tmp_path) == [("Park", "entrance", 200, 0)]


def test_else_where_a_way_meets_the_outline(tmp_path):
    d = park_beside_a_street()
    d.way([(50, -10), (50, 50)], highway="footway")
    assert entrances_of(d, tmp_path) == [("Park", "way_crossing", 50, 0)]


def test_a_path_with_a_node_on_the_outline_is_one_way_in(tmp_path):
    d = park_beside_a_street()
    d.way([(-50, -10), (0, 0), (50, 50)], highway="footway")
    assert entrances_of(d, tmp_path) == [("Park", "way_crossing", 0, 0)]


def test_else_points_every_30_m_within_20_m_of_a_way(tmp_path):
    found = entrances_of(park_beside_a_street(), tmp_path)
    assert {kind for _, kind, _, _ in found} == {"boundary"}
    on_street_side = [x for _, _, x, y in found if y == 0]
    assert np.diff(sorted(on_street_side)).tolist() == [30] * (len(on_street_side) - 1)
    assert all(y <= 10 for _, _, _, y in found)  # 20 m from the street is 10 m up the sides


def test_else_the_nearest_point_and_points_are_themselves(tmp_path):
    d = Drawing()
    d.way([(-50, -60), (250, -60)], highway="residential")
    d.area(0, 0, 200, 100, leisure="park", name="Park")
    d.node(100, -70, amenity="library", name="Library")
    found = {name: (kind, y) for name, kind, _, y in entrances_of(d, tmp_path)}
    assert found == {"Park": ("snapped", 0), "Library": ("point", -70)}


def test_a_gate_belongs_to_the_outline_it_is_on(tmp_path):
    d = park_beside_a_street()
    d.area(203, 0, 260, 100, leisure="garden", name="Garden")
    d.node(200, 0, barrier="gate")
    kinds = {name: kind for name, kind, _, _ in entrances_of(d, tmp_path)}
    assert kinds == {"Park": "entrance", "Garden": "boundary"}


def test_nobody_enters_from_the_hole(tmp_path):
    d = park_beside_a_street()
    outer = d.area(300, 0, 500, 200)
    inner = d.area(350, 50, 450, 150)
    d.relation([(outer, "outer"), (inner, "inner")], type="multipolygon", leisure="park", name="Ring")
    d.way([(340, 100), (360, 100)], highway="footway")  # crosses only the inner ring
    kinds = {name: kind for name, kind, _, _ in entrances_of(d, tmp_path)}
    assert kinds["Ring"] != "way_crossing"


def test_official_access_points_are_put_on_the_outline(tmp_path):
    d = park_beside_a_street()
    point = gpd.GeoDataFrame(geometry=[shapely.Point(WEST + 120, SOUTH - 12)], crs=27700)
    assert entrances_of(d, tmp_path, official=point) == [("Park", "entrance", 120, 0)]
    far = gpd.GeoDataFrame(geometry=[shapely.Point(WEST + 120, SOUTH - 30)], crs=27700)
    assert {kind for _, kind, _, _ in entrances_of(d, tmp_path, official=far)} == {"boundary"}


def test_every_asset_of_a_city_has_a_way_in(shared_data):
    extract = read_osm(shared_data / "osm" / "osm2streets_leeds_cycleway.osm")
    found = find_entrances(extract.assets, extract.entrances, build_network(extract.walk))
    assert set(found["asset"]) == set(range(len(extract.assets)))
    gap = shapely.distance(found.geometry.to_numpy(), extract.assets.geometry.to_numpy()[found["asset"]])
    assert gap.max() == pytest.approx(0, abs=1e-6)  # so that no walk is shorter than the straight line
