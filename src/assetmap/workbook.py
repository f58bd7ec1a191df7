"""Tables as one Excel workbook: numbers as numbers, text that no formula hides in, equal input in equal bytes."""

from __future__ import annotations

import math
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
_READ_ME_WIDTHS = (36, 70, 30, 16, 40, 12)
_ROWS_LOOKED_AT = 200
_LINE_POINTS, _MAX_POINTS = 15, 409
_WHOLE, _TENTHS, _FINE, _AS_WRITTEN = "#,##0", "#,##0.0", "#,##0.000", "General"
_FORMATS = {
    "share": "0.0%",
    "m² a person": _TENTHS,
    "assets a person": _TENTHS,
    "score": _FINE,
    "ha for 1,000 people": "#,##0.00",
    "see measure": _FINE,
    "see supply": _AS_WRITTEN,  # a library for each person is some hundred-thousandths of one, a park some tens of m²
    "see unit": _AS_WRITTEN,
    "places a person": _AS_WRITTEN,
    "seats a person": _AS_WRITTEN,
    "hours a week a person": _AS_WRITTEN,
    "°": "0.000000",
}
_BOLD = Font(bold=True)
_TITLE = Font(bold=True, size=14)
_SHADE = PatternFill("solid", fgColor="FFE3ECE6")
_TOP, _WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)


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
    try:
        _write_read_me(book.create_sheet("Read me"), read_me)
        for sheet in sheets:
            _write_sheet(book.create_sheet(sheet.title), sheet)
        with write_aside(path) as aside, _Dated(aside, day) as archive:
            ExcelWriter(book, archive).save()
    finally:
        for page in book.worksheets:  # where it couldn't be written: an open sheet complains when it is forgotten
            if not page.closed:
                page.close()


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
    for letter, width in zip("ABCDEF", _READ_ME_WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    for i, row in enumerate(rows, 1):
        cells = [_text_cell(page, v) if isinstance(v, str) else WriteOnlyCell(page, value=v) for v in row]
        for j, cell in enumerate(cells):
            cell.alignment = _WRAPPED if j else _TOP
        cells[0].font = _TITLE if i == 1 else _BOLD
        if i > 1 and len(cells) == 1:
            cells[0].fill = _SHADE
        lines = [_lines(value, width) for value, width in zip(row[1:], _READ_ME_WIDTHS[1:], strict=False)]
        _set_height(page, i, max(lines, default=1))
        page.append(cells)


def _write_sheet(page: Any, sheet: Sheet) -> None:
    table = sheet.table if len(sheet.table.columns) else pd.DataFrame({"no rows": []})
    widths = [_width(str(name), table[name]) for name in table.columns]
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{len(table) + 1}"
    for i, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(i)].width = width
    head = [_text_cell(page, str(name)) for name in table.columns]
    for cell in head:
        cell.font, cell.fill = _BOLD, _SHADE
    page.append(head)
    units = [sheet.units.get(str(name), "") for name in table.columns]
    own = table.columns.get_loc(sheet.unit_column) if sheet.unit_column else None
    for i, row in enumerate(_rows(table), 2):
        lines = max(_lines(value, width) for value, width in zip(row, widths, strict=True))
        _set_height(page, i, lines)
        of_row = units if own is None else [str(row[own])] * len(row)
        page.append(_cell(page, value, unit=unit, tall=lines > 1) for value, unit in zip(row, of_row, strict=True))


def _rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Give the rows as plain values; what is missing is None."""
    plain = table.astype(object).where(table.notna(), None)
    return plain.itertuples(index=False, name=None)


def _cell(page: Any, value: object, *, unit: str, tall: bool) -> Any:
    """Return what goes into a cell: a number in the format of its unit, text that stays text, or None.

    In a row of several lines everything stands at the top.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, bool | int | float):
        cell = WriteOnlyCell(page, value=value)
        if unit and not isinstance(value, bool):
            cell.number_format = _FORMATS.get(unit, _WHOLE)
    else:
        cell = _text_cell(page, value)
    if tall and not cell.alignment.wrap_text:
        cell.alignment = _TOP
    return cell


def _text_cell(page: Any, value: object) -> Any:
    """Return a cell with text in it, whatever it begins with: never a formula, never an error."""
    text = str(csv_cell(plain_text(value)))
    text = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_CUT)] + _CUT
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"
    if len(text) > _WIDTHS[1]:
        cell.alignment = _WRAPPED
    return cell


def _lines(value: object, width: float) -> int:
    """Return how many lines a text takes in a column: a width is in digits, and letters are a little narrower."""
    return math.ceil(len(value) / (1.1 * width)) if isinstance(value, str) else 1


def _set_height(page: Any, row: int, lines: int) -> None:
    """Make a row as high as its text: not every program does so by itself."""
    if lines > 1:
        page.row_dimensions[row].height = min(lines * _LINE_POINTS, _MAX_POINTS)


def _width(name: str, column: pd.Series) -> float:
    """Return a width in characters that shows the name with its filter's arrow, and most of the values."""
    if pd.api.types.is_numeric_dtype(column):
        longest = 10
    else:
        longest = max((len(str(value)) for value in column.head(_ROWS_LOOKED_AT).dropna()), default=0)
    return float(np.clip(max(len(name) + 4, longest + 2), *_WIDTHS))
