"""Broken files, by seeded mutation: every reader answers with a table or one clear line."""

from __future__ import annotations

import random

import geopandas as gpd
import pytest
from openpyxl import Workbook
from shapely import box

from assetmap.crs import BRITISH_GRID
from assetmap.errors import AssetMapError
from assetmap.sources.annotations import read_annotations
from assetmap.sources.boundaries import read_lookup, read_zones
from assetmap.sources.deprivation import read_deprivation
from assetmap.sources.green_space import read_green_space
from assetmap.sources.lists import read_list
from assetmap.sources.population import read_population
from assetmap.sources.postcodes import read_postcodes
from assetmap.sources.recognise import recognise_file

ROUNDS = 25
TOKENS = [
    b"NaN", b"1e300", b"-1e400", b"null", b'"', b",", b"\n", b"\x00", b"\xff\xfe", b"[", b"]", b"-", b"9" * 30,
    b"<html>", b"\xe2\x80\xae", b"=cmd()", b"inf", b"[[[[", b'{"a":' * 50, b"Polygon", b"coordinates", b";", b"\t",
    b"E01",
]  # fmt: skip
KML = b"""<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A</name>
<Point><coordinates>-0.03,51.53,0</coordinates></Point></Placemark></Document></kml>"""


def _mutate(chance, data):
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 10])):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.randrange(1, 60))
        kind = chance.randrange(6)
        if kind == 0:
            del data[start:]
        elif kind == 1 and data:
            data[min(start, len(data) - 1)] = chance.randrange(256)
        elif kind == 2:
            data[start:start] = chance.choice(TOKENS)
        elif kind == 3:
            data[start:end] = b""
        elif kind == 4:
            data[start:start] = data[start:end]
        else:
            data[start:end] = chance.choice(TOKENS)
    return bytes(data)


def _in_metres(reader):
    return lambda path: reader(path, crs=BRITISH_GRID)


@pytest.fixture
def whole(sample, tmp_path):
    """A sound file of each kind with its reader."""
    folder = tmp_path / "whole"
    folder.mkdir()
    shapes = [box(530000 + n, 180000, 530001 + n, 180001) for n in range(4)]
    columns = {"code": list("ABCD"), "function": "Cemetery", "name": "x", "type": "park"}
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=27700)
    for suffix in ("gpkg", "fgb"):
        frame.to_file(folder / f"z.{suffix}")
    frame.to_parquet(folder / "z.parquet")
    book = Workbook()
    for row in (["Name", "Type", "Easting", "Northing"], ["Hall", "Library", 536748, 183071]):
        book.active.append(row)
    book.save(folder / "list.xlsx")
    (folder / "marks.kml").write_bytes(KML)
    (folder / "marks.csv").write_text('wkt;text\n"POLYGON((-0.03 51.53,-0.02 51.53,-0.02 51.54))";x\n')
    (folder / "lookup.csv").write_text("LSOA11CD,LSOA21CD,CHGIND\nE01000001,E01000001,U\n")
    (folder / "postcodes.csv").write_text("pcds,lat,long\nE3 5SJ,51.53,-0.03\n")
    return [
        (sample / "inputs" / "tidewell_community_buildings.csv", _in_metres(read_list)),
        (sample / "inputs" / "tidewell_annotations.geojson", _in_metres(read_annotations)),
        (sample / "inputs" / "tidewell_iod2025.csv", read_deprivation),
        (sample / "inputs" / "tidewell_population.csv", read_population),
        (sample / "boundaries" / "tidewell_zones.geojson", read_zones),
        (folder / "z.gpkg", read_zones),
        (folder / "z.fgb", _in_metres(read_green_space)),
        (folder / "z.parquet", _in_metres(read_list)),
        (folder / "list.xlsx", _in_metres(read_list)),
        (folder / "marks.kml", _in_metres(read_annotations)),
        (folder / "marks.csv", _in_metres(read_annotations)),
        (folder / "lookup.csv", read_lookup),
        (folder / "postcodes.csv", _in_metres(read_postcodes)),
    ]


def test_no_mutation_gives_a_traceback(whole, tmp_path):
    messages = []
    for number, (path, reader) in enumerate(whole):
        reader(path)
        data = path.read_bytes()
        for turn in range(ROUNDS):
            chance = random.Random(1000 * number + turn)
            broken = tmp_path / f"broken{path.suffix}"
            broken.write_bytes(_mutate(chance, data))
            try:
                (recognise_file if chance.random() < 0.3 else reader)(broken)
            except AssetMapError as error:
                messages.append(str(error))
    assert len(messages) > ROUNDS  # the mutations do break files
    assert all(message and "\n" not in message for message in messages)
