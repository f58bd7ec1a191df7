"""Points joined to the walking network: where each meets the nearest way, and a node there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
import shapely

from assetmap.network import PROFILES, Profile, WalkNetwork, edge_lines
from assetmap.straight import first_nearest, shape_tree

__all__ = ["MAX_GAP_M", "Joined", "Met", "join_points", "nearest_edges"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

MAX_GAP_M = 100.0
"""A point farther than this from every way isn't on the network."""

_STRIP_EDGES = 1_000_000
"""Edges of a larger network are drawn as lines a strip at a time: a country's would take more memory than all else."""


@dataclass(frozen=True)
class Joined:
    """Points joined to a network.

    Parameters
    ----------
    network
        The network with a node inserted where each point meets it.
    node
        The node of each point; -1 where no way is within reach.
    gap_m
        Straight distance from each point to its node; NaN where there is none.
    """

    network: WalkNetwork
    node: Ints
    gap_m: Floats


@dataclass(frozen=True)
class Met:
    """Where points meet a network, one row a point that has an edge within reach.

    Parameters
    ----------
    point, edge
        Positions of the point, ascending, and of the edge nearest to it.
    gap_m
        How far it is, metres.
    share
        How far along the edge, 0 to 1.
    """

    point: Ints
    edge: Ints
    gap_m: Floats
    share: Floats


def join_points(
    network: WalkNetwork, *points: Floats, profile: Profile = PROFILES["standard"], max_gap_m: float = MAX_GAP_M
) -> Joined:
    """Insert a node where each point is nearest to what a profile can use of the network.

    Parameters
    ----------
    network
        Any network.
    points
        Positions, shape (k, 2) each, in the network's CRS; the nodes come in the order of all of them.
    profile
        The way of walking.
    max_gap_m
        A point farther than this from every edge is left out.

    Returns
    -------
    Joined
        The profile's network with its edges split, and each point's node and gap.
    """
    first = np.cumsum([0, *map(len, points)])
    met = [nearest_edges(network, some, max_gap_m=max_gap_m) for some in points]
    if profile.step_free:
        usable = network.usable_by(profile)
        network = network.only(usable)
        met = [_among(network, usable, one, some, max_gap_m) for one, some in zip(met, points, strict=True)]
    found = np.concatenate([start + one.point for start, one in zip(first, met, strict=False)])
    node, gap = np.full(first[-1], -1, dtype=np.int64), np.full(first[-1], np.nan)
    gap[found] = np.concatenate([one.gap_m for one in met])
    edge, share = np.concatenate([one.edge for one in met]), np.concatenate([one.share for one in met])
    if not len(found):
        return Joined(network, node, gap)
    split, node[found] = _split_edges(network, edge, share)
    return Joined(split, node, gap)


def nearest_edges(network: WalkNetwork, points: Floats, *, max_gap_m: float = MAX_GAP_M) -> Met:
    """Find the edge nearest to each point; of equally near ones the first.

    A network remembers what it has been asked: a study measures from the same origins again and again.

    Parameters
    ----------
    network, points, max_gap_m
        As for `join_points`, one group of points.

    Examples
    --------
    >>> from pyproj import CRS
    >>> xy, one = np.array([[0.0, 0.0], [100.0, 0.0]]), np.array([1])
    >>> way = WalkNetwork(xy, np.array([0]), one, np.array([100.0]), one.astype(np.int8), CRS(27700))
    >>> met = nearest_edges(way, np.array([[25.0, 3.0], [50.0, 999.0]]))
    >>> met.point.tolist(), met.edge.tolist(), met.gap_m.tolist(), met.share.tolist()
    ([0], [0], [3.0], [0.25])
    """
    if not len(points) or not len(network.start):
        return Met(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))
    question = sha256(np.ascontiguousarray(points).tobytes() + str(max_gap_m).encode()).digest()
    if question not in network.met:
        shapes = shapely.points(points)
        point, edge, gap_m = _nearest_edges(network, shapes, max_gap_m)
        lines = network.lines[edge] if len(network.start) <= _STRIP_EDGES else edge_lines(network, edge)
        share = shapely.line_locate_point(lines, shapes[point], normalized=True)
        network.met[question] = Met(point, edge, gap_m, share)
    found: Met = network.met[question]
    return found


