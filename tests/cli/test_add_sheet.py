"""Several sheets of one workbook as lists of places."""

import json
import tomllib

import geopandas as gpd
import openpyxl
import pytest
import shapely

from tests.cli.program import run_here, snapshot

HEADER = ["Name", "Type", "Longitude", "Latitude"]
SHEETS = {
    "Halls": [
        [*HEADER, "Owner"],
        ["Hall", "Community centre", -0.03, 51.53, "us"],
        ["Inn", "Library", -0.031, 51.53, "us"],
    ],
    "Parks": [HEADER, ["Green", "Park", -0.0305, 51.531]],
    "Notes": [["Who", "What"], ["Ann", "asked"]],
    "Codes": [["Name", "Postcode"], ["Hut", "E3 5SJ"]],
}


@pytest.fixture
def book(tmp_path):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in SHEETS.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(tmp_path / "places.xlsx")
    return tmp_path / "places.xlsx"


@pytest.fixture
def study(tmp_path):
    run_here("new", tmp_path / "s", "--name", "Bow", "--quiet").worked()
    squares = [shapely.box(-0.032, 51.529, -0.03, 51.532), shapely.box(-0.03, 51.529, -0.028, 51.532)]
    gpd.GeoDataFrame({"code": ["A", "B"]}, geometry=squares, crs=4326).to_file(tmp_path / "zones.gpkg")
    run_here("add", tmp_path / "s", tmp_path / "zones.gpkg", "--quiet").worked()
    return tmp_path / "s"


def lists_of(study):
    return tomllib.loads((study / "assetmap.toml").read_text())["lists"]


def test_each_sheet_is_a_list_of_its_own(study, book):
    ran = run_here("add", study, book).worked()
    assert "of its sheets 'Halls' is read here, and not 'Parks', 'Notes', 'Codes'" in ran.err
    ran = run_here("add", study, book, "--sheet", "parks").worked()
    assert ran.err.splitlines()[-1] == '    is [[lists]], sheet = "Parks", file = inputs/places.xlsx'
    named = [{"file": "inputs/places.xlsx"}, {"file": "inputs/places.xlsx", "sheet": "Parks"}]
    assert lists_of(study) == named
    run_here("add", study, book, "--sheet", "PARKS", "--quiet").worked()  # again
    assert lists_of(study) == named
    run_here("build", study, "--quiet").worked()
    found = gpd.read_parquet(study / "out/assets.parquet")
    assert dict(zip(found["name"], found["source"], strict=True)) == {
        "Hall": "places", "Inn": "places", "Green": "places, Parks"
    }  # fmt: skip
    assert found["asset_id"].is_unique
    assert found["source_ref"].tolist().count("row 2") == 2  # the first row of either sheet
    tallies = json.loads((study / "out/manifest.json").read_text())["tallies"]
    assert {tally["source"]: tally["kept"] for tally in tallies if "places" in tally["source"]} == {
        "places.xlsx": 2, "places.xlsx, Parks": 1
    }  # fmt: skip
    run_here("remove", study, book, "--quiet").worked()
    assert "lists" not in tomllib.loads((study / "assetmap.toml").read_text())


def test_a_sheet_without_categories_or_places_needs_what_a_file_needs(study, book, tmp_path):
    before = snapshot(study)
    run_here("add", study, book, "--sheet", "Codes").refused(
        2, "places.xlsx doesn't say what its places are: say --category"
    )
    assert snapshot(study) == before
    run_here("add", study, book, "--sheet", "Codes", "--category", "library", "--quiet").worked()
    codes = tmp_path / "codes.csv"
    codes.write_text("postcode,lon,lat\nE3 5SJ,-0.03,51.53\n")
    run_here("add", study, codes, "--quiet").worked()
    entry = {"file": "inputs/places.xlsx", "sheet": "Codes", "category": "library", "postcodes": "inputs/codes.csv"}
    assert lists_of(study) == [entry]
    run_here("remove", study, "inputs/places.xlsx", "--quiet").worked()
    other = tmp_path / "other.csv"
    other.write_text("name,type,postcode\nInn,Library,E3 5SJ\n")
    run_here("add", study, other, codes, "--quiet").worked()
    run_here("add", study, book, "--sheet", "Codes", "--category", "library", "--quiet").worked()  # after the table
    assert lists_of(study)[-1] == entry
    run_here("build", study, "--quiet").worked()


@pytest.mark.parametrize(
    ("name", "sheet", "code", "words"),
    [
        ("places.xlsx", "Park", 3, "has no sheet 'Park'; it has 'Halls', 'Parks', 'Notes', 'Codes'"),
        ("places.xlsx", "Notes", 3, "its sheet 'Notes' is no list of places"),
        ("zones.gpkg", "Parks", 2, "zones.gpkg is no workbook (2 zones"),
        ("list.csv", "Parks", 3, "is not a workbook, so it has no sheet 'Parks'"),
    ],
)
def test_a_sheet_that_can_t_be_taken_is_refused(study, book, name, sheet, code, words):
    (book.parent / "list.csv").write_text("name,lon,lat,category\nHall,-0.03,51.53,library\n")
    before = snapshot(study)
    run_here("add", study, book.parent / name, "--sheet", sheet).refused(code, words)
    assert snapshot(study) == before


def test_a_map_file_with_a_sheet_in_the_settings_stops_the_build(study):
    places = gpd.GeoDataFrame({"name": ["Hall"]}, geometry=[shapely.Point(-0.03, 51.53)], crs=4326)
    places.to_file(study / "inputs/halls.gpkg")
    with (study / "assetmap.toml").open("a") as settings:
        settings.write('\n[[lists]]\nfile = "inputs/halls.gpkg"\ncategory = "library"\nsheet = "Halls"\n')
    assert "halls.gpkg is a map file, so it has no sheet 'Halls'" in run_here("build", study).err
