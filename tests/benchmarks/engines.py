"""The same questions put to assetmap and to its peers, each in the peer's own way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol
from unittest import mock

import networkx as nx
import numpy as np
import shapely

from assetmap import counts
from assetmap.chains import Chains, merge_chains
from assetmap.network import WalkNetwork, nearest_source

EVERYWHERE_M = 10_000_000.0
"""Farther than any way through these networks: pandana wants a distance to stop at, and writes it for "none"."""


class Counter(Protocol):
    """A way to count: build from arrays, then ask."""

    def build(self, network: WalkNetwork) -> Any: ...

    def count(self, built: Any, nodes: Any, limit_m: float) -> Any:
        """How many of some nodes each node reaches."""


class Engine(Protocol):
    """A way to find how far it is, without a limit."""

    def build(self, network: WalkNetwork) -> Any: ...

    def nearest(self, built: Any, nodes: Any) -> Any:
        """Distance from every node to the nearest of some; NaN where none can be reached."""

    def nearest_of_each(self, network: WalkNetwork, sets: list[Any]) -> list[Any]:
        """Build once, and ask for each of some sets of nodes."""
        built = self.build(network)
        return [self.nearest(built, nodes) for nodes in sets]


class Assetmap(Engine):
    """Ours: scipy's dijkstra from all sources at once; many sets on the network without its bends."""

    def build(self, network: WalkNetwork) -> WalkNetwork:
        fresh = replace(network)  # without what the other has kept
        assert fresh.graph.nnz
        return fresh

    def nearest(self, built: WalkNetwork, nodes: Any) -> Any:
        return nearest_source(built.graph, nodes, np.zeros(len(nodes))).distance_m

    def nearest_of_each(self, network: WalkNetwork, sets: list[Any]) -> list[Any]:
        chains = _chains_of(network, np.concatenate(sets))
        found = []
        for nodes in sets:
            reach = nearest_source(chains.graph, chains.number_of(nodes), np.zeros(len(nodes)))
            distance_m, end = chains.nearer_end(reach.distance_m)
            found.append(np.where(end >= 0, distance_m, np.nan))
        return found


class AssetmapFast(Counter):
    """Ours with the extra ``[fast]``: searches compiled by numba on the network without its bends."""

    def build(self, network: WalkNetwork) -> WalkNetwork:
        return network  # the bends are merged when the sources are known, and counted as asking

    def count(self, built: WalkNetwork, nodes: Any, limit_m: float) -> Any:
        from assetmap import compiled

        return self.count_by(compiled, built, nodes, limit_m)

    def count_by(self, way: Any, network: WalkNetwork, nodes: Any, limit_m: float) -> Any:
        """Count with one of the two modules."""
        chains = _chains_of(network, nodes)
        return way.count_within(
            chains,
            (np.arange(len(nodes)), chains.number_of(nodes), np.zeros(len(nodes))),
            members=np.ones((1, len(nodes)), dtype=bool),
            gap_m=np.zeros(len(network.xy)),
            limits_m=np.array([limit_m]),
        )[0, 0]


class AssetmapScipy(AssetmapFast):
    """Ours without it: scipy's dijkstra from some sources at a time."""

    def count(self, built: WalkNetwork, nodes: Any, limit_m: float) -> Any:
        with mock.patch.object(counts, "_compiled_for", return_value=None):
            return self.count_by(counts, built, nodes, limit_m)


def _chains_of(network: WalkNetwork, nodes: Any) -> Chains:
    keep = np.zeros(len(network.xy), dtype=bool)
    keep[nodes] = True
    return merge_chains(network, keep, np.arange(len(keep)))


class Networkx(Engine, Counter):
    """Multi-source Dijkstra in Python; to count, one search from each asset up to the limit."""

    def build(self, network: WalkNetwork) -> nx.Graph:
        graph = nx.Graph()
        graph.add_nodes_from(range(len(network.xy)))
        edges = zip(network.start.tolist(), network.end.tolist(), network.length_m.tolist(), strict=True)
        # of parallel ways the last added stays, so the longest come first
        graph.add_weighted_edges_from(sorted(edges, key=lambda edge: -edge[2]))
        return graph

    def nearest(self, built: nx.Graph, nodes: Any) -> Any:
        found = nx.multi_source_dijkstra_path_length(built, set(nodes.tolist()))
        distance = np.full(len(built), np.nan)
        distance[list(found)] = list(found.values())
        return distance

    def count(self, built: nx.Graph, nodes: Any, limit_m: float) -> Any:
        counts = np.zeros(len(built), dtype=np.int64)
        for node in nodes.tolist():
            counts[list(nx.single_source_dijkstra_path_length(built, node, cutoff=limit_m))] += 1
        return counts


