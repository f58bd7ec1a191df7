"""One step alone: the asset table of OSM data, and access to it."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from assetmap.errors import InputError
from assetmap.schema import CONTRACTS
from assetmap.study.pieces import access_to, read_assets
from tests.cli.program import run_here, snapshot
from tests.worlds import tidewell
from tests.worlds.drawn import SOUTH, WEST, Drawing

SUFFIXES = [".csv", ".parquet", ".gpkg", ".geojson"]


@pytest.fixture(scope="module")
def osm(sample):
    return sample / "osm_cache/tidewell.osm"


@pytest.fixture(scope="module")
def tables(osm, tmp_path_factory):
    """The asset table in every format."""
    folder = tmp_path_factory.mktemp("tables")
    for suffix in SUFFIXES:
        run_here("assets", "--osm", osm, "--out", folder / f"assets{suffix}", "--quiet").worked()
    return folder


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_assets_in_every_format(tables, suffix):
    path = tables / f"assets{suffix}"
    if suffix == ".csv":
        found = pd.read_csv(path, encoding="utf-8-sig")
        names = [f"name_{language}" for language in ("bn", "pl", "ur")]  # those that the sample has names in
        assert list(found.columns) == [*CONTRACTS["assets"][0], *names, "lon", "lat"]
    elif suffix == ".parquet":
        found = gpd.read_parquet(path)
        assert found.crs.to_epsg() == 27700
    else:
        found = gpd.read_file(path)
        assert found.crs.to_epsg() == (4326 if suffix == ".geojson" else 27700)
    assert found["category"].value_counts().to_dict() == tidewell.ASSETS_BY_CATEGORY
    assert found["asset_id"].is_unique


def test_assets_says_what_it_did_on_stderr(osm, tmp_path):
    ran = run_here("assets", "--osm", osm, "--out", tmp_path / "a.csv").worked()
    assert ran.out == ""
    assert ran.err == f"tidewell.osm: 41 read, 41 kept\n41 assets written to {tmp_path / 'a.csv'}\n"


def test_a_boundary_keeps_what_touches_it_and_counts_the_rest(osm, sample, tmp_path):
    zones = sample / "boundaries/tidewell_zones.geojson"
    ran = run_here("assets", "--osm", osm, "--boundary", zones, "--out", tmp_path / "a.csv").worked()
    found = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig")
    assert set(tidewell.OUTSIDE_THE_BOUNDARY).isdisjoint(found["name"])
    assert len(found) == tidewell.ASSETS_IN_ALL - len(tidewell.OUTSIDE_THE_BOUNDARY)
    assert "41 read, 40 kept, 1 dropped (outside the boundary 1)" in ran.err


@pytest.mark.parametrize("suffix", [".parquet", ".gpkg", ".geojson"])
def test_access_is_the_same_from_every_form_of_the_assets(tables, osm, tmp_path, suffix):
    out = tmp_path / "access.csv"
    run_here("access", tables / f"assets{suffix}", "--osm", osm, "--out", out, "--quiet").worked()
    found = pd.read_csv(out, encoding="utf-8-sig").set_index(["origin_id", "category"])
    wanted = access_to(read_assets(osm)[0], osm=osm).set_index(["origin_id", "category"])
    assert found.index.equals(wanted.index)
    exact = 0.05 if suffix == ".geojson" else 1e-4  # GeoJSON is written to 7 decimals of a degree, CSV to 4 of a metre
    for column in ("euclid_m", "walk_m"):
        assert (found[column] - wanted[column]).abs().max() < exact
        assert (found[column].isna() == wanted[column].isna()).all()


def test_a_table_of_origins_is_taken_as_its_file_is(tables, osm, tmp_path):
    points = [shapely.Point(tidewell.at(*origin.place)) for origin in tidewell.ORIGINS.values()]
    frame = gpd.GeoDataFrame({"id": list(tidewell.ORIGINS), "people": 3.0}, geometry=points, crs=27700)
    frame.to_parquet(tmp_path / "origins.parquet")
    assets = tables / "assets.gpkg"
    from_file = access_to(assets, osm=osm, origins=tmp_path / "origins.parquet")
    named = frame.rename_geometry("place")
    again = access_to(assets, osm=osm, origins=named)
    pd.testing.assert_frame_equal(again, from_file, rtol=0, atol=1e-6)
    assert set(again["origin_id"]) == set(tidewell.ORIGINS)
    with pytest.raises(InputError, match=r"^the origins: there is no origin to start from"):
        access_to(assets, osm=osm, origins=named.iloc[:0])


def test_access_from_points_of_one_s_own_is_the_paper_s(tables, osm, tmp_path):
    points = [shapely.Point(tidewell.at(*origin.place)) for origin in tidewell.ORIGINS.values()]
    frame = gpd.GeoDataFrame({"origin_id": list(tidewell.ORIGINS)}, geometry=points, crs=27700)
    frame.to_file(tmp_path / "origins.gpkg")
    for profile, column in (("standard", "standard_m"), ("step_free", "step_free_m")):
        out = tmp_path / f"{profile}.parquet"
        ran = run_here(
            "access", tables / "assets.parquet", "--osm", osm, "--origins", tmp_path / "origins.gpkg",
            "--profile", profile, "--out", out,
        ).worked()  # fmt: skip
        assert ran.out == ""
        found = pd.read_parquet(out).set_index(["origin_id", "category"])
        for (origin, category), answer in tidewell.ANSWERS.items():
            row = found.loc[(origin, category)]
            assert row["euclid_m"] == pytest.approx(answer.euclid_m, abs=0.05), (origin, category)
            assert row["walk_m"] == pytest.approx(getattr(answer, column), abs=0.05), (origin, category)


def test_access_from_points_of_a_table_is_that_from_a_map_file(street, tmp_path):
    """On paper, from the library's stretch of street, as `test_points_keep_the_ids_that_their_file_has`."""
    points = tmp_path / "o.csv"
    rows = [("a", WEST + 50, SOUTH, "", 3), ("b", WEST + 170, SOUTH, "", 4), ("c", "", "", "", "")]
    points.write_text("\n".join(["id,easting,northing,zone_code,people", *(",".join(map(str, row)) for row in rows)]))
    out = tmp_path / "t.csv"
    ran = run_here("access", tmp_path / "a.gpkg", "--osm", street, "--origins", points, "--out", out).worked()
    assert "o.csv: 3 read, 2 kept, 1 dropped (no coordinates 1)" in ran.err
    found = pd.read_csv(out, encoding="utf-8-sig")
    walks = found[found["category"] == "library"].set_index("origin_id")["walk_m"]
    assert walks.round().to_dict() == {"a": 150, "b": 30}
    degrees = gpd.GeoSeries([shapely.Point(x, y) for _, x, y, *_ in rows[:2]], crs=27700).to_crs(4326)
    points.write_text(
        "id,lon,lat\n" + "".join(f"{n},{p.x:.8f},{p.y:.8f}\n" for n, p in zip("ab", degrees, strict=True))
    )
    out = tmp_path / "u.csv"
    run_here("access", tmp_path / "a.gpkg", "--osm", street, "--origins", points, "--out", out, "--quiet").worked()
    found = pd.read_csv(out, encoding="utf-8-sig")
    walks = found[found["category"] == "library"].set_index("origin_id")["walk_m"]
    assert walks.round().to_dict() == {"a": 150, "b": 30}


