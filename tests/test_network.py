"""The walking network against paper, and against networkx on random worlds."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from assetmap.chains import Chains, merge_chains
from assetmap.counts import count_within
from assetmap.joining import Joined, join_points
from assetmap.network import (
    PROFILES,
    WalkNetwork,
    build_network,
    component_lengths,
    nearest_source,
    unknown_share,
)
from assetmap.sources.osm import read_osm
from tests.worlds.drawn import SOUTH, WEST, Drawing

CORNER = np.array([WEST, SOUTH])


def network_of(drawing: Drawing, tmp_path) -> WalkNetwork:
    return build_network(read_osm(drawing.write(tmp_path / "drawn.osm")).walk)


def nearest(network, sources, origins):
    """Distance from each origin to its nearest source, all given in metres from the drawing's corner."""
    points = np.array([*origins, *sources], dtype=float) + CORNER
    joined = join_points(network, points)
    k = len(origins)
    reach = nearest_source(joined.network.graph, joined.node[k:], joined.gap_m[k:])
    return np.where(joined.node[:k] >= 0, reach.distance_m[joined.node[:k]] + joined.gap_m[:k], np.nan), joined, reach


def test_a_bridge_does_not_join_what_runs_under_it(tmp_path):
    d = Drawing()
    d.way([(0, 0), (400, 0)], highway="residential")
    d.way([(200, -100), (200, 100)], layer=1, highway="footway", bridge="yes")
    found, _, _ = nearest(network_of(d, tmp_path), [(200, 100)], [(0, 0), (200, -100)])
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(200, abs=0.05)


def test_a_locked_gate_stops_everyone_and_a_stile_the_step_free_walker(tmp_path):
    d = Drawing()
    d.way([(0, 0), (100, 0), (200, 0)], highway="footway", surface="asphalt")
    d.way([(0, 0), (0, 300), (200, 300), (200, 0)], highway="footway", surface="asphalt")
    d.node(100, 0, barrier="stile")
    network = network_of(d, tmp_path)
    over, _, _ = nearest(network, [(200, 0)], [(0, 0)])
    round_about, _, _ = nearest(network.only(network.usable_by(PROFILES["step_free"])), [(200, 0)], [(0, 0)])
    assert over[0] == pytest.approx(200, abs=0.05)
    assert round_about[0] == pytest.approx(800, abs=0.05)
    d.tags[d.node(100, 0)] = {"barrier": "gate", "locked": "yes"}
    locked, _, _ = nearest(network_of(d, tmp_path), [(200, 0)], [(0, 0)])
    assert locked[0] == pytest.approx(800, abs=0.05)


def test_points_join_mid_edge_and_walk_along_it(tmp_path):
    d = Drawing()
    d.way([(0, 0), (100, 0)], highway="residential")
    network = network_of(d, tmp_path)
    found, joined, _ = nearest(network, [(70, 5)], [(20, 10), (70, -3), (50, 150)])
    assert found[0] == pytest.approx(10 + 50 + 5, abs=0.05)
    assert found[1] == pytest.approx(3 + 5, abs=0.05)
    assert np.isnan(found[2])  # 150 m from any way: not on the network
    assert joined.network.length_m.sum() == pytest.approx(network.length_m.sum())


def test_the_unknown_share_of_a_step_free_walk(tmp_path):
    d = Drawing()
    d.way([(0, 0), (300, 0)], highway="footway", surface="asphalt")
    d.way([(300, 0), (400, 0)], highway="footway")
    network = network_of(d, tmp_path)
    _, joined, reach = nearest(network, [(400, 0)], [(0, 0), (300, 0), (400, 0)])
    share = unknown_share(joined.network, reach)[joined.node[:3]]
    assert share[0] == pytest.approx(0.25, abs=1e-3)
    assert share[1] == pytest.approx(1.0, abs=1e-3)
    assert np.isnan(share[2])


