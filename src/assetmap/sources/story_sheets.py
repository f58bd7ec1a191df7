"""What was agreed to and written down about a walk's recordings, and stories that nothing was recorded of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.plurals import counted
from assetmap.sources.annotations import ANNOTATION_COLUMNS, consent_of, sentiment_of, shapes_of_wkt
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.columns import find_columns, take_text
from assetmap.sources.positions import Placing, locate_rows
from assetmap.sources.tables import read_table
from assetmap.tally import Tally

__all__ = ["STORY_COLUMNS", "WORK_KINDS", "read_story_sheet"]

_POSITIONS = ("lon", "lat", "easting", "northing", "grid_ref")
WORK_KINDS = ("film", "postcard", "book", "photograph", "sound", "drawing", "other")
"""What a work may be; a book is shown by pictures of its pages."""
STORY_COLUMNS: dict[str, tuple[str, ...]] = {
    "file": ("file", "file name", "filename", "media", "photograph", "photo", "recording"),
    "title": ("title", "heading", "headline"),
    "credit": ("credit", "by", "artist", "author", "photographer"),
    "licence": ("licence", "license", "rights"),
    "work": ("kind of work", "work", "kind"),
    "alt": ("alternative text", "alt text", "alt", "what can be seen"),
    "walk": ("walk", "walk name", "from walk"),
    "time": ("time", "at", "when", "told at", "clock"),
    **{
        field: ANNOTATION_COLUMNS[field]
        for field in ("text", "theme", "sentiment", "consent", "contributor", "wkt", *_POSITIONS)
    },
}
"""Field -> the folded headers it goes by."""


def read_story_sheet(path: Path | str, *, crs: CRS, near: Bounds | None = None) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read the sheet that is kept beside a walk's recordings: CSV or XLSX.

    A row is about a file (its name is enough, with its folder where several files bear it), or is a story of its own
    with a place (longitude and latitude, easting and northing, a grid reference, or WKT for lines and areas) or a time
    on the walk.

    Parameters
    ----------
    path
        The file.
    crs
        The study's metric CRS.
    near
        A lon/lat box that places should touch.

    Returns
    -------
    sheet : GeoDataFrame
        ``file`` (as written, with ``/``), ``title``, ``text``, ``theme``, ``sentiment``, ``consent``,
        ``contributor_id``, ``credit``, ``licence``, ``work`` (in small letters: what kind of work it is), ``alt``
        (what can be seen on it), ``walk`` (that it belongs to), ``time`` (UTC or NaT), and a geometry that may be
        missing. The index is the row's number in the file.
    tally : Tally
        Rows that say neither file, place nor time are dropped.

    Raises
    ------
    InputError
        If it is no such table, or speaks of one file twice.
    """
    path = Path(path)
    tally = Tally(path.name)
    table = read_table(path, tally=tally)
    found = find_columns(table.columns, STORY_COLUMNS, what=path.name)
    if "file" not in found and not {"time", "wkt", *_POSITIONS} & set(found):
        raise InputError(
            f"{path.name} has no column that says which file, place or time a row is about: it has "
            f"{', '.join(map(str, table.columns[:12]))}. Add a column `file`."
        )
    text = {field: take_text(table, found.get(field)) for field in STORY_COLUMNS}
    file = text["file"].map(_with_slashes, na_action="ignore").astype("str")
    twice = file[file.notna() & file.str.casefold().duplicated()]
    if len(twice):
        raise InputError(
            f"{path.name}: {counted(len(twice), 'row')} about a file that has one already (first: {twice.iloc[0]}): "
            "leave one each."
        )
    shapes = _shapes(table, found, Placing(crs, path.name, None, None, near, tally))
    times = pd.to_datetime(text["time"], utc=True, errors="coerce", format="ISO8601").astype("datetime64[ms, UTC]")
    tally.repair("time not understood, left empty", int((text["time"].notna() & times.isna()).sum()))
    sheet = gpd.GeoDataFrame(
        {
            "file": file,
            **{field: text[field] for field in ("title", "text", "theme", "credit", "licence", "alt", "walk")},
            "work": text["work"].str.casefold(),
            "sentiment": sentiment_of(text["sentiment"], tally),
            "consent": consent_of(text["consent"], tally),
            "contributor_id": text["contributor"],
            "time": times,
        },
        geometry=shapes,
        crs=crs,
    )
    nowhere = sheet["file"].isna() & sheet["time"].isna() & sheet.geometry.isna()
    return tally.drop_where(sheet, nowhere, "says neither file, place nor time", "row {}".format), tally


def _with_slashes(path: str) -> str:
    return path.replace("\\", "/")


def _shapes(table: pd.DataFrame, found: dict[str, str], placing: Placing) -> gpd.GeoSeries:
    """Return each row's own place, missing where it says none."""
    shapes = gpd.GeoSeries([None] * len(table), index=table.index, crs=placing.crs)
    if "wkt" in found:
        written = table[take_text(table, found["wkt"]).notna()]
        drawn = shapes_of_wkt(written, found["wkt"], replace(placing, tally=Tally(placing.what, len(written))))
        placing.tally.repair("WKT not understood, left empty", len(written) - len(drawn))
        shapes = shapes.where(~shapes.index.isin(drawn.index), drawn.geometry.reindex(shapes.index))
    if set(_POSITIONS) & set(found):
        points, _ = locate_rows(table, {k: v for k, v in found.items() if k in _POSITIONS}, placing)
        shapes = shapes.where(shapes.notna(), points)
    return shapes
