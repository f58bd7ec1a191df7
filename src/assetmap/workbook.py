"""Tables as one Excel workbook: numbers as numbers, text that no formula hides in, equal input in equal bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from assetmap.encode import csv_cell, plain_text
from assetmap.errors import UsageError
from assetmap.files import write_aside

__all__ = ["MAX_COLUMNS", "MAX_ROWS", "Sheet", "write_workbook"]

MAX_ROWS = 1_048_576
"""Rows of a sheet, its header with them: Excel's own limit, as the next two are."""
MAX_COLUMNS = 16_384
MAX_TEXT = 32_767
_CUT = " [cut]"
_WIDTHS = (9, 48)
_ROWS_LOOKED_AT = 200
_WRAPPED_FROM = 60
"""Texts of this length are wrapped within their column."""
_WHOLE, _TENTHS, _FINE = "#,##0", "#,##0.0", "#,##0.000"
_FORMATS = {
    "share": "0.0%",
    "m² a person": _TENTHS,
    "assets a person": _TENTHS,
    "score": _FINE,
    "ha for 1,000 people": "#,##0.00",
    "see measure": _FINE,
    "°": "0.000000",
}
_BOLD = Font(bold=True)
_TITLE = Font(bold=True, size=14)
_SHADE = PatternFill("solid", fgColor="FFE3ECE6")
_TOP = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True)
class Sheet:
    """One table as a sheet.

    Parameters
    ----------
    title
        Its tab, 31 characters at most.
    table
        The rows.
    units
        Column -> unit, which decides how its numbers are shown.
    unit_column
        A column that holds the unit of each row, for tables with figures of several kinds in one column.
    """

    title: str
    table: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    unit_column: str = ""


def write_workbook(
    path: Path, sheets: Sequence[Sheet], *, read_me: Sequence[Sequence[object]], title: str, made_on: str
) -> None:
    """Write sheets into one workbook, a sheet `Read me` first.

    Parameters
    ----------
    path
        The file.
    sheets
        The tables.
    read_me
        Rows of the first sheet. A row of one cell is a heading.
    title
        Of the workbook, in its properties.
    made_on
        ISO date written into the file in place of the clock's, so that equal input gives equal bytes.

    Raises
    ------
    UsageError
        If a table has more rows or columns than a sheet can hold, or the disk refuses.
    """
    for sheet in sheets:
        _check_size(sheet)
    book = Workbook(write_only=True)
    day = datetime.fromisoformat(made_on)
    book.properties.creator, book.properties.title = "assetmap", plain_text(title)
    book.properties.created = book.properties.modified = day
    _write_read_me(book.create_sheet("Read me"), read_me)
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.title), sheet)
    with write_aside(path) as aside:
        ExcelWriter(book, _Dated(aside, day)).save()


class _Dated(ZipFile):
    """An archive whose entries all bear one date."""

    def __init__(self, path: Path, day: datetime) -> None:
        super().__init__(path, "w", ZIP_DEFLATED)
        self._date = (max(day.year, 1980), day.month, day.day, 0, 0, 0)

    def writestr(self, name: Any, data: Any, *_: Any) -> None:
        """Add an entry."""
        entry = ZipInfo(name, self._date)
        entry.create_system = 3  # the same on every system
        super().writestr(entry, data, ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        """Add a file."""
        self.writestr(arcname, Path(filename).read_bytes())


def _check_size(sheet: Sheet) -> None:
    rows, columns = sheet.table.shape
    if rows + 1 > MAX_ROWS or columns > MAX_COLUMNS:
        raise UsageError(
            f"the table {sheet.title!r} has {rows:,} rows and {columns:,} columns, more than a sheet of Excel can hold "
            f"({MAX_ROWS - 1:,} and {MAX_COLUMNS:,}): use the CSV and Parquet files of the build."
        )


def _write_read_me(page: Any, rows: Sequence[Sequence[object]]) -> None:
    for letter, width in zip("ABCDEF", (26, 60, 30, 34, 40, 14), strict=True):
        page.column_dimensions[letter].width = width
    for i, row in enumerate(rows):
        cells = [_cell(page, value) for value in row]
        for j, cell in enumerate(cells):
            cell.alignment = _TOP if j else Alignment(vertical="top")
        if cells:
            cells[0].font = _TITLE if i == 0 else _BOLD
            if i and len(cells) == 1:
                cells[0].fill = _SHADE
        page.append(cells)


def _write_sheet(page: Any, sheet: Sheet) -> None:
    table = sheet.table if len(sheet.table.columns) else pd.DataFrame({"no rows": []})
    last = get_column_letter(len(table.columns))
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{last}{len(table) + 1}"
    for i, name in enumerate(table.columns, 1):
        page.column_dimensions[get_column_letter(i)].width = _width(str(name), table[name])
    head = [_cell(page, str(name)) for name in table.columns]
    for cell in head:
        cell.font, cell.fill = _BOLD, _SHADE
    page.append(head)
    for row in _rows(table):
        named = dict(zip(table.columns, row, strict=True))
        shown = str(named.get(sheet.unit_column, ""))
        page.append(_cell(page, value, unit=shown or sheet.units.get(str(name), "")) for name, value in named.items())


def _rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Give the rows as plain values; what is missing is None."""
    plain = table.astype(object).where(table.notna(), None)
    return plain.itertuples(index=False, name=None)


def _cell(page: Any, value: object, *, unit: str = "") -> Any:
    """Return a cell: a number in the format of its unit, or text that stays text."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        value = None
    if value is None or isinstance(value, bool | int | float):
        cell = WriteOnlyCell(page, value=value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            cell.number_format = _FORMATS.get(unit, _WHOLE) if unit else "General"
        return cell
    text = str(csv_cell(plain_text(value)))
    text = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_CUT)] + _CUT
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"  # never a formula or an error, whatever it begins with
    if len(text) >= _WRAPPED_FROM:
        cell.alignment = _TOP
    return cell


def _width(name: str, column: pd.Series) -> float:
    """Return a width in characters that shows the name with its filter's arrow, and most of the values."""
    if pd.api.types.is_numeric_dtype(column):
        longest = 10
    else:
        longest = max((len(str(value)) for value in column.head(_ROWS_LOOKED_AT).dropna()), default=0)
    return float(np.clip(max(len(name) + 4, longest + 2), *_WIDTHS))
