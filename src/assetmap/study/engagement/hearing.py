"""Who was heard in a study, beside the census, with small counts hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assetmap.disclosure.small_counts import Rule, suppress
from assetmap.engagement.heard import ATTRIBUTES, Heard, compare_heard
from assetmap.errors import InputError, UsageError
from assetmap.sources.columns import find_columns, read_numbers, take_text
from assetmap.sources.population import read_population
from assetmap.sources.tables import read_table
from assetmap.study.engagement.voices import all_people, read_study_voices
from assetmap.study.figures.zone_facts import PEOPLE_FETCHED
from assetmap.study.inputs import read_area_and_box
from assetmap.study.settings import read_settings
from assetmap.tally import Tally

__all__ = ["Hearing", "hear_study"]

_CENSUS: Mapping[str, tuple[str, ...]] = {
    "attribute": ("attribute", "variable", "what"),
    "group": ("group", "category", "value"),
    "people": ("people", "residents", "count", "observation", "number"),
}


@dataclass(frozen=True)
class Hearing:
    """Who was heard."""

    people: int
    """People who were heard: persons where the files name them, else submissions."""
    attributes: tuple[Heard, ...]
    """What is hidden is NaN in ``heard``, ``share_heard`` and ``chance``, and ``hidden`` says so."""
    lacking: tuple[str, ...]
    """Attributes that the census figures of the study don't have, and that somebody told."""
    k: int


def hear_study(folder: Path, *, census: Path | None = None) -> Hearing:
    """Compare the people behind a study's voices with the people who live there.

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
        len(people),
        tuple(_hidden(one, rule) for one in compared),
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


def _hidden(heard: Heard, rule: Rule) -> Heard:
    """Hide small groups of those who were heard, and as many others as keep them from being worked out."""
    table = heard.table
    groups = table["group"].tolist()
    whole = pd.DataFrame({"group": ["all"], "heard": [table["heard"].sum()]})
    counts = pd.concat([table[["group", "heard"]], whole], ignore_index=True)
    shown = suppress(counts, value="heard", by=["group"], parts={"group": {"all": groups}}, rule=rule).frame.iloc[:-1]
    hide = shown["hidden"].to_numpy()
    safe = table.assign(heard=shown["heard"].to_numpy(), hidden=hide)
    safe.loc[hide, ["share_heard", "chance"]] = np.nan
    few = {word: count for word, count in heard.unmatched.items() if not rule.is_small(float(count))}
    return replace(heard, table=safe, unmatched=few)
