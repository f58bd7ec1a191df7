"""Dijkstra's algorithm compiled by numba, with a binary heap and with buckets: what a hand-written engine would take.

The signatures are given, so everything is compiled as the module is imported.
"""

from __future__ import annotations

import heapq
from typing import Any

import numba
import numpy as np


@numba.njit("f8[::1](i4[::1], i4[::1], f8[::1], i8[::1])", cache=True)
def nearest_of(indptr: Any, indices: Any, length: Any, sources: Any) -> Any:
    """Return the distance from every node to the nearest source, infinite where none can be reached."""
    distance = np.full(len(indptr) - 1, np.inf)
    heap = [(0.0, sources[0])]
    for source in sources:
        distance[source] = 0.0
        heapq.heappush(heap, (0.0, source))
    while heap:
        so_far, node = heapq.heappop(heap)
        if so_far > distance[node]:
            continue
        for k in range(indptr[node], indptr[node + 1]):
            onward = so_far + length[k]
            if onward < distance[indices[k]]:
                distance[indices[k]] = onward
                heapq.heappush(heap, (onward, np.int64(indices[k])))
    return distance


@numba.njit("void(i8, i8, i4[::1], i4[::1], i4[::1])", cache=True)
def put_in(node: Any, bucket: Any, first: Any, after: Any, before: Any) -> None:
    """Put a node at the head of a bucket's list, which is linked both ways."""
    after[node], before[node] = first[bucket], -1
    if first[bucket] >= 0:
        before[first[bucket]] = node
    first[bucket] = node


@numba.njit("void(i8, i8, i4[::1], i4[::1], i4[::1])", cache=True)
def take_out(node: Any, bucket: Any, first: Any, after: Any, before: Any) -> None:
    """Take a node out of a bucket's list."""
    if before[node] >= 0:
        after[before[node]] = after[node]
    else:
        first[bucket] = after[node]
    if after[node] >= 0:
        before[after[node]] = before[node]


@numba.njit("f8[::1](i4[::1], i4[::1], f8[::1], i8[::1], f8)", cache=True)
def nearest_by_buckets(indptr: Any, indices: Any, length: Any, sources: Any, width: float) -> Any:
    """Return the same, with nodes in a ring of buckets by distance; within a bucket a node may be settled again.

    Dial, R. B. (1969). Algorithm 360: shortest-path forest with topological ordering. Communications of the ACM
    12(11).
    """
    n, ring = len(indptr) - 1, int(length.max() / width) + 2
    distance, waits = np.full(n, np.inf), np.zeros(n, np.bool_)
    first, after, before = np.full(ring, -1, np.int32), np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    waiting, bucket = 0, 0
    for source in np.unique(sources):
        distance[source], waits[source] = 0.0, True
        put_in(source, 0, first, after, before)
        waiting += 1
    while waiting:
        while first[bucket % ring] >= 0:
            node = first[bucket % ring]
            take_out(node, bucket % ring, first, after, before)
            waits[node] = False
            waiting -= 1
            for k in range(indptr[node], indptr[node + 1]):
                other, onward = indices[k], distance[node] + length[k]
                if onward < distance[other]:
                    if waits[other]:
                        take_out(other, int(distance[other] / width) % ring, first, after, before)
                        waiting -= 1
                    distance[other], waits[other] = onward, True
                    put_in(other, int(onward / width) % ring, first, after, before)
                    waiting += 1
        bucket += 1
    return distance


@numba.njit("i8[::1](i4[::1], i4[::1], f8[::1], i8[::1], f8)", cache=True)
def counts_within(indptr: Any, indices: Any, length: Any, sources: Any, limit: float) -> Any:
    """Return how many sources each node has within a distance: a search outward from each."""
    counts = np.zeros(len(indptr) - 1, np.int64)
    distance = np.full(len(indptr) - 1, np.inf)
    for source in sources:
        touched = [source]
        distance[source] = 0.0
        heap = [(0.0, source)]
        while heap:
            so_far, node = heapq.heappop(heap)
            if so_far > distance[node]:
                continue
            counts[node] += 1
            for k in range(indptr[node], indptr[node + 1]):
                other, onward = np.int64(indices[k]), so_far + length[k]
                if onward <= limit and onward < distance[other]:
                    if distance[other] == np.inf:
                        touched.append(other)
                    distance[other] = onward
                    heapq.heappush(heap, (onward, other))
        for node in touched:
            distance[node] = np.inf
    return counts
