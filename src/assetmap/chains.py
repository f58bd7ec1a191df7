"""A network without its bends: nodes that only pass a walk on, merged away so that a search has fewer to visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csc_array, csr_array

if TYPE_CHECKING:
    from assetmap.network import WalkNetwork

__all__ = ["Chains", "both_ways", "gathered", "merge_chains", "shortest_edges", "shortest_graph"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Chains:
    """The kept nodes of a network, and where on their chains some places lie.

    Parameters
    ----------
    kept
        The nodes that were kept, shape (k,), as the network numbers them, in ascending order.
    graph
        Distances between kept nodes that one chain joins, both ways, shape (k, k).
    end
        The kept node at either end of each place's chain, shape (p, 2), as `kept` numbers them; a
        kept node is both its own ends. -1 on a ring that nothing joins.
    offset_m
        The distance along the chain to each of them, shape (p, 2); infinite on such a ring.
    xy, place_xy
        Where the kept nodes and the places are, shape (k, 2) and (p, 2), metres.
    """

    kept: Ints
    graph: csr_array
    end: np.ndarray[Any, np.dtype[np.int32]]
    offset_m: Floats
    xy: Floats
    place_xy: Floats

    def number_of(self, node: Ints) -> Ints:
        """Return the numbers here of some kept nodes, -1 for -1."""
        return np.where(node >= 0, np.searchsorted(self.kept, node), -1)

    def nearer_end(self, distance_m: Floats) -> tuple[Floats, Ints]:
        """Return, for every place, the distance by the better end of its chain, and which kept node that end is.

        Parameters
        ----------
        distance_m
            The distance to each kept node, shape (k,); infinite or NaN where it isn't known.

        Returns
        -------
        tuple of ndarray
            Metres, shape (p,), infinite where neither end is reached; and the end, -1 there.
        """
        to_end = np.append(np.nan_to_num(distance_m, nan=np.inf), np.inf)[self.end] + self.offset_m
        other = to_end[:, 1] < to_end[:, 0]
        least, end = np.where(other, to_end.T[1], to_end.T[0]), np.where(other, self.end.T[1], self.end.T[0])
        return least, np.where(np.isfinite(least), end, -1)


def merge_chains(network: WalkNetwork, keep: Bools, places: Ints) -> Chains:
    """Merge every node at which two edges meet, but for those that are asked for.

    The distance from a kept node to any other is the least, over the two ends of that one's chain, of the
    distance to the end and the offset from it.

    Parameters
    ----------
    network
        Any network.
    keep
        Nodes to keep whatever meets there, shape (n,).
    places
        The nodes whose place on their chains is asked for, shape (p,).
    """
    tail, head, length = both_ways(network)
    n = len(network.xy)
    degree = np.bincount(tail, minlength=n)
    leaving = gathered(np.zeros(len(tail), dtype=np.int8), tail, size=n).indices
    inner = (degree == 2) & ~keep
    first = (np.cumsum(degree) - degree)[inner]
    one, other = leaving[first], leaving[first + 1]
    head, length = _follow(_onward(one, other, len(tail)), head, length)
    kept = np.flatnonzero(~inner)
    number: Any = np.full(n, -1, dtype=np.int32)
    number[kept] = np.arange(len(kept))
    end, offset_m = np.tile(number[places, None], 2), np.zeros((len(places), 2))
    on_chain = np.flatnonzero(inner[places])
    which = np.cumsum(inner, dtype=np.int32)[places[on_chain]] - 1
    for side, edge in enumerate((one[which], other[which])):
        end[on_chain, side], offset_m[on_chain, side] = number[head[edge]], length[edge]
    offset_m[end < 0] = np.inf
    whole = leaving[np.repeat(~inner, degree)]
    column, length = number[head[whole]], length[whole]
    starts = np.append(0, np.cumsum(degree[kept])).astype(whole.dtype)
    del tail, head, leaving, whole  # a country's would stand beside what the graph is made from
    graph = shortest_edges(csr_array((length, column, starts), shape=(len(kept), len(kept))))
    # numpy takes whole rows ten times as fast as it indexes them
    return Chains(kept, graph, end, offset_m, network.xy.take(kept, axis=0), network.xy.take(places, axis=0))


def both_ways(network: WalkNetwork) -> tuple[Ints, Ints, Floats]:
    """Return tail, head and length of every edge twice, once each way: i and i + m, or i - m, are one edge."""
    joins = network.start != network.end  # an edge from a node to itself shortens nothing
    # Four bytes hold a number of any network that fits a machine, and a country's eight don't all fit.
    start, end = network.start[joins].astype(np.int32), network.end[joins].astype(np.int32)
    return np.concatenate([start, end]), np.concatenate([end, start]), np.tile(network.length_m[joins], 2)


def gathered(values: Any, node: Any, *, size: int) -> csc_array:
    """Gather the values of each node: a matrix's transposition counts and deals out, where sorting would compare.

    Parameters
    ----------
    values
        Anything, one for each of some rows.
    node
        The node of each, from 0 to ``size`` - 1.
    size
        Number of nodes.

    Returns
    -------
    csc_array
        Its ``data`` are the values by node, its ``indices`` say which each was, and its ``indptr`` where each
        node's begin.
    """
    rows = np.arange(len(node) + 1, dtype=node.dtype)
    return csr_array((values, node, rows), shape=(len(node), size)).tocsc()


def _onward(one: Ints, other: Ints, edges: int) -> Ints:
    """Return the edge by which one goes on from the end of each: who comes to a bend by one goes on by the other."""
    onward = np.full(edges, -1)
    onward[(one + edges // 2) % edges], onward[(other + edges // 2) % edges] = other, one
    return onward


def _follow(onward: Ints, head: Ints, length: Floats) -> tuple[Ints, Floats]:
    """Follow each edge to the end of its chain, doubling the stretch at each pass; a ring has no end."""
    moving = np.flatnonzero(onward >= 0)
    for _ in range(len(onward).bit_length()):
        after = onward[moving]
        length[moving] += length[after]
        head[moving], onward[moving] = head[after], onward[after]
        moving = moving[onward[moving] >= 0]
    return head, length


def shortest_graph(row: Ints, column: Ints, length: Floats, *, size: int) -> csr_array:
    """Return the shortest of parallel edges as a sparse matrix; scipy would add them up.

    Parameters
    ----------
    row, column
        The nodes that each edge joins; every edge is there both ways.
    length
        Edge lengths, metres.
    size
        Number of nodes.
    """
    by_row = gathered(length, row, size=size)
    return shortest_edges(csr_array((by_row.data, column[by_row.indices], by_row.indptr), shape=(size, size)))


def shortest_edges(edges: csr_array) -> csr_array:
    """Return a matrix of edges, each of which is there both ways, with the shortest of those that are parallel."""
    turned = edges.tocsc()  # the same edges from their other ends, and by the way in the order of their columns
    length, column, starts = turned.data, turned.indices, turned.indptr
    again = np.flatnonzero(column[1:] == column[:-1]) + 1
    again = again[starts[np.searchsorted(starts, again)] != again]
    new = np.ones(len(column), dtype=bool)
    new[again] = False
    before = np.zeros(len(new) + 1, dtype=starts.dtype)
    np.cumsum(new, out=before[1:])
    shortest = length[new]
    np.minimum.at(shortest, before[again] - 1, length[again])
    return csr_array((shortest, column[new], before[starts]), shape=edges.shape)
