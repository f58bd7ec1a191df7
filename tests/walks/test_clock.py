"""The camera's clock: found on simulated walks whose truth is known. Limits were set on seeds below 100."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from assetmap.errors import InputError
from assetmap.tally import Tally
from assetmap.walks.clock import estimate_offset, given_offset
from assetmap.walks.track import clean_track
from tests.walks.simulated import walk

OFFSETS = {"right": 0, "British summer": 3600, "slow": 42, "fast": -127, "last year": 31_536_000, "India": -16_200}


def found(seed: int, **how: float) -> tuple[float, float]:
    """The error of the offset in the middle of the walk, and the largest of any photograph, seconds."""
    drawn = walk(seed, **how)
    track = clean_track(drawn.fixes, Tally("walk.gpx", len(drawn.fixes)))
    offset = estimate_offset(drawn.clock, drawn.own, track)
    apart = (offset.true_times(drawn.clock) - drawn.true_times).dt.total_seconds()
    return offset.seconds - drawn.offset_s, float(apart.abs().max())


@pytest.mark.parametrize("kind", OFFSETS)
def test_the_offset_is_found_with_gaps_drift_and_a_wrong_time_zone(kind: str, record_property):
    first = 400 + 8 * list(OFFSETS).index(kind)
    seeds = range(first, first + 8)
    errors = np.array([found(seed, offset_s=OFFSETS[kind], drift_s_per_h=seed % 3 * 10) for seed in seeds])
    record_property("offset error s, most", float(np.abs(errors[:, 0]).max()))
    record_property("photograph's error s, most", float(errors[:, 1].max()))
    assert np.abs(errors[:, 0]).max() <= 2.0
    assert errors[:, 1].max() <= 6.0


def test_photographs_of_another_walk_agree_on_no_time():
    drawn, other = walk(300, offset_s=0), walk(301, offset_s=0)
    track = clean_track(drawn.fixes, Tally("walk.gpx", len(drawn.fixes)))
    elsewhere = other.own.translate(5000, 5000)
    with pytest.raises(InputError, match="agree on no time of the walk"):
        estimate_offset(other.clock, elsewhere, track)


def test_two_photographs_are_too_few():
    drawn = walk(302, offset_s=0, photos=2)
    with pytest.raises(InputError, match="only 2 photographs know both"):
        estimate_offset(drawn.clock, drawn.own, drawn.fixes)


def test_photographs_without_a_place_are_passed_over():
    drawn = walk(303, offset_s=60)
    own = drawn.own.copy()
    own[::2] = None
    offset = estimate_offset(drawn.clock, gpd.GeoSeries(own, crs=drawn.own.crs), drawn.fixes)
    assert offset.photographs <= 20
    assert offset.seconds == pytest.approx(60, abs=4)


def test_a_given_offset_is_added():
    clock = pd.Series(pd.to_datetime(["2026-05-16T11:00:00", None])).astype("datetime64[ms]")
    times = given_offset(-3600).true_times(clock)
    assert times[0] == pd.Timestamp("2026-05-16T10:00:00Z")
    assert pd.isna(times[1])
