"""Who walks, and how: access of the young and the old, at a slow pace, and without steps."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.errors import InputError
from assetmap.measures.summaries import weighted_median

__all__ = ["WALKER_MINUTES", "people_of_age", "summarise_walkers"]

WALKER_MINUTES = (5, 10, 15)


def people_of_age(origins: gpd.GeoDataFrame, zones: pd.DataFrame, column: str) -> pd.Series:
    r"""Return how many people of an age group start at each origin.

    A zone's age group is spread over its homes as all its people are: :math:`p_i g_z / P_z`. So within a zone the young
    and the old live alike; between zones they don't.

    Parameters
    ----------
    origins
        Table ``origins``.
    zones
        Table ``zones`` with the column.
    column
        People of the age group in each zone.

    Returns
    -------
    Series
        People, on the index of `origins`; NaN where either number is unknown.

    Raises
    ------
    InputError
        If a zone has more people of the age group than people.

    Examples
    --------
    >>> homes = gpd.GeoDataFrame({"zone_code": ["Z", "Z"], "people": [60.0, 40.0]},
    ...     geometry=gpd.points_from_xy([0, 1], [0, 0]), crs=27700)
    >>> zones = pd.DataFrame({"zone_code": ["Z"], "population": [100.0], "population_children": [25.0]})
    >>> people_of_age(homes, zones, "population_children").tolist()
    [15.0, 10.0]
    """
    known = zones.set_index("zone_code")
    more = known[column] > known["population"]
    if more.any():
        raise InputError(
            f"{int(more.sum())} of {len(known)} zones have more people in {column} than people (first: "
            f"{known.index[more][0]}): are the population table's columns of one year?"
        )
    share = (known[column] / known["population"].where(known["population"] > 0)).mask(known["population"] == 0, 0.0)
    people: pd.Series = origins["people"] * origins["zone_code"].map(share).to_numpy(dtype=float)
    return people.rename(column)


def summarise_walkers(minutes: Mapping[str, pd.Series], weights: Mapping[str, pd.Series]) -> pd.DataFrame:
    r"""Summarise how long a walk to the nearest takes, for each way of walking and each group of people.

    Weighted mean :math:`\sum_i p_i t_i / \sum_i p_i` and median over the people who reach one; shares of all of them
    within 5, 10 and 15 minutes, those who reach none counting as not within.

    Parameters
    ----------
    minutes
        Way of walking -> minutes from each origin to the nearest, NaN where none is reached.
    weights
        Group of people -> how many of them start at each origin, on the same index. Where any is unknown the group's
        figures are NaN: no weight is made up.

    Returns
    -------
    DataFrame
        ``profile``, ``weights``, ``people``, ``mean_minutes``, ``median_minutes``, ``share_5min``, ``share_10min``,
        ``share_15min`` (0 to 1), ``unreached_people``.

    Examples
    --------
    >>> found = summarise_walkers({"standard": pd.Series([4.0, 12.0])}, {"all": pd.Series([30.0, 10.0])})
    >>> found[["mean_minutes", "median_minutes", "share_10min"]].values.tolist()
    [[6.0, 4.0, 0.75]]
    """
    rows = []
    for profile, minutes_each in minutes.items():
        time = minutes_each.to_numpy(dtype=float)
        for group, people_each in weights.items():
            weight = people_each.reindex(minutes_each.index).to_numpy(dtype=float)
            people = float(weight.sum())  # NaN where any is unknown, and so is all that follows
            reached = np.where(np.isnan(time), 0.0, weight).sum()
            whole = people if people > 0 else np.nan
            half = weighted_median(minutes_each, people_each, pd.Series(0, index=minutes_each.index)).iloc[0]
            row = {
                "profile": profile,
                "weights": group,
                "people": people,
                "mean_minutes": np.nansum(weight * time) / (reached if people > 0 and reached > 0 else np.nan),
                "median_minutes": half if not np.isnan(people) else np.nan,
            }
            row |= {f"share_{limit}min": weight[time <= limit].sum() / whole for limit in WALKER_MINUTES}
            row["unreached_people"] = people - reached
            rows.append(row)
    return pd.DataFrame(rows)
