"""Where on a walk each photograph, sound and film belongs: by its own place, or by its time on the track."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.crs import LONLAT
from assetmap.tally import Tally
from assetmap.walks.clock import ClockOffset
from assetmap.walks.track import positions_at, track_line

__all__ = ["LOCAL_ZONE", "own_places", "place_media", "true_times"]

LOCAL_ZONE = ZoneInfo("Europe/London")
"""What a camera is taken to show whose clock nothing is known about."""
FAR_M = 2000.0
_NO_TIMES = "no place of its own, and a track without times"
_MOVED_M = 30.0
"""A recording during which the walk went farther than this was made on a line, not at a point."""


def own_places(media: pd.DataFrame, crs: Any) -> gpd.GeoSeries:
    """Return where each file itself says that it was made, missing where it doesn't."""
    points = gpd.points_from_xy(media["lon"], media["lat"])
    places = gpd.GeoSeries(points, index=media.index, crs=LONLAT).to_crs(crs)
    return places.where(media["lon"].notna())


def true_times(media: pd.DataFrame, offsets: Mapping[str, ClockOffset]) -> pd.Series:
    """Return when each file was made, by UTC.

    A device whose offset is known goes by that; another by the zone that its files name; else by British time.

    Parameters
    ----------
    media
        As `sources.media.read_media` returns it.
    offsets
        Device -> what has to be added to its clock. Files without a device have the device ``""``.
    """
    device = media["device"].fillna("")
    times = pd.Series(pd.NaT, index=media.index, dtype="datetime64[ms, UTC]")
    for name, rows in media.groupby(device):
        clock = rows["clock"]
        if name in offsets:
            times.loc[rows.index] = offsets[str(name)].true_times(clock)
            continue
        zoned = (clock - pd.to_timedelta(rows["utc_offset_s"], unit="s")).dt.tz_localize("UTC")
        local = clock.dt.tz_localize(LOCAL_ZONE, ambiguous=True, nonexistent="shift_forward").dt.tz_convert("UTC")
        times.loc[rows.index] = zoned.fillna(local).astype("datetime64[ms, UTC]")
    return times


def place_media(
    media: pd.DataFrame, track: gpd.GeoDataFrame, offsets: Mapping[str, ClockOffset], tally: Tally
) -> gpd.GeoDataFrame:
    """Place files on a walk.

    A file's own place goes before its time. A recording during which the walk went on for more than 30 m lies on the
    piece of the way that was walked meanwhile.

    Parameters
    ----------
    media
        As `sources.media.read_media` returns it.
    track
        A cleaned track.
    offsets
        As for `true_times`.
    tally
        Is told of files that have no place, and why.

    Returns
    -------
    GeoDataFrame
        The rows that have a place, with ``at`` (UTC, NaT where unknown), ``placed_by`` (``own place``, ``time``) and
        their points or lines, in the track's CRS.
    """
    timed = len(track) > 0 and bool(track["at"].notna().all())
    at = true_times(media, offsets)
    own = own_places(media, track.crs)
    has_own = own.notna()
    by_time = positions_at(track, at) if timed else gpd.GeoSeries([None] * len(media), index=media.index, crs=track.crs)
    shapes = own.where(has_own, by_time)
    if timed:
        shapes = _along(shapes, media, at, track)
    way = track_line(track)
    far = shapes.notna() & (shapes.distance(way) > FAR_M)
    reasons = pd.Series(None, index=media.index, dtype="str")
    reasons[shapes.isna() & at.isna()] = "neither a place nor a time of its own"
    reasons[shapes.isna() & at.notna()] = _why_not(at, track) if timed else _NO_TIMES
    reasons[far] = f"its own place is farther than {FAR_M:.0f} m from the walk"
    for reason, rows in reasons.dropna().groupby(reasons.dropna()):
        tally.drop(str(reason), [str(media.at[row, "file"]) for row in rows.index])
    kept = reasons.isna()
    placed = media[kept].assign(at=at[kept], placed_by=np.where(has_own[kept], "own place", "time"))
    return gpd.GeoDataFrame(placed, geometry=shapes[kept], crs=track.crs)


def _why_not(at: pd.Series, track: gpd.GeoDataFrame) -> pd.Series:
    """Return why a file with a time has no place: another day, another hour, or a gap."""
    begins, ends = track["at"].min(), track["at"].max()
    day = pd.Timedelta(hours=12)
    outside = (at < begins) | (at > ends)
    reason = pd.Series("made while the track has a gap", index=at.index, dtype="str")
    reason[outside] = "made before the walk or after it"
    reason[(at < begins - day) | (at > ends + day)] = "made on another day than the walk"
    return reason


def _along(shapes: gpd.GeoSeries, media: pd.DataFrame, at: pd.Series, track: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Put recordings that were made while walking on the piece of the way."""
    along = shapes.copy()
    recorded = media["duration_s"].notna() & at.notna() & media["lon"].isna() & shapes.notna()
    for row in media.index[recorded]:
        until = at[row] + pd.to_timedelta(media["duration_s"][row], unit="s")
        within = track[(track["at"] >= at[row]) & (track["at"] <= until)]
        ends = positions_at(track, pd.Series([until]))
        parts: list[Any] = [shapes[row], *within.geometry, *ends.dropna()]
        line = shapely.LineString([(point.x, point.y) for point in parts]) if len(parts) > 1 else None
        if line is not None and _reach(line) > _MOVED_M:
            along[row] = line
    return along


def _reach(line: shapely.LineString) -> float:
    """Return how far a line's points lie apart at the most: noise makes a long line of a walk that stood still."""
    west, south, east, north = line.bounds
    return float(np.hypot(east - west, north - south))
