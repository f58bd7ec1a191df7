"""A still picture of the map as SVG: streets, green, water, their names, and the places by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from assetmap.cartography.basemap import label_classes
from assetmap.cartography.ground_svg import Frame, boundary_svg, frame_around, ground_svg
from assetmap.cartography.labels import label_candidates
from assetmap.cartography.palettes import palettes
from assetmap.cartography.room import Room
from assetmap.cartography.scale import scale_length, scale_words
from assetmap.cartography.symbols import symbol_of
from assetmap.encode import html_text

__all__ = ["NumberedPlace", "Picture", "render_picture"]

WIDTH = 640.0
TALLEST = 860.0
MOST_NUMBERS = 400
"""Where there are more places than this, no number could be read: all are dots."""
MOST_NAMES = 60
LETTER = 0.56
"""A letter's usual width, as a share of its size."""
_TRIES = [(0.0, 0.0)] + [
    (reach * float(np.cos(turn)), reach * float(np.sin(turn)))
    for reach in (18.0, 30.0, 44.0)
    for turn in np.linspace(-np.pi / 2, 1.5 * np.pi, 12, endpoint=False)
]


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
    dots: int
    """Places drawn as dots because their number had no room."""
    outside: int
    """Places beyond the picture's edge."""


def _number_svg(place: NumberedPlace, spot: tuple[float, float], half: float) -> str:
    x, y = spot
    return (
        f'<a href="#{html_text(place.anchor)}"><rect x="{x - half:.1f}" y="{y - 8.5:.1f}" width="{2 * half:.1f}" '
        f'height="17" rx="8.5" fill="{symbol_of(place.group).colour}" stroke="#fff"/>'
        f'<text x="{x:.1f}" y="{y + 4.3:.1f}">{place.number}</text></a>'
    )


def _places_svg(places: Sequence[NumberedPlace], frame: Frame, room: Room) -> tuple[str, int, int]:
    """Return the numbers, each with a thin line to its place where it doesn't fit on it; dots; places outside."""
    at = frame.place(np.array([(place.x, place.y) for place in places], dtype="float64").reshape(-1, 2)).tolist()
    seen = [(place, x, y) for place, (x, y) in zip(places, at, strict=True) if frame.holds(x, y)]
    tries = _TRIES if len(seen) <= MOST_NUMBERS else []
    lines, dots, numbers = [], [], []
    for place, x, y in seen:
        colour = symbol_of(place.group).colour
        half = 7.0 + 3.6 * len(str(place.number))
        spot = next(((x + dx, y + dy) for dx, dy in tries if room.take_word(x + dx, y + dy, half=half)), None)
        if spot != (x, y):
            dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')
        if spot is None:
            continue
        if spot != (x, y):
            lines.append(f'<path d="M{x:.1f} {y:.1f}L{spot[0]:.1f} {spot[1]:.1f}" stroke="{colour}"/>')
        numbers.append(_number_svg(place, spot, half))
    svg = f'<g stroke-width="1.5">{"".join(lines)}</g><g stroke="#fff">{"".join(dots)}</g>{"".join(numbers)}'
    return svg, len(seen) - len(numbers), len(places) - len(seen)


def _names_svg(base: gpd.GeoDataFrame, frame: Frame, room: Room) -> str:
    """Return the names of streets, parks and waters that fit, each once."""
    found = label_candidates(base)
    at = frame.place(found[["x", "y"]].to_numpy(dtype="float64").reshape(-1, 2)).tolist()
    rows = zip(
        found["kind"].tolist(), found["name"].tolist(), found["angle"].tolist(), found["room"].tolist(), at, strict=True
    )
    written: dict[str, str] = {}
    for kind, name, angle, space, (x, y) in rows:
        look = label_classes()[kind]
        size = 0.85 * look.size
        wide = LETTER * size * len(name)
        fits = wide <= 1.2 * space * frame.scale and frame.holds(x, y)
        if name in written or not fits or not room.take_word(x, y, half=wide / 2, turn=angle):
            continue
        turned = f' transform="rotate({angle:.0f} {x:.1f} {y:.1f})"' if round(angle) else ""
        written[name] = (
            f'<text x="{x:.1f}" y="{y + 0.35 * size:.1f}" fill="{look.colour}" font-size="{size:.1f}"{turned}>'
            f"{html_text(name)}</text>"
        )
        if len(written) == MOST_NAMES:
            break
    return "".join(written.values())


def _furniture_svg(frame: Frame) -> str:
    """Return the scale bar and the north arrow."""
    length = scale_length(0.22 * frame.width / frame.scale)
    wide, y, ink = length * frame.scale, frame.height - 16, palettes().ground["ink"]
    return (
        f'<path d="M14 {y - 5:.1f}v6h{wide:.1f}v-6" fill="none" stroke="{ink}" stroke-width="1.5"/>'
        f'<text x="{14 + wide / 2:.1f}" y="{y - 4:.1f}">{scale_words(length)}</text>'
        f'<path d="M{frame.width - 22:.0f} 12l8 24-8-6-8 6z"/><text x="{frame.width - 22:.0f}" y="50">N</text>'
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
        Drawing data with ``kind`` and ``name``, in a metric CRS.
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
        One ``<svg>`` element, and how many places it shows without a number or not at all.
    """
    frame = frame_around(bounds, width=WIDTH, tallest=TALLEST)
    room = Room(frame.width, frame.height)
    numbers, dots, outside = _places_svg(places, frame, room)
    names = _names_svg(base, frame, room)
    edge = "" if boundary is None or boundary.empty else boundary_svg(boundary, frame)
    ground = palettes().ground
    size = f'width="{frame.width:.0f}" height="{frame.height:.0f}"'
    halo = f'paint-order="stroke" stroke="{ground["paper"]}" stroke-width="3" stroke-linejoin="round"'
    svg = (
        f'<svg class="picture" viewBox="0 0 {frame.width:.0f} {frame.height:.0f}" role="group" '
        f'aria-label="{html_text(label)}"><rect {size} fill="{ground["paper"]}"/>{ground_svg(base, frame)}{edge}'
        f'<g font-family="system-ui,sans-serif" font-size="12" text-anchor="middle"><g {halo}>{names}</g>'
        f'<g fill="#fff" font-weight="700">{numbers}</g>'
        f'<g fill="{ground["ink"]}" {halo}>{_furniture_svg(frame)}</g></g></svg>'
    )
    return Picture(svg, dots, outside)
