"""The tables of a build as a workbook: every figure is that of the tables, explained; no resident's word is in it."""

import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from tests.cli.program import run_apart, run_here, snapshot

SHEETS = [
    "Read me", "Neighbourhood", "Zones", "Access by zone", "By deprivation", "By walker", "Standards",
    "Equity", "Equity of shares", "Frame", "By area", "Catchments", "Marks by theme", "Perceived access",
    "Assets", "Duplicates", "Sources compared", "Data dictionary",
]  # fmt: skip
CSV = {
    "Zones": "zones.csv",
    "Access by zone": "access_by_zone.csv",
    "By deprivation": "access_by_deprivation.csv",
    "Standards": "standards.csv",
    "Equity": "equity.csv",
    "Duplicates": "duplicates.csv",
    "Sources compared": "sources_compared.csv",
}


@pytest.fixture(scope="module")
def path(built, tmp_path_factory):
    """The workbook of the demo."""
    path = tmp_path_factory.mktemp("export") / "demo.xlsx"
    ran = run_here("export", built, "--format", "xlsx", "--out", path).worked()
    assert ran.out == ""
    assert ran.err == f"The workbook is {path}\n"
    return path


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def frame_of(page):
    head, *rows = page.iter_rows(values_only=True)
    return pd.DataFrame(rows, columns=list(head))


def test_the_sheets_stand_in_order_with_short_names(book):
    assert book.sheetnames == SHEETS
    assert all(len(name) <= 31 for name in book.sheetnames)


@pytest.mark.parametrize("sheet", CSV)
def test_a_sheet_is_the_table(book, built, sheet):
    wanted = pd.read_csv(built / "out" / CSV[sheet], encoding="utf-8-sig")
    found = frame_of(book[sheet])
    assert list(found.columns) == list(wanted.columns)
    pd.testing.assert_frame_equal(found.astype(object).fillna(0), wanted.astype(object).fillna(0), check_dtype=False)


def test_the_assets_are_all_there_with_a_position(book, built):
    wanted = gpd.read_parquet(built / "out" / "assets.parquet")
    found = frame_of(book["Assets"])
    assert list(found["asset_id"]) == list(wanted["asset_id"])
    points = gpd.GeoSeries(gpd.points_from_xy(found["lon"], found["lat"]), crs=4326).to_crs(wanted.crs)
    assert points.distance(wanted.geometry.reset_index(drop=True)).max() < 0.01


def test_shares_are_shown_as_per_cent_and_metres_without_decimals(book):
    page = book["Access by zone"]
    formats = dict(zip((cell.value for cell in page[1]), (cell.number_format for cell in page[2]), strict=True))
    assert formats["share_400m"] == "0.0%"
    assert formats["mean_m"] == formats["people_400m"] == "#,##0"
    assert formats["mean_count_800m"] == "#,##0.0"


def test_the_neighbourhood_has_the_figures_of_the_manifest(book, built):
    figures = json.loads((built / "out/manifest.json").read_text(encoding="utf-8"))["figures"]
    table = frame_of(book["Neighbourhood"])
    whole = table[table["kind of asset"].isna()].set_index("figure")["value"]
    assert whole["people"] == figures["people"] == 18_000
    assert whole["extent"] == figures["deprivation"]["extent"]
    assert set(figures["deprivation"]) <= set(whole.index)
    park = table[table["kind of asset"] == "Park"].set_index("figure")
    assert park.loc["median_m", "value"] == figures["access"]["park"]["median_m"]
    assert park.loc["share_400m", "unit"] == "share"
    assert table["what it is"].notna().all()


def test_the_dictionary_explains_every_column_of_every_sheet(book):
    said = frame_of(book["Data dictionary"])
    for sheet in [*CSV, "Assets"]:
        columns = [cell.value for cell in book[sheet][1]]
        assert list(said.loc[said["sheet"] == sheet, "column or figure"])[: len(columns)] == columns
    assert said["what it is"].notna().all()
    numbers = said[said["unit"].notna() & (said["unit"] != "°")]
    assert numbers[["numerator", "denominator", "how to read it"]].notna().all(axis=None)
    park = said[said["column or figure"] == "park_share_400m"].iloc[0]
    assert park["what it is"] == "share of all people within 400 m of one (Park)"