def test_what_can_t_be_origins_or_assets_is_named_with_what_can(tables, osm, tmp_path):
    out = tmp_path / "a.csv"
    ran = run_here("access", tables / "assets.csv", "--osm", osm, "--out", out)
    ran.refused(3, "assets.csv is a table without shapes", "write the assets as .gpkg, .parquet or .geojson")
    words = tmp_path / "words.csv"
    words.write_text("id,lon,lat,people\n1,0,53.5,many\n")
    ran = run_here("access", tables / "assets.parquet", "--osm", osm, "--origins", words, "--out", out)
    ran.refused(3, "words.csv: 1 value of people can't be read as a number (first: row 2)")
    ran = run_here("access", osm, "--osm", osm, "--out", out)
    ran.refused(3, "tidewell.osm (asset table) is no map file that assetmap can read: give GeoJSON")
    words.write_text("id,colour\n1,red\n")
    ran = run_here("access", tables / "assets.parquet", "--osm", osm, "--origins", words, "--out", out)
    ran.refused(3, "words.csv has no column that says where its rows are: it needs longitude and latitude")
    assert not out.exists()


def test_origins_without_a_walk_are_counted_by_reason(tmp_path):
    world = Drawing()
    world.way([(0, 0), (300, 0)], highway="residential")
    world.way([(0, 900), (300, 900)], highway="residential")  # joined to nothing
    world.node(200, 10, amenity="library", name="Library")
    osm = world.write(tmp_path / "streets.osm")
    run_here("assets", "--osm", osm, "--out", tmp_path / "a.gpkg", "--quiet").worked()
    places = {"near": (50, 0), "apart": (50, 900), "apart too": (60, 905), "far": (50, 400)}
    points = [shapely.Point(WEST + x, SOUTH + y) for x, y in places.values()]
    gpd.GeoDataFrame({"origin_id": list(places)}, geometry=points, crs=27700).to_file(tmp_path / "o.gpkg")
    out = tmp_path / "b.csv"
    ran = run_here("access", tmp_path / "a.gpkg", "--osm", osm, "--origins", tmp_path / "o.gpkg", "--out", out).worked()
    assert "1 of 4 origins lie more than 100 m from every way: they have no walk." in ran.err
    assert "2 of 4 origins are on the network and reach nothing on foot: they have no walk." in ran.err


@pytest.fixture
def street(tmp_path):
    """A street of 300 m, a library by it, and its assets."""
    world = Drawing()
    world.way([(0, 0), (300, 0)], highway="residential")
    world.node(200, 0, amenity="library", name="Library")
    osm = world.write(tmp_path / "streets.osm")
    run_here("assets", "--osm", osm, "--out", tmp_path / "a.gpkg", "--quiet").worked()
    return osm


