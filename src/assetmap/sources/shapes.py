"""Shapes as they come: mended or dropped one by one, checked for their axes, put into the study's CRS."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from assetmap.crs import check_lonlat
from assetmap.errors import CRSError
from assetmap.sources.area_of_use import Bounds, lonlat_bounds, misplaced
from assetmap.tally import Tally

__all__ = ["accept_shapes", "mend_shapes", "project_shapes", "split_collections"]

_ABSURD = 1e9  # no reference system on Earth has coordinates beyond this


def accept_shapes(frame: gpd.GeoDataFrame, tally: Tally, *, what: str, near: Bounds | None = None) -> gpd.GeoDataFrame:
    """Mend or drop (counted) the shapes of a frame that has a CRS, and check its axes.

    Parameters
    ----------
    frame
        Shapes as they were read, indexed by their row in the file.
    tally
        Is told of what was mended and dropped.
    what
        What was read, for messages.
    near
        A lon/lat box that the data should touch.

    Raises
    ------
    CRSError
        If the coordinates aren't what the CRS says, or their axes look exchanged.
    """
    shapes = frame.geometry.to_numpy()
    gone = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    frame = tally.drop_where(frame, gone, "no geometry", _row_name)
    absurd = _has_absurd_coordinates(frame)
    frame = tally.drop_where(frame, absurd, "coordinates are not finite numbers", _row_name)
    frame = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)
    if len(frame):
        frame = _check_axes(frame, tally, what, near)
    return mend_shapes(frame, tally)


def _row_name(label: Any) -> str:
    return f"row {label}"


def _has_absurd_coordinates(frame: gpd.GeoDataFrame) -> np.ndarray[Any, Any]:
    coordinates, owner = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(coordinates) < _ABSURD).all(axis=1)
    return np.bincount(owner[wrong], minlength=len(frame)) > 0


def _check_axes(frame: gpd.GeoDataFrame, tally: Tally, what: str, near: Bounds | None) -> gpd.GeoDataFrame:
    """Drop single shapes that are off the Earth; raise if most are, or if the axes look exchanged."""
    bounds = shapely.bounds(frame.geometry.to_numpy())
    off = (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
    crs = CRS.from_user_input(frame.crs)
    if not crs.is_geographic:
        if not off.any():
            raise CRSError(
                f"{what}: its coordinates are said to be {crs.name} and look like degrees: write what they are "
                "into the file, in QGIS (Set Layer CRS, then Export) or with `ogr2ogr -a_srs EPSG:4326 out.gpkg FILE`."
            )
        return frame
    if off.mean() <= 0.5:
        frame = tally.drop_where(frame, off, "coordinates are off the Earth", _row_name)
    check_lonlat(tuple(frame.total_bounds), what, near=near)
    return frame


def mend_shapes(frame: gpd.GeoDataFrame, tally: Tally) -> gpd.GeoDataFrame:
    """Mend invalid shapes and drop those that are left without extent, counting both."""
    shapes = frame.geometry.to_numpy().copy()
    wrong = ~shapely.is_valid(shapes)
    if wrong.any():
        shapes[wrong] = shapely.make_valid(shapes[wrong], method="structure", keep_collapsed=False)
        frame = frame.set_geometry(shapes, crs=frame.crs)
        flat = shapely.is_empty(shapes) | ~shapely.is_valid(shapes)
        tally.repair("invalid shape mended", int((wrong & ~flat).sum()))
        frame = tally.drop_where(frame, flat, "a shape without extent", _row_name)
    return frame


def project_shapes(frame: gpd.GeoDataFrame, crs: CRS, *, tally: Tally, near: Bounds | None = None) -> gpd.GeoDataFrame:
    """Project what `read_vector` gave, dropping (counted) what has no place in the target system."""
    exchanged, outside = misplaced(lonlat_bounds(frame), crs, near)
    frame = tally.drop_where(frame, exchanged, "longitude and latitude exchanged", _row_name)
    frame = tally.drop_where(frame, outside[~exchanged], f"outside the area of {crs.name}", _row_name)
    if CRS.from_user_input(frame.crs) != crs:
        frame = frame.to_crs(crs)
    return mend_shapes(frame, tally)


def split_collections(frame: gpd.GeoDataFrame, dimension: int) -> gpd.GeoDataFrame:
    """Reduce mixed collections to their parts of one dimension (2 areas, 1 lines, 0 points).

    Shapes of another dimension become empty.
    """
    shapes = frame.geometry.to_numpy().copy()
    mixed = shapely.get_type_id(shapes) == 7  # GEOMETRYCOLLECTION
    for place in np.flatnonzero(mixed):
        parts = shapely.get_parts(_flatten(shapes[place]))
        wanted = parts[shapely.get_dimensions(parts) == dimension]
        shapes[place] = shapely.union_all(wanted) if len(wanted) else shapely.Point()
    shapes[~mixed & (shapely.get_dimensions(shapes) != dimension)] = shapely.Point()
    return frame.set_geometry(shapes, crs=frame.crs)


def _flatten(collection: Any) -> Any:
    """Return a collection whose parts are single points, lines and areas."""
    parts = shapely.get_parts(collection)
    while (shapely.get_type_id(parts) >= 4).any():
        parts = shapely.get_parts(parts)
    return shapely.geometrycollections(parts)
