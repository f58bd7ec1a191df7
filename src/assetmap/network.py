"""The walking network as arrays: nodes, edges, profiles, points joined to it, distances over all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from assetmap.chains import both_ways, shortest_graph
from assetmap.straight import shape_tree

if TYPE_CHECKING:
    from pyproj import CRS

    from assetmap.sources.osm import WalkWays

__all__ = [
    "PROFILES",
    "Profile",
    "Reach",
    "WalkNetwork",
    "build_network",
    "component_lengths",
    "edge_lines",
    "nearest_source",
    "unknown_share",
    "with_sources",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

_CODES = {"no": 0, "yes": 1, "unknown": 2}


@dataclass(frozen=True)
class Profile:
    """A way of walking: its speed, and whether steps are out of the question."""

    name: str
    speed_kmh: float
    step_free: bool = False

    def minutes(self, distance_m: float) -> float:
        """Return the minutes that a walk takes.

        Examples
        --------
        >>> PROFILES["standard"].minutes(1000.0)
        15.0
        """
        return distance_m * 60 / (self.speed_kmh * 1000)


PROFILES = {
    "standard": Profile("standard", 4.0),
    "slow": Profile("slow", 2.4),
    "step_free": Profile("step_free", 4.0, step_free=True),
}
"""Walking 1 km in 15 minutes is Natural England's convention (4 km/h)."""


@dataclass(frozen=True)
class WalkNetwork:
    """An undirected network in a metric CRS. Edge i joins ``start[i]`` and ``end[i]``.

    No edge is shorter than the straight line between its ends, so what is within a walk of some metres is
    within a box of as many.

    Parameters
    ----------
    xy
        Node positions, shape (n, 2), metres.
    start, end
        Node numbers, shape (m,).
    length_m
        Edge lengths, shape (m,), metres.
    step_free
        Per edge 0 no, 1 yes, 2 unknown.
    crs
        The metric CRS.
    """

    xy: Floats
    start: Ints
    end: Ints
    length_m: Floats
    step_free: np.ndarray[Any, np.dtype[np.int8]]
    crs: CRS

    def usable_by(self, profile: Profile) -> Any:
        """Return which edges a profile can use, bool, shape (m,): none with steps or stiles if it must be step-free."""
        return (self.step_free != _CODES["no"]) | (not profile.step_free)

    def only(self, edges: Any) -> WalkNetwork:
        """Return the network of some of the edges, bool, shape (m,), with all its nodes."""
        return replace(
            self,
            start=self.start[edges],
            end=self.end[edges],
            length_m=self.length_m[edges],
            step_free=self.step_free[edges],
        )

    @cached_property
    def graph(self) -> csr_array:
        """The network as a sparse matrix of lengths, every edge both ways."""
        return shortest_graph(*both_ways(self), size=len(self.xy))

    @cached_property
    def lines(self) -> np.ndarray[Any, Any]:
        """The edges as shapely lines, shape (m,)."""
        return edge_lines(self, np.arange(len(self.start)))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """An index of the lines."""
        return shape_tree(self.lines)

    @cached_property
    def met(self) -> dict[bytes, Any]:
        """Where points have met it, as `joining.nearest_edges` remembers it."""
        return {}

    @cached_property
    def by_ends(self) -> tuple[Ints, Ints]:
        """The edges sorted by their ends, then by length: the key of each (`ends_key`), and which edge it is."""
        key = self.ends_key(self.start, self.end)
        order = np.lexsort((self.length_m, key))
        return key[order], order

    def ends_key(self, a: Ints, b: Ints) -> Ints:
        """Return one number for each two nodes, the same either way round."""
        return np.minimum(a, b) * len(self.xy) + np.maximum(a, b)


def edge_lines(network: WalkNetwork, edge: Ints) -> np.ndarray[Any, Any]:
    """Return some edges as shapely lines, shape (k,)."""
    ends = np.stack([network.xy[network.start[edge]], network.xy[network.end[edge]]], axis=1)
    return np.asarray(shapely.linestrings(ends))


@dataclass(frozen=True)
class Reach:
    """The nearest source of every node.

    Parameters
    ----------
    distance_m
        Network distance plus the source's own gap, shape (n,); NaN where none can be reached.
    source
        Position of that source in the input, shape (n,); -1 where none can be reached.
    predecessor
        The node before, on the way to the source, shape (n,); negative at the source.
    """

    distance_m: Floats
    source: Ints
    predecessor: Ints


