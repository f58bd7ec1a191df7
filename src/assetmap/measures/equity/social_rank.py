"""Where people stand between the most and the least deprived, and groups of equal numbers of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assetmap.errors import InputError, UsageError

__all__ = ["deprivation_groups", "social_position"]


def social_position(order: pd.Series, people: pd.Series) -> pd.Series:
    r"""Return the relative rank of each area: the middle of its range in the cumulative share of people.

    :math:`b_k = \sum_{j<k} a_j + a_k / 2`, where :math:`a_k` is the share of people; areas that tie stand
    together at the middle of their common range, so that the order of rows never matters.

    Parameters
    ----------
    order
        What to rank by, lowest first: a rank of deprivation, 1 being the most deprived.
    people
        People of each area, on the same index.

    Returns
    -------
    Series
        Between 0 (most deprived end) and 1, on the same index.

    Examples
    --------
    >>> social_position(pd.Series([3, 1, 2]), pd.Series([50.0, 20.0, 30.0])).tolist()
    [0.75, 0.1, 0.35]
    """
    by_place = people.groupby(order).sum()
    middle = (by_place.cumsum() - by_place / 2) / by_place.sum()
    return order.map(middle).astype(float)


def deprivation_groups(zones: pd.DataFrame, *, groups: int = 10, by: str = "imd_rank") -> pd.Series:
    """Return the group of each zone: 1 = the most deprived tenth (or fifth) of the people of the frame.

    The groups are of the frame given, not of the nation. A zone goes whole to the group in which the
    middle of its people stands, so groups are of about equal people, and a very large zone can leave
    a group empty.

    Parameters
    ----------
    zones
        With ``population`` and the ranking column, 1 being the most deprived.
    groups
        How many: 10 for tenths, 5 for fifths.
    by
        The ranking column.

    Returns
    -------
    Series
        Int64 on the index of `zones`; missing where the zone has no rank or no people.

    Raises
    ------
    InputError
        If a ranked zone's population is unknown or negative: groups of equal people can't be made.
    UsageError
        If fewer than two groups are asked for.

    Examples
    --------
    >>> zones = pd.DataFrame({"population": [100.0] * 4, "imd_rank": [900, 20, 4000, 31000]})
    >>> deprivation_groups(zones, groups=2).tolist()
    [1, 1, 2, 2]
    """
    if groups < 2:
        raise UsageError(f"{groups} group(s) of deprivation can't be compared: ask for 2 or more.")
    ranked = zones.loc[zones[by].notna(), ["population", by]].astype(float)
    bad = ~(ranked["population"] >= 0)
    if bad.any():
        raise InputError(
            f"{int(bad.sum())} of {len(ranked)} zones have an unknown or negative population: "
            "groups of equal people need each zone's population."
        )
    ranked = ranked[ranked["population"] > 0]
    position = social_position(ranked[by], ranked["population"])
    # A position on the line between two groups belongs to the less deprived one, whatever the last bit says.
    number = np.minimum(np.floor(np.round(position.to_numpy() * groups, 9)), groups - 1) + 1
    return pd.Series(number, ranked.index).astype("Int64").reindex(zones.index)
