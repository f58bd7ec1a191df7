"""The page ``out/agenda.html``: a study's actions by level, what they are to lead to, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from assetmap.diagrams.agenda_document import ActionEntry, AgendaEntry, OutcomeEntry, agenda_html
from assetmap.diagrams.drawing import diagram_svg
from assetmap.engagement.agenda import actions_by_level, standing, total_cost
from assetmap.engagement.references import KINDS, parse_reference, slug_of
from assetmap.errors import InputError, UsageError
from assetmap.files import write_text
from assetmap.pages.anchors import place_anchor
from assetmap.plurals import counted
from assetmap.study.engagement.agenda import check_study_agenda, parts_of, read_actions, read_outcomes
from assetmap.study.engagement.system_ties import built_assets
from assetmap.study.engagement.theory import Indicator, Theory, read_theory
from assetmap.study.settings import read_settings

__all__ = ["write_agenda_page"]

_FACTS = (
    ("who", "who"),
    ("when", "when"),
    ("done_on", "done on"),
    ("cost", "cost"),
    ("priority", "answers"),
    ("theme", "about"),
    ("place", "place"),
    ("evidence", "rests on"),
    ("outcome", "leads to"),
)
"""Column of the actions -> what the page calls it, in its order."""
_NEEDED = ("who", "cost", "evidence")


def write_agenda_page(folder: Path, *, today: str, after: Path | None = None) -> tuple[Path, list[Indicator]]:
    """Write the page of a study's agenda, for the team, and return where it is and the figures in it.

    Parameters
    ----------
    folder
        The study folder.
    today
        ISO date written on the page.
    after
        As `theory.read_indicator`.

    Raises
    ------
    InputError
        If what is to lead to what goes in a circle.
    UsageError
        If there is no agenda, or an outcome's indicator isn't one or isn't built.
    """
    settings = read_settings(folder)
    actions, outcomes = read_actions(folder), read_outcomes(folder)
    if actions.empty and outcomes.empty:
        raise UsageError(f"{folder} has no actions or outcomes yet: run `assetmap agenda import {folder} FILE` first.")
    theory = None if standing(actions).empty and outcomes.empty else read_theory(folder, after=after)
    names = _place_names(folder, actions)
    page = AgendaEntry(
        study=settings.study.name,
        notice=settings.study.notice,
        summary=_summary(actions, settings.engagement.budget),
        missing=[(finding.what, finding.at) for finding in check_study_agenda(folder)],
        levels=[
            (words, [_action(row, names) for row in chosen.to_dict("records")])
            for words, chosen in actions_by_level(actions)
        ],
        outcomes=[] if theory is None else _outcomes(theory, outcomes),
        drawing=Markup() if theory is None else diagram_svg(theory.diagram),
        made=f"Made on {today} by assetmap.",
    )
    target = folder / "out" / "agenda.html"
    write_text(target, agenda_html(page))
    return target, [] if theory is None else list(theory.indicators.values())


def _summary(actions: pd.DataFrame, budget: Decimal | None) -> str:
    states = Counter(actions["status"].fillna("of unknown status"))
    cost = total_cost(actions)
    told = ", ".join(f"{count} {status}" for status, count in states.items())
    allowed = "" if budget is None else f" of a budget of £{budget:,.2f}"
    many = counted(len(actions), "action")
    return f"{many}{f': {told}' if told else ''}. Those with a known cost take £{cost:,.2f}{allowed}."


def _action(row: Mapping[Any, Any], names: Mapping[str, str]) -> ActionEntry:
    facts = [
        (words, _told(column, row[column]))
        for column, words in _FACTS
        if pd.notna(row[column]) or (column in _NEEDED and row["status"] != "dropped")
    ]
    places = [(place_anchor(asset), names.get(asset, asset)) for asset in _assets_of(row["assets"])]
    return ActionEntry(row["what"], "status not known" if pd.isna(row["status"]) else row["status"], facts, places)


def _told(column: str, cell: object) -> str:
    if not isinstance(cell, str):
        return "not known"
    if column == "cost":
        return f"£{Decimal(cell):,.2f}"
    return _counted(parts_of(cell)) if column == "evidence" else "; ".join(parts_of(cell))


def _counted(parts: Iterable[str]) -> str:
    """Return how many of each kind references name, and other words as they are."""
    kinds: Counter[str] = Counter()
    words = []
    for part in parts:
        try:
            kinds[parse_reference(part).kind] += 1
        except InputError:
            words.append(part)
    return "; ".join([*(f"{count} {KINDS[kind][count > 1]}" for kind, count in kinds.items()), *words])


def _assets_of(cell: object) -> list[str]:
    return [part.removeprefix("asset:") for part in parts_of(cell)]


def _place_names(folder: Path, actions: pd.DataFrame) -> dict[str, str]:
    """Return what the last build calls the places that actions use."""
    wanted = {asset for cell in actions["assets"] for asset in _assets_of(cell)}
    assets = built_assets(folder) if wanted else None
    if assets is None:
        return {}
    named = assets[assets["asset_id"].isin(wanted) & assets["name"].notna()]
    return dict(zip(named["asset_id"], named["name"], strict=True))


def _outcomes(theory: Theory, outcomes: pd.DataFrame) -> list[OutcomeEntry]:
    found = {f"outcome:{slug_of(row['outcome'])}": _found(row) for row in outcomes.to_dict("records")}
    entries = []
    for ref, words in theory.labels.items():
        if ref.startswith("outcome:"):
            figure = theory.indicators.get(ref)
            told = ("", "", "") if figure is None else (figure.meaning, figure.now, figure.later)
            entries.append(OutcomeEntry(words, *told, found.get(ref, "")))
    return entries


def _found(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["found"]):
        return ""
    day = "" if pd.isna(row["measured_on"]) else f" ({row['measured_on']})"
    return f"Found afterwards: {row['found']}{day}"
