"""Cells of a raster, and what of them lies in each shape by exact area."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

__all__ = ["Grid", "summarise_cells"]

_STEP = 50
"""Each straight edge is projected in about this many pieces of a shape's width: it may bend in the raster's CRS."""


@dataclass(frozen=True)
class Grid:
    """A north-up block of cells."""

    name: str
    values: np.ndarray[Any, Any]
    """Shape (rows, columns), the first row the northernmost; NaN where there is no data."""
    bounds: tuple[float, float, float, float]
    """West, south, east, north in the units of `crs`."""
    crs: CRS

    @property
    def cell_size(self) -> tuple[float, float]:
        """Width and height of a cell in the units of `crs`."""
        west, south, east, north = self.bounds
        rows, columns = self.values.shape
        return (east - west) / columns, (north - south) / rows


def summarise_cells(grid: Grid, shapes: gpd.GeoSeries) -> pd.DataFrame:
    """Return what each shape holds of a grid, cells on its edge by the exact share that lies inside.

    The shapes are taken to the grid's CRS and never the cells to theirs, so that no value is resampled.

    Parameters
    ----------
    grid
        The cells.
    shapes
        Areas in any CRS.

    Returns
    -------
    DataFrame
        Indexed like `shapes`: ``known_share``, the share (0 to 1) of the shape on cells with data;
        ``on_grid_share``, the same on cells with or without data; ``mean`` of the known values weighted by
        ground area; ``sum`` of value times the share of the cell inside. The last two are NaN where nothing is known.

    Examples
    --------
    >>> grid = Grid("two cells", np.array([[0.0, 100.0]]), (0.0, 0.0, 20.0, 10.0), CRS.from_epsg(27700))
    >>> found = summarise_cells(grid, gpd.GeoSeries([shapely.box(5, 0, 25, 10)], crs=27700))
    >>> found.round(4).to_dict("records")
    [{'known_share': 0.75, 'on_grid_share': 0.75, 'mean': 66.6667, 'sum': 100.0}]

    References
    ----------
    Baston, D. exactextract: fast and accurate raster zonal statistics, https://github.com/isciences/exactextract.
    """
    width = float(np.ptp(shapes.bounds[["minx", "maxx"]].to_numpy())) or 1.0
    placed = gpd.GeoSeries(shapely.segmentize(shapes.to_numpy(), width / _STEP), crs=shapes.crs).to_crs(grid.crs)
    weight = "(coverage_weight=area_spherical_m2)" if grid.crs.is_geographic else ""
    found = _extract(grid, placed, ["count", f"mean{weight}", "sum"])
    area = shapely.area(placed.to_numpy())  # in square units of the grid's CRS, in which all cells are equal
    on_grid = shapely.area(shapely.intersection(placed.to_numpy(), shapely.box(*grid.bounds)))
    found.insert(0, "known_share", np.minimum(found.pop("count").to_numpy() * np.prod(grid.cell_size) / area, 1.0))
    found.insert(1, "on_grid_share", on_grid / area)
    found.loc[found["known_share"] == 0, ["mean", "sum"]] = np.nan
    return found.set_axis(shapes.index)


def _extract(grid: Grid, placed: gpd.GeoSeries, operations: list[str]) -> pd.DataFrame:
    from exactextract import exact_extract
    from exactextract.raster import NumPyRasterSource

    west, south, east, north = grid.bounds
    source = NumPyRasterSource(grid.values, west, south, east, north, nodata=np.nan, name="band")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Spatial reference system")  # the shapes have just been put into it
        found = exact_extract(source, placed.to_frame("geometry"), operations, output="pandas")
    return pd.DataFrame(found).set_axis([name.split("(")[0] for name in operations], axis=1)