def test_components_longest_first(tmp_path):
    d = Drawing()
    d.way([(0, 0), (50, 0)], highway="path")
    d.way([(0, 100), (300, 100)], highway="path")
    label, lengths = component_lengths(network_of(d, tmp_path))
    assert lengths == pytest.approx([300, 50], abs=0.05)
    assert np.bincount(label).tolist() == [2, 2]


def random_network(seed: int, nodes: int = 60, edges: int = 110) -> WalkNetwork:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 1000, (nodes, 2))
    start, end = rng.integers(0, nodes, (2, edges))
    keep = start != end
    start, end = start[keep], end[keep]
    return WalkNetwork(
        xy=xy,
        start=start,
        end=end,
        length_m=np.hypot(*(xy[start] - xy[end]).T) * rng.uniform(1, 1.5, len(start)),
        step_free=rng.integers(0, 3, len(start)).astype(np.int8),
        crs=CRS.from_epsg(27700),
    )


def graph_of(network: WalkNetwork) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(len(network.xy)))
    for a, b, length in zip(network.start, network.end, network.length_m, strict=True):
        if not graph.has_edge(a, b) or graph[a][b]["weight"] > length:
            graph.add_edge(int(a), int(b), weight=float(length))
    return graph


def chains_of(joined: Joined) -> Chains:
    """The network without its bends but for the joined points, and where every node lies on it."""
    keep = np.zeros(len(joined.network.xy), dtype=bool)
    keep[joined.node[joined.node >= 0]] = True
    return merge_chains(joined.network, keep, np.arange(len(keep)))


def test_points_join_alike_in_any_grouping_and_the_second_time_too():
    network, points = random_network(5), np.random.default_rng(6).uniform(0, 1000, (30, 2))
    fresh = join_points(replace(network), points, max_gap_m=60)
    assert 0 < (fresh.node >= 0).sum() < len(points)
    nothing = points[:0]
    for groups in ((points[:12], points[12:]), (points,), (nothing, points[:12], nothing, points[12:])):
        joined = join_points(network, *groups, max_gap_m=60)
        np.testing.assert_array_equal(joined.node, fresh.node)
        np.testing.assert_array_equal(joined.gap_m, fresh.gap_m)
        np.testing.assert_array_equal(joined.network.xy, fresh.network.xy)
    farther = join_points(network, points, max_gap_m=1000)
    assert (farther.node >= 0).all()  # what was remembered was of the nearer reach


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_a_profile_joins_as_to_a_network_of_its_ways_alone(seed):
    network, points = random_network(seed), np.random.default_rng(seed + 1).uniform(0, 1000, (40, 2))
    step_free = PROFILES["step_free"]
    found = join_points(network, points, profile=step_free, max_gap_m=60)
    alone = join_points(network.only(network.usable_by(step_free)), points, max_gap_m=60)
    for name in ("node", "gap_m"):
        np.testing.assert_array_equal(getattr(found, name), getattr(alone, name))
    for name in ("xy", "start", "end", "length_m", "step_free"):
        np.testing.assert_array_equal(getattr(found.network, name), getattr(alone.network, name))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_nearest_and_counts_agree_with_networkx(seed):
    network = random_network(seed)
    rng = np.random.default_rng(seed + 1)
    joined = join_points(network, rng.uniform(0, 1000, (25, 2)), max_gap_m=80)
    graph = graph_of(joined.network)
    on = np.flatnonzero(joined.node >= 0)
    owner = rng.integers(0, 6, 25)  # several ways into one source
    for k in on:
        graph.add_edge(("source", int(k)), int(joined.node[k]), weight=float(joined.gap_m[k]))
    reach = nearest_source(joined.network.graph, joined.node, joined.gap_m)
    n = len(joined.network.xy)
    # networkx has two-way links: leave them out when asking from the nodes' side.
    best = np.full((6, n), np.inf)
    for k in on:
        found = nx.single_source_dijkstra_path_length(graph_of(joined.network), int(joined.node[k]))
        for node, distance in found.items():
            best[owner[k], node] = min(best[owner[k], node], distance + joined.gap_m[k])
    expected = best.min(axis=0)
    assert np.allclose(np.nan_to_num(reach.distance_m, nan=np.inf), expected, atol=1e-6)
    chains = chains_of(joined)
    door = chains.number_of(joined.node)
    by_chain = nearest_source(chains.graph, door, joined.gap_m)
    distance_m, end = chains.nearer_end(by_chain.distance_m)
    assert np.allclose(distance_m, expected, atol=1e-6)
    source = np.append(by_chain.source, -1)[end]
    assert np.array_equal(source >= 0, np.isfinite(expected))
    reached = np.flatnonzero(source >= 0)
    assert np.allclose(best[owner[source[reached]], reached], expected[reached], atol=1e-6)
    limits = np.array([100.0, 400.0])
    members = np.eye(6, dtype=bool)
    links = (owner[on], door[on], joined.gap_m[on])
    counts = count_within(chains, links, members=members, gap_m=np.zeros(n), limits_m=limits)
    for t, limit in enumerate(limits):
        assert (counts[:, t] == (best <= limit)).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_joining_points_changes_no_distance_between_old_nodes(seed):
    network = random_network(seed)
    rng = np.random.default_rng(seed)
    joined = join_points(network, rng.uniform(0, 1000, (30, 2)), max_gap_m=200).network
    before = dict(nx.single_source_dijkstra_path_length(graph_of(network), 0))
    after = dict(nx.single_source_dijkstra_path_length(graph_of(joined), 0))
    for node, distance in before.items():
        assert after[node] == pytest.approx(distance, abs=1e-6)


