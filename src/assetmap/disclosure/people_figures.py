"""Figures that count people, or follow from such a count, and what a release may show of them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assetmap.disclosure.linked_counts import Sums
from assetmap.disclosure.people_columns import Figure, columns_of_people, figures_behind
from assetmap.disclosure.small_counts import Release, Rule, protect
from assetmap.taxonomy import taxonomy

__all__ = ["EarlierCounts", "PeopleRelease", "protect_people"]

WHOLE = "neighbourhood"
_COUNTS = re.compile(r"people|population(_\w+)?|people_\d+m|people_met|people_not_known|unreached_people")
"""Columns that are counts themselves, and are shown as the rule has it."""
_POPULATION_WEIGHT = 50.0
"""Zones' populations are official figures that anyone may look up: hiding one protects little."""
_TOTAL_WEIGHT = 5.0
"""A figure of the whole neighbourhood, or of a decile, is worth more to a reader than that of one zone."""


@dataclass(frozen=True)
class EarlierCounts:
    """What one earlier release has shown."""

    on: str
    """Its date."""
    shown: Mapping[Figure, float]
    zones: Mapping[str, Sequence[str]]
    """The zones of each of its groups."""


@dataclass(frozen=True)
class PeopleRelease:
    """The tables of a release, safe together."""

    tables: dict[str, pd.DataFrame]
    """As they came, counts shown as the rule has them, what is hidden empty, and in the column ``hidden`` the
    names of a row's hidden columns."""
    reasons: pd.DataFrame
    """For the team alone: ``name``, ``subject``, ``group``, ``reason`` of each hidden count."""
    given_away: list[Figure]
    """Small counts that earlier releases give away: no hiding cures that."""
    shown: dict[Figure, float]
    """For the ledger: the counts that the release shows."""
    zones: dict[str, list[str]]
    """For the ledger: the zones of each group."""


def protect_people(
    tables: Mapping[str, pd.DataFrame], *, rule: Rule | None = None, earlier: Sequence[EarlierCounts] = ()
) -> PeopleRelease:
    """Hide small counts of people in a study's tables, together, with all that follows from them.

    The tables repeat one another: a share is a count divided by another, a decile's people are those of its zones,
    those within 400 m are among those within 800 m, those near a café are among those near food and drink. All
    these sums are written down, differences between thresholds and between a group of categories and its
    members being counts of people as well, and `protect` works on them at once.

    Parameters
    ----------
    tables
        By name: ``zones``, ``access_by_zone``, ``access_by_deprivation``, ``standards``, ``equity``, as
        `assetmap build` makes them; any may be absent. ``zones`` gives each zone's decile.
    rule
        The threshold and how counts are shown.
    earlier
        What earlier releases have shown.

    Returns
    -------
    PeopleRelease
        The tables, the reasons, and what the ledger has to keep.
    """
    rule = rule or Rule()
    groups = _groups(tables)
    values = {figure: value for name, table in tables.items() for figure, value in _values(name, table)}
    sums = _sums(values, groups)
    changed = _remember(sums, groups, earlier, rule)
    release = protect(sums, rule, small_too=changed)
    shown = {key: value for key, value in release.shown.items() if isinstance(key, Figure)}
    reasons = [(*key, reason) for key, reason in release.hidden.items() if isinstance(key, Figure)]
    return PeopleRelease(
        tables={name: _apply(name, table, release, rule) for name, table in tables.items()},
        reasons=pd.DataFrame(reasons, columns=["name", "subject", "group", "reason"]),
        given_away=[key if isinstance(key, Figure) else _of_difference(key) for key in release.given_away],
        shown=shown,
        zones=groups,
    )


