"""Files are recognised, copied and named in the settings; whatever else is there stays as it was."""

import json
import shutil
import tomllib
import zipfile

import geopandas as gpd
import openpyxl
import pytest
import shapely

from tests.cli.program import run_here, snapshot

COMMENTED = """# Why this study is: the street party of 2025.

[study]
name = "Bow"   # as people here say it
contact = ''

# [osm] comes later

[access]
thresholds_m = [
    400,  # five minutes at a slow walk
    800,
]
"""


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "study"
    (folder / "inputs").mkdir(parents=True)
    (folder / "assetmap.toml").write_text(COMMENTED)
    return folder


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def near(dx=0.0, dy=0.0, size=0.001):
    return shapely.box(-0.03 + dx, 51.53 + dy, -0.03 + dx + size, 51.53 + dy + size)


def write_boundary(path):
    frame([near(size=0.01)]).to_file(path, driver="GeoJSON")


def write_green_space(path):
    frame([near(), near(0.002)], id=["a", "b"], function=["Public Park Or Garden", "Play Space"]).to_file(path)


def write_access_points(path):
    points = [shapely.Point(-0.03, 51.53), shapely.Point(-0.029, 51.53)]
    frame(points, id=["c", "d"], accessType=["Pedestrian"] * 2, refToGSite=["a", "b"]).to_file(path)


def write_workbook(path):
    book = openpyxl.Workbook()
    for row in (["Name", "Type", "Longitude", "Latitude"], ["Hall", "Community centre", -0.03, 51.53]):
        book.active.append(row)
    book.save(path)


