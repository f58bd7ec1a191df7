"""OS Open Greenspace: official outlines of green space, and the points where people go in."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.files import require_file
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.asset_rows import make_assets
from assetmap.sources.columns import find_columns, take_text
from assetmap.sources.shapes import project_shapes, split_collections
from assetmap.sources.tables import file_sha12
from assetmap.sources.vector import list_vector_layers, read_vector
from assetmap.tally import Tally
from assetmap.taxonomy import category_of

__all__ = ["ACCESS_POINT_COLUMNS", "GREEN_COLUMNS", "read_access_points", "read_green_space"]

GREEN_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "gml id", "toid"),
    "function": ("function", "primary function", "primaryfunction"),
    "name": ("distname1", "distinctive name 1", "distinctivename1", "distname", "name"),
}
"""Field -> the folded headers it goes by."""
ACCESS_POINT_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "gml id", "toid"),
    "type": ("accesstype", "access type"),
    "site": ("reftogsite", "ref to greenspace site", "reftogreenspacesite"),
}
"""Field -> the folded headers it goes by."""
_RESTRICTED = {"allotments", "golf_course"}  # let to their holders, or for players who pay


def read_green_space(
    path: Path | str,
    *,
    crs: CRS,
    name: str = "OS Open Greenspace",
    near: Bounds | None = None,
    layer: str | None = None,
    source_crs: CRS | str | int | None = None,
) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read OS Open Greenspace sites as assets.

    Parameters
    ----------
    path
        GeoPackage, shapefile or GeoJSON with a column ``function``.
    crs
        The study's metric CRS.
    name
        The assets' `source`.
    near
        A lon/lat box that the data should touch, to tell exchanged axes by.
    layer
        The file's layer; by default the one of the sites.
    source_crs
        The reference system of the coordinates, where the file doesn't say or is wrong.

    Returns
    -------
    GeoDataFrame
        The asset table, in the file's order; `asset_id` is ``green:<first 12 of the file's sha256>:<id>``,
        or the row where there is no id; `area_m2` is measured on the outline. Access is unknown but for
        allotments and golf courses, since the data doesn't tell it.
    Tally
        Rows that aren't areas, or whose function isn't in the taxonomy, are dropped.

    Raises
    ------
    InputError
        If there is no column ``function``, or not one row could be used.
    """
    path = require_file(path, "green space file")
    frame, tally = read_vector(
        path, layer=layer or _layer(path, "site"), what="green space", near=near, source_crs=source_crs
    )
    found = find_columns(frame.columns.drop("geometry"), GREEN_COLUMNS, what=path.name)
    if "function" not in found:
        raise InputError(
            f"{path.name} is not OS Open Greenspace: it has no column function. Add it as a list of places "
            "with a category instead."
        )
    crs = CRS.from_user_input(crs)
    frame = split_collections(project_shapes(frame, crs, tally=tally, near=near), 2)
    frame = tally.drop_where(frame, frame.geometry.is_empty, "not an area", lambda row: f"row {row}")
    functions = take_text(frame, found["function"])
    kinds = functions.map({word: category_of(word) for word in functions.dropna().unique()}).astype("str")
    frame = tally.drop_where(
        frame, kinds.isna(), "function not in the taxonomy", lambda row: f"row {row} ({functions[row]})"
    )
    if frame.empty:
        raise InputError(f"{tally.summary()}: not one site could be used. Check the file.")
    kinds = kinds[frame.index]
    values = {
        "asset_id": _identifiers(frame, found.get("id"), path),
        "name": take_text(frame, found.get("name")),
        "category": kinds,
        "source": name,
        "source_ref": pd.Series([f"row {row}" for row in frame.index]),
        "access": pd.Series(np.where(kinds.isin(_RESTRICTED), "restricted", "unknown")),
    }
    return make_assets(values, frame.geometry.to_numpy(), crs=crs, what=path.name), tally


def _layer(path: Path, word: str) -> str | None:
    """Return the one of several layers whose name holds a word, as in OS's own GeoPackage."""
    layers = list_vector_layers(path)
    named = [layer for layer in layers if word in layer.casefold()]
    return named[0] if len(layers) > 1 and len(named) == 1 else None


def _identifiers(frame: gpd.GeoDataFrame, column: str | None, path: Path) -> pd.Series:
    """Return identifiers by the file's own ids; by the row where there is none or it is there twice."""
    sha = file_sha12(path)
    rows = pd.Series([str(row) for row in frame.index], index=frame.index, dtype="str")
    ids = take_text(frame, column)
    ids = ids.mask(ids.duplicated(keep=False)).fillna(rows)
    return f"green:{sha}:" + ids


def read_access_points(
    path: Path | str, *, crs: CRS, layer: str | None = None, source_crs: CRS | str | int | None = None
) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read OS Open Greenspace access points: where people on foot go in.

    Parameters
    ----------
    path
        GeoPackage, shapefile or GeoJSON of points.
    crs
        The study's metric CRS.
    layer
        The file's layer; by default the one of the access points.
    source_crs
        The reference system of the coordinates, where the file doesn't say or is wrong.

    Returns
    -------
    GeoDataFrame
        ``entrance_ref``, ``access`` (the file's own word, or null), ``geometry``. Where a column
        ``accessType`` says so, entrances for vehicles alone are dropped.
    Tally
        What was read and dropped.
    """
    path = require_file(path, "file of access points")
    frame, tally = read_vector(path, layer=layer or _layer(path, "access"), what="access points", source_crs=source_crs)
    crs = CRS.from_user_input(crs)
    frame = split_collections(project_shapes(frame, crs, tally=tally), 0)
    frame = tally.drop_where(frame, frame.geometry.is_empty, "not a point", lambda row: f"row {row}")
    found = find_columns(frame.columns.drop("geometry"), ACCESS_POINT_COLUMNS, what=path.name)
    kinds = take_text(frame, found.get("type"))
    on_foot = kinds.isna() | kinds.str.contains("pedestrian", case=False).fillna(True).astype(bool)
    frame = tally.drop_where(frame, ~on_foot, "not for people on foot", lambda row: f"row {row}")
    points = gpd.GeoDataFrame(
        {
            "entrance_ref": _identifiers(frame, found.get("id"), path).to_numpy(),
            "access": kinds[frame.index].to_numpy(),
        },
        geometry=frame.geometry.to_numpy(),
        crs=crs,
    )
    return points.explode(ignore_index=True), tally
