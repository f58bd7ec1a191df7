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
from assetmap.maps.shapes import Grid

__all__ = ["label_payload"]

STRAIGHT_M = 4.0
"""A street counts as straight where it strays less than this from a line."""
SHORTEST_M = 25.0
"""Stretches shorter than this carry no name."""
STRETCHES = 4
"""At most so many places to write one street's name."""


def label_payload(base: gpd.GeoDataFrame, grid: Grid) -> dict[str, Any]:
    """Return candidate places for names, the most important first; the page writes those that fit.

    Returns
    -------
    dict
        ``kinds`` (names of the label classes) and ``texts``, each once; and by candidate ``kind`` and
        ``text`` (indices), ``x``, ``y`` (grid), ``angle`` (degrees clockwise, -90 to 90) and ``room``
        (metres along a street, or the square root of an area).
    """
    kinds = list(label_classes())
    named = base[base["name"].notna() & base["kind"].isin(kinds)]
    named = named.assign(name=[plain_text(name).strip() for name in named["name"]])
    named = named[named["name"] != ""]
    lines = named[shapely.get_dimensions(named.geometry.to_numpy()) == 1]
    areas = named[shapely.get_dimensions(named.geometry.to_numpy()) == 2]
    found = pd.concat([_along_lines(lines), _within_areas(areas)], ignore_index=True)
    found["kind"] = found["kind"].map(kinds.index) if len(found) else found["kind"].astype("int64")
    found = found.sort_values(["room", "name"], ascending=[False, True], kind="stable")
    texts = sorted(set(found["name"]))
    at = {text: index for index, text in enumerate(texts)}
    placed = grid.place(found[["x", "y"]].to_numpy(dtype="float64")) if len(found) else np.zeros((0, 2))
    return {
        "kinds": kinds,
        "texts": texts,
        "kind": found["kind"].tolist(),
        "text": [at[name] for name in found["name"]],
        "x": placed[:, 0].astype(int).tolist(),
        "y": placed[:, 1].astype(int).tolist(),
        "angle": found["angle"].round().astype(int).tolist(),
        "room": found["room"].round().astype(int).tolist(),
    }


def _table(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns, columns=["kind", "name", "x", "y", "angle", "room"])


def _along_lines(lines: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the longest straight stretches of each named line."""
    if lines.empty:
        return _table(kind=[], name=[], x=[], y=[], angle=[], room=[])
    parts = lines.explode(index_parts=False).sort_values(["kind", "name"], kind="stable")
    street = parts.groupby(["kind", "name"], sort=True).ngroup().to_numpy()
    keys = parts[["kind", "name"]].drop_duplicates().to_numpy()
    merged = shapely.line_merge(shapely.multilinestrings(parts.geometry.to_numpy(), indices=street))
    runs, owner = shapely.get_parts(merged, return_index=True)
    points, of = shapely.get_coordinates(shapely.simplify(runs, STRAIGHT_M), return_index=True)
    joined = of[1:] == of[:-1]
    start, end = points[:-1][joined], points[1:][joined]
    span = end - start
    length = np.hypot(span[:, 0], span[:, 1])
    key = owner[of[1:][joined]]
    middle = (start + end) / 2
    table = _table(
        kind=keys[key, 0],
        name=keys[key, 1],
        x=middle[:, 0],
        y=middle[:, 1],
        angle=_upright(span),
        room=length,
    ).assign(key=key)
    table = table[table["room"] >= SHORTEST_M].sort_values(["key", "room"], ascending=[True, False], kind="stable")
    return table[table.groupby("key").cumcount() < STRETCHES].drop(columns="key")


def _upright(span: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return clockwise angles in degrees at which words along a span aren't upside down."""
    angle = -np.degrees(np.arctan2(span[:, 1], span[:, 0]))
    return np.asarray(np.where(angle > 90, angle - 180, np.where(angle <= -90, angle + 180, angle)))


def _within_areas(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a point inside each named area."""
    shapes = areas.geometry.to_numpy()
    centre = shapely.centroid(shapes)
    inside = shapely.contains(shapes, centre)
    point = np.where(inside, centre, shapely.point_on_surface(shapes))
    return _table(
        kind=areas["kind"].to_numpy(),
        name=areas["name"].to_numpy(),
        x=shapely.get_x(point),
        y=shapely.get_y(point),
        angle=np.zeros(len(areas)),
        room=np.sqrt(shapely.area(shapes)),
    )
