"""Lists of community buildings and other places, from a council, a charity or a spreadsheet at home."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.files import require_file
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.asset_rows import make_assets, resolve_category
from assetmap.sources.columns import find_columns, read_numbers, take_text
from assetmap.sources.dates import read_dates
from assetmap.sources.positions import POSITION_COLUMNS, Placing, place_rows
from assetmap.sources.postcodes import read_postcodes
from assetmap.sources.shapes import project_shapes
from assetmap.sources.tables import file_sha12, is_workbook, read_table
from assetmap.sources.vector import read_vector, sniff_vector
from assetmap.tally import Tally
from assetmap.taxonomy import category_of

__all__ = ["LIST_COLUMNS", "read_list"]

LIST_COLUMNS: dict[str, tuple[str, ...]] = {
    "name": (
        "name",
        "centre name",
        "building name",
        "venue name",
        "venue",
        "site name",
        "facility name",
        "asset name",
        "organisation name",
        "place",
        "title",
        "establishmentname",
    ),
    "category": (
        "category",
        "type",
        "asset type",
        "building type",
        "facility type",
        "venue type",
        "place type",
        "kind",
        "primary use",
        "use",
        "function",
    ),
    **POSITION_COLUMNS,
    "owner": ("owner", "operator", "run by", "managed by", "organisation", "provider", "ownership"),
    "opening_hours": ("opening hours", "opening times", "hours", "open", "opening_hours"),
    "cost": ("cost", "fee", "charge", "price", "cost of entry"),
    "step_free": (
        "step free",
        "step free access",
        "wheelchair",
        "wheelchair access",
        "wheelchair accessible",
        "disabled access",
        "accessible",
    ),
    "seats": ("seats", "number of seats", "seating capacity", "capacity"),
    "access": ("access", "public access", "open to", "who can use it"),
    "date": ("date", "observed on", "date checked", "last updated", "last checked", "updated", "survey date"),
    "ref": ("ref", "reference", "id", "uprn", "os addressbase uprn", "site id", "asset id"),
}
"""Field -> the folded headers it goes by."""

_OPEN = {"open", "public", "yes", "y", "true", "1", "all", "everyone", "anyone", "open to all", "general public"}
_RESTRICTED = {"restricted", "private", "members", "members only", "no", "n", "false", "0", "residents only"}
_YES = {"yes", "y", "true", "1", "full", "fully", "fully accessible", "step free", "designated"}
_LIMITED = {"limited", "partial", "partly", "some", "partially accessible"}
_NO = {"no", "n", "false", "0", "none", "not accessible"}


def read_list(
    path: Path | str,
    *,
    crs: CRS,
    name: str | None = None,
    columns: Mapping[str, str] | None = None,
    category: str | None = None,
    source_crs: CRS | str | int | None = None,
    postcodes: Path | str | None = None,
    near: Bounds | None = None,
    sheet: str | None = None,
) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read a list of places as assets.

    Parameters
    ----------
    path
        CSV, XLSX, or a map file with points or areas.
    crs
        The study's metric CRS.
    name
        The list's name, the assets' `source`; by default the file's, with the sheet's where one is named.
    columns
        Field (a key of `LIST_COLUMNS`) -> header, where the headers aren't the usual ones.
    category
        The category of rows whose own words don't say: a code, label or word of the taxonomy.
    source_crs
        The reference system of the lon and lat (or x and y) columns, or of the map file.
    postcodes
        A table of postcodes with coordinates, for lists that have nothing else.
    near
        A lon/lat box that the list should touch, to tell exchanged axes by.
    sheet
        The workbook's sheet.

    Returns
    -------
    GeoDataFrame
        The asset table; `asset_id` is ``list:<first 12 of the file's sha256>:<row>``, of a named sheet
        as `tables.file_sha12` says.
    Tally
        Rows without a position or a category are dropped, counted by reason.

    Raises
    ------
    InputError
        If no column says where the rows are or what they are, or not one row could be used.
    """
    path = require_file(path, "list")
    crs = CRS.from_user_input(crs)
    fallback = resolve_category(category) if category is not None else None
    drawn = sniff_vector(path) is not None and not is_workbook(path)
    tally = Tally(path.name if sheet is None else f"{path.name}, {sheet}")
    if drawn and sheet is not None:
        raise InputError(f"{path.name} is a map file, so it has no sheet {sheet!r}: leave the sheet out.")
    if drawn:
        rows, tally = read_vector(path, what="list", source_crs=source_crs, near=near, every_layer=True)
        rows = project_shapes(rows, crs, tally=tally, near=near)
    else:
        rows = read_table(path, sheet=sheet, tally=tally)
    found = find_columns(rows.columns.drop("geometry", errors="ignore"), LIST_COLUMNS, mapping=columns, what=path.name)
    if "category" not in found and fallback is None:
        raise InputError(
            f"{path.name} has no column that says what its places are: name their category (category = "
            '"community_centre") or the column (columns).'
        )
    if not drawn:
        known = None if postcodes is None else read_postcodes(postcodes, crs=crs)[0]
        rows = place_rows(rows, found, Placing(crs, path.name, source_crs, known, near, tally))
    kinds = _categories(rows, found.get("category"), fallback, tally)
    rows = rows[kinds.notna()]
    if rows.empty:
        raise InputError(f"{tally.summary()}: not one row could be used. Check its columns and category.")
    source = name or (path.stem if sheet is None else f"{path.stem}, {sheet}")
    return _as_assets(rows, found, kinds.dropna(), source, file_sha12(path, sheet), tally), tally


