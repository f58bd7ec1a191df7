"""People of each zone, estimated from a population grid where nobody has counted them by zone."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from assetmap.errors import InputError
from assetmap.grids import Grid, summarise_cells

__all__ = ["estimate_people"]


def estimate_people(zones: gpd.GeoDataFrame, grid: Grid) -> pd.Series:
    r"""Return an estimate of the people of each zone from a grid of people per cell.

    :math:`P_i = \sum_j f_{ij} p_j`, with :math:`f_{ij}` the share of cell j that lies in zone i: each cell's people
    are taken to be spread evenly over it. Zones much smaller than a cell get a rough figure. Cells without data
    hold nobody, as over water.

    Parameters
    ----------
    zones
        Areas in any CRS.
    grid
        People in each cell, such as WorldPop's counts; never people per square kilometre.

    Returns
    -------
    Series
        Indexed like `zones`; NaN for a zone that reaches beyond the grid or has no cell with data.

    Raises
    ------
    InputError
        If a cell holds fewer than no people.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> from pyproj import CRS
    >>> grid = Grid("people", np.array([[100.0, 40.0]]), (0.0, 0.0, 20.0, 10.0), CRS.from_epsg(27700))
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(5, 0, 20, 10)], crs=27700)
    >>> estimate_people(zones, grid).tolist()
    [90.0]

    References
    ----------
    Goodchild, M. F. and Lam, N. S.-N. (1980). Areal interpolation: a variant of the traditional spatial problem.
    Geo-Processing 1, 297-312.
    """
    wrong = grid.values < 0
    if wrong.any():
        raise InputError(
            f"{grid.name}: {int(wrong.sum()):,} cells hold fewer than no people (first: {grid.values[wrong][0]:g}): "
            "write down in the file which value means no data."
        )
    found = summarise_cells(grid, zones.geometry)
    return found["sum"].where(found["on_grid_share"] > 1 - 1e-6).rename("population")
