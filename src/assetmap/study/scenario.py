"""A change to a study's assets that hasn't happened yet, and what it would do to people's access."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.crs import LONLAT, check_lonlat
from assetmap.errors import UsageError
from assetmap.files import hold_lock, write_json, write_text
from assetmap.maps import ZoneView, map_html
from assetmap.measures.access import usable_assets
from assetmap.measures.equity.figures import Quantity
from assetmap.measures.equity.together import measure_equity
from assetmap.measures.whatif import AccessChange, compare_access
from assetmap.network import PROFILES
from assetmap.report import write_csv
from assetmap.study.indicators import groups_of
from assetmap.study.inputs import Inputs, read_inputs
from assetmap.study.measuring import access_between, combine_inputs, start_points
from assetmap.study.settings import Settings, read_settings
from assetmap.study.showing import base_content
from assetmap.taxonomy import taxonomy

__all__ = ["Scenario", "ScenarioResult", "parse_addition", "try_scenario"]


_DISTANCE = Quantity("Distance to the nearest", "m", "farther", "nearer")


@dataclass(frozen=True)
class Scenario:
    """One change: an asset added at a place, or one that is there opened or closed.

    Parameters
    ----------
    kind
        ``add``, ``open`` or ``close``.
    asset_id
        The asset to open or close; for an addition what the new one is called.
    category
        For an addition, what it is.
    lon, lat
        For an addition, where.
    """

    kind: Literal["add", "open", "close"]
    asset_id: str
    category: str = ""
    lon: float = float("nan")
    lat: float = float("nan")

    @property
    def words(self) -> str:
        """The change in words."""
        if self.kind == "add":
            return f"a new {taxonomy().label(self.category).lower()} at {self.lon:.5f}, {self.lat:.5f}"
        return f"{self.asset_id} {'opened' if self.kind == 'open' else 'closed'}"


class SlopeChange(NamedTuple):
    """The slope index of inequality (SII) of the mean distance, before and after, m; NaN where it is refused."""

    before_m: float
    after_m: float
    refusal: str

    def summary(self) -> dict[str, Any]:
        """Return the figures for JSON; a figure that is refused is None, with the reason."""
        return {
            "sii_before_m": _known(self.before_m),
            "sii_after_m": _known(self.after_m),
            "sii_change_m": _known(self.after_m - self.before_m),
            "refusal": self.refusal,
        }


@dataclass(frozen=True)
class ScenarioResult:
    """What a change does."""

    scenario: Scenario
    category: str
    minutes: float
    change: AccessChange
    slope: SlopeChange | None
    """None without an index of deprivation."""
    folder: Path

    def summary(self) -> dict[str, Any]:
        """Return the figures for JSON; a figure that isn't known is None."""
        numbers = {
            name: _known(getattr(self.change, name))
            for name in (
                "people",
                "people_within_before",
                "people_within_after",
                "people_newly_reached",
                "people_no_longer_reached",
                "mean_change_m",
                "within_m",
            )
        }
        by_decile = [
            {str(name): int(value) if name == "decile" else _known(float(value)) for name, value in row.items()}
            for row in self.change.by_decile.reset_index().to_dict("records")
        ]
        return {
            "change": self.scenario.words,
            "category": self.category,
            "minutes": self.minutes,
            **numbers,
            "by_decile": by_decile,
            "slope": self.slope.summary() if self.slope else None,
        }


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 6)


def parse_addition(text: str) -> Scenario:
    """Read ``category@lon,lat``.

    Raises
    ------
    UsageError
        If it isn't of that form, the category isn't known, or the place isn't on the Earth.

    Examples
    --------
    >>> parse_addition("community_centre@-0.031,51.531").category
    'community_centre'
    """
    found = re.fullmatch(r"\s*([a-z_]+)\s*@\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*", text)
    if found is None:
        raise UsageError(f"{text!r} is not category@longitude,latitude, such as community_centre@-0.031,51.531.")
    category, lon, lat = found[1], float(found[2]), float(found[3])
    if category not in taxonomy().categories:
        raise UsageError(f"there is no category {category!r}: use one of {', '.join(taxonomy().categories)}.")
    check_lonlat((lon, lat, lon, lat), f"the place {lon},{lat}")
    return Scenario("add", "scenario:new", category, lon, lat)


