"""What a handout shows and says, and how large its parts are on each paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd

from assetmap.paper.numbers import ListedGroup
from assetmap.words import Words

__all__ = ["GAP_MM", "MARGIN_MM", "PLANS", "Handout", "HandoutZones", "Plan"]

MARGIN_MM = 12.0
GAP_MM = 7.0


class HandoutZones(NamedTuple):
    """Zones coloured by one measure."""

    shapes: gpd.GeoDataFrame
    colours: tuple[str | None, ...]
    """Each zone's, None where there is no value."""
    title: str
    sentence: str
    legend: tuple[tuple[str, str], ...]
    """Each class's colour as it looks on the map, and its words."""


@dataclass(frozen=True)
class Handout:
    """What a handout shows and says, in one language. Frames are in one CRS in metres.

    Parameters
    ----------
    title, subtitle, notice
        The heading, the place, and what to know first; the last two may be empty.
    base
        Drawing data with ``kind`` and ``name``.
    boundary
        The neighbourhood's edge, or None.
    bounds
        West, south, east, north of what the map shows at least, in metres.
    zones
        Zones coloured by one measure, or None.
    groups
        The numbered places.
    capped
        That these are only the first of the places; empty where they are all.
    told
        Sentences on the neighbourhood, such as how far most people walk to a park; empty where none are given.
    marks
        Residents' marks counted: pairs of theme and count in words; empty where none are given.
    remarks
        What people said, by theme: pairs of theme and remarks; empty where none are given.
    sources
        Where the data come from, a line each.
    credit
        Whom the map has to name, in one line below it; empty where nobody.
    made
        Who made it and when.
    contact
        Whom to tell what is wrong, in a sentence; may be empty.
    share_url
        Where the map is on the web, for the QR code; may be empty.
    words
        The language.
    """

    title: str
    subtitle: str
    notice: str
    base: gpd.GeoDataFrame
    boundary: gpd.GeoDataFrame | None
    bounds: tuple[float, float, float, float]
    zones: HandoutZones | None
    groups: tuple[ListedGroup, ...]
    capped: str
    told: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    remarks: tuple[tuple[str, tuple[str, ...]], ...]
    sources: tuple[str, ...]
    credit: str
    made: str
    contact: str
    share_url: str
    words: Words


class Plan(NamedTuple):
    """What grows with the paper, mm and points."""

    letters_pt: float
    columns: int
    legend_mm: float
    qr_mm: float


PLANS = {"A4": Plan(8.5, 2, 62.0, 26.0), "A3": Plan(10.0, 3, 80.0, 34.0)}
