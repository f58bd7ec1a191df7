"""Rasters in a study: canopy of a drawn neighbourhood, and Kings Heath with people from a published grid."""

import json
import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio import Affine
from shapely import box

from assetmap.errors import AssetMapError, SettingsError, UsageError
from assetmap.study.adding import add_files
from assetmap.study.create import create_demo, create_study
from assetmap.study.flow import build_study
from assetmap.study.inputs import read_inputs
from assetmap.study.rasters import fill_people
from assetmap.study.settings import read_settings

DAY = "2026-11-22"


@pytest.fixture
def demo(tmp_path):
    create_demo(tmp_path / "demo")
    return tmp_path / "demo"


def blanket(path, study, value, *, description=None):
    """Draw cells of 100 m, all of one value, over a study's zones and 500 m beyond."""
    zones = gpd.read_file(study / "inputs" / "tidewell_zones.geojson").to_crs(27700)
    west, south, east, north = zones.total_bounds
    width, height = int((east - west + 1100) // 100), int((north - south + 1100) // 100)
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=1, dtype="float32", crs="EPSG:27700",
        transform=Affine(100, 0, west - 500, 0, -100, north + 500), nodata=-1,
    ) as raster:  # fmt: skip
        raster.write(np.full((1, height, width), value, dtype="float32"))
        if description:
            raster.set_band_description(1, description)
    return path, zones.area


def inputs_of(study):
    return read_inputs(study, read_settings(study))


def test_canopy_is_added_measured_and_written_for_each_zone(demo, tmp_path):
    path, _ = blanket(tmp_path / "cover.tif", demo, 31.0, description="Canopy percent")
    (addition,) = add_files(demo, [path], today=DAY)
    assert addition.entry == "[canopy] file"
    canopy = read_settings(demo).canopy
    assert (canopy.file, canopy.values) == ("inputs/cover.tif", "percent")
    manifest = build_study(demo, today=DAY)
    zones = pd.read_csv(demo / "out" / "zones.csv")
    assert zones["canopy_share"].tolist() == pytest.approx([0.31] * 12, abs=1e-4)
    assert zones["canopy_30"].tolist() == [1.0] * 12
    assert zones["canopy_known_share"].tolist() == [1.0] * 12
    assert "inputs/cover.tif" in manifest.fingerprint
    assert "cover.tif" in [tally["source"] for tally in manifest.tallies]


def test_a_grid_fills_only_the_zones_that_no_table_counts(demo, tmp_path):
    path, areas = blanket(tmp_path / "people.tif", demo, 50.0)
    table = demo / "inputs" / "tidewell_population.csv"
    counted = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join(counted[:-2]) + "\n", encoding="utf-8")
    add_files(demo, [path], today=DAY, raster="population")
    inputs = inputs_of(demo)
    zones = inputs.zones
    assert zones["population_kind"].value_counts().to_dict() == {"table": 10, "grid": 2}
    # fifty people on each hectare
    expected = (areas / 10_000 * 50).to_numpy()[
        np.argsort(gpd.read_file(demo / "inputs/tidewell_zones.geojson").iloc[:, 0])
    ]
    by_grid = zones["population_kind"] == "grid"
    assert zones.loc[by_grid, "population"].tolist() == pytest.approx(expected[by_grid.to_numpy()].tolist(), rel=1e-4)
    note = "The population of 2 of 12 zones is an estimate from the grid people.tif"
    assert [line for line in inputs.notes if line.startswith(note)]


def test_a_grid_changes_nothing_where_everybody_is_counted(demo, tmp_path):
    before = inputs_of(demo).zones
    path, _ = blanket(tmp_path / "people.tif", demo, 50.0)
    add_files(demo, [path], today=DAY)  # the name says what it holds
    after = inputs_of(demo)
    assert after.zones["population"].tolist() == before["population"].tolist()
    assert "population_kind" not in after.zones
    assert not [line for line in after.notes if "estimate" in line]


def test_a_vegetation_index_says_that_it_is_a_proxy(demo, tmp_path):
    path, _ = blanket(demo / "inputs" / "ndvi.tif", demo, 0.6)
    with pytest.raises(UsageError, match=r'values = "ndvi"`, `at_least = 0.5`'):
        add_files(demo, [path], today=DAY)
    settings = demo / "assetmap.toml"
    text = settings.read_text(encoding="utf-8")
    entry = '\n[canopy]\nfile = "inputs/ndvi.tif"\nvalues = "ndvi"\n'
    settings.write_text(text + entry, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"canopy.*at_least goes with"):
        read_settings(demo)
    settings.write_text(f"{text}{entry}at_least = 0.5\n", encoding="utf-8")
    inputs = inputs_of(demo)
    assert inputs.zones["canopy_share"].tolist() == [1.0] * 12
    assert any(note.startswith("Canopy is a proxy") for note in inputs.notes)


