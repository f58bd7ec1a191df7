"""Green spaces as sites: adjoining polygons of one park count as one."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from assetmap.crs import require_metric

__all__ = ["SITE_GAP_M", "assign_sites", "merge_sites"]

SITE_GAP_M = 10.0
"""Polygons this near to each other may be one park: a path or a fence lies between."""

_ROUNDING_M = 1e-6
"""What coordinates lose when a map is moved or turned."""

Ints = np.ndarray[Any, np.dtype[np.int64]]


def assign_sites(green: gpd.GeoDataFrame, *, gap_m: float = SITE_GAP_M) -> pd.Series:
    """Say which site each green space is part of.

    Two polygons near each other are one site if they have the same name, or if one has no name and both are
    of one category; so are all that such pairs join. A nameless piece between parks of different names
    goes with the nearest of them, then the larger: it doesn't make one park of two. Nameless strips along
    streets do join into long sites, though; `merge_sites` says of how many parts.

    Parameters
    ----------
    green
        ``asset_id``, ``name``, ``category``, geometry; metric CRS.
    gap_m
        How far apart the parts of one site may lie.

    Returns
    -------
    Series
        ``site_id`` on the same index: the first by alphabet of its parts' `asset_id`; null for points and
        lines, which have no size.

    Examples
    --------
    >>> halves = gpd.GeoDataFrame({"asset_id": ["w", "e"], "name": ["Meath Gardens", None], "category": "park"},
    ...     geometry=[shapely.box(0, 0, 100, 100), shapely.box(105, 0, 200, 100)], crs=27700)
    >>> assign_sites(halves).tolist()
    ['e', 'e']
    """
    require_metric(green, "the green spaces")
    areas = green[green.geom_type.isin(["Polygon", "MultiPolygon"])]
    shapes = areas.geometry.to_numpy()
    # -1 for no name; capitals and spaces make no difference
    name, _ = pd.factorize(areas["name"].map(_folded, na_action="ignore"), sort=True)
    kind = areas["category"].to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=gap_m + _ROUNDING_M)
    a, b = a[a < b], b[a < b]
    alike = np.where((name[a] < 0) & (name[b] < 0), kind[a] == kind[b], name[a] == name[b])
    half_named = ((name[a] < 0) != (name[b] < 0)) & (kind[a] == kind[b])
    group = _components(len(areas), a[alike], b[alike])
    joined = alike.copy()
    joined[half_named] = _chosen(shapes, name, group, pairs=(a[half_named], b[half_named]))
    site = pd.Series(_components(len(areas), a[joined], b[joined]), index=areas.index)
    first: pd.Series = areas["asset_id"].groupby(site).transform("min")
    return first.reindex(green.index).rename("site_id")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _components(size: int, a: Ints, b: Ints) -> Ints:
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1])


def _chosen(shapes: Any, name: Ints, group: Ints, *, pairs: tuple[Ints, Ints]) -> np.ndarray[Any, Any]:
    """Say which pairs of a nameless and a named polygon hold, when each nameless group takes one name only."""
    a, b = pairs
    nameless, named = np.where(name[a] < 0, a, b), np.where(name[a] < 0, b, a)
    size = np.bincount(group, weights=shapely.area(shapes), minlength=len(shapes))
    table = pd.DataFrame(
        {
            "group": group[nameless],
            "gap_m": shapely.distance(shapes[nameless], shapes[named]).round(3),
            "smaller": -size[group[named]].round(1),
            "name": name[named],
        }
    )
    best = table.sort_values(["group", "gap_m", "smaller", "name"]).drop_duplicates("group")
    taken = table["group"].map(best.set_index("group")["name"])
    return (table["name"] == taken).to_numpy()


def merge_sites(green: gpd.GeoDataFrame, *, gap_m: float = SITE_GAP_M) -> gpd.GeoDataFrame:
    """Merge the parts of each site.

    Parameters
    ----------
    green
        Green spaces that people may use, as for `assign_sites`; points and lines are left out.
    gap_m
        How far apart the parts of one site may lie.

    Returns
    -------
    GeoDataFrame
        Sorted by ``site_id``: ``name`` of its largest part that has one, ``category`` of its largest part,
        ``parts`` (how many), ``area_m2`` of their union, geometry.

    Examples
    --------
    >>> halves = gpd.GeoDataFrame({"asset_id": ["w", "e"], "name": ["Meath Gardens", None], "category": "park"},
    ...     geometry=[shapely.box(0, 0, 100, 100), shapely.box(50, 0, 200, 100)], crs=27700)
    >>> site = merge_sites(halves).iloc[0]
    >>> site["site_id"], site["name"], int(site["parts"]), float(site["area_m2"])
    ('e', 'Meath Gardens', 2, 20000.0)
    """
    table = green.assign(site_id=assign_sites(green, gap_m=gap_m), size=green.geometry.area).dropna(subset="site_id")
    table = table.sort_values(["site_id", "size", "asset_id"], ascending=[True, False, True])
    sites = table.groupby("site_id").agg(name=("name", "first"), category=("category", "first"), parts=("size", "size"))
    parts = np.split(table.geometry.to_numpy(), sites["parts"].cumsum()[:-1])
    shapes = np.array(
        [shapely.union_all(some) if len(some) > 1 else some[0] for some in parts if len(some)], dtype=object
    )
    # Rings begin at one corner, and no vertex is left where a park was cut, so that points along them fall
    # alike however it is drawn. Normalised first: simplifying keeps the vertex at which a ring begins.
    outlines = shapely.normalize(shapely.simplify(shapely.normalize(shapes), 0.0))
    sites.insert(3, "area_m2", shapely.area(outlines))
    return gpd.GeoDataFrame(sites.reset_index(), geometry=outlines, crs=green.crs)
