"""Forms whose answers stand in several tables or columns: repeat groups, and questions with several answers."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import pandas as pd

from assetmap.archives import unpack_zip, zip_names
from assetmap.errors import InputError
from assetmap.plurals import counted
from assetmap.sources.columns import take_text
from assetmap.sources.map_questions import gather_map_questions
from assetmap.sources.tables import is_workbook, read_table, sheet_names
from assetmap.sources.vector import VECTOR_SUFFIXES
from assetmap.sources.voice_columns import find_voice_columns
from assetmap.tally import Tally

__all__ = ["gather_answers", "is_zipped_form", "join_repeated", "read_form"]

_SHARED = ("consent", "contributor", "date", "session", "session_kind", "session_place", "facilitator")
"""What a submission says for all of its repeats. Its words and place are its own, and its person counts once."""
_REPEATED = re.compile(r" \(\d+\)$")
_TICKS = {"0", "1", "true", "false"}


def is_zipped_form(path: Path) -> bool:
    """Whether a file is a zip with a form's tables as CSV files, such as ODK Central's, and no map, as a KMZ has."""
    if not zipfile.is_zipfile(path) or is_workbook(path):
        return False
    names = zip_names(path)
    return any(map(_is_table, names)) and not any(map(_is_map, names))


def read_form(path: Path, tally: Tally) -> pd.DataFrame:
    """Read a table, or a form whose repeat groups stand on further sheets, or in further files of a zip.

    KoboToolbox writes a sheet for each repeat group, whose rows name their submission in ``_submission__uuid`` and
    their row of the sheet above in ``_parent_index``; there ``_index`` is a row's number (formpack,
    ``reporting/export.py``). ODK Central writes a zip with ``<form>.csv``, ``<form>-<repeat>.csv`` for each repeat and
    a folder ``media``, which isn't unpacked; a repeat's row has a ``KEY`` of its own, and that of the row above as its
    ``PARENT_KEY`` (central-backend, ``lib/data/briefcase.js``). Each row of a repeat becomes a row by itself, with the
    consent, contributor, date and session of its submission where it has none of its own; what a repeat calls otherwise
    and means the same stands in one column with the submission's.

    Parameters
    ----------
    path
        CSV or XLSX, or a zip of CSV files.
    tally
        Its ``read`` is set to the number of rows, those of repeats among them.

    Returns
    -------
    DataFrame
        As `read_table` returns it, with ``_of_repeat`` (whether a row is one of a repeat). Rows of repeats are numbered
        on from the last row of the main sheet.

    Raises
    ------
    InputError
        As `read_table`; or if a repeat's rows name no submission that is there; or if a zip holds more than one form,
        or more than `archives` allows.
    """
    zipped = is_zipped_form(path)
    tables = _files(path, tally) if zipped else _sheets(path) if is_workbook(path) else {}
    repeats = {name: table for name, table in tables.items() if {"_parent_index", "PARENT_KEY"} & set(table)}
    others = {name: table for name, table in tables.items() if name not in repeats}
    mains = [name for name in others if {"_index", "_uuid", "KEY"} & set(others[name])] if repeats else list(others)
    if zipped and (len(mains) != 1 or len(others) != 1):
        raise InputError(
            f"{path} holds {len(others)} tables that aren't one form and its repeats ({', '.join(list(others)[:5])}): "
            "unpack it and import them one by one."
        )
    if not zipped and (not repeats or len(mains) != 1):
        asked = gather_map_questions(tables, _SHARED)
        if asked is None:
            table = join_repeated(read_table(path, tally=tally, repeated=True))
            return gather_answers(table).assign(_of_repeat=False)
        tally.read = len(asked)
        return asked
    main = gather_answers(tables[mains[0]])
    parts = [main.assign(_of_repeat=False)]
    known = find_voice_columns(main.columns, {}, what=path.name)
    for name, table in repeats.items():
        if table.empty:
            continue
        rows = _named_rows(name, table, main, mains[0], tables, path)
        own = find_voice_columns(rows.columns.drop("_above"), {}, what=f"{path.name}, {name}")
        rows, known = _like_main(rows, own, main, known)
        start = max(part.index.max() for part in parts) + 1
        parts.append(rows.assign(_of_repeat=True).set_axis(range(start, start + len(rows))))
    tally.read = sum(map(len, parts))
    return pd.concat(parts)


def _named_rows(
    name: str, table: pd.DataFrame, main: pd.DataFrame, top: str, tables: dict[str, pd.DataFrame], path: Path
) -> pd.DataFrame:
    """Return a repeat's rows, each named in the main table's column of submissions, with the row ``_above`` in it."""
    if "PARENT_KEY" in table:
        rows = gather_answers(table.drop(columns=["PARENT_KEY"]))
        return rows.assign(_above=_submission_of_keys(table, top, tables, path))
    above = _submission_of(table, top, tables, path)
    rows = gather_answers(table.drop(columns=["_parent_index", "_parent_table_name", "_index"], errors="ignore"))
    named = _uuid_of(main)
    rows = rows.assign(**{named: take_text(main, named).reindex(above).to_numpy() + f"/{name}["}, _above=above)
    rows[named] += (rows.groupby(named).cumcount() + 1).astype("str") + "]"
    return rows


def _like_main(
    rows: pd.DataFrame, own: dict[str, str], main: pd.DataFrame, known: dict[str, str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a repeat's rows under the submissions' headers, with what these say for them, and what is known now."""
    above = rows.pop("_above")
    shared = {field: known[field] for field in _SHARED if known.get(field) in main}
    known = {**own, **known}
    rows = rows.rename(columns={header: known[field] for field, header in own.items() if field != "submission"})
    for header in shared.values():
        said = take_text(main, header).reindex(above).set_axis(rows.index)
        rows[header] = take_text(rows, header if header in rows else None).fillna(said)
    return rows, known