def test_a_raster_that_says_nothing_of_its_cells_is_asked_about(demo, tmp_path):
    path, _ = blanket(tmp_path / "cells.tif", demo, 1.0)
    with pytest.raises(UsageError, match="say --raster population, canopy, canopy_percent"):
        add_files(demo, [path], today=DAY)
    assert not (demo / "inputs" / "cells.tif").exists()
    (addition,) = add_files(demo, [path], today=DAY, raster="canopy")
    assert addition.entry == "[canopy] file"


def test_a_raster_of_elsewhere_stops_the_build_in_one_line(demo, tmp_path):
    path, _ = blanket(tmp_path / "trees.tif", demo, 1.0)
    with rasterio.open(path, "r+") as raster:
        raster.transform = Affine(100, 0, 100_000, 0, -100, 900_000)
    with pytest.raises(AssetMapError, match="doesn't cover the neighbourhood"):
        add_files(demo, [path], today=DAY)
    shutil.copy(path, demo / "inputs")
    with (demo / "assetmap.toml").open("a") as settings:
        settings.write('\n[canopy]\nfile = "inputs/trees.tif"\n')
    with pytest.raises(AssetMapError, match="doesn't cover the neighbourhood") as caught:
        build_study(demo, today=DAY)
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def kings_heath(shared_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kings-heath")
    create_study(folder, site="kings-heath")
    # one place, so that there is something to measure to: the middle of the ward, off the published map
    places = folder.parent / "halls.csv"
    places.write_text("name,longitude,latitude,category\nA hall,-0.925,52.258,community_centre\n", encoding="utf-8")
    files = [
        shared_data / "boundaries" / "lsoa2021_northampton_composite.geojson",
        shared_data / "deprivation" / "imd2025_england_lsoa21.csv",
        shared_data / "population" / "worldpop_gbr_ppp_2020_1km.tif",
        places,
    ]
    add_files(folder, files, today=DAY)
    return folder, build_study(folder, today=DAY)


def test_kings_heath_has_people_from_the_grid_and_says_so(kings_heath):
    folder, manifest = kings_heath
    zones = pd.read_csv(folder / "out" / "zones.csv").set_index("zone_code")
    assert zones["population_kind"].tolist() == ["grid", "grid"]
    assert manifest.figures["people"] == pytest.approx(zones["population"].sum(), abs=1e-3)
    assert any(
        note.startswith("The population of 2 of 2 zones is an estimate from the grid worldpop_gbr_ppp_2020_1km.tif")
        for note in manifest.notes
    )


def test_the_grid_s_people_are_those_of_an_overlay_of_its_cells(kings_heath, shared_data):
    folder, _ = kings_heath
    zones = pd.read_csv(folder / "out" / "zones.csv").set_index("zone_code")
    shapes = gpd.read_file(shared_data / "boundaries" / "lsoa2021_northampton_composite.geojson").set_index("LSOA21CD")
    with rasterio.open(shared_data / "population" / "worldpop_gbr_ppp_2020_1km.tif") as raster:
        left, top, step = raster.transform.c, raster.transform.f, raster.transform.a
        for code, row in zones.iterrows():
            shape = shapes.geometry[code]
            west, south, east, north = shape.bounds
            columns = range(int((west - left) // step), int((east - left) // step) + 1)
            rows = range(int((top - north) // step), int((top - south) // step) + 1)
            people = 0.0
            for r in rows:
                for c in columns:
                    x, y = left + c * step, top - r * step
                    cell = gpd.GeoSeries.from_wkt(
                        [f"POLYGON (({x} {y}, {x + step} {y}, {x + step} {y - step}, {x} {y - step}, {x} {y}))"]
                    ).iloc[0]
                    value = float(raster.read(1, window=((r, r + 1), (c, c + 1)))[0, 0])
                    people += value * cell.intersection(shape).area / cell.area
            assert row["population"] == pytest.approx(people, rel=1e-4)


def test_kings_heath_s_deprivation_is_weighted_by_the_estimate(kings_heath):
    folder, manifest = kings_heath
    zones = pd.read_csv(folder / "out" / "zones.csv")
    weighted = (zones["population"] * zones["imd_score"]).sum() / zones["population"].sum()
    assert manifest.figures["deprivation"]["average_score"] == pytest.approx(weighted, rel=1e-4)
    assert json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))["notes"] == manifest.notes


def test_a_zone_of_which_a_good_part_has_no_data_is_told(tmp_path):
    people = np.full((10, 20), 3.0)
    people[:, 8:10] = -9  # the east fifth of the first zone
    path = tmp_path / "people.tif"
    shape = {"height": 10, "width": 20, "count": 1, "dtype": "float64", "crs": 27700, "nodata": -9}
    with rasterio.open(path, "w", transform=Affine(100, 0, 0, 0, -100, 1000), **shape) as file:
        file.write(people, 1)
    zones = gpd.GeoDataFrame(
        {"population": [np.nan, np.nan]},
        geometry=[box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)],
        crs=27700,
    )
    filled, _, note = fill_people(zones, path)
    assert filled["population"].tolist() == pytest.approx([240, 300])
    assert "In 1 of them cells without data, which count as empty, cover more than 5% of the ground (most: 20%)" in note
