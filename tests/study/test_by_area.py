"""Results by area: the drawn world's zones in two wards, held against the tables by zone; Old Ford's real areas."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from assetmap.study.create import create_demo
from assetmap.study.flow import build_study

DAY = "2026-11-25"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("areas") / "study"
    create_demo(folder)
    zones = gpd.read_file(folder / "inputs" / "tidewell_zones.geojson")
    west, south, east, north = zones.total_bounds
    middle = (west + east) / 2
    wards = gpd.GeoDataFrame(
        {"WD24CD": ["E05000001", "E05000002"], "WD24NM": ["West", "East"]},
        geometry=[shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)],
        crs=zones.crs,
    )
    wards.to_file(folder / "inputs" / "wards.geojson")
    settings = folder / "assetmap.toml"
    settings.write_text(settings.read_text() + '\n[[lookups]]\nfile = "inputs/wards.geojson"\n')
    build_study(folder, today=DAY)
    return folder / "out"


@pytest.fixture(scope="module")
def results(out):
    return pd.read_csv(out / "results_by_area.csv")


def test_wards_add_up_to_the_neighbourhood(results):
    sums = results[results["level"] == "ward"].groupby("figure")[["numerator", "denominator"]].sum()
    whole = results[results["level"] == "neighbourhood"].set_index("figure")
    for figure in ("park_share_400m", "green_space_share_800m", "share_children", "extent", "green_space_mean_m"):
        if figure in sums.index:
            assert sums.loc[figure, "numerator"] == pytest.approx(whole.loc[figure, "numerator"], rel=1e-4), figure
            assert sums.loc[figure, "denominator"] == whole.loc[figure, "denominator"], figure
    assert results.loc[results["level"] == "ward", "name"].unique().tolist() == ["West", "East"]


def test_the_neighbourhood_is_that_of_the_manifest_and_zones_are_those_of_their_table(results, out):
    whole = results[results["level"] == "neighbourhood"].set_index("figure")["value"]
    by_zone = pd.read_csv(out / "access_by_zone.csv")
    expected = by_zone[by_zone["group"] == "neighbourhood"].set_index("category")
    assert whole["green_space_median_m"] == expected.loc["green_space", "median_m"]
    assert whole["green_space_share_400m"] == pytest.approx(expected.loc["green_space", "share_400m"], abs=1e-4)
    zone = by_zone[by_zone["group"] != "neighbourhood"].iloc[0]["group"]
    mine = results[(results["level"] == "zone") & (results["code"] == zone)].set_index("figure")["value"]
    theirs = by_zone[by_zone["group"] == zone].set_index("category")
    assert mine["green_space_mean_m"] == pytest.approx(theirs.loc["green_space", "mean_m"], abs=1e-3)


def test_a_value_is_its_numerator_by_its_denominator(results):
    both = results.dropna(subset=["value", "numerator", "denominator"])
    both = both[both["denominator"] > 0]
    assert len(both) > 100
    quotient = both["numerator"] / both["denominator"]
    assert (quotient - both["value"]).abs().max() < 1e-3
