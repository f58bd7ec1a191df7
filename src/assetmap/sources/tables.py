"""Tables from CSV files and workbooks: every cell as text, and the header found where the publisher put it."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from assetmap.errors import InputError
from assetmap.files import require_file, sha256_of
from assetmap.sources.columns import first_true
from assetmap.tally import Tally

__all__ = ["file_sha12", "is_workbook", "read_table", "sheet_names"]

T = TypeVar("T")
_SAMPLE_ROWS = 40
_DELIMITERS = (",", ";", "\t", "|")
_WORKBOOK_MAX_BYTES = 400 * 1024 * 1024  # the published File 7 unpacks to about 120 MB
_WORKBOOK_MAX_RATIO = 200
_READ_ME = {"read me", "readme"}
_BEYOND = "\0beyond"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def file_sha12(path: Path | str, sheet: str | None = None) -> str:
    """Return the first 12 hexadecimal digits of a file's SHA-256, which its rows' identifiers carry.

    Where a sheet is named they are of the file's SHA-256 with the sheet's name, so that rows of two sheets differ.
    """
    sha = sha256_of(path)
    return (sha if sheet is None else hashlib.sha256(f"{sha}:{sheet.casefold()}".encode()).hexdigest())[:12]


def is_workbook(path: Path) -> bool:
    """Whether a file is an .xlsx workbook, by what is in it."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as zipped:
            return any(name.startswith("xl/") for name in zipped.namelist()[:200])
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False  # a torn archive: whoever unpacks it says so


def sheet_names(path: Path) -> list[str]:
    """Return the names of a workbook's sheets.

    Raises
    ------
    InputError
        If it is torn or unpacks to too much.
    """
    return _with_workbook(path, lambda book: [sheet.title for sheet in book.worksheets])


def read_table(
    path: Path | str, *, sheet: str | None = None, tally: Tally | None = None, repeated: bool = False
) -> pd.DataFrame:
    """Read a CSV file or an XLSX workbook as text.

    Codes keep their leading zeros and ``NA`` is a value; an empty cell is missing. The delimiter (comma,
    semicolon, tab or bar) and the encoding (UTF-8, UTF-16 with its mark, else Windows-1252) are found from
    the file. Title rows above the header are passed over, as are notes sheets of a workbook. Rows without
    a single cell are left out.

    Parameters
    ----------
    path
        The file.
    sheet
        The workbook's sheet to read; by default the one with the widest table.
    tally
        Is told of repairs, and of a workbook's other sheets that hold a table; its ``read`` is set to the number of
        rows.
    repeated
        Number the columns of one name, ``Title``, ``Title (2)``, instead of refusing them.

    Returns
    -------
    DataFrame
        One row for each row of the file, indexed by its number in the file as a spreadsheet shows it.

    Raises
    ------
    MissingInputError
        If there is no such file.
    InputError
        If it isn't such a table: empty, a web page, binary, torn, with two columns of one name.
    """
    path = require_file(path, "table")
    rows = _workbook_rows(path, sheet, tally) if is_workbook(path) else None
    if rows is not None:
        frame = _frame_of_rows(rows, path, repeated)
    else:
        if sheet is not None:
            raise InputError(f"{path} is not a workbook, so it has no sheet {sheet!r}: leave the sheet out.")
        frame = _read_csv(path, tally, repeated)
    frame = frame[frame.notna().any(axis=1)]
    if tally is not None:
        tally.read = len(frame)
    return frame


def _decode(path: Path) -> tuple[str, bool]:
    """Return the text and whether it had to be read as Windows-1252."""
    data = path.read_bytes()
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<?xml") and b"<html" not in start:
        raise InputError(f"{path} is XML, not a table: give a CSV or XLSX file.")
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        raise InputError(f"{path} is a web page, not a table: download the file itself and try again.")
    if data.startswith(_OLD_EXCEL):
        raise InputError(f"{path} is an old .xls workbook: save it as .xlsx or CSV and try again.")
    if zipfile.is_zipfile(path):
        raise InputError(f"{path} is a zip archive, not a table: unpack it and name the CSV or XLSX inside.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), False
        except UnicodeDecodeError as error:
            raise InputError(f"{path} starts as UTF-16 text and breaks off: get the file again.") from error
    if b"\x00" in data:
        raise InputError(f"{path} is binary, not a table of text: give a CSV or XLSX file.")
    try:
        return data.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), True
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is binary, not a table of text: give a CSV or XLSX file.") from error


