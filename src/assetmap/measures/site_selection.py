"""Neighbourhoods to work in: connected zones of a size, ranked by criteria that each have a column of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.errors import InputError, UsageError
from assetmap.measures.pockets.contiguity import neighbouring_zones

__all__ = ["CRITERIA", "check_weights", "grow_neighbourhoods", "keep_apart", "rank_sites"]

CRITERIA: Mapping[str, tuple[str, bool]] = {
    "deprivation": ("imd_average_rank_reversed", True),
    "health": ("health_average_rank_reversed", True),
    "few_assets": ("assets_per_1000", False),
}
"""Criterion -> the column that it goes by, and whether more of it speaks for a site."""


def grow_neighbourhoods(zones: gpd.GeoDataFrame, *, people: tuple[float, float] = (1000.0, 5000.0)) -> list[list[int]]:
    """Return connected sets of zones of a number of people, grown from every zone by its most deprived neighbour.

    A set takes the most deprived of the zones that border it while it has fewer people than the least number, and
    beyond that only zones of the first one's national decile or a worse one; never one that would bring it above the
    greatest number. Equal sets count once.

    Parameters
    ----------
    zones
        Table ``zones``, metric CRS, with ``imd_rank`` and ``imd_decile``; those without people or rank are passed over.
    people
        Least and greatest number of people.

    Returns
    -------
    list of list of int
        Row numbers of each set, ascending; zones have a length of border in common.

    Raises
    ------
    InputError
        If zones overlap.
    UsageError
        If the numbers of people are no range.

    Examples
    --------
    >>> import shapely
    >>> zones = gpd.GeoDataFrame({"zone_code": ["A", "B", "C"], "population": [800.0, 900.0, 900.0],
    ...     "imd_rank": [10.0, 30.0, 20.0], "imd_decile": [1.0, 1.0, 1.0]},
    ...     geometry=[shapely.box(x, 0, x + 9, 9) for x in (0, 9, 18)], crs=27700)
    >>> grow_neighbourhoods(zones, people=(1000, 2000))
    [[0, 1], [1, 2]]
    """
    least, most = people
    if not 0 < least < most:
        raise UsageError(f"{least:g} to {most:g} people are no range: give two numbers above 0, the least first.")
    one, other = neighbouring_zones(zones, rule="rook")
    borders: dict[int, list[int]] = defaultdict(list)
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        borders[a].append(b)
    count = zones["population"].to_numpy(dtype=float)
    rank, decile = (zones[name].to_numpy(dtype=float) for name in ("imd_rank", "imd_decile"))
    usable = (count > 0) & ~np.isnan(rank)
    found: dict[tuple[int, ...], None] = {}
    for seed in np.flatnonzero(usable).tolist():
        members, total = {seed}, count[seed]
        while True:
            edge = {zone for member in members for zone in borders[member]} - members
            fits = [z for z in edge if usable[z] and total + count[z] <= most]
            fits = [z for z in fits if total < least or decile[z] <= decile[seed]]
            if not fits:
                break
            best = min(fits, key=lambda z: (rank[z], z))
            members.add(best)
            total += count[best]
        if least <= total <= most:
            found[tuple(sorted(members))] = None
    return [list(members) for members in found]


def check_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    """Return the weight of every criterion, 1 for those that aren't named.

    Raises
    ------
    UsageError
        If a weight is negative, all are 0, or a criterion isn't known.

    Examples
    --------
    >>> check_weights({"health": 2})
    {'deprivation': 1.0, 'health': 2.0, 'few_assets': 1.0}
    """
    asked = dict(weights or {})
    unknown = set(asked) - set(CRITERIA)
    if unknown:
        raise UsageError(f"{', '.join(sorted(unknown))} is no criterion: there are {', '.join(CRITERIA)}.")
    weight = {name: float(asked.get(name, 1.0)) for name in CRITERIA}
    if not all(value >= 0 for value in weight.values()) or not sum(weight.values()) > 0:
        raise UsageError("weights must be 0 or more, and one of them above 0.")
    return weight


def rank_sites(sites: pd.DataFrame, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    r"""Rank sites by several criteria, each of which keeps its own column.

    :math:`s_i = \sum_c w_c q_{ic} / \sum_c w_c`, with :math:`q_{ic}` the share of the other sites that speak less for
    themselves by criterion c (ties half): 1 for the strongest case, 0 for the weakest. A criterion of which a site has
    no figure counts half for it.

    Parameters
    ----------
    sites
        One row each, with the columns of `CRITERIA`.
    weights
        Criterion -> weight, 0 or more; those that aren't named weigh 1.

    Returns
    -------
    DataFrame
        The sites, best first, with ``rank`` and ``score`` (0 to 1) before, and for each criterion ``<criterion>_rank``
        (1 = the strongest case) and ``<criterion>_share`` (q) after.

    Raises
    ------
    UsageError
        If a weight is negative, all are 0, or a criterion isn't known.
    InputError
        If a column is missing.

    Examples
    --------
    >>> sites = pd.DataFrame({"imd_average_rank_reversed": [9.0, 5.0], "health_average_rank_reversed": [2.0, 3.0],
    ...     "assets_per_1000": [1.0, 4.0]}, index=["a", "b"])
    >>> rank_sites(sites)["score"].round(2).to_dict()
    {'a': 0.67, 'b': 0.33}
    >>> rank_sites(sites, {"deprivation": 0, "few_assets": 0}).index.tolist()
    ['b', 'a']
    """
    weight = check_weights(weights)
    missing = [column for column, _ in CRITERIA.values() if column not in sites]
    if missing:
        raise InputError(f"the sites have no column {', '.join(missing)}.")
    table = sites.copy()
    score = pd.Series(0.0, index=sites.index)
    for name, (column, more) in CRITERIA.items():
        figure = sites[column].round(9)
        table[f"{name}_rank"] = figure.rank(ascending=not more, method="min")
        place = figure.rank(ascending=more, method="average")
        others = max(int(figure.notna().sum()) - 1, 1)
        share = ((place - 1) / others if figure.notna().sum() > 1 else place * 0 + 0.5).fillna(0.5)
        table[f"{name}_share"] = share
        score += weight[name] * share
    table.insert(0, "score", score / sum(weight.values()))
    table.insert(0, "rank", table["score"].round(9).rank(ascending=False, method="min").astype(int))
    return table.sort_values(["rank"], kind="stable")


def keep_apart(ranked: pd.DataFrame, members: pd.Series) -> pd.Series:
    """Return which sites share no zone with a better one that is kept.

    Parameters
    ----------
    ranked
        As `rank_sites` gives them.
    members
        The zones of each site, on the same labels.

    Examples
    --------
    >>> members = pd.Series({"a": ["X", "Y"], "b": ["Y", "Z"], "c": ["Z"]})
    >>> keep_apart(pd.DataFrame(index=["a", "b", "c"]), members).tolist()
    [True, False, True]
    """
    taken: set[object] = set()
    kept = []
    for label in ranked.index:
        free = taken.isdisjoint(members[label])
        kept.append(free)
        if free:
            taken |= set(members[label])
    return pd.Series(kept, index=ranked.index)