@pytest.mark.parametrize(
    ("columns", "ids"),
    [
        ({"id": [70, 8]}, ["70", "8"]),
        ({"UPRN": ["010", "7"], "name": ["same", "same"]}, ["010", "7"]),
        ({"OA21CD": ["E00000001", "E00000002"], "ref": ["a", "b"]}, ["a", "b"]),
        ({"name": ["north", "south"]}, ["point:1", "point:2"]),
    ],
)
def test_points_keep_the_ids_that_their_file_has(street, tmp_path, columns, ids):
    points = [shapely.Point(WEST + 50, SOUTH), shapely.Point(WEST + 170, SOUTH)]
    gpd.GeoDataFrame(columns, geometry=points, crs=27700).to_file(tmp_path / "o.gpkg")
    out = tmp_path / "o.csv"
    run_here(
        "access", tmp_path / "a.gpkg", "--osm", street, "--origins", tmp_path / "o.gpkg", "--out", out, "--quiet"
    ).worked()
    found = pd.read_csv(out, encoding="utf-8-sig", dtype={"origin_id": "str"})
    walks = found[found["category"] == "library"].set_index("origin_id")["walk_m"]
    assert walks.round().to_dict() == {ids[0]: 150, ids[1]: 30}


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (["a", "b", "a"], "of 3 origins' ids in column 'id', 2 share one (first: a)"),
        (["a", None, None], "of 3 origins' ids in column 'id', 2 without one (first: row 2)"),
        (["a", "a", None], "1 without one (first: row 3), 2 share one (first: a)"),
    ],
)
def test_ids_that_do_not_tell_points_apart_are_refused(street, tmp_path, ids, words):
    points = [shapely.Point(WEST + x, SOUTH) for x in (10, 20, 30)]
    gpd.GeoDataFrame({"id": ids}, geometry=points, crs=27700).to_file(tmp_path / "o.gpkg")
    out = tmp_path / "o.csv"
    ran = run_here("access", tmp_path / "a.gpkg", "--osm", street, "--origins", tmp_path / "o.gpkg", "--out", out)
    ran.refused(3, f"o.gpkg: {words}" if words.startswith("of") else words, "give each its own")
    assert not out.exists()


def test_a_layer_without_origins_is_refused(tables, osm, tmp_path):
    gpd.GeoDataFrame({"origin_id": []}, geometry=[], crs=27700).to_file(tmp_path / "none.gpkg")
    out = tmp_path / "a.csv"
    ran = run_here("access", tables / "assets.parquet", "--osm", osm, "--origins", tmp_path / "none.gpkg", "--out", out)
    ran.refused(3, "none.gpkg: 0 read, 0 kept: there is no origin to start from")
    assert not out.exists()


@pytest.mark.parametrize("command", ["assets", "access"])
def test_nothing_is_overwritten_unless_asked(tables, osm, tmp_path, command):
    what = [tables / "assets.parquet"] if command == "access" else []
    out = tmp_path / "a.csv"
    out.write_text("mine")
    run_here(command, *what, "--osm", osm, "--out", out).refused(2, "a.csv is there already: say --overwrite")
    assert out.read_text() == "mine"
    run_here(command, *what, "--osm", osm, "--out", out, "--overwrite", "--quiet").worked()
    assert out.read_text("utf-8-sig") != "mine"


@pytest.mark.parametrize(
    ("command", "name", "words"),
    [
        ("assets", "a.xlsx", "write a file that ends in .gpkg, .parquet, .geojson, .csv"),
        ("access", "a.txt", "write a file that ends in"),
        ("access", "a.gpkg", "this table has no geometry: write .csv or .parquet"),
        ("access", "a.geojson", "this table has no geometry"),
    ],
)
def test_a_format_that_can_t_be_is_refused_before_anything_is_read(tables, tmp_path, command, name, words):
    what = [tables / "assets.parquet"] if command == "access" else []
    run_here(command, *what, "--osm", "not even there.osm", "--out", tmp_path / name).refused(2, words)
    assert snapshot(tmp_path) == {}


def test_a_table_that_is_no_asset_table_is_refused(osm, sample, tmp_path):
    ran = run_here("access", sample / "boundaries/tidewell_zones.geojson", "--osm", osm, "--out", tmp_path / "a.csv")
    ran.refused(3, "tidewell_zones.geojson", "asset_id", "is missing: the assets table needs it")
    assert snapshot(tmp_path) == {}


def test_places_without_an_asset_give_an_empty_table_and_access_says_what_is_missing(tmp_path):
    world = Drawing()
    world.way([(0, 0), (100, 0)], highway="residential")
    osm = world.write(tmp_path / "street.osm")
    ran = run_here("assets", "--osm", osm, "--out", tmp_path / "a.gpkg").worked()
    assert "0 assets written to" in ran.err
    ran = run_here("access", tmp_path / "a.gpkg", "--osm", osm, "--out", tmp_path / "b.csv")
    ran.refused(2, "there is no kind of asset to measure access to: add assets")
    assert not (tmp_path / "b.csv").exists()
