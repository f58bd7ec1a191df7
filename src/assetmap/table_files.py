"""Tables as files: GeoPackage, GeoParquet, Parquet, CSV, GeoJSON. Each is written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from pandas.api.types import is_float_dtype, is_object_dtype, is_string_dtype

from assetmap.crs import LONLAT
from assetmap.encode import csv_cell
from assetmap.errors import InputError, UsageError
from assetmap.files import write_aside

__all__ = [
    "TABLE_SUFFIXES",
    "check_target",
    "release_memory",
    "write_csv",
    "write_geopackage",
    "write_parquet",
    "write_table",
]

TABLE_SUFFIXES = (".gpkg", ".parquet", ".geojson", ".csv")


def write_geopackage(path: Path, layers: Mapping[str, gpd.GeoDataFrame], *, made_on: str) -> None:
    """Write frames as the layers of one GeoPackage, reopened and counted before it replaces an older one.

    Parameters
    ----------
    path
        The file.
    layers
        Layer name -> frame; a frame without rows becomes a layer without features.
    made_on
        ISO date written into the file in place of the clock's, so that equal input gives equal bytes.
    """
    # `write_aside` makes the whole file safe on the disk; SQLite would do so with every layer's every step.
    options = {"OGR_CURRENT_DATE": f"{made_on}T00:00:00.000Z", "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        with _drawn_aside(path, {name: len(frame) for name, frame in layers.items()}) as aside:
            for name, frame in layers.items():
                pyogrio.write_dataframe(_plain(frame), aside, layer=name, driver="GPKG", append=aside.exists())
    finally:
        pyogrio.set_gdal_config_options(before)


@contextmanager
def _drawn_aside(path: Path, wanted: Mapping[str, int]) -> Iterator[Path]:
    """Give a path for GDAL to write to; put it in place when every layer, reopened, has as many rows as wanted."""

    def verify(aside: Path) -> None:
        found = {name: pyogrio.read_info(aside, layer=name)["features"] for name, _ in pyogrio.list_layers(aside)}
        if found != wanted:
            raise InputError(f"{path} could not be written whole ({found} of {wanted} rows): is the disk full?")

    try:
        with write_aside(path, verify) as aside:
            yield aside
    except RuntimeError as error:  # GDAL's word for anything that the disk or its drivers refuse
        raise UsageError(
            f"{path} can't be written ({error}): check the folder's permissions and free space."
        ) from error


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame that every GIS can open: nulls as nulls, one kind of text."""
    out = frame.reset_index(drop=True).copy()
    for name in out.columns.drop("geometry"):
        if is_object_dtype(out[name]) or is_string_dtype(out[name]):
            out[name] = out[name].astype(object).where(out[name].notna(), None)
    return out


