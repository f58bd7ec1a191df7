"""What a file is, by its content."""

from __future__ import annotations

import bz2
import json
import shutil

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio import Affine
from shapely import LineString, Point, box

from assetmap.errors import InputError, MissingInputError
from assetmap.sources.recognise import KINDS, recognise_file


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("boundaries/tidewell_zones.geojson", "zones"),
        ("inputs/tidewell_annotations.geojson", "annotations"),
        ("inputs/tidewell_community_buildings.csv", "list"),
        ("inputs/tidewell_iod2025.csv", "deprivation"),
        ("inputs/tidewell_population.csv", "population"),
        ("osm_cache/tidewell.osm", "osm"),
    ],
)
def test_the_sample_whatever_its_name(sample, tmp_path, name, kind):
    plain = tmp_path / f"file{(sample / name).suffix}"
    shutil.copy(sample / name, plain)
    found = recognise_file(plain)
    assert found.kind == kind
    assert found.summary
    assert "\n" not in found.summary


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("LSOA11CD,LSOA21CD,CHGIND\nE01000001,E01000001,U\n", "lookup"),
        ("LSOA11CD,imd_rank\nE01000001,1\n", "deprivation"),
        ("LSOA11CD,population\nE01000001,1\n", "population"),
        ("pcds,lat,long\nE3 5SJ,51.53,-0.03\n", "postcodes"),
        ("lon,lat,comment,consent\n-0.03,51.53,x,public\n", "annotations"),
        ("wkt,comment\nPOINT(-0.03 51.53),x\n", "annotations"),
        ("Comment,Theme,Lat,Long\nDark here,safety,51.53,-0.03\n", "annotations"),
        ("lon,lat,comment\n-0.03,51.53,Dark here\n", "annotations"),
        ("Comments,easting,northing\nDark here,536000,183000\n", "annotations"),
        ("name,lon,lat,comment\nHut,-0.03,51.53,Dark here\n", "list"),
        ("lon,lat,comment,opening hours\n-0.03,51.53,Dark here,9-5\n", "list"),
        ("lon,lat\n-0.03,51.53\n", "list"),
        ("name,notes,topic,lat,long\nA,Dark here,safety,51.53,-0.03\n", "list"),
        ("notes,type,lat,long\nRed brick,Library,51.53,-0.03\n", "list"),
        ("name,type,gridref\nA,Library,TQ367830\n", "list"),
        ("name,type,postcode\nA,Library,E3 5SJ\n", "list"),
    ],
)
def test_tables(tmp_path, text, kind):
    path = tmp_path / "table.csv"
    path.write_text(text)
    found = recognise_file(path)
    assert found.kind == kind
    assert set(found.columns.values()) <= set(text.split("\n")[0].split(","))


def test_words_with_a_place_and_nothing_more_are_taken_for_marks_and_said_to_be(tmp_path):
    path = tmp_path / "words.csv"
    path.write_text("lon,lat,comment\n-0.03,51.53,Dark here\n")
    found = recognise_file(path)
    assert found.summary == "1 mark of residents"
    assert found.problems[-1] == (
        "taken for residents' marks: if these are places, name the file under [[lists]] with a category"
    )
    path.write_text("lon,lat,comment,topic\n-0.03,51.53,Dark here,safety\n")
    assert not any("if these are places" in note for note in recognise_file(path).problems)


def test_a_list_says_what_it_lacks_and_guesses_from_its_name(tmp_path):
    path = tmp_path / "gla_community_centres.csv"
    path.write_text("name,postcode\nA,E3 5SJ\n")
    found = recognise_file(path)
    assert found.suggested == {"category": "community_centre", "postcodes": ""}
    assert len(found.problems) == 2
    assert "postcode table" in found.problems[0]


def _shapes(tmp_path, shapes, name="file.geojson", **columns):
    path = tmp_path / name
    gpd.GeoDataFrame(columns, geometry=shapes, crs=4326).to_file(path)
    return path


