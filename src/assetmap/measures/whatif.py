"""What if: who comes within reach, and who no longer is, when an asset is added, opened or closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.errors import UsageError

__all__ = ["AccessChange", "compare_access"]


@dataclass(frozen=True)
class AccessChange:
    """How access to one category changes for people.

    Parameters
    ----------
    within_m
        The distance that counts as within reach, metres.
    people
        Everyone; NaN where an origin's people aren't known.
    people_within_before, people_within_after
        People within reach of at least one.
    people_newly_reached, people_no_longer_reached
        People who come within reach, and who lose it.
    mean_change_m
        People-weighted mean change of distance for those who reach one before and after; NaN if none does.
    by_decile
        The same by national decile of deprivation (index ``decile``): people, newly_reached, no_longer_reached,
        within_before, within_after.
    origins
        Indexed by origin_id: ``before_m``, ``after_m``, ``change`` (newly, no longer, nearer, farther, same).
    """

    within_m: float
    people: float
    people_within_before: float
    people_within_after: float
    people_newly_reached: float
    people_no_longer_reached: float
    mean_change_m: float
    by_decile: pd.DataFrame
    origins: pd.DataFrame


def compare_access(
    before: pd.DataFrame,
    after: pd.DataFrame,
    origins: gpd.GeoDataFrame,
    *,
    category: str,
    within_m: float,
    decile: pd.Series | None = None,
) -> AccessChange:
    """Compare two access tables of the same origins.

    People newly reached = sum of p_i over origins with c_i > T before and c_i <= T after; an origin that
    reached none before had c_i infinite. Never negative: losses are counted apart. One more asset loses nobody;
    a copy of one that is there changes nothing.

    Parameters
    ----------
    before, after
        Tables ``access`` of the same origins.
    origins
        Table ``origins``.
    category
        The category or group to compare.
    within_m
        The distance that counts as within reach, metres.
    decile
        National decile of each zone (1 = most deprived), indexed by ``zone_code``.

    Raises
    ------
    UsageError
        If the tables aren't of the same origins, or the distance isn't above 0.

    Examples
    --------
    >>> origins = pd.DataFrame({"origin_id": ["a", "b"], "zone_code": ["Z", "Z"], "people": [10.0, 5.0]})
    >>> row = {"category": "library", "euclid_m": 0.0, "walk_count_400m": 0}
    >>> before = pd.DataFrame([{"origin_id": "a", "walk_m": 900.0, **row}, {"origin_id": "b", "walk_m": 300.0, **row}])
    >>> after = before.assign(walk_m=[350.0, 300.0])
    >>> compare_access(before, after, origins, category="library", within_m=400).people_newly_reached
    10.0
    """
    if not within_m > 0:
        raise UsageError(f"within {within_m} m nothing can be reached: give a distance above 0 m.")
    far, near = (_distances(table, origins, category) for table in (before, after))
    people = origins.set_index("origin_id")["people"].astype(float)
    was, now = far <= within_m, near <= within_m
    newly, lost = ~was & now, was & ~now
    both = np.isfinite(far) & np.isfinite(near)
    weight = people[both].sum()
    table = pd.DataFrame({"before_m": far.where(np.isfinite(far)), "after_m": near.where(np.isfinite(near))})
    closer, farther = near < far - 1e-6, near > far + 1e-6
    table["change"] = np.select([newly, lost, closer, farther], ["newly", "no longer", "nearer", "farther"], "same")

    def total(mask: pd.Series) -> float:
        return float(people[mask].sum(skipna=False)) if mask.any() else 0.0

    masks = {"newly_reached": newly, "no_longer_reached": lost, "within_before": was, "within_after": now}
    return AccessChange(
        within_m=float(within_m),
        people=float(people.sum(skipna=False)),
        people_within_before=total(was),
        people_within_after=total(now),
        people_newly_reached=total(newly),
        people_no_longer_reached=total(lost),
        mean_change_m=float((people[both] * (near - far)[both]).sum() / weight) if weight > 0 else float("nan"),
        by_decile=_by_decile(people, masks, origins, decile),
        origins=table,
    )


def _distances(access: pd.DataFrame, origins: pd.DataFrame, category: str) -> pd.Series:
    """Return the distance of each origin, infinite where none is reached."""
    mode = "walk_m" if any(c.startswith("walk_count_") for c in access.columns) else "euclid_m"
    rows = access[access["category"] == category].set_index("origin_id")[mode]
    if rows.empty:  # no such asset at all
        return pd.Series(np.inf, index=pd.Index(origins["origin_id"]))
    if set(rows.index) != set(origins["origin_id"]):
        raise UsageError("the access table and the origins are not of the same study: measure both again.")
    return rows.reindex(origins["origin_id"]).fillna(np.inf)


def _by_decile(
    people: pd.Series, masks: Mapping[str, pd.Series], origins: pd.DataFrame, decile: pd.Series | None
) -> pd.DataFrame:
    """Return everyone, and the people whom each mask takes, by decile."""
    if decile is None:
        return pd.DataFrame(columns=["people", *masks]).rename_axis("decile")
    of = origins.set_index("origin_id")["zone_code"].map(decile).rename("decile")
    parts = {"people": people} | {name: people.where(mask, 0.0) for name, mask in masks.items()}
    return pd.DataFrame(parts).groupby(of).sum()
