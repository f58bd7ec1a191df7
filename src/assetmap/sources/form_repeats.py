"""Forms whose answers stand in several tables or columns: repeat groups, and questions with several answers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from assetmap.errors import InputError
from assetmap.sources.columns import take_text
from assetmap.sources.tables import is_workbook, read_table, sheet_names
from assetmap.sources.voice_columns import find_voice_columns
from assetmap.tally import Tally

__all__ = ["gather_answers", "read_form"]

_SHARED = ("consent", "contributor", "date", "session", "session_kind", "session_place", "facilitator")
"""What a submission says for all of its repeats. Its words and place are its own, and its person counts once."""
_TICKS = {"0", "1", "true", "false"}


def read_form(path: Path, tally: Tally) -> pd.DataFrame:
    """Read a table, or a form's workbook whose repeat groups stand on further sheets.

    KoboToolbox writes a sheet for each repeat group, whose rows name their submission in ``_submission__uuid`` and
    their row of the sheet above in ``_parent_index``; there ``_index`` is a row's number (formpack,
    ``reporting/export.py``). Each row of a repeat becomes a row by itself, with the consent, contributor, date and
    session of its submission where it has none of its own; what a repeat calls otherwise and means the same stands in
    one column with the submission's.

    Parameters
    ----------
    path
        CSV or XLSX.
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
        As `read_table`; or if a repeat's rows name no submission that is there.
    """
    sheets = _sheets(path) if is_workbook(path) else {}
    repeats = {name: table for name, table in sheets.items() if "_parent_index" in table}
    mains = [name for name in sheets if name not in repeats and {"_index", "_uuid"} & set(sheets[name])]
    if not repeats or len(mains) != 1:
        return gather_answers(read_table(path, tally=tally)).assign(_of_repeat=False)
    main = gather_answers(sheets[mains[0]])
    known = find_voice_columns(main.columns, {}, what=path.name)
    shared = {field: known[field] for field in _SHARED if field in known}
    parts = [main.assign(_of_repeat=False)]
    for name, table in repeats.items():
        above = _submission_of(table, mains[0], sheets, path)
        rows = gather_answers(table.drop(columns=["_parent_index", "_parent_table_name", "_index"], errors="ignore"))
        rows = rows.assign(**{_uuid_of(main): take_text(main, _uuid_of(main)).reindex(above).to_numpy() + f"/{name}["})
        rows[_uuid_of(main)] += (rows.groupby(_uuid_of(main)).cumcount() + 1).astype("str") + "]"
        own = find_voice_columns(rows.columns, {}, what=f"{path.name}, sheet {name}")
        known = {**own, **known}
        rows = rows.rename(columns={header: known[field] for field, header in own.items() if field != "submission"})
        for header in shared.values():
            said = take_text(main, header).reindex(above).set_axis(rows.index)
            rows[header] = take_text(rows, header if header in rows else None).fillna(said)
        start = max(part.index.max() for part in parts) + 1
        parts.append(rows.assign(_of_repeat=True).set_axis(range(start, start + len(rows))))
    tally.read = sum(map(len, parts))
    return pd.concat(parts)


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
            raise InputError(f"{path.name}: a repeat belongs to the sheet {parent!r}, which isn't there: export anew.")
        numbered = pd.Series(above.index, index=take_text(above, "_index")).loc[lambda s: ~s.index.duplicated()]
        at = take_text(rows, "_parent_index").reindex(at).map(numbered).set_axis(table.index)
        if at.isna().any():
            raise InputError(
                f"{path.name}: {int(at.isna().sum())} rows of a repeat belong to no row of the sheet {parent!r}: "
                "export the form again, whole."
            )
        if parent == main:
            return at
        rows = above


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
