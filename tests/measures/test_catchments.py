"""Floating catchments, beside the answer on paper and PySAL's own implementation."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.crs import BRITISH_GRID
from assetmap.entrances import find_entrances
from assetmap.errors import CRSError, InputError, UsageError
from assetmap.measures.access import usable_assets
from assetmap.measures.catchments import (
    E2SFCA_STEPS,
    floating_catchment,
    gaussian_decay,
    gravity_decay,
    mean_supply,
    step_decay,
    travel_costs,
)
from assetmap.measures.opening import hours_per_week
from assetmap.measures.routing import Routing, Walks
from assetmap.measures.sites import merge_sites
from assetmap.network import PROFILES, build_network
from assetmap.sources.green_space import read_green_space
from assetmap.sources.osm import read_osm
from tests.test_network import graph_of, random_network
from tests.worlds import tidewell

PEOPLE = pd.Series({"a": 1000.0, "b": 500.0, "c": 1500.0})
SUPPLY = pd.Series({"x": 2.0, "y": 10.0})
COSTS = pd.DataFrame(
    [("a", "x", 5.0), ("a", "y", 25.0), ("b", "x", 15.0), ("b", "y", 15.0), ("c", "x", 35.0), ("c", "y", 8.0)],
    columns=["origin", "supply", "minutes"],
)


def test_the_answer_on_paper():
    found = floating_catchment(COSTS, PEOPLE, supply=SUPPLY, decay=step_decay())
    # x: 1000 + 500 x .68; y: 1000 x .22 + 500 x .68 + 1500
    assert found.supplies["demand"].to_dict() == pytest.approx({"x": 1340, "y": 2060})
    assert found.supplies["ratio"].to_dict() == pytest.approx({"x": 2 / 1340, "y": 10 / 2060}, rel=1e-12)
    assert found.supplies["ratio"].tolist() == pytest.approx([0.0014925373, 0.0048543689], abs=1e-9)
    assert found.access.tolist() == pytest.approx([0.0025604985, 0.0043158962, 0.0048543689], abs=1e-9)
    assert (PEOPLE * found.access).sum() == pytest.approx(12, rel=1e-12)


def test_two_steps_are_one_step_of_weight_one():
    found = floating_catchment(COSTS, PEOPLE, supply=SUPPLY, decay=step_decay({30: 1.0}))
    assert found.supplies["ratio"].to_dict() == pytest.approx({"x": 2 / 1500, "y": 10 / 3000})
    assert found.access.to_dict() == pytest.approx(
        {"a": 2 / 1500 + 10 / 3000, "b": 2 / 1500 + 10 / 3000, "c": 10 / 3000}
    )


def test_what_nobody_reaches_serves_nobody_and_is_told():
    supply = pd.Series({"x": 2.0, "y": 10.0, "island": 7.0})
    people = pd.concat([PEOPLE, pd.Series({"hermit": 3.0})])
    found = floating_catchment(COSTS, people, supply=supply, decay=step_decay())
    assert found.supplies.index[found.supplies["ratio"].isna()].tolist() == ["island"]
    assert found.supplies.loc["island", "demand"] == 0
    assert found.access["hermit"] == 0
    assert (people * found.access).sum() == pytest.approx(12)
    zones = pd.Series({"a": "Z1", "b": "Z1", "c": "Z2", "hermit": "Z2"})
    table = mean_supply(found.access, people, by=zones)
    assert table["supply"].sum() == pytest.approx(12)
    assert table["people_without"].to_dict() == {"Z1": 0, "Z2": 3}
    assert table.loc["Z1", "supply_per_person"] == pytest.approx(table.loc["Z1", "supply"] / 1500)


def test_pairs_that_can_t_be_travelled_and_the_order_of_rows():
    lost = pd.concat([COSTS, pd.DataFrame({"origin": ["c"], "supply": ["z"], "minutes": [np.nan]})])
    supply = pd.concat([SUPPLY, pd.Series({"z": 1.0})])
    found = floating_catchment(lost.iloc[::-1], PEOPLE.iloc[::-1], supply=supply, decay=step_decay())
    assert found.access.index.tolist() == ["c", "b", "a"]
    assert found.access["a"] == pytest.approx(0.0025604985, abs=1e-9)
    assert np.isnan(found.supplies.loc["z", "ratio"])


def test_costs_may_be_metres():
    metres = COSTS.rename(columns={"minutes": "distance_m"}).assign(distance_m=lambda t: t["distance_m"] / 0.015)
    steps = {minutes / 0.015 * (1 + 1e-12): weight for minutes, weight in E2SFCA_STEPS.items()}
    found = floating_catchment(metres, PEOPLE, supply=SUPPLY, decay=step_decay(steps), cost="distance_m")
    assert found.access["b"] == pytest.approx(0.0043158962, abs=1e-9)


@pytest.mark.parametrize(
    ("people", "supply", "costs", "words"),
    [
        (PEOPLE.replace(500, 0), SUPPLY, COSTS, "1 of 3 origins have no number of people above 0"),
        (-PEOPLE, SUPPLY, COSTS, "3 of 3 origins"),
        (PEOPLE.replace(500, np.nan), SUPPLY, COSTS, "1 of 3 origins"),
        (PEOPLE, SUPPLY.replace(2, np.nan), COSTS, "1 of 2 supplies have no capacity"),
        (PEOPLE, -SUPPLY, COSTS, "2 of 2 supplies"),
        (PEOPLE, SUPPLY, COSTS.assign(minutes=-1.0), "6 of 6 costs are below 0"),
        (PEOPLE, SUPPLY, COSTS.drop(columns="minutes"), "no column minutes"),
        (PEOPLE, SUPPLY, pd.concat([COSTS, COSTS.iloc[:1]]), "1 of 7 costs stand twice, such as 'a' to 'x'"),
        (PEOPLE, SUPPLY.drop("y"), COSTS, "3 of 6 costs name no supply of the 1 given, such as 'y'"),
        (PEOPLE.drop("a"), SUPPLY, COSTS, "2 of 6 costs name no origin of the 2 given, such as 'a'"),
        (pd.concat([PEOPLE, PEOPLE]), SUPPLY, COSTS, "'a' stands twice"),
    ],
)
def test_bad_input_is_refused_in_one_line(people, supply, costs, words):
    with pytest.raises(InputError, match=words) as caught:
        floating_catchment(costs, people, supply=supply, decay=step_decay())
    assert "\n" not in str(caught.value)


def test_catchments_that_hold_nothing_are_refused():
    for steps in ({}, {0: 1.0}, {10: -1.0}, {10: 0.0}):
        with pytest.raises(UsageError, match="catchment"):
            step_decay(steps)
    with pytest.raises(UsageError, match="limit"):
        gaussian_decay(0)
    for exponent, least, limit in ((0, 1, 10), (1, 0, 10), (1, 5, 5)):
        with pytest.raises(UsageError, match="gravity"):
            gravity_decay(exponent, least=least, limit=limit)


def test_weights_fall_with_the_cost():
    cost = np.linspace(0, 40, 401)
    for decay in (step_decay(), gaussian_decay(30), gravity_decay(1.5, least=2, limit=30), gravity_decay(1, least=1)):
        weight = decay(cost)
        assert (np.diff(weight) <= 0).all()
        assert (weight >= 0).all()
    assert gaussian_decay(30)(np.array([30.0])).tolist() == [0.0]


DECAYS = {
    "2SFCA": step_decay({30: 1.0}),
    "E2SFCA": step_decay(),
    "gaussian": gaussian_decay(30),
    "gravity": gravity_decay(2, least=1.0),
}


def random_world(seed):
    rng = np.random.default_rng(seed)
    people = pd.Series(rng.uniform(1, 2000, rng.integers(1, 15)).round(3)).rename(lambda i: f"o{i}")
    supply = pd.Series(rng.uniform(0, 50, rng.integers(1, 8)).round(3)).rename(lambda i: f"s{i}")
    pairs = [(i, j) for i in people.index for j in supply.index if rng.random() < 0.6]
    costs = pd.DataFrame(pairs, columns=["origin", "supply"]).assign(minutes=rng.uniform(0, 45, len(pairs)).round(1))
    return people, supply, costs


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1_000_000), st.sampled_from(sorted(DECAYS)))
def test_what_is_given_out_is_what_there_is(seed, kind):
    people, supply, costs = random_world(seed)
    found = floating_catchment(costs, people, supply=supply, decay=DECAYS[kind])
    reached = found.supplies["demand"] > 0
    assert (people * found.access).sum() == pytest.approx(supply[reached].sum(), rel=1e-9)
    assert found.supplies["ratio"].isna().tolist() == (~reached).tolist()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1_000_000), st.sampled_from(sorted(DECAYS)))
def test_more_of_a_supply_leaves_nobody_with_less(seed, kind):
    people, supply, costs = random_world(seed)
    before = floating_catchment(costs, people, supply=supply, decay=DECAYS[kind]).access
    after = floating_catchment(costs, people, supply=supply + 1, decay=DECAYS[kind]).access
    assert (after >= before - 1e-12).all()


@pytest.mark.parametrize("kind", sorted(DECAYS))
def test_beside_pysal_on_random_worlds(kind):
    fca = pytest.importorskip("access.fca", reason="PySAL's access is not installed")
    compared = 0
    for seed in range(25):
        people, supply, costs = random_world(seed)
        ours = floating_catchment(costs, people, supply=supply, decay=DECAYS[kind]).access
        theirs = fca.two_stage_fca(
            people.rename("demand").rename_axis("geoid").reset_index(),
            supply.to_frame("supply").rename_axis("geoid"),
            costs,
            demand_index="geoid",
            cost_origin="origin",
            cost_dest="supply",
            cost_name="minutes",
            weight_fn=lambda cost: float(DECAYS[kind](np.array([cost]))[0]),
        ).reindex(people.index)
        # PySAL divides by nobody where no one reaches a supply; that gives it no figure for those near it.
        known = theirs.notna()
        assert ours[known].to_numpy() == pytest.approx(theirs[known].to_numpy(), rel=1e-9, abs=1e-12)
        assert (ours[~known] == 0).all()
        compared += int(known.sum())
    assert compared > 100


# --- Travel costs -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def walked(sample):
    extract = read_osm(sample / "osm_cache/tidewell.osm")
    assets = usable_assets(extract.assets)
    network = build_network(extract.walk)
    places = np.array([tidewell.at(*origin.place) for origin in tidewell.ORIGINS.values()])
    homes = gpd.GeoDataFrame(
        {"people": 10.0}, geometry=gpd.points_from_xy(*places.T), crs=27700, index=list(tidewell.ORIGINS)
    )
    return homes, assets, Routing(network, find_entrances(assets, extract.entrances, network))


def test_costs_are_the_walks_of_tidewell(walked):
    homes, assets, routing = walked
    costs = travel_costs(homes, assets, limit_minutes=30, routing=routing)
    names = costs["supply"].map(assets["name"])
    for (origin, category), answer in tidewell.ANSWERS.items():
        mine = (costs["origin"] == origin) & (costs["supply"].map(assets["category"]) == category)
        nearest = costs[mine].sort_values("distance_m").iloc[0]
        assert nearest["distance_m"] == pytest.approx(answer.standard_m, abs=0.05), (origin, category)
        assert nearest["minutes"] == pytest.approx(answer.standard_m * 0.015, abs=0.001)
        assert names[nearest.name] == answer.nearest
    assert not costs.duplicated(["origin", "supply"]).any()
    assert costs["minutes"].max() <= 30 + 1e-9


@pytest.mark.parametrize("profile", ["standard", "slow", "step_free"])
def test_pairs_agree_with_nearest_and_counts(walked, profile):
    homes, assets, routing = walked
    costs = travel_costs(homes, assets, limit_minutes=15, routing=routing, profile=PROFILES[profile])
    limit_m = 15 / PROFILES[profile].minutes(1.0)
    walks = Walks(homes, routing, profile=PROFILES[profile])
    every = np.ones(len(assets), dtype=bool)
    nearest = walks.nearest(every)["walk_m"].set_axis(homes.index)
    least = costs.groupby("origin")["distance_m"].min().reindex(homes.index)
    assert least.tolist() == pytest.approx(nearest.where(nearest <= limit_m).tolist(), nan_ok=True)
    counts = costs.groupby("origin").size().reindex(homes.index, fill_value=0)
    assert walks.count(every[None, :], [limit_m])[0, 0].tolist() == counts.tolist()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_pairs_agree_with_networkx(seed):
    rng = np.random.default_rng(seed)
    network = random_network(seed)
    points = rng.uniform(0, 1000, (30, 2))
    homes = gpd.GeoDataFrame(geometry=shapely.points(points[:12]), crs=27700)
    doors = gpd.GeoDataFrame(
        {"asset": rng.integers(0, 5, 18), "entrance_kind": "entrance"}, geometry=shapely.points(points[12:]), crs=27700
    )
    walks = Walks(homes, Routing(network, doors))
    graph = graph_of(walks.network)
    expected = {}
    for door in np.flatnonzero(walks.door >= 0):
        lengths = nx.single_source_dijkstra_path_length(graph, int(walks.door[door]))
        for home in np.flatnonzero(walks.start >= 0):
            pair = int(home), int(walks.owner[door])
            walk_m = lengths.get(int(walks.start[home]), np.inf) + walks.start_gap[home] + walks.door_gap[door]
            expected[pair] = min(walk_m, expected.get(pair, np.inf))
    found = walks.pairs(700.0)
    near = {pair: walk_m for pair, walk_m in expected.items() if walk_m <= 700}
    assert {(o, a): d for o, a, d in found.itertuples(index=False)} == pytest.approx(near)


def test_straight_costs_and_labels_are_the_caller_s(walked):
    homes, assets, _ = walked
    costs = travel_costs(homes, assets, limit_minutes=6)
    expected = {
        (origin, asset): distance
        for origin, point in homes.geometry.items()
        for asset, distance in assets.distance(point).items()
        if distance <= 400
    }
    assert {
        (o, s): d for o, s, d in costs[["origin", "supply", "distance_m"]].itertuples(index=False)
    } == pytest.approx(expected)


def test_nobody_near_anything(walked):
    homes, assets, routing = walked
    away = homes.set_geometry(homes.translate(50_000, 0))
    for route in (None, routing):
        costs = travel_costs(away, assets, routing=route)
        assert costs.columns.tolist() == ["origin", "supply", "distance_m", "minutes"]
        assert costs.empty
        found = floating_catchment(costs, away["people"], supply=assets["area_m2"].fillna(0), decay=step_decay())
        assert (found.access == 0).all()
        assert found.supplies["ratio"].isna().all()
    with pytest.raises(CRSError, match="metres"):
        travel_costs(homes.to_crs(4326), assets)


def test_square_metres_of_park_and_hours_of_halls_for_tidewell(walked):
    homes, assets, routing = walked
    costs = travel_costs(homes, assets, routing=routing)
    parks = assets[assets["category"] == "park"]
    of_parks = costs[costs["supply"].isin(parks.index)]
    found = floating_catchment(of_parks, homes["people"], supply=parks["area_m2"], decay=step_decay())
    reached = found.supplies["demand"] > 0
    assert (homes["people"] * found.access).sum() == pytest.approx(parks["area_m2"][reached].sum())
    halls = assets[assets["category"].isin(["community_centre", "library"])]
    hours = hours_per_week(halls["opening_hours"], year=2026)
    open_ones = hours[hours.notna()]
    assert len(open_ones) > 0
    of_halls = costs[costs["supply"].isin(open_ones.index)]
    given_out = floating_catchment(of_halls, homes["people"], supply=open_ones, decay=gaussian_decay(30))
    assert (homes["people"] * given_out.access).sum() == pytest.approx(open_ones.sum())


def test_old_ford_s_parks_by_people(shared_data):
    green, _ = read_green_space(
        shared_data / "greenspace/tower_hamlets_800m_os_open_greenspace_2020.geojson", crs=BRITISH_GRID
    )
    sites = merge_sites(usable_assets(green).query("category == 'park'"))
    west, south, east, north = sites.total_bounds
    x, y = np.meshgrid(np.arange(west, east, 250), np.arange(south, north, 250))
    homes = gpd.GeoDataFrame(geometry=shapely.points(x.ravel(), y.ravel()), crs=27700)
    people = pd.Series(np.random.default_rng(7).uniform(50, 500, len(homes)), index=homes.index)  # made up
    costs = travel_costs(homes, sites)
    found = floating_catchment(costs, people, supply=sites["area_m2"], decay=step_decay())
    assert (people * found.access).sum() == pytest.approx(sites["area_m2"].sum(), rel=1e-9)
    victoria = sites.index[sites["name"] == "Victoria Park"][0]
    within = homes.distance(sites.geometry[victoria])
    weights = np.select([within <= 2000 / 3, within <= 4000 / 3, within <= 2000], [1, 0.68, 0.22], 0.0)
    assert found.supplies.loc[victoria, "demand"] == pytest.approx((people * weights).sum())