def test_shapes(tmp_path):
    one, two = box(0, 51, 0.01, 51.01), box(0.01, 51, 0.02, 51.01)
    points = [Point(0, 51), Point(0.01, 51)]
    assert recognise_file(_shapes(tmp_path, [one])).kind == "boundary"
    assert recognise_file(_shapes(tmp_path, [one, two], WD22CD=["E05000001", "E05000002"])).kind == "zones"
    assert recognise_file(_shapes(tmp_path, [one, two], code=["A", "B"])).kind == "zones"
    assert recognise_file(_shapes(tmp_path, [one, two], function=["Cemetery", "Play Space"])).kind == "green_space"
    assert recognise_file(_shapes(tmp_path, points, accessType=["Pedestrian"] * 2)).kind == "access_points"
    assert recognise_file(_shapes(tmp_path, points, name_=["a", "b"], name="x.gpkg")).kind == "list"
    assert recognise_file(_shapes(tmp_path, points, comment=["a", "b"], consent=["none"] * 2)).kind == "annotations"
    said = {"comment": ["dark", "calm"], "theme": ["safety", "rest"]}
    assert recognise_file(_shapes(tmp_path, points, **said)).kind == "annotations"
    assert recognise_file(_shapes(tmp_path, points, venue=["a", "b"], **said)).kind == "list"


def test_zones_are_zones_with_a_code_that_is_missing_and_refused_with_one_that_is_there_twice(tmp_path):
    areas = [box(x, 51, x + 0.01, 51.01) for x in (0, 0.01, 0.02)]
    found = recognise_file(_shapes(tmp_path, areas, lsoa21cd=["E01004222", None, "E01004223"]))
    assert (found.kind, found.summary) == ("zones", "2 zones (lsoa21), by lsoa21cd")
    assert found.problems == ("file.geojson: 3 read, 2 kept, 1 dropped (no zone code 1)",)
    twice = _shapes(tmp_path, areas, name="twice.geojson", lsoa21cd=["E01004222", "E01004223", "E01004222"])
    words = r"twice.geojson: 1 code\(s\) of column lsoa21cd are there twice \(first: E01004222, row 3\)"
    with pytest.raises(InputError, match=words):
        recognise_file(twice)
    marked = {"lsoa21cd": ["E01004222"] * 3, "comment": ["a", "b", "c"], "consent": ["none"] * 3}
    assert recognise_file(_shapes(tmp_path, areas, name="marks.geojson", **marked)).kind == "annotations"


def test_both_layers_of_official_green_space(tmp_path):
    path = _shapes(tmp_path, [box(0, 51, 0.01, 51.01)], name="os.gpkg", function=["Cemetery"])
    path.unlink()
    sites = gpd.GeoDataFrame({"function": ["Cemetery"]}, geometry=[box(0, 51, 0.01, 51.01)], crs=4326)
    sites.to_file(path, layer="greenspace_site")
    gpd.GeoDataFrame({"accessType": ["Pedestrian"]}, geometry=[Point(0, 51)], crs=4326).to_file(
        path, layer="access_point"
    )
    found = recognise_file(path)
    assert found.kind == "green_space"
    assert "access points" in found.problems[0]


def test_osm_in_its_forms(tmp_path):
    xml = b'<?xml version="1.0"?>\n<osm version="0.6"></osm>'
    for name, data in (("a.xml", xml), ("b.bin", bz2.compress(xml)), ("c.json", b'{"version":0.6,"elements":[]}')):
        path = tmp_path / name
        path.write_bytes(data)
        assert recognise_file(path).kind == "osm"


