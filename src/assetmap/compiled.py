"""The counts of `assetmap.counts` by searches that numba compiles, the extra ``[fast]``: the same answers sooner."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from scipy.sparse import csc_array

from assetmap.chains import gathered

if TYPE_CHECKING:
    from assetmap.chains import Chains

__all__ = ["count_within", "pairs_within"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Counts = np.ndarray[Any, np.dtype[np.int32]]
Arrays = tuple[Any, ...]

_STEP_M = 200.0
"""How far a search goes before it looks at what it put off: half of it and twice as much take as long."""
_WORTH_THREADS = 1_000
"""Sources from which on a second thread saves more than it takes to start."""


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function compiled, once for all programs; where nothing can be kept, once for each."""
    try:
        kept: Callable[..., Any] = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba found no folder that it may write to
        kept = numba.njit(nogil=True)(function)
    return kept


def count_within(
    chains: Chains, links: tuple[Ints, Ints, Floats], *, members: Any, gap_m: Floats, limits_m: Floats
) -> Counts:
    """Do what `assetmap.counts.count_within` does."""
    shape = len(members), len(limits_m), len(chains.end)
    if not len(limits_m):
        return np.zeros(shape, dtype=np.int32)
    graph, places = _graph_of(chains), _places_of(chains, gap_m)
    belongs, order = csc_array(members), np.argsort(limits_m)

    def count(sources: Arrays) -> Counts:
        counts = np.zeros(shape, dtype=np.int32)
        _count(graph, places, sources, (belongs.indptr, belongs.indices), limits_m[order], counts)
        return counts

    counts, *more = _in_halves(count, _by_source(chains, links))
    for other in more:
        counts += other
    within: Counts = np.cumsum(counts, axis=1, out=counts)[:, np.argsort(order)]
    return within


def pairs_within(
    chains: Chains, links: tuple[Ints, Ints, Floats], *, gap_m: Floats, limit_m: float
) -> tuple[Ints, Ints, Floats]:
    """Do what `assetmap.counts.pairs_within` does."""
    graph, places = _graph_of(chains), _places_of(chains, gap_m)
    halves = _in_halves(lambda sources: _pair(graph, places, sources, float(limit_m)), _by_source(chains, links))
    source, place, distance_m = (np.concatenate(column) for column in zip(*halves, strict=True))
    return source, place, distance_m


def _in_halves(search: Callable[[Arrays], Any], sources: Arrays) -> list[Any]:
    """Search from either half of the sources in a thread of its own: compiled code runs without Python's lock."""
    if len(sources[0]) < _WORTH_THREADS:
        return [search(sources)]
    half = len(sources[0]) // 2
    halves = [(*(column[part] for column in sources[:3]), *sources[3:]) for part in (slice(half), slice(half, None))]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(search, halves))


def _graph_of(chains: Chains) -> Arrays:
    """Return the graph, and the longest step from each node."""
    graph = chains.graph
    return graph.indptr, graph.indices, graph.data, _longest(graph.indptr, graph.data)


def _by_source(chains: Chains, links: tuple[Ints, Ints, Floats]) -> Arrays:
    """Return each source, the first of its ways in and the one after its last, and the ways by source.

    Sources come in strips over the map: what one search has looked at, the next often needs.
    """
    order = np.argsort(links[0], kind="stable")
    owner, door, link_m = (column[order] for column in links)
    source, first = np.unique(owner, return_index=True)
    after = np.append(first, len(owner))[1:]
    x, y = chains.xy[door[first]].T
    order = np.lexsort((x, np.floor(y / _STEP_M)))
    return source[order], first[order], after[order], door, link_m


def _places_of(chains: Chains, gap_m: Floats) -> Arrays:
    """Return the places by the node at their first end, and which of them have another at their second."""
    size, nothing = len(chains.kept), np.zeros(len(chains.end), dtype=np.int8)
    by_first = gathered(nothing, chains.end[:, 0] + 1, size=size + 1)  # a ring's -1 comes before all nodes
    place = by_first.indices
    end, offset_m = chains.end.take(place, axis=0), chains.offset_m.take(place, axis=0) + gap_m[place, None]
    between = np.flatnonzero(end[:, 0] != end[:, 1])
    by_second = gathered(nothing[between], end[between, 1], size=size)
    return place, by_first.indptr[1:], end, offset_m, by_second.indptr, between[by_second.indices]


@_compiled
def _longest(indptr: Any, length: Any) -> Any:
    """Return the longest step from each node."""
    longest = np.zeros(len(indptr) - 1)
    for node in range(len(longest)):
        for k in range(indptr[node], indptr[node + 1]):
            longest[node] = max(longest[node], length[k])
    return longest


@_compiled
def _room(nodes: Any, places: Any) -> Any:
    """Return what a search needs: distances, what waits, what is reached, near, put off; and places found."""
    ring = 1
    while ring < nodes:
        ring *= 2
    return (
        np.full(nodes, np.inf),
        np.zeros(nodes, np.bool_),
        np.empty(nodes, np.int32),
        np.empty(ring, np.int32),
        np.empty(nodes, np.int32),
        np.empty(places, np.int32),
        np.empty(places),
    )