def _is_table(name: str) -> bool:
    inside = PurePosixPath(name)
    return inside.suffix.lower() == ".csv" and not {"media", "__MACOSX"} & set(inside.parts)


def _is_map(name: str) -> bool:
    inside = PurePosixPath(name)
    return inside.suffix.lower() in VECTOR_SUFFIXES and not {"media", "__MACOSX"} & set(inside.parts)


def _files(path: Path, tally: Tally) -> dict[str, pd.DataFrame]:
    """Return the tables of a zip by the names of their files; the photographs beside them aren't unpacked."""
    found: dict[str, pd.DataFrame] = {}
    with tempfile.TemporaryDirectory(prefix="assetmap-") as folder:
        for file in unpack_zip(path, Path(folder), wanted=_is_table):
            if file.stem in found:
                raise InputError(f"{path} holds {file.name} twice: unpack it and import the one that holds.")
            try:
                found[file.stem] = read_table(file, tally=tally)
            except InputError as error:
                raise InputError(str(error).replace(str(file), f"{path}, {file.name}")) from error
    return found


def _submission_of_keys(table: pd.DataFrame, top: str, tables: dict[str, pd.DataFrame], path: Path) -> pd.Series:
    """Return the row of the main table that each row of a repeat belongs to, through the repeats that it is within."""
    keys = take_text(tables[top], "KEY")
    rows = pd.Series(keys.index, index=keys).loc[lambda s: ~s.index.duplicated(keep="last")]
    nested = [other for other in tables.values() if {"PARENT_KEY", "KEY"} <= set(other)]
    parents = pd.concat([pd.Series(take_text(t, "PARENT_KEY").to_numpy(), index=take_text(t, "KEY")) for t in nested])
    parents = parents[~parents.index.duplicated()]
    at = take_text(table, "PARENT_KEY")
    for _ in nested:
        at = at.where(at.isin(rows.index), at.map(parents))
    found = at.map(rows)
    if found.isna().any():
        raise _torn(path, int(found.isna().sum()), top)
    return found