def _among(part: WalkNetwork, usable: Any, met: Met, points: Floats, max_gap_m: float) -> Met:
    """Return where points meet a part of the network that they have met.

    An edge of the part that is the nearest of all is the nearest of the part's too: only the other points are asked of.
    """
    kept = usable[met.edge]
    lost = met.point[~kept]
    again = nearest_edges(part, points[lost], max_gap_m=max_gap_m)
    number = np.cumsum(usable) - 1
    point = np.concatenate([met.point[kept], lost[again.point]])
    order = np.argsort(point)
    return Met(
        point[order],
        np.concatenate([number[met.edge[kept]], again.edge])[order],
        np.concatenate([met.gap_m[kept], again.gap_m])[order],
        np.concatenate([met.share[kept], again.share])[order],
    )


def _split_edges(network: WalkNetwork, edge: Ints, share: Floats) -> tuple[WalkNetwork, Ints]:
    """Split edges at shares of their length; return the network and the node of each split."""
    at_start, at_end = share <= 0, share >= 1
    inner = ~(at_start | at_end)
    node = np.where(at_start, network.start[edge], network.end[edge])
    order = np.lexsort((share[inner], edge[inner]))
    e, s = edge[inner][order], share[inner][order]
    fresh = np.ones(len(e), dtype=bool)  # equal shares of one edge are one node
    fresh[1:] = (e[1:] != e[:-1]) | (s[1:] != s[:-1])
    number = len(network.xy) + np.cumsum(fresh) - 1
    back = np.flatnonzero(inner)[order]
    node[back] = number
    e, s, number = e[fresh], s[fresh], number[fresh]
    a, b = network.xy[network.start[e]], network.xy[network.end[e]]
    xy = np.vstack([network.xy, a + (b - a) * s[:, None]])
    # Each split edge becomes a chain: its start, the new nodes in order, its end.
    opens = np.ones(len(e), dtype=bool)
    opens[1:] = e[1:] != e[:-1]
    closes = np.ones(len(e), dtype=bool)
    closes[:-1] = opens[1:]
    before = np.where(opens, network.start[e], np.roll(number, 1))
    share_before = np.where(opens, 0.0, np.roll(s, 1))
    tail = e[closes]
    whole = np.ones(len(network.start), dtype=bool)
    whole[e] = False
    chain = np.concatenate([e, tail])
    return (
        replace(
            network,
            xy=xy,
            start=np.concatenate([network.start[whole], before, number[closes]]),
            end=np.concatenate([network.end[whole], number, network.end[tail]]),
            length_m=np.concatenate(
                [
                    network.length_m[whole],
                    network.length_m[e] * (s - share_before),
                    network.length_m[tail] * (1 - s[closes]),
                ]
            ),
            step_free=np.concatenate([network.step_free[whole], network.step_free[chain]]),
        ),
        node,
    )


def _nearest_edges(network: WalkNetwork, points: Any, max_gap_m: float) -> tuple[Ints, Ints, Floats]:
    """Return the points within reach of an edge, the nearest edge of each (`first_nearest`), and how far it is."""
    if len(network.start) <= _STRIP_EDGES:
        return first_nearest(network.tree, points, max_distance=max_gap_m)
    low = np.minimum(network.xy[network.start, 1], network.xy[network.end, 1])
    high = np.maximum(network.xy[network.start, 1], network.xy[network.end, 1])
    strips = len(low) // _STRIP_EDGES + 1
    northing = shapely.get_y(points)
    bounds = np.quantile(northing, np.linspace(0, 1, strips + 1))
    strip = np.clip(np.searchsorted(bounds, northing, side="right") - 1, 0, strips - 1)
    parts = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for number in range(strips):
        here = np.flatnonzero(strip == number)
        edge = np.flatnonzero((high >= bounds[number] - max_gap_m) & (low <= bounds[number + 1] + max_gap_m))
        if len(here) and len(edge):
            # without a name, so that a strip's tree is gone before the next is made
            which, near, gap_m = first_nearest(
                shape_tree(edge_lines(network, edge)), points[here], max_distance=max_gap_m
            )
            parts.append((here[which], edge[near], gap_m))
    found, nearest, gap_m = (np.concatenate(column) for column in zip(*parts, strict=True))
    return found, nearest, gap_m
