"""Who was heard in a study, beside the census, with small counts hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assetmap.disclosure.small_counts import Rule, suppress
from assetmap.engagement.heard import ATTRIBUTES, LEVEL, Heard, chance_of, compare_heard
from assetmap.errors import DisclosureError, InputError, UsageError
from assetmap.sources.columns import find_columns, read_numbers, take_text
from assetmap.sources.population import read_population
from assetmap.sources.tables import read_table
from assetmap.study.engagement.voices import all_people, read_study_voices
from assetmap.study.figures.zone_facts import PEOPLE_FETCHED
from assetmap.study.inputs import read_area_and_box
from assetmap.study.settings import read_settings
from assetmap.tally import Tally

__all__ = ["Hearing", "hear_study", "hide_small"]

_CENSUS: Mapping[str, tuple[str, ...]] = {
    "attribute": ("attribute", "variable", "what"),
    "group": ("group", "category", "value"),
    "people": ("people", "residents", "count", "observation", "number"),
}

_WHOLE, _TOLD, _UNTOLD = "whole", "of the groups", "not told"
"""Names of sums, beside ``group <name>`` and ``word <word>``."""


@dataclass(frozen=True)
class Hearing:
    """Who was heard."""

    people: int | None
    """People who were heard: persons where the files name them, else submissions; None where they are fewer than k."""
    attributes: tuple[Heard, ...]
    """What is hidden is NaN in ``heard``, ``share_heard`` and ``chance``, and ``hidden`` says so; see `hide_small`."""
    lacking: tuple[str, ...]
    """Attributes that the census figures of the study don't have, and that somebody told."""
    k: int


def hear_study(folder: Path, *, census: Path | None = None) -> Hearing:
    """Compare the people behind a study's voices with the people who live there.

    Counted are the voices that were imported, whose files say of what age, sex or ethnicity somebody is. Sheets of the
    kiosk and walks don't say that, and aren't counted.

    Parameters
    ----------
    folder
        The study folder.
    census
        A table with ``attribute`` (age, sex, ethnicity), ``group`` and ``people``; ages by default come from the
        study's population.

    Raises
    ------
    UsageError
        If the study has no voices, or nothing to compare them with.
    """
    settings = read_settings(folder)
    area, near = read_area_and_box(folder, settings)
    people = all_people(read_study_voices(folder, crs=area.crs, near=near))
    if people.empty:
        raise UsageError(f"{folder} has no voices yet: bring them in with `assetmap voices import`.")
    residents = _ages(folder, settings, area)
    residents |= _census(census) if census else {}
    told = [name for name in ATTRIBUTES if people[name].notna().any()]
    if not residents:
        raise UsageError(
            f"{folder} has no population by age to compare with: run `assetmap fetch`, or give a table with --census."
        )
    rule = Rule(settings.disclosure.k)
    compared = [compare_heard(name, people[name].tolist(), groups) for name, groups in residents.items()]
    return Hearing(
        None if rule.is_small(float(len(people))) else len(people),
        tuple(hide_small(one, rule) for one in compared),
        tuple(name for name in told if name not in residents),
        rule.k,
    )


def _ages(folder: Path, settings: Any, area: Any) -> dict[str, dict[str, float]]:
    """Return the residents of the study's zones by age, where its population table has ages."""
    path = folder / (settings.population.file or PEOPLE_FETCHED)
    if not path.exists():
        return {}
    table = read_population(path)[0].reindex(area.zones["zone_code"])
    if not {"children", "65plus"} <= set(table.columns):
        return {}
    young, old = float(table["children"].sum()), float(table["65plus"].sum())
    middle = float(table["population"].sum()) - young - old
    return {"age": {"0 to 15": young, "16 to 64": middle, "65 and over": old}}


def _census(path: Path) -> dict[str, dict[str, float]]:
    tally = Tally(path.name)
    table = read_table(path, tally=tally)
    found = find_columns(table.columns, _CENSUS, what=path.name)
    missing = [name for name in _CENSUS if name not in found]
    if missing:
        raise InputError(f"{path} has no column {', '.join(missing)}: it needs attribute, group and people.")
    names = take_text(table, found["attribute"]).str.casefold()
    groups, numbers = take_text(table, found["group"]), read_numbers(table[found["people"]])
    wrong = ~names.isin(ATTRIBUTES) | groups.isna() | ~np.isfinite(numbers) | (numbers < 0)
    if wrong.any():
        raise InputError(
            f"{path}, row {wrong.idxmax()}: it needs one of {', '.join(ATTRIBUTES)}, a group, and a number of people."
        )
    rows = pd.DataFrame({"name": names, "group": groups, "people": numbers})
    return {
        str(name): dict(zip(part["group"], part["people"], strict=True))
        for name, part in rows.groupby("name", sort=False)
    }


def hide_small(heard: Heard, rule: Rule) -> Heard:
    """Hide small groups of those who were heard, and all that would give them away.

    Those of none of the groups and those who didn't say are parts of the whole like the others: the whole is told,
    and all but one of its parts would tell the one. Where the whole is small itself, or gives a small part away
    whatever else is hidden, everything is hidden. What is said of a hidden group, that it is under-represented, is
    said only where a reader can work it out from what is shown: whichever number it is, it would be too few.
    """
    table = heard.table
    shown = _shown(heard, rule)
    counts = [shown.get(f"group {name}", np.nan) for name in table["group"]]
    told, untold = (shown.get(name, np.nan) for name in (_TOLD, _UNTOLD))
    safe = table.assign(heard=counts, hidden=np.isnan(counts))
    safe.loc[safe["hidden"] | np.isnan(told), ["share_heard", "chance"]] = np.nan
    most = told - np.nansum(counts) - safe["hidden"].sum() + 1  # of one hidden group, if each other is of one person
    safe["under"] = [
        bool(not np.isnan(told) and chance_of(int(most if np.isnan(count) else count), int(told), share) < LEVEL)
        for count, share in zip(counts, table["share_residents"], strict=True)
    ]
    return replace(
        heard,
        table=safe,
        untold=None if np.isnan(untold) else int(untold),
        unmatched={word: count for word, count in heard.unmatched.items() if f"word {word}" in shown},
    )


def _shown(heard: Heard, rule: Rule) -> dict[str, float]:
    """Return the counts of an attribute that may be shown, by name."""
    named = zip(heard.table["group"], heard.table["heard"], strict=True)
    groups = {f"group {name}": float(count) for name, count in named}
    others = {f"word {word}": float(count) for word, count in heard.unmatched.items()}
    parts = {_TOLD: sum(groups.values()), **others, _UNTOLD: float(heard.untold or 0)}
    people = sum(parts.values())
    if rule.is_small(people):
        return {}  # of so few it tells too much even which groups are empty
    counts = {**groups, **parts, _WHOLE: people}
    try:
        found = suppress(
            pd.DataFrame({"name": list(counts), "heard": list(counts.values())}),
            value="heard",
            by=["name"],
            parts={"name": {_WHOLE: list(parts), _TOLD: list(groups)}},
            rule=rule,
            earlier={(_WHOLE,): people},
        )
    except DisclosureError:
        return {}
    shown = zip(counts, found.frame["heard"].tolist(), strict=True)
    return {name: count for name, count in shown if not np.isnan(count)}
