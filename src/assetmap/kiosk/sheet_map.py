"""The map of a sheet: pale ground, names, landmarks or numbers, the markers around it, what goes on beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from assetmap.cartography.basemap import label_classes, quiet_classes, quiet_ground
from assetmap.cartography.frame import Frame
from assetmap.cartography.labels import label_candidates
from assetmap.cartography.lettering import LETTER, NumberedPlace, PlacedName, half_width, place_names, place_numbers
from assetmap.cartography.room import Room
from assetmap.kiosk.sheet_layout import SheetLayout, quiet_mm
from assetmap.kiosk.spec import DICTIONARY, Marker
from assetmap.paper.furniture import draw_cells
from assetmap.paper.ground import MM_PER_UNIT, PT_PER_UNIT, draw_boundary, draw_ground, frame_on_paper, write_names
from assetmap.paper.page import Ink, Paper

__all__ = ["Landmark", "SheetGround", "draw_map", "draw_markers", "write_neighbours"]

MOST_NAMES = 400
DOT_MM = 0.8
CELLS_IN_MARKER = 7
_LANDMARK_UNITS = 10.5
_LONGEST = 36
"""Longer names of landmarks are shortened."""


class Landmark(NamedTuple):
    """A place that helps people to find their way on a sheet."""

    number: int
    name: str
    kind: str
    group: str
    x: float
    y: float


@dataclass(frozen=True)
class SheetGround:
    """What sheets show of the ground. All in one CRS in metres.

    Parameters
    ----------
    base
        Drawing data with ``kind`` and ``name``.
    boundary
        The neighbourhood's edge.
    landmarks
        Places with names, the most helpful first.
    numbered
        Whether landmarks are shown by their numbers, which a list tells, in place of their names.
    """

    base: gpd.GeoDataFrame
    boundary: gpd.GeoDataFrame
    landmarks: tuple[Landmark, ...]
    numbered: bool


def draw_map(
    paper: Paper,
    layout: SheetLayout,
    ground: SheetGround,
    *,
    bounds: tuple[float, float, float, float],
    scale: float,
    beside: Sequence[tuple[float, float, float, float]] = (),
) -> int:
    """Draw the map in its frame, and return how many names no font of ours can write.

    Parameters
    ----------
    paper, layout
        Where to draw.
    ground
        What to draw.
    bounds, scale
        West, south, east, north of the frame in metres, and the scale.
    beside
        The bounds of the sheets beside this one: where they begin is shown as a thin line.
    """
    left, top, right, bottom = layout.frame
    frame = frame_on_paper(bounds, scale)
    colours = quiet_ground()
    room = Room(frame.width, frame.height)
    with paper.clipped(*layout.frame):
        paper.rectangle(*layout.frame, Ink(colours["paper"]))
        draw_ground(paper, ground.base, frame, left=left, top=top, looks=quiet_classes())
        draw_boundary(paper, ground.boundary, frame, left=left, top=top, colour=colours["boundary"])
        for other in beside:
            corners = frame.place(np.array(shapely.box(*other).exterior.coords)[:-1]) * MM_PER_UNIT
            paper.draw([corners + np.array([left, top])], Ink(None, colours["boundary"], 0.25, (1.0, 2.0)))
        if ground.numbered:
            _draw_numbers(paper, layout, ground.landmarks, frame, room)
            named: list[PlacedName] = []
        else:
            named = _place_landmarks(ground.landmarks, frame, room, layout)
            _draw_dots(paper, layout, named, ground.landmarks, frame)
        named += place_names(label_candidates(ground.base), frame, room, enlarged=layout.plan.enlarged, most=MOST_NAMES)
        unwritten = write_names(paper, named, left=left, top=top, halo=colours["paper"], colour=colours["ink"])
    paper.rectangle(left, top, right, bottom, Ink(None, colours["boundary"], 0.3))
    return unwritten


def _place_landmarks(landmarks: Sequence[Landmark], frame: Frame, room: Room, layout: SheetLayout) -> list[PlacedName]:
    """Return the names of landmarks that fit beside their dot."""
    size = _LANDMARK_UNITS * layout.plan.enlarged
    look = label_classes()["street"]
    placed = []
    for landmark in landmarks:
        ((x, y),) = frame.place(np.array([[landmark.x, landmark.y]])).tolist()
        half = LETTER * size * len(_short(landmark.name)) / 2
        aside = half + 0.6 * size
        spots = [(x + aside, y, half + 4), (x - aside, y, half + 4), (x, y - size, half), (x, y + size, half)]
        spot = next((s for s in spots if frame.holds(x, y) and room.take_word(s[0], s[1], half=s[2])), None)
        if spot is not None:
            placed.append(PlacedName(look, _short(landmark.name), spot[0], spot[1], 0.0, size))
    return placed


def _short(name: str) -> str:
    return textwrap.shorten(name, _LONGEST, placeholder=" …") if len(name) > _LONGEST else name


def _draw_dots(
    paper: Paper, layout: SheetLayout, named: Sequence[PlacedName], landmarks: Sequence[Landmark], frame: Frame
) -> None:
    written = {name.name for name in named}
    for landmark in landmarks:
        if _short(landmark.name) in written:
            ((x, y),) = frame.place(np.array([[landmark.x, landmark.y]])) * MM_PER_UNIT
            radius = DOT_MM * layout.plan.enlarged
            paper.circle(layout.frame[0] + x, layout.frame[1] + y, radius, Ink(quiet_ground()["ink"]))


def _draw_numbers(paper: Paper, layout: SheetLayout, landmarks: Sequence[Landmark], frame: Frame, room: Room) -> None:
    """Draw landmarks' numbers in pale rings."""
    colours = quiet_ground()
    left, top = layout.frame[:2]
    places = [NumberedPlace(mark.number, mark.x, mark.y, mark.group, "") for mark in landmarks]
    for place, at, spot in place_numbers(places, frame, room):
        x, y = (left + at[0] * MM_PER_UNIT, top + at[1] * MM_PER_UNIT)
        if spot != at:
            paper.circle(x, y, DOT_MM, Ink(colours["ink"]))
        if spot is None:
            continue
        sx, sy = (left + spot[0] * MM_PER_UNIT, top + spot[1] * MM_PER_UNIT)
        if spot != at:
            paper.draw([np.array([[x, y], [sx, sy]])], Ink(None, colours["ink"], 0.2), closed=False)
        half, tall = half_width(place.number) * MM_PER_UNIT, 8.5 * MM_PER_UNIT
        paper.rectangle(
            sx - half, sy - tall, sx + half, sy + tall, Ink(colours["paper"], colours["ink"], 0.25), round_mm=tall
        )
        paper.text(
            sx,
            sy + 4.3 * MM_PER_UNIT,
            str(place.number),
            size_pt=12 * PT_PER_UNIT,
            colour=colours["ink"],
            bold=True,
            align="middle",
        )


