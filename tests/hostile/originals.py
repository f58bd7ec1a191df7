"""Small whole files of every format that comes in, to be spoilt."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import osmium
import pyogrio

from assetmap.places import sample_folder
from assetmap.provenance import provenance_path
from assetmap.study.create import create_demo
from tests.worlds.drawn import Drawing

__all__ = ["FORMATS", "OF_A_STUDY", "write_originals"]

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Marks</name>
<Folder><name>Love</name>
<Placemark><name>Herons</name><description>at seven</description>
<Point><coordinates>1.02735,53.46572,0</coordinates></Point></Placemark>
<Placemark><name>Walk</name><ExtendedData><Data name="theme"><value>memory</value></Data></ExtendedData>
<LineString><coordinates>1.0270,53.4655 1.0271,53.4651 1.0273,53.4650</coordinates></LineString></Placemark>
</Folder>
<Folder><name>Fear</name>
<Placemark><name>Dark corner</name><Polygon><outerBoundaryIs><LinearRing>
<coordinates>1.027,53.465 1.028,53.465 1.028,53.466 1.027,53.465</coordinates>
</LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>Both</name><MultiGeometry><Point><coordinates>1.027,53.465</coordinates></Point>
<LineString><coordinates>1.027,53.465 1.028,53.466</coordinates></LineString></MultiGeometry></Placemark>
</Folder></Document></kml>
"""


def _town() -> str:
    """Draw a park with a hole and a gate, streets with steps, homes, a school, a café."""
    town = Drawing()
    town.way([(0, 0), (100, 0), (200, 0), (300, 0)], highway="residential", name="Long Street")
    town.way([(100, 0), (100, 100)], highway="steps", step_count="12")
    town.way([(200, 0), (200, 100), (100, 100)], highway="footway", bridge="yes", layer="1")
    outer = town.area(100, 100, 250, 250)
    inner = town.area(150, 150, 200, 200)
    town.relation([(outer, "outer"), (inner, "inner")], type="multipolygon", leisure="park", name="Ring Park")
    town.node(100, 100, barrier="gate", access="yes")
    for number in range(4):
        town.area(20 * number, -30, 20 * number + 10, -20, building="house", building__levels="2")
    town.area(250, -60, 300, -20, amenity="school", name="The School", opening_hours="Mo-Fr 09:00-15:00")
    town.node(210, -10, amenity="cafe", name='Café "Ünter"', wheelchair="limited", check_date="2025-01-02")
    return town.xml()


def _reply(osm: Path) -> str:
    elements = []
    for thing in osmium.FileProcessor(osm):
        entry: dict[str, object] = {"id": thing.id, "tags": dict(thing.tags)}
        if thing.is_node():
            entry |= {"type": "node", "lat": thing.lat, "lon": thing.lon}
        elif thing.is_way():
            entry |= {"type": "way", "nodes": [node.ref for node in thing.nodes]}
        else:
            members = [{"type": "way", "ref": member.ref, "role": member.role} for member in thing.members]
            entry |= {"type": "relation", "members": members}
        elements.append(entry)
    return json.dumps({"version": 0.6, "osm3s": {"timestamp_osm_base": "2026-05-03T20:15:00Z"}, "elements": elements})


def _write_pbf(osm: Path, path: Path) -> None:
    """Write a .pbf without compression, so that a changed byte changes the map and not only a checksum."""
    with osmium.SimpleWriter(osmium.io.File(str(path), "pbf,pbf_compression=none")) as out:
        for thing in osmium.FileProcessor(osm):
            out.add(thing)


def _write_zip(path: Path, entries: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in entries.items():
            zipped.writestr(zipfile.ZipInfo(name), data)


def _write_workbook(table: Path, path: Path) -> None:
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)  # noqa: DTZ001 - openpyxl's has no zone
    with table.open(newline="", encoding="utf-8") as stream:
        for row in csv.reader(stream):
            book.active.append(row)
    book.save(path)


