"""Blank workbooks to fill in: headers that the imports read, lists to choose from, and a sheet that explains."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from assetmap import schema
from assetmap.encode import csv_cell, plain_text
from assetmap.errors import UsageError
from assetmap.files import write_aside

__all__ = ["blank_forms", "write_blank_form"]

_ROWS = 1000
"""Rows that the lists to choose from hold for."""
_BOLD, _TITLE = Font(bold=True), Font(bold=True, size=14)
_SHADE = PatternFill("solid", fgColor="FFE3ECE6")
_TOP = Alignment(vertical="top", wrap_text=True)
_WIDTH, _WORDS_WIDTH = 16, 48
_LONG = ("what was said", "text", "what", "evidence", "priority")


@cache
def blank_forms() -> dict[str, dict[str, Any]]:
    """Return the kinds of blank workbook, with what each is for and its columns."""
    found: dict[str, dict[str, Any]] = tomllib.loads(
        files("assetmap").joinpath("blank_forms.toml").read_text(encoding="utf-8")
    )
    return found


def write_blank_form(
    kind: str, path: Path, *, rows: Iterable[Sequence[str | None]] = (), overwrite: bool = False
) -> None:
    """Write a blank workbook.

    Parameters
    ----------
    kind
        A key of `blank_forms`.
    path
        Where it goes; an ``.xlsx`` file.
    rows
        What is filled in already, in the order of the columns.
    overwrite
        Replace what is there.

    Raises
    ------
    UsageError
        If there is no such kind, the name isn't that of an XLSX file, or the file is there already.
    """
    if kind not in blank_forms():
        raise UsageError(f"there is no blank form {kind!r}: there are {', '.join(blank_forms())}.")
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path} is no name of a workbook: end it in .xlsx.")
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already: say --overwrite to replace it.")
    form = blank_forms()[kind]
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = kind
    for number, column in enumerate(form["columns"], 1):
        cell = sheet.cell(1, number, column["header"])
        cell.font, cell.fill = _BOLD, _SHADE
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WORDS_WIDTH if column["header"] in _LONG else _WIDTH
        rule = _rule_of(column)
        if rule is not None:
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{_ROWS}")
    for row in rows:
        sheet.append([csv_cell(plain_text(words)) if words else None for words in row])
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet("Read me"), form)
    with write_aside(path) as aside:
        book.save(aside)


def choices(column: dict[str, Any]) -> tuple[str, ...]:
    """Return the words that a column is to be filled with; empty where any will do."""
    return tuple(getattr(schema, column["words"])) if "words" in column else tuple(column.get("values", ()))


def _rule_of(column: dict[str, Any]) -> DataValidation | None:
    words = choices(column)
    if words:
        rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
        rule.error = f"One of: {', '.join(words)}."
    elif column.get("number"):
        rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        rule.showErrorMessage, rule.error = True, "A number of 0 or more."
    else:
        return None
    rule.errorTitle = column["header"]
    return rule


def _explain(sheet: Any, form: dict[str, Any]) -> None:
    sheet.append([form["title"]])
    sheet.append([form["about"]])
    sheet.append([f"Read by: {form['read_by']}"])
    sheet.append([])
    sheet.append(["column", "what goes in", "one of", "example"])
    for column in form["columns"]:
        told = (column["header"], column.get("about"), ", ".join(choices(column)), column.get("example"))
        sheet.append([words or None for words in told])
    sheet["A1"].font = _TITLE
    for cell in sheet[5]:
        cell.font, cell.fill = _BOLD, _SHADE
    for letter, width in zip("ABCD", (18, 60, 40, 36), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=6):
        for cell in row:
            cell.alignment = _TOP