class Pandana(Engine, Counter):
    """Contraction hierarchies in C++, built for many questions about one network."""

    def build(self, network: WalkNetwork) -> Any:
        import pandana
        import pandas as pd

        x, y = (pd.Series(values) for values in network.xy.T)
        return pandana.Network(
            x, y, pd.Series(network.start), pd.Series(network.end), pd.DataFrame({"m": network.length_m}), twoway=True
        )

    def nearest(self, built: Any, nodes: Any) -> Any:
        at = built.nodes_df.iloc[nodes]
        built.set_pois("assets", EVERYWHERE_M, 1, at["x"], at["y"])
        found = built.nearest_pois(EVERYWHERE_M, "assets", num_pois=1)[1].to_numpy()
        return np.where(found < EVERYWHERE_M, found, np.nan)

    def count(self, built: Any, nodes: Any, limit_m: float) -> Any:
        import pandas as pd

        built.set(pd.Series(nodes), name="assets")
        return built.aggregate(limit_m, type="count", decay="flat", name="assets").to_numpy().astype(np.int64)


class Numba(Engine, Counter):
    """A binary heap written by hand and compiled, on the network as it is. Compiling isn't timed."""

    def build(self, network: WalkNetwork) -> Any:
        graph = replace(network).graph
        return graph.indptr, graph.indices, graph.data

    def nearest(self, built: Any, nodes: Any) -> Any:
        from tests.benchmarks.heap import nearest_of

        distance = nearest_of(*built, nodes)
        return np.where(np.isfinite(distance), distance, np.nan)

    def count(self, built: Any, nodes: Any, limit_m: float) -> Any:
        from tests.benchmarks.heap import counts_within

        return counts_within(*built, nodes, limit_m)


class Buckets(Numba):
    """The same with a ring of buckets, each as wide as a short street, in place of the heap."""

    WIDTH_M = 20.0

    def nearest(self, built: Any, nodes: Any) -> Any:
        from tests.benchmarks.heap import nearest_by_buckets

        distance = nearest_by_buckets(*built, nodes, self.WIDTH_M)
        return np.where(np.isfinite(distance), distance, np.nan)


class Cityseer:
    """Searches in Rust from every node up to a limit. It places assets on streets, by lines of a true length."""

    def build(self, network: WalkNetwork) -> Any:
        from cityseer.rustalgos import graph

        built = graph.NetworkStructure()
        for node, (x, y) in enumerate(network.xy.tolist()):
            built.add_street_node(node, x, y, live=True, weight=1.0)
        for start, end in ((network.start, network.end), (network.end, network.start)):
            lines = _folded_lines(network.xy[start], network.xy[end], network.length_m)
            ways = zip(start.tolist(), end.tolist(), lines.tolist(), strict=True)
            for number, (a, b, line) in enumerate(ways):
                built.add_street_edge(a, b, number, a, b, line)
        built.build_edge_rtree()
        return built

    def count(self, built: Any, nodes: Any, limit_m: float) -> Any:
        from cityseer.rustalgos import data

        assets, xy = data.DataMap(), built.node_xys
        for node in nodes.tolist():
            assets.insert(node, shapely.Point(xy[node]).wkt)
        assets.assign_data_to_network(built, max_assignment_dist=1.0, n_nearest_candidates=50)
        found = assets.accessibility(
            built, dict.fromkeys(nodes.tolist(), "asset"), ["asset"], distances=[round(limit_m)], decay_fn="1"
        )
        return found.result["asset"].count[round(limit_m)].astype(np.int64)


def _folded_lines(start_xy: Any, end_xy: Any, length_m: Any) -> Any:
    """Return straight lines as WKT that go back on themselves in the middle, as far as the way is longer than they."""
    gap = end_xy - start_xy
    straight_m = np.hypot(*gap.T)
    spare = np.divide(length_m - straight_m, 4 * straight_m, out=np.zeros(len(gap)), where=straight_m > 0)[:, None]
    points = [start_xy, start_xy + gap * (0.5 + spare), start_xy + gap * (0.5 - spare), end_xy]
    return shapely.to_wkt(shapely.linestrings(np.stack(points, axis=1)), rounding_precision=-1)


ENGINES: dict[str, Engine] = {
    "assetmap": Assetmap(),
    "networkx": Networkx(),
    "pandana": Pandana(),
    "numba": Numba(),
    "numba_buckets": Buckets(),
}
COUNTERS: dict[str, Counter] = {
    "numba_assetmap": AssetmapFast(),
    "assetmap": AssetmapScipy(),
    "networkx": Networkx(),
    "pandana": Pandana(),
    "numba": Numba(),
    "cityseer": Cityseer(),
}
