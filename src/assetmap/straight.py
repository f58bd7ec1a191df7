"""Straight lines: the nearest of some shapes from every point."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

__all__ = ["nearest_shape", "shape_tree"]

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
        (row, column), found = shape_tree(shapes).query_nearest(points, return_distance=True)
        order = np.lexsort((column, row))  # of equally near ones, the first: the same on every machine
        row, first = np.unique(row[order], return_index=True)
        distance[row], number[row] = found[order][first], column[order][first]
    return distance, number
