"""Whether coordinates lie where the study's reference system can take them."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from assetmap.crs import LONLAT, transformer_between

__all__ = ["Bounds", "lonlat_bounds", "misplaced"]

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
Array = np.ndarray[Any, np.dtype[Any]]
_MARGIN_DEGREES = 1.0  # data just over the edge of a CRS's area still projects well


def lonlat_bounds(frame: gpd.GeoDataFrame) -> Array:
    """Return each shape's box in degrees (n by 4; infinite where it has none)."""
    bounds = np.asarray(shapely.bounds(frame.geometry.to_numpy()))
    crs = CRS.from_user_input(frame.crs)
    if crs.is_geographic:
        return bounds
    onto = transformer_between(crs, LONLAT)
    west, south = onto.transform(bounds[:, 0], bounds[:, 1])
    east, north = onto.transform(bounds[:, 2], bounds[:, 3])
    return np.column_stack([west, south, east, north])


def misplaced(bounds: Array, crs: CRS, near: Bounds | None = None) -> tuple[Array, Array]:
    """Tell which boxes lie outside a CRS's area of use.

    A wrong place projects to finite metres, so this asks the area of use, not whether numbers are finite.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees, one row a shape.
    crs
        The metric CRS.
    near
        A smaller box than the CRS's area to tell exchanged axes by.

    Returns
    -------
    exchanged : ndarray of bool
        Outside (or far from `near`), and inside with longitude and latitude exchanged.
    outside : ndarray of bool
        Outside the area, either way round.
    """
    if crs.area_of_use is None:
        finite = np.asarray(np.isfinite(bounds).all(axis=1))
        return np.zeros(len(bounds), bool), ~finite
    area = np.array(crs.area_of_use.bounds) + _MARGIN_DEGREES * np.array([-1, -1, 1, 1])
    home = area if near is None else np.array(near) + _MARGIN_DEGREES * np.array([-1, -1, 1, 1])
    turned = bounds[:, [1, 0, 3, 2]]
    with np.errstate(invalid="ignore"):
        # else turning moves it by too little to tell
        apart = np.abs(bounds[:, 0] - bounds[:, 1]) > 2 * _MARGIN_DEGREES
    exchanged = np.logical_not(_within(bounds, home)) & _within(turned, home) & apart
    return exchanged, np.logical_not(_within(bounds, area))


def _within(bounds: Array, box: Array) -> Array:
    return np.asarray((bounds[:, :2] >= box[:2]).all(axis=1) & (bounds[:, 2:] <= box[2:]).all(axis=1))