def _cut(sample: str, delimiter: str) -> list[list[str]]:
    """Cut the first rows into cells, for sniffing only: what stands in quotation marks becomes one letter."""
    plain = re.sub(r'"(?:[^"]|"")*"', lambda cell: "x" if len(cell[0]) > 2 else "", sample)
    return [line.split(delimiter) for line in plain.split("\n")]


def _sniff_delimiter(sample: str) -> str:
    """Return the delimiter that cuts the most of the first lines into equally many (and most) cells."""

    def score(delimiter: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in _cut(sample, delimiter) if any(row))
        return max(((seen, cells) for cells, seen in counts.items() if cells > 1), default=(0, 0))

    return max(_DELIMITERS, key=score)


def _header_row(rows: Sequence[Sequence[str | None]]) -> int:
    """Return which of the first rows is the header: the first about as full as most rows are."""
    filled = [sum(cell not in (None, "") for cell in row) for row in rows]
    seen = Counter(count for count in filled if count)
    usual = max(seen, key=lambda count: (seen[count], count), default=0)
    return next(i for i, count in enumerate(filled) if count >= 0.75 * usual)


def _clean_header(cells: Sequence[str | None], path: Path, repeated: bool) -> list[str]:
    names = [" ".join((cell or "").lstrip("\ufeff").split()) for cell in cells]
    if repeated:
        names = [
            f"{name} ({before + 1})" if name and (before := names[:place].count(name)) else name
            for place, name in enumerate(names)
        ]
    twice = [name for name, seen in Counter(filter(None, names)).items() if seen > 1]
    if twice:
        raise InputError(
            f"{path} has {len(twice)} column name(s) more than once ({', '.join(map(repr, twice[:3]))}): "
            "rename them so that each is there once."
        )
    if not any(names):
        raise InputError(f"{path} has no header row: put the columns' names in the first row.")
    return [name or f"column {place}" for place, name in enumerate(names, start=1)]


