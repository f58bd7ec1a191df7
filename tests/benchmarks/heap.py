"""Dijkstra's algorithm with a binary heap, compiled by numba: what a hand-written engine would take."""

from __future__ import annotations

import heapq
from typing import Any

import numba
import numpy as np


@numba.njit(cache=True)
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
                heapq.heappush(heap, (onward, indices[k]))
    return distance


@numba.njit(cache=True)
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
                onward = so_far + length[k]
                if onward <= limit and onward < distance[indices[k]]:
                    if distance[indices[k]] == np.inf:
                        touched.append(indices[k])
                    distance[indices[k]] = onward
                    heapq.heappush(heap, (onward, indices[k]))
        for node in touched:
            distance[node] = np.inf
    return counts
