"""Rows of any source as the asset table of `schema.ASSETS`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.schema import ASSETS, validate_table
from assetmap.taxonomy import taxonomy

__all__ = ["make_assets", "resolve_category"]


def make_assets(values: dict[str, Any], shapes: Any, *, crs: CRS, what: str) -> gpd.GeoDataFrame:
    """Return a valid asset table from some of its columns; the rest are null, areas are measured.

    Parameters
    ----------
    values
        Column -> values, in the shapes' order.
    shapes
        The geometries, in `crs`.
    crs
        The study's metric CRS.
    what
        What was read, for messages.
    """
    shapes = np.asarray(shapes, dtype=object)
    area = np.where(shapely.get_dimensions(shapes) == 2, shapely.area(shapes), np.nan)
    columns: dict[str, Any] = {"access": "unknown", "area_m2": area, **values}
    frame = pd.DataFrame(index=pd.RangeIndex(len(shapes)))
    for name, column in ASSETS.items():
        given = columns.get(name)
        frame[name] = pd.Series(
            given.to_numpy() if isinstance(given, pd.Series) else given, index=frame.index, dtype=column.dtype
        )
    return validate_table(gpd.GeoDataFrame(frame, geometry=shapes, crs=crs), "assets", what=what)


def resolve_category(words: str) -> str:
    """Return the category that a user names by its code, label or one of its words.

    Raises
    ------
    InputError
        Naming the nearest category.
    """
    known = taxonomy()
    found = words if words in known.categories else known.category_of_words(words)
    if found is None:
        near = get_close_matches(words.casefold(), known.categories, 1)
        raise InputError(
            f"{words!r} is not a category: "
            + (f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known.categories)}.")
        )
    return found