def _as_assets(
    rows: gpd.GeoDataFrame, found: Mapping[str, str], kinds: pd.Series, source: str, sha: str, tally: Tally
) -> gpd.GeoDataFrame:
    values = {
        "asset_id": pd.Series([f"list:{sha}:{row}" for row in rows.index]),
        "category": kinds,
        "source": source,
        "source_ref": pd.Series([f"row {row}" for row in rows.index]),
        **_attributes(rows, found, tally),
    }
    table = make_assets(values, rows.geometry.to_numpy(), crs=CRS.from_user_input(rows.crs), what=tally.source)
    if "seats" in found:
        table.insert(table.shape[1] - 1, "seats", _seats(take_text(rows, found["seats"]), tally).to_numpy())
    return table


def _categories(rows: pd.DataFrame, column: str | None, fallback: str | None, tally: Tally) -> pd.Series:
    words = take_text(rows, column)
    read = {word: category_of(word) for word in words.dropna().unique()}
    kinds = words.map(read).astype("str")
    if fallback is not None:
        return kinds.fillna(fallback)
    for reason, lost in (
        ("no type of place given", words.isna()),
        ("type of place not in the taxonomy", words.notna() & kinds.isna()),
    ):
        tally.drop(reason, [f"row {row} ({words[row]})" for row in rows.index[lost.to_numpy()]])
    return kinds


def _attributes(rows: pd.DataFrame, found: Mapping[str, str], tally: Tally) -> dict[str, pd.Series]:
    """Return the columns of the asset table that the list's own words fill."""
    text = {field: take_text(rows, found.get(field)) for field in LIST_COLUMNS}
    step_free = _by_words(text["step_free"], {"yes": _YES, "limited": _LIMITED, "no": _NO})
    tally.repair(
        "step-free words not understood, left empty",
        int((text["step_free"].notna() & step_free.isna()).sum()),
    )
    dates = read_dates(text["date"])
    tally.repair("date not understood, left empty", int((text["date"].notna() & dates.isna()).sum()))
    return {
        "name": text["name"],
        "owner": text["owner"],
        "opening_hours": text["opening_hours"],
        "cost": text["cost"],
        "step_free": step_free,
        "access": _by_words(text["access"], {"open": _OPEN, "restricted": _RESTRICTED}).fillna("unknown"),
        "observed_on": dates,
    }


def _seats(text: pd.Series, tally: Tally) -> pd.Series:
    """Return numbers of seats, empty where a cell holds none."""
    seats = read_numbers(text)
    seats = seats.where(seats >= 0)
    tally.repair("number of seats not understood, left empty", int((text.notna() & seats.isna()).sum()))
    return seats


def _by_words(text: pd.Series, meanings: Mapping[str, set[str]]) -> pd.Series:
    read = {word: meaning for meaning, words in meanings.items() for word in words}
    return text.str.casefold().map(read).astype("str")
