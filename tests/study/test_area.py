"""An outline that cuts zones, for real: 800 m round Old Ford, with the index and the people of 2011's zones."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from assetmap.study.adding import add_files
from assetmap.study.create import create_study
from assetmap.study.flow import build_study

DAY = "2026-11-25"


@pytest.fixture(scope="module")
def circle(shared_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("circle")
    outline = folder / "circle.geojson"
    point = gpd.GeoSeries(gpd.points_from_xy([-0.033], [51.530]), crs=4326)
    point.to_crs(27700).buffer(800).to_crs(4326).to_file(outline)
    study = folder / "study"
    create_study(study, boundary=outline, name="800 m round Old Ford")
    files = [
        shared_data / "boundaries" / "London-LSOA-2021.gpkg",
        shared_data / "boundaries" / "England-Wales-LSOA-2011-2021.csv",
        shared_data / "deprivation" / "imd2019_england_lsoa11.csv",
        shared_data / "population" / "london-mid2020-pop.csv",
        shared_data / "greenspace" / "tower_hamlets_800m_os_open_greenspace_2020.geojson",
    ]
    add_files(study, files, today=DAY)
    return study, build_study(study, today=DAY)


def test_the_overlap_is_told_in_people(circle):
    study, manifest = circle
    zones = pd.read_csv(study / "out" / "zones.csv")
    inside = (zones["population"] * zones["share_inside"]).sum()
    note = next(note for note in manifest.notes if note.startswith("The outline cuts zones"))
    assert f"the {len(zones)} with most of their people in it count, whole" in note
    assert f"Of their {zones['population'].sum():,.0f} people {inside:,.0f}" in note
    assert "ground, since no homes are known" in note


def test_the_shares_are_those_of_another_reckoning(circle, shared_data):
    study, _ = circle
    found = pd.read_csv(study / "out" / "zones.csv").set_index("zone_code")["share_inside"]
    zones = gpd.read_file(shared_data / "boundaries" / "London-LSOA-2021.gpkg").set_index("lsoa21cd")
    ring = gpd.read_file(study / "inputs" / "circle.geojson").to_crs(27700).geometry.iloc[0]
    share = zones.clip(ring).area / zones.area.reindex(zones.clip(ring).index)
    most = share[share >= 0.5]
    assert found.sort_index().to_dict() == pytest.approx(most.sort_index().to_dict(), abs=1e-3)
    assert shapely.get_coordinates(ring).shape[0] > 50


def test_the_index_of_2019_and_its_people_come_through_the_lookup(circle):
    study, manifest = circle
    zones = pd.read_csv(study / "out" / "zones.csv").set_index("zone_code")
    assert manifest.figures["deprivation_index"] == "English Indices of Deprivation 2019"
    assert set(zones["change"]) == {"U", "S"}
    parts = zones.loc[["E01035674", "E01035675"]]  # E01004269 was split into these two; its rank of 2019 was 6,988
    assert parts["imd_rank"].tolist() == [6988, 6988]
    assert parts["population"].sum() == pytest.approx(2867)  # its people in the middle of 2020
    assert manifest.figures["deprivation"]["zones_without_figures"] == 0
    assert any("counts people of 2011's zones" in note for note in manifest.notes)