@pytest.mark.parametrize("strip_edges", [10_000, 25, 1])
def test_a_point_joins_the_nearest_edge_also_where_edges_are_drawn_a_strip_at_a_time(monkeypatch, strip_edges):
    monkeypatch.setattr("assetmap.joining._STRIP_EDGES", strip_edges)
    network = random_network(7)
    points = np.random.default_rng(8).uniform(-100, 1100, (1_500, 2))
    joined = join_points(network, points, max_gap_m=40)
    ends = np.stack([network.xy[network.start], network.xy[network.end]], axis=1)
    gap_m = shapely.distance(shapely.points(points)[:, None], shapely.linestrings(ends)).min(axis=1)
    near = gap_m <= 40
    assert 0 < near.sum() < len(points)
    assert ((joined.node >= 0) == near).all()
    assert joined.gap_m[near] == pytest.approx(gap_m[near], abs=1e-9)
    assert np.isnan(joined.gap_m[~near]).all()
    there = joined.network.xy[joined.node[near]]
    assert np.hypot(*(there - points[near]).T) == pytest.approx(gap_m[near], abs=1e-6)


def test_las_palmas_beside_networkx(shared_data):
    extract = read_osm(shared_data / "osm" / "las_palmas_2023.osm.pbf")
    network = build_network(extract.walk)
    libraries = extract.assets.query("category == 'library'").geometry.representative_point()
    joined = join_points(network, np.column_stack([libraries.x, libraries.y]))
    reach = nearest_source(joined.network.graph, joined.node, joined.gap_m)
    graph = graph_of(joined.network)
    for k, (node, gap) in enumerate(zip(joined.node, joined.gap_m, strict=True)):
        graph.add_edge(("source", k), int(node), weight=float(gap))
    found = nx.multi_source_dijkstra_path_length(graph, {("source", k) for k in range(len(joined.node))})
    expected = np.array([found.get(i, np.nan) for i in range(len(joined.network.xy))])
    assert np.array_equal(np.isnan(expected), np.isnan(reach.distance_m))
    assert np.nanmax(np.abs(expected - reach.distance_m)) < 1e-6
    chains = chains_of(joined)
    by_chain = nearest_source(chains.graph, chains.number_of(joined.node), joined.gap_m)
    distance_m, _ = chains.nearer_end(by_chain.distance_m)
    assert np.allclose(distance_m, np.nan_to_num(expected, nan=np.inf), atol=1e-6)