@_compiled
def _spread(graph: Any, door: Any, link_m: Any, limit_m: Any, room: Any) -> Any:
    """Find how far each node is from one source, up to a limit; return how many are reached.

    A node waits for its turn until a shorter way to it has been tried on its neighbours, the near before the far:
    Meyer, U. and Sanders, P. (2003). Delta-stepping: a parallelizable shortest path algorithm. Journal of
    Algorithms 49(1).
    """
    indptr, indices, length = graph[:3]
    distance, waits, reached, near, far = room[:5]
    many = _enter(door, link_m, limit_m, room)
    off, first, last, bound, ring = many, 0, 0, 0.0, len(near) - 1
    while off > 0:
        bound += _STEP_M
        off, last = _draw_near(distance, bound, far, off, near, last)
        while first < last:
            node = near[first & ring]
            first += 1
            waits[node] = False
            for k in range(indptr[node], indptr[node + 1]):
                other, onward = indices[k], distance[node] + length[k]
                if onward <= limit_m and onward < distance[other]:
                    if distance[other] == np.inf:
                        reached[many] = other
                        many += 1
                    distance[other] = onward
                    if not waits[other]:
                        waits[other] = True
                        if onward < bound:
                            near[last & ring] = other
                            last += 1
                        else:
                            far[off] = other
                            off += 1
    return many


@_compiled
def _enter(door: Any, link_m: Any, limit_m: Any, room: Any) -> Any:
    """Put off the nodes at which a source is entered, each once, and reach them; return how many."""
    distance, waits, reached, _, far = room[:5]
    many = 0
    for k in range(len(door)):
        node = door[k]
        if link_m[k] <= limit_m:
            distance[node] = min(distance[node], link_m[k])
            if not waits[node]:
                waits[node], reached[many], far[many] = True, node, node
                many += 1
    return many


@_compiled
def _draw_near(distance: Any, bound: Any, far: Any, off: Any, near: Any, last: Any) -> Any:
    """Move to the near what was put off and is near now; return how many are still far, and the end of the near."""
    left, ring = 0, len(near) - 1
    for k in range(off):
        if distance[far[k]] < bound:
            near[last & ring] = far[k]
            last += 1
        else:
            far[left] = far[k]
            left += 1
    return left, last


@_compiled
def _find(graph: Any, places: Any, door: Any, link_m: Any, limit_m: Any, room: Any) -> Any:
    """Find the places within a limit of one source, each by the better end of its chain; return how many."""
    place, starts, end, offset_m, again, which = places
    distance, reached, found, walk_m, longest_m = room[0], room[2], room[5], room[6], graph[3]
    many, so_many = _spread(graph, door, link_m, limit_m, room), 0
    for i in range(many):
        node = reached[i]
        for k in range(starts[node], starts[node + 1]):
            walk = min(distance[node] + offset_m[k, 0], distance[end[k, 1]] + offset_m[k, 1])
            if walk <= limit_m:
                found[so_many], walk_m[so_many] = place[k], walk
                so_many += 1
        if distance[node] + longest_m[node] <= limit_m:
            continue  # its neighbours are reached too, and found what lies on the way
        for j in range(again[node], again[node + 1]):
            k = which[j]
            walk = distance[node] + offset_m[k, 1]
            if walk <= limit_m and distance[end[k, 0]] == np.inf:
                found[so_many], walk_m[so_many] = place[k], walk
                so_many += 1
    for i in range(many):
        distance[reached[i]] = np.inf
    return so_many


@_compiled
def _count(graph: Any, places: Any, sources: Any, targets: Any, limits_m: Any, counts: Any) -> None:
    """Add, for each target of each source, 1 to every place under the least of the limits that it is within."""
    source, first, after, door, link_m = sources
    starts, target = targets
    room = _room(len(graph[0]) - 1, len(places[0]))
    found, walk_m = room[5], room[6]
    for s in range(len(source)):
        begin, stop = starts[source[s]], starts[source[s] + 1]
        if begin == stop:
            continue
        ways = slice(first[s], after[s])
        for i in range(_find(graph, places, door[ways], link_m[ways], limits_m[-1], room)):
            limit = 0
            while walk_m[i] > limits_m[limit]:
                limit += 1
            for k in range(begin, stop):
                counts[target[k], limit, found[i]] += 1


@_compiled
def _pair(graph: Any, places: Any, sources: Any, limit_m: Any) -> Any:
    """Return each source with the places within the limit of it, and how far they are."""
    source, first, after, door, link_m = sources
    room = _room(len(graph[0]) - 1, len(places[0]))
    many, owner, at, walk_m = 0, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    for s in range(len(source)):
        ways = slice(first[s], after[s])
        more = _find(graph, places, door[ways], link_m[ways], limit_m, room)
        if many + more > len(owner):
            numbers = np.empty(many + more, np.int64)
            owner, at = np.append(owner, numbers), np.append(at, numbers)
            walk_m = np.append(walk_m, np.empty(many + more))
        owner[many : many + more] = source[s]
        at[many : many + more], walk_m[many : many + more] = room[5][:more], room[6][:more]
        many += more
    return owner[:many], at[:many], walk_m[:many]
