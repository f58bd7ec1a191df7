"""Green area per person: in each zone, and within a walkable radius of its homes."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.arguments import require_columns
from assetmap.crs import require_one_metric
from assetmap.errors import UsageError
from assetmap.threads import in_pieces

__all__ = ["area_within", "green_area", "united"]

_QUARTER = 64
"""Sides of a quarter of a circle: what is within a radius is missed by 0.01 % of its area."""


def green_area(
    zones: gpd.GeoDataFrame, green: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, *, radius_m: float = 800.0
) -> pd.DataFrame:
    """Measure green area per zone, overlapping green spaces counted once.

    Parameters
    ----------
    zones
        Table ``zones``, metric CRS.
    green
        Green spaces; only polygons have an area.
    origins
        Table ``origins``, same CRS.
    radius_m
        Straight-line distance from the zone's origins within which green space counts as near.

    Returns
    -------
    DataFrame
        On the index of `zones`: ``green_m2`` inside the zone, ``green_m2_per_person``; ``green_near_m2`` within
        the radius of any of the zone's origins, ``green_near_m2_per_person``. Per person is NaN
        where the population is unknown or none.

    Raises
    ------
    UsageError
        If the radius isn't above 0 m.
    CRSError
        If the tables aren't in one metric CRS.

    Examples
    --------
    >>> square = shapely.box(0, 0, 100, 100)
    >>> zones = gpd.GeoDataFrame({"zone_code": ["Z1"], "population": [50.0]}, geometry=[square], crs=27700)
    >>> park = gpd.GeoDataFrame(geometry=[shapely.box(50, 0, 150, 100)], crs=27700)
    >>> home = gpd.GeoDataFrame({"zone_code": ["Z1"]}, geometry=[shapely.Point(50, 50)], crs=27700)
    >>> green_area(zones, park, home)[["green_m2", "green_m2_per_person"]].iloc[0].tolist()
    [5000.0, 100.0]
    """
    require_columns(zones, ("zone_code", "population"), "the zones")
    require_columns(origins, ("zone_code",), "the origins")
    if radius_m <= 0:
        raise UsageError(f"radius_m is {radius_m:g}: give a distance above 0 m.")
    require_one_metric({"the zones": zones, "the green spaces": green, "the origins": origins})
    shapes = green.geometry[green.geometry.geom_type.isin(["Polygon", "MultiPolygon"])].to_numpy()
    parts = united(shapes)
    near = [_reach(origins.geometry[origins["zone_code"] == code], radius_m) for code in zones["zone_code"]]
    people = zones["population"].where(zones["population"] > 0).to_numpy()
    inside, around = area_within(zones.geometry.to_numpy(), parts), area_within(np.array(near, dtype=object), parts)
    return pd.DataFrame(
        {
            "green_m2": inside,
            "green_m2_per_person": inside / people,
            "green_near_m2": around,
            "green_near_m2_per_person": around / people,
        },
        index=zones.index,
    )


def _reach(points: gpd.GeoSeries, radius_m: float) -> shapely.Geometry:
    """Return everything within a radius of any of the points.

    A city's circles lie nearly all inside one another. A few, spread evenly, are united first; of the other points
    only those that aren't a whole radius inside that can add to it.
    """
    spots = points.to_numpy()
    square = np.floor(shapely.get_coordinates(spots) / (radius_m / 8))
    few = np.unique(square, axis=0, return_index=True)[1]
    reach = shapely.union_all(shapely.buffer(spots[few], radius_m, quad_segs=_QUARTER))
    edge = shapely.boundary(reach)
    shapely.prepare(edge)
    rest = spots[shapely.dwithin(edge, spots, radius_m)]
    return shapely.union_all([reach, *shapely.buffer(rest, radius_m, quad_segs=_QUARTER)])


def united(shapes: Any) -> Any:
    """Return the polygons that some polygons make together, so that what overlaps is there once.

    Parameters
    ----------
    shapes
        Polygons and multipolygons, shape (n,).

    Examples
    --------
    >>> united(np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1), shapely.box(8, 0, 9, 1)])).size
    2
    """
    return shapely.get_parts(shapely.disjoint_subset_union_all(shapes) if len(shapes) else shapely.MultiPolygon())


def area_within(areas: Any, parts: Any) -> Any:
    """Return how much of some polygons lies in each of some areas.

    What an area covers whole isn't cut, which is most of it.

    Parameters
    ----------
    areas
        Polygons, shape (n,); they may overlap.
    parts
        Polygons that don't overlap (`united`), in the same metric CRS.

    Returns
    -------
    ndarray
        Square metres, shape (n,).

    Examples
    --------
    >>> parts = shapely.box([1, 9], [1, 0], [3, 20], [3, 1])
    >>> area_within(np.array([shapely.box(0, 0, 10, 10)]), parts)
    array([5.])
    """
    tree = shapely.STRtree(parts)
    return np.concatenate(in_pieces(lambda some: _area_within(some, tree), areas, worth=2))  # a piece prepares its own


def _area_within(areas: Any, tree: shapely.STRtree) -> Any:
    parts = tree.geometries
    total = np.zeros(len(areas))
    shapely.prepare(areas)
    area, part = tree.query(areas)
    whole = shapely.covers(areas[area], parts[part])
    np.add.at(total, area[whole], shapely.area(parts[part[whole]]))
    area, part = area[~whole], part[~whole]
    meets = shapely.intersects(areas[area], parts[part])
    area, part = area[meets], part[meets]
    np.add.at(total, area, shapely.area(shapely.intersection(areas[area], parts[part])))
    return total
