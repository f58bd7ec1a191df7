"""Which names and numbers a map has room for, and where they stand: for the picture as for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from assetmap.cartography.basemap import LabelClass, label_classes
from assetmap.cartography.frame import Frame
from assetmap.cartography.room import Room

__all__ = ["LETTER", "NumberedPlace", "PlacedName", "PlacedNumber", "half_width", "place_names", "place_numbers"]

LETTER = 0.56
"""A letter's usual width, as a share of its size."""
MOST_NUMBERS = 400
"""Where there are more places than this, no number could be read: all are dots."""
_TRIES = [(0.0, 0.0)] + [
    (reach * float(np.cos(turn)), reach * float(np.sin(turn)))
    for reach in (18.0, 30.0, 44.0)
    for turn in np.linspace(-np.pi / 2, 1.5 * np.pi, 12, endpoint=False)
]


@dataclass(frozen=True)
class NumberedPlace:
    """One place of the list, to be numbered on the map."""

    number: int
    x: float
    y: float
    group: str
    anchor: str
    """Where its entry in the list is: an id in the page."""
    ringed: bool = False
    """Whether it is what the map is about."""


class PlacedNumber(NamedTuple):
    """A place and where its number stands, in units; ``spot`` is None where there was no room for it."""

    place: NumberedPlace
    at: tuple[float, float]
    spot: tuple[float, float] | None


class PlacedName(NamedTuple):
    """A name and its middle, in units; ``angle`` in degrees clockwise."""

    look: LabelClass
    name: str
    x: float
    y: float
    angle: float
    size: float


def half_width(number: int) -> float:
    """Return half the width of the mark that a number stands in."""
    return 7.0 + 3.6 * len(str(number))


def place_numbers(places: Sequence[NumberedPlace], frame: Frame, room: Room) -> list[PlacedNumber]:
    """Return the places within a frame, each with its number on it or near it where there is room."""
    at = frame.place(np.array([(place.x, place.y) for place in places], dtype="float64").reshape(-1, 2)).tolist()
    seen = [(place, x, y) for place, (x, y) in zip(places, at, strict=True) if frame.holds(x, y)]
    tries = _TRIES if len(seen) <= MOST_NUMBERS else []
    placed = []
    for place, x, y in seen:
        half = half_width(place.number)
        spot = next(((x + dx, y + dy) for dx, dy in tries if room.take_word(x + dx, y + dy, half=half)), None)
        placed.append(PlacedNumber(place, (x, y), spot))
    return placed


def place_names(found: pd.DataFrame, frame: Frame, room: Room, *, enlarged: float, most: int) -> list[PlacedName]:
    """Return the names of streets, parks and waters that fit, each once.

    Parameters
    ----------
    found
        Where they could stand (`label_candidates` of drawing data in the frame's CRS).
    frame, room
        What is drawn, and what other words have taken of it already.
    enlarged
        The size of letters, as a multiple of their class's.
    most
        At most so many names.
    """
    at = frame.place(found[["x", "y"]].to_numpy(dtype="float64").reshape(-1, 2)).tolist()
    rows = zip(
        found["kind"].tolist(), found["name"].tolist(), found["angle"].tolist(), found["room"].tolist(), at, strict=True
    )
    written: dict[str, PlacedName] = {}
    for kind, name, angle, space, (x, y) in rows:
        look = label_classes()[kind]
        size = enlarged * look.size
        wide = LETTER * size * len(name)
        fits = wide <= 1.2 * space * frame.scale and frame.holds(x, y)
        if name in written or not fits or not room.take_word(x, y, half=wide / 2, turn=angle):
            continue
        written[name] = PlacedName(look, name, x, y, angle, size)
        if len(written) == most:
            break
    return list(written.values())
