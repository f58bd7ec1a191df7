"""Whatever is wrong with an input: one line that says so, the right code, and earlier outputs as they were."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import osmium
import pandas as pd
import pytest

from tests.cli.program import run_apart, run_here, snapshot

OSM = "inputs/tidewell.osm"
ZONES = "inputs/tidewell_zones.geojson"
PEOPLE = "inputs/tidewell_population.csv"
INDEX = "inputs/tidewell_iod2025.csv"
LIST = "inputs/tidewell_community_buildings.csv"
MARKS = "inputs/tidewell_annotations.geojson"
PAGE = "<!DOCTYPE html>\n<html><head><title>504 Gateway Timeout</title></head><body>too busy</body></html>\n"
ELEMENTS = '{"version": 0.6, "elements": [{"type": "node", "id": 1, "lat": 51.5, "lon": -0.1}]'


def write(name, content):
    """Spoil a file by writing over it."""

    def spoil(study: Path) -> None:
        (study / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    return spoil


def change(name, pattern, new, count=0):
    """Spoil a file by a change in its text."""

    def spoil(study: Path) -> None:
        text = (study / name).read_text("utf-8")
        changed = re.sub(pattern, new, text, count=count)
        assert changed != text
        (study / name).write_text(changed, "utf-8")

    return spoil


def cut(name, share=0.5):
    def spoil(study: Path) -> None:
        data = (study / name).read_bytes()
        (study / name).write_bytes(data[: int(len(data) * share)])

    return spoil


def remove(name):
    return lambda study: (study / name).unlink()


def fill_with_folder(name):
    def spoil(study: Path) -> None:
        (study / name).unlink()
        (study / name).mkdir()

    return spoil


def rows(name, edit):
    """Spoil a CSV file by an edit of its table of text."""

    def spoil(study: Path) -> None:
        table = pd.read_csv(study / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        edit(table).to_csv(study / name, index=False)

    return spoil


def shapes(name, edit):
    """Spoil a GeoJSON file by an edit of its objects."""

    def spoil(study: Path) -> None:
        content = json.loads((study / name).read_text("utf-8"))
        edit(content)
        (study / name).write_text(json.dumps(content))

    return spoil


def swap_axes(content):
    def swap(part):
        return [part[1], part[0]] if isinstance(part[0], float) else [swap(p) for p in part]

    for feature in content["features"]:
        feature["geometry"]["coordinates"] = swap(feature["geometry"]["coordinates"])


def number_alike(content):
    for feature in content["features"]:
        feature["properties"]["n"] = 1


def without_crs(name):
    """Put a shapefile without its .prj in the place of a GeoJSON file."""

    def spoil(study: Path) -> None:
        frame = gpd.read_file(study / name).to_crs(27700)
        frame = frame[
            ["geometry", *[name for name in frame.columns if len(name) <= 10 and name not in ("geometry", "date")]]
        ]
        frame[frame.geom_type == frame.geom_type.iloc[0]].to_file(study / "inputs/nowhere.shp")
        (study / "inputs/nowhere.prj").unlink()
        change("assetmap.toml", name, "inputs/nowhere.shp")(study)

    return spoil


def torn_pbf(study: Path) -> None:
    with osmium.SimpleWriter(str(study / "inputs/t.osm.pbf")) as out:
        for thing in osmium.FileProcessor(study / OSM):
            out.add(thing)
    cut("inputs/t.osm.pbf", 0.6)(study)
    change("assetmap.toml", "tidewell.osm", "t.osm.pbf")(study)


def index_of_2019(study: Path) -> None:
    """Put the index of 2019, by its headers and codes, in the place of that of 2025."""
    for name in (ZONES, PEOPLE, INDEX):
        change(name, "E01999", "E01000")(study)
    table = pd.read_csv(study / INDEX, dtype=str, encoding="utf-8-sig")
    table = table.iloc[:, :7].set_axis(
        [
            "LSOA code (2011)",
            "LSOA name (2011)",
            "Local Authority District code (2019)",
            "Local Authority District name (2019)",
            "Index of Multiple Deprivation (IMD) Score",
            "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
            "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
        ],
        axis=1,
    )
    table.to_csv(study / INDEX, index=False)


CASES = {
    # OpenStreetMap data
    "a page for a file": (write(OSM, PAGE), 3, "is a web page, not OpenStreetMap data"),
    "a page for a reply": (write(OSM, PAGE.encode("utf-16")), 3, "tidewell.osm is not OpenStreetMap data"),
    "a torn reply": (write(OSM, ELEMENTS), 3, "tidewell.osm is torn or not JSON"),
    "a remark after elements": (
        write(OSM, ELEMENTS + ', "remark": "runtime error: Query timed out in \\"query\\" after 25 seconds."}'),
        3,
        "is only a part of an answer, the server remarks:",
    ),
    "a remark alone": (
        write(OSM, '{"elements": [], "remark": "runtime error: out of memory"}'),
        3,
        "is only a part of an answer",
    ),
    "a remark in XML": (
        write(OSM, "<osm version='0.6'><node id='1' lat='51.5' lon='0'/><remark>runtime error</remark></osm>"),
        3,
        "is only a part of an answer (the server left a remark)",
    ),
    "an empty area": (write(OSM, '{"version": 0.6, "elements": []}'), 3, "holds no streets, green spaces or buildings"),
    "an error in JSON": (write(OSM, '{"error": {"code": 429, "message": "Too Many Requests"}}'), 3, "429"),
    "torn XML": (cut(OSM), 3, "tidewell.osm is not whole OpenStreetMap data"),
    "a torn pbf": (torn_pbf, 3, "t.osm.pbf is not whole OpenStreetMap data"),
    "0 bytes of OSM": (write(OSM, b""), 3, "tidewell.osm is empty (0 bytes)"),
    "a folder for OSM": (fill_with_folder(OSM), 3, "tidewell.osm is a folder: name the file inside it"),
    "OSM of another kind": (write(OSM, "name,lon,lat\n"), 3, "tidewell.osm is not OpenStreetMap data: expected"),
    "a missing file that the settings name": (remove(OSM), 3, "tidewell.osm does not exist"),
    # zones
    "zones with axes swapped": (shapes(ZONES, swap_axes), 3, "would be Britain with the axes exchanged"),
    "zones without a reference system": (without_crs(ZONES), 3, "ogr2ogr -a_srs EPSG:27700"),
    "a code there twice": (change(ZONES, "E01999002", "E01999001"), 3, "1 code(s) of column LSOA21CD are there twice"),
    "no column of codes": (change(ZONES, "LSOA21CD", "colour"), 3, "has no column of zone codes"),
    "zones that are points": (
        shapes(ZONES, lambda c: [f.update(geometry={"type": "Point", "coordinates": [0, 51]}) for f in c["features"]]),
        3,
        "tidewell_zones.geojson",
    ),
    "torn zones": (cut(ZONES), 3, "tidewell_zones.geojson can't be read"),
    "a page for zones": (write(ZONES, PAGE), 3, "(zones) is no map file that assetmap can read"),
    "0 bytes of zones": (write(ZONES, b""), 3, "is empty (0 bytes)"),
    # people
    "people of other zones": (change(PEOPLE, "E01999", "E01888"), 3, "has none of the study's zones"),
    "people there twice": (change(PEOPLE, "E01999002", "E01999001"), 3, "1 zone code(s) are there twice"),
    "fewer people than none": (change(PEOPLE, r",1600,", ",-1600,"), 3, "negative or not numbers"),
    "people in words": (change(PEOPLE, r",1600,", ",many,"), 3, "negative or not numbers (first: 'many'"),
    "people without a column of codes": (change(PEOPLE, "LSOA21CD", "colour"), 3, "no column holds zone codes"),
    "a page for people": (write(PEOPLE, PAGE), 3, "is a web page, not a table"),
    # deprivation
    "2019 against zones of 2021": (index_of_2019, 3, "is on LSOA 2011 and the zones are of 2021: add the ONS lookup"),
    "2025 against zones of 2011": (
        change(ZONES, "LSOA21CD", "LSOA11CD"),
        3,
        "is on LSOA 2021 and the zones are of 2011",
    ),
    "an index there twice": (change(INDEX, "E01999002", "E01999001"), 3, "1 LSOA code(s) are there twice"),
    "an index of other zones": (change(INDEX, "E01999", "E01888"), 3, "has none of the study's zones"),
    "a rank beyond the last": (change(INDEX, ",1200,", ",120000,"), 3, "not ranks from 1 to 33,755"),
    "an index without its column": (
        rows(INDEX, lambda t: t.iloc[:, [0, 1, 2]]),
        3,
        "tidewell_iod2025.csv is not a table",
    ),
    # lists
    "a list without a place": (
        rows(LIST, lambda t: t.drop(columns=POSITIONS & set(t))),
        3,
        "no column that says where",
    ),
    "a list without a kind": (rows(LIST, lambda t: t.drop(columns=KINDS & set(t))), 3, "no column that says what its"),
    "a header alone": (rows(LIST, lambda t: t.iloc[:0]), 3, "has a header and no rows"),
    "a row with a cell too many": (change(LIST, r"\n$", ",,,,,,,,,,,,x\n"), 3, "more cells than the header"),
    "a list that is binary": (write(LIST, bytes(range(256)) * 4), 3, "is binary, not a table of text"),
    "a list with a folder's name": (fill_with_folder(LIST), 3, "is a folder"),
    # marks
    "marks with axes swapped": (shapes(MARKS, swap_axes), 3, "latitude and longitude look swapped"),
    "marks without a reference system": (without_crs(MARKS), 3, "does not say which reference system"),
    "torn marks": (cut(MARKS), 3, "tidewell_annotations.geojson can't be read"),
    "marks with one number": (shapes(MARKS, number_alike), 3, "marks share a sheet and number"),
    # settings
    "a mistyped key": (
        change("assetmap.toml", "profile", "profil"),
        2,
        "access.profil is not a known setting: did you mean",
    ),
    "a study named twice": (change("assetmap.toml", r"\[osm\]", "[study]"), 2, "is not TOML"),
    "a table there twice": (change("assetmap.toml", r"\[zones\]", "[osm]"), 2, "is not TOML"),
    "a mark of TOML forgotten": (change("assetmap.toml", '"standard"', '"standard'), 2, "is not TOML"),
    "settings that aren't UTF-8": (
        lambda study: write("assetmap.toml", (study / "assetmap.toml").read_bytes() + b"# caf\xe9\n")(study),
        2,
        "is not UTF-8 text",
    ),
    "settings gone": (remove("assetmap.toml"), 3, "is not a study (it has no assetmap.toml)"),
    "an unknown category": (
        change("assetmap.toml", 'name = "Tidewell council list"', 'category = "libary"'),
        3,
        "'libary' is not a category: did you mean 'library'?",
    ),
    "an unknown reference system": (
        change("assetmap.toml", 'name = "Tidewell council list"', 'crs = "EPSG:99999999"'),
        2,
        "lists.0.crs is 'EPSG:99999999': must be a reference system, such as EPSG:27700",
    ),
    "a column that isn't there": (
        change("assetmap.toml", 'name = "Tidewell council list"', 'columns = {name = "Venue"}'),
        3,
        "has no column 'Venue'",
    ),
    "an unknown site": (
        change("assetmap.toml", r"\[osm\]", '[place]\nsite = "atlantis"\n[osm]'),
        2,
        "no site is called 'atlantis'",
    ),
    "codes that the zones lack": (
        change("assetmap.toml", r"\[osm\]", '[place]\nlsoa21 = ["E01000001"]\n[osm]'),
        3,
        "has no zone E01000001",
    ),
}
POSITIONS = {
    "lon",
    "lat",
    "longitude",
    "latitude",
    "Longitude",
    "Latitude",
    "Easting",
    "Northing",
    "easting",
    "northing",
}
KINDS = {"category", "type", "Category", "Type", "kind", "building_type"}


@pytest.mark.parametrize("case", CASES)
def test_one_line_and_everything_as_it_was(study, case):
    spoil, code, words = CASES[case]
    spoil(study)
    before = snapshot(study)
    run_here("build", study, "--quiet").refused(code, words)
    assert snapshot(study) == before
    assert (study / "out/map.html").exists()


@pytest.mark.parametrize("case", ["a remark alone", "torn XML", "a page for a file", "0 bytes of OSM"])
def test_the_piecewise_commands_refuse_the_same(study, case, tmp_path):
    spoil, code, words = CASES[case]
    spoil(study)
    (tmp_path / "a.csv").write_text("mine")
    run_here("assets", "--osm", study / OSM, "--out", tmp_path / "a.csv", "--overwrite").refused(code, words)
    ran = run_here(
        "access", study / "out/assets.parquet", "--osm", study / OSM, "--out", tmp_path / "a.csv", "--overwrite"
    )
    ran.refused(code, words)
    assert (tmp_path / "a.csv").read_text() == "mine"


@pytest.mark.parametrize("name", ["parse_error_400.html", "remark_out_of_memory_empty.json", "remark_partial.json"])
def test_real_replies_that_are_no_data_are_refused(study, shared_data, name):
    shutil.copyfile(shared_data / "overpass_replies" / name, study / OSM)
    before = snapshot(study)
    run_here("build", study, "--quiet").refused(3, "tidewell.osm is")
    assert snapshot(study) == before


# --- What is wrong in single rows is kept out and counted, and the rest is used ----------------------------------


def tally_of(study, source):
    content = json.loads((study / "out/manifest.json").read_text("utf-8"))
    return next(tally for tally in content["tallies"] if tally["source"] == source)


def test_an_unclosed_ring_is_closed_and_counted(study):
    def unclose(content):
        content["features"][0]["geometry"]["coordinates"][0].pop()

    shapes(ZONES, unclose)(study)
    run_here("build", study, "--quiet").worked()
    assert tally_of(study, "tidewell_zones.geojson")["repaired"] == {"unclosed ring closed": 1}
    zones = gpd.read_file(study / "out/assetmap.gpkg", layer="zones")
    assert zones.area.to_numpy() == pytest.approx([90_000.0] * 12, rel=1e-4)


def test_rows_with_numbers_that_are_none_are_dropped_and_counted(study):
    def spoil(table):
        found = sorted(POSITIONS & set(table))
        table.loc[0, found] = "NaN"
        table.loc[1, found] = "inf"
        table.loc[2, found] = "1e300"
        return table

    rows(LIST, spoil)(study)
    run_here("build", study, "--quiet").worked()
    tally = tally_of(study, "tidewell_community_buildings.csv")
    assert tally["read"] == 14
    assert tally["kept"] == 10
    assert sum(tally["dropped"].values()) == 4
    assert {row for row, _ in tally["dropped_rows"]} >= {"row 2", "row 3", "row 4"}


def test_a_mark_that_is_nowhere_is_dropped_and_counted(study):
    def spoil(content):
        content["features"][0]["geometry"] = None
        content["features"][1]["geometry"] = {"type": "Point", "coordinates": [1e300, 52]}

    shapes(MARKS, spoil)(study)
    run_here("build", study, "--quiet").worked()
    tally = tally_of(study, "tidewell_annotations.geojson")
    assert (tally["read"], tally["kept"]) == (40, 38)


def test_text_in_an_old_encoding_is_read_and_said(study):
    path = study / LIST
    path.write_bytes(path.read_text("utf-8-sig").replace("Tenants' Hall", "Ténants' Hall").encode("cp1252"))
    run_here("build", study, "--quiet").worked()
    tally = tally_of(study, "tidewell_community_buildings.csv")
    assert "not UTF-8, read as Windows-1252" in tally["repaired"]
    names = gpd.read_parquet(study / "out/assets.parquet")["name"]
    assert "Cooper Street Ténants' Hall" in set(names)


def test_half_characters_and_controls_in_a_reply_are_left_out(tmp_path):
    names = ["\\ud800Café", "Pu\\u0001b", "\\uffffBar\\u202e"]
    nodes = ", ".join(
        f'{{"type": "node", "id": {n}, "lat": 51.5, "lon": -0.{n}, "tags": {{"amenity": "cafe", "name": "{name}"}}}}'
        for n, name in enumerate(names, 1)
    )
    (tmp_path / "a.json").write_text(f'{{"elements": [{nodes}]}}')
    run_here("assets", "--osm", tmp_path / "a.json", "--out", tmp_path / "a.csv", "--quiet").worked()
    assert list(pd.read_csv(tmp_path / "a.csv")["name"]) == ["Café", "Pub", "Bar"]


def test_a_zone_without_people_and_a_place_without_a_way_are_said(study):
    counts = ["population", "Aged 15 years and under", "Aged 16 to 64 years", "Aged 65 years and over"]
    rows(PEOPLE, lambda table: table.assign(**{name: ["0", *table[name][1:]] for name in counts}))(study)
    far = {"Name": "Far Hall", "Type": "Community centre", "Easting": "600600", "Northing": "402000"}
    rows(LIST, lambda table: pd.concat([table, pd.DataFrame([far])]))(study)
    ran = run_here("build", study).worked()
    assert "Nobody is counted in 1 of 12 zones: they have no figures about people." in ran.err
    assert re.search(r"1 of \d+ places lie more than 100 m from every way: no walk leads there\.", ran.err)


def test_people_of_some_zones_only_are_used_and_the_rest_is_said(study):
    rows(PEOPLE, lambda table: table.iloc[:9])(study)
    rows(INDEX, lambda table: table.iloc[3:])(study)
    ran = run_here("build", study).worked()
    assert "No population is known for 3 of 12 zones" in ran.err
    assert "No deprivation is known for 3 of 12 zones (first: " in ran.err
    figures = json.loads((study / "out/manifest.json").read_text("utf-8"))["figures"]
    assert figures["people"] is None
    assert figures["deprivation"]["zones_without_figures"] == 3


# --- A disk that can't be written to --------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_without_permission_to_write_nothing_changes(study):
    (study / "out").chmod(0o500)
    try:
        before = snapshot(study)
        run_here("build", study, "--quiet", "--overwrite").refused(2, "can't be written")
        assert snapshot(study) == before
    finally:
        (study / "out").chmod(0o700)


@pytest.mark.parametrize("after", [0, 1, 3, 7, 12])
def test_a_disk_that_fills_up_is_one_line_and_each_file_is_the_old_or_the_new_one(study, monkeypatch, after):
    """The disk says that it is full when the n-th file is made safe there."""
    before = snapshot(study)
    settings = study / "assetmap.toml"
    settings.write_text(settings.read_text().replace('"standard"', '"slow"'))
    safe, calls = os.fsync, []

    def fsync(number):
        calls.append(number)
        if len(calls) > after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        safe(number)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        ran = run_here("build", study, "--quiet")
    if len(calls) > after:
        ran.refused(2, "can't be written", "No space left on device", "free space")
    full = snapshot(study)
    run_here("build", study, "--quiet").worked()
    whole = snapshot(study)
    assert full.keys() - {name for name in full if "/.unfinished/" in name} == before.keys()
    for name, data in full.items():
        assert data in (before.get(name), whole.get(name)) or "/.unfinished/" in name, name


@contextmanager
def small_disk(where: Path, kilobytes: int):
    """A file system of its own, where this system lets us make one."""
    where.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", where], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("this system doesn't let us make a small disk")
    try:
        yield where
    finally:
        subprocess.run(["umount", where], check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount here")
def test_a_disk_that_is_really_full(fresh):
    with small_disk(fresh / "out", 300) as out:
        ran = run_apart("build", fresh, "--quiet")
        ran.refused(2, "can't be written", "free space")
        assert [path.name for path in out.rglob("*") if ".partial" in path.name] == []
        assert not (out / "manifest.json").exists()
    run_here("build", fresh, "--quiet").worked()


def test_a_place_that_is_moved_by_a_projection_is_not_taken_for_another(study):
    """Marks in metres that are called degrees are told apart from marks far away."""

    def spoil(content):
        for feature in content["features"]:
            feature["geometry"]["coordinates"] = [530_000.0, 180_000.0]
            feature["geometry"]["type"] = "Point"

    shapes(MARKS, spoil)(study)
    before = snapshot(study)
    run_here("build", study, "--quiet").refused(3, "are not degrees of longitude and latitude")
    assert snapshot(study) == before
