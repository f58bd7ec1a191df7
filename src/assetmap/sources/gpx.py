"""Tracks of walks from GPX files: the fixes in their order, with what the device knew of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import defusedxml.ElementTree
import geopandas as gpd
import pandas as pd
from defusedxml.common import DefusedXmlException
from pyproj import CRS

from assetmap.crs import LONLAT, check_lonlat, to_metric
from assetmap.errors import InputError
from assetmap.files import require_file
from assetmap.sources.area_of_use import Bounds
from assetmap.tally import Tally

__all__ = ["read_gpx"]

_MOST_BYTES = 100 * 1024 * 1024
_SECONDS_FROM = 10**8
"""A bare number of this size or more is a time since 1970; of 13 digits it is in milliseconds."""
_MILLISECONDS_FROM = 10**11


class _Fix(NamedTuple):
    lat: str | None
    lon: str | None
    time: str | None
    accuracy: str | None
    segment: int


def read_gpx(path: Path | str, *, crs: CRS | None = None, near: Bounds | None = None) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read the fixes of all tracks of a GPX file (1.0 or 1.1).

    Only what a walk needs is looked at, so that a file whose other elements are broken can be read. Times may be
    ISO 8601 (by UTC where they say nothing else) or seconds or milliseconds since 1970, as some phones write them.

    Parameters
    ----------
    path
        The file.
    crs
        The study's metric CRS; by default the one of the place.
    near
        A lon/lat box that the track should touch, to tell exchanged axes by.

    Returns
    -------
    fixes : GeoDataFrame
        ``at`` (UTC; NaT where the fix has no time), ``accuracy_m`` (the device's own; NaN where it says nothing),
        ``segment`` (from 0), points in metres; in the order of the file.
    tally : Tally
        Fixes without a usable position are dropped; times that can't be understood are left empty and counted.

    Raises
    ------
    MissingInputError, InputError
        If there is no such file, it isn't GPX, or has no track with at least two fixes.
    CRSError
        If its axes are exchanged.
    """
    path = require_file(path, "GPX file")
    if path.stat().st_size > _MOST_BYTES:
        raise InputError(f"{path} is larger than {_MOST_BYTES // 1024**2} MiB: export the one walk.")
    rows = pd.DataFrame(_fixes(path), columns=_Fix._fields)
    tally = Tally(path.name, read=len(rows))
    for name in ("lat", "lon", "accuracy"):
        rows[name] = pd.to_numeric(rows[name], errors="coerce").astype("float64")
    off = ~(rows["lat"].between(-90, 90) & rows["lon"].between(-180, 180))
    rows = tally.drop_where(rows, off, "no position on the Earth", lambda row: f"fix {row + 1}")
    if len(rows) < 2:
        raise InputError(f"{tally.summary()}: a walk needs at least two fixes. Is it a GPX file with a track?")
    said = rows["time"].notna()
    at = _times(rows["time"])
    tally.repair("time not understood, left empty", int((said & at.isna()).sum()))
    points = gpd.GeoSeries.from_xy(rows["lon"], rows["lat"], crs=LONLAT)
    check_lonlat(tuple(points.total_bounds), path.name, near=near)
    table = pd.DataFrame({"at": at, "accuracy_m": rows["accuracy"], "segment": rows["segment"].astype("int64")})
    frame = gpd.GeoDataFrame(table, geometry=points, crs=LONLAT).reset_index(drop=True)
    return to_metric(frame, crs, what=path.name), tally


def _fixes(path: Path) -> Iterator[_Fix]:
    """Give the fixes of every track. Elements are known by their names alone, whatever the version of GPX."""
    segment, seen = -1, False
    try:
        for event, element in defusedxml.ElementTree.iterparse(path, events=("start", "end"), forbid_dtd=True):
            name = _name(element.tag)
            if not seen and name != "gpx":
                raise InputError(f"{path} is not GPX (it begins with <{name[:40]}>): export the walk as GPX.")
            seen = True
            if event == "start":
                segment += name == "trkseg"
            elif name == "trkpt":
                inner = {_name(part.tag): (part.text or "").strip() for part in element.iter()}
                yield _Fix(
                    element.get("lat"), element.get("lon"), inner.get("time") or None, inner.get("accuracy"), segment
                )
                element.clear()
    except DefusedXmlException as error:
        raise InputError(f"{path} declares entities or a DTD, which no walk needs: do not open this file.") from error
    except (defusedxml.ElementTree.ParseError, LookupError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} breaks off or is not XML ({error}): export the walk as GPX again.") from error


def _name(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _times(words: pd.Series) -> pd.Series:
    """Return times by UTC; NaT where there is none or it can't be understood."""
    number = pd.to_numeric(words, errors="coerce").astype("float64")
    number = number.where((number >= _SECONDS_FROM) & (number < 10**14))
    milliseconds = number.where(number >= _MILLISECONDS_FROM, number * 1000).round()
    by_number = pd.to_datetime(milliseconds, unit="ms", utc=True, errors="coerce")
    by_words = pd.to_datetime(words.where(number.isna()), utc=True, format="ISO8601", errors="coerce")
    return by_words.dt.as_unit("ms").fillna(by_number.dt.as_unit("ms"))