def write_marks(path):
    mark = "<Placemark><name>Love it</name><Point><coordinates>-0.03,51.53</coordinates></Point></Placemark>"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("doc.kml", f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{mark}</Document></kml>')


WRITTEN = {
    "boundary.geojson": write_boundary,
    "greenspace.gpkg": write_green_space,
    "access.geojson": write_access_points,
    "list.xlsx": write_workbook,
    "marks.kmz": write_marks,
}
WORDS = {
    "reply.json": '{"version": 0.6, "elements": [{"type": "node", "id": 1, "lat": 51.5, "lon": 0.0, '
    '"tags": {"leisure": "playground"}}]}',
    "lookup.csv": "LSOA11CD,LSOA21CD,CHGIND\nE01004222,E01004222,U\n",
    "postcodes.csv": "postcode,lon,lat\nE3 5SJ,-0.03,51.53\n",
}


def make(kind, folder, sample):
    """Put a small file of a kind into a folder, of the sample's where it has one, and return its path."""
    path = folder / kind
    if kind in WRITTEN:
        WRITTEN[kind](path)
    elif kind in WORDS:
        path.write_text(WORDS[kind])
    else:
        shutil.copyfile(next(sample.glob(f"*/{kind}")), path)
    return path


ALONE = {
    "tidewell.osm": ("[osm] file", ("osm", "file"), "OpenStreetMap data (XML)"),
    "reply.json": ("[osm] file", ("osm", "file"), "OpenStreetMap data (an Overpass reply)"),
    "tidewell_zones.geojson": ("[zones] file", ("zones", "file"), "12"),
    "tidewell_population.csv": (
        "[population] file",
        ("population", "file"),
        "the population of 12 zones, 18,000 people",
    ),
    "tidewell_iod2025.csv": ("[deprivation] file", ("deprivation", "file"), "English Indices of Deprivation 2025"),
    "lookup.csv": ("[deprivation] lookup", ("deprivation", "lookup"), "the ONS lookup"),
    "boundary.geojson": ("[place] boundary", ("place", "boundary"), "boundary"),
    "tidewell_community_buildings.csv": ("[[lists]] file", ("lists", 0, "file"), "a list of 14 places"),
    "list.xlsx": ("[[lists]] file", ("lists", 0, "file"), "a list of 1 place,"),
    "tidewell_annotations.geojson": ("[[annotations]] file", ("annotations", 0, "file"), "40 marks of residents"),
    "marks.kmz": ("[[annotations]] file", ("annotations", 0, "file"), "1 mark of residents"),
    "greenspace.gpkg": ("[[green_space]] file", ("green_space", 0, "file"), "official green space, 2 sites"),
}


@pytest.mark.parametrize("kind", ALONE)
def test_each_kind_of_file_is_recognised_copied_and_named(empty, tmp_path, sample, kind):
    path = make(kind, tmp_path, sample)
    entry, keys, words = ALONE[kind]
    ran = run_here("add", empty, path).worked()
    assert ran.out == ""
    assert words in ran.err.splitlines()[0]
    assert ran.err.splitlines()[-1] == f"    is {entry} = inputs/{kind}"
    found = tomllib.loads((empty / "assetmap.toml").read_text())
    for key in keys:
        found = found[key]
    assert found == f"inputs/{kind}"
    assert (empty / "inputs" / kind).read_bytes() == (tmp_path / kind).read_bytes()


@pytest.mark.parametrize("kind", ALONE)
def test_a_dry_run_says_the_same_and_changes_nothing(empty, tmp_path, sample, kind):
    path = make(kind, tmp_path, sample)
    before = sorted(empty.rglob("*")), snapshot(empty)
    ran = run_here("add", empty, path, "--dry-run").worked()
    assert ran.err.splitlines()[-1] == f"    would be {ALONE[kind][0]} = inputs/{kind}"
    assert (sorted(empty.rglob("*")), snapshot(empty)) == before


def test_what_was_taken_for_what_is_said(empty, tmp_path, sample):
    ran = run_here("add", empty, make("tidewell_community_buildings.csv", tmp_path, sample)).worked()
    assert "    name: column '" in ran.err
    assert "    category: column '" in ran.err


def test_words_of_a_file_do_not_act_on_the_terminal(empty, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Name,Type,\x1b]0;owned\x07 Grid ref\nHall,Library,TQ 369 833\n")
    ran = run_here("add", empty, path, "--dry-run")
    assert "\x1b" not in ran.err + ran.out
    assert "\x07" not in ran.err + ran.out


def test_all_of_the_sample_at_once_makes_a_study_that_builds_like_the_demo(tmp_path, sample, built):
    run_here("new", tmp_path / "s", "--name", "Tidewell", "--quiet").worked()
    files = [
        sample / "osm_cache/tidewell.osm",
        sample / "boundaries/tidewell_zones.geojson",
        *sorted(p for p in (sample / "inputs").iterdir() if not p.name.endswith(".source.toml")),
    ]
    assert run_here("add", tmp_path / "s", *files, "--quiet").worked().err == ""
    run_here("build", tmp_path / "s", "--quiet").worked()
    figures = [json.loads((folder / "out/manifest.json").read_text())["figures"] for folder in (tmp_path / "s", built)]
    assert figures[0] == figures[1]
    for name in ("tidewell.osm", "tidewell_population.csv"):  # each with the record of where it came from
        record = (tmp_path / "s/inputs" / f"{name}.source.toml").read_bytes()
        assert record == (built / "inputs" / f"{name}.source.toml").read_bytes()


def test_the_user_s_comments_and_order_stay(empty, tmp_path, sample):
    for kind in ("tidewell.osm", "tidewell_community_buildings.csv", "list.xlsx", "lookup.csv"):
        run_here("add", empty, make(kind, tmp_path, sample), "--quiet").worked()
    text = (empty / "assetmap.toml").read_text()
    assert text.startswith(COMMENTED.rstrip())
    found = tomllib.loads(text)
    assert [entry["file"] for entry in found["lists"]] == [
        "inputs/tidewell_community_buildings.csv",
        "inputs/list.xlsx",
    ]
    assert found["access"]["thresholds_m"] == [400, 800]


def test_the_same_file_twice_is_named_once(empty, tmp_path, sample):
    path = make("list.xlsx", tmp_path, sample)
    run_here("add", empty, path, path, "--quiet").worked()
    before = snapshot(empty)
    run_here("add", empty, path, "--quiet").worked()
    assert snapshot(empty) == before
    assert len(tomllib.loads((empty / "assetmap.toml").read_text())["lists"]) == 1


def test_a_file_that_is_in_its_place_already_is_only_named(empty, sample):
    path = make("tidewell.osm", empty / "inputs", sample)
    before = path.read_bytes()
    run_here("add", empty, path, "--quiet").worked()
    assert path.read_bytes() == before


def test_companions_go_with_their_files(empty, tmp_path, sample):
    green, doors = make("greenspace.gpkg", tmp_path, sample), make("access.geojson", tmp_path, sample)
    run_here("add", empty, doors).refused(
        2, "inputs/access.geojson goes with a file of [[green_space]] that has none yet: add that first"
    )
    run_here("add", empty, doors, green, "--quiet").worked()  # in whichever order
    found = tomllib.loads((empty / "assetmap.toml").read_text())
    assert found["green_space"] == [{"file": "inputs/greenspace.gpkg", "access_points": "inputs/access.geojson"}]


def write_list(path, header, *rows):
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_a_postcode_table_reaches_every_list_that_needs_one_whichever_comes_first(empty, tmp_path, sample):
    def lists():
        return tomllib.loads((empty / "assetmap.toml").read_text())["lists"]

    placed, codes = make("list.xlsx", tmp_path, sample), make("postcodes.csv", tmp_path, sample)
    by_code = [write_list(tmp_path / f"{name}.csv", "name,type,postcode", f"{name},Library,E3 5SJ") for name in "abcd"]
    both = write_list(tmp_path / "both.csv", "name,type,postcode,lon,lat", "Inn,Library,E3 5SJ,-0.03,51.53")
    named = {"postcodes": "inputs/postcodes.csv"}
    run_here("add", empty, placed, both, "--quiet").worked()
    words = "goes with a list of places with postcodes and no coordinates that has none yet: add that first"
    run_here("add", empty, codes).refused(2, words)
    run_here("add", empty, *by_code[:2], codes, "--quiet").worked()  # the table with its lists
    there = [{"file": "inputs/list.xlsx"}, {"file": "inputs/both.csv"}]
    assert lists() == [*there, {"file": "inputs/a.csv", **named}, {"file": "inputs/b.csv", **named}]
    ran = run_here("add", empty, by_code[2]).worked()  # a list after the table
    assert ran.err.splitlines()[-1] == '    is [[lists]], postcodes = "inputs/postcodes.csv", file = inputs/c.csv'
    assert lists()[-1] == {"file": "inputs/c.csv", **named}
    text = (empty / "assetmap.toml").read_text()  # as an older list stands that never got one
    (empty / "assetmap.toml").write_text(text + '\n[[lists]]\nfile = "inputs/d.csv"\n')
    shutil.copyfile(by_code[3], empty / "inputs/d.csv")
    run_here("add", empty, codes, "--quiet").worked()  # the table again
    assert lists()[-1] == {"file": "inputs/d.csv", **named}
    assert lists()[:2] == there


def test_rows_that_a_build_would_leave_out_are_counted_by_reason(empty, tmp_path):
    """By hand: of three places one is at 0, 0; of three marks one has no shape; of two postcodes the table has one."""
    placed = write_list(
        tmp_path / "placed.csv", "name,type,lon,lat", "A,Library,-0.03,51.53", "B,Library,0,0", "C,Library,-0.03,51.531"
    )
    marks = write_list(
        tmp_path / "marks.csv", "wkt,comment,theme", "POINT (-0.03 51.53),a,x", "POINT,b,x", "POINT (-0.03 51.531),c,x"
    )
    whole = write_list(tmp_path / "whole.csv", "name,type,lon,lat", "D,Library,-0.031,51.53")
    by_code = write_list(tmp_path / "by_code.csv", "name,type,postcode", "E,Library,E3 5SJ", "F,Library,E3 5XX")
    codes = write_list(tmp_path / "codes.csv", "postcode,lon,lat", "E3 5SJ,-0.03,51.53")
    ran = run_here("add", empty, placed, marks, whole, by_code).worked()
    told = [line.strip() for line in ran.err.splitlines() if " kept" in line]
    assert told == [
        "note: placed.csv: 3 read, 2 kept, 1 dropped (coordinates are 0, 0 1)",
        "note: marks.csv: 3 read, 2 kept, 1 dropped (WKT not understood 1)",
    ]
    ran = run_here("add", empty, codes).worked()  # and the list that waited for it
    told = [line.strip() for line in ran.err.splitlines() if " kept" in line]
    assert told == ["note: by_code.csv: 2 read, 1 kept, 1 dropped (postcode not in the postcode table 1)"]


def test_marks_of_a_map_are_counted_once(empty, tmp_path):
    point = "<Placemark><name>a</name><Point><coordinates>-0.03,51.53</coordinates></Point></Placemark>"
    shapeless = "<Placemark><name>b</name></Placemark>"
    document = f"<Document>{point}{shapeless}</Document>"
    (tmp_path / "marks.kml").write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2">{document}</kml>')
    ran = run_here("add", empty, tmp_path / "marks.kml").worked()
    assert ran.err.count("marks.kml: 2 read, 1 kept, 1 dropped (no geometry 1)") == 1
    assert ran.err.count(" kept") == 1


def test_of_two_postcode_tables_nobody_guesses_which_a_new_list_goes_with(empty, tmp_path):
    first, second, third = [
        write_list(tmp_path / f"{name}.csv", "name,type,postcode", f"{name},Library,E3 5SJ") for name in "abc"
    ]
    one = write_list(tmp_path / "one.csv", "postcode,lon,lat", "E3 5SJ,-0.03,51.53")
    two = write_list(tmp_path / "two.csv", "postcode,lon,lat", "E3 5SJ,-0.0301,51.53")
    run_here("add", empty, first, one, "--quiet").worked()
    text = (empty / "assetmap.toml").read_text()
    (empty / "assetmap.toml").write_text(text + '\n[[lists]]\nfile = "inputs/b.csv"\n')
    shutil.copyfile(second, empty / "inputs/b.csv")
    run_here("add", empty, two, "--quiet").worked()
    run_here("add", empty, third, "--quiet").worked()
    found = tomllib.loads((empty / "assetmap.toml").read_text())["lists"]
    assert [entry.get("postcodes") for entry in found] == ["inputs/one.csv", "inputs/two.csv", None]


def test_a_list_that_does_not_say_what_its_places_are_needs_a_category(empty, tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("name,lon,lat\nHall,-0.03,51.53\n")
    before = snapshot(empty)
    run_here("add", empty, path).refused(2, "places.csv doesn't say what its places are", "--category")
    run_here("add", empty, path, "--category", "halls").refused(2, "there is no category 'halls'")
    assert snapshot(empty) == before
    run_here("add", empty, path, "--category", "community_centre", "--quiet").worked()
    found = tomllib.loads((empty / "assetmap.toml").read_text())["lists"]
    assert found == [{"file": "inputs/places.csv", "category": "community_centre"}]


def test_a_shapefile_comes_with_its_parts(empty, tmp_path):
    frame([near(), near(0.002)], LSOA21CD=["E01000001", "E01000002"]).to_file(tmp_path / "zones.shp")
    run_here("add", empty, tmp_path / "zones.shp", "--quiet").worked()
    assert {p.suffix for p in (empty / "inputs").iterdir()} >= {".shp", ".dbf", ".shx", ".prj"}


def bad_files(folder):
    """Files that can't be added, with the words that say so."""
    (folder / "empty.csv").touch()
    (folder / "page.csv").write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    (folder / "words.csv").write_text("colour,mood\nred,angry\n")
    (folder / "torn.geojson").write_text('{"type": "FeatureCollection", "features": [{"type": "Fea')
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 8)
    (folder / "folder.csv").mkdir()
    return {
        "none.csv": "does not exist",
        "empty.csv": "is empty (0 bytes)",
        "page.csv": "is a web page",
        "words.csv": "that assetmap doesn't know",
        "torn.geojson": "torn.geojson",
        "photo.jpg": "is a JPEG picture",
        "noise.bin": "binary",
        "folder.csv": "is a folder",
    }


@pytest.mark.parametrize("name", ["none.csv", "empty.csv", "page.csv", "words.csv", "torn.geojson", "photo.jpg",
                                  "noise.bin", "folder.csv"])  # fmt: skip
def test_a_file_that_can_t_be_used_stops_them_all(empty, tmp_path, sample, name):
    (tmp_path / "bad").mkdir()
    words = bad_files(tmp_path / "bad")[name]
    before = snapshot(empty)
    good = make("list.xlsx", tmp_path, sample)
    run_here("add", empty, good, tmp_path / "bad" / name).refused(3, words)
    assert snapshot(empty) == before


def test_another_file_of_the_same_name_is_refused(empty, tmp_path, sample):
    run_here("add", empty, make("list.xlsx", tmp_path, sample), "--quiet").worked()
    before = snapshot(empty)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/list.xlsx").write_text("Name,Type,Longitude,Latitude\nHall,Library,-0.03,51.53\n")
    run_here("add", empty, tmp_path / "other/list.xlsx").refused(2, "has another file inputs/list.xlsx already: rename")
    assert snapshot(empty) == before


def test_the_same_content_under_another_name_is_refused(empty, tmp_path):
    first, second = tmp_path / "halls.csv", tmp_path / "copy.csv"
    for path in (first, second):
        path.write_text("Name,Type,Longitude,Latitude\nHall,Library,-0.03,51.53\n")
    before = snapshot(empty)
    run_here("add", empty, first, second).refused(2, f"copy.csv has the same content as {first}: nothing is added")
    assert snapshot(empty) == before
    run_here("add", empty, first, "--quiet").worked()
    before = snapshot(empty)
    run_here("add", empty, second).refused(2, "copy.csv has the same content as inputs/halls.csv: nothing is added")
    assert snapshot(empty) == before


def test_shapefiles_of_one_shape_with_other_tables_are_both_taken(empty, tmp_path):
    for name in ("halls", "more"):
        frame([shapely.Point(-0.03, 51.53)], name=[name], category=["library"]).to_file(tmp_path / f"{name}.shp")
    run_here("add", empty, tmp_path / "halls.shp", tmp_path / "more.shp", "--quiet").worked()


def test_two_files_of_one_name_at_once_are_refused(empty, tmp_path):
    paths = []
    for name in ("Hall", "House"):
        (tmp_path / name).mkdir()
        paths.append(tmp_path / name / "list.csv")
        paths[-1].write_text(f"Name,Type,Longitude,Latitude\n{name},Library,-0.03,51.53\n")
    before = snapshot(empty)
    run_here("add", empty, *paths).refused(2, "have one name: rename one of them")
    assert snapshot(empty) == before


def test_what_there_is_one_of_is_never_replaced(empty, tmp_path, sample):
    run_here("add", empty, make("tidewell.osm", tmp_path, sample), "--quiet").worked()
    before = snapshot(empty)
    run_here("add", empty, make("reply.json", tmp_path, sample)).refused(
        2, "tidewell.osm is not an Overpass JSON reply, and only those can be several"
    )
    other = tmp_path / "other.osm"
    other.write_bytes(make("tidewell.osm", tmp_path, sample).read_bytes() + b"\n")
    run_here("add", empty, other).refused(2, "name inputs/tidewell.osm as [osm] file")
    assert snapshot(empty) == before


def tile(path, *nodes):
    """Write an Overpass reply with playgrounds: (id, lon)."""
    elements = [
        {"type": "node", "id": ref, "lat": 51.53, "lon": lon, "tags": {"leisure": "playground"}} for ref, lon in nodes
    ]
    path.write_text(json.dumps({"version": 0.6, "elements": elements}))
    return path


def test_replies_of_one_area_are_put_together(empty, tmp_path):
    west, east = tile(tmp_path / "west.json", (1, -0.03), (2, -0.029)), tile(tmp_path / "east.json", (2, -0.029))
    far = tile(tmp_path / "far.json", (3, -0.028), (4, -0.027))
    run_here("add", empty, west, "--quiet").worked()
    assert tomllib.loads((empty / "assetmap.toml").read_text())["osm"] == {"file": "inputs/west.json"}
    run_here("add", empty, east, far, "--quiet").worked()  # and two at once
    named = ["inputs/west.json", "inputs/east.json", "inputs/far.json"]
    text = (empty / "assetmap.toml").read_text()
    assert tomllib.loads(text)["osm"] == {"file": named}
    assert text.startswith(COMMENTED.rstrip())
    run_here("add", empty, far, "--quiet").worked()  # again: it is named already
    assert (empty / "assetmap.toml").read_text() == text
    run_here("build", empty, "--quiet").worked()
    manifest = json.loads((empty / "out/manifest.json").read_text())
    assert manifest["figures"]["assets"] == 4  # the playground in two tiles is one
    assert set(named) <= manifest["fingerprint"].keys()
    found = {row["file"]: row["licence"] for row in json.loads(run_here("sources", empty, "--json").worked().out)}
    assert [found[name] for name in named] == ["ODbL-1.0"] * 3
    tile(empty / "inputs/far.json", (3, -0.028))
    run_here("build", empty, "--quiet").worked()
    assert json.loads((empty / "out/manifest.json").read_text())["figures"]["assets"] == 3


def test_a_torn_tile_is_refused_beside_whole_ones(empty, tmp_path):
    whole, torn = tile(tmp_path / "a.json", (1, -0.03)), tile(tmp_path / "b.json", (2, -0.03))
    torn.write_text(torn.read_text()[:-5])
    run_here("add", empty, whole, "--quiet").worked()
    before = snapshot(empty)
    run_here("add", empty, torn).refused(3, "b.json is torn or not JSON")
    assert snapshot(empty) == before


def test_a_boundary_beside_a_site_is_refused(tmp_path, sample):
    run_here("new", tmp_path / "s", "--place", "old-ford", "--quiet").worked()
    before = snapshot(tmp_path / "s")
    path = make("boundary.geojson", tmp_path, sample)
    run_here("add", tmp_path / "s", path).refused(2, "give one of site, lsoa21 and boundary, not several")
    assert snapshot(tmp_path / "s") == before


@pytest.mark.parametrize("settings", ["lists = [{file = 'inputs/a.csv'}]\n", "lists = []\n"])
def test_settings_written_in_another_hand_are_kept_or_refused_but_never_broken(tmp_path, sample, settings):
    (tmp_path / "assetmap.toml").write_text(f"{settings}[study]\nname = 'x'\n")
    ran = run_here("add", tmp_path, make("list.xlsx", tmp_path, sample))
    assert ran.code in (0, 2), ran.err
    found = tomllib.loads((tmp_path / "assetmap.toml").read_text())
    assert found["study"] == {"name": "x"}
    if ran.code == 0:
        assert found["lists"][-1] == {"file": "inputs/list.xlsx"}


def test_a_folder_that_is_no_study_is_not_made(tmp_path, sample):
    path = make("list.xlsx", tmp_path, sample)
    run_here("add", tmp_path / "mistyped", path).refused(3, "is not a study", "assetmap new")
    assert not (tmp_path / "mistyped").exists()


def test_a_name_that_can_t_be_written_down_is_refused(empty, tmp_path, sample):
    before = snapshot(empty)
    for name in ("a\\b.xlsx", "caf\udce9.xlsx"):
        path = tmp_path / name
        shutil.copy(make("list.xlsx", tmp_path, sample), path)
        ran = run_here("add", empty, path)
        assert ran.code in (2, 3)
        assert ran.err.startswith("assetmap: ")
        assert "rename" in ran.err
    assert snapshot(empty) == before


@pytest.mark.parametrize("name", ["a b.xlsx", "ä'\"ö.xlsx", "[x].xlsx", "😀.xlsx", "-x.xlsx", "a#b.xlsx", "%20.xlsx"])
def test_a_name_that_is_only_strange_is_taken(empty, tmp_path, sample, name):
    shutil.copy(make("list.xlsx", tmp_path, sample), tmp_path / name)
    run_here("add", empty, "--quiet", "--", tmp_path / name).worked()
    assert tomllib.loads((empty / "assetmap.toml").read_text())["lists"] == [{"file": f"inputs/{name}"}]


def test_nothing_to_add_is_a_usage_error(empty):
    run_here("add", empty).refused(2, "Missing argument 'FILE...'")
