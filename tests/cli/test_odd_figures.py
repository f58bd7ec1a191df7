"""Figures at their limits, through the program: refused in one line, or built with what is missing said."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio import Affine
from rasterio.warp import transform_bounds

from tests.cli.program import run_here

ZONES = "inputs/tidewell_zones.geojson"
PEOPLE = "inputs/tidewell_population.csv"
INDEX = "inputs/tidewell_iod2025.csv"


def edit_table(study, name, edit):
    table = pd.read_csv(study / name, dtype=str)
    edit(table).to_csv(study / name, index=False)


def build(study):
    ran = run_here("build", study, "--json", "--quiet").worked()
    return json.loads(ran.out)


def equity(study):
    return pd.read_csv(study / "out" / "equity.csv")


def test_zones_where_nobody_lives(study):
    edit_table(study, PEOPLE, lambda t: t.assign(**dict.fromkeys(t.columns[2:], "0")))
    found = build(study)
    assert found["figures"]["people"] == 0
    assert equity(study)["refusal"].notna().all()
    pockets = run_here("pockets", study, "--quiet").worked().out.splitlines()
    assert pockets[:2] == [
        "Pockets of deprivation (national deciles 1 to 2): none, since nobody is counted in the zones of the area.",
        "    up to decile 1: 0 pockets",
    ]
    assert "No pocket, so no hub to look for." in pockets
    run_here("report", study, "--quiet").worked()
    text = (study / "out/report.md").read_text(encoding="utf-8")
    assert "Refused where there is no row: no area has both people and figures." in text


def test_one_zone_is_too_few_for_equity(study):
    zones = gpd.read_file(study / ZONES).iloc[:1]
    zones.to_file(study / ZONES, driver="GeoJSON")
    assert build(study)["figures"]["zones"] == 1
    assert equity(study)["refusal"].str.contains("on 1 area, and 10 is the least").any()


def test_zones_that_are_all_alike_have_no_slope(study):
    rank = "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)"
    decile = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
    edit_table(study, INDEX, lambda t: t.assign(**{rank: "1200", decile: "1"}))
    build(study)
    slopes = equity(study).query("measure == 'SII'")
    assert slopes["value"].isna().all()
    assert slopes["refusal"].str.contains("1 group").all()


def test_a_decile_that_is_missing_is_reckoned_and_a_zone_that_is_missing_is_counted(study):
    def edit(table):
        decile = next(c for c in table if "(IMD) Decile" in c)
        return table.drop(columns=decile).iloc[1:]

    edit_table(study, INDEX, edit)
    found = build(study)
    assert found["figures"]["deprivation"]["zones_without_figures"] == 1
    tally = next(t for t in found["tallies"] if t["source"] == "tidewell_iod2025.csv")
    assert tally["repaired"]["imd_decile computed from the rank"] > 0


def test_zones_that_overlap_are_told_and_pockets_refuse_them(study):
    zones = gpd.read_file(study / ZONES).to_crs(27700)
    zones.geometry = zones.geometry.buffer(30)
    zones.to_crs(4326).to_file(study / ZONES, driver="GeoJSON")
    tally = next(t for t in build(study)["tallies"] if t["source"] == "tidewell_zones.geojson")
    assert any("zones that overlap" in reason for reason in tally["repaired"])
    run_here("pockets", study, "--quiet").refused(3, "pair(s) of zones overlap", "give zones that don't overlap")
    run_here("select", study, "--quiet", "--out", study / "s.csv").refused(3, "pair(s) of zones overlap")


def grid(path, bounds, *, crs, nodata=None, value=1.0, hole=False):
    cells = np.full((60, 60), value, dtype="float32")
    if hole:
        cells[:30] = nodata
    west, south, east, north = bounds
    where = Affine((east - west) / 60, 0, west, 0, (south - north) / 60, north)
    shape = {"count": 1, "height": 60, "width": 60, "dtype": "float32", "nodata": nodata}
    with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=where, **shape) as raster:
        raster.write(cells, 1)


def take_grid(study, **how):
    """Put a grid of one person a cell in the place of the population table."""
    settings = study / "assetmap.toml"
    text = settings.read_text()
    settings.write_text(text.replace('file = "inputs/tidewell_population.csv"', 'grid = "inputs/g.tif"'))
    assert settings.read_text() != text
    bounds = gpd.read_file(study / ZONES).to_crs(4326).total_bounds
    west, south, east, north = bounds
    wide = (west - 0.001, south - 0.001, east + 0.001, north + 0.001)
    crs = how.pop("crs")
    there = transform_bounds("EPSG:4326", crs, *wide) if crs else wide
    grid(study / "inputs" / "g.tif", there, crs=crs, **how)


@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:3857", "EPSG:4326"])
def test_a_grid_in_any_system_gives_people(study, crs):
    take_grid(study, crs=crs)
    found = build(study)
    assert 0 < found["figures"]["people"] <= 3600
    assert any("is an estimate from the grid" in note for note in found["notes"])


def test_cells_without_data_leave_people_unknown_or_fewer_and_it_is_said(study):
    take_grid(study, crs="EPSG:4326", nodata=-99.0, hole=True)
    found = build(study)
    zones = pd.read_csv(study / "out" / "zones.csv")
    assert (zones["population"].dropna() >= 0).all()
    assert any("grid" in note for note in found["notes"])


def test_a_grid_without_a_system_is_refused(study):
    take_grid(study, crs=None)
    run_here("build", study, "--quiet").refused(3, "g.tif", "reference system")


def test_a_place_that_no_way_leads_to_is_never_given_a_walk(study):
    zones = gpd.read_file(study / ZONES).to_crs(27700)
    west, south, *_ = zones.total_bounds
    far = f"name,category,easting,northing\nLighthouse,museum,{west - 1500:.0f},{south - 1500:.0f}\n"
    (study / "inputs" / "far.csv").write_text(far)
    settings = study / "assetmap.toml"
    settings.write_text(settings.read_text() + '\n[[lists]]\nfile = "inputs/far.csv"\n')
    build(study)
    rows = pd.read_csv(study / "out" / "access_by_zone.csv").query("category == 'museum' and group == 'neighbourhood'")
    assets = pd.read_parquet(study / "out" / "assets.parquet")
    alone = (assets["category"] == "museum").sum() == 1
    assert alone
    assert rows["median_m"].isna().all()
    assert (rows["unreached_people"] == rows["people"]).all()
