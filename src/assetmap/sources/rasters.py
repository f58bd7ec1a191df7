"""Rasters, such as tree canopy or gridded population: the cells round the neighbourhood and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
from pyproj import CRS
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from assetmap.errors import CRSError, InputError
from assetmap.files import require_file
from assetmap.grids import Grid
from assetmap.tally import Tally

__all__ = ["MOST_CELLS", "read_raster"]

MOST_CELLS = 400_000_000
"""More cells than this round one neighbourhood (20 km at 1 m) are refused: they would take 1.6 GB and more."""


def read_raster(path: Path | str, *, area: gpd.GeoSeries | gpd.GeoDataFrame) -> tuple[Grid, Tally]:
    """Read the cells of a raster that an area lies on.

    Only the window round the area is read. Cells that the file marks as without data (a nodata value, a mask,
    NaN) are NaN; its scale and offset are applied.

    Parameters
    ----------
    path
        A GeoTIFF, or another raster of one band that GDAL reads.
    area
        Shapes in any CRS.

    Returns
    -------
    Grid
        The cells in the raster's own CRS, as float32.
    Tally
        Cells of the window; those without data are dropped.

    Raises
    ------
    MissingInputError
        If there is no such file.
    CRSError
        If it doesn't say which reference system it is in.
    InputError
        If it is no raster, has several bands, is rotated, holds no numbers, or doesn't cover any of the area.
    """
    path = require_file(path, "raster")
    try:
        with rasterio.open(path) as raster:
            _check(raster, path)
            crs = CRS.from_user_input(raster.crs.to_wkt())
            window = _window(raster, area.to_crs(crs).total_bounds, path)
            values = _values(raster, window)
            bounds = _bounds(raster, window)
    except RasterioError as error:
        raise InputError(f"{path} can't be read as a raster ({error}): get the file again.") from error
    tally = Tally(path.name, read=values.size)
    tally.dropped["cells without data"] = int(np.isnan(values).sum())
    tally.dropped = +tally.dropped
    return Grid(path.name, values, bounds, crs), tally


def _check(raster: DatasetReader, path: Path) -> None:
    if raster.crs is None:
        raise CRSError(
            f"{path} does not say which reference system it is in: write it into the file, for instance with "
            f"`rio edit-info --crs EPSG:27700 {path.name}`, or QGIS's Assign Projection."
        )
    if raster.count != 1:
        raise InputError(
            f"{path} has {raster.count} bands, and one is needed: save the one to be measured as a file of its own."
        )
    turned = raster.transform
    if turned.b or turned.d or turned.a <= 0 or turned.e >= 0:
        raise InputError(
            f"{path} is rotated (its rows don't run from west to east, north first): turn it north up, for "
            "instance with `rio warp` or QGIS's Warp."
        )
    if np.dtype(raster.dtypes[0]).kind not in "uif":
        raise InputError(f"{path} holds {raster.dtypes[0]}, not plain numbers: save it with real numbers.")


def _window(raster: DatasetReader, box: Any, path: Path) -> Window:
    """Return the whole cells round a box, cut to the raster."""
    if not np.isfinite(box).all():
        raise InputError(f"{path}: the neighbourhood lies outside the area of {raster.crs}: is it the right file?")
    turned = raster.transform
    west, east = (box[0] - turned.c) / turned.a, (box[2] - turned.c) / turned.a
    north, south = (box[3] - turned.f) / turned.e, (box[1] - turned.f) / turned.e
    # one cell more each way: an edge may bend a little on its way into the raster's reference system
    left, right = max(int(np.floor(west)) - 1, 0), min(int(np.ceil(east)) + 1, raster.width)
    top, bottom = max(int(np.floor(north)) - 1, 0), min(int(np.ceil(south)) + 1, raster.height)
    if west >= raster.width or east <= 0 or north >= raster.height or south <= 0:
        raise InputError(f"{path} doesn't cover the neighbourhood: is it for another place?")
    if (right - left) * (bottom - top) > MOST_CELLS:
        raise InputError(
            f"{path} has {(right - left) * (bottom - top):,} cells round the neighbourhood, more than "
            f"{MOST_CELLS:,}: make its cells larger first."
        )
    return Window(left, top, right - left, bottom - top)


def _bounds(raster: DatasetReader, window: Window) -> tuple[float, float, float, float]:
    at = raster.transform
    west, north = at.c + at.a * window.col_off, at.f + at.e * window.row_off
    return west, north + at.e * window.height, west + at.a * window.width, north


def _values(raster: DatasetReader, window: Window) -> np.ndarray[Any, Any]:
    cells = raster.read(1, window=window, masked=True).astype(np.float32).filled(np.nan)
    cells[~np.isfinite(cells)] = np.nan
    if raster.scales[0] != 1 or raster.offsets[0] != 0:
        cells = cells * np.float32(raster.scales[0]) + np.float32(raster.offsets[0])
    return np.asarray(cells, dtype=np.float32)
