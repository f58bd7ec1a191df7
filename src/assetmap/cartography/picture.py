"""A still picture of the map as SVG: streets, green, water, and the places by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from assetmap.cartography.basemap import BaseClass, base_classes
from assetmap.cartography.palettes import palettes
from assetmap.cartography.scale import scale_length, scale_words
from assetmap.cartography.symbols import symbol_of
from assetmap.encode import html_text

__all__ = ["NumberedPlace", "Picture", "render_picture"]

WIDTH = 800
"""The picture's width in its own units, about pixels."""
TALLEST = 1000
FINEST = ("street", "path", "building", "steps")
"""What is left out first, in this order from the end, where there is too much to draw."""
MOST_POINTS = 14_000
NUMBER_SIZE = 12.0


@dataclass(frozen=True)
class NumberedPlace:
    """One place of the list, to be numbered on the picture."""

    number: int
    x: float
    y: float
    group: str
    anchor: str
    """Where its entry in the list is: an id in the page."""


@dataclass(frozen=True)
class Picture:
    """The picture and what it had no room for."""

    svg: str
    left_out: int
    """Places drawn as dots because their number had no room."""


@dataclass(frozen=True)
class _Frame:
    """The picture's rectangle: turns metres into its units."""

    west: float
    north: float
    scale: float
    height: float

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([points[:, 0] - self.west, self.north - points[:, 1]]) * self.scale


def _frame_of(bounds: tuple[float, float, float, float]) -> _Frame:
    west, south, east, north = bounds
    margin = 0.03 * max(east - west, north - south, 50.0)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    scale = min(WIDTH / (east - west), TALLEST / (north - south))
    spare = WIDTH / scale - (east - west)
    return _Frame(west - spare / 2, north, scale, (north - south) * scale)


def _path(shapes: NDArray[np.object_], frame: _Frame, *, closed: bool) -> str:
    """Return SVG path data of lines or rings in tenths of a unit, as relative steps."""
    points, index = shapely.get_coordinates(shapes, return_index=True)
    placed = np.rint(frame.place(points) * 10).astype(int) if len(points) else np.zeros((0, 2), int)
    end = "z" if closed else ""
    pieces = []
    for ring in np.split(placed, np.flatnonzero(np.diff(index)) + 1):
        if len(ring) < 2:
            continue
        steps = np.diff(ring[:-1] if closed else ring, axis=0)
        steps = steps[(steps != 0).any(axis=1)]
        if len(steps):
            pieces.append(f"M{ring[0, 0]} {ring[0, 1]}l" + " ".join(f"{x} {y}" for x, y in steps.tolist()) + end)
    return "".join(pieces)


def _parts_of(base: gpd.GeoDataFrame, look: BaseClass, frame: _Frame) -> NDArray[np.object_]:
    """Return the rings or lines of one class within the picture, as simple as the picture's scale allows."""
    shapes = base.geometry.to_numpy()[(base["kind"] == look.kind).to_numpy()]
    east, south = frame.west + WIDTH / frame.scale, frame.north - frame.height / frame.scale
    shapes = shapely.clip_by_rect(shapely.make_valid(shapes), frame.west, south, east, frame.north)
    parts = shapely.get_parts(shapely.get_parts(shapes))
    wanted = 2 if look.shape == "area" else 1
    parts = parts[(shapely.get_dimensions(parts) == wanted) & ~shapely.is_empty(parts)]
    parts = shapely.simplify(parts, 0.7 / frame.scale)
    if look.shape == "line":
        return np.asarray(parts)
    parts = parts[shapely.area(parts) * frame.scale**2 > 6.0]
    return np.asarray(shapely.get_rings(shapely.orient_polygons(parts)))


def _class_svg(look: BaseClass, parts: NDArray[np.object_], frame: _Frame) -> tuple[str, str]:
    """Return what one class draws below and above: casings go below all streets, fills above."""
    closed = look.shape == "area"
    data = _path(parts, frame, closed=closed)
    if not data:
        return "", ""
    if closed:
        edge = f' stroke="{look.edge}" stroke-width="8"' if look.edge else ""
        return f'<path d="{data}" fill="{look.fill}"{edge}/>', ""
    width = max(look.thinnest, look.width_m * frame.scale) * 10
    line = f'<path d="{data}" fill="none" stroke-linejoin="round" stroke-linecap="round" stroke='
    if look.edge is None or look.kind in ("path", "steps"):
        return f'{line}"{look.edge or look.fill}" stroke-width="{width:.0f}"/>', ""
    return f'{line}"{look.edge}" stroke-width="{width + 14:.0f}"/>', f'{line}"{look.fill}" stroke-width="{width:.0f}"/>'


def _ground_svg(base: gpd.GeoDataFrame, frame: _Frame) -> str:
    parts = {look.kind: _parts_of(base, look, frame) for look in base_classes()}
    for kind in reversed(FINEST):
        if sum(int(shapely.get_num_coordinates(shapes).sum()) for shapes in parts.values()) > MOST_POINTS:
            parts[kind] = parts[kind][:0]
    below, above = zip(*(_class_svg(look, parts[look.kind], frame) for look in base_classes()), strict=True)
    return f'<g transform="scale(.1)">{"".join(below)}{"".join(above)}</g>'


def _boundary_svg(boundary: gpd.GeoDataFrame | None, frame: _Frame) -> str:
    if boundary is None or boundary.empty:
        return ""
    rings = shapely.get_rings(shapely.get_parts(shapely.simplify(boundary.union_all(), 0.7 / frame.scale)))
    colour = palettes().ground["boundary"]
    data = _path(np.asarray(rings), frame, closed=True)
    return (
        f'<path transform="scale(.1)" d="{data}" fill="none" stroke="{colour}" stroke-width="25" '
        'stroke-dasharray="90 50" stroke-linejoin="round"/>'
    )