def _read_csv(path: Path, tally: Tally | None, repeated: bool) -> pd.DataFrame:
    text, guessed = _decode(path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InputError(f"{path} holds nothing but white space: get the file again.")
    sample = "".join(islice(io.StringIO(text), _SAMPLE_ROWS))
    delimiter = _sniff_delimiter(sample)
    frame = _parse_csv(text, delimiter, _header_row(_cut(sample, delimiter)), path, repeated)
    if guessed and tally is not None:
        tally.repair("not UTF-8, read as Windows-1252", len(frame))
    return frame


def _parse_csv(text: str, delimiter: str, skipped: int, path: Path, repeated: bool) -> pd.DataFrame:
    options: dict[str, Any] = {
        "sep": delimiter,
        "header": None,
        "index_col": False,
        "dtype": str,
        "keep_default_na": False,
        "na_values": [""],
        "skip_blank_lines": False,
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            top = pd.read_csv(io.StringIO(text), skiprows=skipped, nrows=1, **options)
            names = _clean_header([None if pd.isna(cell) else cell for cell in top.iloc[0]], path, repeated)
            # one column more, so that a comma too many in a row is found and not lost
            wide = [*names, _BEYOND]
            try:
                frame = pd.read_csv(io.StringIO(text), skiprows=skipped + 1, names=wide, **options)
            except pd.errors.EmptyDataError:
                frame = pd.DataFrame(columns=wide, dtype="str")
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError) as error:
        raise InputError(
            f"{path} is not an even table ({_parser_words(error)}): a row has more cells than the "
            "header, or a quotation mark is left open. Correct the row and try again."
        ) from error
    frame.index = pd.RangeIndex(skipped + 2, skipped + 2 + len(frame), name="row")
    beyond = frame.pop(_BEYOND).notna()
    if beyond.any():
        raise InputError(
            f"{path}: {int(beyond.sum())} row(s) have more cells than the header (first: row "
            f"{first_true(beyond)}): put cells that hold a {delimiter!r} in quotation marks."
        )
    return _drop_nameless(frame)


def _parser_words(error: Exception) -> str:
    """Return what pandas says of a broken table, without what it says of itself."""
    words = str(error).splitlines()[0].removeprefix("Error tokenizing data. C error: ")
    if found := re.fullmatch(r"Expected \d+ fields in line (\d+), saw (\d+)", words):
        return f"row {found[1]} has {found[2]} cells"
    return "a quotation mark is open at the end" if words.startswith("EOF inside string") else words


def _drop_nameless(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out columns that have neither a name nor a cell."""
    empty = [name for name in frame.columns if name.startswith("column ") and frame[name].isna().all()]
    return frame.drop(columns=empty)


def _workbook_rows(path: Path, sheet: str | None, tally: Tally | None) -> list[tuple[str | None, ...]]:
    def rows(book: Any) -> list[tuple[str | None, ...]]:
        chosen = _choose_sheet(book, sheet, path, tally)
        chosen.reset_dimensions()
        return [tuple(map(_cell_text, row)) for row in chosen.iter_rows(values_only=True)]

    return _with_workbook(path, rows)


def _with_workbook(path: Path, take: Callable[[Any], T]) -> T:
    """Open a workbook within bounds and return what is taken from it."""
    from openpyxl import load_workbook

    _check_workbook_size(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and validations, which no table needs
        try:
            book = load_workbook(path, read_only=True, data_only=True)
            try:
                return take(book)
            finally:
                book.close()
        except InputError:
            raise
        except Exception as error:  # openpyxl raises whatever the broken part makes it stumble on
            raise InputError(
                f"{path} can't be read as a workbook ({type(error).__name__}: {error}): save it again as .xlsx or CSV."
            ) from error


def _check_workbook_size(path: Path) -> None:
    with zipfile.ZipFile(path) as zipped:
        unpacked = sum(entry.file_size for entry in zipped.infolist())
    if unpacked > _WORKBOOK_MAX_BYTES or unpacked > max(1 << 20, path.stat().st_size * _WORKBOOK_MAX_RATIO):
        raise InputError(f"{path} unpacks to {unpacked // (1 << 20)} MiB: refused. Save the table as CSV.")


def _choose_sheet(book: Any, sheet: str | None, path: Path, tally: Tally | None) -> Any:
    """Return the sheet asked for, else the one with the widest header that has rows below it; never a read-me.

    The tally is told of the others with a table of two columns or more.
    """
    sheets = {s.title: s for s in book.worksheets}
    if sheet is not None:
        found = next((s for title, s in sheets.items() if title.casefold() == sheet.casefold()), None)
        if found is None:
            raise InputError(f"{path} has no sheet {sheet!r}; it has {', '.join(map(repr, sheets))}.")
        return found

    def width(candidate: Any) -> int:
        candidate.reset_dimensions()
        top = list(islice(candidate.iter_rows(values_only=True), _SAMPLE_ROWS))
        counts = [sum(cell is not None for cell in row) for row in top]
        return max(counts) if len([c for c in counts if c]) > 1 else 0

    widths = {title: width(s) for title, s in sheets.items() if title.casefold() not in _READ_ME}
    best = max(widths, key=lambda title: widths[title], default=None)
    if best is None or widths[best] == 0:
        raise InputError(f"{path} has no sheet with a table: put a header row and rows below it.")
    others = [repr(title) for title, found in widths.items() if found > 1 and title != best]
    if others and tally is not None:
        tally.notes.append(
            f"of its sheets {best!r} is read here, and not {', '.join(others)}: add another list of places with "
            "--sheet, or save the sheet as a file and add that"
        )
    return sheets[best]


def _cell_text(value: object) -> str | None:
    """Return a workbook's cell as the text a CSV would have: whole numbers without a point, ISO dates."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _frame_of_rows(rows: list[tuple[str | None, ...]], path: Path, repeated: bool) -> pd.DataFrame:
    if not any(any(row) for row in rows):
        raise InputError(f"{path} holds an empty table: get the file again.")
    top = _header_row(rows[:_SAMPLE_ROWS])
    cells = list(rows[top])
    while cells and not cells[-1]:
        cells.pop()
    names = _clean_header(cells, path, repeated)
    width = max(len(row) for row in rows[top:])
    names += [f"column {place}" for place in range(len(names) + 1, width + 1)]
    body = [tuple(row) + (None,) * (width - len(row)) for row in rows[top + 1 :]]
    frame = pd.DataFrame(body, columns=names, dtype="str")
    frame.index = pd.RangeIndex(top + 2, top + 2 + len(frame), name="row")
    return _drop_nameless(frame)