def draw_markers(paper: Paper, markers: Sequence[Marker]) -> None:
    """Draw ArUco markers where their corners say."""
    from cv2 import aruco

    dictionary = aruco.getPredefinedDictionary(getattr(aruco, DICTIONARY))
    for marker in markers:
        (left, top), (right, _) = marker.corners_mm[:2]
        cells = dictionary.generateImageMarker(marker.id, CELLS_IN_MARKER) == 0
        draw_cells(paper, cells, left, top, cell_mm=(right - left) / CELLS_IN_MARKER)


def write_neighbours(paper: Paper, layout: SheetLayout, words_at: dict[str, str]) -> None:
    """Write between the markers at an edge of the map which sheet goes on there."""
    left, top, right, bottom = layout.frame
    side, gap = layout.plan.marker, quiet_mm(layout.plan.marker)
    # Half a step from the middle, where an odd number of markers has one.
    shift = 0.5 / (layout.plan.per_edge + 1) if layout.plan.per_edge % 2 else 0.0
    across, down = left + (right - left) * (0.5 - shift), top + (bottom - top) * (0.5 - shift)
    away = gap + side / 2
    places = {
        "north": (across, top - away, 0.0),
        "south": (across, bottom + away, 0.0),
        "west": (left - away, down, -90.0),
        "east": (right + away, down, 90.0),
    }
    for edge, words in words_at.items():
        x, y, turn = places[edge]
        paper.text(x, y, words, size_pt=layout.plan.letters_pt, colour=quiet_ground()["ink"], align="middle", turn=turn)
