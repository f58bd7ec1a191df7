"""Walks whose truth is known: a way through streets, stops, gaps, noise, and a camera with a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

BEGIN = pd.Timestamp("2026-05-16T10:00:00Z")
CRS = "EPSG:27700"


@dataclass(frozen=True)
class Walk:
    fixes: gpd.GeoDataFrame
    clock: pd.Series
    own: gpd.GeoSeries
    offset_s: float
    """What has to be added to the camera's clock in the middle of the walk."""
    true_times: pd.Series
    seconds: np.ndarray
    way: np.ndarray
    """Where the walk really was, a row a second."""


def walk(seed: int, *, offset_s: float, photos: int = 40, gaps: int = 2, drift_s_per_h: float = 0.0) -> Walk:
    """Draw a walk of about 50 minutes with four stops, and photographs along it."""
    rng = np.random.default_rng(seed)
    way = _way(rng)
    seconds = np.arange(len(way), dtype=float)
    kept = np.sort(rng.choice(len(way), size=len(way) // 2, replace=False))
    for _ in range(gaps):
        start = rng.integers(200, len(way) - 400)
        kept = kept[(kept < start) | (kept > start + 150)]
    noise = rng.normal(0, 4.0, (len(kept), 2))
    fixes = gpd.GeoDataFrame(
        {
            "at": (BEGIN + pd.to_timedelta(kept, unit="s")).astype("datetime64[ms, UTC]"),
            "accuracy_m": np.full(len(kept), 6.0),
            "segment": 0,
        },
        geometry=shapely.points(way[kept] + noise),
        crs=CRS,
    )
    taken = np.sort(rng.uniform(30, len(way) - 30, photos))
    there = np.column_stack([np.interp(taken, seconds, way[:, axis]) for axis in (0, 1)])
    own = there + rng.normal(0, 3.0, (photos, 2))
    drift = drift_s_per_h / 3600 * (taken - taken.mean())
    true_times = pd.Series(BEGIN + pd.to_timedelta(taken, unit="s"))
    shown = pd.to_timedelta((taken - offset_s - drift).round(), unit="s")
    clock = pd.Series((BEGIN + shown).tz_localize(None)).astype("datetime64[ms]")
    points = gpd.GeoSeries(shapely.points(own), crs=CRS)
    return Walk(fixes, clock, points, offset_s, true_times, seconds, way)


def _way(rng: np.random.Generator) -> np.ndarray:
    """Return a place for each second: streets at right angles at 1.2 m/s, with stops of one to four minutes."""
    place, heading = np.array([536000.0, 183000.0]), 0
    way = []
    for leg in range(18):
        heading = (heading + rng.choice([-1, 0, 1])) % 4
        step = 1.2 * np.array([np.cos(heading * np.pi / 2), np.sin(heading * np.pi / 2)])
        for _ in range(int(rng.uniform(60, 160))):
            place = place + step
            way.append(place)
        if leg % 4 == 3:
            way += [place] * int(rng.uniform(60, 240))
    return np.array(way)
