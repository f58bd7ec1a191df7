"""Where an asset is entered: tagged gates first, else where a way meets it, else points along its boundary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.crs import require_one_metric
from assetmap.errors import CRSError

if TYPE_CHECKING:
    from assetmap.network import WalkNetwork

__all__ = ["BOUNDARY_REACH_M", "BOUNDARY_STEP_M", "find_entrances"]

BOUNDARY_STEP_M = 30.0
BOUNDARY_REACH_M = 20.0
_TAGGED_WITHIN_M = 5.0
"""A gate this near to an outline is the asset's, though its node isn't on it."""


def find_entrances(
    assets: gpd.GeoDataFrame,
    tagged: gpd.GeoDataFrame,
    network: WalkNetwork,
    *,
    official: gpd.GeoDataFrame | None = None,
    official_within_m: float = 20.0,
) -> gpd.GeoDataFrame:
    """Return where each asset is entered on foot.

    For each asset the first of these that gives anything: gates and entrances tagged on its outline, and
    official access points near it (``entrance``); where a walkable way meets its outline
    (``way_crossing``); a point every 30 m of the outline that is within 20 m of the network
    (``boundary``); the point of the outline nearest to the network (``snapped``).
    An asset that is a point or a line is entered at its nearest point (``point``).

    Parameters
    ----------
    assets
        Table ``assets``.
    tagged
        Points of gates and entrances (`OsmExtract.entrances`).
    network
        The walking network, in the same CRS.
    official
        A publisher's access points, if there are any.
    official_within_m
        How far such a point may lie from the outline it belongs to.

    Returns
    -------
    GeoDataFrame
        Columns ``asset`` (position in `assets`), ``entrance_kind``, geometry (points on the asset),
        sorted by asset.

    Raises
    ------
    CRSError
        If a table isn't in metres, or not in the network's CRS.
    """
    frames = {"the assets": assets, "the tagged entrances": tagged, "the official access points": official}
    crs = require_one_metric(frames)
    if crs != network.crs:
        raise CRSError(f"the assets: coordinates are in {crs.name}, those of the network in {network.crs.name}.")
    shapes = assets.geometry.to_numpy()
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6))
    flat = np.flatnonzero(~polygonal)
    edges, tree = network.lines, network.tree
    parts = [_frame(flat, "point", _nearest_on(shapes[flat], edges, tree))]
    open_ones = np.flatnonzero(polygonal)
    outlines = np.full(len(shapes), None)
    outlines[polygonal] = _outlines(shapes[polygonal])
    tables = [(tagged, _TAGGED_WITHIN_M)] + ([(official, official_within_m)] if official is not None else [])
    finders: tuple[tuple[str, Callable[[Any], tuple[Any, Any]]], ...] = (
        ("entrance", lambda rest: _tagged(outlines, rest, tables)),
        ("way_crossing", lambda rest: _crossings(outlines, rest, edges, tree)),
        ("boundary", lambda rest: _along(shapes, rest, edges, tree)),
        ("snapped", lambda rest: (rest, _nearest_on(outlines[rest], edges, tree))),
    )
    for kind, find in finders:
        owner, points = find(open_ones)
        parts.append(_frame(owner, kind, points))
        open_ones = np.setdiff1d(open_ones, owner)
    table = pd.concat(parts, ignore_index=True).sort_values("asset", kind="stable", ignore_index=True)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=crs)


def _frame(owner: Any, kind: str, points: Any) -> pd.DataFrame:
    return pd.DataFrame({"asset": np.asarray(owner, dtype=np.int64), "entrance_kind": kind, "geometry": points})


def _outlines(polygons: Any) -> Any:
    """Return the outer rings of polygons as lines: nobody enters a park from the hole in it."""
    rings = shapely.get_exterior_ring(polygons)
    several = np.flatnonzero(shapely.is_missing(rings))  # a multipolygon has as many as it has parts
    parts, owner = shapely.get_parts(polygons[several], return_index=True)
    rings[several] = shapely.multilinestrings(shapely.get_exterior_ring(parts), indices=owner)
    return rings


def _nearest_on(shapes: Any, edges: Any, tree: shapely.STRtree) -> Any:
    """Return the point of each shape that is nearest to the network (the shape's own point if there is none)."""
    if not len(edges) or not len(shapes):
        return shapely.point_on_surface(shapes)
    nearest = tree.nearest(shapes)
    return shapely.get_point(shapely.shortest_line(shapes, edges[nearest]), 0)


def _tagged(outlines: Any, rest: Any, tables: list[tuple[gpd.GeoDataFrame, float]]) -> tuple[Any, Any]:
    owners, points = [], []
    outlines = outlines[rest]
    for table, within_m in tables:
        if table.empty:
            continue
        gates = table.geometry.to_numpy()
        gate, owner = shapely.STRtree(outlines).query(gates, predicate="dwithin", distance=within_m)
        # An entrance on the very outline is that asset's alone: not also the neighbour's 4 m away.
        distance = shapely.distance(gates[gate], outlines[owner])
        best = pd.Series(distance).groupby(gate).transform("min").to_numpy()
        mine = distance <= best + 0.01
        owners.append(rest[owner[mine]])
        # On the outline itself, so that no walk is shorter than the straight line.
        points.append(shapely.get_point(shapely.shortest_line(outlines[owner[mine]], gates[gate[mine]]), 0))
    if not owners:
        return np.empty(0, np.int64), np.empty(0, object)
    return np.concatenate(owners), np.concatenate(points)


def _crossings(outlines: Any, rest: Any, edges: Any, tree: shapely.STRtree) -> tuple[Any, Any]:
    outlines = outlines[rest]
    owner, edge = tree.query(outlines, predicate="intersects")
    met = shapely.intersection(outlines[owner], edges[edge])
    points, which = shapely.get_coordinates(met, return_index=True)
    owner = rest[owner[which]]
    # A way that bends on the outline meets it with both of its edges: that is one way in.
    once = ~pd.DataFrame({"owner": owner, "x": points[:, 0], "y": points[:, 1]}).duplicated().to_numpy()
    return owner[once], shapely.points(points[once])


def _along(shapes: Any, rest: Any, edges: Any, tree: shapely.STRtree) -> tuple[Any, Any]:
    if not len(rest) or not len(edges):
        return np.empty(0, np.int64), np.empty(0, object)
    parts, part_of = shapely.get_parts(shapes[rest], return_index=True)
    rings, owners = shapely.get_exterior_ring(parts), rest[part_of]
    steps = np.maximum(1, np.floor(shapely.length(rings) / BOUNDARY_STEP_M)).astype(int)
    which = np.repeat(np.arange(len(rings)), steps)
    number = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps)
    points = shapely.line_interpolate_point(rings[which], number * BOUNDARY_STEP_M)
    near = np.unique(tree.query(points, predicate="dwithin", distance=BOUNDARY_REACH_M)[0])
    return owners[which[near]], points[near]
