"""The track of a walk: fixes that can't be are left out, stops are found, and where the walk was at a time is told."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from assetmap.crs import require_metric
from assetmap.errors import InputError
from assetmap.tally import Tally

__all__ = [
    "FASTEST_MS",
    "clean_track",
    "find_stops",
    "in_gap",
    "interpolate",
    "positions_at",
    "track_line",
    "without_ends",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]

FASTEST_MS = 3.5
"""Nobody in a group walks faster: 12.6 km/h is a run."""
WORST_ACCURACY_M = 50.0
_NOISE_M = 15.0
"""How far two fixes of someone who stands still may lie apart in a street."""
_GIVE_UP = 10
"""After so many fixes that would be jumps, it is the last one kept that was wrong."""
_GAP_S = 90.0
_STILL_M = 40.0
"""A gap whose ends are nearer than this was no walk: the place in it is known."""
_BEYOND_S = 30.0
_WOBBLE_M = 4.0


def clean_track(
    fixes: gpd.GeoDataFrame, tally: Tally, *, fastest_ms: float = FASTEST_MS, worst_m: float = WORST_ACCURACY_M
) -> gpd.GeoDataFrame:
    """Return the fixes that can be true, in the order of their times.

    Left out are fixes that the device itself calls worse than `worst_m`, fixes of a time that there is already, and
    jumps: a fix that nobody walking at `fastest_ms` can have reached from the last one kept, with 15 m of noise
    allowed. Where ten in a row would be jumps the one before them was, and the track goes on from there.

    Parameters
    ----------
    fixes
        As `sources.gpx.read_gpx` returns them: ``at``, ``accuracy_m``, points in metres.
    tally
        Is told what was left out and why.
    fastest_ms
        Metres a second.
    worst_m
        Metres.

    Returns
    -------
    GeoDataFrame
        The same columns. A track without times keeps the file's order, and its jumps can't be told.
    """
    require_metric(fixes, "the track")
    what = "fix {}".format
    kept = tally.drop_where(
        fixes, fixes["accuracy_m"] > worst_m, f"the device was unsure by more than {worst_m:.0f} m", what
    )
    if kept["at"].isna().all():
        return kept.reset_index(drop=True)
    kept = tally.drop_where(kept, kept["at"].isna(), "no time, in a track that has times", what)
    kept = kept.sort_values("at", kind="stable")
    kept = tally.drop_where(kept, kept["at"].duplicated(), "a time that another fix has", what)
    jumps = _jumps(_seconds(kept["at"]), shapely.get_coordinates(kept.geometry.to_numpy()), fastest_ms)
    return tally.drop_where(kept, jumps, "a jump farther than anyone walks", what).reset_index(drop=True)


def _seconds(times: pd.Series) -> Floats:
    return times.astype("datetime64[ms, UTC]").astype("int64").to_numpy() / 1000.0


def _jumps(seconds: Floats, xy: Floats, fastest_ms: float) -> np.ndarray[Any, np.dtype[np.bool_]]:
    jumps = np.zeros(len(xy), dtype=bool)
    last, waiting = 0, list[int]()
    for now in range(1, len(xy)):
        reach = _NOISE_M + fastest_ms * (seconds[now] - seconds[last])
        if np.hypot(*(xy[now] - xy[last])) <= reach:
            last, waiting = now, []
            continue
        jumps[now] = True
        waiting.append(now)
        if len(waiting) == _GIVE_UP:
            jumps[last] = True
            jumps[waiting] = _jumps(seconds[waiting], xy[waiting], fastest_ms)
            last, waiting = now, []
    return jumps


def find_stops(track: gpd.GeoDataFrame, *, least_s: float = 60.0, within_m: float = 25.0) -> gpd.GeoDataFrame:
    """Return where the walk stood still: at least `least_s` seconds no farther than `within_m` from one place.

    Stops one after another at one place are one stop.

    Parameters
    ----------
    track
        A cleaned track.
    least_s, within_m
        Seconds; metres from the median of the stop's fixes.

    Returns
    -------
    GeoDataFrame
        ``number`` from 1, ``begins``, ``ends`` (UTC), ``duration_s``, points. Empty where the track has no times.
    """
    crs = require_metric(track, "the track")
    stops: list[tuple[int, int]] = []
    if len(track) and track["at"].notna().all():
        seconds, xy = _seconds(track["at"]), shapely.get_coordinates(track.geometry.to_numpy())
        stops = _joined(_still(seconds, xy, least_s, within_m), seconds, xy, within_m)
    middle = [np.median(xy[first : last + 1], axis=0) for first, last in stops]
    times = track["at"].reset_index(drop=True)
    table = pd.DataFrame(
        {
            "number": np.arange(1, len(stops) + 1),
            "begins": [times[first] for first, _ in stops],
            "ends": [times[last] for _, last in stops],
        }
    ).astype({"begins": "datetime64[ms, UTC]", "ends": "datetime64[ms, UTC]"})
    table["duration_s"] = (table["ends"] - table["begins"]).dt.total_seconds()
    return gpd.GeoDataFrame(table, geometry=shapely.points(np.reshape(middle, (-1, 2))), crs=crs)


def _still(seconds: Floats, xy: Floats, least_s: float, within_m: float) -> list[tuple[int, int]]:
    """Return stretches, first and last fix, in which no fix is far from the median of the first `least_s` seconds."""
    found, first = [], 0
    enough = np.searchsorted(seconds, seconds + least_s)
    while first < len(xy) and enough[first] < len(xy):
        anchor = np.median(xy[first : enough[first] + 1], axis=0)
        away = np.hypot(*(xy[first:] - anchor).T) > within_m
        last = first + (int(away.argmax()) if away.any() else len(away)) - 1
        if last >= enough[first]:
            found.append((first, last))
            first = last
        first += 1
    return found


def _joined(stops: list[tuple[int, int]], seconds: Floats, xy: Floats, within_m: float) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in stops:
        if joined:
            before, until = joined[-1]
            here = np.median(xy[first : last + 1], axis=0)
            there = np.median(xy[before : until + 1], axis=0)
            if np.hypot(*(here - there)) <= within_m and seconds[first] - seconds[until] <= _GAP_S:
                joined[-1] = (before, last)
                continue
        joined.append((first, last))
    return joined


def positions_at(track: gpd.GeoDataFrame, times: pd.Series) -> gpd.GeoSeries:
    """Return where the walk was at given times, in a straight line between the fixes around each.

    Parameters
    ----------
    track
        A cleaned track with times.
    times
        UTC.

    Returns
    -------
    GeoSeries
        Points on the index of `times`; missing where nobody knows: more than 30 s before the walk or after it, or in
        a gap of more than 90 s whose ends lie more than 40 m apart.
    """
    crs = require_metric(track, "the track")
    places = interpolate(_seconds(track["at"]), shapely.get_coordinates(track.geometry.to_numpy()), _seconds(times))
    known = ~np.isnan(places[:, 0]) & times.notna().to_numpy()
    shapes = np.full(len(times), None, dtype=object)
    shapes[known] = shapely.points(places[known])
    return gpd.GeoSeries(shapes, index=times.index, crs=crs)


def interpolate(seconds: Floats, xy: Floats, wanted: Floats) -> Floats:
    """Return x and y at wanted times (n x 2), NaN where they aren't known."""
    found = np.column_stack([np.interp(wanted, seconds, xy[:, axis]) for axis in (0, 1)])
    late = (wanted < seconds[0] - _BEYOND_S) | (wanted > seconds[-1] + _BEYOND_S)
    found[late | in_gap(seconds, xy, wanted)] = np.nan
    return found


