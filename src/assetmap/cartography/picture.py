"""A still picture of the map as SVG: streets, green, water, their names, and the places by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from markupsafe import Markup

from assetmap.cartography.frame import Frame, frame_around
from assetmap.cartography.ground_svg import boundary_svg, ground_svg
from assetmap.cartography.lettering import NumberedPlace, PlacedName, half_width, place_names, place_numbers
from assetmap.cartography.palettes import palettes
from assetmap.cartography.room import Room
from assetmap.cartography.scale import scale_length, scale_words
from assetmap.cartography.symbols import symbol_of
from assetmap.encode import html_text
from assetmap.words import Words

__all__ = ["NumberedPlace", "Picture", "render_picture"]

WIDTH = 640.0
TALLEST = 860.0
MOST_NAMES = 60


@dataclass(frozen=True)
class Picture:
    """The picture and what it had no room for."""

    svg: Markup
    dots: int
    """Places drawn as dots because their number had no room."""
    outside: int
    """Places beyond the picture's edge."""


def _number_svg(place: NumberedPlace, spot: tuple[float, float], words: Words) -> str:
    (x, y), half = spot, half_width(place.number)
    edge = 'stroke="#b3261e" stroke-width="4"' if place.ringed else 'stroke="#fff"'
    return (
        f'<a href="#{html_text(place.anchor)}"><rect x="{x - half:.1f}" y="{y - 8.5:.1f}" width="{2 * half:.1f}" '
        f'height="17" rx="8.5" fill="{symbol_of(place.group).colour}" {edge}/>'
        f'<text x="{x:.1f}" y="{y + 4.3:.1f}">{words.number(place.number)}</text></a>'
    )


def _places_svg(places: Sequence[NumberedPlace], frame: Frame, room: Room, words: Words) -> tuple[str, int, int]:
    """Return the numbers, each with a thin line to its place where it doesn't fit on it; dots; places outside."""
    placed = place_numbers(places, frame, room)
    lines, dots, numbers = [], [], []
    for place, (x, y), spot in placed:
        colour = symbol_of(place.group).colour
        if spot != (x, y):
            dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')
        if spot is None:
            continue
        if spot != (x, y):
            lines.append(f'<path d="M{x:.1f} {y:.1f}L{spot[0]:.1f} {spot[1]:.1f}" stroke="{colour}"/>')
        numbers.append(_number_svg(place, spot, words))
    svg = f'<g stroke-width="1.5">{"".join(lines)}</g><g stroke="#fff">{"".join(dots)}</g>{"".join(numbers)}'
    return svg, len(placed) - len(numbers), len(places) - len(placed)


def _name_svg(placed: PlacedName) -> str:
    look, name, x, y, angle, size = placed
    turned = f' transform="rotate({angle:.0f} {x:.1f} {y:.1f})"' if round(angle) else ""
    return (
        f'<text x="{x:.1f}" y="{y + 0.35 * size:.1f}" fill="{look.colour}" font-size="{size:.1f}"{turned}>'
        f"{html_text(name)}</text>"
    )


def _furniture_svg(frame: Frame, words: Words) -> str:
    """Return the scale bar and the north arrow."""
    length = scale_length(0.22 * frame.width / frame.scale)
    wide, y, ink = length * frame.scale, frame.height - 16, palettes().ground["ink"]
    letter = html_text(words.phrase("north_letter"))
    return (
        f'<path d="M14 {y - 5:.1f}v6h{wide:.1f}v-6" fill="none" stroke="{ink}" stroke-width="1.5"/>'
        f'<text x="{14 + wide / 2:.1f}" y="{y - 4:.1f}">{html_text(scale_words(length, words))}</text>'
        f'<path d="M{frame.width - 22:.0f} 12l8 24-8-6-8 6z"/><text x="{frame.width - 22:.0f}" y="50">{letter}</text>'
    )


def _stops_svg(stops: Sequence[tuple[float, float]], frame: Frame, room: Room, words: Words) -> str:
    """Return the stops of a walk as ringed numbers, which link to their entries in the page."""
    at = frame.place(np.array(stops, dtype="float64").reshape(-1, 2)).tolist()
    rings = []
    for number, (x, y) in enumerate(at, start=1):
        room.take_word(x, y, half=11)
        rings.append(
            f'<a href="#stop={number}"><circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="#fff1c9" stroke="#2a2824" '
            f'stroke-width="2.5"/><text x="{x:.1f}" y="{y + 4.3:.1f}" fill="#2a2824">{words.number(number)}</text></a>'
        )
    return "".join(rings)


def render_picture(
    base: gpd.GeoDataFrame,
    boundary: gpd.GeoDataFrame | None,
    *,
    names: pd.DataFrame,
    places: Sequence[NumberedPlace],
    bounds: tuple[float, float, float, float],
    label: str,
    words: Words,
    stops: Sequence[tuple[float, float]] = (),
) -> Picture:
    """Draw the still picture.

    Parameters
    ----------
    base
        Drawing data with ``kind`` and ``name``, in a metric CRS.
    boundary
        The edge to draw, or None.
    names
        Where the names of the base could stand (`label_candidates`).
    places
        Places with coordinates in the same CRS; each number links to the entry in the list.
    bounds
        What to show, in the same CRS.
    label
        What the picture is, for those who don't see it.
    words
        The language of its numbers, its scale and its north arrow.
    stops
        The stops of a walk, in their order, as coordinates in the same CRS.

    Returns
    -------
    Picture
        One ``<svg>`` element, and how many places it shows without a number or not at all.
    """
    frame = frame_around(bounds, width=WIDTH, tallest=TALLEST)
    room = Room(frame.width, frame.height)
    rings = _stops_svg(stops, frame, room, words)
    numbers, dots, outside = _places_svg(places, frame, room, words)
    written = "".join(map(_name_svg, place_names(names, frame, room, enlarged=0.85, most=MOST_NAMES)))
    edge = "" if boundary is None or boundary.empty else boundary_svg(boundary, frame)
    ground = palettes().ground
    size = f'width="{frame.width:.0f}" height="{frame.height:.0f}"'
    halo = f'paint-order="stroke" stroke="{ground["paper"]}" stroke-width="3" stroke-linejoin="round"'
    svg = (
        f'<svg class="picture" viewBox="0 0 {frame.width:.0f} {frame.height:.0f}" role="group" '
        f'aria-label="{html_text(label)}"><rect {size} fill="{ground["paper"]}"/>{ground_svg(base, frame)}{edge}'
        f'<g font-family="system-ui,sans-serif" font-size="12" text-anchor="middle"><g {halo}>{written}</g>'
        f'<g fill="#fff" font-weight="700">{numbers}{rings}</g>'
        f'<g fill="{ground["ink"]}" {halo}>{_furniture_svg(frame, words)}</g></g></svg>'
    )
    # every name and label has passed html_text above; the rest is numbers, and colours of our own files
    return Picture(Markup(svg), dots, outside)  # noqa: S704
