"""How many sources each place reaches within some distances, by short searches outward from the sources.

With the extra ``[fast]`` many sources are searched from by `assetmap.compiled`, with the same answers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from assetmap.network import with_sources

if TYPE_CHECKING:
    from assetmap.chains import Chains

__all__ = ["count_within", "pairs_within"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Counts = np.ndarray[Any, np.dtype[np.int32]]

_BATCH = 32
"""Sources searched from together: neighbours, so that the part of the network about them is small."""
_STRIP_M = 1000.0
_WORTH_COMPILED = 20_000
"""Sources from which on compiled searches save more than the 0.7 s and 90 MB that loading them takes."""


def count_within(
    chains: Chains, links: tuple[Ints, Ints, Floats], *, members: Any, gap_m: Floats, limits_m: Floats
) -> Counts:
    """Count, at some places, the sources within each distance, searching outward from each source.

    Dijkstra's algorithm from every source, no farther than the greatest distance, over the network without
    its bends and only the part of it that lies near enough.

    Parameters
    ----------
    chains
        A network without its bends, and the places to count at.
    links
        Source number, kept node as the chains number them, gap in metres: the ways into each source. Several ways
        in are one source.
    members
        Which sources belong to which target, bool, shape (targets, sources).
    gap_m
        What it costs to get from each place to the network, shape (p,), metres.
    limits_m
        The distances, shape (t,), metres.

    Returns
    -------
    ndarray
        Counts, shape (targets, t, p).
    """
    if compiled := _compiled_for(links[0]):
        fast: Counts = compiled.count_within(chains, links, members=members, gap_m=gap_m, limits_m=limits_m)
        return fast
    counts = np.zeros((len(members), len(limits_m), len(chains.end)), dtype=np.int32)
    found = _searches(chains, links, gap_m=gap_m, limit_m=float(max(limits_m))) if len(limits_m) else ()
    for sources, here, distance in found:
        targets = np.flatnonzero(members[:, sources].any(axis=1))
        # A batch is too small to overflow a byte, and bytes are added up in half the time of numbers.
        belongs = csr_array(members[np.ix_(targets, sources)], dtype=np.uint8)
        for i, limit in enumerate(limits_m):
            # Row by row: numpy takes several times as long to add a block at scattered places.
            for target, near in zip(targets, belongs @ (distance <= limit).view(np.uint8), strict=True):
                counts[target, i][here] += near
    return counts


def pairs_within(
    chains: Chains, links: tuple[Ints, Ints, Floats], *, gap_m: Floats, limit_m: float
) -> tuple[Ints, Ints, Floats]:
    """Return every source with every place within a distance of it, searching as `count_within` does.

    Parameters
    ----------
    chains, links, gap_m
        As for `count_within`.
    limit_m
        The distance, metres.

    Returns
    -------
    tuple of ndarray
        Source number, number of the place, distance in metres with the gaps at both ends; each pair once.
    """
    if compiled := _compiled_for(links[0]):
        fast: tuple[Ints, Ints, Floats] = compiled.pairs_within(chains, links, gap_m=gap_m, limit_m=limit_m)
        return fast
    parts: list[tuple[Ints, Ints, Floats]] = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for sources, here, distance in _searches(chains, links, gap_m=gap_m, limit_m=limit_m):
        row, column = np.nonzero(distance <= limit_m)
        parts.append((sources[row], here[column], distance[row, column]))
    source, place, distance_m = (np.concatenate(column) for column in zip(*parts, strict=True))
    return source, place, distance_m


def _compiled_for(owner: Ints) -> Any:
    """Return `assetmap.compiled` if numba is there and so many sources are worth its loading, or it is loaded."""
    if "assetmap.compiled" not in sys.modules and len(np.unique(owner)) < _WORTH_COMPILED:
        return None
    try:
        from assetmap import compiled
    except ImportError:  # not installed, or not for this numpy
        return None
    return compiled


def _searches(
    chains: Chains, links: tuple[Ints, Ints, Floats], *, gap_m: Floats, limit_m: float
) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield some neighbouring sources, the numbers of the places that may be near them, and the distances between."""
    owner, door, link_m = links
    xy = chains.xy
    nodes, places = _Spread(xy), _Spread(chains.place_xy)
    end, offset_m = chains.end, chains.offset_m + gap_m[:, None]
    reach_m = limit_m + 1.0  # so that no last bit of a coordinate leaves out what is just as far as the limit
    local = np.full(len(xy) + 1, -1)  # the last is for places on a ring, whose end is -1
    for batch in _batches(owner, xy[door]):
        low, high = xy[door[batch]].min(axis=0) - reach_m, xy[door[batch]].max(axis=0) + reach_m
        near, here = nodes.within(low, high), places.within(low, high)
        local[near] = np.arange(len(near))
        sources, number = np.unique(owner[batch], return_inverse=True)
        about = _part_of(chains.graph, near, local)
        graph = with_sources(about, len(sources), (number, local[door[batch]], link_m[batch]))
        distance = dijkstra(graph, indices=len(near) + np.arange(len(sources)), limit=limit_m)
        reached = np.append(np.isfinite(distance).any(axis=0), False)
        here = here[reached[local[end[here]]].any(axis=1)]
        ends = local[end[here]]
        offsets = np.where(ends >= 0, offset_m[here], np.inf)
        one, other = (np.take(distance, ends[:, side], axis=1) + offsets[:, side] for side in (0, 1))
        yield sources, here, np.minimum(one, other, out=one)
        local[near] = -1


def _part_of(graph: csr_array, near: Ints, local: Ints) -> csr_array:
    """Return a graph of some nodes alone; scipy's own selection of columns looks at every node there is."""
    rows = graph[near]
    inside = local[rows.indices] >= 0
    before = np.concatenate([[0], np.cumsum(inside)])
    return csr_array(
        (rows.data[inside], local[rows.indices[inside]], before[rows.indptr]), shape=(len(near), len(near))
    )


class _Spread:
    """Points in the order of their northing, so that those of a box are found without looking at all."""

    def __init__(self, xy: Floats) -> None:
        self.order = np.argsort(xy[:, 1])
        self.x, self.y = xy[self.order].T

    def within(self, low: Floats, high: Floats) -> Ints:
        """Return the numbers of the points in a box."""
        first, last = np.searchsorted(self.y, (low[1], high[1]))
        strip = self.x[first:last]
        found: Ints = self.order[first:last][(strip >= low[0]) & (strip <= high[0])]
        return found


def _batches(owner: Ints, xy: Floats) -> Iterator[Ints]:
    """Yield the ways in of some neighbouring sources at a time: to and fro along strips of the map."""
    sources, first, of = np.unique(owner, return_index=True, return_inverse=True)
    x, strip = xy[first, 0], np.floor(xy[first, 1] / _STRIP_M)
    place = np.empty(len(sources), dtype=np.int64)
    place[np.lexsort((np.where(strip % 2, x, -x), strip))] = np.arange(len(sources))
    batch = place[of] // _BATCH
    order = np.argsort(batch, kind="stable")
    return iter(np.split(order, np.flatnonzero(np.diff(batch[order])) + 1)) if len(order) else iter(())
