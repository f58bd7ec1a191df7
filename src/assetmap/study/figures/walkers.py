"""A study's access by who walks and how: every profile, and the ages that the population table has."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from assetmap.measures.routing import Routing, Walks
from assetmap.measures.walkers import WALKER_MINUTES, people_of_age, summarise_walkers
from assetmap.network import PROFILES
from assetmap.study.figures.zone_facts import AGE_WEIGHTS
from assetmap.taxonomy import taxonomy

if TYPE_CHECKING:
    from assetmap.study.settings import Settings

__all__ = ["WALKER_COLUMNS", "access_by_walker"]

WALKER_COLUMNS = (
    "category", "profile", "weights", "mode", "people", "mean_minutes", "median_minutes",
    *(f"share_{minutes}min" for minutes in WALKER_MINUTES), "unreached_people", "step_free_unknown_share", "sentence",
)  # fmt: skip
_WHO = {"all": "people", "children": "children under 16", "65plus": "people of 65 and over"}
_HOW = {"standard": "", "slow": " at a slow pace", "step_free": " without steps"}


def access_by_walker(
    access: pd.DataFrame,
    origins: gpd.GeoDataFrame,
    zones: pd.DataFrame,
    *,
    usable: gpd.GeoDataFrame,
    routing: Routing | None,
    settings: Settings,
) -> pd.DataFrame:
    """Return how long people of each age walk to the nearest of each group of assets, by each profile.

    Parameters
    ----------
    access
        Table ``access`` by the study's own profile, which isn't measured again.
    origins, zones, usable
        The study's tables.
    routing
        The walking network; without it minutes are those of straight lines, and steps can't be told.
    settings
        Of the study.

    Returns
    -------
    DataFrame
        `WALKER_COLUMNS`, over the whole neighbourhood: within a zone all ages live alike.
    """
    weights = {"all": origins["people"]}
    weights |= {age: people_of_age(origins, zones, name) for age, name in AGE_WEIGHTS.items() if name in zones}
    groups = [group for group in taxonomy().groups if (access["category"] == group).any()]
    own = settings.access.profile
    other = PROFILES["standard" if own == "step_free" else "step_free"]
    walks = Walks(origins, routing, profile=other) if routing else None  # once: joining a city to its ways takes long
    parts = []
    for group in groups:
        rows = access[access["category"] == group].set_index("origin_id").reindex(origins["origin_id"])
        member = usable["category"].isin(taxonomy().members(group)).to_numpy()
        metres, unknown = _metres(rows.set_axis(origins.index), walks, member, own=own)
        minutes = {name: metres[name] * PROFILES[name].minutes(1.0) for name in metres}
        table = summarise_walkers(minutes, weights).assign(category=group, mode="walk" if routing else "euclid")
        step_free = table["profile"] == "step_free"
        means = {who: _mean(unknown, weight) for who, weight in weights.items()}
        table["step_free_unknown_share"] = table["weights"].map(means).where(step_free)
        parts.append(table)
    if not parts:
        return pd.DataFrame({column: [] for column in WALKER_COLUMNS})
    found = pd.concat(parts, ignore_index=True)
    found["sentence"] = [_sentence(row) for row in found.to_dict("records")]
    return found[list(WALKER_COLUMNS)]


def _metres(
    rows: pd.DataFrame, walks: Walks | None, member: Any, *, own: str
) -> tuple[dict[str, pd.Series], pd.Series]:
    """Return the metres to the nearest by each profile, and the share of the step-free walk that isn't known.

    Parameters
    ----------
    rows
        Access of one group by the study's own profile, on the origins' index.
    walks
        The network of the other profile (with steps, or without); None where there is no network.
    member
        Which assets are of the group.
    own
        The study's profile.
    """
    if walks is None:
        return dict.fromkeys(("standard", "slow"), rows["euclid_m"]), pd.Series(float("nan"), index=rows.index)
    walked = walks.nearest(member).set_axis(rows.index)
    with_steps, without = (walked, rows) if own == "step_free" else (rows, walked)
    metres = dict.fromkeys(("standard", "slow"), with_steps["walk_m"]) | {"step_free": without["walk_m"]}
    return metres, without["step_free_unknown_share"]


def _mean(share: pd.Series, weight: pd.Series) -> float:
    known = share.notna() & weight.notna()
    total = float(weight[known].sum())
    return float((share * weight)[known].sum()) / total if total > 0 else float("nan")


def _sentence(row: dict[Any, Any]) -> str:
    label, who, how = taxonomy().label(row["category"]), _WHO[row["weights"]], _HOW[row["profile"]]
    if pd.isna(row["people"]):
        return f"{label}: the number of {who} isn't known in every zone, so there is no figure."
    if pd.isna(row["median_minutes"]):
        return f"{label}: none of the {row['people']:,.0f} {who} reach one{how}."
    line = "" if row["mode"] == "walk" else ", in a straight line"
    minutes = math.ceil(row["median_minutes"])
    return (
        f"{label}: half of the {row['people']:,.0f} {who} reach the nearest in {minutes} minutes or less{how}{line}; "
        f"{row['share_10min']:.0%} in 10 minutes."
    )