class _Room:
    """Keeps numbers apart: boxes taken so far, looked up by cells of a grid."""

    def __init__(self, height: float) -> None:
        self._height = height
        self._taken: dict[tuple[int, int], list[tuple[float, float, float]]] = {}

    def take(self, x: float, y: float, half_width: float) -> bool:
        """Take a number's box around a point if it is free and inside the picture."""
        if not (half_width < x < WIDTH - half_width and NUMBER_SIZE < y < self._height - NUMBER_SIZE):
            return False
        column, row = int(x // 50), int(y // 50)
        near = [(i, j) for i in range(column - 1, column + 2) for j in range(row - 1, row + 2)]
        for cell in near:
            for other_x, other_y, other_half in self._taken.get(cell, ()):
                if abs(x - other_x) < half_width + other_half and abs(y - other_y) < 1.4 * NUMBER_SIZE:
                    return False
        self._taken.setdefault((column, row), []).append((x, y, half_width))
        return True


_TRIES = [(0.0, 0.0)] + [
    (reach * float(np.cos(turn)), reach * float(np.sin(turn)))
    for reach in (18.0, 30.0, 44.0)
    for turn in np.linspace(-np.pi / 2, 1.5 * np.pi, 12, endpoint=False)
]


def _places_svg(places: Sequence[NumberedPlace], frame: _Frame) -> tuple[str, int]:
    """Return the numbers, with a thin line to the place where it has no room for its number."""
    if not places:
        return "", 0
    at = frame.place(np.array([(place.x, place.y) for place in places], dtype="float64"))
    room = _Room(frame.height)
    dots, lines, numbers = [], [], []
    left_out = 0
    for place, (x, y) in zip(places, at.tolist(), strict=True):
        if not (0 <= x <= WIDTH and 0 <= y <= frame.height):
            continue
        colour = symbol_of(place.group).colour
        half = 7.0 + 3.6 * len(str(place.number))
        spot = next(((x + dx, y + dy) for dx, dy in _TRIES if room.take(x + dx, y + dy, half)), None)
        if spot is None or spot != (x, y):
            dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')
        if spot is None:
            left_out += 1
            continue
        if spot != (x, y):
            lines.append(f'<path d="M{x:.1f} {y:.1f}L{spot[0]:.1f} {spot[1]:.1f}" stroke="{colour}"/>')
        numbers.append(_number_svg(place, spot, half, colour))
    svg = f'<g stroke-width="1.5">{"".join(lines)}</g><g stroke="#fff">{"".join(dots)}</g>'
    return f"{svg}{''.join(numbers)}", left_out


def _number_svg(place: NumberedPlace, spot: tuple[float, float], half: float, colour: str) -> str:
    x, y = spot
    return (
        f'<a href="#{html_text(place.anchor)}"><rect x="{x - half:.1f}" y="{y - 8.5:.1f}" width="{2 * half:.1f}" '
        f'height="17" rx="8.5" fill="{colour}" stroke="#fff"/>'
        f'<text x="{x:.1f}" y="{y + 4.3:.1f}">{place.number}</text></a>'
    )


def _furniture_svg(frame: _Frame) -> str:
    """Return the scale bar and the north arrow."""
    length = scale_length(0.22 * WIDTH / frame.scale)
    wide, y, ink = length * frame.scale, frame.height - 16, palettes().ground["ink"]
    return (
        f'<g fill="none" stroke="{ink}" stroke-width="1.5"><path d="M14 {y - 5:.1f}v6h{wide:.1f}v-6"/></g>'
        f'<text x="{14 + wide / 2:.1f}" y="{y - 4:.1f}">{scale_words(length)}</text>'
        f'<path d="M{WIDTH - 22} 12l8 24-8-6-8 6z" fill="{ink}"/><text x="{WIDTH - 22}" y="50">N</text>'
    )


def render_picture(
    base: gpd.GeoDataFrame,
    boundary: gpd.GeoDataFrame | None,
    *,
    places: Sequence[NumberedPlace],
    bounds: tuple[float, float, float, float],
    label: str,
) -> Picture:
    """Draw the still picture.

    Parameters
    ----------
    base
        Drawing data with ``kind``, in a metric CRS.
    boundary
        The edge to draw, or None.
    places
        Places with coordinates in the same CRS; each number links to the entry in the list.
    bounds
        What to show, in the same CRS.
    label
        What the picture is, for those who don't see it.

    Returns
    -------
    Picture
        One ``<svg>`` element, and how many places it shows without a number.
    """
    frame = _frame_of(bounds)
    numbers, left_out = _places_svg(places, frame)
    paper, ink = palettes().ground["paper"], palettes().ground["ink"]
    svg = (
        f'<svg class="picture" viewBox="0 0 {WIDTH} {frame.height:.0f}" role="group" aria-label="{html_text(label)}">'
        f'<rect width="{WIDTH}" height="{frame.height:.0f}" fill="{paper}"/>{_ground_svg(base, frame)}'
        f'{_boundary_svg(boundary, frame)}<g fill="#fff" font-family="system-ui,sans-serif" font-size="12" '
        f'font-weight="700" text-anchor="middle">{numbers}'
        f'<g fill="{ink}" font-weight="400">{_furniture_svg(frame)}</g></g></svg>'
    )
    return Picture(svg, left_out)
