"""Standards for green space, on a street whose parks can be measured with a ruler, on Tidewell and Old Ford."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import CRS

from assetmap.crs import BRITISH_GRID
from assetmap.entrances import find_entrances
from assetmap.errors import CRSError, UsageError
from assetmap.measures.access import usable_assets
from assetmap.measures.routing import Routing
from assetmap.measures.sites import merge_sites
from assetmap.measures.standards import (
    ACCESSIBLE_GREENSPACE,
    GREEN_WITHIN_300M,
    LONDON_PLAN,
    Criterion,
    green_per_thousand,
    measure_standards,
    summarise_standards,
)
from assetmap.network import PROFILES, WalkNetwork, build_network
from assetmap.origins import origins_from_buildings
from assetmap.sources.boundaries import read_zones
from assetmap.sources.green_space import read_access_points, read_green_space
from assetmap.sources.osm import read_osm
from assetmap.taxonomy import taxonomy
from tests.measures.test_sites import cut, greens, rows
from tests.worlds import tidewell

EVERY = (*ACCESSIBLE_GREENSPACE, *LONDON_PLAN, *GREEN_WITHIN_300M)
BRITAIN = CRS.from_epsg(27700)


def homes_at(*points):
    return gpd.GeoDataFrame(
        {"origin_id": [f"o{i}" for i in range(len(points))], "zone_code": "Z1", "people": 10.0},
        geometry=gpd.points_from_xy(*np.array(points, dtype=float).reshape(-1, 2).T),
        crs=27700,
    )


def square(hectares, west, south):
    side = np.sqrt(hectares * 10_000)
    return shapely.box(west, south, west + side, south + side)


def sites_of(*shapes):
    green = gpd.GeoDataFrame(
        {
            "asset_id": [f"s{i}" for i in range(len(shapes))],
            "name": [f"Park {i}" for i in range(len(shapes))],
            "category": "park",
        },
        geometry=list(shapes),
        crs=27700,
    )
    return merge_sites(green)


def street(*xy):
    """One street through the points."""
    xy = np.array(xy, dtype=float)
    nodes = np.arange(len(xy))
    length = np.hypot(*np.diff(xy, axis=0).T)
    return WalkNetwork(xy, nodes[:-1], nodes[1:], length, np.ones(len(length), dtype=np.int8), BRITAIN)


def gates(*points):
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*np.array(points, dtype=float).reshape(-1, 2).T), crs=27700)


def met(table, mode="euclid"):
    answers = table.iloc[0].filter(like=f"_{mode}_met").rename(lambda c: c.removesuffix(f"_{mode}_met"))
    return {code for code, yes in answers.items() if not pd.isna(yes) and yes}


def test_the_tables_are_as_published():
    table = {c.code: (c.min_ha, c.within_m) for c in EVERY}
    assert table == {
        "ags_doorstep": (0.5, 200),
        "ags_local": (2, 300),
        "ags_neighbourhood": (10, 1_000),
        "ags_wider_neighbourhood": (20, 2_000),
        "ags_district": (100, 5_000),
        "ags_sub_regional": (500, 10_000),
        "london_small_or_pocket": (0, 400),
        "london_local": (2, 400),
        "london_district": (20, 1_200),
        "london_metropolitan": (60, 3_200),
        "london_regional": (400, 3_200),
        "green300_1ha": (1, 300),
        "green300_half_ha": (0.5, 300),
    }


def test_each_criterion_to_the_metre_and_the_square_metre():
    for criterion in EVERY:
        home, west = homes_at((0, 0)), criterion.within_m
        large = max(criterion.min_ha, 0.01)
        assert criterion.code in met(measure_standards(home, sites_of(square(large, west, 0)), criteria=EVERY))
        assert criterion.code not in met(
            measure_standards(home, sites_of(square(large, west + 0.01, 0)), criteria=EVERY)
        )
        small = measure_standards(home, sites_of(square(large * 0.9999, west, 0)), criteria=EVERY)
        assert (criterion.code in met(small)) == (criterion.min_ha == 0)


def test_a_larger_park_serves_as_the_smaller():
    home, park = homes_at((0, 0)), sites_of(square(500, 150, 0))
    every = {c.code for c in EVERY} | {"ags_doorstep_or_local"}
    assert met(measure_standards(home, park, criteria=EVERY)) == every


def test_either_doorstep_or_local():
    home = homes_at((0, 0))
    local = measure_standards(home, sites_of(square(2, 250, 0)))
    assert met(local) == {"ags_local", "ags_doorstep_or_local"}
    doorstep = measure_standards(home, sites_of(square(0.5, 150, 0)))
    assert met(doorstep) == {"ags_doorstep", "ags_doorstep_or_local"}
    assert "ags_doorstep_or_local_euclid_met" not in measure_standards(
        home, sites_of(square(2, 0, 0)), criteria=LONDON_PLAN
    )


def test_straight_to_the_boundary_and_on_foot_to_the_gate():
    # The street runs along y = 0; the park's fence is 10 m north of it, 280 m east; its gate 120 m farther on.
    park = sites_of(shapely.box(280, 10, 480, 160))  # 3 ha
    network = street((0, 0), (1000, 0))
    home = homes_at((0, 0), (0, 20), (150, 0), (500, 900))
    doors = find_entrances(park, gates((400, 10)), network)
    table = measure_standards(home, park, criteria=EVERY, routing=Routing(network, doors))
    assert table["ags_local_euclid_m"].tolist()[:3] == pytest.approx([np.hypot(280, 10), 280, np.hypot(130, 10)])
    assert table["ags_local_walk_m"].tolist() == pytest.approx([410, 430, 260, np.nan], nan_ok=True)
    assert table["ags_local_euclid_met"].tolist() == [True, True, True, False]
    # The last home is 900 m from the street: nobody can say how far its walk is.
    assert table["ags_local_walk_met"].tolist() == [False, False, True, pd.NA]
    assert table["green300_1ha_walk_met"].tolist() == [False, False, True, pd.NA]
    assert table["ags_district_walk_m"].isna().all()


def test_a_park_behind_steps():
    park = sites_of(shapely.box(100, 200, 200, 350))
    flat = street((0, 0), (150, 0), (150, 200))
    network = WalkNetwork(flat.xy, flat.start, flat.end, flat.length_m, np.array([1, 0], dtype=np.int8), BRITAIN)
    routing = Routing(network, find_entrances(park, gates((150, 200)), network))
    home = homes_at((0, 0))
    standard = (Criterion("near", "Near", 1, 400),)
    assert measure_standards(home, park, criteria=standard, routing=routing).iloc[0].tolist()[2:] == [350, True]
    step_free = measure_standards(home, park, criteria=standard, routing=routing, profile=PROFILES["step_free"])
    assert np.isnan(step_free["near_walk_m"].iloc[0])  # reached by nobody who can't climb
    assert not step_free["near_walk_met"].iloc[0]


def test_what_lies_beyond_the_edge_is_not_known():
    home = homes_at((0, 0), (1_900, 0))
    area = shapely.box(-2_000, -2_000, 2_000, 2_000)
    table = measure_standards(home, sites_of(square(120, 500, 0)), coverage=area)
    assert table["ags_wider_neighbourhood_euclid_met"].tolist() == [True, True]
    # 5 km and 10 km reach beyond the data, but a district park is inside them.
    assert table["ags_district_euclid_met"].tolist() == [True, True]
    assert table["ags_sub_regional_euclid_met"].isna().all()
    # 300 m round the first home are known, round the second they aren't.
    assert table["ags_local_euclid_met"].tolist() == [False, pd.NA]
    assert table["ags_doorstep_or_local_euclid_met"].tolist() == [False, pd.NA]


def test_the_edge_matters_on_foot_too():
    network = street((0, 0), (1000, 0))
    park = sites_of(shapely.box(280, 10, 480, 160))
    routing = Routing(network, find_entrances(park, gates((400, 10)), network))
    area = shapely.box(-250, -1000, 2000, 1000)
    table = measure_standards(homes_at((0, 0)), park, routing=routing, coverage=area).iloc[0]
    assert not table["ags_doorstep_walk_met"]
    assert table["ags_local_euclid_met"]
    assert pd.isna(table["ags_local_walk_met"])


def test_no_green_at_all_meets_nothing():
    none = sites_of(square(1, 0, 0)).iloc[:0]
    table = measure_standards(homes_at((0, 0)), none, criteria=EVERY)
    assert met(table) == set()
    assert table["ags_doorstep_euclid_m"].isna().all()
    inside = measure_standards(homes_at((0, 0)), none, coverage=shapely.box(-250, -250, 250, 250))
    assert not inside["ags_doorstep_euclid_met"].iloc[0]
    assert pd.isna(inside["ags_local_euclid_met"].iloc[0])


def test_bad_input_is_refused_in_one_line():
    home, park = homes_at((0, 0)), sites_of(square(1, 0, 0))
    with pytest.raises(CRSError, match="metres"):
        measure_standards(home.to_crs(4326), park)
    with pytest.raises(CRSError, match="no coordinate reference system"):
        measure_standards(home, park.set_crs(None, allow_override=True))
    for criteria in ((), (Criterion("a", "A", 1, 1), Criterion("a", "A", 2, 1))):
        with pytest.raises(UsageError, match="own code"):
            measure_standards(home, park, criteria=criteria)


def test_shares_of_people_with_what_is_not_known():
    table = pd.DataFrame({"ags_local_walk_met": pd.array([True, False, None, True, None], dtype="boolean")})
    home = homes_at(*[(i, 0) for i in range(5)]).assign(
        zone_code=["A", "A", "A", "B", "C"], people=[10.0, 20.0, 10.0, np.nan, 0.0]
    )
    shares = summarise_standards(table, home).set_index("group")
    assert shares.loc["A", ["people", "people_met", "people_not_known"]].tolist() == [40, 10, 10]
    assert shares.loc["A", ["share_at_least", "share_at_most"]].tolist() == [0.25, 0.5]
    assert shares.loc["A", ["origins", "origins_not_known"]].tolist() == [3, 1]
    assert shares.loc["B", ["people", "people_met", "share_at_least"]].isna().all()  # no weight is made up
    assert shares.loc["C", ["share_at_least", "share_at_most"]].isna().all()  # nobody lives there
    whole = summarise_standards(table.iloc[:3], home.iloc[:3], by=pd.Series("neighbourhood", index=range(3)))
    assert whole["group"].tolist() == ["neighbourhood"]


def test_hectares_for_a_thousand_people():
    found = green_per_thousand(
        pd.Series([30_000.0, 10.0, 10.0], index=[5, 6, 7]), pd.Series([1_000, 0, np.nan], index=[5, 6, 7])
    )
    assert found.iloc[0] == 3.0
    assert found.isna().tolist() == [False, True, True]


small = (Criterion("tiny", "Tiny", 0.1, 60), Criterion("small", "Small", 0.3, 120), Criterion("any", "Any", 0, 40))


@settings(max_examples=30, deadline=None)
@given(rows, st.integers(0, 8), st.floats(0.2, 0.8))
@example([(None, "park", 25, 0, 35, 10), (None, "park", 40, 0, 50, 10)], 0, 0.5)  # two nearest points of one site
def test_cutting_a_park_in_two_changes_no_standard(drawn, which, share):
    whole = greens(*drawn)
    homes = homes_at((-20, -20), (3, 101), (130, 51), (202, 260))
    network = street((-21, -25), (-21, 100), (300, 100), (300, 52), (-21, 52))
    tables = []
    for green in (whole, cut(whole, which % len(whole), share)):
        sites = merge_sites(green)
        routing = Routing(network, find_entrances(sites, gates((3, 100)), network))
        tables.append(measure_standards(homes, sites, criteria=small, routing=routing))
    pd.testing.assert_frame_equal(*tables, atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(rows, st.floats(1, 359), st.randoms(use_true_random=False))
def test_turning_shifting_and_mixing_the_world_changes_nothing(drawn, degrees, shuffler):
    def turned(frame):
        return frame.set_geometry(frame.rotate(degrees, origin=(0, 0)).translate(12_000, -9_000))

    green, homes = greens(*drawn), homes_at((-20, -20), (3, 101), (130, 51), (202, 260))
    # No fence is just as far from the street as a walk to it may begin: that would hang on the last digit.
    network = street((-21.3, -25.3), (-21.3, 100.3), (300.3, 100.3), (300.3, 52.3), (-21.3, 52.3))
    sites = merge_sites(green)
    doors = find_entrances(sites, gates((3, 100.3)), network)
    before = measure_standards(homes, sites, criteria=small, routing=Routing(network, doors))
    nodes = turned(gpd.GeoDataFrame(geometry=shapely.points(network.xy), crs=27700)).geometry
    network = street(*shapely.get_coordinates(nodes))
    sites = merge_sites(turned(green).sample(frac=1, random_state=shuffler.randrange(1000)))
    after = measure_standards(turned(homes), sites, criteria=small, routing=Routing(network, turned(doors)))
    pd.testing.assert_frame_equal(before, after, atol=1e-5)


@settings(max_examples=15, deadline=None)
@given(rows, rows)
def test_one_more_park_takes_no_standard_away(drawn, more):
    homes = homes_at((-20, -20), (3, 101), (130, 51), (202, 260))
    before = measure_standards(homes, merge_sites(greens(*drawn)), criteria=small)
    after = measure_standards(homes, merge_sites(greens(*drawn, *more)), criteria=small)
    for column in before.filter(like="_met"):
        assert (after[column] | ~before[column]).all()


# --- Tidewell: the sample, by hand ------------------------------------------------------------------------------------
# Sites of 2 ha or more: Kingfisher Park 6.56 ha, Heron Mere Park 2.315 ha. Of 0.5 ha: Ropewalk 1.44 ha and others.
# Answers on foot and straight: doorstep, local, neighbourhood.
TIDEWELL = {
    # 10 m from Kingfisher's fence, 290 m from its gate; 110 m from Ropewalk is another street.
    "depot_gate": {"euclid": (True, True, None), "walk": (False, True, None)},
    # Ropewalk 61 m off, 110 m on foot; Kingfisher's corner (410, 610) is 194 m off, its gate 350 + 110 on foot.
    "market_street": {"euclid": (True, True, None), "walk": (True, False, None)},
}


@pytest.fixture(scope="module")
def sample_sites(sample):
    extract = read_osm(sample / "osm_cache/tidewell.osm")
    usable = usable_assets(extract.assets)
    sites = merge_sites(usable[usable["category"].isin(taxonomy().members("green_space"))])
    network = build_network(extract.walk)
    coverage = gpd.GeoSeries([shapely.box(*extract.bounds)], crs=4326).to_crs(27700).iloc[0]
    return extract, sites, Routing(network, find_entrances(sites, extract.entrances, network)), coverage


@pytest.mark.parametrize("origin", TIDEWELL)
def test_tidewell_s_answers(origin, sample_sites):
    _, sites, routing, coverage = sample_sites
    home = homes_at(tidewell.at(*tidewell.ORIGINS[origin].place))
    table = measure_standards(home, sites, routing=routing, coverage=coverage).iloc[0]
    for mode, answers in TIDEWELL[origin].items():
        for name, answer in zip(("doorstep", "local", "neighbourhood"), answers, strict=True):
            found = table[f"ags_{name}_{mode}_met"]
            assert (None if pd.isna(found) else bool(found)) == answer, (mode, name)


def test_tidewell_s_zones_add_up(sample, sample_sites):
    extract, sites, routing, coverage = sample_sites
    zones, _ = read_zones(sample / "boundaries/tidewell_zones.geojson", crs=BRITISH_GRID)
    zones["population"] = zones["zone_code"].map(tidewell.POPULATION)
    homes = origins_from_buildings(zones, extract.buildings)
    table = measure_standards(homes, sites, routing=routing, coverage=coverage)
    shares = summarise_standards(table, homes)
    whole = summarise_standards(table, homes, by=pd.Series("neighbourhood", index=homes.index))
    sums = shares.groupby(["criterion", "mode"])[["people", "people_met", "people_not_known", "origins"]].sum()
    whole = whole.set_index(["criterion", "mode"])
    pd.testing.assert_frame_equal(sums, whole[sums.columns].sort_index(), check_exact=False)
    assert whole["people"].tolist() == pytest.approx([tidewell.POPULATION_IN_ALL] * len(whole))
    at_least = whole["share_at_least"].unstack()
    assert (at_least["walk"] <= at_least["euclid"] + 1e-12).all()  # the line is never longer than the walk


# --- Old Ford ---------------------------------------------------------------------------------------------------------


def test_old_ford_s_standards(shared_data):
    green, _ = read_green_space(
        shared_data / "greenspace/tower_hamlets_800m_os_open_greenspace_2020.geojson", crs=BRITISH_GRID
    )
    usable = usable_assets(green)
    sites = merge_sites(usable[usable["category"].isin(taxonomy().members("green_space"))])
    home = gpd.GeoDataFrame(geometry=gpd.points_from_xy([-0.033], [51.530]), crs=4326).to_crs(27700)
    table = measure_standards(home, sites, criteria=EVERY).iloc[0]
    # Each distance again, by looking at every polygon there is.
    for criterion in EVERY:
        large = green[(green["area_m2"] >= criterion.min_ha * 10_000) & green["asset_id"].isin(sites["site_id"])]
        nearest = large.distance(home.geometry.iloc[0]).min()
        assert table[f"{criterion.code}_euclid_m"] == pytest.approx(nearest, nan_ok=True)
    assert table["ags_wider_neighbourhood_euclid_met"]  # Victoria Park
    assert table["london_metropolitan_euclid_met"]
    assert not table["ags_district_euclid_met"]  # no site of 100 ha in the file


def test_entrances_of_old_ford_s_sites_lie_on_them(shared_data):
    folder = shared_data / "greenspace"
    green, _ = read_green_space(folder / "tower_hamlets_800m_os_open_greenspace_2020.geojson", crs=BRITISH_GRID)
    points, _ = read_access_points(folder / "tower_hamlets_800m_os_access_points_2020.geojson", crs=BRITISH_GRID)
    sites = merge_sites(usable_assets(green).query("name == 'Victoria Park'"))
    network = street(*shapely.get_coordinates(sites.geometry.iloc[0].buffer(50).exterior))
    doors = find_entrances(sites, points.iloc[:0], network, official=points)
    assert set(doors["entrance_kind"]) == {"entrance"}
    assert len(doors) > 10
    home = homes_at(*shapely.get_coordinates(network.lines[:200])[::20])
    table = measure_standards(home, sites, routing=Routing(network, doors))
    assert (table["ags_local_walk_m"] >= table["ags_local_euclid_m"] - 1e-6).all()
