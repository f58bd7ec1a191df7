"""Where the names of streets, parks and waters can be written, and at which angle."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from assetmap.cartography.basemap import label_classes
from assetmap.encode import plain_text

__all__ = ["label_candidates"]

STRAIGHT_M = 4.0
"""A street counts as straight where it strays less than this from a line."""
SHORTEST_M = 25.0
"""Stretches shorter than this carry no name."""
STRETCHES = 4
"""At most so many stretches to write one street's name on."""
QUARTERS_M = 200.0
"""On stretches longer than this, a name may also stand at a quarter and at three quarters."""
_COLUMNS = ["kind", "name", "x", "y", "angle", "room"]


def label_candidates(base: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return candidate places for names, those with most room first.

    Parameters
    ----------
    base
        Drawing data with ``kind`` and ``name``, in a metric CRS.

    Returns
    -------
    DataFrame
        ``kind``, ``name``, ``x``, ``y`` (the name's middle, in the frame's CRS), ``angle`` (degrees
        clockwise, over -90 to 90) and ``room`` (metres along a street, or the square root of an area).
    """
    named = base[base["name"].notna() & base["kind"].isin(list(label_classes()))]
    named = named.assign(name=[plain_text(name).strip() for name in named["name"]])
    named = named[named["name"] != ""]
    dimensions = shapely.get_dimensions(named.geometry.to_numpy())
    tables = [_along_lines(named[dimensions == 1]), _within_areas(named[dimensions == 2])]
    tables = [table for table in tables if len(table)]
    if not tables:
        return pd.DataFrame({column: [] for column in _COLUMNS})
    found = pd.concat(tables, ignore_index=True)
    return found.sort_values(["room", "name", "kind", "x", "y"], ascending=[False, *[True] * 4], ignore_index=True)


def _along_lines(lines: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the longest straight stretches of each named line."""
    if lines.empty:
        return pd.DataFrame()
    parts = lines.explode(index_parts=False).sort_values(["kind", "name"], kind="stable")
    street = parts.groupby(["kind", "name"], sort=True).ngroup().to_numpy()
    keys = parts[["kind", "name"]].drop_duplicates().to_numpy()
    merged = shapely.line_merge(shapely.multilinestrings(parts.geometry.to_numpy(), indices=street))
    runs, owner = shapely.get_parts(merged, return_index=True)
    points, of = shapely.get_coordinates(shapely.simplify(runs, STRAIGHT_M), return_index=True)
    joined = of[1:] == of[:-1]
    start, end = points[:-1][joined], points[1:][joined]
    stretches = pd.DataFrame(np.hstack([start, end]), columns=["x0", "y0", "x1", "y1"])
    stretches["key"] = owner[of[1:][joined]]
    stretches["room"] = np.hypot(stretches["x1"] - stretches["x0"], stretches["y1"] - stretches["y0"])
    stretches = stretches[stretches["room"] >= SHORTEST_M]
    stretches = stretches.sort_values(["key", "room"], ascending=[True, False], kind="stable")
    stretches = stretches[stretches.groupby("key").cumcount() < STRETCHES]
    long = stretches[stretches["room"] > QUARTERS_M]
    tables = [_on_stretches(stretches, keys, at=0.5), *(_on_stretches(long, keys, at=at) for at in (0.25, 0.75))]
    return pd.concat([table for table in tables if len(table)], ignore_index=True) if len(stretches) else tables[0]


def _on_stretches(stretches: pd.DataFrame, keys: NDArray[np.object_], *, at: float) -> pd.DataFrame:
    """Return candidates at a share of each stretch's length, with the room there is on both sides."""
    start = stretches[["x0", "y0"]].to_numpy()
    span = stretches[["x1", "y1"]].to_numpy() - start
    room = stretches["room"].to_numpy() * 2 * min(at, 1 - at)
    return _table(keys[stretches["key"].to_numpy()], start + at * span, angle=_upright(span), room=room)


def _table(keys: NDArray[np.object_], points: NDArray[np.float64], *, angle: Any, room: Any) -> pd.DataFrame:
    columns = (keys[:, 0], keys[:, 1], points[:, 0], points[:, 1], angle, room)
    return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)))


def _upright(span: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return clockwise angles in degrees at which words along a span aren't upside down."""
    angle = -np.degrees(np.arctan2(span[:, 1], span[:, 0]))
    return np.asarray(np.where(angle > 90, angle - 180, np.where(angle <= -90, angle + 180, angle)))


def _within_areas(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a point inside each named area."""
    shapes = areas.geometry.to_numpy()
    centre = shapely.centroid(shapes)
    inside = np.where(shapely.contains(shapes, centre), centre, shapely.point_on_surface(shapes))
    points = shapely.get_coordinates(inside)
    return _table(areas[["kind", "name"]].to_numpy(), points, angle=0.0, room=np.sqrt(shapely.area(shapes)))
