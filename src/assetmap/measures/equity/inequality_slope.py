"""The slope and the relative index of inequality: from published groups, or from zones' own figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from assetmap.errors import InputError, UsageError
from assetmap.measures.equity.figures import Basis, Figure, Interval, Quantity, refused, usable_areas, why_too_few
from assetmap.measures.equity.slope_line import SCALES, SlopeLine, SlopeSettings, limits_of
from assetmap.measures.equity.social_rank import social_position
from assetmap.measures.equity.words import ratio_words, slope_words

__all__ = ["SlopeIndex", "SlopeSettings", "slope_between_zones", "slope_index"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

PUBLISHED_Z = 1.96
"""The normal quantile by which publishers' 95 % limits are turned into standard errors."""
USUAL_GROUPS = 10


@dataclass(frozen=True)
class SlopeIndex:
    """SII, RII, and the fitted value at the most deprived end (in the value's own units, not multiplied)."""

    sii: Figure
    rii: Figure
    intercept: float


def slope_index(
    groups: pd.DataFrame, *, settings: SlopeSettings | None = None, quantity: Quantity | None = None
) -> SlopeIndex:
    r"""Measure the slope and relative index of inequality of groups, as OHID's PHEindicatormethods does.

    With :math:`a_k` a group's share of people and :math:`b_k` the middle of its range from the most
    deprived, :math:`Y_k \sqrt{a_k}` is regressed on :math:`\sqrt{a_k}` and :math:`b_k \sqrt{a_k}`
    without a further intercept. SII is the slope: the least deprived end less the most deprived.
    :math:`RII = (Y_0 + SII) / Y_0`. Limits are quantiles over draws of all values from their standard
    errors, each draw fitted anew. Where the line is fitted on a transformed scale, OHID's drawn lines
    turn about the mean of the published values, and so do these: such limits leave out how far the
    mean itself is unsure.

    Parameters
    ----------
    groups
        ``group`` (1 = most deprived), ``population``, ``value``; for an interval ``standard_error`` (of
        a rate on the log scale, of a proportion on the logit scale) or 95 % limits ``lower`` and ``upper``.
    settings
        Kind of value, transform, multiplier, confidence levels, draws.
    quantity
        What the sentence calls it.

    Returns
    -------
    SlopeIndex
        In the value's units times the multiplier; RII is a ratio. Refused (NaN, with the reason) under 5
        groups, or where a group has no value or population. Without errors there is no interval.

    Raises
    ------
    InputError
        If a population isn't above 0, no group has a value, a standard error is missing or negative, or
        a value or limit is impossible for its kind.

    References
    ----------
    Low, A. and Low, A. (2004). Measuring the gap: quantifying and comparing local health inequalities.
    Journal of Public Health 26(4), 388-395.
    Office for Health Improvement and Disparities. PHEindicatormethods (R package), function phe_sii.

    Examples
    --------
    >>> groups = pd.DataFrame({"group": [1, 2, 3, 4, 5], "population": [100.0] * 5,
    ...     "value": [71.0, 72.0, 73.0, 74.0, 75.0]})
    >>> found = slope_index(groups)
    >>> round(found.sii.value, 9), round(found.rii.value, 4), round(found.intercept, 9)
    (5.0, 1.0709, 70.5)
    """
    settings = settings or SlopeSettings()
    table = _read_groups(groups, settings.kind)
    gaps = int(table[["population", "value"]].isna().any(axis=1).sum())
    told = _Told(quantity or Quantity("Value"), Basis(len(table), None, float(table["population"].sum())))
    reason = f"{gaps} of {len(table)} groups have no value or no population" if gaps else why_too_few(told.basis)
    if reason:
        return told.refuse(reason)
    if len(table) > USUAL_GROUPS:
        told.notes.append(f"{len(table)} groups, more than the usual {USUAL_GROUPS}")
    value, people = table["value"].to_numpy(), table["population"]
    line = SlopeLine((people / people.sum()).to_numpy(), social_position(table["group"], people).to_numpy(), settings)
    error = _standard_error(table, settings.kind)
    if error is None:
        told.notes.append("no interval, since no standard errors or limits are given")
        return told.conclude(line, value, settings=settings)
    told.kind = "simulated from standard errors"
    to, back = SCALES[settings.kind]
    noise = np.random.default_rng(settings.seed).standard_normal((settings.draws, len(value)))
    return told.conclude(line, value, settings=settings, drawn=back(to(value) + error * noise))