_ROWS_AT_ONCE = 100_000
"""Rows of a Parquet file that are packed together: a city's table at once takes tens of megabytes more."""


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as Parquet (GeoParquet if it has a geometry); categories are written as the text they stand for."""
    text = {name: "str" for name, dtype in frame.dtypes.items() if isinstance(dtype, pd.CategoricalDtype)}
    with write_aside(path) as aside:
        if text:
            _write_parts(aside, frame, text)
        else:
            frame.to_parquet(aside, index=False, row_group_size=_ROWS_AT_ONCE)
    release_memory()


def _write_parts(path: Path, frame: pd.DataFrame, dtypes: Mapping[Any, str]) -> None:
    """Write a frame without a geometry with other dtypes, part by part, so that not all of it is changed at once."""
    parts = (frame.iloc[first : first + _ROWS_AT_ONCE] for first in range(0, max(len(frame), 1), _ROWS_AT_ONCE))
    tables = (pa.Table.from_pandas(part.astype(dtypes), preserve_index=False) for part in parts)
    head = next(tables)
    with pq.ParquetWriter(path, head.schema) as writer:
        for table in chain([head], tables):
            writer.write_table(table)


def release_memory() -> None:
    """Give memory that nothing uses any more back to the system.

    Else what a city's table was packed in, or a step of a build worked with, is kept to the end. Arrow's own allocator
    gives back what is Arrow's, the system's (which the command line chooses) everything.
    """
    pa.default_memory_pool().release_unused()


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as UTF-8 CSV (with BOM, so that spreadsheets know); no cell runs as a formula.

    A geometry becomes ``lon`` and ``lat`` of a point inside it, to 6 decimals. Other numbers are rounded to 4
    decimals (a tenth of a millimetre, a hundredth of a per cent), and those under a tenth to 4 significant digits, so
    that a library among 70,000 people isn't 0 for each; what is left beyond 12 decimals is the computer's noise.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.csv"
    ...     write_csv(path, pd.DataFrame({"each": [1 / 70_000, 2 / 3]}))
    ...     path.read_text("utf-8-sig").split()
    ['each', '1.429e-05', '0.6667']
    """
    table = pd.DataFrame(frame)
    if isinstance(frame, gpd.GeoDataFrame):
        points = frame.geometry.representative_point().to_crs(LONLAT)
        table = pd.DataFrame(frame.drop(columns="geometry")).assign(lon=points.x, lat=points.y)
    for name in table.columns:
        if is_object_dtype(table[name]) or is_string_dtype(table[name]):
            table[name] = table[name].map(csv_cell, na_action="ignore")
        elif is_float_dtype(table[name]):
            table[name] = table[name].round(6) if name in ("lon", "lat") else _rounded(table[name])
    with write_aside(path) as aside:
        table.to_csv(aside, index=False, encoding="utf-8-sig", lineterminator="\n")


_POWERS = np.array([float(10**n) for n in range(13)])  # each exact, so that a whole number over one prints as it reads


def _rounded(column: pd.Series) -> pd.Series:
    """Return figures to 4 decimals, or if they are small to 4 significant digits, but never beyond 12 decimals."""
    values = column.to_numpy(dtype=float, na_value=np.nan)
    size = np.abs(values)
    small = (size > 0) & (size < 0.1)
    decimals = np.full(len(values), 4)
    decimals[small] = np.clip(3 - np.floor(np.log10(size[small])), 4, 12).astype(int)
    scale = _POWERS[decimals]
    return pd.Series(np.rint(values * scale) / scale + 0.0, index=column.index)  # + 0.0: no figure is -0.0


def check_target(path: Path, *, spatial: bool, overwrite: bool = False) -> None:
    """Raise if a table can't be written to a file of that name; asked before the work and not after it.

    Raises
    ------
    UsageError
        If the format isn't one of `TABLE_SUFFIXES`, can't hold the table, or the file is there
        already and `overwrite` is false.
    """
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise UsageError(f"{path.name}: write a file that ends in {', '.join(TABLE_SUFFIXES)}.")
    if suffix in (".gpkg", ".geojson") and not spatial:
        raise UsageError(f"{path.name}: this table has no geometry: write .csv or .parquet.")
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already: say --overwrite to replace it.")


def write_table(path: Path, frame: Any, *, layer: str, made_on: str, overwrite: bool = False) -> None:
    """Write one table in the format that the file's name asks for.

    Raises
    ------
    UsageError
        As `check_target`; also if the disk refuses.
    """
    check_target(path, spatial=isinstance(frame, gpd.GeoDataFrame), overwrite=overwrite)
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        write_geopackage(path, {layer: frame}, made_on=made_on)
    elif suffix == ".geojson":
        with _drawn_aside(path, {layer: len(frame)}) as aside:
            pyogrio.write_dataframe(_plain(frame.to_crs(LONLAT)), aside, driver="GeoJSON", layer=layer, RFC7946=True)
    elif suffix == ".parquet":
        write_parquet(path, frame)
    else:
        write_csv(path, frame)
