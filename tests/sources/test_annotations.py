"""Residents' marks from files of every kind."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import CRS
from shapely import LineString, Point, box

from assetmap.crs import BRITISH_GRID
from assetmap.errors import CRSError, InputError
from assetmap.files import sha256_of
from assetmap.schema import validate_table
from assetmap.sources.annotations import read_annotations

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>Loved</name>
<Placemark><name>Bench</name><description>Sun all day</description>
<Point><coordinates>-0.03,51.53,0</coordinates></Point></Placemark></Folder>
<Folder><name>Missed</name>
<Placemark><name>Crossing</name><LineString><coordinates>-0.03,51.53 -0.02,51.53</coordinates></LineString></Placemark>
</Folder></Document></kml>"""


def _write(tmp_path, text, name="marks.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_with_coordinates(tmp_path):
    text = (
        "sheet,n,lon,lat,comment,topic,feeling,consent,participant,pen,date\n"
        'S1,1,-0.03,51.53,"Love it, really",green,Like,Public,p01,red,1753436256846\n'
        "S1,2,-0.031,51.53,,safety,??,maybe,p02,blue,1/5/2025\n"
    )
    marks, tally = read_annotations(_write(tmp_path, text), crs=BRITISH_GRID)
    validate_table(marks, "annotations")
    assert marks["annotation_id"].tolist() == ["S1:1", "S1:2"]
    first = marks.iloc[0]
    assert first[["text", "theme", "sentiment", "consent"]].tolist() == [
        "Love it, really",
        "green",
        "positive",
        "public",
    ]
    assert first[["contributor_id", "pen_colour", "sheet_id", "kind"]].tolist() == ["p01", "red", "S1", "point"]
    assert marks["observed_on"].tolist() == ["2025-07-25", "2025-05-01"]
    assert marks["consent"].iloc[1] == "unknown"
    assert pd.isna(marks["sentiment"].iloc[1])
    assert tally.repaired == {
        "consent words not understood, taken as unknown": 1,
        "sentiment not understood, left empty": 1,
    }


@pytest.mark.parametrize("word", ["", "yes", "I agree", "ok", "true"])
def test_consent_is_never_guessed(tmp_path, word):
    path = _write(tmp_path, f"lon,lat,comment,consent\n-0.03,51.53,x,{word}\n")
    assert read_annotations(path, crs=BRITISH_GRID)[0]["consent"].tolist() == ["unknown"]


def test_a_table_with_wkt(tmp_path):
    text = (
        "WKT;note\n"
        '"POLYGON((-0.03 51.53,-0.02 51.53,-0.02 51.54,-0.03 51.53))";an area\n'
        '"POLYGON((-0.03 51.53,-0.02 51.53,-0.02 51.54))";not closed\n'
        '"SRID=4326;LINESTRING(-0.03 51.53,-0.02 51.53)";=cmd\n'
        "somewhere;lost\n"
        ";empty\n"
    )
    path = _write(tmp_path, text)
    marks, tally = read_annotations(path, crs=BRITISH_GRID)
    sha = sha256_of(path)[:12]
    assert marks["annotation_id"].tolist() == [f"{sha}:2", f"{sha}:3", f"{sha}:4"]
    assert marks["kind"].tolist() == ["area", "area", "line"]
    assert marks["text"].iloc[2] == "=cmd"
    assert tally.dropped == {"WKT not understood": 1, "no geometry": 1}
    assert tally.repaired == {"unclosed ring closed": 1}
    assert (tally.read, tally.kept) == (5, 3)


def test_wkt_in_metres_needs_its_system(tmp_path):
    path = _write(tmp_path, "wkt,note\nPOINT(536748 183071),x\n")
    with pytest.raises(CRSError, match="write longitude and latitude, or save the marks as a GeoPackage"):
        read_annotations(path, crs=BRITISH_GRID)
    marks, _ = read_annotations(path, crs=BRITISH_GRID, source_crs=27700)
    assert marks.geometry.tolist() == [Point(536748, 183071)]


def test_kml_and_kmz_with_all_layers(tmp_path):
    _write(tmp_path, KML, "marks.kml")
    with zipfile.ZipFile(tmp_path / "marks.kmz", "w") as zipped:
        zipped.writestr("doc.kml", KML)
    for name in ("marks.kml", "marks.kmz"):
        marks, tally = read_annotations(tmp_path / name, crs=BRITISH_GRID)
        assert marks["text"].tolist() == ["Bench: Sun all day", "Crossing"]
        assert marks["theme"].tolist() == ["Loved", "Missed"]
        assert marks["kind"].tolist() == ["point", "line"]
        assert tally.kept == 2


def test_geopackage_with_layers_by_shape(tmp_path):
    path = tmp_path / "marks.gpkg"
    for layer, shape in (("points", Point(0, 0)), ("lines", LineString([(0, 0), (9, 9)])), ("areas", box(0, 0, 9, 9))):
        frame = gpd.GeoDataFrame({"note": [layer], "consent": ["research"]}, geometry=[shape], crs=27700)
        frame.geometry = frame.translate(530000, 180000)
        frame.to_file(path, layer=layer)
    marks, _ = read_annotations(path, crs=BRITISH_GRID)
    assert marks["kind"].tolist() == ["point", "line", "area"]
    assert set(marks["consent"]) == {"research"}


def test_mixed_marks_are_split_and_counted(tmp_path):
    mixed = {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Point", "coordinates": [-0.03, 51.53]},
            {"type": "LineString", "coordinates": [[-0.03, 51.53], [-0.02, 51.53]]},
            {"type": "Point", "coordinates": [-0.02, 51.53]},
        ],
    }
    feature = {"type": "Feature", "properties": {"sheet": "S1", "n": 4, "text": "x"}, "geometry": mixed}
    path = _write(tmp_path, json.dumps({"type": "FeatureCollection", "features": [feature]}), "m.geojson")
    marks, tally = read_annotations(path, crs=BRITISH_GRID)
    assert marks["annotation_id"].tolist() == ["S1:4", "S1:4.2"]
    assert marks.geom_type.tolist() == ["MultiPoint", "LineString"]
    assert (tally.read, tally.kept) == (2, 2)
    assert tally.repaired == {"mark of several kinds of shape split": 1}


