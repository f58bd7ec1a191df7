"""Longitude and latitude at the doors, metres inside."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info

from assetmap.errors import CRSError, SchemaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

__all__ = [
    "BRITISH_GRID",
    "LONLAT",
    "check_lonlat",
    "metric_crs",
    "require_metric",
    "require_one_metric",
    "to_lonlat",
    "to_metric",
    "transformer_between",
]

LONLAT = CRS.from_epsg(4326)
"""Longitude and latitude in degrees; frames hold x = longitude, y = latitude."""

BRITISH_GRID = CRS.from_epsg(27700)
"""British National Grid, metres. Without the OSTN15 grid PROJ's shift is good to about 2 m."""

_BRITAIN = (-9.01, 49.75, 2.01, 61.01)  # EPSG's area of use of 27700: west, south, east, north


@lru_cache(maxsize=32)
def transformer_between(source: CRS, target: CRS) -> Transformer:
    """Return what turns x and y (or longitude and latitude) of one CRS into those of another.

    PROJ takes 20 to 50 ms to find the best way from one to the other, so it is asked once for each pair.

    Examples
    --------
    >>> east, _ = transformer_between(LONLAT, CRS.from_epsg(3857)).transform(180.0, 0.0)
    >>> round(east, 2)
    20037508.34
    """
    return Transformer.from_crs(source, target, always_xy=True)


def _inside(bounds: tuple[float, float, float, float], area: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return west >= area[0] and south >= area[1] and east <= area[2] and north <= area[3]


def metric_crs(bounds: tuple[float, float, float, float]) -> CRS:
    """Return the metric CRS to measure in for a lon/lat box.

    The British National Grid (EPSG:27700) inside its area of use, else the WGS 84 UTM zone of the centre.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees.

    Raises
    ------
    CRSError
        If the box isn't on the Earth, or too near a pole for UTM.

    Examples
    --------
    >>> metric_crs((-0.05, 51.52, -0.02, 51.54)).to_epsg()
    27700
    >>> metric_crs((-15.45, 28.08, -15.40, 28.15)).to_epsg()
    32628
    """
    check_lonlat(bounds, "the area")
    if _inside(bounds, _BRITAIN):
        return BRITISH_GRID
    lon, lat = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    found = query_utm_crs_info("WGS 84", AreaOfInterest(lon, lat, lon, lat))
    if not found:
        raise CRSError(f"no UTM zone covers longitude {lon:.3f}, latitude {lat:.3f}: give a system in metres (crs).")
    return CRS.from_epsg(int(found[0].code))


def check_lonlat(
    bounds: tuple[float, float, float, float],
    what: str,
    *,
    near: tuple[float, float, float, float] | None = None,
) -> None:
    """Raise if a lon/lat box is off the Earth or looks as if its axes were swapped.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees.
    what
        What was read, for the message.
    near
        A box that the data should touch, such as the study's. Data that misses it, and would touch
        it with longitude and latitude exchanged, is refused as swapped.
    """
    west, south, east, north = bounds
    if not np.isfinite(bounds).all():
        raise CRSError(f"{what}: coordinates are not finite numbers: repair or drop those rows.")
    swapped = (south, west, north, east)
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise CRSError(
            f"{what}: x {west:.4g} to {east:.4g}, y {south:.4g} to {north:.4g} are not degrees of longitude "
            "and latitude: give those, or a file that says its reference system "
            "(`ogr2ogr -a_srs EPSG:27700 out.gpkg in.gpkg`, or QGIS; for a list, crs in its [[lists]] entry)."
        )
    if near is not None and not _touches(bounds, near) and _touches(swapped, near):
        raise CRSError(f"{what}: latitude and longitude look swapped: longitude goes first (x), latitude second (y).")
    if not _inside(bounds, _BRITAIN) and _inside(swapped, _BRITAIN) and near is None:
        raise CRSError(
            f"{what}: x {west:.4g} to {east:.4g}, y {south:.4g} to {north:.4g} would be Britain with the "
            "axes exchanged: longitude goes first (x), latitude second (y)."
        )


def _touches(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]


def require_metric(frame: gpd.GeoDataFrame | gpd.GeoSeries, what: str) -> CRS:
    """Return the frame's CRS if lengths in it are metres.

    Raises
    ------
    CRSError
        If the CRS is missing, geographic, or in another unit.
    SchemaError
        If there is no geometry.
    """
    if getattr(frame, "active_geometry_name", "") is None:
        raise SchemaError(f"{what}: there is no geometry: give coordinates (set_geometry).")
    if frame.crs is None:
        raise CRSError(f"{what}: no coordinate reference system is set: set one before measuring.")
    crs = CRS.from_user_input(frame.crs)
    if crs.is_geographic or any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        raise CRSError(
            f"{what}: coordinates are in {crs.name}, not in metres: project them (assetmap.to_metric) before measuring."
        )
    return crs


def require_one_metric(frames: Mapping[str, gpd.GeoDataFrame | None]) -> CRS:
    """Return the metric CRS that frames have in common.

    Parameters
    ----------
    frames
        What each frame is, for messages -> the frame; those that are None are passed over.

    Raises
    ------
    CRSError
        If one isn't in metres (`require_metric`), or two are in different systems.
    """
    systems = {what: require_metric(frame, what) for what, frame in frames.items() if frame is not None}
    (first, crs), *others = systems.items()
    for what, other in others:
        if other != crs:
            raise CRSError(
                f"{what}: coordinates are in {other.name}, those of {first} in {crs.name}: project one (to_metric)."
            )
    return crs


def to_metric(frame: gpd.GeoDataFrame, crs: CRS | None = None, *, what: str = "the frame") -> gpd.GeoDataFrame:
    """Project a frame to metres.

    Parameters
    ----------
    frame
        Any frame with a CRS.
    crs
        The metric CRS to use; by default the one `metric_crs` gives for the frame's bounds.
    what
        What the frame is, for messages.

    Raises
    ------
    CRSError
        If the frame has no CRS, its axes look swapped, or projecting gives no finite coordinates.
    """
    if frame.crs is None:
        raise CRSError(f"{what}: no coordinate reference system is set: set one first (set_crs).")
    if frame.empty:
        return frame.to_crs(crs or BRITISH_GRID)
    source = CRS.from_user_input(frame.crs)
    if source.is_geographic:
        check_lonlat(tuple(frame.total_bounds), what)
    target = crs or metric_crs(tuple(frame.to_crs(LONLAT).total_bounds))
    projected = frame if source == target else frame.to_crs(target)
    if not np.isfinite(projected.total_bounds).all():
        raise CRSError(f"{what}: coordinates fall outside the area of {target.name}: check its reference system.")
    return projected


def to_lonlat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame in longitude and latitude (EPSG:4326)."""
    if frame.crs is None:
        raise CRSError("the frame has no coordinate reference system: set one first.")
    return frame.to_crs(LONLAT)
