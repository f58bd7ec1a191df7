"""Map files of every kind, with shapes of every kind of brokenness."""

from __future__ import annotations

import json
import shutil
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS
from shapely import LineString, Point, Polygon, box

from assetmap.crs import BRITISH_GRID
from assetmap.errors import CRSError, InputError, MissingInputError
from assetmap.sources.shapes import project_shapes, split_collections
from assetmap.sources.vector import read_vector
from assetmap.tally import Tally

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>Loved</name><Placemark><name>A</name><Point><coordinates>-0.03,51.53,0</coordinates></Point></Placemark></Folder>
<Folder><name>Missed</name><Placemark><name>B</name><LineString><coordinates>-0.03,51.53 -0.02,51.53</coordinates>
</LineString></Placemark></Folder></Document></kml>"""


def _geojson(path, geometries, text=None):
    features = [{"type": "Feature", "properties": {"n": n}, "geometry": g} for n, g in enumerate(geometries, start=1)]
    path.write_text(text(json.dumps({"type": "FeatureCollection", "features": features})) if text else json.dumps({
        "type": "FeatureCollection", "features": features}))  # fmt: skip
    return path


def _polygon(*ring):
    return {"type": "Polygon", "coordinates": [list(ring)]}


SQUARE = _polygon([0, 51], [0.01, 51], [0.01, 51.01], [0, 51.01], [0, 51])


@pytest.fixture
def frame():
    shapes = [Point(0, 51.5), Point(0.1, 51.6)]
    return gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=shapes, crs=4326)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".fgb", ".parquet"])
def test_every_format_gives_the_same(frame, tmp_path, suffix):
    path = tmp_path / f"places{suffix}"
    frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path)
    found, tally = read_vector(path)
    assert found.index.tolist() == [1, 2]
    found = found.sort_values("name")  # FlatGeobuf's index puts the shapes in an order of its own
    assert found["name"].tolist() == ["a", "b"]
    assert found.crs == CRS.from_epsg(4326)
    assert shapely.equals_exact(found.geometry.to_numpy(), frame.geometry.to_numpy(), tolerance=1e-9).all()
    assert (tally.read, tally.kept) == (2, 2)


def test_zipped_shapefile(frame, tmp_path):
    (tmp_path / "parts").mkdir()
    frame.to_file(tmp_path / "parts" / "places.shp")
    archive = shutil.make_archive(str(tmp_path / "places"), "zip", tmp_path / "parts")
    assert len(read_vector(archive)[0]) == 2


def test_kml_and_kmz_give_all_layers(tmp_path):
    (tmp_path / "marks.kml").write_text(KML)
    with zipfile.ZipFile(tmp_path / "marks.kmz", "w") as zipped:
        zipped.writestr("doc.kml", KML)
        zipped.writestr("files/picture.png", b"not read")
    for name in ("marks.kml", "marks.kmz"):
        found, tally = read_vector(tmp_path / name)
        assert found["layer_name"].tolist() == ["Loved", "Missed"]
        assert found.geom_type.tolist() == ["Point", "LineString"]
        assert not found.has_z.any()
        assert tally.read == 2


def test_bad_shapes_go_one_by_one(tmp_path):
    shapes = [
        SQUARE,
        _polygon([0, 51], [0.01, 51], [0.01, 51.01], [0, 51.01]),  # not closed
        _polygon([0, 51], [0.01, 51.01], [0.01, 51], [0, 51.01], [0, 51]),  # a bow-tie
        _polygon([0, 51], [0.01, 51], [0, 51]),  # without area
        None,
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [1e300, 51]},
        {"type": "Point", "coordinates": ["x", 51]},
        {"type": "Point", "coordinates": [400, 51]},
    ]
    found, tally = read_vector(_geojson(tmp_path / "bad.geojson", shapes))
    assert found["n"].tolist() == [1, 2, 3]
    assert found.is_valid.all()
    assert shapely.area(found.geometry.to_numpy()) == pytest.approx(
        [1e-4, 1e-4, 5e-5]
    )  # the bow-tie's two halves are both kept
    assert tally.read == 9
    assert tally.dropped == {
        "no geometry": 3,
        "a shape without extent": 1,
        "coordinates are not finite numbers": 1,
        "coordinates are off the Earth": 1,
    }
    assert tally.repaired == {"unclosed ring closed": 1, "invalid shape mended": 1}
    assert ("row 5", "no geometry") in tally.rows


def test_nan_in_geojson(tmp_path):
    shapes = [SQUARE, {"type": "Point", "coordinates": [1e300, 51]}]
    path = _geojson(tmp_path / "nan.geojson", shapes, text=lambda words: words.replace("1e+300", "NaN"))
    found, tally = read_vector(path)
    assert len(found) == 1
    assert tally.dropped == {"coordinates are not finite numbers": 1}


def test_a_geopackage_that_breaks_off_anywhere_is_said_to_in_our_words(tmp_path):
    path = tmp_path / "marks.gpkg"
    gpd.GeoDataFrame({"n": range(200)}, geometry=[shapely.Point(0.001 * n, 51) for n in range(200)], crs=4326).to_file(
        path
    )
    whole = path.read_bytes()
    for share in (0.05, 0.4, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(InputError, match="torn or damaged, or no GeoPackage: get the file again") as caught:
            read_vector(path)
        assert "sqlite" not in str(caught.value).casefold()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("torn.geojson", b'{"type":"FeatureCollection","features":[{"type":"Fea', "can't be read"),
        ("page.geojson", b"<html><body>Not found</body></html>", "GeoJSON, GeoPackage"),
        ("other.json", b'{"elements": []}', "can't be read"),
        ("empty.gpkg", b"", "0 bytes"),
        ("torn.gpkg", b"SQLite format 3\x00" + b"\x10" * 200, "is a GeoPackage that is torn or damaged, or no"),
        ("torn.kml", KML[:200].encode(), "can't be read"),
        ("torn.fgb", b"fgb\x03fgb\x00" + b"\x10" * 60, "no layer"),
        ("torn.parquet", b"PAR1xxxxPAR1", "not a GeoParquet file"),
        ("index.shx", b"\x00\x00\x27\x0a" + b"\x00" * 96, "one part of a shapefile"),
        ("link.vrt", b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "GeoJSON, GeoPackage"),
    ],
)
def test_broken_files_are_named_in_one_line(tmp_path, name, data, words):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=words) as caught:
        read_vector(path)
    assert "\n" not in str(caught.value)


def test_a_folder_and_a_missing_file(tmp_path):
    for path in (tmp_path, tmp_path / "none.gpkg"):
        with pytest.raises(MissingInputError):
            read_vector(path)


def test_archives_that_are_bombs_or_point_outside(tmp_path):
    bomb = tmp_path / "bomb.kmz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("doc.kml", b" " * (30 << 20))
    with pytest.raises(InputError, match="unpacks to more than"):
        read_vector(bomb)
    outside = tmp_path / "outside.zip"
    with zipfile.ZipFile(outside, "w") as zipped:
        zipped.writestr("../escaped.geojson", "{}")
    with pytest.raises(InputError, match="points outside"):
        read_vector(outside)
    assert not (tmp_path.parent / "escaped.geojson").exists()
    two = tmp_path / "two.zip"
    with zipfile.ZipFile(two, "w") as zipped:
        zipped.writestr("a.geojson", "{}")
        zipped.writestr("b.geojson", "{}")
    with pytest.raises(InputError, match="holds 2"):
        read_vector(two)


def test_missing_reference_system_says_the_remedy(tmp_path):
    path = tmp_path / "places.shp"
    gpd.GeoDataFrame(geometry=[Point(530000, 180000)], crs=27700).to_file(path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(CRSError, match=r"`ogr2ogr -a_srs EPSG:27700 places_crs\.gpkg places\.shp`"):
        read_vector(path)
    assert read_vector(path, source_crs="EPSG:27700")[0].crs == BRITISH_GRID
    with pytest.raises(CRSError, match="not a reference system"):
        read_vector(path, source_crs="London")


def test_national_grid_without_a_code(tmp_path):
    path = tmp_path / "wards.shp"
    gpd.GeoDataFrame(geometry=[Point(530000, 180000)], crs=27700).to_file(path)
    path.with_suffix(".prj").write_text(
        'PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,'
        '299.3249646]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        'PARAMETER["False_Easting",400000],PARAMETER["False_Northing",-100000],PARAMETER["Central_Meridian",-2],'
        'PARAMETER["Scale_Factor",0.999601272],PARAMETER["Latitude_Of_Origin",49],UNIT["Meter",1]]'
    )
    assert read_vector(path)[0].crs == BRITISH_GRID


def test_swapped_axes_are_refused(tmp_path):
    turned = {"type": "Point", "coordinates": [51.53, -0.03]}
    path = _geojson(tmp_path / "turned.geojson", [turned])
    with pytest.raises(CRSError, match="longitude goes first"):
        read_vector(path)
    las_palmas = _geojson(tmp_path / "palmas.geojson", [{"type": "Point", "coordinates": [28.1, -15.41]}])
    assert len(read_vector(las_palmas)[0]) == 1  # nothing tells, without a place
    with pytest.raises(CRSError, match="swapped"):
        read_vector(las_palmas, near=(-15.5, 28.0, -15.3, 28.2))


def test_metres_in_geojson_and_degrees_in_a_grid(tmp_path):
    path = _geojson(tmp_path / "metres.geojson", [{"type": "Point", "coordinates": [530000, 180000]}])
    with pytest.raises(CRSError, match="not degrees"):
        read_vector(path)
    assert read_vector(path, source_crs=27700)[0].geometry.iloc[0] == Point(530000, 180000)
    degrees = tmp_path / "degrees.gpkg"
    gpd.GeoDataFrame(geometry=[Point(-0.03, 51.5)], crs=27700).to_file(degrees)
    with pytest.raises(CRSError, match="look like degrees"):
        read_vector(degrees)


def test_layers_must_be_named(frame, tmp_path):
    path = tmp_path / "two.gpkg"
    frame.to_file(path, layer="one")
    frame.iloc[:1].to_file(path, layer="two")
    with pytest.raises(InputError, match="one, two"):
        read_vector(path)
    with pytest.raises(InputError, match="no layer 'three'"):
        read_vector(path, layer="three")
    assert len(read_vector(path, layer="two")[0]) == 1
    assert read_vector(path, every_layer=True)[0]["layer_name"].tolist() == ["one", "one", "two"]


def test_projecting_drops_what_is_elsewhere_and_what_is_turned():
    # London turned lands on finite British metres: the area of use tells, not whether numbers are finite
    shapes = [Point(-0.03, 51.53), Point(51.53, -0.03), Point(-3.7, 40.4), Point(28, 30)]
    frame = gpd.GeoDataFrame(geometry=shapes, crs=4326, index=[1, 2, 3, 4])
    assert np.isfinite(frame.to_crs(27700).geometry.iloc[1].x)
    tally = Tally("x", read=4)
    found = project_shapes(frame, BRITISH_GRID, tally=tally)
    assert found.index.tolist() == [1]
    assert tally.dropped == {"longitude and latitude exchanged": 1, f"outside the area of {BRITISH_GRID.name}": 2}
    assert tally.kept == 1


def test_collections_reduce_to_one_kind():
    mixed = shapely.GeometryCollection([box(0, 0, 1, 1), Point(5, 5), shapely.GeometryCollection([box(2, 0, 3, 1)])])
    frame = gpd.GeoDataFrame(geometry=[mixed, Point(0, 0), LineString([(0, 0), (1, 1)]), Polygon()], crs=27700)
    assert split_collections(frame, 2).area.tolist() == [2.0, 0.0, 0.0, 0.0]
    assert split_collections(frame, 0).geometry.iloc[0] == Point(5, 5)


def test_published_boundaries(shared_data):
    wards, tally = read_vector(shared_data / "boundaries" / "London_Ward.shp")
    assert (len(wards), wards.crs) == (649, BRITISH_GRID)
    assert tally.kept == 649
    assert read_vector(shared_data / "health" / "GP.parquet")[0].shape == (9129, 5)
    points, _ = read_vector(shared_data / "greenspace" / "tower_hamlets_800m_os_access_points_2020.geojson")
    assert (len(points), points.has_z.any(), points.crs) == (1057, False, BRITISH_GRID)


def test_dates_come_as_text(tmp_path):
    path = tmp_path / "dated.gpkg"
    when = pd.to_datetime(["2025-05-01T10:00:00"])
    gpd.GeoDataFrame({"when": when}, geometry=[Point(0, 51)], crs=4326).to_file(path)
    assert read_vector(path)[0]["when"].iloc[0].startswith("2025")
