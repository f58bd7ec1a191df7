"""Compiled counts beside scipy's and networkx's, on random worlds; and which of the two is used when."""

from __future__ import annotations

import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

import assetmap
from assetmap import counts
from assetmap.chains import merge_chains
from assetmap.network import WalkNetwork

pytest.importorskip("numba", reason="the extra: pip install 'assetmap[fast]'")
from assetmap import compiled

LIMITS_M = np.array([260.0, 90.0, 700.0])  # in no order, as a study may name them
SOURCES = 7


def random_world(seed, nodes):
    """Whole metres, so that some walks are as long as a limit; sparse, so that there are rings and dead ends."""
    rng = np.random.default_rng(seed)
    start, end = rng.integers(0, nodes, (2, int(nodes * 1.1)))
    length = rng.integers(0, 12, len(start)) * 10.0
    xy = np.zeros((nodes, 2))  # all at one place: no way is shorter than the straight line
    network = WalkNetwork(xy, start, end, length, np.zeros(len(start), np.int8), CRS.from_epsg(27700))
    ways = int(rng.integers(0, 2 * SOURCES))
    owner, door = rng.integers(0, SOURCES, ways), rng.integers(0, nodes, ways)
    link_m, gap_m = rng.integers(0, 5, ways) * 10.0, rng.integers(0, 5, nodes) * 10.0
    members = rng.random((3, SOURCES)) < 0.4  # some source may be in no target, some in all
    return network, (owner, door, link_m), gap_m, members


def chains_of(network, door):
    keep = np.zeros(len(network.xy), dtype=bool)
    keep[door] = True
    return merge_chains(network, keep, np.arange(len(keep)))


def walks_by_networkx(network, links, gap_m):
    """The walk from every source to every place."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(network.xy)))
    for a, b, length in zip(network.start.tolist(), network.end.tolist(), network.length_m.tolist(), strict=True):
        if not graph.has_edge(a, b) or graph[a][b]["weight"] > length:
            graph.add_edge(a, b, weight=length)
    walk = np.full((SOURCES, len(network.xy)), np.inf)
    for owner, door, link_m in zip(*links, strict=True):
        for place, distance in nx.single_source_dijkstra_path_length(graph, int(door)).items():
            walk[owner, place] = min(walk[owner, place], distance + link_m + gap_m[place])
    return walk


def both_ways(call):
    """What scipy's search gives, and what the compiled one gives."""
    with pytest.MonkeyPatch.context() as without:
        without.setattr(counts, "_compiled_for", lambda _: None)
        return call(counts), call(compiled)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 60))
def test_counts_are_those_of_scipy_and_networkx(seed, nodes):
    network, (owner, door, link_m), gap_m, members = random_world(seed, nodes)
    chains = chains_of(network, door)
    links = owner, chains.number_of(door), link_m
    found = both_ways(lambda way: way.count_within(chains, links, members=members, gap_m=gap_m, limits_m=LIMITS_M))
    walk = walks_by_networkx(network, (owner, door, link_m), gap_m)
    # A ring that nothing joins and that has no door is reached from nowhere; networkx says so too.
    expected = [[(walk[member] <= limit).sum(axis=0) for limit in LIMITS_M] for member in members]
    for counted in found:
        assert counted.dtype == np.int32
        assert np.array_equal(counted, expected)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 60))
def test_pairs_are_those_of_scipy_and_networkx(seed, nodes):
    network, (owner, door, link_m), gap_m, _ = random_world(seed, nodes)
    chains = chains_of(network, door)
    links = owner, chains.number_of(door), link_m
    found = both_ways(lambda way: way.pairs_within(chains, links, gap_m=gap_m, limit_m=260.0))
    walk = walks_by_networkx(network, (owner, door, link_m), gap_m)
    at = np.nonzero(walk <= 260.0)
    expected = sorted(zip(*(column.tolist() for column in at), walk[at].tolist(), strict=True))
    for columns in found:
        assert sorted(zip(*(column.tolist() for column in columns), strict=True)) == expected


@pytest.mark.parametrize("worth_threads", [2, 1_000])
def test_every_last_bit_is_scipys_on_streets_of_any_length(monkeypatch, worth_threads):
    monkeypatch.setattr(compiled, "_WORTH_THREADS", worth_threads)
    rng = np.random.default_rng(7)
    side, step = 40, 57.3
    number = np.arange(side * side).reshape(side, side)
    start = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    stays = rng.random(len(start)) < 0.65
    start, end = start[stays], end[stays]
    xy = np.stack(np.divmod(np.arange(side * side), side), axis=1) * step + rng.uniform(-9, 9, (side * side, 2))
    length = np.hypot(*(xy[end] - xy[start]).T) * rng.uniform(1, 1.3, len(start))
    network = WalkNetwork(xy, start, end, length, np.zeros(len(start), np.int8), CRS.from_epsg(27700))
    owner, door = rng.integers(0, 60, 90), rng.integers(0, side * side, 90)
    chains, gap_m = chains_of(network, door), rng.uniform(0, 80, side * side)
    links = owner, chains.number_of(door), rng.uniform(0, 80, 90)
    members = rng.random((4, 60)) < 0.5
    by_scipy, by_numba = both_ways(lambda way: way.pairs_within(chains, links, gap_m=gap_m, limit_m=1200.0))
    assert len(by_numba[0]) > 10_000
    order = [np.lexsort((place, source)) for source, place, _ in (by_scipy, by_numba)]
    for one, other in zip(by_scipy, by_numba, strict=True):
        assert np.array_equal(one[order[0]], other[order[1]])
    found = both_ways(
        lambda way: way.count_within(chains, links, members=members, gap_m=gap_m, limits_m=LIMITS_M),
    )
    assert found[0].max() > 3
    assert np.array_equal(*found)


def test_nothing_asked_for_is_nothing_found():
    network, _, gap_m, members = random_world(1, 20)
    nothing = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    chains = chains_of(network, nothing[1])
    shape = compiled.count_within(chains, nothing, members=members, gap_m=gap_m, limits_m=np.empty(0)).shape
    assert shape == (3, 0, 20)
    assert not compiled.count_within(chains, nothing, members=members, gap_m=gap_m, limits_m=LIMITS_M).any()
    assert [len(column) for column in compiled.pairs_within(chains, nothing, gap_m=gap_m, limit_m=260.0)] == [0, 0, 0]


def forget(monkeypatch):
    """Let the compiled searches be unloaded."""
    monkeypatch.delitem(sys.modules, "assetmap.compiled")
    monkeypatch.delattr(assetmap, "compiled")


def test_few_sources_are_not_worth_loading_numba_and_many_are(monkeypatch):
    forget(monkeypatch)
    assert counts._compiled_for(np.arange(30_000) % 19_999) is None
    assert counts._compiled_for(np.arange(20_000)).__name__ == "assetmap.compiled"
    assert counts._compiled_for(np.arange(1)) is not None  # loaded by now


def test_without_numba_or_with_one_that_cannot_be_loaded_scipy_searches(monkeypatch):
    forget(monkeypatch)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert counts._compiled_for(np.arange(20_000)) is None


def test_where_no_compiled_code_can_be_kept_it_is_compiled_all_the_same():
    named = {}
    exec("def doubled(x): return 2 * x", named)  # in no file, so numba finds no folder to keep it in
    assert compiled._compiled(named["doubled"])(21) == 42
