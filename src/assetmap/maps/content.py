"""What a map shows: frames, the ways to colour its zones, and the words around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from assetmap.cartography.basemap import BASE_KINDS
from assetmap.crs import require_metric
from assetmap.errors import CRSError, SchemaError, UsageError
from assetmap.schema import ASSETS, ZONES

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["MARK_CELLS", "MapContent", "SourceNote", "ZoneView"]

KINDS = ("decile", "distance_m", "share", "number")
MARK_CELLS = ("theme", "count", "sheets")
"""Columns of the marks counted per cell, besides the geometry. No other column reaches the map."""


class SourceNote(NamedTuple):
    """One source of the map's data, for the footer. A plain tuple of four does as well."""

    title: str
    attribution: str
    licence: str
    date: str
    """ISO date, or empty."""


@dataclass(frozen=True)
class ZoneView:
    """One way to colour the zones, with what the colours say in plain words.

    Parameters
    ----------
    column
        The column of the zones that holds the number.
    title
        What the choice is called.
    sentence
        What the colours say, in one plain sentence.
    kind
        ``decile`` (1 to 10, 1 the most deprived), ``distance_m`` (the more, the darker), ``share``
        (0 to 1) or ``number``.
    breaks
        Upper limits of all classes but the last, rising; a value on a limit belongs to the class below.
        By default those of the kind; ``number`` has none and needs them.
    labels
        A class's words, one more than `breaks`. By default made from the breaks and `unit`.
    unit
        Written after a ``number``.
    missing
        What a zone without a value is called.

    Raises
    ------
    UsageError
        If the kind is unknown, the breaks don't rise, or there aren't as many labels as classes.
    """

    column: str
    title: str
    sentence: str
    kind: str
    breaks: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    unit: str = ""
    missing: str = "not known"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError(f"zone view {self.title!r}: kind {self.kind!r} is unknown: use one of {', '.join(KINDS)}.")
        if self.kind == "number" and not self.breaks:
            raise UsageError(f"zone view {self.title!r}: a number needs breaks: give the classes' limits.")
        if list(self.breaks) != sorted(set(self.breaks)):
            raise UsageError(f"zone view {self.title!r}: breaks {self.breaks} don't rise: sort them.")
        if self.labels and len(self.labels) != len(self.breaks) + 1:
            raise UsageError(
                f"zone view {self.title!r}: {len(self.breaks)} breaks make {len(self.breaks) + 1} classes, "
                f"but {len(self.labels)} labels were given: give one label a class."
            )


@dataclass(frozen=True)
class MapContent:
    """What one map shows. All frames are in one metric CRS.

    Parameters
    ----------
    title, subtitle
        The heading and the place.
    assets
        The assets table. Rows whose ``duplicate_of`` is set, where there is such a column, aren't drawn.
    base
        The study's own drawing data: columns ``kind`` (see `cartography.basemap.BASE_KINDS`) and ``name``.
    sources
        Where the data come from; each attribution is shown.
    made_on
        ISO date.
    made_by, contact
        Who made the map, and whom to tell what is wrong on it; either may be empty.
    zones
        The zones table with columns of measures, or None.
    zone_views
        How the zones may be coloured.
    boundary
        The neighbourhood's edge, or None.
    mark_cells
        Residents' marks as counts per cell and theme, or None. Single marks never reach a map.
    notice
        Shown below the heading, such as that the place is fictional; may be empty.
    audience
        ``team``: the page says that it is a working copy.
    resident_rows
        How many rows from residents the counts were made of.

    Raises
    ------
    UsageError
        If the audience is unknown.
    SchemaError
        If a column is missing.
    CRSError
        If a frame isn't in metres, or the frames aren't in one CRS.
    """

    title: str
    subtitle: str
    assets: gpd.GeoDataFrame
    base: gpd.GeoDataFrame
    sources: Sequence[tuple[str, str, str, str]]
    made_on: str
    made_by: str = ""
    contact: str = ""
    zones: gpd.GeoDataFrame | None = None
    zone_views: Sequence[ZoneView] = field(default_factory=tuple)
    boundary: gpd.GeoDataFrame | None = None
    mark_cells: gpd.GeoDataFrame | None = None
    notice: str = ""
    audience: str = "team"
    resident_rows: int = 0

    def __post_init__(self) -> None:
        if self.audience != "team":
            raise UsageError(
                f"the map's audience is {self.audience!r}: only a map for the team can be made from "
                "frames that no disclosure check has passed."
            )
        _check_frames(self)


def _check_frames(content: MapContent) -> None:
    frames = {
        "assets": (content.assets, tuple(ASSETS)),
        "base": (content.base, ("kind", "name")),
        "zones": (content.zones, (*ZONES, *(view.column for view in content.zone_views))),
        "boundary": (content.boundary, ()),
        "mark_cells": (content.mark_cells, MARK_CELLS),
    }
    crs = require_metric(content.assets, "the map's assets")
    for name, (frame, columns) in frames.items():
        if frame is None:
            continue
        missing = [column for column in columns if column not in frame.columns]
        if missing:
            raise SchemaError(f"the map's {name}: column {', '.join(missing)} is missing: add it.")
        if require_metric(frame, f"the map's {name}") != crs:
            raise CRSError(f"the map's {name} and assets differ in CRS: project them to {crs.name}.")
    if content.zones is None and content.zone_views:
        raise UsageError("the map has zone views but no zones: give both or neither.")
    unknown = sorted(set(content.base["kind"].dropna()) - set(BASE_KINDS))
    if unknown:
        raise SchemaError(f"the map's base: kind {', '.join(map(str, unknown))} is unknown: leave it out.")
