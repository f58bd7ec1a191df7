"""`add` refuses what `build` would refuse, in the same words, and then nothing has changed."""

import gzip
import json
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import rasterio
import shapely
from affine import Affine

from tests.cli.program import run_here, snapshot
from tests.cli.test_add import make

HALLS = "name,lon,lat,category\nHall,-0.03,51.53,library\nHouse,-0.031,51.531,library\n"


def zones(path, codes=("A", "B"), west=-0.032):
    squares = [shapely.box(west + 0.001 * n, 51.53, west + 0.001 * (n + 1), 51.532) for n in range(len(codes))]
    gpd.GeoDataFrame({"code": list(codes)}, geometry=squares, crs=4326).to_file(path)
    return path


def halls(path):
    path.write_text(HALLS)
    return path


@pytest.fixture
def study(tmp_path):
    """A study of two zones and a list, which builds."""
    folder = tmp_path / "study"
    (tmp_path / "first").mkdir()
    run_here("new", folder, "--name", "Bow", "--quiet").worked()
    first = zones(tmp_path / "first/zones.gpkg"), halls(tmp_path / "first/halls.csv")
    run_here("add", folder, *first, "--quiet").worked()
    return folder


def workbook(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def reply(**more):
    park = {"type": "node", "id": 1, "lat": 51.53, "lon": -0.03, "tags": {"leisure": "playground"}}
    return json.dumps({"version": 0.6, "elements": [park], **more})


def write_raster(path, west):
    """A canopy of 2 by 2 cells of a hundredth of a degree."""
    with rasterio.open(
        path, "w", driver="GTiff", width=2, height=2, count=1, dtype="float32", crs="EPSG:4326",
        transform=Affine(0.01, 0, west, 0, -0.01, 51.54),
    ) as raster:  # fmt: skip
        raster.write(np.full((1, 2, 2), 0.5, dtype="float32"))


TORN = "<?xml version='1.0'?><osm version='0.6'><node id='1' lat='51.53' lon='-0.03'><tag k='leis"
# file -> (what writes it, where the settings would name it, words of the line)
BAD = {
    "part.json": (
        lambda path: path.write_text(reply(remark="error: Query run out of memory")),
        '[osm]\nfile = "inputs/part.json"',
        "is only a part of an answer, the server remarks: error: Query run out of memory",
    ),
    "cut.json": (lambda path: path.write_text(reply()[:-9]), '[osm]\nfile = "inputs/cut.json"', "is torn or not JSON"),
    "none.json": (
        lambda path: path.write_text('{"version": 0.6, "elements": []}'),
        '[osm]\nfile = "inputs/none.json"',
        "none.json holds no streets, green spaces or buildings",
    ),
    "cut.osm": (
        lambda path: path.write_text(TORN),
        '[osm]\nfile = "inputs/cut.osm"',
        "is not whole OpenStreetMap data",
    ),
    "cut.osm.gz": (
        lambda path: path.write_bytes(gzip.compress(TORN.encode())),
        '[osm]\nfile = "inputs/cut.osm.gz"',
        "is not whole OpenStreetMap data",
    ),
    "rows.csv": (
        lambda path: path.write_text("name,lon,lat,category\n"),
        '[[lists]]\nfile = "inputs/rows.csv"',
        "rows.csv has a header and no rows",
    ),
    "swapped.csv": (
        lambda path: path.write_text("name,lon,lat,category\nHall,51.53,-0.03,library\nHouse,51.531,-0.031,library\n"),
        '[[lists]]\nfile = "inputs/swapped.csv"',
        "latitude and longitude look swapped",
    ),
    "words.csv": (
        lambda path: path.write_text("name,lon,lat,category\nHall,west,north,library\n"),
        '[[lists]]\nfile = "inputs/words.csv"',
        "not one row could be placed",
    ),
    "kinds.csv": (
        lambda path: path.write_text("name,lon,lat,category\nHall,-0.03,51.53,spaceport\n"),
        '[[lists]]\nfile = "inputs/kinds.csv"',
        "not one row could be used",
    ),
    "rows.xlsx": (
        lambda path: workbook(path, ["Name", "Type", "Longitude", "Latitude"], [None, None, None, " "]),
        '[[lists]]\nfile = "inputs/rows.xlsx"',
        "not one row could be placed",
    ),
    "marks.csv": (
        lambda path: path.write_text("text,theme,consent,lon,lat\nLovely,green,none,51.53,-0.03\n"),
        '[[annotations]]\nfile = "inputs/marks.csv"',
        "latitude and longitude look swapped",
    ),
    "people.csv": (
        lambda path: path.write_text("LSOA21CD,Population\nE01000001,5\nE01000002,6\n"),
        '[population]\nfile = "inputs/people.csv"',
        "people.csv has none of the study's zones",
    ),
    "wards.csv": (
        lambda path: path.write_text("LSOA21CD,WD24CD,WD24NM\nE01000001,E05000001,West\n"),
        '[[lookups]]\nfile = "inputs/wards.csv"',
        "wards.csv has none of the study's zones",
    ),
    "canopy.tif": (
        lambda path: write_raster(path, 10.0),
        '[canopy]\nfile = "inputs/canopy.tif"',
        "canopy.tif",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_build_refuses_add_refuses_in_the_same_line(study, tmp_path, name):
    write, entry, words = BAD[name]
    write(tmp_path / name)
    before = snapshot(study)
    for more in ([], ["--dry-run"]):
        line = run_here("add", study, tmp_path / name, *more).refused(3, words)
        assert snapshot(study) == before
    shutil.copy(tmp_path / name, study / "inputs")
    with (study / "assetmap.toml").open("a") as settings:
        settings.write(f"\n{entry}\n")
    built = run_here("build", study)
    assert built.code == 3
    assert built.err.splitlines()[-1].replace(f"{study}/inputs/", f"{tmp_path}/") == line


def test_packed_data_that_is_torn_is_found_wherever_it_breaks_off(study, tmp_path, sample):
    packed = gzip.compress((sample / "osm_cache/tidewell.osm").read_bytes())
    before = snapshot(study)
    for share in (0.2, 0.6, 0.99):
        (tmp_path / "town.osm.gz").write_bytes(packed[: int(len(packed) * share)])
        run_here("add", study, tmp_path / "town.osm.gz").refused(3, "town.osm.gz is not whole OpenStreetMap data")
    assert snapshot(study) == before
    (tmp_path / "town.osm.gz").write_bytes(packed)
    run_here("add", study, tmp_path / "town.osm.gz", "--quiet").worked()


def test_packed_data_says_where_a_list_that_is_added_with_it_must_be(tmp_path, sample):
    run_here("new", tmp_path / "s", "--name", "Somewhere", "--quiet").worked()
    before = snapshot(tmp_path / "s")
    town, spain = tmp_path / "town.osm.gz", tmp_path / "spain.csv"
    town.write_bytes(gzip.compress((sample / "osm_cache/tidewell.osm").read_bytes()))
    spain.write_text("name,lon,lat,category\nCasa,-3.7,40.4,library\n")
    run_here("add", tmp_path / "s", town, spain).refused(3, "spain.csv", "not one row could be placed")
    assert snapshot(tmp_path / "s") == before


@pytest.mark.parametrize("name", ["tidewell.osm", "reply.json"])
def test_openstreetmap_data_is_read_once_to_see_whether_a_build_would_take_it(tmp_path, sample, monkeypatch, name):
    run_here("new", tmp_path / "s", "--name", "Somewhere", "--quiet").worked()
    path = make(name, tmp_path, sample)
    read, whole = [], Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: read.append(self) or whole(self))
    run_here("add", tmp_path / "s", path, "--dry-run").worked()
    assert read.count(path) == 1


@pytest.mark.parametrize("axes", ["lon,lat", "lat,lon"])
def test_a_study_that_names_no_place_takes_what_can_be_a_list_of_somewhere(tmp_path, axes):
    run_here("new", tmp_path / "s", "--name", "Somewhere", "--quiet").worked()
    good = tmp_path / "spain.csv"
    good.write_text("name,lon,lat,category\nCasa,-3.7,40.4,library\n")
    run_here("add", tmp_path / "s", good, "--quiet").worked()
    grid = tmp_path / "grid.csv"  # metres of the British grid, in columns that don't say so
    grid.write_text("name,x,y,category\nHall,536500,183600,library\n")
    run_here("add", tmp_path / "s", grid, "--quiet").worked()
    bow = tmp_path / "bow.csv"
    bow.write_text(f"name,{axes},category\nHall,-0.03,51.53,library\n")
    ran = run_here("add", tmp_path / "s", bow, "--quiet")
    if axes == "lon,lat":
        ran.worked()
    else:
        ran.refused(3, "would be Britain with the axes exchanged")


def test_axes_are_told_by_the_place_that_osm_data_states(tmp_path):
    town = tmp_path / "town.osm"
    town.write_text(
        "<osm version='0.6'><bounds minlat='40.40' minlon='-3.71' maxlat='40.41' maxlon='-3.70'/>"
        "<node id='1' lat='40.405' lon='-3.705'><tag k='leisure' v='playground'/></node></osm>"
    )
    swapped = tmp_path / "swapped.csv"
    swapped.write_text("name,lon,lat,category\nCasa,40.405,-3.705,library\n")
    run_here("new", tmp_path / "s", "--name", "Madrid", "--quiet").worked()
    run_here("add", tmp_path / "s", town, swapped).refused(3, "latitude and longitude look swapped")  # both at once
    run_here("add", tmp_path / "s", town, "--quiet").worked()
    run_here("add", tmp_path / "s", swapped).refused(3, "latitude and longitude look swapped")


def test_a_postcode_table_that_is_still_to_come_is_waited_for(study, tmp_path):
    listed, codes = tmp_path / "by_code.csv", tmp_path / "codes.csv"
    listed.write_text("name,postcode,category\n")
    run_here("add", study, listed).refused(3, "by_code.csv has a header and no rows")
    listed.write_text("name,postcode,category\nHall,E3 5SJ,library\n")
    run_here("add", study, listed, "--quiet").worked()
    codes.write_text("postcode,lon,lat\nE1 1AA,-0.03,51.53\n")
    run_here("add", study, codes).refused(3, "not one row could be placed")
    codes.write_text("postcode,lon,lat\nE3 5SJ,-0.03,51.53\n")
    run_here("add", study, codes, "--quiet").worked()
    run_here("build", study, "--quiet").worked()


def test_what_was_wrong_before_does_not_stop_what_is_added_now(study, tmp_path):
    (study / "inputs/zones.gpkg").write_bytes(b"SQLite format 3\0torn")
    halls = tmp_path / "more.csv"
    halls.write_text(HALLS.replace("Hall", "Barn"))
    run_here("add", study, halls, "--quiet").worked()


def test_sheets_that_two_files_number_alike_are_told_by_both_names(study, tmp_path):
    head = "text,theme,consent,sheet,n,lon,lat\n"
    for name, sheet in (("may.csv", "S1"), ("june.csv", "S1"), ("july.csv", "S2")):
        (tmp_path / name).write_text(f"{head}{name},a,none,{sheet},1,-0.03,51.53\nyo,a,none,{sheet},2,-0.03,51.53\n")
    run_here("add", study, tmp_path / "may.csv", "--quiet").worked()
    before = snapshot(study)
    words = "may.csv and june.csv: 2 marks share a sheet and number (first: S1:1): give each sheet a name"
    line = run_here("add", study, tmp_path / "june.csv").refused(3, words)
    assert snapshot(study) == before
    run_here("add", study, tmp_path / "july.csv", "--quiet").worked()
    run_here("remove", study, "july.csv", "--quiet").worked()
    shutil.copy(tmp_path / "june.csv", study / "inputs")
    with (study / "assetmap.toml").open("a") as settings:
        settings.write('\n[[annotations]]\nfile = "inputs/june.csv"\n')
    assert run_here("build", study).err.splitlines()[-1] == line
