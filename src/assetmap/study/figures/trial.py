"""A scenario measured: access or opening hours before and after, with the slope of inequality."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.measures.access import usable_assets
from assetmap.measures.catchments import travel_costs
from assetmap.measures.equity.figures import Quantity
from assetmap.measures.equity.together import measure_equity
from assetmap.measures.longer_hours import Calendar, OpeningChange, compare_opening
from assetmap.measures.routing import Routing
from assetmap.measures.whatif import AccessChange, compare_access
from assetmap.network import PROFILES, WalkNetwork
from assetmap.study.figures.frame import Frame
from assetmap.study.figures.frame_access import frame_assets, measure_frame
from assetmap.study.figures.indicators import groups_of
from assetmap.study.figures.measuring import access_between, reach_of
from assetmap.study.figures.routes import network_of, routing_to
from assetmap.study.figures.scenario import Changed
from assetmap.study.figures.supply import HOURS_YEAR, measure_supply
from assetmap.study.inputs import Inputs
from assetmap.study.settings import Settings
from assetmap.study.settings_tables import CatchmentTable
from assetmap.taxonomy import taxonomy

__all__ = [
    "ScenarioResult",
    "SlopeChange",
    "SupplyChange",
    "Trial",
    "measure_access_change",
    "measure_opening_change",
    "measure_shared_hours",
    "measure_slope",
]

_QUANTITIES = {
    "m": Quantity("Distance to the nearest", "m", "farther", "nearer"),
    "hours": Quantity("Hours a week with one open within reach", "hours", "more", "fewer"),
}


@dataclass(frozen=True)
class Trial:
    """What a scenario is tried on.

    Parameters
    ----------
    folder, settings, inputs
        The study.
    origins
        Where its people start.
    minutes
        The walk that counts as within reach.
    """

    folder: Path
    settings: Settings
    inputs: Inputs
    origins: gpd.GeoDataFrame
    minutes: float

    @property
    def within_m(self) -> float:
        """The walk that counts as within reach, metres."""
        return reach_of(self.inputs, self.settings, self.minutes)[0]

    @property
    def reach(self) -> str:
        """What counts as within reach, in words: a walk, or without a walking network a straight line."""
        return reach_of(self.inputs, self.settings, self.minutes)[1]

    @cached_property
    def network(self) -> WalkNetwork | None:
        """The walking network, which is built once for before and after; None without one."""
        return network_of(self.inputs)

    def routing(self, usable: gpd.GeoDataFrame) -> Routing | None:
        """Return the walking network with the entrances of some assets."""
        return routing_to(self.inputs, usable, self.network)

    @cached_property
    def decile(self) -> pd.Series | None:
        """National decile of each zone, or None without an index of deprivation."""
        decile: pd.Series | None = self.inputs.zones.set_index("zone_code").get("imd_decile")
        return decile


class SlopeChange(NamedTuple):
    """The slope index of inequality (SII) before and after, of the mean distance (m) or the mean hours a week.

    NaN where it is refused. It rests on `areas` of the `zones` of `frame`: ``neighbourhood``, or the frame's name.
    """

    before: float
    after: float
    refusal: str
    unit: str
    frame: str
    areas: int
    zones: int

    def summary(self) -> dict[str, Any]:
        """Return the figures for JSON; a figure that is refused is None, with the reason."""
        return {
            f"sii_before_{self.unit}": _known(self.before),
            f"sii_after_{self.unit}": _known(self.after),
            f"sii_change_{self.unit}": _known(self.after - self.before),
            "refusal": self.refusal,
            "frame": self.frame,
            "areas": self.areas,
            "zones": self.zones,
        }


class SupplyChange(NamedTuple):
    """Hours open a week for each 1,000 people who share them, mean over people (E2SFCA); NaN where it is refused."""

    before: float
    after: float
    refusal: str

    def summary(self) -> dict[str, Any]:
        """Return the figures for JSON; a figure that is refused is None, with the reason."""
        return {
            "hours_per_1000_before": _known(self.before),
            "hours_per_1000_after": _known(self.after),
            "refusal": self.refusal,
        }


@dataclass(frozen=True)
class ScenarioResult:
    """What a change does.

    `slope` is None without an index of deprivation, `supply` where other hours weren't asked for.
    """

    changed: Changed
    minutes: float
    within_m: float
    reach: str
    change: AccessChange | OpeningChange
    slope: SlopeChange | None
    supply: SupplyChange | None
    folder: Path

    def summary(self) -> dict[str, Any]:
        """Return the figures for JSON; a figure that isn't known is None."""
        names = [field.name for field in fields(self.change) if field.name not in ("by_decile", "origins")]
        by_decile = [
            {str(name): int(value) if name == "decile" else _known(float(value)) for name, value in row.items()}
            for row in self.change.by_decile.reset_index().to_dict("records")
        ]
        return {
            "change": self.changed.words,
            "category": self.changed.category,
            "minutes": self.minutes,
            "within_m": _known(self.within_m),
            "reach": self.reach,
            **{name: _known(getattr(self.change, name)) for name in names},
            "by_decile": by_decile,
            "slope": self.slope.summary() if self.slope else None,
            "supply": self.supply.summary() if self.supply else None,
        }


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 6)


