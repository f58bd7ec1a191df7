"""What if: a change tried on a study, with the map, the tables and the figures of before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.files import write_json, write_text
from assetmap.folders import hold_lock
from assetmap.maps import MapContent, ZoneView, map_html
from assetmap.measures.longer_hours import OpeningChange
from assetmap.study.figures.measuring import check_minutes, combine_inputs, start_points
from assetmap.study.figures.scenario import NEW_ID, Scenario, apply_scenario
from assetmap.study.figures.trial import (
    ScenarioResult,
    Trial,
    measure_access_change,
    measure_opening_change,
    measure_shared_hours,
    measure_slope,
)
from assetmap.study.inputs import read_inputs
from assetmap.study.manifest import state_of
from assetmap.study.settings import read_settings
from assetmap.study.showing import base_content
from assetmap.table_files import write_csv
from assetmap.taxonomy import taxonomy

__all__ = ["SCENARIO_FILES", "try_scenario"]

SCENARIO_FILES = ("map.html", "origins.csv", "by_decile.csv", "summary.json")
_PEOPLE_BREAKS = (0.0, 50.0, 200.0, 500.0, 1000.0)
_PEOPLE_LABELS = ("nobody", "up to 50 people", "51 to 200", "201 to 500", "501 to 1,000", "over 1,000")
_HOUR_BREAKS = (0.0, 20.0, 40.0, 60.0, 80.0)


def try_scenario(
    folder: Path,
    scenario: Scenario,
    *,
    minutes: float = 10.0,
    today: str,
    out: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> ScenarioResult:
    """Measure access, or for other hours what is open, before and after a change, and write a map and tables.

    Writes `SCENARIO_FILES`. The study and its other outputs stay as they are.

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
    out
        The folder to write into; by default one of its own under ``out/whatif/``.
    say
        Called with a line for a person at each step.

    Raises
    ------
    UsageError
        If the change can't be made (`apply_scenario`), or the minutes aren't above 0.
    """
    check_minutes(minutes)
    settings = read_settings(folder)
    with hold_lock(folder):
        inputs = read_inputs(folder, settings, say=say)
        assets = combine_inputs(inputs).assets
        changed = apply_scenario(assets, scenario, inputs)
        trial = Trial(folder, settings, inputs, start_points(inputs), minutes)
        say(f"measuring before and after: {changed.words}")
        measure = measure_opening_change if scenario.opening_hours else measure_access_change
        change = measure(trial, assets, changed)
        slope = measure_slope(trial, changed, change) if inputs.deprivation is not None else None
        supply = measure_shared_hours(trial, assets, changed) if scenario.opening_hours else None
        target = out or folder / "out" / "whatif" / scenario.slug
        result = ScenarioResult(changed, minutes, trial.within_m, trial.reach, change, slope, supply, target)
        write_text(target / "map.html", map_html(_content(trial, result, today)))
        write_csv(target / "origins.csv", change.origins.reset_index())
        write_csv(target / "by_decile.csv", change.by_decile.reset_index())
        write_json(target / "summary.json", result.summary() | {"state": state_of(folder, settings)})
    return result


def _content(trial: Trial, result: ScenarioResult, today: str) -> MapContent:
    label = taxonomy().label(result.changed.category).lower()
    views = _hour_views if isinstance(result.change, OpeningChange) else _share_views
    content = base_content(
        trial.folder, trial.settings, trial.inputs, assets=result.changed.assets, zones=_zone_figures(trial, result),
        zone_views=[_newly_view(trial, result, label), *views(label, f"within {trial.reach}")], today=today,
        notice=f"What if: {result.changed.words}. This has not happened.", featured=result.changed.asset_id or NEW_ID,
    )  # fmt: skip
    return replace(content, zones_coloured=True)


def _newly_view(trial: Trial, result: ScenarioResult, label: str) -> ZoneView:
    reach = f"within {trial.reach}"
    if isinstance(result.change, OpeningChange):
        sentence = f"People who would have a {label} open {reach} at hours when none is now."
    else:
        sentence = f"People who have no {label} {reach} now, and would have one after the change."
    return ZoneView(
        "newly_reached", "People newly reached", sentence, "number", breaks=_PEOPLE_BREAKS, labels=_PEOPLE_LABELS
    )


def _share_views(label: str, reach: str) -> list[ZoneView]:
    share, title = f"Share of people with a {label} {reach}", f"{label.capitalize()} within reach"
    return [
        ZoneView("after", f"{title}, after", f"{share}, after the change.", "share"),
        ZoneView("before", f"{title}, before", f"{share}, as it is now.", "share"),
    ]


def _hour_views(label: str, reach: str) -> list[ZoneView]:
    hours, title = f"Hours a week with a {label} open {reach}, mean over people", f"{label.capitalize()} open"
    return [
        ZoneView("after", f"{title}, after", f"{hours}, after the change.", "number", breaks=_HOUR_BREAKS, unit="h"),
        ZoneView("before", f"{title}, before", f"{hours}, as it is now.", "number", breaks=_HOUR_BREAKS, unit="h"),
    ]


def _zone_figures(trial: Trial, result: ScenarioResult) -> gpd.GeoDataFrame:
    """Return the zones with people newly reached, and the share within reach or the mean hours before and after."""
    change, origins = result.change, trial.origins
    table = change.origins.reindex(origins["origin_id"]).reset_index(drop=True)
    people, code = origins["people"].reset_index(drop=True), origins["zone_code"].to_numpy()
    total = people.groupby(code).sum(min_count=1)
    newly = people.where(table["change"] == "newly", 0.0).groupby(code).sum(min_count=1)
    zones = trial.inputs.zones
    out = zones.assign(newly_reached=newly.reindex(zones["zone_code"]).to_numpy())
    for name in ("before", "after"):
        if isinstance(change, OpeningChange):
            part = people * table[f"{name}_hours"]
        else:
            part = pd.Series(np.where(table[f"{name}_m"] <= result.within_m, people, 0.0))
        out[name] = (part.groupby(code).sum(min_count=1) / total).reindex(zones["zone_code"]).to_numpy()
    return out
