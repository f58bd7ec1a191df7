"""Small counts of people: which they are, how they are written, and a table that doesn't give them away."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from assetmap.disclosure.linked_counts import Sums
from assetmap.disclosure.secondary import hide_further
from assetmap.errors import DisclosureError, UsageError

__all__ = ["CHOICES_OF_K", "NHS", "Release", "Rule", "protect", "suppress"]

CHOICES_OF_K = (5, 8, 10)
"""The thresholds that a study may choose from."""
_ROUNDED_TO = 5


@dataclass(frozen=True)
class Rule:
    """Which counts of people are small, and how the others are shown.

    A count of 0 is shown: it is about nobody. It is never hidden to protect another either, so that a
    reader, who knows that what is hidden isn't 0, has been reckoned with.

    Parameters
    ----------
    k
        Counts above 0 and below this are small.
    rounded
        Whether the others are shown to the nearest 5 (`NHS`); otherwise to the nearest person.

    Examples
    --------
    >>> Rule(10).is_small(np.array([0.0, 3.0, 9.7, 10.0])).tolist()
    [False, True, True, False]
    >>> NHS.shown(np.array([0.0, 8.0, 12.0, 13.0])).tolist()
    [0.0, 10.0, 10.0, 15.0]
    """

    k: int = 10
    rounded: bool = False

    def __post_init__(self) -> None:
        if self.k not in CHOICES_OF_K or (self.rounded and self.k != 8):
            raise UsageError(
                f"a threshold of {self.k} is not offered: use {', '.join(map(str, CHOICES_OF_K))} (8 for NHS rounding)."
            )

    def is_small(self, value: Any) -> Any:
        """Tell which counts are small. A fraction of a person, from people spread over homes, is."""
        return (value > 1e-9) & (value < self.k - 1e-9)

    def shown(self, value: Any) -> Any:
        """Return counts as they are shown."""
        step = _ROUNDED_TO if self.rounded else 1
        return np.floor(np.asarray(value, dtype=float) / step + 0.5) * step

    def may_be(self, value: Any) -> tuple[Any, Any]:
        """Return the least and the most that a count may be which is shown as this one is.

        Without rounding that is the count itself, as if it were shown with all its decimals: a reader then
        knows more than they do, never less.
        """
        value = np.asarray(value, dtype=float)
        if not self.rounded:
            return value, value
        half = _ROUNDED_TO // 2 if np.allclose(value, np.round(value)) else _ROUNDED_TO / 2
        shown = self.shown(value)
        low, high = np.maximum(shown - half, self.k), shown + half
        return np.where(value > 0, low, 0.0), np.where(value > 0, high, 0.0)


NHS = Rule(8, rounded=True)
"""1 to 7 hidden, others to the nearest 5, zeros shown.

References
----------
NHS Digital (2018). Disclosure control methodology for Hospital Episode Statistics and Emergency Care Data Set.
The method relies on rounding alone against differences; here they are looked at as well.
"""


@dataclass(frozen=True)
class Release:
    """What a release shows of linked counts, and what it hides and why."""

    shown: dict[Hashable, float]
    """Printed counts that are shown, as they are shown."""
    hidden: dict[Hashable, str]
    """Printed counts that are hidden: ``small``, or ``protects another``. For the team alone: to readers both
    are just hidden, or the reason would give away which are small."""
    small: frozenset[Hashable]
    """Every small count, those among them that are never printed."""
    given_away: list[Hashable]
    """Small counts that an earlier release, or what has to be shown, gives away: hiding can't cure it."""


def protect(sums: Sums, rule: Rule, *, small_too: Sequence[Hashable] = ()) -> Release:
    """Hide small counts, and as many others as keep them from being worked out.

    Parameters
    ----------
    sums
        The counts with their sums, and what is known from earlier releases.
    rule
        Which are small.
    small_too
        Counts to treat as small for another reason.

    Examples
    --------
    >>> sums = Sums()
    >>> for key, value in {"a": 4, "b": 30, "c": 50, "all": 84}.items():
    ...     sums.count(key, value)
    >>> sums.total("all", ["a", "b", "c"])
    >>> protect(sums, Rule(10)).hidden
    {'a': 'small', 'b': 'protects another'}
    """
    if not any(True for _ in sums):
        return Release({}, {}, frozenset(), [])
    counts = sums.linked()
    low, high = rule.may_be(counts.value)
    bounds = {key: (float(low[n]), float(high[n])) for n, key in enumerate(counts.keys)}
    counts = sums.linked(shown=bounds)
    small = rule.is_small(counts.value)
    small |= np.isin(np.arange(len(small)), [counts.keys.index(key) for key in small_too])
    hidden, left = hide_further(counts, small, rule.k)
    shown = rule.shown(counts.value)
    printed = np.flatnonzero(counts.printed)
    return Release(
        shown={counts.keys[n]: float(shown[n]) for n in printed if not hidden[n]},
        hidden={counts.keys[n]: "small" if small[n] else "protects another" for n in printed if hidden[n]},
        small=frozenset(counts.keys[n] for n in np.flatnonzero(small)),
        given_away=[counts.keys[n] for n in left],
    )


