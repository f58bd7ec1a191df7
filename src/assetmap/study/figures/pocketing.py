"""Pockets of deprivation in a study, and which of its places could be their hubs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.errors import InputError, UsageError
from assetmap.files import write_json, write_text
from assetmap.folders import hold_lock
from assetmap.maps import ZoneView, map_html
from assetmap.measures.access import usable_assets
from assetmap.measures.catchments import travel_costs
from assetmap.measures.pockets.connected import Pockets, find_pockets
from assetmap.measures.pockets.hubs import HubPlan, hub_candidates
from assetmap.measures.pockets.local_worst import locally_worst
from assetmap.network import PROFILES
from assetmap.sources.boundaries import read_zones
from assetmap.study.figures.measuring import check_minutes, combine_inputs, reach_of, start_points
from assetmap.study.figures.routes import network_of, routing_to
from assetmap.study.figures.zone_facts import add_zone_facts
from assetmap.study.inputs import Inputs, read_inputs
from assetmap.study.manifest import state_of
from assetmap.study.settings import Settings, read_settings
from assetmap.study.showing import base_content
from assetmap.table_files import write_csv
from assetmap.taxonomy import taxonomy

__all__ = ["StudyPockets", "find_study_pockets"]

HUB_GROUPS = ("community_space", "arts_and_culture", "faith")
"""The kinds of places that could be a community's hub."""


@dataclass(frozen=True)
class StudyPockets:
    """What was found, and where it is written."""

    pockets: Pockets
    hubs: HubPlan | None
    locally_worst: pd.DataFrame
    no_hubs: str
    """Why there are no hub candidates, if there are none."""
    minutes: float
    """The walk that counts as near to a hub."""
    reach: str
    """The same in words: without a walking network a straight line, which has no minutes."""
    folder: Path

    def summary(self) -> dict[str, Any]:
        """Return the figures for JSON; a figure that isn't known is None."""

        def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
            plain = pd.DataFrame(table).astype(object)
            return [{str(k): v for k, v in row.items()} for row in plain.where(plain.notna(), None).to_dict("records")]

        return {
            "sentence": self.pockets.sentence,
            "minutes": self.minutes,
            "reach": self.reach,
            "pockets": rows(self.pockets.table.drop(columns="geometry")),
            "sensitivity": rows(self.pockets.sensitivity),
            "nearest": rows(self.pockets.nearest.drop(columns="geometry")),
            "locally_worst": rows(self.locally_worst),
            "hubs_sentence": self.hubs.sentence if self.hubs else self.no_hubs,
            "hub_candidates": rows(self.hubs.candidates.head(20)) if self.hubs else [],
            "coverage": rows(self.hubs.curve) if self.hubs else [],
        }


def find_study_pockets(
    folder: Path, *, decile: int = 2, minutes: float = 10.0, today: str, say: Callable[[str], None] = lambda _: None
) -> StudyPockets:
    """Find pockets of deprivation that reach into a study, and the places from which most of their people are near.

    The frame is every zone of the study's zones file, so that a pocket is followed beyond the neighbourhood.
    Writes tables, a map and ``summary.json`` into ``out/pockets/``.

    Parameters
    ----------
    folder
        The study folder.
    decile
        The least deprived national decile that counts; 2 is the NHS's Core20.
    minutes
        The walk that counts as within reach of a hub, at the pace of the study's profile; without a walking network
        as many metres, straight.
    today
        ISO date written on the map.
    say
        Called with a line for a person at each step.

    Raises
    ------
    UsageError
        If the study has no index of deprivation, or the minutes can't be walked (`check_minutes`).
    AssetMapError
        As `read_inputs`; or if the decile can't be.
    """
    check_minutes(minutes)
    settings = read_settings(folder)
    with hold_lock(folder):
        inputs = read_inputs(folder, settings, say=say)
        if inputs.deprivation is None:
            raise UsageError(f"{folder} has no index of deprivation: add one with `assetmap add`, or `assetmap fetch`.")
        frame = _frame(folder, settings, inputs)
        inside = frame["zone_code"].isin(inputs.zones["zone_code"])
        pockets = find_pockets(frame, decile=decile, inside=inside)
        worst = locally_worst(frame, size=inputs.deprivation.edition.size)
        worst = frame[["zone_code", "name"]].join(worst)[inside & worst["locally_worst"]]
        _, reach = reach_of(inputs, settings, minutes)
        say(f"looking for hubs within {reach}")
        hubs, why = _hubs(inputs, settings, frame.loc[pockets.pocket.notna() & inside, "zone_code"], minutes)
        result = StudyPockets(
            pockets, hubs, worst.reset_index(drop=True), why, minutes, reach, folder / "out" / "pockets"
        )
        _write(result, folder, settings, inputs, today)
    return result


