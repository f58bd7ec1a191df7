"""Tables as files: whole, the same bytes each time, and harmless in a spreadsheet."""

import csv
import json
import sqlite3
import time
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from assetmap import table_files
from assetmap.errors import InputError, UsageError
from assetmap.schema import CONTRACTS, empty_frame
from assetmap.table_files import TABLE_SUFFIXES, write_csv, write_geopackage, write_parquet, write_table

DAY = "2026-05-04"
SPATIAL = [name for name, (_, spatial) in CONTRACTS.items() if spatial]


@pytest.fixture
def assets():
    shapes = [
        shapely.Point(530_000, 180_000),
        shapely.box(530_000, 180_000, 530_100, 180_100),
        shapely.MultiPolygon([shapely.box(531_000, 180_000, 531_100, 180_100)]),
        shapely.LineString([(530_000, 180_000), (530_010, 180_000)]),
    ]
    return gpd.GeoDataFrame(
        {"name": ["=1+1", None, "Zoë’s\nPark", "-0.5"], "area_m2": [np.nan, 1e4, 1e4, np.nan], "open": True},
        geometry=shapes,
        crs=27700,
        index=[7, 3, 3, 1],
    )


def read(path):
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    return gpd.read_file(path)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet", ".GPKG"])
def test_what_is_written_reads_back(tmp_path, assets, suffix):
    path = tmp_path / f"a{suffix}"
    write_table(path, assets, layer="assets", made_on=DAY)
    found = read(path)
    assert found["name"].where(found["name"].notna(), None).tolist() == assets["name"].tolist()
    assert found["area_m2"].isna().tolist() == [True, False, False, True]
    there = found.to_crs(27700).geometry.to_numpy()
    away = shapely.distance(shapely.centroid(there), shapely.centroid(assets.geometry.to_numpy()))
    assert away.max() < (0.02 if suffix == ".geojson" else 1e-6)  # RFC 7946 is written to 7 decimals of a degree
    assert found.crs.to_epsg() == (4326 if suffix == ".geojson" else 27700)


def test_a_geopackage_holds_every_layer_with_its_rows(tmp_path, assets):
    path = tmp_path / "a.gpkg"
    layers = {"assets": assets, "none": assets.iloc[:0], **{name: empty_frame(name, 27700) for name in SPATIAL[1:]}}
    write_geopackage(path, layers, made_on=DAY)
    assert [name for name, _ in pyogrio.list_layers(path)] == list(layers)
    for name, frame in layers.items():
        with closing(sqlite3.connect(path)) as base:  # counted without GDAL
            assert base.execute(f'select count(*) from "{name}"').fetchone() == (len(frame),)
        columns = pyogrio.read_info(path, layer=name)["fields"]
        assert set(columns) == set(frame.columns) - {"geometry"}


@pytest.mark.parametrize("suffix", TABLE_SUFFIXES)
@pytest.mark.parametrize("table", SPATIAL)
def test_an_empty_table_can_be_written_in_every_format(tmp_path, suffix, table):
    path = tmp_path / f"a{suffix}"
    write_table(path, empty_frame(table, 27700), layer="a", made_on=DAY)
    if suffix == ".csv":
        header = path.read_text("utf-8-sig")
        assert header == ",".join([*CONTRACTS[table][0], "lon", "lat"]) + "\n"
    elif suffix == ".geojson":
        assert json.loads(path.read_text())["features"] == []
    else:
        assert len(read(path)) == 0


@pytest.mark.parametrize("suffix", TABLE_SUFFIXES)
def test_equal_tables_have_equal_bytes_at_another_time(tmp_path, assets, suffix):
    write_table(tmp_path / f"a{suffix}", assets, layer="assets", made_on=DAY)
    time.sleep(1.1)  # GeoPackages would bear the second they were made in
    write_table(tmp_path / f"b{suffix}", assets, layer="assets", made_on=DAY)
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_the_clock_of_later_files_is_given_back(tmp_path, assets):
    write_geopackage(tmp_path / "a.gpkg", {"assets": assets}, made_on=DAY)
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_a_spreadsheet_gets_words_and_no_formulas(tmp_path, assets):
    path = tmp_path / "a.csv"
    write_csv(path, assets.assign(kind=pd.Categorical(["@x", "b", "c", "d"])))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r" not in path.read_bytes()
    with path.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["name"] for row in rows] == ["'=1+1", "", "Zoë’s\nPark", "-0.5"]
    assert rows[0]["kind"] == "'@x"
    assert [row["area_m2"] for row in rows] == ["", "10000.0", "10000.0", ""]
    assert float(rows[0]["lon"]) == pytest.approx(-0.1284, abs=1e-4)
    assert float(rows[0]["lat"]) == pytest.approx(51.5040, abs=1e-4)


