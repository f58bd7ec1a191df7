"""Access per zone, for the neighbourhood and by deprivation: people-weighted figures from origins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.arguments import require_columns
from assetmap.errors import UsageError
from assetmap.plurals import counted

__all__ = ["access_by_deprivation", "summarise_access", "weighted_median"]

_NEEDED = ("origin_id", "category", "euclid_m", "walk_m", "edge_effect")
"""Columns of table ``access`` that are always summarised."""


def weighted_median(values: pd.Series, weights: pd.Series, by: pd.Series) -> pd.Series:
    """Return, per group, the smallest value at which half of the weight is reached.

    Parameters
    ----------
    values, weights, by
        Aligned series; rows with a missing value or weight don't count.

    Returns
    -------
    Series
        Indexed by group; NaN for a group without any weight.

    Examples
    --------
    >>> v, w = pd.Series([1.0, 2.0, 9.0]), pd.Series([1.0, 1.0, 2.0])
    >>> weighted_median(v, w, pd.Series(["a", "a", "a"])).to_dict()
    {'a': 2.0}
    """
    group, groups = pd.factorize(by)
    value, weight = values.to_numpy(dtype=float), weights.to_numpy(dtype=float)
    counted = np.flatnonzero((group >= 0) & ~np.isnan(value) & (weight > 0))
    counted = counted[np.lexsort((value[counted], group[counted]))]
    group, value, weight = group[counted], value[counted], weight[counted]
    half = np.bincount(group, weight, minlength=len(groups)) / 2 * (1 - 1e-12)
    reached = pd.Series(weight).groupby(group).cumsum().to_numpy() >= half[group]
    found, first = np.unique(group[reached], return_index=True)
    median = np.full(len(groups), np.nan)
    median[found] = value[reached][first]
    return pd.Series(median, index=groups, name="value")


def summarise_access(access: pd.DataFrame, origins: gpd.GeoDataFrame, *, by: pd.Series | None = None) -> pd.DataFrame:
    r"""Summarise access over the people of each zone (or any other grouping of origins).

    Weighted mean :math:`\sum_i p_i d_i / \sum_i p_i` over people who reach one; weighted median;
    share of all people within each threshold, those who reach none counting as not within.

    Parameters
    ----------
    access
        Table ``access``.
    origins
        Table ``origins`` of the same origins. Where ``people`` is missing for any origin of a group,
        the group's figures are NaN: no weight is made up.
    by
        Group of each origin, indexed like `origins`; by default its ``zone_code``.

    Returns
    -------
    DataFrame
        One row for each group and category: ``group``, ``category``, ``people``, ``mode`` (walk or euclid), ``mean_m``,
        ``median_m``, ``euclid_mean_m``, ``mean_count_<T>m``, ``people_<T>m``, ``share_<T>m`` (0 to 1),
        ``origins``, ``unreached_origins``, ``unreached_people``, ``edge_origins``.
    """
    zoned = ("zone_code",) if by is None else ()
    require_columns(access, _NEEDED, "the access")
    require_columns(origins, ("origin_id", "people", *zoned), "the origins")
    by = origins["zone_code"] if by is None else by
    mode = "walk" if any(c.startswith("walk_count_") for c in access.columns) else "euclid"
    rows = _grouped(access, origins, by)
    weight, far = rows.weight, access[f"{mode}_m"].to_numpy()
    people = np.where(rows.total(np.isnan(weight)) == 0, rows.total(weight), np.nan)
    out = pd.DataFrame({"group": rows.groups, "category": rows.categories, "origins": rows.total(1.0).astype(np.int64)})
    out["people"], out["mode"] = people, mode
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody reaches one, or nobody lives there: NaN
        for name, column in (("mean_m", f"{mode}_m"), ("euclid_mean_m", "euclid_m")):
            distance = access[column].to_numpy()
            out[name] = rows.total(weight * distance) / rows.total(np.where(np.isnan(distance), 0.0, weight))
        out["median_m"] = rows.median(far)
        for column in (c for c in access.columns if c.startswith(f"{mode}_count_")):
            threshold = column.removeprefix(f"{mode}_count_")
            out[f"people_{threshold}"] = rows.total(np.where(far <= int(threshold[:-1]), weight, 0.0))
            out[f"share_{threshold}"] = out[f"people_{threshold}"] / people
            out[f"mean_count_{threshold}"] = rows.total(weight * access[column].to_numpy()) / people
    out["unreached_origins"] = rows.total(np.isnan(far)).astype(np.int64)
    out["unreached_people"] = rows.total(np.where(np.isnan(far), weight, 0.0))
    out["edge_origins"] = rows.total(access["edge_effect"].to_numpy()).astype(np.int64)
    weighed = [
        c for c in out.columns if c.startswith(("mean_", "median_", "euclid_", "people_", "share_", "unreached_people"))
    ]
    out.loc[np.isnan(people), weighed] = np.nan
    return out.take(rows.present).reset_index(drop=True)


@dataclass(frozen=True)
class _Grouped:
    """The rows of an access table, each with the people of its origin, in cells of group and category."""

    cell: Any
    """Of each row, -1 where its origin has no group."""
    weight: Any
    groups: Any
    """Group and category of each cell."""
    categories: Any

    def total(self, values: Any) -> Any:
        """Sum values over each cell; those that are missing don't count."""
        values = np.broadcast_to(values, self.cell.shape)
        counted = np.where((self.cell < 0) | np.isnan(values), 0.0, values)
        return np.bincount(np.maximum(self.cell, 0), counted, minlength=len(self.groups))

    def median(self, values: Any) -> Any:
        """Return the weighted median of each cell."""
        inside = self.cell >= 0
        found = weighted_median(*(pd.Series(part[inside]) for part in (values, self.weight, self.cell)))
        return found.reindex(range(len(self.groups))).to_numpy()

    @property
    def present(self) -> Any:
        """Which cells have a row."""
        return np.flatnonzero(self.total(1.0))