def build_network(walk: WalkWays) -> WalkNetwork:
    """Build the network of all walkable ways; every vertex of a way is a node.

    Ways meet where they share an OSM node, so a bridge doesn't join what runs under it. At a node that
    nobody passes (a locked gate) each way gets a dead end of its own; at a stile or raised kerb the
    edges are not step-free.

    Parameters
    ----------
    walk
        Walkable ways with their node references, in a metric CRS.
    """
    xy_all = shapely.get_coordinates(walk.frame.geometry.to_numpy())
    refs = walk.node_refs.copy()
    at_lock = np.isin(refs, np.fromiter(walk.blocked, dtype=np.int64, count=len(walk.blocked)))
    refs[at_lock] = -1 - np.arange(int(at_lock.sum()))  # never shared
    unique, first, node = np.unique(refs, return_index=True, return_inverse=True)
    inside = np.ones(len(refs), dtype=bool)
    inside[walk.offsets[1:] - 1] = False  # the last vertex of a way starts no edge
    a = np.flatnonzero(inside)
    codes = walk.frame["step_free"].map(_CODES).to_numpy(dtype=np.int8)
    step_free = np.repeat(codes, np.diff(walk.offsets))[a]
    stile = np.isin(unique, np.fromiter(walk.not_step_free, dtype=np.int64, count=len(walk.not_step_free)))
    step_free = np.where(stile[node[a]] | stile[node[a + 1]], np.int8(_CODES["no"]), step_free)
    length = np.hypot(*(xy_all[a + 1] - xy_all[a]).T)
    # The way into a locked gate and the way out of it end at different nodes.
    out = np.flatnonzero(at_lock[a])
    start = node[a]
    start[out] = len(unique) + np.arange(len(out))
    xy = np.vstack([xy_all[first], xy_all[a[out]]])
    return WalkNetwork(xy, start, node[a + 1], length, step_free, walk.frame.crs)


def with_sources(graph: csr_array, sources: int, links: tuple[Ints, Ints, Floats]) -> csr_array:
    """Return a graph with extra nodes, one a source, that have one-way links into it.

    Parameters
    ----------
    graph
        Distances between nodes.
    sources
        How many there are; the first becomes the node after the graph's last.
    links
        Source number, node, gap in metres: the ways into each source. Several ways in are one source.
    """
    owner, node, gap_m = links
    order = np.lexsort((node, owner))
    ends = graph.nnz + np.searchsorted(owner[order], np.arange(1, sources + 1))
    size = graph.shape[0] + sources
    return csr_array(
        (
            np.concatenate([graph.data, gap_m[order]]),
            # in the graph's own width of number: scipy would make all of them narrow again
            np.concatenate([graph.indices, node[order].astype(graph.indices.dtype)]),
            np.concatenate([graph.indptr, ends.astype(graph.indptr.dtype)]),
        ),
        shape=(size, size),
    )


def nearest_source(graph: csr_array, node: Ints, gap_m: Floats) -> Reach:
    """Return the nearest of some sources for every node: one search over the whole graph.

    Dijkstra's algorithm from all sources at once (scipy's ``dijkstra`` with ``min_only``).

    Parameters
    ----------
    graph
        Distances between nodes, both ways: a network's, or that of its chains.
    node
        The node at which each source is entered, shape (k,); -1 for one that isn't on the network.
    gap_m
        What it costs from there to the source itself, shape (k,), metres.
    """
    n, k = graph.shape[0], len(node)
    on = np.flatnonzero(node >= 0)
    if not len(on):
        return Reach(np.full(n, np.nan), np.full(n, -1), np.full(n, -9999))
    extended = with_sources(graph, k, (on, node[on], gap_m[on]))
    distance, before, origin = dijkstra(extended, indices=on + n, min_only=True, return_predecessors=True)
    reached = np.isfinite(distance[:n])
    before = np.where(before[:n] >= n, -9999, before[:n])
    return Reach(np.where(reached, distance[:n], np.nan), np.where(reached, origin[:n] - n, -1), before)


def unknown_share(network: WalkNetwork, reach: Reach) -> Floats:
    """Return, per node, the share of its route to the nearest source of which step-free use is unknown.

    Parameters
    ----------
    network
        The network that was searched.
    reach
        The result of `nearest_source` on its graph.

    Returns
    -------
    ndarray
        Shape (n,), 0 to 1; NaN where nothing is reached or the route has no length.
    """
    length, unknown = _route_sums(network, reach.predecessor)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((reach.source >= 0) & (length > 0), unknown / length, np.nan)


def _route_sums(network: WalkNetwork, before: Ints) -> tuple[Floats, Floats]:
    """Sum length and unknown length along the tree of routes, by doubling the jump at each pass."""
    n = len(network.xy)
    keys, edges = network.by_ends
    child = np.flatnonzero(before >= 0)
    edge = edges[np.searchsorted(keys, network.ends_key(child, before[child]))]
    length, unknown = np.zeros(n), np.zeros(n)
    length[child] = network.length_m[edge]
    unknown[child] = network.length_m[edge] * (network.step_free[edge] == _CODES["unknown"])
    jump = np.where(before >= 0, before, np.arange(n))
    while (jump != (farther := jump[jump])).any():
        on = np.flatnonzero(jump != np.arange(n))
        length[on] += length[jump[on]]
        unknown[on] += unknown[jump[on]]
        jump = farther
    return length, unknown


def component_lengths(network: WalkNetwork) -> tuple[Ints, Floats]:
    """Return each node's component number and each component's length in metres, longest first."""
    _, label = connected_components(network.graph, directed=False)
    lengths = np.bincount(label[network.start], weights=network.length_m, minlength=label.max(initial=-1) + 1)
    rank = np.argsort(np.argsort(-lengths, kind="stable"), kind="stable")
    return rank[label].astype(np.int64), np.sort(lengths)[::-1].astype(np.float64)
