"""What if a place were open longer: who has an open place within reach at hours when there is none now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from assetmap.errors import InputError
from assetmap.measures.opening import hours_in_reach

__all__ = ["Calendar", "OpeningChange", "compare_opening"]

_MOMENT = 1 / 60
"""Hours a week: less than this is rounding."""


class Calendar(NamedTuple):
    """The year whose weeks and holidays count, and the ISO code of the country whose holidays they are."""

    year: int
    country: str | None = None


@dataclass(frozen=True)
class OpeningChange:
    """What other opening hours change for people.

    Parameters
    ----------
    people
        Everyone; NaN where an origin's people aren't known.
    people_newly_reached, people_no_longer_reached
        People who gain hours in the week at which some place within reach is open, and those who lose some.
    people_hours_unstated
        People who also have a place within reach whose hours nobody has stated: it may be open when the others
        aren't, and then they gain less.
    mean_hours_before, mean_hours_after
        Hours a week at which some place within reach is open, mean over people.
    by_decile
        By national decile (index ``decile``): ``people``, ``newly_reached``, ``no_longer_reached``,
        ``mean_hours_before``, ``mean_hours_after``.
    origins
        Indexed by origin: ``before_hours``, ``after_hours``, ``change`` (newly, no longer, same).
    """

    people: float
    people_newly_reached: float
    people_no_longer_reached: float
    people_hours_unstated: float
    mean_hours_before: float
    mean_hours_after: float
    by_decile: pd.DataFrame
    origins: pd.DataFrame


def compare_opening(
    costs: pd.DataFrame,
    people: pd.Series,
    hours: pd.DataFrame,
    *,
    within_minutes: float,
    calendar: Calendar,
    decile: pd.Series | None = None,
) -> OpeningChange:
    """Compare the hours at which people have an open place within reach, before and after a change of hours.

    People newly reached = sum of p_i over origins for which some place within T is open at an hour at which none was
    before. Longer hours lose nobody; hours at which another place within reach is open already gain nobody.

    Parameters
    ----------
    costs
        Every pair within the walk or beyond (`travel_costs`): ``origin``, ``supply``, ``minutes``.
    people
        People by origin.
    hours
        By place: ``before`` and ``after``, texts in OSM's opening_hours syntax, or null.
    within_minutes
        The walk that counts as within reach.
    calendar
        The year and the country's holidays.
    decile
        National decile of each origin (1 = most deprived), on the index of `people`.

    Raises
    ------
    InputError
        If a table lacks a column.
    UsageError
        If the country isn't known.

    References
    ----------
    Those of `hours_in_reach`.

    Examples
    --------
    >>> costs = pd.DataFrame({"origin": ["a", "b", "b"], "supply": ["x", "x", "y"], "minutes": [5.0, 5.0, 8.0]})
    >>> hours = pd.DataFrame({"before": ["Mo 09:00-12:00", "Mo 12:00-15:00"],
    ...     "after": ["Mo 09:00-15:00", "Mo 12:00-15:00"]}, index=["x", "y"])
    >>> found = compare_opening(costs, pd.Series({"a": 10.0, "b": 5.0}), hours, within_minutes=10,
    ...     calendar=Calendar(2026))
    >>> found.people_newly_reached, found.people_no_longer_reached
    (10.0, 0.0)
    """
    missing = {"origin", "supply", "minutes"} - set(costs.columns) | {"before", "after"} - set(hours.columns)
    if missing:
        raise InputError(f"the tables have no column {', '.join(sorted(missing))}: give the costs and both hours.")
    near = costs[costs["minutes"] <= within_minutes]
    was, now, both = (
        hours_in_reach(pairs, texts, origins=people.index, year=calendar.year, country=calendar.country)
        for pairs, texts in ((near, hours["before"]), (near, hours["after"]), _either(near, hours))
    )
    newly = both["hours_per_week"] > was["hours_per_week"] + _MOMENT  # open at an hour at which nothing was
    lost = both["hours_per_week"] > now["hours_per_week"] + _MOMENT
    people = people.astype(float)
    table = pd.DataFrame({"before_hours": was["hours_per_week"], "after_hours": now["hours_per_week"]})
    table["change"] = np.select([newly, lost], ["newly", "no longer"], "same")
    total = people.sum(skipna=False)
    return OpeningChange(
        people=float(total),
        people_newly_reached=_sum(people, newly),
        people_no_longer_reached=_sum(people, lost),
        people_hours_unstated=_sum(people, newly & was["hours_unstated"]),
        mean_hours_before=float((people * table["before_hours"]).sum(skipna=False) / total),
        mean_hours_after=float((people * table["after_hours"]).sum(skipna=False) / total),
        by_decile=_by_decile(people, table, newly, lost, decile),
        origins=table.rename_axis("origin"),
    )


def _either(pairs: pd.DataFrame, hours: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return every place twice, once with the hours before and once with those after, and the pairs with both."""
    labels = pd.Series(np.arange(len(hours)), index=hours.index)
    first = pairs.assign(supply=pairs["supply"].map(labels))
    second = first.assign(supply=first["supply"] + len(hours))
    texts = pd.concat([hours["before"], hours["after"]], ignore_index=True)
    return pd.concat([first, second], ignore_index=True), texts


def _sum(people: pd.Series, mask: pd.Series) -> float:
    return float(people[mask].sum(skipna=False)) if mask.any() else 0.0


def _by_decile(
    people: pd.Series, table: pd.DataFrame, newly: pd.Series, lost: pd.Series, decile: pd.Series | None
) -> pd.DataFrame:
    columns = ["people", "newly_reached", "no_longer_reached", "mean_hours_before", "mean_hours_after"]
    if decile is None:
        return pd.DataFrame(columns=columns).rename_axis("decile")
    parts = {"people": people, "newly_reached": people.where(newly, 0.0), "no_longer_reached": people.where(lost, 0.0)}
    weighted = {f"mean_hours_{when}": people * table[f"{when}_hours"] for when in ("before", "after")}
    sums = pd.DataFrame(parts | weighted).groupby(decile.rename("decile")).sum()
    for name in weighted:
        sums[name] = (sums[name] / sums["people"]).where(sums["people"] > 0)
    return sums