@dataclass(frozen=True)
class Suppressed:
    """A table whose small counts are hidden."""

    frame: pd.DataFrame
    """The table: hidden counts are NaN, and ``hidden`` (bool) says where."""
    reasons: pd.DataFrame
    """For the team: the hidden rows with ``reason``."""
    release: Release = field(repr=False)


def suppress(
    table: pd.DataFrame,
    *,
    value: str,
    by: Sequence[str],
    parts: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    rule: Rule | None = None,
    earlier: Mapping[tuple[Hashable, ...], float] | None = None,
) -> Suppressed:
    """Hide the small counts of a table, and as many others as keep any total from giving them away.

    Parameters
    ----------
    table
        One row for each count, totals among them.
    value
        The column of counts of people.
    by
        The columns that say what is counted; together they name a row.
    parts
        For each of these columns, which of its labels are totals, and of which labels: ``{"zone": {"all": ["Z1",
        "Z2"]}}``. A label may be part of several totals, and totals of others. Rows that are absent count 0.
    rule
        The threshold and how counts are shown; `Rule` by default.
    earlier
        Counts that an earlier release has shown, by the row's labels.

    Returns
    -------
    Suppressed
        The table as it may be shown, with the reasons for the team.

    Raises
    ------
    DisclosureError
        If totals don't add up, or a small count can't be protected because an earlier release gives it away.

    Examples
    --------
    >>> table = pd.DataFrame({"zone": ["A", "B", "C", "all"], "people": [4, 30, 50, 84]})
    >>> found = suppress(table, value="people", by=["zone"], parts={"zone": {"all": ["A", "B", "C"]}})
    >>> found.frame["people"].tolist()
    [nan, nan, 50.0, 84.0]
    """
    rule = rule or Rule()
    keys = [tuple(row) for row in table[list(by)].itertuples(index=False)]
    if len(set(keys)) < len(keys):
        raise UsageError(f"two rows of the table have the same {', '.join(by)}: each count needs labels of its own.")
    sums, unsure = _write_down(keys, table[value], list(by), parts or {}, earlier or {}, rule)
    release = protect(sums, rule, small_too=unsure)
    if release.given_away:
        labels: dict[Hashable, str] = {key: " ".join(map(str, key)) for key in keys}
        lost = ", ".join(labels[key] for key in release.given_away[:5])
        raise DisclosureError(
            f"{len(release.given_away)} small counts of people can be worked out from an earlier release ({lost}): "
            "publish the same table as before, or leave it out."
        )
    frame = table.copy()
    counted = table[value].notna().to_numpy()
    shown = np.array([release.shown.get(key, np.nan) for key in keys])
    frame[value] = np.where(counted, shown, np.nan)
    frame["hidden"] = [key in release.hidden for key in keys]
    reasons = table.loc[frame["hidden"], list(by)].assign(
        reason=[release.hidden[key] for key in keys if key in release.hidden]
    )
    return Suppressed(frame, reasons, release)


def _write_down(
    keys: Sequence[tuple[Hashable, ...]],
    values: pd.Series,
    by: list[str],
    parts: Mapping[str, Mapping[str, Sequence[str]]],
    earlier: Mapping[tuple[Hashable, ...], float],
    rule: Rule,
) -> tuple[Sums, list[Hashable]]:
    sums = Sums()
    changed: list[Hashable] = []
    for key, value in zip(keys, values, strict=True):
        if pd.isna(value):
            continue
        before = earlier.get(key)
        same = before is not None and bool(rule.shown(value) == before)
        sums.count(key, value, known=same)
        if before is not None and not same and not rule.rounded and abs(value - before) < rule.k:
            changed.append(key)
    for place, column in enumerate(by):
        for total, children in parts.get(column, {}).items():
            for key in (key for key in keys if key[place] == total and key in sums):
                present = [(*key[:place], child, *key[place + 1 :]) for child in children]
                sums.total(key, [part for part in present if part in sums])
    return sums, changed