@pytest.mark.parametrize(
    ("sheet", "column"),
    [
        ("By area", "figure"),
        ("Standards", "criterion"),
        ("Equity", "measure"),
        ("Equity of shares", "measure"),
        ("Catchments", "method"),
    ],
)
def test_the_dictionary_explains_the_figures_that_stand_in_rows(book, sheet, column):
    said = frame_of(book["Data dictionary"])
    table = frame_of(book[sheet])
    rows = said[said["sheet"] == sheet].iloc[len(table.columns) :]
    assert list(rows["column or figure"]) == list(table[column].unique())
    assert rows[["unit", "what it is", "numerator", "denominator", "how to read it"]].notna().all(axis=None)


def test_the_first_sheet_says_what_it_is_and_where_it_comes_from(book, built):
    manifest = json.loads((built / "out/manifest.json").read_text(encoding="utf-8"))
    rows = [[cell for cell in row if cell is not None] for row in book["Read me"].iter_rows(values_only=True)]
    assert rows[0] == ["Tidewell Basin (fictional)"]
    said = {row[0]: row[1] for row in rows if len(row) == 2}
    assert said["Working copy"].startswith("Not for sharing.")
    assert said["Residents' marks"].startswith("The study holds 40 rows of residents' marks")
    assert said["Built on"].startswith(manifest["built_on"])
    assert said["Zones"] == "12 (LSOAs of 2021), 18,000 people"
    assert said["Index of deprivation"].startswith("English Indices of Deprivation 2025, published for LSOAs of 2021")
    assert said["Distances"].startswith("walks along the network")
    sources = {row[0]: row[1:] for row in rows if len(row) == 6}
    for entry in manifest["inputs"]:
        if "title" in entry:
            keys = ("title", "publisher", "licence", "attribution", "date")
            assert sources[entry["file"]] == [entry[key] for key in keys]
    listed = {row[0]: row[2] for row in rows if len(row) == 3 and row[0] in SHEETS}
    assert listed["Zones"] == 12
    assert set(listed) == set(SHEETS) - {"Read me", "Data dictionary"}


def test_no_resident_s_word_is_in_it(path, built):
    marks = gpd.read_file(built / "out/assetmap.gpkg", layer="annotations")
    words = {text for text in marks["text"].dropna() if len(text) > 3}
    assert words
    cells = {
        str(value) for page in openpyxl.load_workbook(path) for row in page.iter_rows(values_only=True) for value in row
    }
    assert not {word for word in words for cell in cells if word in cell}
    assert not set(marks["annotation_id"]) & cells


def test_two_exports_are_equal_to_the_byte(path, study):
    run_here("export", study, "--quiet").worked()
    assert (study / "out/tables.xlsx").read_bytes() == path.read_bytes()


def test_an_export_changes_nothing_else(study):
    before = snapshot(study)
    run_here("export", study, "--quiet").worked()
    after = snapshot(study)
    assert after.pop("out/tables.xlsx")
    assert after == before
    ran = run_here("build", study)
    assert "nothing has changed" in ran.worked().err


def test_nothing_is_replaced_unless_asked(study):
    target = study / "out/tables.xlsx"
    target.write_text("mine")
    run_here("export", study).refused(2, "tables.xlsx is there already", "--overwrite")
    assert target.read_text() == "mine"
    run_here("export", study, "--overwrite", "--quiet").worked()
    assert openpyxl.load_workbook(target).sheetnames == SHEETS


def test_a_study_that_has_not_been_built(fresh):
    run_here("export", fresh).refused(2, "has not been built yet", "assetmap build")


