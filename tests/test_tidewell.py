"""The package gives Tidewell's answers on paper."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from assetmap.crs import BRITISH_GRID
from assetmap.entrances import find_entrances
from assetmap.measures.access import AccessSettings, measure_access, usable_assets
from assetmap.measures.deprivation import summarise_deprivation
from assetmap.measures.routing import Routing
from assetmap.network import PROFILES, build_network, component_lengths
from assetmap.origins import origins_from_buildings
from assetmap.sources.annotations import read_annotations
from assetmap.sources.boundaries import read_zones
from assetmap.sources.deprivation import read_deprivation
from assetmap.sources.lists import read_list
from assetmap.sources.osm import OsmExtract, read_osm
from assetmap.sources.population import read_population
from tests.worlds import tidewell

TARGETS = ("park", "library", "community_centre", "food_bank", tidewell.UNREACHABLE)
METRES = 0.05  # libosmium keeps 7 decimals of a degree, a centimetre


@pytest.fixture(scope="module")
def extract(sample: Path) -> OsmExtract:
    return read_osm(sample / "osm_cache/tidewell.osm")


@pytest.fixture(scope="module")
def assets(extract: OsmExtract) -> gpd.GeoDataFrame:
    return usable_assets(extract.assets)


@pytest.fixture(scope="module")
def entrances(extract: OsmExtract) -> gpd.GeoDataFrame:
    found = find_entrances(extract.assets, extract.entrances, build_network(extract.walk))
    found["name"] = extract.assets["name"].to_numpy()[found["asset"]]
    return found


@pytest.fixture(scope="module")
def walked(extract: OsmExtract, assets: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
    places = np.array([tidewell.at(*origin.place) for origin in tidewell.ORIGINS.values()])
    origins = gpd.GeoDataFrame(
        {"origin_id": list(tidewell.ORIGINS), "zone_code": "E01999001", "people": 1.0, "weight_kind": "given"},
        geometry=gpd.points_from_xy(*places.T),
        crs=BRITISH_GRID,
    )
    network = build_network(extract.walk)
    routing = Routing(network, find_entrances(assets, extract.entrances, network))
    coverage = gpd.GeoSeries([shapely.box(*extract.bounds)], crs=4326).to_crs(BRITISH_GRID).iloc[0]
    tables = {}
    for name in ("standard", "step_free"):
        found = measure_access(
            origins,
            assets,
            targets={category: [category] for category in TARGETS},
            routing=routing,
            settings=AccessSettings(PROFILES[name]),
            coverage=coverage,
        )
        tables[name] = found.set_index(["origin_id", "category"])
    return tables


@pytest.fixture(scope="module")
def zones(sample: Path) -> gpd.GeoDataFrame:
    frame, _ = read_zones(sample / "boundaries/tidewell_zones.geojson", crs=BRITISH_GRID)
    people, _ = read_population(sample / "inputs/tidewell_population.csv")
    frame["population"] = frame["zone_code"].map(people["population"])
    return frame


def test_assets_by_category(extract: OsmExtract) -> None:
    assert Counter(extract.assets["category"]) == tidewell.ASSETS_BY_CATEGORY
    assert (extract.tally.read, extract.tally.kept) == (tidewell.ASSETS_IN_ALL, tidewell.ASSETS_IN_ALL)
    assert not set(tidewell.NOT_ASSETS) & set(extract.assets["name"].dropna())


def test_areas(extract: OsmExtract) -> None:
    area = extract.assets.set_index("name")["area_m2"]
    for name, metres in tidewell.AREAS_M2.items():
        assert area[name] == pytest.approx(metres, rel=5e-4), name


def test_who_may_go_in(extract: OsmExtract) -> None:
    access = extract.assets.set_index("name")["access"]
    assert set(access[tidewell.RESTRICTED]) == {"restricted"}
    assert set(access[tidewell.UNKNOWN_ACCESS]) == {"unknown"}
    assert access["Basin Community Garden"] == "open"


@pytest.mark.parametrize(("name", "kind"), tidewell.ENTRANCE_KIND.items())
def test_how_each_place_is_entered(name: str, kind: str, entrances: gpd.GeoDataFrame) -> None:
    assert set(entrances.loc[entrances["name"] == name, "entrance_kind"]) == {kind}


@pytest.mark.parametrize(("name", "doors"), tidewell.ENTRANCES.items())
def test_where_each_place_is_entered(name: str, doors: list[tidewell.XY], entrances: gpd.GeoDataFrame) -> None:
    found = entrances[entrances["name"] == name].geometry
    there = {(round(p.x - tidewell.ORIGIN[0], 1), round(p.y - tidewell.ORIGIN[1], 1)) for p in found}
    assert there == set(doors)


@pytest.mark.parametrize(("origin", "category"), tidewell.ANSWERS)
def test_distances(origin: str, category: str, walked: dict[str, pd.DataFrame], assets: gpd.GeoDataFrame) -> None:
    answer = tidewell.ANSWERS[origin, category]
    standard, step_free = (walked[name].loc[(origin, category)] for name in ("standard", "step_free"))
    found = (standard["euclid_m"], standard["walk_m"], step_free["walk_m"])
    assert found == pytest.approx((answer.euclid_m, answer.standard_m, answer.step_free_m), abs=METRES)
    assert assets.set_index("asset_id")["name"][standard["nearest_asset_id"]] == answer.nearest


def test_distance_to_a_derived_entrance(walked: dict[str, pd.DataFrame]) -> None:
    answer = tidewell.OLD_HALL_FROM_TIDEWELL_ROAD
    found = walked["standard"].loc[("tidewell_road", "community_centre")]
    assert found["euclid_m"] == pytest.approx(answer.euclid_m, abs=METRES)
    assert 0 <= found["walk_m"] - answer.standard_m <= tidewell.DERIVED_ENTRANCE_SLACK_M


def test_nobody_walks_to_the_museum(walked: dict[str, pd.DataFrame], extract: OsmExtract) -> None:
    museum = walked["standard"].xs(tidewell.UNREACHABLE, level="category")
    assert museum["walk_m"].isna().all()
    assert museum["euclid_m"].notna().all()
    for origin, metres in tidewell.MUSEUM_EUCLID_M.items():
        assert museum.loc[origin, "euclid_m"] == pytest.approx(metres, abs=METRES)
    _, lengths = component_lengths(build_network(extract.walk))
    assert len(lengths) == tidewell.NETWORK_COMPONENTS
    assert min(lengths) == pytest.approx(12, abs=METRES)


@pytest.mark.parametrize(("origin", "category"), tidewell.EDGE_EFFECT)
def test_where_the_edge_of_the_data_matters(origin: str, category: str, walked: dict[str, pd.DataFrame]) -> None:
    flagged = walked["standard"].loc[(origin, category), "edge_effect"]
    assert flagged == tidewell.EDGE_EFFECT[origin, category]


def test_each_zone_s_people_start_at_its_homes(zones: gpd.GeoDataFrame, extract: OsmExtract) -> None:
    origins = origins_from_buildings(zones, extract.buildings)
    assert origins.groupby("zone_code").size().to_dict() == tidewell.RESIDENTIAL_BUILDINGS
    people = origins.groupby("zone_code")["people"].sum()
    assert people.to_dict() == pytest.approx(tidewell.POPULATION)


def test_deprivation_of_the_neighbourhood(sample: Path, zones: gpd.GeoDataFrame) -> None:
    table = read_deprivation(sample / "inputs/tidewell_iod2025.csv")
    assert (table.vintage, table.zone_vintage) == ("imd25", "lsoa21")
    assert table.frame["imd_decile"].to_dict() == tidewell.IMD_DECILE
    figures = table.frame[["imd_score", "imd_rank", "imd_decile"]]
    found = summarise_deprivation(zones.set_index("zone_code").join(figures), size=33_755)
    assert found["average_score"] == pytest.approx(tidewell.AVERAGE_SCORE)
    assert found["average_rank_reversed"] == pytest.approx(tidewell.AVERAGE_RANK_REVERSED)
    assert found["share_of_zones_decile_1"] == tidewell.SHARE_OF_ZONES_IN_DECILE_1
    assert found["share_of_people_decile_1"] == pytest.approx(tidewell.SHARE_OF_PEOPLE_IN_DECILE_1)
    assert found["share_of_people_deciles_1_2"] == pytest.approx(tidewell.SHARE_OF_PEOPLE_IN_DECILES_1_2)
    assert found["extent"] == pytest.approx(tidewell.EXTENT, abs=1e-8)


def test_ages_in_all(sample: Path) -> None:
    people, tally = read_population(sample / "inputs/tidewell_population.csv")
    assert (tally.read, tally.kept) == (12, 12)
    assert people["population"].to_dict() == tidewell.POPULATION
    assert people["population"].sum() == tidewell.POPULATION_IN_ALL


def test_list_is_read_and_what_it_dropped_is_counted(sample: Path) -> None:
    listed, tally = read_list(sample / "inputs/tidewell_community_buildings.csv", crs=BRITISH_GRID)
    assert (tally.read, tally.kept, tally.dropped.total()) == (14, 13, 1)
    assert len(listed) == tidewell.LIST_KEPT
    assert tidewell.LIST_DROPPED_NAME not in set(listed["name"])
    rows = listed.set_index("name")
    for name, (category, place) in tidewell.LIST_ONLY.items():
        assert rows.loc[name, "category"] == category
        point = rows.loc[name, "geometry"]
        assert (point.x, point.y) == pytest.approx(tidewell.at(*place), abs=METRES)


def test_marks_are_read_as_they_were_drawn(sample: Path) -> None:
    marks, tally = read_annotations(sample / "inputs/tidewell_annotations.geojson", crs=BRITISH_GRID)
    assert (tally.read, tally.kept) == (tidewell.MARKS_IN_ALL, tidewell.MARKS_IN_ALL)
    assert marks["kind"].value_counts().to_dict() == tidewell.MARKS_BY_KIND
    assert marks["theme"].value_counts().to_dict() == tidewell.MARKS_BY_THEME
    assert marks["consent"].value_counts().to_dict() == tidewell.MARKS_BY_CONSENT
    assert marks["sheet_id"].value_counts().to_dict() == tidewell.MARKS_BY_SHEET
    said = {key: number for key, number in tidewell.MARKS_BY_SENTIMENT.items() if key}
    assert marks["sentiment"].value_counts().to_dict() == said
    assert marks["sentiment"].isna().sum() == tidewell.MARKS_BY_SENTIMENT[None]
