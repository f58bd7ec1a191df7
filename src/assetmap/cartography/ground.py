"""What the base map draws in a rectangle of the ground: one list, for the picture as for paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from assetmap.cartography.basemap import BaseClass
from assetmap.cartography.frame import Frame

__all__ = ["FINENESS", "Drawn", "boundary_rings", "line_width", "pieces_of", "thinned_ground", "whole_ground"]

DROPPED_FIRST = ("steps", "building", "path", "street")
"""What is left out, in this order, where there is too much to draw."""
FINENESS = 0.7
"""How far simplifying may move an edge, in units."""
SMALLEST = 6.0
"""Areas smaller than this, in square units, are left out."""


class Drawn(NamedTuple):
    """One class of the base map with the rings or lines that it draws, in metres."""

    look: BaseClass
    parts: NDArray[np.object_]


def whole_ground(base: gpd.GeoDataFrame, frame: Frame, looks: Sequence[BaseClass]) -> list[Drawn]:
    """Return what each class draws within a frame, as simple as its scale allows.

    Parameters
    ----------
    base
        Drawing data with ``kind``, in the frame's CRS.
    frame
        What to draw.
    looks
        The classes, in the order in which they are drawn.
    """
    return [Drawn(look, _parts_of(base, look, frame)) for look in looks]


def thinned_ground(
    base: gpd.GeoDataFrame, frame: Frame, looks: Sequence[BaseClass], *, most_points: int
) -> list[Drawn]:
    """Return the ground without its finest classes where it has more points than a small picture needs.

    Parameters as for `whole_ground`. A class that there is no room for isn't looked at: a city's buildings would
    take longer than all the rest.
    """
    coarse_first = sorted(looks, key=lambda look: _turn(look.kind), reverse=True)
    kept: dict[str, Drawn] = {}
    points = 0
    for look in coarse_first:
        if points > most_points and look.kind in DROPPED_FIRST:
            break
        found = _parts_of(base, look, frame)
        points += int(shapely.get_num_coordinates(found).sum())
        if points <= most_points or look.kind not in DROPPED_FIRST:
            kept[look.kind] = Drawn(look, found)
    return [kept[look.kind] for look in looks if look.kind in kept]


def _turn(kind: str) -> int:
    """Return a class's turn to be left out; those that never are come last."""
    return DROPPED_FIRST.index(kind) if kind in DROPPED_FIRST else len(DROPPED_FIRST)


def boundary_rings(boundary: gpd.GeoDataFrame, frame: Frame) -> NDArray[np.object_]:
    """Return a boundary's rings, as simple as the frame's scale allows."""
    whole = shapely.simplify(boundary.union_all(), FINENESS / frame.scale)
    return np.asarray(shapely.get_rings(shapely.get_parts(whole)))


def line_width(look: BaseClass, frame: Frame) -> float:
    """Return how wide a class of lines is drawn, in units."""
    return max(look.thinnest, look.width_m * frame.scale)


def pieces_of(parts: NDArray[np.object_], frame: Frame) -> list[NDArray[np.float64]]:
    """Return the points of each line or ring, in units."""
    points, index = shapely.get_coordinates(parts, return_index=True)
    return np.split(frame.place(points), np.flatnonzero(np.diff(index)) + 1) if len(points) else []


def _parts_of(base: gpd.GeoDataFrame, look: BaseClass, frame: Frame) -> NDArray[np.object_]:
    """Return the rings or lines of one class within the frame."""
    shapes = base.geometry.to_numpy()[(base["kind"] == look.kind).to_numpy()]
    shapes = shapes[shapely.intersects(shapes, shapely.box(*frame.bounds))]
    parts = shapely.get_parts(shapely.get_parts(shapely.clip_by_rect(shapely.make_valid(shapes), *frame.bounds)))
    parts = parts[shapely.get_dimensions(parts) == (2 if look.shape == "area" else 1)]
    parts = shapely.simplify(parts, FINENESS / frame.scale)
    if look.shape == "line":
        return np.asarray(parts)
    parts = parts[shapely.area(parts) * frame.scale**2 > SMALLEST]
    return np.asarray(shapely.get_rings(shapely.orient_polygons(parts)))