def test_numbers_given_twice_are_refused(tmp_path):
    path = _write(tmp_path, "sheet,n,lon,lat,note\nS1,1,-0.03,51.53,a\nS1,1,-0.03,51.53,b\n")
    with pytest.raises(InputError, match="S1:1"):
        read_annotations(path, crs=BRITISH_GRID)


def test_sheet_and_number_survive_a_gap_in_the_column(tmp_path):
    features = [
        {"type": "Feature", "properties": p, "geometry": {"type": "Point", "coordinates": [-0.03, 51.53]}}
        for p in ({"sheet": 1, "n": 7}, {"sheet": None, "n": None})
    ]
    path = _write(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "m.geojson")
    marks, _ = read_annotations(path, crs=BRITISH_GRID)
    assert marks["annotation_id"].tolist() == ["1:7", f"{sha256_of(path)[:12]}:2"]


def test_writing_keeps_its_kind_and_confidence_its_range(tmp_path):
    path = _write(tmp_path, "lon,lat,note,kind,confidence\n-0.03,51.53,a,Writing,0.4\n-0.03,51.53,b,,7\n")
    marks, _ = read_annotations(path, crs=BRITISH_GRID)
    assert marks["kind"].tolist() == ["writing", "point"]
    assert marks["confidence"].iloc[0] == 0.4
    assert pd.isna(marks["confidence"].iloc[1])


def test_a_persons_name_is_not_taken_for_words_where_there_are_words(tmp_path):
    path = _write(tmp_path, "name,lon,lat,comment\nMrs Smith,-0.03,51.53,Too dark\n")
    marks, _ = read_annotations(path, crs=BRITISH_GRID)
    assert marks["text"].tolist() == ["Too dark"]
    assert "Mrs Smith" not in marks.drop(columns="geometry").to_string()


def test_a_postcode_never_places_a_mark(tmp_path):
    path = _write(tmp_path, "postcode,comment\nE3 5SJ,Too dark\n")
    with pytest.raises(InputError, match="where its rows are"):
        read_annotations(path, crs=BRITISH_GRID)


def test_nothing_usable_is_said(tmp_path):
    path = _write(tmp_path, "lon,lat,comment\n,,x\n")
    with pytest.raises(InputError, match="not one mark"):
        read_annotations(path, crs=BRITISH_GRID)


def test_the_sample_marks(sample):
    marks, tally = read_annotations(sample / "inputs" / "tidewell_annotations.geojson", crs=BRITISH_GRID)
    assert len(marks) == tally.kept == 40
    assert not tally.repaired
    assert marks["annotation_id"].is_unique
    assert set(marks["sheet_id"]) == {"S1", "S2", "S3"}
    assert marks["contributor_id"].nunique() == 31
    assert marks["consent"].value_counts().to_dict() == {
        "public": 11,
        "research": 11,
        "partners": 7,
        "none": 6,
        "unknown": 5,
    }


def test_marks_traced_from_a_photograph(shared_data):
    path = shared_data / "annotations" / "markings-with-points.geojson"
    marks, tally = read_annotations(path, crs=CRS.from_epsg(32632))
    assert (len(marks), set(marks["kind"]), set(marks["consent"])) == (5, {"area"}, {"unknown"})
    assert tally.kept == 5
