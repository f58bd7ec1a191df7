"""How much of each zone lies under trees, from a raster of canopy or vegetation."""

from __future__ import annotations

from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.errors import InputError, UsageError
from assetmap.grids import Grid, summarise_cells

__all__ = ["CANOPY_WANTED", "CanopyValues", "canopy_of_zones"]

CanopyValues = Literal["share", "percent", "ndvi"]
"""What the cells hold: canopy as 0 to 1 (0 and 1 alone too), as 0 to 100, or a vegetation index of -1 to 1."""
CANOPY_WANTED = 0.30
"""The canopy that 3-30-300 asks for in each neighbourhood."""
_RANGES = {"share": (0.0, 1.0), "percent": (0.0, 100.0), "ndvi": (-1.0, 1.0)}


def canopy_of_zones(
    zones: gpd.GeoDataFrame, grid: Grid, *, values: CanopyValues = "share", at_least: float | None = None
) -> pd.DataFrame:
    r"""Return the share of each zone under canopy, and whether it is the 30 % of 3-30-300.

    :math:`\sum_j a_{ij} c_j / \sum_j a_{ij}`, with :math:`a_{ij}` the ground area of cell j inside zone i and
    :math:`c_j` the cell's canopy, over the cells with data. Cells on the edge count by the exact share inside.

    Parameters
    ----------
    zones
        Areas in any CRS.
    grid
        The cells.
    values
        What they hold.
    at_least
        For ``ndvi``: a cell of this value or more counts as covered. A proxy: an index of green doesn't
        tell a tree from a lawn, so there is no value by default.

    Returns
    -------
    DataFrame
        Indexed like `zones`: ``canopy_share`` (0 to 1, NaN where nothing is known), ``canopy_known_share``, the share
        of the zone on cells with data, and ``canopy_30``: 1 met, 0 not met, NaN where the unknown part decides.

    Raises
    ------
    InputError
        If a cell's value can't be what `values` says.
    UsageError
        If `at_least` is missing for ``ndvi``, or given for another.

    Examples
    --------
    >>> import shapely
    >>> from pyproj import CRS
    >>> grid = Grid("trees", np.array([[1.0, 0.0]]), (0.0, 0.0, 20.0, 10.0), CRS.from_epsg(27700))
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(5, 0, 20, 10)], crs=27700)
    >>> canopy_of_zones(zones, grid).round(3).to_dict("records")
    [{'canopy_share': 0.333, 'canopy_known_share': 1.0, 'canopy_30': 1.0}]

    References
    ----------
    Konijnendijk, C. C. (2023). Evidence-based guidelines for greener, healthier, more resilient neighbourhoods:
    introducing the 3-30-300 rule. Journal of Forestry Research 34.
    """
    found = summarise_cells(_as_share(grid, values, at_least), zones.geometry)
    # a share of 0.3 in the file is not quite 0.3 as a float32, and it meets 30 %
    share, known = found["mean"].clip(0, 1).round(6), found["known_share"].round(6)
    covered = share.fillna(0.0) * known
    met = pd.Series(np.nan, index=zones.index)
    met[covered >= CANOPY_WANTED] = 1.0
    met[covered + (1 - known) < CANOPY_WANTED] = 0.0
    return pd.DataFrame({"canopy_share": share, "canopy_known_share": known, "canopy_30": met})


def _as_share(grid: Grid, values: CanopyValues, at_least: float | None) -> Grid:
    """Return the grid with values from 0 to 1."""
    if (values == "ndvi") != (at_least is not None):
        raise UsageError("canopy: at_least goes with values = 'ndvi', and only with it: say from which value on.")
    low, high = _RANGES[values]
    wrong = (grid.values < low) | (grid.values > high)
    if wrong.any():
        raise InputError(
            f"{grid.name}: {int(wrong.sum()):,} cells are not {values}, from {low:g} to {high:g} (first: "
            f"{grid.values[wrong][0]:g}): say what it holds (values = 'share', 'percent' or 'ndvi')."
        )
    cells = grid.values / 100 if values == "percent" else grid.values
    if at_least is not None:
        cells = np.where(np.isnan(cells), np.nan, cells >= np.float32(at_least))
    return Grid(grid.name, cells, grid.bounds, grid.crs)
