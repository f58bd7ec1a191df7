"""Access on paper: straight lines, walks, counts, edges, and what must never change it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.entrances import find_entrances
from assetmap.errors import CRSError, UsageError
from assetmap.measures.access import AccessSettings, measure_access, usable_assets
from assetmap.measures.routing import Routing
from assetmap.network import PROFILES, build_network
from assetmap.sources.osm import read_osm
from tests.worlds.drawn import SOUTH, WEST, Drawing

TARGETS = {"park": ["park"], "library": ["library"], "green_space": ["park", "garden"]}


def origins_at(*points):
    return gpd.GeoDataFrame(
        {"origin_id": [f"o{i}" for i in range(len(points))], "zone_code": "Z1", "people": 1.0, "weight_kind": "given"},
        geometry=[shapely.Point(WEST + x, SOUTH + y) for x, y in points],
        crs=27700,
    )


def assets_at(*rows):
    return gpd.GeoDataFrame(
        {
            "asset_id": [f"a{i}" for i in range(len(rows))],
            "category": [category for category, _, _ in rows],
            "access": "open",
        },
        geometry=[shapely.Point(WEST + x, SOUTH + y) for _, x, y in rows],
        crs=27700,
    )


@pytest.fixture
def town(tmp_path):
    """A canal between two streets; one bridge by steps at x = 100, one for everyone at x = 900."""
    d = Drawing()
    south = [(0, 0), (100, 0), (900, 0), (1000, 0)]
    north = [(x, 100) for x, _ in south]
    d.way(south, highway="residential", surface="asphalt")
    d.way(north, highway="residential", surface="asphalt")
    d.way([(100, 0), (100, 100)], highway="steps")
    d.way([(900, 0), (900, 100)], highway="footway", surface="asphalt")
    d.area(300, 110, 500, 200, leisure="park", name="North Park")
    d.node(300, 110, barrier="gate")
    d.node(0, 0, amenity="library")
    d.node(700, 300, amenity="pub")  # 200 m from any way
    extract = read_osm(d.write(tmp_path / "town.osm"))
    network = build_network(extract.walk)
    assets = usable_assets(extract.assets)
    return extract, assets, Routing(network, find_entrances(assets, extract.entrances, network))


def measured(town, points, profile="standard", **kwargs):
    _, assets, routing = town
    targets = {"park": ["park"], "library": ["library"], "pub": ["pub"]}
    table = measure_access(
        origins_at(*points),
        assets,
        targets=targets,
        routing=routing,
        settings=AccessSettings(PROFILES[profile]),
        **kwargs,
    )
    return table.set_index(["origin_id", "category"])


def test_a_walk_goes_over_the_bridge_and_in_by_the_gate(town):
    found = measured(town, [(0, 0)])
    # 100 m along the street, 100 m up the steps, 200 m back east, 10 m to the gate at the park's corner
    assert found.loc[("o0", "park"), "walk_m"] == pytest.approx(100 + 100 + 200 + 10, abs=0.1)
    assert found.loc[("o0", "park"), "entrance_kind"] == "entrance"
    assert found.loc[("o0", "park"), "euclid_m"] == pytest.approx(np.hypot(300, 110), abs=0.05)
    assert found.loc[("o0", "library"), "walk_m"] == pytest.approx(0, abs=0.05)


def test_without_steps_it_is_the_other_bridge(town):
    found = measured(town, [(0, 0)], profile="step_free").loc[("o0", "park")]
    assert found["walk_m"] == pytest.approx(900 + 100 + 600 + 10, abs=0.1)
    assert found["step_free_unknown_share"] == pytest.approx(0, abs=1e-6)


def test_the_unreachable_is_nan_and_not_the_farthest(town):
    found = measured(town, [(0, 0), (500, 450)])
    assert np.isnan(found.loc[("o0", "pub"), "walk_m"])  # 200 m off the network
    assert found.loc[("o0", "pub"), "euclid_m"] > 0
    assert np.isnan(found.loc[("o1", "park"), "walk_m"])  # this origin is 350 m off it
    assert found.loc[("o0", "pub"), "walk_count_1200m"] == 0


def test_counts_are_of_assets_not_of_entrances(town):
    found = measured(town, [(300, 100)])
    assert found.loc[("o0", "park"), ["walk_count_400m", "walk_count_800m"]].tolist() == [1, 1]
    assert found.loc[("o0", "library"), ["walk_count_400m", "walk_count_800m"]].tolist() == [1, 1]  # 200+100+100 = 400


def test_edge_effect_where_the_data_ends_nearer_than_the_asset(town):
    area = shapely.box(WEST - 50, SOUTH - 5000, WEST + 5000, SOUTH + 5000)
    found = measured(town, [(0, 0), (320, 105), (-60, 0)], coverage=area)
    assert found.loc[("o0", "park"), "edge_effect"]  # the edge is 50 m off, the park 410 m
    assert not found.loc[("o1", "park"), "edge_effect"]
    assert found.loc[("o0", "pub"), "edge_effect"]  # not reached at all: perhaps one beyond the edge
    assert found.loc[("o2", "library"), "edge_effect"]  # outside the data


def test_a_straight_line_study_counts_straight_lines():
    table = measure_access(
        origins_at((0, 0)), assets_at(("park", 0, 300), ("park", 500, 0), ("garden", 0, 900)), targets=TARGETS
    ).set_index("category")
    assert table.loc["park", "euclid_m"] == 300
    assert table.loc["green_space", ["euclid_count_400m", "euclid_count_800m", "euclid_count_1200m"]].tolist() == [
        1,
        2,
        3,
    ]
    assert np.isnan(table.loc["library", "euclid_m"])
    assert table["walk_m"].isna().all()


def test_restricted_and_duplicate_assets_are_not_walked_to():
    assets = assets_at(("park", 0, 1), ("park", 0, 2), ("park", 0, 3)).assign(
        access=["restricted", "unknown", "open"], duplicate_of=[None, None, "a1"]
    )
    assert usable_assets(assets)["asset_id"].tolist() == ["a1"]


def test_degrees_missing_crs_and_nothing_to_measure_are_refused():
    origins, assets = origins_at((0, 0)), assets_at(("park", 0, 1))
    with pytest.raises(CRSError, match="metres"):
        measure_access(origins.to_crs(4326), assets, targets=TARGETS)
    with pytest.raises(CRSError, match="no coordinate reference system"):
        measure_access(origins, assets.set_crs(None, allow_override=True), targets=TARGETS)
    with pytest.raises(UsageError, match="no kind of asset"):
        measure_access(origins, assets, targets={})
    with pytest.raises(UsageError, match="thresholds_m"):
        AccessSettings(thresholds_m=(0,))


places = st.tuples(st.sampled_from(["park", "garden", "library"]), st.integers(0, 2000), st.integers(0, 2000))


@settings(max_examples=30, deadline=None)
@given(st.lists(places, min_size=1, max_size=8), places)
def test_one_more_asset_never_makes_anyone_farther(rows, extra):
    origins = origins_at((0, 0), (1000, 1000), (1999, 3))
    before = measure_access(origins, assets_at(*rows), targets=TARGETS)
    after = measure_access(origins, assets_at(*rows, extra), targets=TARGETS)
    far, near = before["euclid_m"].fillna(np.inf), after["euclid_m"].fillna(np.inf)
    assert (near <= far).all()
    counts = [c for c in before.columns if "count" in c]
    assert (after[counts] >= before[counts]).all().all()


@settings(max_examples=20, deadline=None)
@given(st.lists(places, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_order_of_rows_and_a_shift_of_the_world_change_nothing(rows, shuffler):
    origins, assets = origins_at((0, 0), (1000, 1000)), assets_at(*rows)
    first = measure_access(origins, assets, targets=TARGETS)
    mixed = assets.sample(frac=1, random_state=shuffler.randrange(1000))
    moved = mixed.set_geometry(mixed.translate(12_000, -9_000)).reset_index(drop=True)
    again = measure_access(origins.set_geometry(origins.translate(12_000, -9_000)), moved, targets=TARGETS)
    pd.testing.assert_series_equal(first["euclid_m"], again["euclid_m"], atol=1e-6)
    counts = [c for c in first.columns if "count" in c]
    pd.testing.assert_frame_equal(first[counts], again[counts])


def test_a_walk_is_never_shorter_than_the_straight_line(shared_data):
    extract = read_osm(shared_data / "osm" / "osm2streets_leeds_cycleway.osm")
    network = build_network(extract.walk)
    assets = usable_assets(extract.assets)
    rng = np.random.default_rng(5)
    west, south, east, north = assets.total_bounds
    points = np.column_stack([rng.uniform(west, east, 300), rng.uniform(south, north, 300)]) - [WEST, SOUTH]
    table = measure_access(
        origins_at(*points),
        assets,
        targets={c: [c] for c in assets["category"].unique()},
        routing=Routing(network, find_entrances(assets, extract.entrances, network)),
    )
    walked = table.dropna(subset=["walk_m"])
    assert len(walked) > 1000
    assert (walked["walk_m"] >= walked["euclid_m"] - 1e-6).all()