def _grouped(access: pd.DataFrame, origins: gpd.GeoDataFrame, by: pd.Series) -> _Grouped:
    ids = pd.Index(origins["origin_id"])
    if not ids.is_unique:
        raise UsageError("an origin stands twice in the origins: each needs its own origin_id.")
    group, groups = pd.factorize(by, sort=True)
    category, categories = pd.factorize(access["category"], sort=True)
    row, known = pd.factorize(access["origin_id"])  # each id is looked up once, not once a category
    origin = ids.get_indexer(known)[row]
    of_row = np.where(origin >= 0, group[origin], -1)
    return _Grouped(
        np.where(of_row >= 0, of_row * len(categories) + category, -1),
        origins["people"].to_numpy(dtype=float)[origin],
        groups.repeat(len(categories)),
        np.tile(np.asarray(categories, dtype=object), len(groups)),
    )


def access_by_deprivation(
    access: pd.DataFrame,
    origins: gpd.GeoDataFrame,
    decile: pd.Series,
    *,
    labels: Mapping[str, str] | None = None,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Cross access with deprivation: figures for the people of each national decile, and a sentence each.

    Parameters
    ----------
    access, origins
        As for `summarise_access`.
    decile
        National decile of each zone (1 = most deprived), indexed by ``zone_code``.
    labels
        What to call each category in its sentence; by default its code.

    Returns
    -------
    table : DataFrame
        As `summarise_access`, ``group`` being the decile.
    sentences : dict
        Category -> one sentence that compares the most and least deprived deciles present.
    """
    require_columns(access, _NEEDED, "the access")
    require_columns(origins, ("origin_id", "zone_code", "people"), "the origins")
    table = summarise_access(access, origins, by=origins["zone_code"].map(decile).astype("Int64"))
    table = table.rename(columns={"group": "decile"})
    names = labels or {}
    return table, {
        str(c): _sentence(rows, names.get(str(c), str(c))) for c, rows in table.groupby("category", sort=True)
    }


def _sentence(rows: pd.DataFrame, name: str) -> str:
    known = rows.dropna(subset=["median_m"]).sort_values("decile")
    if len(known) < 2:
        having = "only one" if len(known) else "no"
        return f"{name}: {having} decile of deprivation has figures here, so there is nothing to compare."
    worst, best = known.iloc[0], known.iloc[-1]
    how = "walk" if worst["mode"] == "walk" else "are (in a straight line)"
    return (
        f"{name}: half of the {counted(worst['people'], 'person', 'people')} in the most deprived areas here "
        "(national decile "
        f"{worst['decile']}) {how} {worst['median_m']:,.0f} m or less to the nearest; in the least deprived areas here "
        f"(decile {best['decile']}, {counted(best['people'], 'person', 'people')}) it is {best['median_m']:,.0f} m."
    )


def choose_columns(summary: pd.DataFrame, *, measures: Sequence[str]) -> pd.DataFrame:
    """Return a wide table, one row a group: columns ``<category>_<measure>``."""
    wide = summary.pivot(index="group", columns="category", values=list(measures))
    wide.columns = wide.columns.map(lambda pair: f"{pair[1]}_{pair[0]}")
    return wide[sorted(wide.columns)]
