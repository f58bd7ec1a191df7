"""What a study takes from rasters: people where no table counts them, and tree canopy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from assetmap.grids import summarise_cells
from assetmap.measures.canopy import canopy_of_zones
from assetmap.measures.gridded_people import estimate_people
from assetmap.plurals import counted
from assetmap.provenance import read_provenance
from assetmap.sources.rasters import read_raster
from assetmap.tally import Tally

if TYPE_CHECKING:
    from assetmap.study.settings_tables import CanopyTable

__all__ = ["add_canopy", "fill_people"]

_TOLD_WITHOUT_DATA = 0.05
"""Where cells without data cover more of a zone than this, nobody can take them for water without looking."""


def fill_people(zones: gpd.GeoDataFrame, path: Path) -> tuple[gpd.GeoDataFrame, Tally, str]:
    """Give the zones whose people nobody has counted an estimate from a population grid.

    Parameters
    ----------
    zones
        Table ``zones``.
    path
        The grid: people in each cell.

    Returns
    -------
    GeoDataFrame
        The zones, with ``population_kind``: ``table``, ``grid``, or null where neither knows.
    Tally
        The grid's cells round the zones.
    str
        How many zones have an estimate, and in how many of them a good part has no data; empty if none.
    """
    unknown = zones["population"].isna()
    grid, tally = read_raster(path, area=zones)
    people = zones["population"].where(~unknown, estimate_people(zones, grid))
    kind = pd.Series("table", index=zones.index, dtype="object").mask(unknown, "grid").where(people.notna(), None)
    filled = zones.assign(population=people, population_kind=kind)
    count = int((filled["population_kind"] == "grid").sum())
    record = read_provenance(path, verify=False)
    note = (
        f"The population of {count} of {counted(len(zones), 'zone')} is an estimate from the grid "
        f"{record.title if record else path.name}, the people of each cell shared out by area."
    )
    known = summarise_cells(grid, zones.geometry)["known_share"]
    partly = (filled["population_kind"] == "grid") & (known < 1 - _TOLD_WITHOUT_DATA)
    if partly.any():
        note += (
            f" In {int(partly.sum())} of them cells without data, which count as empty, cover more than "
            f"{_TOLD_WITHOUT_DATA:.0%} of the ground (most: {1 - known[partly].min():.0%})."
        )
    return filled, tally, note if count else ""


def add_canopy(zones: gpd.GeoDataFrame, folder: Path, table: CanopyTable) -> tuple[gpd.GeoDataFrame, Tally, str]:
    """Give the zones their share of canopy.

    Returns
    -------
    GeoDataFrame
        The zones, with the columns of `canopy_of_zones`.
    Tally
        The raster's cells round the zones.
    str
        One sentence where the canopy is a proxy; empty otherwise.
    """
    grid, tally = read_raster(folder / table.file, area=zones)
    found = canopy_of_zones(zones, grid, values=table.values, at_least=table.at_least)
    note = (
        f"Canopy is a proxy: cells of {grid.name} with a vegetation index of {table.at_least:g} or more."
        if table.at_least is not None
        else ""
    )
    return zones.join(found), tally, note
