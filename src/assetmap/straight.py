"""Straight lines: the nearest of some shapes from every point, and of several sets of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from assetmap.threads import in_pieces

__all__ = ["first_nearest", "nearest_of_each", "nearest_shape", "shape_tree"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


def shape_tree(shapes: Any) -> shapely.STRtree:
    """Return an index of shapes, fit for asking for the nearest.

    With few shapes to a box, few distances are measured for nothing: more than twice as quick as by default.
    """
    return shapely.STRtree(shapes, node_capacity=2)


def nearest_shape(points: Any, shapes: Any) -> tuple[Floats, Ints]:
    """Return the distance from each point to the nearest shape, and which that is.

    Parameters
    ----------
    points
        Points in a metric CRS, shape (n,).
    shapes
        Shapes of any kind in the same CRS.

    Returns
    -------
    distance : ndarray
        Metres, shape (n,), 0 inside a polygon; NaN if there are no shapes.
    number : ndarray
        Position of that shape; of equally near ones the first. -1 if there are no shapes.

    Examples
    --------
    >>> distance, number = nearest_shape(shapely.points([[0, 0], [9, 0]]), shapely.points([[1, 0], [5, 0], [9, 4]]))
    >>> distance.tolist(), number.tolist()
    ([1.0, 4.0], [0, 1])
    """
    distance, number = np.full(len(points), np.nan), np.full(len(points), -1)
    if len(points) and len(shapes):
        row, nearest, found = first_nearest(shape_tree(shapes), points)
        distance[row], number[row] = found, nearest
    return distance, number


def first_nearest(
    tree: shapely.STRtree, points: Any, *, max_distance: float | None = None
) -> tuple[Ints, Ints, Floats]:
    """Return the shape of a tree that is nearest to each point; of equally near ones the first, on every machine.

    Parameters
    ----------
    tree
        As `shape_tree` makes it.
    points
        Points in the tree's metric CRS, shape (n,).
    max_distance
        A point that has nothing as near as this, in metres, is left out.

    Returns
    -------
    point, shape, distance : ndarray
        Positions of the points that have one, ascending; of the shape nearest to each; metres.
    """
    points = np.asarray(points)

    def ask(rows: Ints) -> tuple[Ints, Ints, Floats]:
        (row, column), found = tree.query_nearest(points[rows], max_distance=max_distance, return_distance=True)
        order = np.lexsort((column, row))
        row, first = np.unique(row[order], return_index=True)
        return rows[row], column[order][first], found[order][first]

    row, column, found = (np.concatenate(part) for part in zip(*in_pieces(ask, np.arange(len(points))), strict=True))
    return row, column, found


def nearest_of_each(points: Any, shapes: Any, members: Any) -> tuple[Floats, Ints]:
    """Return the distance from each point to the nearest shape of each of several sets, and which that is.

    Shapes of the same sets are searched together, once: what is nearest in a group is nearest in one of its
    categories.

    Parameters
    ----------
    points, shapes
        As for `nearest_shape`.
    members
        Which shapes belong to which set, bool, shape (sets, shapes).

    Returns
    -------
    distance, number : ndarray
        As `nearest_shape` gives them for each set, shape (sets, n).

    Examples
    --------
    >>> points, shapes = shapely.points([[0, 0], [9, 0]]), shapely.points([[1, 0], [5, 0], [9, 4]])
    >>> distance, number = nearest_of_each(points, shapes, [[True, True, True], [False, True, False]])
    >>> distance.tolist(), number.tolist()
    ([[1.0, 4.0], [5.0, 4.0]], [[0, 1], [1, 1]])
    """
    members = np.asarray(members, dtype=bool)
    distance = np.full((len(members), len(points)), np.nan)
    number = np.full((len(members), len(points)), -1)
    kinds, kind = np.unique(members, axis=1, return_inverse=True)
    for place, sets in enumerate(kinds.T):
        alike = np.flatnonzero(kind == place)
        found, nearest = nearest_shape(points, shapes[alike] if sets.any() else shapes[:0])
        for one in np.flatnonzero(sets):
            equal = (found == distance[one]) & (alike[nearest] < number[one])
            nearer = (number[one] < 0) | (found < distance[one]) | equal
            distance[one][nearer], number[one][nearer] = found[nearer], alike[nearest[nearer]]
    return distance, number
