"""Merging the bends away changes no distance: on paper, and beside networkx on random networks."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from assetmap.chains import merge_chains
from assetmap.counts import count_within
from assetmap.network import WalkNetwork


def network_at(xy, edges, stretch=None) -> WalkNetwork:
    xy = np.array(xy, dtype=float)
    start, end = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    length = np.hypot(*(xy[start] - xy[end]).T) * (1 if stretch is None else stretch)
    return WalkNetwork(xy, start, end, length, np.zeros(len(start), np.int8), CRS.from_epsg(27700))


def kept_of(network, *nodes):
    keep = np.zeros(len(network.xy), dtype=bool)
    keep[list(nodes)] = True
    return merge_chains(network, keep, np.arange(len(network.xy)))


def test_a_street_with_bends_becomes_one_chain_between_its_ends():
    street = network_at([(0, 0), (10, 0), (30, 0), (60, 0)], [(0, 1), (1, 2), (2, 3)])
    chains = kept_of(street)
    assert chains.kept.tolist() == [0, 3]
    assert chains.graph.toarray().tolist() == [[0, 60], [60, 0]]
    assert sorted(zip(chains.end[1].tolist(), chains.offset_m[1].tolist(), strict=True)) == [(0, 10), (1, 50)]
    assert chains.end[3].tolist() == [1, 1]
    assert chains.offset_m[3].tolist() == [0, 0]


def test_a_bend_that_is_asked_for_stays():
    street = network_at([(0, 0), (10, 0), (30, 0)], [(0, 1), (1, 2)])
    assert kept_of(street, 1).kept.tolist() == [0, 1, 2]


def test_of_two_ways_round_the_shorter_is_the_distance():
    crescent = network_at([(0, 0), (50, 40), (50, -10), (100, 0), (-9, 0), (109, 0)],
                          [(0, 1), (1, 3), (0, 2), (2, 3), (0, 4), (3, 5)])  # fmt: skip
    chains = kept_of(crescent)
    assert chains.kept.tolist() == [0, 3, 4, 5]
    assert chains.graph.toarray()[0, 1] == pytest.approx(2 * np.hypot(50, 10))


def test_of_several_edges_between_the_same_nodes_the_shortest_stays_and_no_row_takes_anothers():
    # Three from 0 to 2, two from 1 to 2: the last of row 0 and the last of row 1 are in one column. Nothing at 3.
    edges = [(0, 2), (1, 2), (0, 2), (2, 1), (0, 2), (0, 1)]
    network = network_at([(0, 0), (10, 0), (5, 0), (0, 90)], edges, np.array([1.4, 1.2, 1.2, 1.6, 1.8, 1.0]))
    expected = [[0, 10, 6, 0], [10, 0, 6, 0], [6, 6, 0, 0], [0, 0, 0, 0]]
    for graph in (network.graph, kept_of(network, 0, 1, 2).graph):
        assert graph.nnz == 6
        assert graph.has_sorted_indices
        assert graph.toarray() == pytest.approx(np.array(expected))


def test_a_cul_de_sac_that_returns_to_its_own_mouth():
    loop = network_at([(0, 0), (10, 0), (10, 10), (-50, 0)], [(0, 1), (1, 2), (2, 0), (0, 3)])
    chains = kept_of(loop)
    assert chains.kept.tolist() == [0, 3]
    assert chains.end[2].tolist() == [0, 0]
    assert sorted(chains.offset_m[2]) == pytest.approx([np.hypot(10, 10), 20])


def test_a_ring_that_nothing_joins_is_reached_from_nowhere():
    ring = network_at([(0, 0), (10, 0), (5, 8), (100, 0), (110, 0)], [(0, 1), (1, 2), (2, 0), (3, 4)])
    chains = kept_of(ring)
    assert chains.kept.tolist() == [3, 4]
    assert (chains.end[:3] == -1).all()
    assert np.isinf(chains.offset_m[:3]).all()


def test_an_edge_from_a_node_to_itself_shortens_nothing():
    stub = network_at([(0, 0), (10, 0), (30, 0)], [(0, 1), (1, 1), (1, 2)])
    assert kept_of(stub).graph.toarray().tolist() == [[0, 30], [30, 0]]


def test_a_place_on_a_ring_of_its_own_counts_nothing_and_a_street_without_sources_neither():
    ring = network_at([(0, 0), (10, 0), (5, 8), (100, 0), (110, 0)], [(0, 1), (1, 2), (2, 0), (3, 4)])
    nothing = np.empty(0, np.int64)
    for links, expected in (
        ((np.array([0]), np.array([3]), np.array([5.0])), [0, 0, 0, 1, 1]),
        ((nothing, nothing, np.empty(0)), [0] * 5),
    ):
        chains = kept_of(ring, *links[1])
        numbered = (links[0], chains.number_of(links[1]), links[2])
        counts = count_within(
            chains, numbered, members=np.ones((1, 1), bool), gap_m=np.zeros(5), limits_m=np.array([400.0])
        )
        assert counts[0, 0].tolist() == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 60))
def test_no_distance_changes(seed, nodes):
    rng = np.random.default_rng(seed)
    edges = rng.integers(0, nodes, (int(nodes * 1.1), 2))  # sparse: many bends, dead ends, loops and rings
    network = network_at(rng.uniform(0, 1000, (nodes, 2)), edges, rng.uniform(1, 1.5, len(edges)))
    whole, short = nx.Graph(), nx.Graph()
    whole.add_nodes_from(range(nodes))
    for a, b, length in zip(network.start, network.end, network.length_m, strict=True):
        if not whole.has_edge(a, b) or whole[a][b]["weight"] > length:
            whole.add_edge(int(a), int(b), weight=float(length))
    source = int(rng.integers(nodes))
    chains = kept_of(network, source)
    rows, columns = chains.graph.nonzero()
    short.add_nodes_from(range(len(chains.kept)))
    short.add_weighted_edges_from(zip(rows, columns, chains.graph[rows, columns], strict=True))
    expected = nx.single_source_dijkstra_path_length(whole, source)
    found = nx.single_source_dijkstra_path_length(short, int(np.searchsorted(chains.kept, source)))
    for node in range(nodes):
        ways = zip(chains.end[node].tolist(), chains.offset_m[node].tolist(), strict=True)
        best = min(found.get(end, np.inf) + offset for end, offset in ways)
        assert best == pytest.approx(expected.get(node, np.inf), abs=1e-6)