def try_scenario(
    folder: Path,
    scenario: Scenario,
    *,
    minutes: float = 10.0,
    today: str,
    say: Callable[[str], None] = lambda _: None,
) -> ScenarioResult:
    """Measure access before and after a change, and write a before-and-after map and table.

    Writes ``map.html``, ``origins.csv``, ``by_decile.csv`` and ``summary.json`` into a folder of its own under
    ``out/whatif/``. The study and its other outputs stay as they are.

    Parameters
    ----------
    folder
        The study folder.
    scenario
        The change.
    minutes
        The walk that counts as within reach, at the pace of the study's profile.
    today
        ISO date written on the map.
    say
        Called with a line for a person at each step.

    Raises
    ------
    UsageError
        If the asset isn't there, is open (or restricted) already, or the place is outside the study's surroundings.
    """
    if not minutes > 0:
        raise UsageError(f"a walk of {minutes} minutes can't be measured: give more than 0.")
    settings = read_settings(folder)
    with hold_lock(folder):
        inputs = read_inputs(folder, settings, say=say)
        assets = combine_inputs(inputs).assets
        changed, category = _apply(assets, scenario, inputs)
        origins = start_points(inputs)
        say(f"measuring access before and after: {scenario.words}")
        before, after = (
            access_between(inputs, settings, origins, usable_assets(table), category) for table in (assets, changed)
        )
        decile = inputs.zones.set_index("zone_code").get("imd_decile")
        within_m = minutes * PROFILES[settings.access.profile].speed_kmh * 1000 / 60
        change = compare_access(before, after, origins, category=category, within_m=within_m, decile=decile)
        slope = _slope_change(inputs.zones, origins, change) if inputs.deprivation is not None else None
        result = ScenarioResult(scenario, category, minutes, change, slope, folder / "out" / "whatif" / _slug(scenario))
        _write(result, folder, settings, inputs, origins, changed, today)
    return result


def _slug(scenario: Scenario) -> str:
    what = f"{scenario.category}_{scenario.lon}_{scenario.lat}" if scenario.kind == "add" else scenario.asset_id
    return re.sub(r"[^A-Za-z0-9._-]+", "_", f"{scenario.kind}_{what}")


def _apply(assets: gpd.GeoDataFrame, scenario: Scenario, inputs: Inputs) -> tuple[gpd.GeoDataFrame, str]:
    """Return the assets after the change, and the category it concerns."""
    if scenario.kind == "add":
        return _added(assets, scenario, inputs), scenario.category
    rows = assets["asset_id"] == scenario.asset_id
    if not rows.any():
        raise UsageError(f"no asset is called {scenario.asset_id}: see the assets in out/assetmap.gpkg.")
    category = str(assets.loc[rows, "category"].iloc[0])
    restricted = assets.loc[rows, "access"].iloc[0] == "restricted"
    if restricted == (scenario.kind == "close"):
        state = "not open to everyone" if restricted else "open already, or nobody has said that it isn't"
        raise UsageError(f"{scenario.asset_id} is {state}: there is nothing to {scenario.kind}.")
    changed = assets.copy()
    changed.loc[rows, "access"] = "restricted" if scenario.kind == "close" else "open"
    if scenario.kind == "close":  # the same place under another source's name closes too
        changed.loc[changed["duplicate_of"] == scenario.asset_id, "access"] = "restricted"
    return changed, category