def test_rasters(tmp_path):
    path = tmp_path / "people.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=3, height=2, count=1, dtype="float32", crs="EPSG:4326",
        transform=Affine(0.01, 0, 0, 0, -0.01, 52),
    ) as raster:  # fmt: skip
        raster.write(np.ones((1, 2, 3), dtype="float32"))
    assert recognise_file(path).summary == "a raster of 3 by 2 cells, 1 band(s), EPSG:4326"
    path.write_bytes(b"II*\x00torn")
    with pytest.raises(InputError, match="can't be read"):
        recognise_file(path)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.csv", b"colour,size\nred,1\n", "It looked for.*colour, size"),
        ("x.txt", b"Dear all, hello.\n", "It looked for"),
        ("x.csv", b"<html></html>", r"x\.csv is a web page, not data: download the file itself"),
        ("x.osm", b"<!DOCTYPE html><p>Too busy</p>", r"x\.osm is a web page, not data \(Too busy\): download the file"),
        (
            "x.json",
            b"<?xml version='1.0'?><html xmlns='x'><p>Busy</p></html>",
            r"json is a web page, not data \(Busy\)",
        ),
        ("x.gpx", b"<?xml version='1.0'?><gpx/>", r"is the track of a walk: .* `assetmap walks import DIR x\.gpx`"),
        ("x.prsm", "\u1234\u2345".encode(), r"is a system map: .* `assetmap systems import DIR x\.prsm`"),
        ("x.json", b'{"nodes": [], "edges": []}', r"is a system map: .* `assetmap systems import DIR x\.json`"),
        ("x.json", b'{"elements": [], "connections": []}', "is a system map"),
        ("x.graphml", b"<?xml version='1.0'?>\n<graphml xmlns='x'></graphml>", "is a system map"),
        ("x.png", b"\x89PNG\r\n", "PNG picture"),
        ("x.dbf", b"\x03y\x07\x1a", "name its .shp"),
        ("x.bin", b"\x00\x01\x02", "binary"),
        ("x.csv", b"", "empty"),
        ("x.csv", b"LSOA11CD,imd_rank\nE01000001,99999\n", "not ranks"),
    ],
)
def test_what_is_not_known(tmp_path, name, data, words):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=words):
        recognise_file(path)


def test_lines_without_words_are_not_known(tmp_path):
    path = _shapes(tmp_path, [LineString([(0, 51), (0.01, 51)])] * 2, n=[1, 2])
    with pytest.raises(InputError, match="doesn't know"):
        recognise_file(path)


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(MissingInputError):
        recognise_file(tmp_path)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("boundaries/England-Wales-LSOA-2011-2021.csv", "lookup"),
        ("boundaries/London_Ward.shp", "zones"),
        ("community/gla_libraries.csv", "list"),
        ("deprivation/imd2025_england_lsoa21.csv", "deprivation"),
        ("greenspace/london_os_open_greenspace_2020_brant.gpkg", "green_space"),
        ("greenspace/tower_hamlets_800m_os_access_points_2020.geojson", "access_points"),
        ("health/pharmacy.parquet", "list"),
        ("osm/las_palmas_2023.osm.pbf", "osm"),
        ("overpass_replies/parks.osm", "osm"),
        ("population/london-mid2020-pop.csv", "population"),
        ("population/worldpop_gbr_ppp_2020_1km.tif", "raster"),
        ("annotations/markings-with-points.geojson", "annotations"),
    ],
)
def test_published_files(shared_data, name, kind):
    assert recognise_file(shared_data / name).kind == kind
    assert kind in KINDS


TAGGED = {"type": "way", "id": 1, "nodes": [2], "tags": {"edges": "3", "connections": "4"}}
RING = {"type": "Polygon", "coordinates": [[[0, 51], [0.1, 51], [0.1, 51.1], [0, 51]]]}
FEATURE = {"type": "Feature", "properties": {"nodes": 1, "edges": 2}, "geometry": RING}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"osm3s": {}, "elements": [TAGGED]}, "osm"),
        ({"type": "FeatureCollection", "features": [FEATURE]}, "boundary"),
    ],
)
def test_words_of_a_system_map_in_other_data_mislead_nobody(tmp_path, content, kind):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content))
    assert recognise_file(path).kind == kind
