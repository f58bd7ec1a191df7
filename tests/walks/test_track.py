"""The track of a walk: what can't be true is left out, stops are found, places at times are told."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from assetmap.errors import CRSError
from assetmap.tally import Tally
from assetmap.walks.track import clean_track, find_stops, positions_at, track_line, without_ends
from tests.walks.simulated import BEGIN, CRS, walk


def track(*fixes: tuple[float, float, float], accuracy: float = 5.0) -> gpd.GeoDataFrame:
    """Fixes as (second, x, y)."""
    seconds, x, y = zip(*fixes, strict=True)
    return gpd.GeoDataFrame(
        {
            "at": (BEGIN + pd.to_timedelta(list(seconds), unit="s")).astype("datetime64[ms, UTC]"),
            "accuracy_m": accuracy,
            "segment": 0,
        },
        geometry=gpd.points_from_xy(x, y),
        crs=CRS,
    )


def test_a_jump_is_left_out_and_counted():
    # at 3.5 m/s and 15 m of noise 10 s reach 50 m: 200 m is a jump, and the fix after it isn't
    fixes = track((0, 0, 0), (10, 12, 0), (20, 212, 0), (30, 36, 0))
    tally = Tally("walk.gpx", 4)
    kept = clean_track(fixes, tally)
    assert kept.geometry.x.tolist() == [0, 12, 36]
    assert dict(tally.dropped) == {"a jump farther than anyone walks": 1}


def test_a_first_fix_in_the_wrong_place_does_not_cost_the_walk():
    fixes = track((0, 5000, 5000), *((10.0 * n, 12.0 * n, 0.0) for n in range(1, 30)))
    kept = clean_track(fixes, Tally("walk.gpx", 30))
    assert len(kept) == 29
    assert kept.geometry.y.max() == 0


def test_the_device_s_own_doubt_and_twice_the_same_time_are_obeyed():
    fixes = track((0, 0, 0), (10, 5, 0), (10, 6, 0), (20, 10, 0))
    fixes.loc[3, "accuracy_m"] = 80.0
    tally = Tally("walk.gpx", 4)
    assert len(clean_track(fixes, tally)) == 2
    assert tally.kept == 2


def test_fixes_come_in_the_order_of_their_times():
    kept = clean_track(track((20, 20, 0), (0, 0, 0), (10, 10, 0)), Tally("walk.gpx", 3))
    assert kept.geometry.x.tolist() == [0, 10, 20]


def test_stops_are_found_where_the_walk_stood_still():
    going = [(t, 1.2 * t, 0.0) for t in range(0, 100, 5)]
    still = [(t, 114.0 + 3 * (t % 2), 3.0) for t in range(100, 280, 5)]
    on = [(t, 114 + 1.2 * (t - 280), 0.0) for t in range(280, 400, 5)]
    (stop,) = find_stops(track(*going, *still, *on)).itertuples()
    assert stop.number == 1
    assert stop.geometry.distance(shapely.Point(115.5, 3)) < 5
    # within 25 m of the place there are 20 s of walking up to it and 20 s of walking away
    assert 180 <= stop.duration_s <= 225


def test_a_walk_that_never_stands_still_has_no_stop():
    assert find_stops(track(*((t, 1.2 * t, 0.0) for t in range(0, 600, 5)))).empty


def test_places_between_fixes_and_none_in_gaps():
    found = positions_at(
        track((0, 0, 0), (10, 10, 0), (200, 300, 0), (210, 310, 0), (400, 320, 0)),
        pd.Series(BEGIN + pd.to_timedelta([5, 100, 205, 300, 500, -10], unit="s")),
    )
    assert found[0].equals(shapely.Point(5, 0))
    assert found.isna().tolist() == [False, True, False, False, True, False]  # 300 s: a gap that was a stop
    assert found[5].equals(shapely.Point(0, 0))  # ten seconds before the first fix it was there


def test_the_simulated_walk_keeps_its_fixes_and_has_its_stops():
    drawn = walk(900, offset_s=0)
    tally = Tally("walk.gpx", len(drawn.fixes))
    kept = clean_track(drawn.fixes, tally)
    assert len(kept) > 0.98 * len(drawn.fixes)
    stood = np.hypot(*np.diff(drawn.way, axis=0).T) == 0
    stops = find_stops(kept)
    assert len(stops) == pytest.approx((np.diff(stood.astype(int)) == 1).sum(), abs=1)


def test_a_way_without_its_ends():
    way = shapely.LineString([(0, 0), (300, 0)])
    assert without_ends(way, 100).equals(shapely.LineString([(100, 0), (200, 0)]))
    assert without_ends(way, 150) is None
    assert track_line(track((0, 0, 0), (10, 5, 1), (20, 10, 0))).length == 10  # a wobble of 1 m


def test_degrees_are_refused():
    with pytest.raises(CRSError, match="not in metres"):
        clean_track(track((0, 0, 0), (10, 5, 0)).to_crs(4326), Tally("walk.gpx", 2))
