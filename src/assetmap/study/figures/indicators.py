"""Figures beside plain access: green space standards for each zone, and how access goes with deprivation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from assetmap.measures.equity.figures import Quantity
from assetmap.measures.equity.together import measure_equity
from assetmap.measures.standards import (
    ACCESSIBLE_GREENSPACE,
    GREEN_WITHIN_300M,
    LONDON_PLAN,
    measure_standards,
    summarise_standards,
)
from assetmap.network import PROFILES
from assetmap.plurals import counted
from assetmap.study.figures.routes import routing_to
from assetmap.taxonomy import taxonomy

if TYPE_CHECKING:
    from assetmap.network import WalkNetwork
    from assetmap.study.figures.frame_access import FrameAccess
    from assetmap.study.inputs import Inputs
    from assetmap.study.settings import Settings

__all__ = ["equity_of_access", "groups_of", "knows_green", "standards_met"]

_ZONES_FOR_TENTHS = 50
"""With fewer zones than this, tenths of the people would rest on a handful each: fifths then."""


def standards_met(
    inputs: Inputs, settings: Settings, sites: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, network: WalkNetwork | None
) -> pd.DataFrame:
    """Return the share of people who meet each green space standard, by zone and for the neighbourhood.

    Parts of one green space count as one of the `sites` (`merge_sites`). Straight lines go to its boundary, walks to
    an entrance. Where nothing that the study reads tells of green space, it isn't known of anybody.
    """
    criteria = (*ACCESSIBLE_GREENSPACE, *GREEN_WITHIN_300M, *(LONDON_PLAN if settings.access.london_plan else ()))
    standards = measure_standards(
        origins,
        sites,
        criteria=criteria,
        routing=routing_to(inputs, sites, network),
        profile=PROFILES[settings.access.profile],
        coverage=inputs.coverage if knows_green(inputs, settings, sites) else shapely.Polygon(),
    )
    everyone = pd.Series("neighbourhood", index=origins.index)
    tables = [summarise_standards(standards, origins, by=everyone), summarise_standards(standards, origins)]
    found = pd.concat(tables, ignore_index=True)
    labels = {c.code: c.label for c in criteria} | {"ags_doorstep_or_local": "Doorstep or local green space"}
    found.insert(2, "label", found["criterion"].map(labels))
    return found


def knows_green(inputs: Inputs, settings: Settings, sites: gpd.GeoDataFrame) -> bool:
    """Return whether a study has any source of green space, so that there being none is a finding."""
    return inputs.osm is not None or bool(settings.green_space) or not sites.empty


def groups_of(zones: pd.DataFrame) -> int:
    """Return into how many groups of people, by deprivation, some zones are cut."""
    return _groups(len(zones))


def _groups(zones: int) -> int:
    return 10 if zones >= _ZONES_FOR_TENTHS else 5


def equity_of_access(zones: gpd.GeoDataFrame, by_zone: pd.DataFrame, frame: FrameAccess | None = None) -> pd.DataFrame:
    """Return how the mean distance to each group of assets goes with deprivation, over the zones and over the frame's.

    Slope and relative index of inequality with limits between zones, concentration index and Gini; each
    with the people and areas it rests on, one sentence, and where there are too few of them the refusal.

    Parameters
    ----------
    zones
        The study's zones with people and deprivation.
    by_zone
        Access by zone (`summarise_access`).
    frame
        Access over the wider area, if there is one.
    """
    own = by_zone.rename(columns={"group": "zone_code"}).assign(left_out="")
    found = [_equity_over(zones, own, name="neighbourhood")]
    if frame is not None and "imd_rank" in frame.zones:
        found.append(_equity_over(frame.zones, frame.access, name=frame.name, where=f" (in {frame.name})"))
    return pd.concat([table for table in found if len(table)] or found[:1], ignore_index=True)


def _equity_over(zones: pd.DataFrame, access: pd.DataFrame, *, name: str, where: str = "") -> pd.DataFrame:
    """Return the equity of the mean distance to each group over some zones, by the mode that it was measured in."""
    facts = zones.set_index("zone_code")[["population", "imd_rank"]]
    tables = []
    of_groups = access[access["category"].isin(taxonomy().groups)]
    for key, rows in of_groups.groupby(["category", "mode"], sort=False):
        code, mode = map(str, key)
        how = "Walk" if mode == "walk" else "Straight line"
        label = taxonomy().label(code).lower()
        quantity = Quantity(f"{how} to the nearest: {label}{where}", "m", "farther", "nearer")
        known = rows.set_index("zone_code")
        figures = int(known["mean_m"].notna().sum())
        equity = measure_equity(
            facts.assign(value=known["mean_m"].reindex(facts.index)), quantity=quantity, groups=_groups(figures)
        )
        table = equity.figures.assign(frame=name, mode=mode, category=code, zones=len(facts))
        reasons = known.loc[known["left_out"] != "", "left_out"].value_counts()
        told = "; ".join(f"{counted(n, 'zone')} left out: {reason}" for reason, n in reasons.items())
        table["notes"] = [("; ".join(filter(None, (told, note)))) for note in table["notes"]]
        tables.append(table)
    if not tables:
        return pd.DataFrame({column: [] for column in ("frame", "category", "mode", "zones", "measure")})
    found = pd.concat(tables, ignore_index=True)
    first = ["frame", "category", "mode", "zones"]
    return found[[*first, *found.columns.drop(first)]]
