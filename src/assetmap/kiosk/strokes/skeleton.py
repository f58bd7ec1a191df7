"""The middle lines of ink as a graph: edges between ends and crossings, spurs pruned, a crossing's nodes made one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Edge", "middle_lines", "path_length"]

Path = NDArray[Any]
_LEAST_STICKING_OUT = 0.6  # of the stroke's radius where a branch leaves it
_CROSSING_WIDTHS = 1.6


@dataclass
class Edge:
    """A middle line between two nodes.

    Parameters
    ----------
    ends
        The nodes where it begins and ends.
    path
        (n, 2) x, y.
    """

    ends: tuple[int, int]
    path: Path


def path_length(path: Path) -> float:
    """Return the length of a path in its own units."""
    return float(np.hypot(*np.diff(path, axis=0).T).sum()) if len(path) > 1 else 0.0


def middle_lines(mask: NDArray[np.bool_], radius: NDArray[Any]) -> list[Edge]:
    """Return the edges of a mask's skeleton.

    Parameters
    ----------
    mask
        (H, W) bool.
    radius
        (H, W): distance to the nearest pixel outside the mask.
    """
    from skimage.morphology import skeletonize

    if mask.sum() < 3:
        return []
    return _unite_crossings(_prune(_edges_of(np.asarray(skeletonize(mask), bool)), radius), radius)


def _edges_of(thin: NDArray[np.bool_]) -> list[Edge]:
    """Return the edges of a skeleton; its nodes are the pixels that haven't just two neighbours, those that touch one.

    A ring without a crossing begins and ends at a node of its own.
    """
    from scipy.sparse.csgraph import connected_components
    from skimage.graph import pixel_graph

    graph, flat = pixel_graph(thin, connectivity=2)
    at = np.column_stack(np.unravel_index(flat, thin.shape)[::-1]).astype("float64")
    ends, beside = graph.indptr.tolist(), graph.indices.tolist()
    forks = np.flatnonzero(np.diff(graph.indptr) != 2)
    count, of_fork = connected_components(graph[forks][:, forks], directed=False)
    sizes = np.maximum(np.bincount(of_fork, minlength=count), 1)
    middles = [np.bincount(of_fork, at[forks, axis], count) / sizes for axis in (0, 1)]
    middle = np.rint(np.column_stack(middles))
    node = dict(zip(forks.tolist(), of_fork.tolist(), strict=True))
    passed: set[int] = set()

    def onward(before: int, here: int) -> tuple[list[int], int]:
        """Walk to the next node: the pixels on the way, and the node's pixel."""
        way = []
        while here not in node:
            way.append(here)
            one, other = beside[ends[here] : ends[here + 1]]
            before, here = here, other if one == before else one
        passed.update(way)
        return way, here

    edges = []
    for fork, start in list(node.items()):
        for first in beside[ends[fork] : ends[fork + 1]]:
            if first not in node and first not in passed:
                way, last = onward(fork, first)
                end = node[last]
                edges.append(Edge((start, end), np.vstack([middle[start], at[way], middle[end]])))
    for pixel in range(len(at)):
        if pixel not in node and pixel not in passed:
            number = node[pixel] = count = count + 1
            way, _ = onward(pixel, beside[ends[pixel]])
            edges.append(Edge((number, number), at[[pixel, *way, pixel]]))
    return edges


def _degrees(edges: list[Edge]) -> dict[int, int]:
    degree: dict[int, int] = {}
    for edge in edges:
        for node in edge.ends:
            degree[node] = degree.get(node, 0) + 1
    return degree


def _radius_at(radius: NDArray[Any], point: Any) -> float:
    column, row = np.rint(point).astype(int)
    return float(radius[min(max(row, 0), radius.shape[0] - 1), min(max(column, 0), radius.shape[1] - 1)])


def _prune(edges: list[Edge], radius: NDArray[Any]) -> list[Edge]:
    """Drop the short branches that a stroke's ragged edge gives a skeleton, the shortest first.

    A blunt end gives two, one into each of its corners: both go, or the one that stays would bend the stroke.
    """
    while True:
        degree = _degrees(edges)
        at: dict[int, list[tuple[float, int]]] = {}
        for place, edge in enumerate(edges):
            foot = _spur_foot(edge, degree)
            if foot is None:
                continue
            path = edge.path if edge.ends[0] == foot else edge.path[::-1]
            thick = _radius_at(radius, path[0])
            sticking_out = path_length(path) + _radius_at(radius, path[-1]) - thick
            if sticking_out < _LEAST_STICKING_OUT * thick + 1:
                at.setdefault(foot, []).append((sticking_out, place))
        if not at:
            return edges
        gone: set[int] = set()
        for foot, spurs in at.items():
            corners = len(spurs) == 2 and degree[foot] == 3
            gone.update(place for _, place in (spurs if corners else [min(spurs)]))
        edges = _join_passed([edge for place, edge in enumerate(edges) if place not in gone])


def _spur_foot(edge: Edge, degree: dict[int, int]) -> int | None:
    """Return the crossing that a branch with a free end comes from, or None for any other edge."""
    first, last = edge.ends
    if first == last or min(degree[first], degree[last]) > 1 or max(degree[first], degree[last]) < 3:
        return None
    return first if degree[first] > 1 else last


def _join_passed(edges: list[Edge]) -> list[Edge]:
    """Join two edges into one at each node where only they meet."""
    edges = list(edges)
    while True:
        at: dict[int, list[int]] = {}
        for place, edge in enumerate(edges):
            for node in edge.ends:
                at.setdefault(node, []).append(place)
        pair = next(((node, both) for node, both in at.items() if len(both) == 2 and both[0] != both[1]), None)
        if pair is None:
            return edges
        node, (one, other) = pair
        first, second = edges[one], edges[other]
        head = first.path if first.ends[1] == node else first.path[::-1]
        tail = second.path if second.ends[0] == node else second.path[::-1]
        start = first.ends[0] if first.ends[1] == node else first.ends[1]
        end = second.ends[1] if second.ends[0] == node else second.ends[0]
        joined = Edge((start, end), np.vstack([head, tail[1:]]))
        edges = [edge for place, edge in enumerate(edges) if place not in (one, other)] + [joined]


def _unite_crossings(edges: list[Edge], radius: NDArray[Any]) -> list[Edge]:
    """Make one node of the two that a skeleton has where two strokes cross, and leave out the bit between them."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent.get(node, node) != node:
            node = parent[node]
        return node

    degree = _degrees(edges)
    kept = []
    for edge in edges:
        first, last = edge.ends
        short = path_length(edge.path) < _CROSSING_WIDTHS * 2 * _radius_at(radius, edge.path[len(edge.path) // 2])
        if first != last and short and degree[first] >= 3 and degree[last] >= 3:
            parent[root(first)] = root(last)
        else:
            kept.append(edge)
    return [Edge((root(edge.ends[0]), root(edge.ends[1])), edge.path) for edge in kept]