def _added(assets: gpd.GeoDataFrame, scenario: Scenario, inputs: Inputs) -> gpd.GeoDataFrame:
    point = gpd.GeoSeries([shapely.Point(scenario.lon, scenario.lat)], crs=LONLAT).to_crs(inputs.crs).iloc[0]
    if not inputs.area.surroundings.covers(point):
        raise UsageError(f"{scenario.lon},{scenario.lat} is not near the study's area: longitude goes first.")
    row: dict[str, Any] = dict.fromkeys(assets.columns)
    row |= {
        "asset_id": scenario.asset_id,
        "name": "Proposed",
        "category": scenario.category,
        "source": "scenario",
        "source_ref": "what if",
        "access": "open",
        "area_m2": np.nan,
        "geometry": point,
    }
    new = gpd.GeoDataFrame([row], geometry="geometry", crs=assets.crs).astype(
        {name: assets[name].dtype for name in assets.columns if name != "geometry"}
    )
    return gpd.GeoDataFrame(pd.concat([assets, new], ignore_index=True), geometry="geometry", crs=assets.crs)


def _write(
    result: ScenarioResult,
    folder: Path,
    settings: Settings,
    inputs: Inputs,
    origins: gpd.GeoDataFrame,
    changed: gpd.GeoDataFrame,
    today: str,
) -> None:
    zones = _zone_shares(inputs.zones, origins, result.change)
    label = taxonomy().label(result.category).lower()
    reach = f"in a walk of {result.minutes:g} minutes or less"
    if inputs.osm is None:
        reach = f"within {result.change.within_m:,.0f} m in a straight line"
    share = f"Share of people with a {label} {reach}"
    views = [
        ZoneView("share_after", f"{label.capitalize()} within reach, after", f"{share}, after the change.", "share"),
        ZoneView("share_before", f"{label.capitalize()} within reach, before", f"{share}, as it is now.", "share"),
    ]
    content = base_content(
        folder, settings, inputs, assets=changed, zones=zones, zone_views=views, today=today,
        notice=f"What if: {result.scenario.words}. This has not happened.",
    )  # fmt: skip
    out = result.folder
    write_text(out / "map.html", map_html(content))
    write_csv(out / "origins.csv", result.change.origins.reset_index())
    write_csv(out / "by_decile.csv", result.change.by_decile.reset_index())
    write_json(out / "summary.json", result.summary())


def _slope_change(zones: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, change: AccessChange) -> SlopeChange:
    """Return the SII of the zones' mean distances before and after, over people who reach one both times."""
    table = change.origins.reindex(origins["origin_id"]).reset_index(drop=True)
    reached = table[["before_m", "after_m"]].notna().all(axis="columns")
    people = origins["people"].reset_index(drop=True).where(reached)
    code = origins["zone_code"].reset_index(drop=True)
    total = people.groupby(code).sum(min_count=1)
    slopes = []
    for name in ("before_m", "after_m"):
        mean = (table[name] * people).groupby(code).sum(min_count=1) / total
        facts = zones[["population", "imd_rank"]].assign(value=mean.reindex(zones["zone_code"]).to_numpy())
        found = measure_equity(facts, quantity=_DISTANCE, groups=groups_of(zones)).figures
        slopes.append(found[found["measure"] == "SII"].iloc[0])
    before, after = slopes
    return SlopeChange(float(before["value"]), float(after["value"]), str(before["refusal"] or after["refusal"] or ""))


def _zone_shares(zones: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, change: AccessChange) -> gpd.GeoDataFrame:
    """Return the zones with the share of their people within reach, before and after."""
    table = change.origins.reindex(origins["origin_id"])
    people, code = origins["people"].to_numpy(), origins["zone_code"].to_numpy()
    total = pd.Series(people).groupby(code).sum(min_count=1)
    out = zones.copy()
    for name in ("before", "after"):
        near = pd.Series(np.where(table[f"{name}_m"] <= change.within_m, people, 0.0)).groupby(code).sum()
        out[f"share_{name}"] = (near / total).reindex(zones["zone_code"]).to_numpy()
    return out