def _groups(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """Return the zones of each group."""
    labels: set[str] = set()
    for name in ("access_by_zone", "standards"):
        if name in tables and len(tables[name]):
            labels |= set(tables[name]["group"].astype(str))
    zones = tables.get("zones")
    if zones is not None:
        labels |= set(zones["zone_code"].astype(str))
    codes = sorted(labels - {WHOLE})
    groups = {code: [code] for code in codes} | {WHOLE: codes}
    if zones is not None and "imd_decile" in zones:
        for decile, rows in zones.dropna(subset=["imd_decile"]).groupby("imd_decile"):
            groups[f"decile {decile:.0f}"] = sorted(rows["zone_code"].astype(str))
    return groups


def _labels(name: str, table: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    """Return group, subject and mode of each row."""
    size = len(table)
    if name == "access_by_deprivation":
        return [f"decile {d:.0f}" for d in table["decile"]], table["category"].tolist(), [""] * size
    if name == "access_by_zone":
        return table["group"].astype(str).tolist(), table["category"].tolist(), [""] * size
    if name == "standards":
        return table["group"].astype(str).tolist(), table["criterion"].tolist(), table["mode"].tolist()
    return table["zone_code"].astype(str).tolist(), [""] * size, [""] * size


def _values(name: str, table: pd.DataFrame) -> Iterable[tuple[Figure, float]]:
    """Yield the counts that a table holds."""
    if name == "equity" or table.empty:
        return
    group, subject, mode = _labels(name, table)
    for column in (c for c in table.columns if _COUNTS.fullmatch(c)):
        what, _ = figures_behind(name, column)[0]
        values = table[column].to_numpy(dtype=float)
        for g, s, m, value in zip(group, subject, mode, values, strict=True):
            if not np.isnan(value):
                yield Figure(what.format(mode=m), "" if what == "people" else s, g), value


def _sums(values: Mapping[Figure, float], groups: Mapping[str, list[str]]) -> Sums:
    sums = Sums()
    for figure, value in values.items():
        weight = _POPULATION_WEIGHT if figure.name == "people" else 1.0
        sums.count(figure, value, weight=weight if figure.group in groups[WHOLE] else weight * _TOTAL_WEIGHT)
    _within_each_group(sums, values)
    _between_categories(sums, values)
    for figure in [*values, *_derived(sums)]:
        parts = [figure._replace(group=zone) for zone in groups.get(figure.group, [])]
        if parts and parts != [figure] and all(part in sums for part in parts):
            sums.total(figure, parts)
    return sums


def _derived(sums: Sums) -> list[Figure]:
    return [key for key in sums if isinstance(key, Figure) and key.name.startswith("not met ")]


def _within_each_group(sums: Sums, values: Mapping[Figure, float]) -> None:
    """Write down bands between thresholds, and who meets a standard, doesn't, or isn't known to."""
    thresholds = _thresholds(values)
    for figure in values:
        people = Figure("people", "", figure.group)
        if people not in sums:
            continue
        if figure.name == "unreached":
            reached = figure._replace(name="reached")
            sums.rest(reached, people, [figure])
            inner: list[Hashable] = []
            for name in thresholds:
                threshold = figure._replace(name=name)
                if threshold not in values:
                    continue
                if inner:
                    sums.rest(("beyond", inner[0]), threshold, inner)
                inner = [threshold]
            sums.rest(("beyond", inner[0] if inner else figure), reached, inner)
        if figure.name.startswith("met "):
            mode = figure.name.removeprefix("met ")
            parts = [figure, figure._replace(name=f"not known {mode}")]
            unmet = sums.value(people) - sum(sums.value(part) for part in parts)
            sums.count(figure._replace(name=f"not met {mode}"), unmet)  # shown as the share of at most
            sums.total(people, [*parts, figure._replace(name=f"not met {mode}")])


def _thresholds(values: Iterable[Figure]) -> list[str]:
    """Return the names of the counts within a distance, nearest first."""
    names = {figure.name for figure in values if figure.name.startswith("within ")}
    return sorted(names, key=lambda name: int(name.removeprefix("within ").removesuffix("m")))


def _between_categories(sums: Sums, values: Mapping[Figure, float]) -> None:
    """Write down that those near a category are among those near its group."""
    groups = taxonomy().groups
    for figure in values:
        if figure.name.startswith("within ") and figure.subject in groups:
            for member in taxonomy().members(figure.subject):
                part = figure._replace(subject=member)
                if part in values and part != figure:
                    sums.rest(("near another kind than", part), figure, [part])


def _remember(
    sums: Sums, groups: Mapping[str, list[str]], earlier: Sequence[EarlierCounts], rule: Rule
) -> list[Hashable]:
    """Write down what earlier releases have shown; return the counts that have moved by fewer than k since."""
    changed: list[Hashable] = []
    for release in earlier:
        for figure, before in release.shown.items():
            zones = list(release.zones.get(figure.group, []))
            if figure in sums and zones == groups.get(figure.group):
                now = sums.value(figure)
                if rule.shown(now) == before:
                    sums.know(figure)
                elif abs(now - before) < rule.k and not rule.rounded:
                    changed.append(figure)
            else:
                _remember_group(sums, figure, zones, before, release.on)
    return changed


def _remember_group(sums: Sums, figure: Figure, zones: list[str], before: float, on: str) -> None:
    """Write down a count that was shown of a group of zones which this release doesn't have."""
    parts: list[Hashable] = [p for zone in zones if (p := figure._replace(group=zone)) in sums]
    present = sum(sums.value(part) for part in parts)
    tolerance = 0.5 * (1 + len(parts))
    if not parts or present > before + tolerance:
        return  # other zones, or other figures: nothing can be subtracted
    if len(parts) == len(zones):
        if before - present > tolerance:
            return
        before = present
    key = (f"shown on {on}", figure)
    sums.count(key, before, known=True)
    if len(parts) < len(zones):
        sums.rest(("gone since", on, figure), key, parts)
    else:
        sums.total(key, parts)


def _of_difference(key: Any) -> Figure:
    """Return the figure that a difference is about."""
    return next(part if isinstance(part, Figure) else _of_difference(part) for part in reversed(key))


def _apply(name: str, table: pd.DataFrame, release: Release, rule: Rule) -> pd.DataFrame:
    """Return a table as the release shows it."""
    if name == "equity":
        return _apply_equity(table, release, rule)
    group, subject, mode = _labels(name, table)
    out = table.copy()
    hidden_in: list[list[str]] = [[] for _ in range(len(table))]
    for column in columns_of_people(name, table.columns):
        behind = figures_behind(name, column)
        keys = [
            [Figure(what.format(mode=m), "" if what == "people" else of or s, g) for what, of in behind]
            for g, s, m in zip(group, subject, mode, strict=True)
        ]
        hide = np.array([any(key in release.hidden or key in release.small for key in row) for row in keys], dtype=bool)
        out[column] = _shown(column, out[column], keys, release, rule).mask(hide)
        for row in np.flatnonzero(hide):
            hidden_in[row].append(column)
    return out.copy().assign(hidden=[" ".join(columns) for columns in hidden_in])  # a copy lies in one piece


def _shown(column: str, values: pd.Series, keys: list[list[Figure]], release: Release, rule: Rule) -> pd.Series:
    """Return a column as the rule shows it: counts rounded, and with NHS rounding what is reckoned from them."""
    if _COUNTS.fullmatch(column):
        return pd.Series(rule.shown(values), index=values.index)
    if rule.rounded and "share" in column:
        parts = np.array([[release.shown.get(key, np.nan) for key in row] for row in keys])
        with np.errstate(invalid="ignore", divide="ignore"):
            share = parts[:, 0] / parts[:, 1]
        return values.where(values.isna(), _at_most_as_share(column, share))
    if rule.rounded and "mean_count" in column:
        return values.round(1)  # of a single place it would be the unrounded share
    return values


def _at_most_as_share(column: str, share: Any) -> Any:
    return 1 - share if column == "share_at_most" else share


def _apply_equity(table: pd.DataFrame, release: Release, rule: Rule) -> pd.DataFrame:
    """Hide the people that figures of equity rest on, where those of any zone are hidden."""
    out = table.assign(hidden="")
    if "people" in table:
        whole = any(isinstance(key, Figure) and key.name == "people" for key in release.hidden)
        hide = rule.is_small(table["people"].to_numpy(dtype=float)) | whole
        out["people"] = pd.Series(rule.shown(table["people"]), index=table.index).mask(hide)
        out.loc[hide, "hidden"] = "people"
    return out
