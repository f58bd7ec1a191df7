"""A study's agenda: actions and outcomes out of a table, kept in ``engagement/``."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from assetmap.engagement.agenda import Finding, check_agenda, read_amount, read_level, read_status
from assetmap.engagement.chain import ChainPart, join_parts
from assetmap.engagement.references import parse_reference, slug_of
from assetmap.errors import InputError
from assetmap.sources.columns import find_columns, take_text
from assetmap.sources.dates import read_dates
from assetmap.sources.tables import is_workbook, read_table, sheet_names
from assetmap.study.engagement import voting
from assetmap.study.engagement.decision_tables import FOLDER, add_rows, keep_input, read_rows, study_lock
from assetmap.study.settings import read_settings
from assetmap.tally import Tally

__all__ = ["chain_part", "check_study_agenda", "import_agenda", "parts_of", "read_actions", "read_outcomes"]

ACTIONS, OUTCOMES = "actions.csv", "outcomes.csv"
_ACTION: Mapping[str, tuple[str, ...]] = {
    "action": ("id", "action id"),
    "what": ("what", "action"),
    "who": ("who", "owner", "lead"),
    "when": ("when", "by when", "deadline"),
    "cost": ("cost", "cost gbp"),
    "level": ("level",),
    "priority": ("priority",),
    "theme": ("theme",),
    "place": ("place",),
    "assets": ("assets", "assets used"),
    "evidence": ("evidence",),
    "outcome": ("outcome", "outcomes"),
    "status": ("status", "state", "progress"),
    "done_on": ("done on", "done", "date done", "completed on", "completed"),
}
_OUTCOME: Mapping[str, tuple[str, ...]] = {
    "outcome": ("outcome",),
    "leads_to": ("leads to",),
    "indicator": ("indicator", "figure"),
    "found": ("found", "measured", "result", "achieved"),
    "measured_on": ("measured on", "date measured"),
}
_OPTIONAL = ("status", "done_on", "found", "measured_on")
"""Columns that a table may lack: an empty cell in them says that nothing is known, and is told so."""
_PART_OF_A_DATE = r"\d{4}(-(0[1-9]|1[0-2]))?"


def read_actions(folder: Path) -> pd.DataFrame:
    """Return the actions of a study, all as text; what isn't known is missing."""
    return read_rows(folder, ACTIONS, (*_ACTION, "source"), optional=_OPTIONAL)


def read_outcomes(folder: Path) -> pd.DataFrame:
    """Return the outcomes of a study: ``outcome``, ``leads_to``, ``indicator``, ``found``, ``measured_on``."""
    return read_rows(folder, OUTCOMES, (*_OUTCOME, "source"), optional=_OPTIONAL)


def import_agenda(folder: Path, path: Path) -> tuple[list[Tally], str]:
    """Take actions, outcomes or both into the study; what comes again under its name takes its own place.

    What an earlier file had and this one lacks stays. An earlier version of the file stays in ``inputs/``, and this one
    goes beside it.

    Parameters
    ----------
    folder
        The study folder.
    path
        CSV or XLSX with the columns of ``assetmap template actions`` or ``assetmap template outcomes``; or a workbook
        with such tables in the sheets Actions and Outcomes.

    Returns
    -------
    tallies : list of Tally
        What was read, of each table.
    kept : str
        The file's name in the study.

    Raises
    ------
    InputError, MissingInputError
        If it isn't such a table.
    """
    read_settings(folder)
    sheets: list[str | None] = (
        [name for name in sheet_names(path) if name.casefold() in ("actions", "outcomes")] if is_workbook(path) else []
    )
    read = [_read_table(path, sheet) for sheet in (sheets or [None])]
    with study_lock(folder):
        source = keep_input(folder, path, beside=True)
        for name, rows, _ in read:
            key = ["outcome" if name == OUTCOMES else "action"]
            add_rows(folder, name, rows.assign(source=source), key, optional=_OPTIONAL)
    return [tally for _, _, tally in read], source


def _read_table(path: Path, sheet: str | None) -> tuple[str, pd.DataFrame, Tally]:
    tally = Tally(path.name if sheet is None else f"{path.name}, {sheet}")
    frame = read_table(path, sheet=sheet, tally=tally)
    found = find_columns(frame.columns, _ACTION, what=str(path))
    if "what" in found:
        table = pd.DataFrame({field: take_text(frame, found.get(field)) for field in _ACTION})
        return ACTIONS, _actions(table, tally), tally
    found = find_columns(frame.columns, _OUTCOME, what=str(path))
    if "outcome" not in found:
        raise InputError(
            f"{path} has neither actions (a column `what`) nor outcomes (a column `outcome`): name one so."
        )
    table = pd.DataFrame({field: take_text(frame, found.get(field)) for field in _OUTCOME})
    table["measured_on"] = _read(table, "measured_on", _days, tally)
    named = table["outcome"].map(_has_letters)
    return OUTCOMES, tally.drop_where(table, ~named, "no outcome in words", lambda row: f"row {row}"), tally


def _has_letters(text: object) -> bool:
    return isinstance(text, str) and any(char.isalnum() for char in text)


