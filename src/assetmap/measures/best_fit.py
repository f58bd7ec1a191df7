"""Zones that fit an outline best: those that have most of their people in it, and how much of them lies outside."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from assetmap.crs import require_metric

__all__ = ["MOSTLY", "best_fit", "share_inside"]

MOSTLY = 0.5
_WHOLE = 1e-6


def share_inside(zones: gpd.GeoDataFrame, outline: BaseGeometry, homes: gpd.GeoDataFrame | None = None) -> pd.DataFrame:
    """Return the share of each zone's people who live in an outline: by its homes, else by its ground.

    Parameters
    ----------
    zones
        Table ``zones``, metric CRS.
    outline
        The area, same CRS.
    homes
        Table ``origins`` of the zones; a zone of which only a middle is known (``zone_point``) goes by its ground.

    Returns
    -------
    DataFrame
        On the index of `zones`: ``share_inside`` (0 to 1), ``inside_kind`` (``homes`` or ``ground``).

    Examples
    --------
    >>> zones = gpd.GeoDataFrame({"zone_code": ["A"]}, geometry=[shapely.box(0, 0, 100, 100)], crs=27700)
    >>> share_inside(zones, shapely.box(0, 0, 80, 100))["share_inside"].tolist()
    [0.8]
    """
    require_metric(zones, "the zones")
    ground = shapely.area(zones.geometry.to_numpy())
    share = shapely.area(shapely.intersection(zones.geometry.to_numpy(), outline)) / ground
    share = np.where(share > 1 - _WHOLE, 1.0, np.where(share < _WHOLE, 0.0, share))
    found = pd.DataFrame({"share_inside": share, "inside_kind": "ground"}, index=zones.index)
    if homes is not None and len(homes):
        known = homes[homes["weight_kind"] != "zone_point"]
        weight = known["people"].fillna(0.0)
        sums = weight.groupby(known["zone_code"]).sum()
        inside = weight.where(known.within(outline), 0.0).groupby(known["zone_code"]).sum() / sums.where(sums > 0)
        by_homes = zones["zone_code"].map(inside)
        found["inside_kind"] = found["inside_kind"].mask(by_homes.notna(), "homes")
        found["share_inside"] = by_homes.fillna(found["share_inside"])
    return found


def best_fit(shares: pd.DataFrame, zones: gpd.GeoDataFrame, outline: BaseGeometry) -> pd.Series:
    """Return which zones fit an outline: those with at least half of their people in it.

    Where no zone has, as in an outline that is smaller than a zone, the one that holds most of the outline does.

    Parameters
    ----------
    shares
        As `share_inside` gives them.
    zones, outline
        The same as there.

    Returns
    -------
    Series
        Bool, on the index of `zones`; all false where the zones hold less than half of the outline.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame({"zone_code": ["A"]}, geometry=[shapely.box(0, 0, 100, 100)], crs=27700)
    >>> small = shapely.box(10, 10, 30, 30)
    >>> best_fit(share_inside(zones, small), zones, small).tolist()
    [True]
    """
    fits = shares["share_inside"] >= MOSTLY - _WHOLE
    if fits.any() or zones.empty:
        return fits
    held = shapely.area(shapely.intersection(zones.geometry.to_numpy(), outline))
    enough = held.sum() >= MOSTLY * outline.area
    return pd.Series(enough & (np.arange(len(zones)) == int(np.argmax(held))), index=zones.index)
