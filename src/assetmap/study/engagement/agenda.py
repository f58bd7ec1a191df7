"""A study's agenda: actions and outcomes out of a table, kept in ``engagement/``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from assetmap.engagement.agenda import Finding, check_agenda, read_amount, read_level
from assetmap.engagement.chain import ChainPart
from assetmap.engagement.references import parse_reference, slug_of
from assetmap.errors import InputError
from assetmap.sources.columns import find_columns, take_text
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
    "status": ("status",),
}
_OUTCOME: Mapping[str, tuple[str, ...]] = {
    "outcome": ("outcome",),
    "leads_to": ("leads to",),
    "indicator": ("indicator", "figure"),
}


def read_actions(folder: Path) -> pd.DataFrame:
    """Return the actions of a study, all as text; what isn't known is missing."""
    return read_rows(folder, ACTIONS, (*_ACTION, "source"))


def read_outcomes(folder: Path) -> pd.DataFrame:
    """Return the outcomes of a study: ``outcome``, ``leads_to``, ``indicator``."""
    return read_rows(folder, OUTCOMES, (*_OUTCOME, "source"))


def import_agenda(folder: Path, path: Path) -> list[Tally]:
    """Take actions, outcomes or both into the study; what comes again under its name takes its own place.

    Parameters
    ----------
    folder
        The study folder.
    path
        CSV with the columns of ``assetmap template actions``, or with ``outcome``, ``leads to`` and ``indicator``; or a
        workbook with such tables in the sheets Actions and Outcomes.

    Raises
    ------
    InputError, MissingInputError
        If it isn't such a table.
    """
    read_settings(folder)
    sheets: list[str | None] = (
        [name for name in sheet_names(path) if name.casefold() in ("actions", "outcomes")] if is_workbook(path) else []
    )
    read = [_read(path, sheet) for sheet in (sheets or [None])]
    with study_lock(folder):
        source = keep_input(folder, path)
        for name, rows, _ in read:
            add_rows(folder, name, rows.assign(source=source), ["outcome" if name == OUTCOMES else "action"])
    return [tally for _, _, tally in read]


def _read(path: Path, sheet: str | None) -> tuple[str, pd.DataFrame, Tally]:
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
    named = table["outcome"].map(_has_letters)
    return OUTCOMES, tally.drop_where(table, ~named, "no outcome in words", lambda row: f"row {row}"), tally


def _has_letters(text: object) -> bool:
    return isinstance(text, str) and any(char.isalnum() for char in text)


def _actions(table: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    table = tally.drop_where(table, ~table["what"].map(_has_letters), "no action in words", lambda row: f"row {row}")
    table = table.copy()
    costs, levels = (
        table[name].map(read, na_action="ignore") for name, read in (("cost", read_amount), ("level", read_level))
    )
    for name, read in (("cost", costs), ("level", levels)):
        tally.repair(f"{name} not understood, left empty", int((table[name].notna() & read.isna()).sum()))
    table["cost"] = [None if pd.isna(cost) else str(cost) for cost in costs]
    table["level"] = levels
    table["action"] = table["action"].fillna(table["what"]).map(slug_of)
    again = table["action"].duplicated()
    kept: pd.DataFrame = tally.drop_where(table, again, "an id that another action has", lambda row: f"row {row}")
    return kept


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
    return check_agenda(read_actions(folder), priorities=priorities, budget=settings.engagement.budget)


def chain_part(folder: Path) -> ChainPart:
    """Return what the agenda knows of the chain: actions, what they answer, use, rest on and lead to; outcomes."""
    links: list[tuple[str, str, str, str]] = []
    items: list[tuple[str, str, str]] = []
    for row in read_actions(folder).to_dict("records"):
        ref, source = f"action:{row['action']}", f"{FOLDER}/{ACTIONS}"
        items.append((ref, row["what"], source))
        named = [
            *(("answers", _worded("priority", words)) for words in parts_of(row["priority"])),
            *(("about", _worded("theme", words)) for words in parts_of(row["theme"])),
            *(("uses", _known(f"asset:{words.removeprefix('asset:')}")) for words in parts_of(row["assets"])),
            *(("leads to", _worded("outcome", words)) for words in parts_of(row["outcome"])),
            *(("rests on", _known(words)) for words in parts_of(row["evidence"])),
        ]
        links += [(ref, to, relation, source) for relation, to in named if to]
    for row in read_outcomes(folder).to_dict("records"):
        ref, source = f"outcome:{slug_of(row['outcome'])}", f"{FOLDER}/{OUTCOMES}"
        items.append((ref, row["outcome"], source))
        led = [_worded("outcome", words) for words in parts_of(row["leads_to"])]
        links += [(ref, to, "leads to", source) for to in led if to]
        figures = [to for words in parts_of(row["indicator"]) if (to := _known(f"figure:{words}"))]
        links += [(ref, to, "measured by", source) for to in figures]
        items += [(to, to.removeprefix("figure:"), "out/") for to in figures]
    return ChainPart.of(links, items)


def _worded(kind: str, words: str) -> str | None:
    """Return the reference of what goes by its words."""
    return f"{kind}:{slug_of(words)}" if _has_letters(words) else None


def _known(text: str) -> str | None:
    """Return a reference, or None where a cell's words are none: they stay in the table as words."""
    try:
        return str(parse_reference(text))
    except InputError:
        return None
