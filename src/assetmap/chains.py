"""A network without its bends: nodes that only pass a walk on, merged away so that a search has fewer to visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from assetmap.network import WalkNetwork

__all__ = ["Chains", "merge_chains", "shortest_graph"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Chains:
    """The kept nodes of a network, and where on their chains the others lie.

    Parameters
    ----------
    kept
        The nodes that were kept, shape (k,), as the network numbers them.
    graph
        Distances between kept nodes that one chain joins, both ways, shape (k, k).
    end
        The kept node at either end of each node's chain, shape (n, 2), as `kept` numbers them; a
        kept node is both its own ends. -1 on a ring that nothing joins.
    offset_m
        The distance along the chain to each of them, shape (n, 2); infinite on such a ring.
    """

    kept: Ints
    graph: csr_array
    end: np.ndarray[Any, np.dtype[np.int32]]
    offset_m: Floats


def merge_chains(network: WalkNetwork, keep: Bools) -> Chains:
    """Merge every node at which two edges meet, but for those that are asked for.

    The distance from a kept node to any other is the least, over the two ends of that one's chain, of the
    distance to the end and the offset from it.

    Parameters
    ----------
    network
        Any network.
    keep
        Nodes to keep whatever meets there, shape (n,).
    """
    tail, head, length = _both_ways(network)
    n = len(network.xy)
    degree = np.bincount(tail, minlength=n)
    inner = (degree == 2) & ~keep
    bend = np.flatnonzero(inner)
    one, other = _edges_at(bend, tail, degree)
    head, length = _follow(_onward(one, other, len(tail)), head, length)
    kept = np.flatnonzero(~inner)
    number = np.full(n, -1, dtype=np.int32)
    number[kept] = np.arange(len(kept))
    ends, offset = np.tile(number[:, None], 2), np.zeros((n, 2))
    ends[bend] = number[np.stack([head[one], head[other]], axis=1)]
    offset[bend] = np.stack([length[one], length[other]], axis=1)
    offset[ends < 0] = np.inf
    whole = ~inner[tail]
    row, column, length = number[tail[whole]], number[head[whole]], length[whole]
    del tail, head  # a country's would stand beside what the graph is made from
    return Chains(kept, shortest_graph(row, column, length, size=len(kept)), ends, offset)


def _both_ways(network: WalkNetwork) -> tuple[Ints, Ints, Floats]:
    """Return tail, head and length of every edge twice, once each way: i and i + m, or i - m, are one edge."""
    joins = network.start != network.end  # an edge from a node to itself shortens nothing
    # Four bytes hold a number of any network that fits a machine, and a country's eight don't all fit.
    start, end = network.start[joins].astype(np.int32), network.end[joins].astype(np.int32)
    return np.concatenate([start, end]), np.concatenate([end, start]), np.tile(network.length_m[joins], 2)


def _edges_at(bend: Ints, tail: Ints, degree: Ints) -> tuple[Ints, Ints]:
    """Return the two edges that leave each bend."""
    leaving = np.argsort(tail, kind="stable")
    first = (np.cumsum(degree) - degree)[bend]
    return leaving[first], leaving[first + 1]


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
        The nodes that each edge joins, one way.
    length
        Edge lengths, metres.
    size
        Number of nodes.
    """
    pair = row * np.int64(size) + column
    order = np.argsort(pair)
    pair = pair[order]
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    shortest = np.minimum.reduceat(length[order], first) if len(first) else np.empty(0)
    starts = np.searchsorted(pair[first], np.arange(size + 1) * size)
    return csr_array((shortest, pair[first] % max(size, 1), starts), shape=(size, size))
