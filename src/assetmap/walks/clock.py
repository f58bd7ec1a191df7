"""How far a camera's clock is from the walk's: told by photographs that know both their time and their place."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from assetmap.crs import require_metric
from assetmap.errors import InputError
from assetmap.walks.track import in_gap

__all__ = ["ClockOffset", "estimate_offset", "given_offset"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

FEWEST = 3
_PASSED_M = 40.0
"""A photograph's own place and the track may be so far apart where the walk passed it."""
_BIN_S = 10.0
_NOISE_M = 10.0
_DRIFT_FROM = 6
_DRIFT_OVER_S = 1200.0
_SMOOTH_S = 5.0
_UNSEEN_M = 5.0
"""What a photograph in a gap of the track counts: as much as one in sight is off by the noise of both, so that none is
drawn into a gap or out of it."""
_SEARCHES = ((45.0, 1.0, 60 / 3600, 5 / 3600), (3.0, 0.25, 5 / 3600, 1 / 3600))
"""Reach and step of the offset (s), and of the drift (s a second): a minute in an hour is a broken clock."""


class ClockOffset(NamedTuple):
    """What has to be added to a camera's clock, and how sure that is."""

    seconds: float
    """At `pivot`."""
    drift: float
    """Seconds to add for each second after `pivot`; 0 where it can't be told."""
    pivot: float
    """The camera's time at which `seconds` holds, in seconds since 1970 as if it were UTC."""
    photographs: int
    """How many agree, of those that know time and place."""
    residual_m: float
    """Median distance between their own places and where the walk was then; NaN where the offset was given."""

    def true_times(self, clock: pd.Series[Any]) -> pd.Series[Any]:
        """Return a camera's times by UTC."""
        seconds = clock.astype("datetime64[ms]").astype("int64") / 1000
        shift = self.seconds + self.drift * (seconds - self.pivot)
        moved = clock + pd.to_timedelta(shift.round(3), unit="s")
        times: pd.Series[Any] = moved.where(clock.notna()).dt.tz_localize("UTC").astype("datetime64[ms, UTC]")
        return times


def given_offset(seconds: float) -> ClockOffset:
    """Return an offset that somebody says."""
    return ClockOffset(seconds, 0.0, 0.0, 0, float("nan"))


def estimate_offset(clock: pd.Series, points: Any, track: Any) -> ClockOffset:
    r"""Estimate what has to be added to a camera's clock so that its photographs lie on the walk.

    Each photograph that knows its place says at which times the walk passed there; the offset that most photographs
    can share is refined by searching

    .. math:: \min_{a, b} \sum_i \sqrt{1 + \left(|P(t_i + a + b (t_i - \bar t)) - p_i| / 10 m\right)^2}

    with :math:`P` the walk's place, :math:`p_i` and :math:`t_i` a photograph's place and clock. The drift :math:`b` is
    estimated from six photographs on, over at least 20 minutes. A wrong time zone or date is an offset like another.

    Parameters
    ----------
    clock
        Times as the camera shows them, without a zone.
    points : GeoSeries
        The photographs' own places, in metres, on the same index.
    track : GeoDataFrame
        A cleaned track with times, same CRS.

    Returns
    -------
    ClockOffset

    Raises
    ------
    InputError
        If fewer than three photographs know both, or fewer than three of them agree.
    """
    require_metric(track, "the track")
    both = clock.notna() & points.notna() & ~points.is_empty
    if both.sum() < FEWEST:
        raise InputError(
            f"only {int(both.sum())} photographs know both their time and their place, and {FEWEST} are needed to find "
            "the camera's clock: say --offset SECONDS (what to add to it)."
        )
    camera = clock[both].astype("datetime64[ms]").astype("int64").to_numpy() / 1000
    own = shapely.get_coordinates(points[both].to_numpy())
    seconds = track["at"].astype("datetime64[ms, UTC]").astype("int64").to_numpy() / 1000
    xy = _smooth(seconds, shapely.get_coordinates(track.geometry.to_numpy()))
    start, agree = _shared_offset(camera, own, seconds, xy)
    if agree < FEWEST:
        raise InputError(
            f"the places of {int(both.sum())} photographs agree on no time of the walk: are they of another walk? "
            "Say --offset SECONDS (what to add to the camera's clock)."
        )
    return _refined(camera, own, seconds, xy, start)