def measure_access_change(trial: Trial, assets: gpd.GeoDataFrame, changed: Changed) -> AccessChange:
    """Measure the nearest of the category before and after."""
    before, after = (
        access_between(
            trial.inputs,
            trial.settings,
            trial.origins,
            usable,
            changed.category,
            routing=trial.routing(usable),
        )
        for usable in (usable_assets(table) for table in (assets, changed.assets))
    )
    return compare_access(
        before,
        after,
        trial.origins,
        category=changed.category,
        within_m=trial.within_m,
        decile=trial.decile,
    )


def measure_opening_change(trial: Trial, assets: gpd.GeoDataFrame, changed: Changed) -> OpeningChange:
    """Measure the hours at which some place of the category is open within reach, before and after."""
    places, later = (
        usable_assets(table).set_index("asset_id").query("category in @kinds")
        for kinds in [taxonomy().members(changed.category)]
        for table in (assets, changed.assets)
    )
    origins = trial.origins.set_index("origin_id")
    costs = travel_costs(
        origins,
        places,
        limit_minutes=trial.minutes,
        routing=trial.routing(places.reset_index()),
        profile=PROFILES[trial.settings.access.profile],
    )
    return compare_opening(
        costs,
        origins["people"],
        pd.DataFrame({"before": places["opening_hours"], "after": later["opening_hours"]}),
        within_minutes=trial.minutes,
        calendar=Calendar(HOURS_YEAR),
        decile=None if trial.decile is None else origins["zone_code"].map(trial.decile),
    )


def measure_shared_hours(trial: Trial, assets: gpd.GeoDataFrame, changed: Changed) -> SupplyChange:
    """Measure the hours open a week for each 1,000 people who share them, those next door too, before and after."""
    asked = CatchmentTable(of=changed.category, supply="hours")
    settings = trial.settings.model_copy(update={"catchments": (asked,)})
    found = []
    for table in (assets, changed.assets):
        usable = usable_assets(table)
        supply = measure_supply(trial.inputs, settings, usable, trial.origins, trial.network)
        found.append(supply[(supply["group"] == "neighbourhood") & (supply["method"] == "E2SFCA")].iloc[0])
    before, after = (1000 * float(row["supply_per_person"]) for row in found)
    return SupplyChange(before, after, str(found[0]["refusal"] or found[1]["refusal"] or ""))


def measure_slope(trial: Trial, changed: Changed, change: AccessChange | OpeningChange) -> SlopeChange:
    """Return the SII of the zones' means before and after.

    Of the distance it rests on the study's frame, where it has one, as the study's own does; of hours, and without
    a frame, on the neighbourhood. Only zones with a mean both times count.
    """
    frame = trial.inputs.frame
    if isinstance(change, OpeningChange) or frame is None or "imd_rank" not in frame.zones:
        return _slope(trial.inputs.zones, _zone_means(trial, change), change, frame="neighbourhood")
    before = frame_assets(frame)
    after = None if before is None else changed.elsewhere(before)
    if after is None:
        why = f"the place's source doesn't reach over the frame {frame.name}, and isn't counted in it"
        return SlopeChange(np.nan, np.nan, why, "m", frame.name, 0, len(frame.zones))
    means = {
        name: _frame_means(trial, frame, changed.category, assets)
        for name, assets in (("before", before), ("after", after))
    }
    return _slope(frame.zones, pd.DataFrame(means), change, frame=frame.name)


def _zone_means(trial: Trial, change: AccessChange | OpeningChange) -> pd.DataFrame:
    """Return each zone's means before and after, over its people for whom both are known."""
    unit = "hours" if isinstance(change, OpeningChange) else "m"
    columns = {f"before_{unit}": "before", f"after_{unit}": "after"}
    table = change.origins[list(columns)].rename(columns=columns).reindex(trial.origins["origin_id"])
    table = table.reset_index(drop=True)
    people = trial.origins["people"].reset_index(drop=True).where(table.notna().all(axis="columns"))
    code = trial.origins["zone_code"].reset_index(drop=True)
    sums = table.mul(people, axis="index").groupby(code).sum(min_count=1)
    return sums.div(people.groupby(code).sum(min_count=1), axis="index")


def _frame_means(trial: Trial, frame: Frame, category: str, assets: gpd.GeoDataFrame) -> pd.Series:
    """Return the mean distance of each zone of the frame, on foot where that is measured; NaN where it is left out."""
    found = measure_frame(
        frame,
        trial.settings,
        routing_of=trial.routing,
        assets=assets,
        targets={category: taxonomy().members(category)},
    ).access
    mode = "walk" if (found["mode"] == "walk").any() else "euclid"
    return found[found["mode"] == mode].set_index("zone_code")["mean_m"].reindex(frame.zones["zone_code"]).astype(float)


def _slope(
    zones: gpd.GeoDataFrame, means: pd.DataFrame, change: AccessChange | OpeningChange, *, frame: str
) -> SlopeChange:
    """Return the SII of means before and after, indexed by zone."""
    unit = "hours" if isinstance(change, OpeningChange) else "m"
    both = means.reindex(zones["zone_code"]).dropna()
    facts = zones.set_index("zone_code")[["population", "imd_rank"]]
    slopes = []
    for name in ("before", "after"):
        found = measure_equity(
            facts.assign(value=both[name]), quantity=_QUANTITIES[unit], groups=groups_of(both)
        ).figures
        slopes.append(found[found["measure"] == "SII"].iloc[0])
    before, after = slopes
    refusal = str(before["refusal"] or after["refusal"] or "")
    areas = int(before["areas"])
    return SlopeChange(float(before["value"]), float(after["value"]), refusal, unit, frame, areas, len(zones))
