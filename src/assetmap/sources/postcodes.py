"""Where postcodes lie, from the user's own table (such as an extract of the ONS Postcode Directory)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.sources.columns import find_columns, take_text
from assetmap.sources.positions import POSITION_COLUMNS, Placing, locate_rows
from assetmap.sources.tables import read_table
from assetmap.tally import Tally

__all__ = ["read_postcodes"]


def read_postcodes(path: Path | str, *, crs: CRS) -> tuple[pd.DataFrame, Tally]:
    """Read a table of postcodes with longitude and latitude, or easting and northing.

    Parameters
    ----------
    path
        CSV or XLSX.
    crs
        The study's metric CRS.

    Returns
    -------
    DataFrame
        Columns x and y in `crs`, indexed by the postcode in capitals without its space.
    Tally
        Rows without a place, and repeated postcodes, are dropped.

    Raises
    ------
    InputError
        If it has no postcode column or none with coordinates.
    """
    path = Path(path)
    tally = Tally(path.name)
    frame = read_table(path, tally=tally)
    found = find_columns(frame.columns, POSITION_COLUMNS, what=path.name)
    if "postcode" not in found:
        raise InputError(f"{path.name} has no postcode column: it has {', '.join(frame.columns[:20])}.")
    places = {field: header for field, header in found.items() if field != "postcode"}
    points, why = locate_rows(frame, places, Placing(crs, path.name, tally=tally))
    for reason, rows in why.dropna().groupby(why.dropna()):
        tally.drop(str(reason), [f"row {row}" for row in rows.index])
    kept = why.isna().to_numpy()
    keys = take_text(frame, found["postcode"])[kept].str.replace(r"\s+", "", regex=True).str.upper()
    table = pd.DataFrame({"x": points[kept].x, "y": points[kept].y})
    table.index = pd.Index(keys, name="postcode")
    bad = np.asarray(keys.isna() | keys.duplicated())
    tally.drop("postcode missing or there twice", [f"row {row}" for row in keys.index[bad]])
    return table[~bad], tally
