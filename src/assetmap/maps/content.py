"""What a map shows: frames, the ways to colour its zones, and the words around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from assetmap.cartography.basemap import BASE_KINDS
from assetmap.cartography.labels import label_candidates
from assetmap.crs import require_metric
from assetmap.disclosure.stamp import AUDIENCES, require_stamp
from assetmap.errors import CRSError, SchemaError, UsageError
from assetmap.schema import ASSETS, ZONES
from assetmap.words import Phrase, Text, languages

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["COMMENTS", "MARK_CELLS", "MEDIA", "STOPS", "MapContent", "SourceNote", "ZoneView"]

KINDS = ("decile", "distance_m", "share", "number")
MARK_CELLS = ("theme", "count", "sheets")
"""Columns of the marks counted per cell, besides the geometry. No other column reaches the map."""
COMMENTS = ("theme", "text")
"""Columns of single remarks; no other reaches the map."""
STOPS = ("number", "title", "text")
"""Columns of the stops of a walk or workshop."""
MEDIA = ("file", "kind", "data", "stop", "credit", "title", "work", "alt")
"""Columns of what was recorded at the stops."""
NOT_KNOWN = Phrase("not_known")
_FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.html")


class SourceNote(NamedTuple):
    """One source of the map's data, for the footer. A plain tuple of four does as well."""

    title: Text
    attribution: Text
    licence: Text
    date: str
    """ISO date, or empty."""


@dataclass(frozen=True)
class ZoneView:
    """One way to colour the zones, with what the colours say in plain words.

    Words are the study's own, or phrases that are said in the map's language.

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
        Written after a ``number``; a phrase has the number for its ``{n}``.
    missing
        What a zone without a value is called.

    Raises
    ------
    UsageError
        If the kind is unknown, the breaks don't rise, or there aren't as many labels as classes.
    """

    column: str
    title: Text
    sentence: Text
    kind: str
    breaks: tuple[float, ...] = ()
    labels: tuple[Text, ...] = ()
    unit: Text = ""
    missing: Text = NOT_KNOWN

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
        Where the data come from; whom each attribution names stands on the map, and all of it below.
    made_on
        ISO date.
    made_by, contact
        Who made the map, and whom to tell what is wrong on it; either may be empty.
    zones
        The zones table with columns of measures, or None.
    zone_views
        How the zones may be coloured.
    zones_coloured
        Whether they are coloured by the first of them when the page opens; by default by none.
    boundary
        The neighbourhood's edge, or None.
    mark_cells
        Residents' marks as counts per cell and theme, or None. Single marks never reach a map.
    notice
        Shown below the heading, such as that the place is fictional; may be empty.
    audience
        ``team``: the page says that it is a working copy. ``residents`` or ``partners``: every frame has to carry
        the gate's stamp for them.
    resident_rows
        How many rows from residents the counts were made of; told to the team alone.
    language
        The language of the page's own words, one of `assetmap.words.languages`.
    stops
        The stops of a walk or a workshop, numbered, with a title and a text each: points, or None.
    media
        What was recorded at the stops: ``file`` (its name in the folder ``media`` beside the page; for the team its
        path in the study), ``kind`` (``photograph``, ``sound``, ``film``), ``data`` (its bytes; a photograph is a JPEG
        that stands in the page), ``stop`` (a number), ``credit``; of works, which stand in a gallery, ``work`` (what
        kind of work: `sources.story_sheets.WORK_KINDS`), and where known ``title`` and ``alt``; or None.
    stops_title
        What the walk or workshop is called; may be empty.
    comments
        Single remarks that the gate has let pass: ``theme``, ``text`` and where they are shown, or None.
    address
        Where this very page will be on the web, for links to its places; may be empty.
    siblings
        The same map in other languages: pairs of language and file name, in the same folder.
    featured
        Id of the asset that the map is about, which is ringed; empty where there is none.
    tied
        Ids of assets that stand on the page of system maps, ``systems.html`` in the same folder; for the team alone.

    Raises
    ------
    UsageError
        If the audience, the language, the address or a sibling's file name can't be.
    DisclosureError
        If the map isn't for the team and a frame doesn't carry the gate's stamp.
    SchemaError
        If a column is missing.
    CRSError
        If a frame isn't in metres, or the frames aren't in one CRS.
    """

    title: str
    subtitle: Text
    assets: gpd.GeoDataFrame
    base: gpd.GeoDataFrame
    sources: Sequence[tuple[Text, Text, Text, str]]
    made_on: str
    made_by: str = ""
    contact: str = ""
    zones: gpd.GeoDataFrame | None = None
    zone_views: Sequence[ZoneView] = field(default_factory=tuple)
    zones_coloured: bool = False
    boundary: gpd.GeoDataFrame | None = None
    mark_cells: gpd.GeoDataFrame | None = None
    notice: str = ""
    audience: str = "team"
    resident_rows: int = 0
    language: str = "en"
    stops: gpd.GeoDataFrame | None = None
    media: pd.DataFrame | None = None
    stops_title: str = ""
    comments: gpd.GeoDataFrame | None = None
    address: str = ""
    siblings: Sequence[tuple[str, str]] = ()
    featured: str = ""
    tied: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.audience not in ("team", *AUDIENCES):
            raise UsageError(f"the map's audience is {self.audience!r}: use team, {' or '.join(AUDIENCES)}.")
        if self.tied and self.audience != "team":
            raise UsageError("system maps are for the team: leave `tied` out of a map for others.")
        for language in (self.language, *(language for language, _ in self.siblings)):
            if language not in languages():
                raise UsageError(f"the map's language {language!r} has no catalogue: use {', '.join(languages())}.")
        for _, name in self.siblings:
            if not _FILE_NAME.fullmatch(name):
                raise UsageError(f"the map's sibling {name!r} must be a plain file name, such as map.bn.html.")
        if self.address and urlsplit(self.address).scheme != "https":
            raise UsageError(f"the map's address {self.address!r} must begin with https://.")
        _check_frames(self)

    @cached_property
    def names(self) -> pd.DataFrame:
        """Where the names of the base could stand: asked for by the map and by its picture, and slow to find."""
        return label_candidates(self.base)


def _check_frames(content: MapContent) -> None:
    frames = {
        "assets": (content.assets, tuple(ASSETS)),
        "base": (content.base, ("kind", "name")),
        "zones": (content.zones, (*ZONES, *(view.column for view in content.zone_views))),
        "boundary": (content.boundary, ()),
        "mark_cells": (content.mark_cells, MARK_CELLS),
        "stops": (content.stops, STOPS),
        "comments": (content.comments, COMMENTS),
        "media": (content.media, MEDIA),
    }
    crs = require_metric(content.assets, "the map's assets")
    for name, (frame, columns) in frames.items():
        if frame is None:
            continue
        missing = [column for column in columns if column not in frame.columns]
        if missing:
            raise SchemaError(f"the map's {name}: column {', '.join(missing)} is missing: add it.")
        if content.audience != "team":
            require_stamp(frame, content.audience, f"the map's {name}")
        if name != "media" and require_metric(frame, f"the map's {name}") != crs:
            raise CRSError(f"the map's {name} and assets differ in CRS: project them to {crs.name}.")
    if content.zones is None and content.zone_views:
        raise UsageError("the map has zone views but no zones: give both or neither.")
    unknown = sorted(set(content.base["kind"].dropna()) - set(BASE_KINDS))
    if unknown:
        raise SchemaError(f"the map's base: kind {', '.join(map(str, unknown))} is unknown: leave it out.")
