"""Geometries as small integers: projected, rounded and written as steps from point to point.

The page draws in Web Mercator, so the projecting is done here, once, for all points together. One unit is a
2^27th of the world's width: 0.3 m at the equator, 0.19 m in Britain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from assetmap.crs import transformer_between

__all__ = ["UNITS", "Grid", "Shapes", "grid_of", "pack_areas", "pack_lines", "points_of", "sort_nearby"]

UNITS = 2**27
"""Units in the width of the world."""

_HALF_WORLD_M = 20037508.342789244
_MERCATOR = CRS.from_epsg(3857)

Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Grid:
    """The integer grid of one map: x to the east, y to the south, from an origin at its north-west."""

    to_mercator: Transformer
    """From the map's CRS to Web Mercator; making one takes longer than using it."""
    origin: tuple[int, int]
    """Where (0, 0) lies, in units from the world's north-west corner."""

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points (n x 2, in the map's CRS) on the grid, as whole numbers."""
        mercator = np.column_stack(self.to_mercator.transform(points[:, 0], points[:, 1]))
        return _units(mercator) - self.origin

    def lonlat(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return a point in the map's CRS as longitude and latitude, rounded to 1e-6 degrees."""
        x, y = (np.array(self.to_mercator.transform(*point)) / _HALF_WORLD_M).tolist()
        return round(180 * x, 6), round(math.degrees(math.atan(math.sinh(math.pi * y))), 6)


def _units(mercator: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = UNITS / (2 * _HALF_WORLD_M)
    return np.rint(np.column_stack([mercator[:, 0] + _HALF_WORLD_M, _HALF_WORLD_M - mercator[:, 1]]) * steps)


def grid_of(crs: CRS, bounds: tuple[float, float, float, float]) -> Grid:
    """Return the grid whose origin is the north-west corner of a box in a metric CRS."""
    west, _, _, north = bounds
    whole_world = Grid(transformer_between(crs, _MERCATOR), (0, 0))
    x, y = whole_world.place(np.array([[west, north]]))[0].astype(int).tolist()
    return Grid(whole_world.to_mercator, (x, y))


@dataclass(frozen=True)
class Shapes:
    """Rings or lines, packed.

    `steps` holds x and y by turns; each point is a step from the point before, across shapes too, and the
    first from the origin.
    """

    steps: NDArray[np.int64]
    points: NDArray[np.int64]
    """How many points each ring or line has."""
    owners: NDArray[np.int64]
    """Which of the geometries given each ring or line belongs to."""

    def payload(self) -> dict[str, list[int]]:
        """Return steps and counts of points, for shapes whose owners don't matter."""
        return {"steps": self.steps.tolist(), "points": self.points.tolist()}

    def owned_payload(self, owners: int) -> dict[str, list[int]]:
        """Return the payload with the number of rings or lines that each of `owners` geometries has."""
        parts = np.bincount(self.owners, minlength=owners)
        return {**self.payload(), "parts": parts.tolist()}


def _pack(points: NDArray[np.float64], index: NDArray[np.int64], *, owners: NDArray[np.int64], grid: Grid) -> Shapes:
    placed = grid.place(points).astype(np.int64) if len(points) else np.zeros((0, 2), np.int64)
    steps = np.diff(placed, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel()
    return Shapes(steps, np.bincount(index, minlength=len(owners)), owners)


def pack_areas(geometries: Geometries, *, grid: Grid, tolerance_m: float) -> Shapes:
    """Pack the rings of polygons; other shapes are left out.

    Outer rings run one way and holes the other, so that areas which overlap fill by the non-zero rule.
    A ring's closing point is left out.

    Parameters
    ----------
    geometries
        Any geometries in the grid's CRS.
    tolerance_m
        How far simplifying may move an edge, in metres.
    """
    polygons, owners = _parts(geometries, dimension=2)
    simple = shapely.simplify(polygons, tolerance_m, preserve_topology=True)
    rings, of = shapely.get_rings(shapely.orient_polygons(simple), return_index=True)
    points, index = shapely.get_coordinates(rings, return_index=True)
    closing = np.diff(index, append=len(rings)) > 0
    return _pack(points[~closing], index[~closing], owners=owners[of], grid=grid)


def pack_lines(geometries: Geometries, *, grid: Grid, tolerance_m: float) -> Shapes:
    """Pack lines; other shapes are left out. Parameters as for `pack_areas`."""
    lines, owners = _parts(geometries, dimension=1)
    points, index = shapely.get_coordinates(shapely.simplify(lines, tolerance_m), return_index=True)
    return _pack(points, index, owners=owners, grid=grid)


def _parts(geometries: Geometries, *, dimension: int) -> tuple[Geometries, NDArray[np.int64]]:
    parts, owners = _taken_apart(geometries)
    if np.isin(shapely.get_type_id(parts), (5, 6, 7)).any():  # a collection holds others
        parts, of = _taken_apart(parts)
        owners = owners[of]
    wanted = (shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)
    return parts[wanted], owners[wanted]


def _taken_apart(geometries: Geometries) -> tuple[Geometries, NDArray[np.int64]]:
    """Return the parts of geometries and whose they are; what has one part is taken as it is, without a copy."""
    owners = np.repeat(np.arange(len(geometries)), shapely.get_num_geometries(geometries))
    parts, several = geometries[owners], shapely.get_type_id(geometries) > 3
    parts[several[owners]] = shapely.get_parts(geometries[several])
    return parts, owners


def sort_nearby(frame: gpd.GeoDataFrame) -> Any:
    """Return the frame with neighbours near each other, which packs smaller and draws by districts."""
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    west, south, east, north = frame.total_bounds
    if len(frame) < 2 or west == east or south == north:
        return frame
    return frame.iloc[np.argsort(frame.geometry.hilbert_distance().to_numpy(), kind="stable")]


def points_of(frame: gpd.GeoDataFrame, grid: Grid) -> tuple[list[int], list[int]]:
    """Return a point that stands for each geometry: its centroid if that lies within, else one that does."""
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    if not len(shapes):
        return [], []
    centre = shapely.centroid(shapes)
    areas = shapely.get_dimensions(shapes) == 2
    outside = areas & ~shapely.contains(shapes, centre)
    centre[outside] = shapely.point_on_surface(shapes[outside])
    placed = grid.place(shapely.get_coordinates(centre)).astype(int)
    return placed[:, 0].tolist(), placed[:, 1].tolist()