def slope_between_zones(
    zones: pd.DataFrame, *, settings: SlopeSettings | None = None, quantity: Quantity | None = None
) -> SlopeIndex:
    r"""Measure the slope and relative index of inequality of a figure that zones have, such as access.

    A group's value is the mean over its people, :math:`\sum p v / \sum p`; the line is that of
    `slope_index`. Access isn't a sample: the interval tells how much the figure hangs on which zones the
    groups are made of. Zones are drawn anew with replacement within each group, its share of people held.

    Parameters
    ----------
    zones
        ``group`` (1 = most deprived; as `deprivation_groups` gives it), ``population``, ``value``.
    settings
        Multiplier, confidence levels, ``zone_draws``, seed; of kind ``other``.
    quantity
        What the sentence calls it.

    Returns
    -------
    SlopeIndex
        Intervals are of the kind ``between zones``. Refused under 5 groups or 10 areas, or where a
        population is unknown. Zones without a value or a group are left out and counted in the notes.

    Raises
    ------
    InputError
        If a column is missing or a population is negative.
    UsageError
        If the settings are of a kind other than ``other``.

    References
    ----------
    Low and Low (2004), as in `slope_index`.
    Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7(1), 1-26.

    Examples
    --------
    >>> zones = pd.DataFrame({"group": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5], "population": [1500.0] * 10,
    ...     "value": [290.0, 310.0, 390.0, 410.0, 490.0, 510.0, 590.0, 610.0, 690.0, 710.0]})
    >>> found = slope_between_zones(zones, quantity=Quantity("Walk to a park", "m", "farther", "nearer"))
    >>> found.sii.sentence.split(" (")[0]
    'Walk to a park: 500 m farther at the least deprived end of the people here than at the most deprived end'
    """
    settings = settings or SlopeSettings()
    if settings.kind != "other":
        raise UsageError("a mean over zones is neither a rate nor a proportion with errors: use kind 'other'.")
    table, notes, reason = usable_areas(zones, needs=("group", "value"))
    basis = Basis(table["group"].nunique(), len(table), float(table["population"].sum()))
    told = _Told(quantity or Quantity("Value"), basis, notes, "between zones")
    reason = reason or why_too_few(basis)
    if reason:
        return told.refuse(reason)
    single = int((table.groupby("group").size() == 1).sum())
    if single:
        told.notes.append(f"groups of a single zone, which add nothing to the interval: {single}")
    people = table.groupby("group")["population"].sum()
    position = social_position(people.index.to_series(), people)
    line = SlopeLine((people / people.sum()).to_numpy(), position.to_numpy(), settings)
    value, drawn = _draw_zones(table, settings)
    return told.conclude(line, value, settings=settings, drawn=drawn)


def _draw_zones(table: pd.DataFrame, settings: SlopeSettings) -> tuple[Floats, Floats]:
    """Return the mean of each group, and as many means of zones drawn anew as the settings ask."""
    rng = np.random.default_rng(settings.seed)
    base = float(table["value"].min())  # summed apart, so that equal values give equal means to the last bit
    value, drawn = [], []
    # Sorted, so that the draws are the same whatever the order of rows.
    for _, rows in table.sort_values(["group", "value", "population"]).groupby("group", sort=True):
        people = rows["population"].to_numpy()
        above = people * (rows["value"].to_numpy() - base)
        times = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=settings.zone_draws)
        value.append(base + above.sum() / people.sum())
        drawn.append(base + (times @ above) / (times @ people))
    return np.array(value), np.array(drawn).T