def in_gap(seconds: Floats, xy: Floats, wanted: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which times are in a gap of the track across which the walk went on."""
    after = np.clip(np.searchsorted(seconds, wanted), 1, len(seconds) - 1)
    gap = seconds[after] - seconds[after - 1]
    apart = np.hypot(xy[after, 0] - xy[after - 1, 0], xy[after, 1] - xy[after - 1, 1])
    inside = (wanted > seconds[0]) & (wanted < seconds[-1])
    unknown: np.ndarray[Any, np.dtype[np.bool_]] = (gap > _GAP_S) & (apart > _STILL_M) & inside
    return unknown


def track_line(track: gpd.GeoDataFrame) -> shapely.LineString:
    """Return the way that was walked. Wobbles of up to 4 m are noise, and make no way longer.

    Raises
    ------
    InputError
        If the track has fewer than two fixes.
    """
    if len(track) < 2:
        raise InputError("the track has fewer than two fixes: record the walk again.")
    line = shapely.LineString(shapely.get_coordinates(track.geometry.to_numpy()))
    simple: shapely.LineString = line.simplify(_WOBBLE_M)
    return simple


def without_ends(way: shapely.LineString, cut_m: float) -> shapely.LineString | None:
    """Return a way without its first and last `cut_m` metres, which may be somebody's door; None if nothing is left."""
    if way.length <= 2 * cut_m:
        return None
    kept: shapely.LineString = substring(way, cut_m, way.length - cut_m)
    return kept
