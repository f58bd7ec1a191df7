"""``assetmap select``, from files and from a study."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest

from tests.cli.program import run_here


def test_tower_hamlets_from_files_at_hand(shared_data, tmp_path):
    files = [
        shared_data / "boundaries" / "London-LSOA-2021.gpkg",
        shared_data / "deprivation" / "imd2025_england_lsoa21.csv",
        shared_data / "community" / "gla_community_centres.csv",
    ]
    target = tmp_path / "sites.gpkg"
    ran = run_here("select", *files, "--frame", "Tower Hamlets", "--json", "--quiet", "--out", target).worked()
    told = json.loads(ran.out)
    sites = gpd.read_file(target)
    assert sites["people"].between(1000, 5000).all()
    assert sites["rank"].tolist() == list(range(1, len(sites) + 1))
    codes = sites["zone_codes"].str.split(", ").explode()
    assert codes.is_unique
    assert len(told["sites"]) == 10
    first = sites.iloc[0]
    index = pd.read_csv(files[1]).set_index("lsoa21_code").loc[first["zone_codes"].split(", ")]
    people = gpd.read_file(files[0]).set_index("lsoa21cd").loc[first["zone_codes"].split(", "), "pop2021"]
    people = people.astype(float).to_numpy()
    reversed_rank = 33_755 + 1 - index["IMD_rank"].to_numpy()
    assert first["imd_average_rank_reversed"] == pytest.approx((people * reversed_rank).sum() / people.sum())
    assert first.geometry.buffer(1).geom_type == "Polygon"  # zones drawn apart may miss each other by centimetres


def test_a_study_and_what_is_there_already(built, tmp_path):
    target = tmp_path / "sites.csv"
    assert "neighbourhoods that share no zone" in run_here("select", built, "--quiet", "--out", target).worked().out
    run_here("select", built, "--quiet", "--out", target).refused(2, "there already", "--overwrite")
    table = pd.read_csv(target)
    assert {"deprivation_rank", "health_rank", "few_assets_rank", "score"} <= set(table.columns)


def test_a_frame_may_be_a_map_file_of_some_of_the_zones(built, tmp_path):
    zones = gpd.read_file(built / "inputs/tidewell_zones.geojson")
    frame = tmp_path / "east.gpkg"
    zones.iloc[:4].to_file(frame)
    names = ("zones.geojson", "population.csv", "iod2025.csv", "community_buildings.csv")
    files = [built / "inputs" / f"tidewell_{name}" for name in names]
    code = next(column for column in zones.columns if zones[column].str.startswith("E01").all())
    for number, sources in enumerate(([built], files)):
        target = tmp_path / f"{number}.csv"
        ran = run_here("select", *sources, "--frame", frame, "--quiet", "--out", target).worked()
        assert "east.gpkg" in ran.out
        chosen = pd.read_csv(target)["zone_codes"].str.split(", ").explode()
        assert len(chosen)
        assert set(chosen) <= set(zones[code].iloc[:4])
    zones.iloc[:1].assign(**{code: "E01000009"}).to_file(tmp_path / "far.gpkg")
    run_here("select", built, "--frame", tmp_path / "far.gpkg", "--quiet", "--out", tmp_path / "x.csv").refused(
        3, "far.gpkg: none of its 1 zone is among the 12 to choose from"
    )


@pytest.mark.parametrize("name", ["none.csv", "none.gpkg"])
def test_no_set_of_zones_fits(built, study, tmp_path, name):
    target = tmp_path / name
    asked = ("select", built, "--quiet", "--people", 90_000, 100_000, "--out", target)
    run_here(*asked).refused(
        3, "none of its 12 zones", "(0 of them have no people", "90,000 to 100,000 people", "--people"
    )
    table = study / "inputs" / "tidewell_population.csv"
    people = pd.read_csv(table)
    people.assign(**dict.fromkeys(people.columns[2:], 0)).to_csv(table, index=False)
    run_here("select", study, "--quiet", "--out", target).refused(
        3, "none of its 12 zones", "(12 of them have no people"
    )
    assert not target.exists()


def test_words_that_say_nothing(built, tmp_path):
    target = tmp_path / "sites.csv"
    run_here("select", "--out", target).refused(2, "a study's folder, or files")
    run_here("select", built, "--quiet", "--weight", "health", "--out", target).refused(2, "CRITERION=NUMBER")
    run_here("select", built, "--quiet", "--weight", "wealth=1", "--out", target).refused(2, "wealth is no criterion")
    run_here("select", built, "--quiet", "--frame", "Atlantis", "--out", target).refused(3, "none of", "Atlantis")
    assert not target.exists()
