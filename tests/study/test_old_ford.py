"""Old Ford for real: published green space, lists, zones and indices, in straight lines."""

from __future__ import annotations

import pandas as pd
import pytest

from assetmap.study.adding import add_files
from assetmap.study.create import create_study
from assetmap.study.figures.pocketing import find_study_pockets
from assetmap.study.flow import build_study


@pytest.fixture(scope="module")
def old_ford(shared_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("old-ford")
    create_study(folder, site="old-ford")
    files = [
        shared_data / "boundaries" / "London-LSOA-2021.gpkg",
        shared_data / "deprivation" / "imd2025_england_lsoa21.csv",
        shared_data / "greenspace" / "tower_hamlets_800m_os_open_greenspace_2020.geojson",
        shared_data / "greenspace" / "tower_hamlets_800m_os_access_points_2020.geojson",
        shared_data / "community" / "gla_community_centres.csv",
    ]
    add_files(folder, files, today="2026-11-22")
    return folder, build_study(folder, today="2026-11-22")


def test_the_parks_have_their_published_areas(old_ford):
    folder, _ = old_ford
    assets = pd.read_parquet(folder / "out" / "assets.parquet", columns=["name", "category", "area_m2"])
    parks = assets[assets["category"] == "park"].groupby("name")["area_m2"].max() / 10_000
    assert parks["Victoria Park"] == pytest.approx(86.33, abs=0.005)
    assert parks["Mile End Park"] == pytest.approx(13.75, abs=0.005)
    assert parks["Meath Gardens"] == pytest.approx(4.69, abs=0.005)


def test_the_standards_that_victoria_park_alone_meets(old_ford):
    _, manifest = old_ford
    standards = manifest.figures["standards"]
    # 86 ha within 1 km of every home: 10 ha within 1 km, 20 ha within 2 km, and London's 60 ha within 3.2 km
    for criterion in ("ags_neighbourhood", "ags_wider_neighbourhood", "london_metropolitan"):
        assert standards[f"{criterion}_euclid"] == [1.0, 1.0]
    # 500 ha within 10 km: the data ends 2 km out, so nobody can say
    assert standards["ags_sub_regional_euclid"] == [0.0, 1.0]


def test_two_zones_are_too_few_for_equity_and_the_reason_is_said(old_ford):
    folder, manifest = old_ford
    equity = pd.read_csv(folder / "out" / "equity.csv")
    assert equity["value"].isna().all()
    assert equity["refusal"].str.contains("2 areas, and 10 is the least").any()
    assert any("No homes are known in 2 of 2 zones" in note for note in manifest.notes)
    assert any("straight lines" in note for note in manifest.notes)


def test_the_figures_of_2025_are_joined_by_code(old_ford):
    folder, manifest = old_ford
    zones = pd.read_csv(folder / "out" / "zones.csv").set_index("zone_code")
    published = {"E01004222": (5303, 2), "E01004226": (7482, 3)}  # read off the published table by hand
    assert {code: (row.imd_rank, row.imd_decile) for code, row in zones.iterrows()} == published
    assert manifest.figures["people"] == 5138


def test_the_map_says_whose_data_it_is_and_what_the_boundary_is(old_ford):
    folder, _ = old_ford
    page = (folder / "out" / "map.html").read_text(encoding="utf-8")
    assert "Contains OS data" in page
    assert "A starting definition of ours" in page
    assert "<title>Old Ford, Tower Hamlets, 2 areas" in page  # its name once, though the place has the same


def test_hubs_without_a_network_are_told_in_metres_and_not_in_minutes(old_ford):
    folder, _ = old_ford
    found = find_study_pockets(folder, minutes=10, today="2026-11-22")
    assert "is within 667 m in a straight line of" in found.hubs.sentence  # 10 minutes at 4 km/h
    assert "minute" not in found.hubs.sentence
    written = pd.read_csv(folder / "out" / "pockets" / "hub_candidates.csv")
    assert list(written) == ["supply", "people", "share", "mean_m"]
    assert written["mean_m"].between(0, 667).all()