def test_small_figures_keep_four_digits_and_no_figure_grows_long(tmp_path):
    figures = {
        "12345.678949": "12345.6789",
        "39.66795": "39.668",
        "0.123456": "0.1235",
        "0.09999999": "0.1",
        "0.0123456": "0.01235",
        "-0.0000147953": "-1.48e-05",  # one of 67,589, and a hundredth of that
        "0.000000147953": "1.48e-07",
        "0": "0.0",
        "5.551115123125783e-17": "0.0",  # 0.1 + 0.2 - 0.3 of a computer
        "-1e-13": "0.0",
        "nan": "",
        "inf": "inf",
    }
    write_csv(tmp_path / "a.csv", pd.DataFrame({"n": range(len(figures)), "figure": [float(text) for text in figures]}))
    lines = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[1] for line in lines] == list(figures.values())


def test_every_figure_is_as_short_as_its_digits(tmp_path):
    size = 10.0 ** np.random.default_rng(4).uniform(-9, 6, 5000)
    write_csv(tmp_path / "a.csv", pd.DataFrame({"figure": size}))
    texts = (tmp_path / "a.csv").read_text("utf-8-sig").split()[1:]
    for value, text in zip(size, texts, strict=True):
        assert float(text) == float(f"{value:.4f}" if value >= 0.1 else f"{value:.4g}" if value > 1e-8 else text)
        assert len(text) <= len("999999.9999")


def test_the_frame_that_was_written_is_as_it_was(tmp_path, assets):
    before = assets.copy(deep=True)
    for suffix in TABLE_SUFFIXES:
        write_table(tmp_path / f"a{suffix}", assets, layer="assets", made_on=DAY)
    pd.testing.assert_frame_equal(pd.DataFrame(assets), pd.DataFrame(before))


def test_nothing_is_overwritten_unless_asked(tmp_path, assets):
    path = tmp_path / "a.csv"
    path.write_text("mine")
    with pytest.raises(UsageError, match="is there already: say --overwrite to replace it"):
        write_table(path, assets, layer="assets", made_on=DAY)
    assert path.read_text() == "mine"
    write_table(path, assets, layer="assets", made_on=DAY, overwrite=True)
    assert path.read_text("utf-8-sig").startswith("name,")


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.csv.bak", ".csv", "a.shp"])
def test_another_format_is_refused_with_those_there_are(tmp_path, assets, name):
    with pytest.raises(UsageError, match=r"write a file that ends in \.gpkg, \.parquet, \.geojson, \.csv"):
        write_table(tmp_path / name, assets, layer="assets", made_on=DAY)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_a_table_without_places_is_refused_by_map_formats(tmp_path, suffix):
    with pytest.raises(UsageError, match=r"no geometry: write \.csv or \.parquet"):
        write_table(tmp_path / f"a{suffix}", pd.DataFrame({"a": [1]}), layer="a", made_on=DAY)


def test_a_table_without_places_can_be_written_as_a_table(tmp_path):
    write_table(tmp_path / "a.csv", pd.DataFrame({"a": ["=x"], "b": [1.5]}), layer="a", made_on=DAY)
    assert (tmp_path / "a.csv").read_text("utf-8-sig") == "a,b\n'=x,1.5\n"
    write_parquet(tmp_path / "a.parquet", pd.DataFrame({"a": ["=x"]}))
    assert pd.read_parquet(tmp_path / "a.parquet")["a"].tolist() == ["=x"]


def test_categories_are_written_as_the_text_they_stand_for(tmp_path, monkeypatch):
    """Part by part, also where a part has no text at all, or the table no rows."""
    monkeypatch.setattr(table_files, "_ROWS_AT_ONCE", 2)
    text = pd.Categorical(["b", "a", None, None, "b"])
    for name, rows in (("all", slice(None)), ("none", slice(0))):
        frame = pd.DataFrame({"text": text, "number": [1.0, 2.0, 3.0, 4.0, 5.0]})[rows]
        write_parquet(tmp_path / name, frame)
        found = pd.read_parquet(tmp_path / name)
        pd.testing.assert_frame_equal(found, frame.assign(text=pd.Series(list(text), dtype="str")[rows]))
    written = pq.ParquetFile(tmp_path / "all")
    assert [written.metadata.row_group(i).num_rows for i in range(written.num_row_groups)] == [2, 2, 1]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_a_writer_that_loses_rows_is_found_out_and_the_old_file_stays(tmp_path, assets, suffix, monkeypatch):
    path = tmp_path / f"a{suffix}"
    write_table(path, assets, layer="assets", made_on=DAY)
    before = path.read_bytes()
    whole = pyogrio.write_dataframe
    monkeypatch.setattr(pyogrio, "write_dataframe", lambda frame, *args, **kw: whole(frame.iloc[1:], *args, **kw))
    with pytest.raises(InputError, match="could not be written whole"):
        write_table(path, assets, layer="assets", made_on=DAY, overwrite=True)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", TABLE_SUFFIXES)
def test_a_place_where_nothing_can_be_written_is_one_line(tmp_path, assets, suffix):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="can't be written") as caught:
        write_table(tmp_path / "file" / f"a{suffix}", assets, layer="assets", made_on=DAY)
    assert "\n" not in str(caught.value)
