"""A figure of equity: its value or why there is none, what it rests on, and one sentence in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assetmap.errors import InputError
from assetmap.plurals import counted

__all__ = [
    "MIN_AREAS",
    "MIN_GROUPS",
    "Basis",
    "Figure",
    "Interval",
    "Quantity",
    "refused",
    "say",
    "tabulate_figures",
    "usable_areas",
    "why_too_few",
]

MIN_GROUPS = 5
MIN_AREAS = 10


@dataclass(frozen=True)
class Quantity:
    """What is measured, in the words of its sentence.

    Parameters
    ----------
    name
        As it begins a sentence: ``Walk to the nearest park``.
    unit
        ``m``, ``minutes``, ``%``; empty for a bare number.
    more, less
        What a greater and a smaller value are called: ``farther`` and ``nearer`` for a distance.
    """

    name: str
    unit: str = ""
    more: str = "higher"
    less: str = "lower"


@dataclass(frozen=True)
class Interval:
    """Limits at one confidence level (0.95 = 95 %)."""

    level: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Basis:
    """What a figure rests on: groups, areas (None where published groups don't say) and people."""

    groups: int | None
    areas: int | None
    people: float


@dataclass(frozen=True)
class Figure:
    """One figure with its n: a value, or the reason why there is none (then the value is NaN)."""

    measure: str
    value: float
    sentence: str
    basis: Basis
    intervals: tuple[Interval, ...] = ()
    interval_kind: str = ""
    refusal: str = ""
    notes: tuple[str, ...] = ()


def why_too_few(basis: Basis) -> str:
    """Return why a figure of inequality is refused for so few groups or areas, or nothing.

    Examples
    --------
    >>> why_too_few(Basis(groups=3, areas=40, people=60_000)).split(" (")[0]
    'it rests on 3 groups, and 5 is the least'
    >>> why_too_few(Basis(groups=10, areas=40, people=60_000))
    ''
    """
    short = [
        f"{counted(count, word)}, and {least} is the least"
        for count, word, least in ((basis.groups, "group", MIN_GROUPS), (basis.areas, "area", MIN_AREAS))
        if count is not None and count < least
    ]
    if not short:
        return ""
    return f"it rests on {' and on '.join(short)} (use smaller areas inside it, or a wider frame such as the borough)"


def refused(measure: str, quantity: Quantity, basis: Basis, *, reason: str, notes: Sequence[str] = ()) -> Figure:
    """Return a figure that has no value, with the reason."""
    sentence = f"{quantity.name}: no {measure}, since {reason}."
    return Figure(measure, float("nan"), sentence, basis, refusal=reason, notes=tuple(notes))


def say(value: float, unit: str = "") -> str:
    """Return a number for a sentence: whole from 100 up, three figures below.

    Examples
    --------
    >>> say(1234.5, "m"), say(0.12345), say(12.0, "%")
    ('1,234 m', '0.123', '12%')
    """
    number = f"{value:,.0f}" if abs(value) >= 100 or value == 0 else f"{value:.3g}"
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}".strip()


def usable_areas(areas: pd.DataFrame, *, needs: Sequence[str]) -> tuple[pd.DataFrame, list[str], str]:
    """Return the areas that a figure can use, what was left out, and why there can be no figure, if so.

    Missing is not wrong: an area without people is passed over, one without a value is left out and
    counted, and an unknown number of people refuses the figure, since no weight is made up.

    Parameters
    ----------
    areas
        With ``population`` and the columns in `needs`.
    needs
        Columns without which an area can't count.

    Raises
    ------
    InputError
        If a column is missing, a population is negative, or a number isn't finite.
    """
    missing = [name for name in ("population", *needs) if name not in areas.columns]
    if missing:
        raise InputError(f"the areas have no column {', '.join(missing)}: add it to measure inequality.")
    table = areas[["population", *needs]].reset_index(drop=True).astype(float)
    people = table["population"]
    if (people < 0).any():
        raise InputError(f"{int((people < 0).sum())} area(s) have a population below 0: correct them.")
    if np.isinf(table.to_numpy()).any():
        raise InputError("an area has an infinite population or value: leave it empty where it is unknown.")
    if people.isna().any():
        return (
            table.iloc[:0],
            [],
            f"the population is unknown in {int(people.isna().sum())} of {counted(len(table), 'area')}",
        )
    table = table[people > 0]
    blank = table[list(needs)].isna().any(axis=1)
    left_out = table.loc[blank, "population"]
    notes = (
        [f"areas left out for want of figures: {len(left_out)} ({counted(left_out.sum(), 'person', 'people')})"]
        if len(left_out)
        else []
    )
    table = table[~blank]
    return table, notes, "" if len(table) else "no area has both people and figures"


def tabulate_figures(figures: Iterable[Figure]) -> pd.DataFrame:
    """Return figures as a table: one row for each, or for each of its confidence levels.

    Returns
    -------
    DataFrame
        ``measure``, ``value``, ``level``, ``lower``, ``upper``, ``interval_kind``, ``groups``, ``areas``,
        ``people``, ``refusal``, ``notes``, ``sentence``.

    Examples
    --------
    >>> figure = Figure("gini", 0.2, "A sentence.", Basis(None, 12, 18_000.0))
    >>> tabulate_figures([figure])[["measure", "value", "areas"]].values.tolist()
    [['gini', 0.2, 12]]
    """
    none = Interval(np.nan, np.nan, np.nan)
    rows = [
        {
            "measure": figure.measure,
            "value": figure.value,
            "level": interval.level,
            "lower": interval.lower,
            "upper": interval.upper,
            "interval_kind": figure.interval_kind,
            "groups": figure.basis.groups,
            "areas": figure.basis.areas,
            "people": figure.basis.people,
            "refusal": figure.refusal,
            "notes": "; ".join(figure.notes),
            "sentence": figure.sentence,
        }
        for figure in figures
        for interval in figure.intervals or (none,)
    ]
    return pd.DataFrame(rows).astype({"groups": "Int64", "areas": "Int64"})
