"""The assets of several sources as one table: duplicates marked and never deleted, and each asset's zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.arguments import require_columns
from assetmap.crs import require_metric, require_one_metric
from assetmap.duplicates import find_duplicates
from assetmap.errors import CRSError, UsageError
from assetmap.schema import validate_table
from assetmap.taxonomy import taxonomy

__all__ = ["Combined", "assign_zones", "combine_assets", "compare_sources"]

_FILLED = ("name", "observed_on", "owner", "opening_hours", "cost", "step_free")


@dataclass(frozen=True)
class Combined:
    """The assets of all sources in one table."""

    assets: gpd.GeoDataFrame
    """The asset table with ``duplicate_of`` (an asset_id, or null for those that count) and ``duplicate_reason``.
    A kept asset's nulls are filled from its duplicates, and its ``source`` then names both."""
    pairs: pd.DataFrame
    """One row a duplicate: asset_id, duplicate_of, distance_m, name_similarity (NaN where one has no
    name), reason."""
    own_source: pd.Series
    """The source that each asset came from, by asset_id."""


def combine_assets(tables: Sequence[gpd.GeoDataFrame], *, max_distance_m: float = 50.0) -> Combined:
    """Put asset tables together and mark the assets that are there twice, within sources and between them.

    Parameters
    ----------
    tables
        Asset tables in one metric CRS. Where two are alike the OpenStreetMap one is kept, else that of the
        earlier table; of green spaces the larger outline.
    max_distance_m
        How far apart two records of one place may lie.

    Returns
    -------
    Combined
        Nothing is deleted: what counts is where ``duplicate_of`` is null.

    Raises
    ------
    UsageError
        If there is no table, or the distance is negative.
    CRSError
        If the tables aren't in one metric CRS.
    SchemaError
        If a table isn't an asset table, or an asset_id is in two of them.

    Examples
    --------
    >>> from assetmap.schema import empty_frame
    >>> from assetmap.crs import BRITISH_GRID
    >>> len(combine_assets([empty_frame("assets", BRITISH_GRID)]).assets)
    0
    """
    if not tables:
        raise UsageError("there are no assets to combine: give at least one table.")
    if max_distance_m < 0:
        raise UsageError(f"max_distance_m is {max_distance_m:g}: give 0 m or more.")
    systems = {require_metric(table, "an asset table") for table in tables}
    if len(systems) > 1:
        names = ", ".join(sorted(crs.name for crs in systems))
        raise CRSError(f"the asset tables are in different systems ({names}): read them into one (crs).")
    filled = [table for table in tables if len(table)] or [tables[0]]
    joined = pd.concat(filled, ignore_index=True)
    assets = validate_table(
        gpd.GeoDataFrame(joined, geometry="geometry", crs=tables[0].crs), "assets", what="the assets together"
    )
    pairs = find_duplicates(assets, max_distance_m=max_distance_m)
    own = pd.Series(assets["source"].to_numpy(), index=pd.Index(assets["asset_id"], name="asset_id"), name="source")
    return Combined(_marked(assets, pairs), pairs, own)


def _marked(assets: gpd.GeoDataFrame, pairs: pd.DataFrame) -> gpd.GeoDataFrame:
    """Add what each is a duplicate of, and fill the kept ones' nulls from their duplicates."""
    by_id = pairs.set_index("asset_id")
    assets = assets.assign(
        duplicate_of=assets["asset_id"].map(by_id["duplicate_of"]).astype("str"),
        duplicate_reason=assets["asset_id"].map(by_id["reason"]).astype("str"),
    )
    row_of = pd.Series(assets.index, index=assets["asset_id"])
    columns = {name: assets[name].to_numpy(dtype=object, copy=True) for name in (*_FILLED, "source", "access")}
    for kept_id, group in pairs.groupby("duplicate_of"):
        kept = row_of[str(kept_id)]
        for other in row_of[group["asset_id"]]:
            for name in _FILLED:
                if pd.isna(columns[name][kept]):
                    columns[name][kept] = columns[name][other]
            if columns["access"][kept] == "unknown":
                columns["access"][kept] = columns["access"][other]
            if columns["source"][other] not in columns["source"][kept].split("; "):
                columns["source"][kept] += f"; {columns['source'][other]}"
    return assets.assign(**{name: pd.Series(values, assets.index, dtype="str") for name, values in columns.items()})


def assign_zones(assets: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> pd.Series:
    """Return the code of the zone that a point inside each asset lies in.

    Parameters
    ----------
    assets
        Any shapes.
    zones
        Table ``zones``, in the same CRS.

    Returns
    -------
    Series of str
        On the assets' index; null outside all zones. On a boundary between zones the lowest code.

    Raises
    ------
    CRSError
        If the two aren't in one metric CRS.
    """
    require_columns(zones, ("zone_code",), "the zones")
    require_one_metric({"the assets": assets, "the zones": zones})
    points = shapely.point_on_surface(assets.geometry.to_numpy())
    row, zone = shapely.STRtree(zones.geometry.to_numpy()).query(points, predicate="intersects")
    codes = zones["zone_code"].to_numpy(dtype=object)
    found = pd.Series(codes[zone], index=row, dtype="str").groupby(level=0).min()
    found = found.reindex(np.arange(len(assets)))
    return pd.Series(found.to_numpy(dtype=object), index=assets.index, dtype="str", name="zone_code")


def compare_sources(combined: Combined) -> pd.DataFrame:
    """Say by category what each source has and the others lack.

    Returns
    -------
    DataFrame
        One row a category and source: ``records`` (rows of the source), ``repeated`` (of them, second records
        of one place in the same source), ``shared`` (places that another source has too), ``only_here``
        (places that no other has); records = repeated + shared + only_here.
    """
    assets, own = combined.assets, combined.own_source
    table = pd.DataFrame(
        {
            "category": assets["category"].to_numpy(),
            "source": own.reindex(assets["asset_id"]).to_numpy(),
            "root": assets["duplicate_of"].fillna(assets["asset_id"]).to_numpy(),
            "kept": assets["duplicate_of"].isna().to_numpy(),
        }
    )
    table = table.sort_values(["root", "source", "kept"], ascending=[True, True, False], kind="stable")
    table["repeated"] = table.duplicated(["root", "source"])
    several = table.groupby("root")["source"].transform("nunique") > 1
    table["shared"] = several & ~table["repeated"]
    table["only_here"] = ~several & ~table["repeated"]
    counts = table.groupby(["category", "source"]).agg(
        records=("root", "size"), repeated=("repeated", "sum"), shared=("shared", "sum"), only_here=("only_here", "sum")
    )
    counts = counts.astype("int64").reset_index()
    counts.insert(1, "label", [taxonomy().label(code) for code in counts["category"]])
    return counts
