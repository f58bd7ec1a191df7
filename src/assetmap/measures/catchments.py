"""Supply against demand: how much of something there is for each person, with everyone in reach sharing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.crs import require_metric
from assetmap.errors import InputError, UsageError
from assetmap.measures.routing import Routing, Walks
from assetmap.network import PROFILES, Profile

__all__ = [
    "E2SFCA_STEPS",
    "Catchments",
    "floating_catchment",
    "gaussian_decay",
    "gravity_decay",
    "mean_supply",
    "step_decay",
    "travel_costs",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Decay = Callable[[Floats], Floats]
"""Costs -> weights, 0 or more."""

E2SFCA_STEPS: Mapping[float, float] = {10.0: 1.0, 20.0: 0.68, 30.0: 0.22}
"""Minutes -> weight, as Luo and Qi (2009) have them."""


class Catchments(NamedTuple):
    """What a floating catchment gives.

    Parameters
    ----------
    access
        Supply per person of each origin, on the demand's index, in the supply's unit; 0 where no supply
        is within reach.
    supplies
        On the supply's index: ``demand``, the people who share each one, weighted; ``ratio``, what it has
        for each of them, NaN where nobody reaches it, so that it serves nobody.
    """

    access: pd.Series
    supplies: pd.DataFrame


def travel_costs(
    origins: gpd.GeoDataFrame,
    supplies: gpd.GeoDataFrame,
    *,
    limit_minutes: float = 30.0,
    routing: Routing | None = None,
    profile: Profile = PROFILES["standard"],
) -> pd.DataFrame:
    """Return how far every origin is from every supply that it can reach in some minutes.

    Parameters
    ----------
    origins
        Table ``origins``, metric CRS. Whoever shares the supplies belongs in it, from beyond the neighbourhood
        too: without them there seems to be more for each person than there is.
    supplies
        Assets or sites, same CRS.
    limit_minutes
        Where the catchment ends.
    routing
        The walking network, and the entrances that `find_entrances` gives for `supplies`; without it
        distances are straight lines.
    profile
        The way of walking; its speed turns metres into minutes.

    Returns
    -------
    DataFrame
        One row for each pair within the limit: ``origin`` and ``supply`` (labels of the two indexes),
        ``distance_m``, ``minutes``.

    Examples
    --------
    >>> homes = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 900], [0, 0]), crs=27700, index=["a", "b"])
    >>> halls = gpd.GeoDataFrame(geometry=gpd.points_from_xy([800], [0]), crs=27700, index=["x"])
    >>> travel_costs(homes, halls, limit_minutes=10).to_dict("records")
    [{'origin': 'b', 'supply': 'x', 'distance_m': 100.0, 'minutes': 1.5}]
    """
    require_metric(origins, "the origins")
    require_metric(supplies, "the supplies")
    limit_m = limit_minutes / profile.minutes(1.0)
    if routing is None or supplies.empty:
        points, shapes = origins.geometry.to_numpy(), supplies.geometry.to_numpy()
        row, column = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=limit_m)
        distance = shapely.distance(points[row], shapes[column])
    else:
        found = Walks(origins, routing, profile=profile).pairs(limit_m)
        row, column, distance = (found[name].to_numpy() for name in ("origin", "asset", "walk_m"))
    table = pd.DataFrame({"origin": origins.index[row], "supply": supplies.index[column], "distance_m": distance})
    return table.assign(minutes=profile.minutes(1.0) * table["distance_m"])


def floating_catchment(
    costs: pd.DataFrame, demand: pd.Series, *, supply: pd.Series, decay: Decay, cost: str = "minutes"
) -> Catchments:
    r"""Share each supply among the people who can reach it, and add up what each origin gets.

    :math:`R_j = S_j / \sum_i P_i W(c_{ij})`, :math:`A_i = \sum_j R_j W(c_{ij})`. What is given out is
    what there is: :math:`\sum_i P_i A_i = \sum_j S_j` over the supplies that anyone reaches. With one
    step it is the two-step floating catchment (2SFCA), with several the enhanced one (E2SFCA).

    Parameters
    ----------
    costs
        One row for each pair within reach: ``origin``, ``supply`` (labels of the other two tables) and what
        it costs to get there (`travel_costs`). A pair that isn't there, or whose cost is NaN, can't be
        travelled.
    demand
        People, by origin.
    supply
        Capacity by supply, in any unit: m², seats, hours open a week.
    decay
        What a cost is worth: `step_decay`, `gaussian_decay`, `gravity_decay`.
    cost
        The column of costs, in the unit that `decay` expects.

    Raises
    ------
    InputError
        If people are missing, negative or none, a capacity is missing or negative, a cost negative, a label
        unknown or a pair there twice.

    References
    ----------
    Luo, W. and Wang, F. (2003). Measures of spatial accessibility to health care in a GIS environment.
    Environment and Planning B 30(6).
    Luo, W. and Qi, Y. (2009). An enhanced two-step floating catchment area (E2SFCA) method for measuring spatial
    accessibility to primary care physicians. Health & Place 15(4).

    Examples
    --------
    >>> costs = pd.DataFrame({"origin": ["a", "b", "b"], "supply": ["x", "x", "y"], "minutes": [5.0, 15.0, 5.0]})
    >>> people, seats = pd.Series({"a": 100.0, "b": 50.0}), pd.Series({"x": 30.0, "y": 20.0, "z": 5.0})
    >>> found = floating_catchment(costs, people, supply=seats, decay=step_decay({30: 1.0}))
    >>> found.access.round(3).to_dict()
    {'a': 0.2, 'b': 0.6}
    >>> found.supplies["ratio"].to_dict()
    {'x': 0.2, 'y': 0.4, 'z': nan}
    """
    _check_amounts(demand, supply)
    travelled = _travelled(costs, cost)
    origin = _positions(travelled, "origin", demand.index)
    place = _positions(travelled, "supply", supply.index)
    weight = decay(travelled[cost].to_numpy(dtype=float))
    people = demand.to_numpy(dtype=float)
    shared = np.bincount(place, weights=people[origin] * weight, minlength=len(supply))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(shared > 0, supply.to_numpy(dtype=float) / shared, np.nan)
    given = np.where(weight > 0, ratio[place] * weight, 0.0)
    access = np.bincount(origin, weights=given, minlength=len(demand))
    return Catchments(
        pd.Series(access, index=demand.index, name="supply_per_person"),
        pd.DataFrame({"demand": shared, "ratio": ratio}, index=supply.index),
    )


def _check_amounts(demand: pd.Series, supply: pd.Series) -> None:
    for series, what in ((demand, "origin"), (supply, "supply")):
        if not series.index.is_unique:
            raise InputError(f"{series.index[series.index.duplicated()][0]!r} stands twice: give each {what} one row.")
    without = int((~(demand > 0)).sum())
    if without:
        raise InputError(
            f"{without:,} of {len(demand):,} origins have no number of people above 0: leave them out, or give "
            "their people."
        )
    unknown = int((~(supply >= 0)).sum())
    if unknown:
        raise InputError(
            f"{unknown:,} of {len(supply):,} supplies have no capacity, or one below 0: leave them out, or give theirs."
        )


def _travelled(costs: pd.DataFrame, cost: str) -> pd.DataFrame:
    """Return the pairs that can be travelled."""
    missing = {"origin", "supply", cost} - set(costs.columns)
    if missing:
        raise InputError(f"the table of costs has no column {', '.join(sorted(missing))}.")
    known = costs[costs[cost].notna()]
    if (known[cost] < 0).any():
        raise InputError(f"{int((known[cost] < 0).sum()):,} of {len(costs):,} costs are below 0: check the table.")
    twice = known[known.duplicated(["origin", "supply"])]
    if len(twice):
        pair = f"{twice['origin'].iloc[0]!r} to {twice['supply'].iloc[0]!r}"
        raise InputError(f"{len(twice):,} of {len(costs):,} costs stand twice, such as {pair}: keep the least of each.")
    return known


def _positions(costs: pd.DataFrame, column: str, labels: pd.Index) -> Any:
    position = labels.get_indexer(pd.Index(costs[column]))
    strange = costs[column].to_numpy()[position < 0]
    if len(strange):
        raise InputError(
            f"{len(strange):,} of {len(costs):,} costs name no {column} of the {len(labels):,} given, such as "
            f"{strange[0]!r}."
        )
    return position


def step_decay(steps: Mapping[float, float] = E2SFCA_STEPS) -> Decay:
    """Return a decay that is constant up to each of some costs, and 0 beyond the last.

    Parameters
    ----------
    steps
        Cost -> weight up to and including it. One step of weight 1 makes the 2SFCA.

    Examples
    --------
    >>> step_decay()(np.array([0.0, 10.0, 15.0, 30.0, 31.0])).tolist()
    [1.0, 1.0, 0.68, 0.22, 0.0]
    """
    ends = np.array(sorted(steps), dtype=float)
    weights = np.array([steps[end] for end in sorted(steps)] + [0.0], dtype=float)
    if not len(ends) or not (ends > 0).all() or not (weights >= 0).all() or not weights.any():
        raise UsageError(f"steps {dict(steps)} make no catchment: give costs above 0, each with its weight.")
    return lambda cost: weights[np.searchsorted(ends, cost)]


def gaussian_decay(limit: float) -> Decay:
    r"""Return a decay that falls along a bell from 1 at no cost to 0 at the limit and beyond.

    :math:`W(c) = (e^{-\frac{1}{2}(c/c_0)^2} - e^{-\frac{1}{2}}) / (1 - e^{-\frac{1}{2}})` for
    :math:`c \le c_0`.

    Parameters
    ----------
    limit
        The cost c0 at which the catchment ends.

    References
    ----------
    Dai, D. (2011). Racial/ethnic and socioeconomic disparities in urban green space accessibility: where to
    intervene? Landscape and Urban Planning 102(4).

    Examples
    --------
    >>> gaussian_decay(30.0)(np.array([0.0, 15.0, 30.0, 31.0])).round(4).tolist()
    [1.0, 0.7014, 0.0, 0.0]
    """
    if not limit > 0:
        raise UsageError(f"a catchment of {limit} holds nothing: give a limit above 0.")
    edge = np.exp(-0.5)
    return lambda cost: np.where(cost <= limit, (np.exp(-0.5 * (cost / limit) ** 2) - edge) / (1 - edge), 0.0)


def gravity_decay(exponent: float, *, least: float, limit: float = np.inf) -> Decay:
    r"""Return a decay with a power of the cost: :math:`W(c) = \max(c, c_{\min})^{-\beta}`.

    Parameters
    ----------
    exponent
        The power β above 0: the larger, the more the near outweighs the far.
    least
        Costs below this count as this, since a power of nothing is beyond measure.
    limit
        The cost beyond which the weight is 0.

    References
    ----------
    Hansen, W. G. (1959). How accessibility shapes land use. Journal of the American Institute of Planners 25(2);
    with competition for the supply as in Luo and Wang (2003).

    Examples
    --------
    >>> gravity_decay(2.0, least=1.0, limit=60.0)(np.array([0.0, 1.0, 2.0, 10.0, 61.0])).round(4).tolist()
    [1.0, 1.0, 0.25, 0.01, 0.0]
    """
    if not (exponent > 0 and least > 0 and limit > least):
        raise UsageError(
            f"an exponent of {exponent}, a least cost of {least} and a limit of {limit} make no gravity: give numbers "
            "above 0, the limit above the least."
        )
    return lambda cost: np.where(cost <= limit, np.maximum(cost, least) ** -exponent, 0.0)


def mean_supply(access: pd.Series, people: pd.Series, *, by: pd.Series) -> pd.DataFrame:
    r"""Return, per group, what its people have of a supply: :math:`\sum_i P_i A_i / \sum_i P_i`.

    Parameters
    ----------
    access
        Supply per person of each origin (`floating_catchment`).
    people, by
        People and group of each origin, on the same index.

    Returns
    -------
    DataFrame
        Indexed by group: ``people``, ``supply`` in its own unit, ``supply_per_person``, and
        ``people_without``, those who reach none of it.

    Examples
    --------
    >>> mean_supply(pd.Series([2.0, 0.0]), pd.Series([10.0, 30.0]), by=pd.Series(["Z1", "Z1"])).loc["Z1"].to_dict()
    {'people': 40.0, 'supply': 20.0, 'supply_per_person': 0.5, 'people_without': 30.0}
    """
    without = people.where(access == 0, 0.0)
    table = pd.DataFrame({"people": people, "supply": people * access, "people_without": without})
    sums = table.groupby(by).sum()
    sums.insert(2, "supply_per_person", sums["supply"] / sums["people"])
    return sums