def _actions(table: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    table = tally.drop_where(table, ~table["what"].map(_has_letters), "no action in words", lambda row: f"row {row}")
    table = table.copy()
    table["cost"] = _read(table, "cost", lambda cells: _each(cells, read_amount).map(str, na_action="ignore"), tally)
    table["level"] = _read(table, "level", lambda cells: _each(cells, read_level), tally)
    table["status"] = _read(table, "status", lambda cells: _each(cells, read_status), tally)
    table["done_on"] = _read(table, "done_on", _days, tally)
    table["action"] = table["action"].fillna(table["what"]).map(slug_of)
    again = table["action"].duplicated()
    kept: pd.DataFrame = tally.drop_where(table, again, "an id that another action has", lambda row: f"row {row}")
    return kept


def _read(table: pd.DataFrame, name: str, how: Callable[[pd.Series], pd.Series], tally: Tally) -> pd.Series:
    """Return a column as it is understood; what isn't is missing, and counted."""
    read = how(table[name])
    lost = int((table[name].notna() & read.isna()).sum())
    tally.repair(f"{name.replace('_', ' ')} not understood, left empty", lost)
    return read


def _each(cells: pd.Series, how: Callable[[str], object]) -> pd.Series:
    return cells.map(how, na_action="ignore")


def _days(cells: pd.Series) -> pd.Series:
    """Return ISO days, months or years; missing where a text is none of these."""
    return read_dates(cells).fillna(cells.where(cells.str.fullmatch(_PART_OF_A_DATE).fillna(False)))


def parts_of(text: object) -> list[str]:
    """Return what stands between semicolons."""
    return [part.strip() for part in str(text).split(";") if part.strip()] if isinstance(text, str) else []


def check_study_agenda(folder: Path) -> list[Finding]:
    """Check a study's actions against its priorities and budget; see `check_agenda`."""
    settings = read_settings(folder)
    items = voting.chain_part(folder).items
    voted = items[items["ref"].str.startswith("priority:")]
    priorities = [
        (ref.removeprefix("priority:"), label) for ref, label in zip(voted["ref"], voted["label"], strict=True)
    ]
    actions, outcomes = read_actions(folder), read_outcomes(folder)
    return check_agenda(actions, outcomes, priorities=priorities, budget=settings.engagement.budget)


def chain_part(folder: Path) -> ChainPart:
    """Return what the agenda knows of the chain: actions, what they answer, use, rest on and lead to; outcomes.

    An outcome that an action or another outcome merely names goes by the words that it is named with.
    """
    return join_parts([_outcomes_part(read_outcomes(folder)), _actions_part(read_actions(folder))])


def _actions_part(actions: pd.DataFrame) -> ChainPart:
    links: list[tuple[str, str, str, str]] = []
    items: list[tuple[str, str, str]] = []
    states: dict[str, tuple[str | None, str | None]] = {}
    source = f"{FOLDER}/{ACTIONS}"
    for row in _records(actions.assign(due=_days(actions["when"]))):
        ref, outcomes = f"action:{row['action']}", _outcomes_in(row["outcome"])
        items += [(ref, row["what"], source), *((to, words, source) for to, words in outcomes)]
        states[ref] = (row["status"], {"done": row["done_on"], "dropped": None}.get(row["status"], row["due"]))
        named = [
            *(("answers", _worded("priority", words)) for words in parts_of(row["priority"])),
            *(("about", _worded("theme", words)) for words in parts_of(row["theme"])),
            *(("uses", _known(f"asset:{words.removeprefix('asset:')}")) for words in parts_of(row["assets"])),
            *(("leads to", to) for to, _ in outcomes),
            *(("rests on", _known(words)) for words in parts_of(row["evidence"])),
        ]
        links += [(ref, to, relation, source) for relation, to in named if to]
    return ChainPart.of(links, items, states)


def _outcomes_part(outcomes: pd.DataFrame) -> ChainPart:
    links: list[tuple[str, str, str, str]] = []
    items: list[tuple[str, str, str]] = []
    named: list[tuple[str, str, str]] = []
    states: dict[str, tuple[str | None, str | None]] = {}
    source = f"{FOLDER}/{OUTCOMES}"
    for row in _records(outcomes):
        ref = f"outcome:{slug_of(row['outcome'])}"
        items.append((ref, row["outcome"] + (f": {row['found']}" if row["found"] else ""), source))
        states[ref] = ("measured", row["measured_on"]) if row["found"] else (None, None)
        further = _outcomes_in(row["leads_to"])
        figures = [to for words in parts_of(row["indicator"]) if (to := _known(f"figure:{words}"))]
        links += [(ref, to, "leads to", source) for to, _ in further]
        links += [(ref, to, "measured by", source) for to in figures]
        named += [(to, words, source) for to, words in further]
        named += [(to, to.removeprefix("figure:"), "out/") for to in figures]
    return ChainPart.of(links, [*items, *named], states)


def _outcomes_in(cell: object) -> list[tuple[str, str]]:
    """Return the outcomes that a cell names: reference and words."""
    return [(to, words) for words in parts_of(cell) if (to := _worded("outcome", words))]


def _records(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return a table's rows; what isn't known is None."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def _worded(kind: str, words: str) -> str | None:
    """Return the reference of what goes by its words."""
    return f"{kind}:{slug_of(words)}" if _has_letters(words) else None


def _known(text: str) -> str | None:
    """Return a reference, or None where a cell's words are none: they stay in the table as words."""
    try:
        return str(parse_reference(text))
    except InputError:
        return None
