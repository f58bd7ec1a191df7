"""Official green space and its access points."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import LineString, MultiPoint, Point, box

from assetmap.crs import BRITISH_GRID
from assetmap.errors import InputError
from assetmap.files import sha256_of
from assetmap.schema import validate_table
from assetmap.sources.green_space import read_access_points, read_green_space

# every value of OS Open Greenspace's `function`
FUNCTIONS = {
    "Allotments Or Community Growing Spaces": "allotments",
    "Bowling Green": "pitch",
    "Cemetery": "cemetery",
    "Religious Grounds": "cemetery",
    "Golf Course": "golf_course",
    "Other Sports Facility": "pitch",
    "Play Space": "playground",
    "Playing Field": "recreation_ground",
    "Public Park Or Garden": "park",
    "Tennis Court": "pitch",
}


def _sites(tmp_path, functions, **columns):
    shapes = [box(100 * n, 0, 100 * n + 50, 40) for n in range(len(functions))]
    frame = gpd.GeoDataFrame({"function": functions, **columns}, geometry=shapes, crs=27700)
    frame.geometry = frame.translate(530000, 180000)
    path = tmp_path / "green.gpkg"
    frame.to_file(path, layer="greenspace_site")
    return path


def test_every_published_function_has_a_category(tmp_path):
    path = _sites(tmp_path, list(FUNCTIONS))
    assets, tally = read_green_space(path, crs=BRITISH_GRID)
    validate_table(assets, "assets")
    assert assets["category"].tolist() == list(FUNCTIONS.values())
    assert assets["area_m2"].tolist() == [2000.0] * len(FUNCTIONS)
    assert tally.kept == len(FUNCTIONS)
    access = dict(zip(assets["category"], assets["access"], strict=True))
    assert access == {c: "restricted" if c in {"allotments", "golf_course"} else "unknown" for c in access}


def test_identifiers_names_and_unknown_functions(tmp_path):
    path = _sites(tmp_path, ["Cemetery", "Car Park", "Play Space"], id=["A", "B", "C"], distName1=["Old", None, None])
    assets, tally = read_green_space(path, crs=BRITISH_GRID, name="Official")
    assert assets["asset_id"].tolist() == [f"green:{sha256_of(path)[:12]}:{i}" for i in ("A", "C")]
    assert assets["name"].iloc[0] == "Old"
    assert set(assets["source"]) == {"Official"}
    assert tally.dropped == {"function not in the taxonomy": 1}
    assert tally.rows == [("row 2 (Car Park)", "function not in the taxonomy")]


def test_a_file_of_another_kind(tmp_path):
    path = tmp_path / "x.geojson"
    gpd.GeoDataFrame({"kind": ["Park"]}, geometry=[box(0, 51, 0.01, 51.01)], crs=4326).to_file(path)
    with pytest.raises(InputError, match="no column function"):
        read_green_space(path, crs=BRITISH_GRID)


def test_lines_and_points_are_no_sites(tmp_path):
    path = tmp_path / "x.geojson"
    shapes = [box(0, 51, 0.01, 51.01), Point(0, 51), LineString([(0, 51), (0.01, 51)])]
    gpd.GeoDataFrame({"function": ["Cemetery"] * 3}, geometry=shapes, crs=4326).to_file(path)
    assets, tally = read_green_space(path, crs=BRITISH_GRID)
    assert len(assets) == 1
    assert tally.dropped == {"not an area": 2}


def test_both_layers_of_the_published_geopackage(tmp_path):
    path = _sites(tmp_path, ["Cemetery"], id=["A"])
    kinds = ["Pedestrian", "Motor Vehicle", "Motor Vehicle And Pedestrian"]
    points = [Point(530000, 180000), Point(530010, 180000), MultiPoint([(530020, 180000), (530030, 180000)])]
    frame = gpd.GeoDataFrame({"id": ["p", "v", "b"], "accessType": kinds}, geometry=points, crs=27700)
    frame.to_file(path, layer="access_point")
    assert len(read_green_space(path, crs=BRITISH_GRID)[0]) == 1
    entrances, tally = read_access_points(path, crs=BRITISH_GRID)
    assert list(entrances.columns) == ["entrance_ref", "access", "geometry"]
    assert entrances["access"].tolist() == ["Pedestrian", kinds[2], kinds[2]]
    assert (entrances.geom_type == "Point").all()
    assert tally.dropped == {"not for people on foot": 1}


def test_tower_hamlets(shared_data):
    folder = shared_data / "greenspace"
    sites, tally = read_green_space(folder / "tower_hamlets_800m_os_open_greenspace_2020.geojson", crs=BRITISH_GRID)
    assert len(sites) == tally.kept == 583
    assert int(sites["name"].isna().sum()) == 433
    park = sites[sites["name"] == "Victoria Park"]
    assert park["area_m2"].tolist() == pytest.approx([863_300], rel=1e-4)  # 86.33 ha
    points, tally = read_access_points(folder / "tower_hamlets_800m_os_access_points_2020.geojson", crs=BRITISH_GRID)
    assert len(points) == tally.kept == 1057
    assert points["entrance_ref"].is_unique


def test_london(shared_data):
    path = shared_data / "greenspace" / "london_os_open_greenspace_2020_brant.gpkg"
    sites, tally = read_green_space(path, crs=BRITISH_GRID)
    assert len(sites) == tally.kept == 10_046
    given = gpd.read_file(path)
    assert sites["area_m2"].sum() == pytest.approx(given["area_m2"].sum(), rel=1e-9)
