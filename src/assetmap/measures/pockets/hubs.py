"""Hub candidates: the places from which most people of a pocket are within reach, and the next ones after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csc_array

from assetmap.errors import InputError, UsageError
from assetmap.plurals import counted

__all__ = ["HubPlan", "hub_candidates"]

BREATH = 1e-9
"""Share of all people below which a gain is rounding, not people."""


@dataclass(frozen=True)
class HubPlan:
    """Where hubs would reach most people.

    Parameters
    ----------
    candidates
        Every place that anyone reaches, most people first: ``supply``, ``people``, ``share`` (of all the
        people given), ``mean_minutes`` (of those people).
    curve
        The coverage curve: ``hubs`` (0, 1, 2, ...), ``supply`` (added at this step; none at 0), ``people_added``,
        ``people_covered``, ``share_covered``.
    people
        All the people given.
    sentence
        What was found, in plain words.
    """

    candidates: pd.DataFrame
    curve: pd.DataFrame
    people: float
    sentence: str


def hub_candidates(
    costs: pd.DataFrame,
    people: pd.Series,
    *,
    minutes: float = 10.0,
    hubs: int = 5,
    reach: str = "",
    names: Mapping[object, str] | None = None,
) -> HubPlan:
    r"""Rank places by the people within reach of them, and choose several that reach the most together.

    A person is covered if any chosen place is within the time. Each step adds the place that covers
    most people not yet covered; of two that cover as many, the one with more people in reach in all,
    then the nearer to them, then the first label. Such a greedy choice covers at least
    :math:`1 - (1 - 1/k)^k > 63\%` of what the best k places could.

    Parameters
    ----------
    costs
        ``origin``, ``supply``, ``minutes``: pairs within reach, as `travel_costs` gives them for the open
        community assets, or proposed sites. Pairs of other origins are passed over.
    people
        People of each origin of the pocket, indexed by the origin's label.
    minutes
        Within reach is up to this.
    hubs
        How many to choose; fewer where nobody new would be reached.
    reach
        What to call the time in the sentence, such as "667 m in a straight line"; by default its minutes.
    names
        What to call a place in the sentence; by default its label.

    Returns
    -------
    HubPlan
        In people, shares from 0 to 1, and minutes.

    Raises
    ------
    InputError
        If people are unknown, negative or none at all, an origin stands twice, or a column is missing.
    UsageError
        If no hub or no time is asked for.

    References
    ----------
    Church, R. and ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional Science
    Association 32, 101-118. Nemhauser, G., Wolsey, L. and Fisher, M. (1978). An analysis of approximations
    for maximizing submodular set functions. Mathematical Programming 14, 265-294.

    Examples
    --------
    >>> costs = pd.DataFrame({"origin": ["a", "b", "b", "c", "c"], "supply": ["hall", "hall", "library", "library",
    ...     "school"], "minutes": [4.0, 6.0, 3.0, 9.0, 2.0]})
    >>> plan = hub_candidates(costs, pd.Series({"a": 100.0, "b": 200.0, "c": 50.0, "d": 150.0}))
    >>> plan.curve.loc[1:, ["supply", "people_covered"]].values.tolist()
    [['hall', 300.0], ['library', 350.0]]
    """
    if hubs < 1 or not minutes > 0:
        raise UsageError(f"{hubs} hub(s) within {minutes:g} minutes reach nobody: ask for 1 or more, above 0 minutes.")
    total = _count_people(people)
    people = people[people > 0]
    near = _near(costs, people.index, minutes)
    candidates = _rank_places(near, people, total)
    origin = people.index.get_indexer(pd.Index(near["origin"]))
    place = pd.Index(candidates["supply"]).get_indexer(pd.Index(near["supply"]))
    covers = csc_array((np.ones(len(near)), (origin, place)), shape=(len(people), len(candidates)))
    left, steps = people.to_numpy(dtype=float).copy(), [(None, 0.0)]
    for _ in range(min(hubs, len(candidates))):
        gain = covers.T @ left
        best = int(np.argmax(gain >= gain.max() - BREATH * total))
        if gain[best] <= BREATH * total:
            break
        steps.append((candidates["supply"].iloc[best], float(gain[best])))
        left[covers.indices[covers.indptr[best] : covers.indptr[best + 1]]] = 0.0
    curve = pd.DataFrame(steps, columns=["supply", "people_added"])
    curve.insert(0, "hubs", np.arange(len(curve)))
    curve["people_covered"] = curve["people_added"].cumsum()
    curve["share_covered"] = curve["people_covered"] / total
    return HubPlan(candidates, curve, total, _sentence(curve, total, reach or f"{minutes:g} minutes", names or {}))


def _count_people(people: pd.Series) -> float:
    if people.index.has_duplicates:
        raise InputError("an origin stands twice in the people: add up what belongs to one label.")
    if not (people >= 0).all():
        raise InputError(
            f"{int((~(people >= 0)).sum())} of {counted(len(people), 'origin')} have an unknown or negative "
            "number of people: "
            "a pocket's people must be known to say who is reached."
        )
    if not people.sum() > 0:
        raise InputError("nobody lives at the origins given: give the origins of the pocket, with their people.")
    return float(people.sum())


def _near(costs: pd.DataFrame, origins: pd.Index, minutes: float) -> pd.DataFrame:
    missing = [name for name in ("origin", "supply", "minutes") if name not in costs.columns]
    if missing:
        raise InputError(f"the travel costs have no column {', '.join(missing)}: give the table of travel_costs.")
    near = costs[(costs["minutes"] <= minutes) & costs["origin"].isin(origins)]
    return near.sort_values(["supply", "origin", "minutes"]).drop_duplicates(["supply", "origin"])


def _rank_places(near: pd.DataFrame, people: pd.Series, total: float) -> pd.DataFrame:
    weight = near["origin"].map(people).astype(float)
    sums = pd.DataFrame({"people": weight, "walked": weight * near["minutes"]}).groupby(near["supply"]).sum()
    sums["share"] = sums["people"] / total
    sums["mean_minutes"] = sums["walked"] / sums["people"]
    found = sums[["people", "share", "mean_minutes"]].reset_index()
    # Ranked by rounded figures, so that a tie is a tie whatever the last bit of a sum says.
    order = np.lexsort((found["mean_minutes"].round(9), -found["share"].round(9)))
    return found.iloc[order].reset_index(drop=True)


def _sentence(curve: pd.DataFrame, total: float, reach: str, names: Mapping[object, str]) -> str:
    if len(curve) == 1:
        return f"None of the {counted(total, 'person', 'people')} is within {reach} of any of the places."
    first, last = curve.iloc[1], curve.iloc[-1]
    more = (
        f"; {counted(last['hubs'], 'place')} together reach {last['people_covered']:,.0f} ({last['share_covered']:.0%})"
        if len(curve) > 2
        else ""
    )
    return (
        f"{names.get(first['supply'], first['supply'])} is within {reach} of {first['people_added']:,.0f} "
        f"of the {counted(total, 'person', 'people')} ({first['share_covered']:.0%}){more}."
    )