def _read_groups(groups: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the groups in order as numbers, with what is impossible refused; what is missing stays."""
    given = [c for c in ("standard_error", "lower", "upper") if c in groups.columns]
    missing = [c for c in ("group", "population", "value") if c not in groups.columns]
    if missing:
        raise InputError(f"the groups have no column {', '.join(missing)}: add it to measure inequality.")
    table = groups[["group", "population", "value", *given]].reset_index(drop=True).astype(float).sort_values("group")
    counts = {
        "group number that is missing or stands twice": table["group"].isna() | table["group"].duplicated(),
        "population of 0 or below": table["population"] <= 0,
        "value, error or limit that is infinite": np.isinf(table).any(axis=1),
        "missing standard error or limit": table[given].isna().any(axis=1),
        "negative standard error": table[[c for c in given if c == "standard_error"]].lt(0).any(axis=1),
        **_impossible(table, kind),
    }
    for what, bad in counts.items():
        if bad.any():
            raise InputError(f"{int(bad.sum())} of {len(table)} groups have a {what}: correct them.")
    if table["value"].isna().all():
        raise InputError(f"none of the {len(table)} groups has a value: name the column that holds the figures.")
    return table


def _impossible(table: pd.DataFrame, kind: str) -> dict[str, pd.Series]:
    """Return which rows have a value or limit that its kind rules out."""
    numbers = table[[c for c in ("value", "lower", "upper") if c in table.columns]]
    found = {}
    if kind == "rate":
        found["rate or limit of 0 or below, which has no logarithm"] = (numbers <= 0).any(axis=1)
    if kind == "proportion":
        found["proportion or limit that isn't between 0 and 1"] = ((numbers <= 0) | (numbers >= 1)).any(axis=1)
    if {"lower", "upper"} <= set(table.columns):
        found["lower limit above the upper one"] = table["lower"] > table["upper"]
    return found


def _standard_error(table: pd.DataFrame, kind: str) -> Floats | None:
    """Return standard errors on the kind's scale: as given, else from the 95 % limits, else nothing."""
    if "standard_error" in table.columns:
        return table["standard_error"].to_numpy()
    if not {"lower", "upper"} <= set(table.columns):
        return None
    to = SCALES[kind][0]
    error: Floats = (to(table["upper"].to_numpy()) - to(table["lower"].to_numpy())) / (2 * PUBLISHED_Z)
    return error


@dataclass
class _Told:
    """What goes with a pair of figures: what they are of, what they rest on, and how their limits were drawn."""

    quantity: Quantity
    basis: Basis
    notes: list[str] = field(default_factory=list)
    kind: str = ""

    def refuse(self, reason: str) -> SlopeIndex:
        """Return both figures without a value."""
        sii, rii = (
            refused(name, self.quantity, self.basis, reason=reason, notes=self.notes) for name in ("SII", "RII")
        )
        return SlopeIndex(sii, rii, float("nan"))

    def conclude(
        self, line: SlopeLine, value: Floats, *, settings: SlopeSettings, drawn: Floats | None = None
    ) -> SlopeIndex:
        """Return both figures of the values, with limits from the drawn ones."""
        ends = line.ends(value)
        sii, rii = (float(x) for x in line.indices(ends))
        slopes: tuple[Interval, ...] = ()
        ratios: tuple[Interval, ...] = ()
        notes = tuple(self.notes)
        ratio_notes = notes
        if drawn is not None:
            many, relative = line.indices(line.ends(drawn, published=value))
            slopes = limits_of(many, settings.confidence)
            if np.isnan(relative).any():
                ratio_notes = (*notes, "no interval, since a fitted end is at or below 0 in some draws")
            else:
                ratios = limits_of(relative, settings.confidence)
        turned = settings.multiplier < 0
        words = slope_words(self.quantity, sii, turned=turned, interval=(slopes[0], self.kind) if slopes else None)
        slope = Figure("SII", sii, words, self.basis, slopes, self.kind if slopes else "", notes=notes)
        if np.isnan(rii):
            reason = "the fitted value at one end isn't above 0, so there is no ratio"
            ratio = refused("RII", self.quantity, self.basis, reason=reason, notes=notes)
        else:
            words = ratio_words(self.quantity, rii, turned=turned, interval=(ratios[0], self.kind) if ratios else None)
            ratio = Figure("RII", rii, words, self.basis, ratios, self.kind if ratios else "", notes=ratio_notes)
        return SlopeIndex(slope, ratio, float(ends[0]))
