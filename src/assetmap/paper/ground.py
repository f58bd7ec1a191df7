"""The base map on paper: the same list that the still picture draws, as PDF paths."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from assetmap.cartography.basemap import BaseClass
from assetmap.cartography.frame import Frame
from assetmap.cartography.ground import Drawn, boundary_rings, line_width, pieces_of, whole_ground
from assetmap.cartography.lettering import PlacedName
from assetmap.paper.fonts import unwritable
from assetmap.paper.page import Ink, Paper

__all__ = ["MM_PER_UNIT", "draw_boundary", "draw_ground", "frame_on_paper", "write_names"]

MM_PER_UNIT = 25.4 / 96
"""A frame's unit on paper: a CSS pixel, in which widths and letters of the base map are given."""
PT_PER_UNIT = 0.75
_EDGE = 0.35
"""How far the edge of a street shows on each side, in units."""


def frame_on_paper(bounds: tuple[float, float, float, float], scale: float) -> Frame:
    """Return the frame that shows a box of the ground (west, south, east, north in metres) at 1 to `scale`."""
    west, south, east, north = bounds
    per_metre = 1000 / scale / MM_PER_UNIT
    return Frame(west, north, per_metre, (east - west) * per_metre, (north - south) * per_metre)


def on_paper(points: NDArray[np.float64], left: float, top: float) -> NDArray[np.float64]:
    """Return a frame's points (n x 2, units) in millimetres on a paper where the frame begins at `left`, `top`."""
    placed: NDArray[np.float64] = points * MM_PER_UNIT + np.array([left, top])
    return placed


def draw_ground(
    paper: Paper, base: gpd.GeoDataFrame, frame: Frame, *, left: float, top: float, looks: Sequence[BaseClass]
) -> None:
    """Draw the base map in a frame whose top left corner is at `left`, `top` (mm).

    Parameters
    ----------
    paper
        What to draw on.
    base
        Drawing data with ``kind``, in the frame's CRS.
    frame
        What to draw, from `frame_on_paper`.
    looks
        The classes and their colours.
    """
    above = []
    for layer in whole_ground(base, frame, looks):
        pieces = [on_paper(piece, left, top) for piece in pieces_of(layer.parts, frame) if len(piece) > 1]
        if not pieces:
            continue
        if layer.look.shape == "area":
            edge = Ink(layer.look.fill, layer.look.edge, 0.8 * MM_PER_UNIT)
            paper.draw(pieces, edge)
            continue
        under, over = _line_inks(layer, frame)
        paper.draw(pieces, under, closed=False)
        if over is not None:
            above.append((pieces, over))
    for pieces, over in above:
        paper.draw(pieces, over, closed=False)


def _line_inks(layer: Drawn, frame: Frame) -> tuple[Ink, Ink | None]:
    """Return how a line is drawn below all streets, and how above."""
    look, wide = layer.look, line_width(layer.look, frame) * MM_PER_UNIT
    if look.dash:
        return Ink(None, look.edge, wide, tuple(part * wide for part in look.dash)), None
    fill = Ink(None, look.fill, wide, round_ends=True)
    if look.edge is None:
        return fill, None
    return Ink(None, look.edge, wide + 4 * _EDGE * MM_PER_UNIT, round_ends=True), fill


def draw_boundary(
    paper: Paper, boundary: gpd.GeoDataFrame, frame: Frame, *, left: float, top: float, colour: str
) -> None:
    """Draw a boundary as a dashed line."""
    rings = [on_paper(ring, left, top) for ring in pieces_of(boundary_rings(boundary, frame), frame)]
    if rings:
        paper.draw(rings, Ink(None, colour, 0.5, (2.4, 1.4), round_ends=False))


def write_names(
    paper: Paper, names: Sequence[PlacedName], *, left: float, top: float, halo: str, colour: str | None = None
) -> int:
    """Write the names of streets, parks and waters, and return how many no font of ours can write.

    Parameters
    ----------
    paper
        What to write on.
    names
        From `cartography.lettering.place_names`, in the units of a `frame_on_paper`.
    left, top
        The frame's top left corner, mm.
    halo
        The colour around the letters.
    colour
        In place of each name's own.
    """
    written = [name for name in names if not unwritable(name.name)]
    for look, name, x, y, angle, size in written:
        turn = np.radians(angle)
        drop = 0.35 * size  # from a line's middle down to where its letters stand
        ((x_mm, y_mm),) = on_paper(np.array([[x - drop * np.sin(turn), y + drop * np.cos(turn)]]), left, top)
        size_pt = size * PT_PER_UNIT
        paper.text(
            x_mm, y_mm, name, size_pt=size_pt, colour=colour or look.colour, align="middle", turn=angle, halo=halo
        )
    return len(names) - len(written)