def test_an_input_that_has_changed_since(study):
    with (study / "inputs/tidewell_population.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    run_here("export", study).refused(2, "1 input(s)", "inputs/tidewell_population.csv", "assetmap build")
    assert not (study / "out/tables.xlsx").exists()


def test_a_setting_that_has_changed_since(study):
    settings = study / "assetmap.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n# looked at\n", encoding="utf-8")
    run_here("export", study).refused(2, "assetmap.toml", "assetmap build")


def test_a_table_that_is_not_as_it_was_built(study):
    (study / "out/zones.csv").write_text("zone_code\n")
    run_here("export", study).refused(2, "isn't as it was built", "assetmap build")


@pytest.mark.parametrize(("out", "words"), [("tables.ods", "ends in .xlsx"), ("tables", "ends in .xlsx")])
def test_a_name_that_is_no_workbook_s(study, out, words):
    run_here("export", study, "--out", study / out).refused(2, words)


def test_a_place_that_cannot_be_written_to(study):
    (study / "taken.xlsx").mkdir()
    run_apart("export", study, "--out", study / "taken.xlsx", "--overwrite").refused(2, "taken.xlsx is a folder")
    (study / "file").write_text("")
    run_apart("export", study, "--out", study / "file/tables.xlsx").refused(2, "can't be written")


def test_what_is_no_study(tmp_path):
    run_here("export", tmp_path).refused(3, "is not a study")


def test_a_study_built_from_another_osm_file(study, sample):
    run_here("build", study, "--osm", sample / "osm_cache/tidewell.osm", "--overwrite", "--quiet").worked()
    run_here("export", study, "--quiet").worked()


def test_a_study_without_people_or_deprivation(study):
    settings = study / "assetmap.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "tidewell_iod" not in line and "tidewell_population" not in line]
    text = "\n".join(line for line in kept if line.strip() not in ("[population]", "[deprivation]"))
    settings.write_text(text, encoding="utf-8")
    run_here("build", study, "--quiet").worked()
    run_here("export", study, "--quiet").worked()
    book = openpyxl.load_workbook(study / "out/tables.xlsx")
    said = dict(reversed(list(book["Read me"].iter_rows(values_only=True, max_col=2))))
    assert said["Index of deprivation"].startswith("none")
    assert said["Zones"].endswith("people not known in all")
    assert "No population is known for 12 of 12 zones" in said["Noted by the build"]
    assert book["By deprivation"].max_row == 1
    assert frame_of(book["Zones"])["population"].isna().all()


def test_a_list_s_names_do_not_run(study):
    path = study / "inputs/tidewell_community_buildings.csv"
    text = path.read_text(encoding="utf-8-sig")
    name = pd.read_csv(path, encoding="utf-8-sig").iloc[0, 0]
    path.write_text(text.replace(str(name), "=HYPERLINK(1)"), encoding="utf-8")
    run_here("build", study, "--quiet").worked()
    run_here("export", study, "--quiet").worked()
    book = openpyxl.load_workbook(study / "out/tables.xlsx")
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert "'=HYPERLINK(1)" in {cell.value for cell in cells}


def test_codes_that_look_like_numbers_stay_codes(study):
    for path in (study / "inputs").glob("tidewell_*"):
        if path.suffix in (".csv", ".geojson"):
            path.write_text(path.read_text(encoding="utf-8").replace("E01999", "000"), encoding="utf-8")
    settings = study / "assetmap.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('file = "inputs/tidewell_iod2025.csv"', ""), encoding="utf-8")
    run_here("build", study, "--quiet").worked()
    run_here("export", study, "--quiet").worked()
    book = openpyxl.load_workbook(study / "out/tables.xlsx")
    assert list(frame_of(book["Zones"])["zone_code"])[:2] == ["000001", "000002"]
    assert "000001" in set(frame_of(book["Access by zone"])["group"])
    assert "000001" in set(frame_of(book["Assets"])["zone_code"])