def _torn(path: Path, rows: int, parent: str) -> InputError:
    return InputError(
        f"{path.name}: {counted(rows, 'row')} of a repeat without its row of {parent!r}: export the form again, whole."
    )


def _sheets(path: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a workbook's sheets; sheets that hold none are left out."""
    found = {}
    for name in sheet_names(path):
        try:
            found[name] = read_table(path, sheet=name)
        except InputError:  # a sheet of notes, or an empty one: where there is no other, `read_table` says so
            continue
    return found


def _uuid_of(main: pd.DataFrame) -> str:
    return "_uuid" if "_uuid" in main else "_id" if "_id" in main else "_index"


def _submission_of(table: pd.DataFrame, main: str, sheets: dict[str, pd.DataFrame], path: Path) -> pd.Series:
    """Return the row of the main sheet that each row of a repeat belongs to, through the repeats that it is within."""
    rows = table
    at = pd.Series(table.index, index=table.index)
    while True:
        parent = str(rows["_parent_table_name"].iloc[0]) if "_parent_table_name" in rows else main
        above = sheets.get(parent)
        if above is None or "_index" not in above:
            raise InputError(f"{path.name}: a repeat belongs to {parent!r}, which isn't there: export anew.")
        numbered = pd.Series(above.index, index=take_text(above, "_index")).loc[lambda s: ~s.index.duplicated()]
        at = take_text(rows, "_parent_index").reindex(at).map(numbered).set_axis(table.index)
        if at.isna().any():
            raise _torn(path, int(at.isna().sum()), parent)
        if parent == main:
            return at
        rows = above


def join_repeated(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which columns of one name are one, where no row has a cell in two of them.

    Ushahidi's table of all posts has a column for each question of each survey, and surveys ask alike: ``Title``,
    ``Title``. A post belongs to one survey and fills that one's. What came by a message, of no survey, is described in
    ``Unstructured Description``.

    Examples
    --------
    >>> join_repeated(pd.DataFrame({"Title": ["Dark", None], "Title (2)": [None, "Noise"]})).to_dict("list")
    {'Title': ['Dark', 'Noise']}
    """
    joined = table.copy()
    for header in map(str, table.columns):
        first = _REPEATED.sub("", header).removeprefix("Unstructured ")
        if first not in joined and header.startswith("Unstructured "):
            joined[first] = joined.pop(header)
            continue
        if first == header or first not in joined or (joined[first].notna() & joined[header].notna()).any():
            continue
        joined[first] = joined[first].fillna(joined.pop(header))
    return joined


def gather_answers(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which a question with several answers is one column, with semicolons between them.

    Forms write it as one column with spaces between the answers, as a column ``question/answer`` of 0 and 1 for each,
    or as both; which answer is which can be told from the latter alone.

    Examples
    --------
    >>> table = pd.DataFrame({"theme": ["parks safety", None], "theme/parks": ["1", "0"], "theme/safety": ["1", "0"]})
    >>> gather_answers(table)["theme"].tolist()
    ['parks; safety', nan]
    """
    split: dict[str, list[str]] = {}
    for header in map(str, table.columns):
        question, _, answer = header.rpartition("/")
        if question and answer and _ticked(take_text(table, header)):
            split.setdefault(question, []).append(header)
    gathered = table.copy()
    for question, headers in split.items():
        if question not in table and len(headers) < 2:  # a number of its own, in a group
            continue
        ticks = {name.rpartition("/")[2]: _yes(take_text(table, name)) for name in headers}
        chosen = ["; ".join(name for name, yes in ticks.items() if yes[row]) or None for row in table.index]
        gathered = gathered.drop(columns=headers)
        gathered[question] = pd.Series(chosen, index=table.index, dtype="str")
    return gathered


def _yes(words: pd.Series) -> pd.Series:
    return words.str.casefold().isin(("1", "true"))


def _ticked(words: pd.Series) -> bool:
    said: Iterable[str] = words.dropna().str.casefold().unique()
    return set(said) <= _TICKS and bool(words.notna().any())
