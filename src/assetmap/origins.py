"""Where people set out from: their zone's people spread over its homes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.arguments import require_columns
from assetmap.crs import require_one_metric
from assetmap.schema import empty_frame, validate_table

__all__ = ["origins_from_buildings", "origins_from_points"]


def origins_from_buildings(zones: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """Spread each zone's people over its homes, by footprint and storeys.

    A zone's homes are the buildings tagged as such that lie in it. Where these are fewer than those tagged
    ``building=yes`` and nothing more, mappers haven't told homes apart there, and both count. Where
    there are none of either, one point inside the zone stands for all (``weight_kind`` says which).
    Storeys count only where every home of the zone has them.
    The people of a zone's origins add up to the zone's people exactly.

    Parameters
    ----------
    zones
        Table ``zones``, metric CRS.
    buildings
        Polygons with ``ref``, ``use`` and ``levels`` (`OsmExtract.buildings`), same CRS; None where no
        buildings are known, so that every zone has its one point.

    Returns
    -------
    GeoDataFrame
        Table ``origins``: points, sorted by zone and id.
    """
    require_columns(zones, ("zone_code", "population"), "the zones")
    if buildings is not None:
        require_columns(buildings, ("ref", "use", "levels"), "the buildings")
    crs = require_one_metric({"the zones": zones, "the buildings": buildings})
    homes = None if buildings is None or buildings.empty else _homes(zones, buildings)
    housed = [] if homes is None else homes["zone_code"].unique()
    empty = zones[~zones["zone_code"].isin(housed)]
    alone = gpd.GeoDataFrame(
        {
            "origin_id": "zone:" + empty["zone_code"].astype(str),
            "zone_code": empty["zone_code"],
            "people": empty["population"],
            "weight_kind": "zone_point",
        },
        geometry=empty.geometry.representative_point(),
        crs=crs,
    )
    columns = ["origin_id", "zone_code", "people", "weight_kind", "geometry"]
    tables = [table[columns] for table in (homes, alone) if table is not None and len(table)]
    if not tables:
        return empty_frame("origins", crs)
    both = pd.concat(tables, ignore_index=True).sort_values(["zone_code", "origin_id"], ignore_index=True)
    return validate_table(gpd.GeoDataFrame(both, geometry="geometry", crs=crs), "origins")


def _homes(zones: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the homes of the zones as points with ``zone_code``, ``people``, ``weight_kind``."""
    candidates = buildings[buildings["use"].isin(["home", "unspecified"])]
    points = gpd.GeoDataFrame(
        {
            "origin_id": "building:" + candidates["ref"].astype(str),
            "use": candidates["use"],
            "levels": candidates["levels"],
            "footprint_m2": candidates.geometry.area,
        },
        geometry=candidates.geometry.representative_point(),
        crs=buildings.crs,
    )
    placed = points.sjoin(zones[["zone_code", "geometry"]], predicate="within").drop(columns="index_right")
    placed = placed.sort_values(["origin_id", "zone_code"]).drop_duplicates("origin_id")
    by_zone = placed.groupby("zone_code")
    told_apart = by_zone["use"].transform(lambda use: (use == "home").mean() >= 0.5)
    placed = placed[(placed["use"] == "home") | ~told_apart.astype(bool)].copy()
    storeys = placed.groupby("zone_code")["levels"].transform(lambda levels: levels.notna().all())
    placed["weight"] = placed["footprint_m2"] * placed["levels"].where(storeys, 1.0)
    placed["weight_kind"] = np.where(storeys, "footprint_levels", "footprint")
    sums = placed.groupby("zone_code")["weight"].transform("sum")
    people = placed["zone_code"].map(zones.set_index("zone_code")["population"]).astype("float64")
    placed["people"] = people * placed["weight"] / sums
    return placed


def origins_from_points(points: gpd.GeoDataFrame, zones: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """Use given points as origins: postcodes, output-area centroids, or any places to start from.

    Parameters
    ----------
    points
        Points in a metric CRS; column ``people`` and ``origin_id`` if they have them.
    zones
        Table ``zones``: gives each point its zone; a point outside all zones is left out.

    Returns
    -------
    GeoDataFrame
        Table ``origins``; ``people`` NaN where the points don't say.
    """
    if zones is not None:
        require_columns(zones, ("zone_code",), "the zones")
    crs = require_one_metric({"the origins": points, "the zones": zones})
    table = gpd.GeoDataFrame(
        {
            "origin_id": points.get("origin_id", "point:" + pd.Series(points.index, index=points.index).astype(str)),
            "zone_code": points.get("zone_code", pd.Series("all", index=points.index)),
            "people": pd.to_numeric(points.get("people", pd.Series(np.nan, index=points.index))),
            "weight_kind": "given",
        },
        geometry=points.geometry.representative_point(),
        crs=crs,
    )
    if zones is not None:
        joined = table.drop(columns="zone_code").sjoin(zones[["zone_code", "geometry"]], predicate="within")
        table = joined.sort_values(["origin_id", "zone_code"]).drop_duplicates("origin_id")
        table = table.drop(columns="index_right")
    return validate_table(table.reset_index(drop=True), "origins")