def _frame(folder: Path, settings: Settings, inputs: Inputs) -> gpd.GeoDataFrame:
    """Return every zone of the zones file with its people and its place in the index."""
    if settings.zones is None:
        return inputs.zones
    zones, _ = read_zones(
        folder / settings.zones.file, crs=inputs.crs, code=settings.zones.code, name=settings.zones.name
    )
    return add_zone_facts(zones, folder, settings).zones


def _hubs(inputs: Inputs, settings: Settings, codes: pd.Series, minutes: float) -> tuple[HubPlan | None, str]:
    """Return the hub candidates for the people of some zones, or why there are none."""
    if codes.empty:
        return None, "No pocket, so no hub to look for."
    rules = taxonomy()
    usable = usable_assets(combine_inputs(inputs).assets)
    kinds = [kind for group in HUB_GROUPS for kind in rules.members(group)]
    places = usable[usable["category"].isin(kinds)].reset_index(drop=True)
    origins = start_points(inputs)
    origins = origins[origins["zone_code"].isin(codes)].reset_index(drop=True)
    if places.empty:
        return None, "No open community place is known here, so there is no hub to propose."
    routing = routing_to(inputs, places, network_of(inputs))
    profile = PROFILES[settings.access.profile]
    costs = travel_costs(origins, places, limit_minutes=minutes, routing=routing, profile=profile)
    costs = costs.assign(supply=places["asset_id"].reindex(costs["supply"]).to_numpy())
    names = places.set_index("asset_id")["name"].fillna(places.set_index("asset_id")["category"].map(rules.label))
    try:
        plan = hub_candidates(
            costs,
            origins["people"],
            minutes=minutes,
            reach=reach_of(inputs, settings, minutes)[1],
            names=names.to_dict(),
        )
    except InputError as error:  # people unknown: said in place of a plan
        return None, f"No hub can be proposed: {error}"
    if routing is None:  # a straight line has a length, but no minutes
        candidates = plan.candidates.rename(columns={"mean_minutes": "mean_m"})
        plan = replace(plan, candidates=candidates.assign(mean_m=candidates["mean_m"] / profile.minutes(1.0)))
    return plan, ""


def _write(result: StudyPockets, folder: Path, settings: Settings, inputs: Inputs, today: str) -> None:
    out = result.folder
    codes = {code for row in result.pockets.table["zone_codes"] for code in row.split(", ")}
    zones = inputs.zones.assign(in_pocket=np.where(inputs.zones["zone_code"].isin(codes), 1.0, 0.0))
    view = ZoneView(
        "in_pocket",
        "Pockets of deprivation",
        result.pockets.sentence,
        "number",
        breaks=(0.5,),
        labels=("not in a pocket", "in a pocket"),
    )
    assets = combine_inputs(inputs).assets
    content = base_content(folder, settings, inputs, assets=assets, zones=zones, zone_views=[view], today=today)
    write_text(out / "map.html", map_html(content))
    write_csv(out / "pockets.csv", pd.DataFrame(result.pockets.table.drop(columns="geometry")))
    write_csv(out / "sensitivity.csv", result.pockets.sensitivity)
    write_csv(out / "locally_worst.csv", result.locally_worst)
    if result.hubs is not None:
        write_csv(out / "hub_candidates.csv", result.hubs.candidates)
        write_csv(out / "coverage.csv", result.hubs.curve)
    write_json(out / "summary.json", result.summary() | {"state": state_of(folder, settings)})
