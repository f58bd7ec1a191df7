"""The base map as SVG paths, in a rectangle of the ground."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from assetmap.cartography.basemap import base_classes
from assetmap.cartography.frame import Frame
from assetmap.cartography.ground import Drawn, boundary_rings, line_width, pieces_of, thinned_ground
from assetmap.cartography.palettes import palettes

__all__ = ["boundary_svg", "ground_svg"]

MOST_POINTS = 14_000


def _path(shapes: NDArray[np.object_], frame: Frame, *, closed: bool) -> str:
    """Return SVG path data of lines or rings in tenths of a unit, as relative steps."""
    pieces = []
    for points in pieces_of(shapes, frame):
        ring = np.rint(points * 10).astype(int)
        steps = np.diff(ring[:-1] if closed else ring, axis=0)
        steps = steps[(steps != 0).any(axis=1)]
        if len(steps):
            moves = " ".join(f"{x} {y}" for x, y in steps.tolist())
            pieces.append(f"M{ring[0, 0]} {ring[0, 1]}l{moves}{'z' if closed else ''}")
    return "".join(pieces)


def _class_svg(drawn: Drawn, frame: Frame) -> tuple[str, str]:
    """Return what one class draws below all streets, and what above."""
    look, parts = drawn
    data = _path(parts, frame, closed=look.shape == "area")
    if not data:
        return "", ""
    if look.shape == "area":
        edge = f' stroke="{look.edge}" stroke-width="8"' if look.edge else ""
        return f'<path d="{data}" fill="{look.fill}"{edge}/>', ""
    width = 10 * line_width(look, frame)
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
    drawn = thinned_ground(base, frame, base_classes(), most_points=MOST_POINTS)
    below, above = zip(*(_class_svg(layer, frame) for layer in drawn), strict=True)
    return f'<g transform="scale(.1)">{"".join(below)}{"".join(above)}</g>'


def boundary_svg(boundary: gpd.GeoDataFrame, frame: Frame) -> str:
    """Return a boundary as a dashed line."""
    data = _path(boundary_rings(boundary, frame), frame, closed=True)
    return (
        f'<path transform="scale(.1)" d="{data}" fill="none" stroke="{palettes().ground["boundary"]}" '
        'stroke-width="25" stroke-dasharray="90 50" stroke-linejoin="round"/>'
    )