def _marks() -> dict[str, object]:
    content = json.loads((sample_folder() / "inputs/tidewell_annotations.geojson").read_text("utf-8"))
    return {**content, "features": content["features"][::4]}


def _write_map_files(folder: Path) -> None:
    marks = folder / "case.geojson"
    marks.write_text(json.dumps(_marks()), "utf-8")
    frame = gpd.read_file(marks)
    frame["date"] = frame["date"].astype(str)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-01-01T00:00:00.000Z"})
    frame.to_file(folder / "case.gpkg", layer="marks")
    points = frame[frame.geom_type == "Point"].to_crs(27700)
    (folder / "shape").mkdir()
    points.rename(columns={"contributor": "contribut"}).to_file(folder / "shape/case.shp", encoding="utf-8")
    _write_zip(folder / "case.zip", {p.name: p.read_bytes() for p in sorted((folder / "shape").iterdir())})
    (folder / "case.kml").write_text(KML, "utf-8")
    _write_zip(folder / "case.kmz", {"doc.kml": KML.encode(), "images/a.png": b""})


def write_originals(folder: Path) -> None:
    """Write one whole file of every format into a folder, under the names of `FORMATS`."""
    sample = sample_folder()
    osm = folder / "case.osm"
    osm.write_text(_town(), "utf-8")
    (folder / "case.json").write_text(_reply(osm), "utf-8")
    _write_pbf(osm, folder / "case.osm.pbf")
    _write_map_files(folder)
    for name, source in (
        ("case.list.csv", "inputs/tidewell_community_buildings.csv"),
        ("case.index.csv", "inputs/tidewell_iod2025.csv"),
        ("case.people.csv", "inputs/tidewell_population.csv"),
        ("case.zones.geojson", "boundaries/tidewell_zones.geojson"),
    ):
        (folder / name).write_bytes((sample / source).read_bytes())
    _write_workbook(folder / "case.list.csv", folder / "case.xlsx")
    (folder / "assetmap.toml").write_text(SETTINGS, "utf-8")
    record = provenance_path(sample / "osm_cache/tidewell.osm")
    (folder / "case.source.toml").write_bytes(record.read_bytes())
    create_demo(folder / "study")


SETTINGS = """# a comment
[study]
name = "Bow"
contact = 'me@example.org'

[place]
boundary = "inputs/o.geojson"

[osm]
file = "inputs/a.osm"

[[lists]]
file = "inputs/list.csv"
columns = {name = "Venue", category = "Kind"}
crs = "EPSG:27700"

[[lists]]
file = "inputs/list2.csv"
category = "library"

[deprivation]
edition = 2019
lookup = "inputs/l.csv"

[access]
profile = "slow"
thresholds_m = [400, 800]
"""

FORMATS: dict[str, str] = {
    "osm": "case.osm",
    "pbf": "case.osm.pbf",
    "reply": "case.json",
    "geojson": "case.geojson",
    "gpkg": "case.gpkg",
    "kml": "case.kml",
    "kmz": "case.kmz",
    "shapefile": "case.zip",
    "list": "case.list.csv",
    "workbook": "case.xlsx",
    "index": "case.index.csv",
    "people": "case.people.csv",
    "zones": "case.zones.geojson",
    "settings": "assetmap.toml",
    "record": "case.source.toml",
}
"""Format -> the name of its whole file."""
OF_A_STUDY: dict[str, str] = {
    "osm": "inputs/tidewell.osm",
    "geojson": "inputs/tidewell_annotations.geojson",
    "list": "inputs/tidewell_community_buildings.csv",
    "index": "inputs/tidewell_iod2025.csv",
    "people": "inputs/tidewell_population.csv",
    "zones": "inputs/tidewell_zones.geojson",
    "settings": "assetmap.toml",
}
"""Format -> the demo's file of it."""