def _shared_offset(camera: Floats, own: Floats, seconds: Floats, xy: Floats) -> tuple[float, int]:
    """Return the offset at which the most photographs lie where the walk passed, and how many do."""
    near = shapely.STRtree(shapely.points(xy)).query(shapely.points(own), predicate="dwithin", distance=_PASSED_M)
    if near.shape[1] == 0:
        return 0.0, 0
    photo, fix = near
    offsets = seconds[fix] - camera[photo]
    weight = 1 / (1 + (np.hypot(*(own[photo] - xy[fix]).T) / _NOISE_M) ** 2)
    bins = np.floor((offsets - offsets.min()) / _BIN_S).astype(int)
    votes = pd.Series(weight).groupby([bins, photo]).max()  # standing still is one vote, not one a fix
    totals = votes.groupby(level=0).sum()
    known, each = totals.index.to_numpy(), totals.to_numpy()
    shared = [each[np.abs(known - one) <= 1].sum() for one in known]
    chosen = np.abs(bins - known[int(np.argmax(shared))]) <= 1
    return float(np.average(offsets[chosen], weights=weight[chosen])), int(np.unique(photo[chosen]).size)


def _refined(camera: Floats, own: Floats, seconds: Floats, xy: Floats, start: float) -> ClockOffset:
    """Search offsets and drifts around a first guess, coarse and then fine: the cost has many small valleys."""
    pivot = float(camera.mean())
    drifts = len(camera) >= _DRIFT_FROM and np.ptp(camera) >= _DRIFT_OVER_S
    offset, drift = start, 0.0
    for reach, step, most, drift_step in _SEARCHES:
        offsets = offset + np.arange(-reach, reach + step / 2, step)
        tried = drift + np.arange(-most, most + drift_step / 2, drift_step) if drifts else np.zeros(1)
        shifts = offsets[:, None, None] + tried[None, :, None] * (camera - pivot)
        away = _apart(seconds, xy, camera + shifts, own)
        cost = (np.sqrt(1 + (away / _NOISE_M) ** 2) - 1).sum(axis=2)
        best = np.unravel_index(int(cost.argmin()), cost.shape)
        offset, drift = float(offsets[best[0]]), float(tried[best[1]])
    left = _apart(seconds, xy, camera + offset + drift * (camera - pivot), own)
    agree = left < _PASSED_M
    return ClockOffset(offset, drift, pivot, int(agree.sum()), float(np.median(left[agree])))


def _apart(seconds: Floats, xy: Floats, wanted: Floats, own: Floats) -> Floats:
    """Return how far from the walk each photograph's own place is at wanted times (... x photographs), at most 40 m.

    What is off by more than 40 m counts no more than that, and in a gap of the track every place counts alike: else an
    offset would be chosen by which photographs it keeps out of the gaps.
    """
    away = np.hypot(*(np.interp(wanted, seconds, xy[:, axis]) - own[:, axis] for axis in (0, 1)))
    away[in_gap(seconds, xy, wanted)] = _UNSEEN_M
    away[(wanted < seconds[0]) | (wanted > seconds[-1])] = _PASSED_M
    return np.minimum(away, _PASSED_M)


def _smooth(seconds: Floats, xy: Floats) -> Floats:
    """Return the track's places as means of those within some seconds, for the noise of single fixes."""
    first = np.searchsorted(seconds, seconds - _SMOOTH_S)
    last = np.searchsorted(seconds, seconds + _SMOOTH_S, side="right")
    sums = np.vstack([np.zeros(2), np.cumsum(xy - xy[0], axis=0)])
    means: Floats = (sums[last] - sums[first]) / (last - first)[:, None] + xy[0]
    return means
