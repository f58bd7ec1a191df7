"""What a build of the demo writes is what a pencil says, read back from its files."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from assetmap.crs import BRITISH_GRID
from assetmap.entrances import find_entrances
from assetmap.measures.access import AccessSettings, measure_access, usable_assets
from assetmap.measures.routing import Routing
from assetmap.network import PROFILES, build_network
from assetmap.schema import validate_table
from assetmap.sources.osm import read_osm
from tests.worlds import tidewell

METRES = 0.05  # libosmium keeps 7 decimals of a degree, a centimetre
TARGETS = ("park", "library", "community_centre", "food_bank", tidewell.UNREACHABLE)


@pytest.fixture(scope="module")
def out(built):
    return built / "out"


@pytest.fixture(scope="module")
def manifest(out):
    return json.loads((out / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def assets(out):
    return gpd.read_parquet(out / "assets.parquet")


@pytest.fixture(scope="module")
def zones(out):
    return pd.read_csv(out / "zones.csv", encoding="utf-8-sig").set_index("zone_code")


def of_osm(assets):
    return assets["asset_id"].str.startswith("osm:")


def layer(out, name):
    return pyogrio.read_dataframe(out / "assetmap.gpkg", layer=name)


def test_every_row_of_every_file_is_kept_or_counted(manifest):
    tallies = {tally["source"]: tally for tally in manifest["tallies"]}
    wanted = {
        "tidewell.osm": (tidewell.ASSETS_IN_ALL, tidewell.ASSETS_IN_ALL),
        "tidewell_zones.geojson": (12, 12),
        "tidewell_population.csv": (12, 12),
        "tidewell_iod2025.csv": (12, 12),
        "tidewell_community_buildings.csv": (tidewell.LIST_READ, tidewell.LIST_KEPT),
        "tidewell_annotations.geojson": (tidewell.MARKS_IN_ALL, tidewell.MARKS_IN_ALL),
    }
    assert {source: (tally["read"], tally["kept"]) for source, tally in tallies.items()} == wanted
    for tally in tallies.values():
        assert tally["read"] == tally["kept"] + sum(tally["dropped"].values())
    assert sum(tallies["tidewell_community_buildings.csv"]["dropped"].values()) == tidewell.LIST_DROPPED


def test_assets_by_source_and_category(assets, manifest):
    osm = assets[of_osm(assets)]
    assert Counter(osm["category"]) == tidewell.ASSETS_BY_CATEGORY
    listed = assets[~of_osm(assets)]
    assert len(listed) == tidewell.LIST_KEPT
    assert not {*tidewell.NOT_ASSETS, tidewell.LIST_DROPPED_NAME} & set(assets["name"].dropna())
    merged = Counter(tidewell.ASSETS_BY_CATEGORY)
    merged.update(category for category, _ in tidewell.LIST_ONLY.values())
    assert manifest["figures"]["assets"] == tidewell.PLACES_WITH_LIST
    assert manifest["figures"]["assets_by_category"] == merged


def test_duplicates_are_marked_with_how_far_and_nothing_is_deleted(assets, out, manifest):
    name = assets.set_index("asset_id")["name"]
    doubled = assets[assets["duplicate_of"].notna()]
    found = {row.name: name[row.duplicate_of] for row in doubled.itertuples()}
    assert found == {listed: osm for listed, (osm, _) in tidewell.DUPLICATES.items()}
    assert manifest["figures"]["duplicates"] == len(tidewell.DUPLICATES)
    pairs = pd.read_csv(out / "duplicates.csv", encoding="utf-8-sig").set_index("asset_id")
    assert set(pairs.index) == set(doubled["asset_id"])
    for asset_id, row in pairs.iterrows():
        assert row["distance_m"] == pytest.approx(tidewell.DUPLICATES[name[asset_id]][1], abs=METRES)
        assert row["reason"]
    kept = set(assets.loc[~of_osm(assets) & assets["duplicate_of"].isna(), "name"])
    assert kept == set(tidewell.LIST_ONLY)
    both = assets.loc[assets["source"] == "osm; Tidewell council list", "name"]
    assert set(both) == {osm for osm, _ in tidewell.DUPLICATES.values()}


def test_what_the_list_has_and_osm_lacks_and_the_reverse(out):
    compared = pd.read_csv(out / "sources_compared.csv", encoding="utf-8-sig")
    listed = compared[compared["source"] != "osm"].set_index("category")
    only = Counter(category for category, _ in tidewell.LIST_ONLY.values())
    assert {c: n for c, n in listed["only_here"].items() if n} == only
    assert listed["shared"].sum() == len(tidewell.DUPLICATES)
    osm = compared[compared["source"] == "osm"]
    assert osm["records"].sum() == tidewell.ASSETS_IN_ALL
    assert osm["only_here"].sum() == tidewell.ASSETS_IN_ALL - len(tidewell.DUPLICATES)


def test_areas_and_who_may_go_in(assets):
    osm = assets[of_osm(assets) & assets["name"].notna()].set_index("name")
    for name, metres in tidewell.AREAS_M2.items():
        assert osm.loc[name, "area_m2"] == pytest.approx(metres, rel=5e-4), name
    assert set(osm.loc[tidewell.RESTRICTED, "access"]) == {"restricted"}
    assert set(osm.loc[tidewell.UNKNOWN_ACCESS, "access"]) == {"unknown"}
    inside = osm["zone_code"].notna()
    assert not inside[tidewell.OUTSIDE_THE_BOUNDARY].any()


def test_park_area_of_each_zone(out, assets):
    parks = assets[assets["category"] == "park"]
    shapes = layer(out, "zones").set_index("zone_code").geometry
    found = {code: float(parks.intersection(shape).area.sum()) for code, shape in shapes.items()}
    for code, metres in found.items():
        assert metres == pytest.approx(tidewell.PARK_M2_BY_ZONE.get(code, 0.0), rel=5e-4, abs=1), code
    assert sum(found.values()) == pytest.approx(tidewell.PARK_M2_INSIDE, rel=5e-4)
    assert shapes.area.to_numpy() == pytest.approx(np.full(12, tidewell.ZONE_AREA_M2), rel=1e-4)


def test_each_zone_s_people_and_homes(zones, out, manifest):
    assert zones["population"].to_dict() == tidewell.POPULATION
    assert zones["origins"].to_dict() == tidewell.RESIDENTIAL_BUILDINGS
    assert manifest["figures"]["people"] == tidewell.POPULATION_IN_ALL
    with closing(sqlite3.connect(out / "assetmap.gpkg")) as base:  # summed by SQLite
        rows = base.execute("select zone_code, sum(people), count(*) from origins group by zone_code").fetchall()
    assert {code: count for code, _, count in rows} == tidewell.RESIDENTIAL_BUILDINGS
    for code, people, _ in rows:
        assert people == pytest.approx(tidewell.POPULATION[code], abs=1e-9)


def test_deprivation_of_zones_and_neighbourhood(zones, manifest):
    assert zones["imd_rank"].to_dict() == tidewell.IMD_RANK
    assert zones["imd_decile"].to_dict() == tidewell.IMD_DECILE
    found = manifest["figures"]["deprivation"]
    wanted = {
        "average_score": tidewell.AVERAGE_SCORE,
        "average_rank_reversed": tidewell.AVERAGE_RANK_REVERSED,
        "share_of_zones_decile_1": tidewell.SHARE_OF_ZONES_IN_DECILE_1,
        "share_of_people_decile_1": tidewell.SHARE_OF_PEOPLE_IN_DECILE_1,
        "share_of_people_deciles_1_2": tidewell.SHARE_OF_PEOPLE_IN_DECILES_1_2,
        "extent": tidewell.EXTENT,
        "people": tidewell.POPULATION_IN_ALL,
    }
    for name, value in wanted.items():
        assert found[name] == pytest.approx(value, abs=1e-6), name  # the manifest keeps six decimals


def test_residents_marks_are_in_the_team_s_geopackage_and_not_one_word_of_them_on_the_map(out):
    marks = layer(out, "annotations")
    assert len(marks) == tidewell.MARKS_IN_ALL
    assert marks["theme"].value_counts().to_dict() == tidewell.MARKS_BY_THEME
    assert marks["kind"].value_counts().to_dict() == tidewell.MARKS_BY_KIND
    assert marks["consent"].value_counts().to_dict() == tidewell.MARKS_BY_CONSENT
    hall = shapely.Point(tidewell.at(*tidewell.CLOSED_HALL))
    near = marks[(marks["theme"] == "no room for young people") & (marks.distance(hall) <= 30)]
    assert len(near) == tidewell.MARKS_BY_THE_CLOSED_HALL
    words = "\n".join(
        path.read_text("utf-8", errors="replace") for path in out.iterdir() if path.suffix in (".html", ".csv", ".json")
    )
    for secret in tidewell.WORDS_TO_HOLD_BACK:
        assert secret not in words


def test_the_walking_network(out, manifest):
    ways = layer(out, "walk_network")
    named = set(ways["name"].dropna())
    assert not named & set(tidewell.NOT_WALKABLE)
    assert (ways["highway"] == "steps").sum() == tidewell.STEPS
    assert set(tidewell.WALKABLE_BRIDGES) <= named
    assert manifest["figures"]["network"]["components"] == tidewell.NETWORK_COMPONENTS


def measured(out, built, assets, profile):
    """Access from the hand-placed origins to assets of the build."""
    extract = read_osm(built / "inputs/tidewell.osm")
    network = build_network(extract.walk)
    places = [shapely.Point(tidewell.at(*origin.place)) for origin in tidewell.ORIGINS.values()]
    origins = gpd.GeoDataFrame(
        {"origin_id": list(tidewell.ORIGINS), "zone_code": "E01999001", "people": 1.0, "weight_kind": "given"},
        geometry=places,
        crs=BRITISH_GRID,
    )
    coverage = gpd.GeoSeries([shapely.box(*extract.bounds)], crs=4326).to_crs(BRITISH_GRID).iloc[0]
    usable = usable_assets(assets)
    found = measure_access(
        origins,
        usable,
        targets={category: [category] for category in TARGETS},
        routing=Routing(network, find_entrances(usable, extract.entrances, network)),
        settings=AccessSettings(PROFILES[profile]),
        coverage=coverage,
    )
    return found.set_index(["origin_id", "category"])


@pytest.fixture(scope="module")
def walks(out, built, assets):
    osm = assets[of_osm(assets)].reset_index(drop=True)
    return {profile: measured(out, built, osm, profile) for profile in ("standard", "step_free")}


@pytest.mark.parametrize(("origin", "category"), tidewell.ANSWERS)
def test_distances_to_the_places_of_osm(walks, assets, origin, category):
    answer = tidewell.ANSWERS[origin, category]
    standard, step_free = (walks[profile].loc[(origin, category)] for profile in ("standard", "step_free"))
    found = (standard["euclid_m"], standard["walk_m"], step_free["walk_m"])
    assert found == pytest.approx((answer.euclid_m, answer.standard_m, answer.step_free_m), abs=METRES)
    assert assets.set_index("asset_id")["name"][standard["nearest_asset_id"]] == answer.nearest
    if (origin, category) in tidewell.EDGE_EFFECT:
        assert standard["edge_effect"] == tidewell.EDGE_EFFECT[origin, category]


def test_nobody_walks_to_the_eyot(walks, manifest):
    museum = walks["standard"].xs(tidewell.UNREACHABLE, level="category")
    assert museum["walk_m"].isna().all()
    for origin, metres in tidewell.MUSEUM_EUCLID_M.items():
        assert museum.loc[origin, "euclid_m"] == pytest.approx(metres, abs=METRES)
    figures = manifest["figures"]["access"][tidewell.UNREACHABLE]
    assert figures["unreached_people"] == pytest.approx(tidewell.POPULATION_IN_ALL)
    assert figures["median_m"] is None
    assert figures["share_1200m"] == 0


def test_with_the_list_the_nearest_centre_is_another(out, built, assets):
    found = measured(out, built, assets, "standard").xs("community_centre", level="category")
    for origin, metres in tidewell.MERGED_COMMUNITY_CENTRE_EUCLID_M.items():
        assert found.loc[origin, "euclid_m"] == pytest.approx(metres, abs=METRES), origin


def test_access_is_told_for_every_origin_and_every_kind_once(out, manifest):
    access = pd.read_parquet(out / "access.parquet")
    pd.testing.assert_frame_equal(validate_table(access, "access"), access)
    assert not access.duplicated(["origin_id", "category"]).any()
    kinds = set(manifest["figures"]["access"])
    assert len(access) == manifest["figures"]["origins"] * len(kinds)
    assert set(access["category"]) == kinds
    reached = access.dropna(subset=["walk_m"])
    assert (reached["walk_m"] >= 0).all()


def test_the_figures_of_the_whole_are_those_of_its_origins(out, manifest):
    """Weighted means, medians and shares, worked out again without the package."""
    access = pd.read_parquet(out / "access.parquet")
    people = layer(out, "origins").set_index("origin_id")["people"]
    access["people"] = access["origin_id"].map(people)
    for category, rows in access.groupby("category"):
        told = manifest["figures"]["access"][category]
        reached = rows.dropna(subset=["walk_m"]).sort_values("walk_m")
        for far in (400, 800, 1200):
            share = reached.loc[reached["walk_m"] <= far, "people"].sum() / rows["people"].sum()
            assert told[f"share_{far}m"] == pytest.approx(share, abs=1e-5), category
        if len(reached):
            mean = np.average(reached["walk_m"], weights=reached["people"])
            assert told["mean_m"] == pytest.approx(mean, abs=1e-3), category
    with (out / "access_by_zone.csv").open(encoding="utf-8-sig", newline="") as stream:
        groups = Counter(row["group"] for row in csv.DictReader(stream))
    assert set(groups) == {"neighbourhood", *tidewell.POPULATION}
    assert set(groups.values()) == {len(manifest["figures"]["access"])}


def test_the_people_of_the_deciles_are_all_the_people(out):
    table = pd.read_csv(out / "access_by_deprivation.csv", encoding="utf-8-sig")
    for _, rows in table.groupby("category"):
        people = rows.set_index("decile")["people"]
        assert people.sum() == pytest.approx(tidewell.POPULATION_IN_ALL)
        assert people[1] / people.sum() == pytest.approx(tidewell.SHARE_OF_PEOPLE_IN_DECILE_1)


def test_three_sheets_have_no_room_for_young_people_in_one_place(out):
    """Drawn so: the hall on Netmakers Row stands in the marks of all three sheets, and nothing else is told thrice."""
    cells = layer(out, "agreement")
    assert cells[["theme", "sheets", "positive_sheets", "negative_sheets"]].to_numpy().tolist() == [
        ["no room for young people", 3, 0, 3]
    ]
    themes = pd.read_csv(out / "marks_by_theme.csv", encoding="utf-8-sig").set_index("theme")
    assert themes["most_sheets"].to_dict()["no room for young people"] == 3
    assert themes["cells_contested"].sum() == 0
