"""The base map as SVG paths, in a rectangle of the ground."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from assetmap.cartography.basemap import BaseClass, base_classes
from assetmap.cartography.palettes import palettes

__all__ = ["Frame", "boundary_svg", "frame_around", "ground_svg"]

DROPPED_FIRST = ("steps", "building", "path", "street")
"""What is left out, in this order, where there is too much to draw."""
MOST_POINTS = 14_000
FINENESS = 0.7
"""How far simplifying may move an edge, in the picture's units."""
SMALLEST = 6.0
"""Areas smaller than this, in square units, are left out."""


@dataclass(frozen=True)
class Frame:
    """A rectangle of the ground on paper: turns metres into units, about pixels, from its top left."""

    west: float
    north: float
    scale: float
    """Units in a metre."""
    width: float
    height: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres."""
        return self.west, self.north - self.height / self.scale, self.west + self.width / self.scale, self.north

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points (n x 2, metres) in units."""
        return np.column_stack([points[:, 0] - self.west, self.north - points[:, 1]]) * self.scale

    def holds(self, x: float, y: float) -> bool:
        """Whether a point in units is inside."""
        return 0 <= x <= self.width and 0 <= y <= self.height


def frame_around(bounds: tuple[float, float, float, float], *, width: float, tallest: float) -> Frame:
    """Return a frame around a box with a margin of a twelfth of its longer side.

    Parameters
    ----------
    bounds
        West, south, east, north in metres.
    width, tallest
        The frame's width and greatest height in units. A tall box gets empty ground at its sides.
    """
    west, south, east, north = bounds
    margin = max(east - west, north - south, 50.0) / 12
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    scale = min(width / (east - west), tallest / (north - south))
    spare = width / scale - (east - west)
    return Frame(west - spare / 2, north, scale, width, (north - south) * scale)


def _path(shapes: NDArray[np.object_], frame: Frame, *, closed: bool) -> str:
    """Return SVG path data of lines or rings in tenths of a unit, as relative steps."""
    points, index = shapely.get_coordinates(shapes, return_index=True)
    placed = np.rint(frame.place(points) * 10).astype(int)
    pieces = []
    for ring in np.split(placed, np.flatnonzero(np.diff(index)) + 1):
        steps = np.diff(ring[:-1] if closed else ring, axis=0)
        steps = steps[(steps != 0).any(axis=1)]
        if len(steps):
            moves = " ".join(f"{x} {y}" for x, y in steps.tolist())
            pieces.append(f"M{ring[0, 0]} {ring[0, 1]}l{moves}{'z' if closed else ''}")
    return "".join(pieces)


def _parts_of(base: gpd.GeoDataFrame, look: BaseClass, frame: Frame) -> NDArray[np.object_]:
    """Return the rings or lines of one class within the frame, as simple as its scale allows."""
    shapes = base.geometry.to_numpy()[(base["kind"] == look.kind).to_numpy()]
    shapes = shapes[shapely.intersects(shapes, shapely.box(*frame.bounds))]
    parts = shapely.get_parts(shapely.get_parts(shapely.clip_by_rect(shapely.make_valid(shapes), *frame.bounds)))
    parts = parts[shapely.get_dimensions(parts) == (2 if look.shape == "area" else 1)]
    parts = shapely.simplify(parts, FINENESS / frame.scale)
    if look.shape == "line":
        return np.asarray(parts)
    parts = parts[shapely.area(parts) * frame.scale**2 > SMALLEST]
    return np.asarray(shapely.get_rings(shapely.orient_polygons(parts)))


def _class_svg(look: BaseClass, parts: NDArray[np.object_], frame: Frame) -> tuple[str, str]:
    """Return what one class draws below all streets, and what above."""
    data = _path(parts, frame, closed=look.shape == "area")
    if not data:
        return "", ""
    if look.shape == "area":
        edge = f' stroke="{look.edge}" stroke-width="8"' if look.edge else ""
        return f'<path d="{data}" fill="{look.fill}"{edge}/>', ""
    width = 10 * max(look.thinnest, look.width_m * frame.scale)
    line = f'<path d="{data}" fill="none" stroke-linejoin="round" stroke='
    if look.dash:
        dash = " ".join(f"{part * width:.0f}" for part in look.dash)
        return f'{line}"{look.edge}" stroke-width="{width:.0f}" stroke-dasharray="{dash}"/>', ""
    fill = f'{line}"{look.fill}" stroke-linecap="round" stroke-width="{width:.0f}"/>'
    if look.edge is None:
        return fill, ""
    return f'{line}"{look.edge}" stroke-linecap="round" stroke-width="{width + 14:.0f}"/>', fill


def ground_svg(base: gpd.GeoDataFrame, frame: Frame) -> str:
    """Return the base map; where there is too much of it, without its finest classes.

    Parameters
    ----------
    base
        Drawing data with ``kind``, in the frame's CRS.
    frame
        What to draw.
    """
    parts = {look.kind: _parts_of(base, look, frame) for look in base_classes()}
    for kind in DROPPED_FIRST:
        if sum(int(shapely.get_num_coordinates(shapes).sum()) for shapes in parts.values()) > MOST_POINTS:
            parts[kind] = parts[kind][:0]
    below, above = zip(*(_class_svg(look, parts[look.kind], frame) for look in base_classes()), strict=True)
    return f'<g transform="scale(.1)">{"".join(below)}{"".join(above)}</g>'


def boundary_svg(boundary: gpd.GeoDataFrame, frame: Frame) -> str:
    """Return a boundary as a dashed line."""
    whole = shapely.simplify(boundary.union_all(), FINENESS / frame.scale)
    rings = np.asarray(shapely.get_rings(shapely.get_parts(whole)))
    colour = palettes().ground["boundary"]
    return (
        f'<path transform="scale(.1)" d="{_path(rings, frame, closed=True)}" fill="none" stroke="{colour}" '
        'stroke-width="25" stroke-dasharray="90 50" stroke-linejoin="round"/>'
    )
