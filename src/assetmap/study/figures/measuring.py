"""From a study's inputs to its figures: assets combined, access, green area, deprivation."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.assets import Combined, assign_zones, combine_assets
from assetmap.errors import UsageError
from assetmap.measures.access import AccessSettings, usable_assets
from assetmap.measures.deprivation import summarise_deprivation
from assetmap.measures.green import green_area
from assetmap.measures.regions import Measure, Part, measure_part
from assetmap.measures.routing import Routing
from assetmap.measures.sites import merge_sites
from assetmap.measures.standards import green_per_thousand
from assetmap.measures.summaries import access_by_deprivation, choose_columns, summarise_access
from assetmap.network import PROFILES, WalkNetwork, component_lengths
from assetmap.origins import origins_from_buildings
from assetmap.plurals import counted
from assetmap.study.figures.by_area import results_by_area
from assetmap.study.figures.frame_access import FrameAccess, measure_frame
from assetmap.study.figures.indicators import equity_of_access, knows_green, standards_met
from assetmap.study.figures.marked import MarkFigures, figures_of_marks
from assetmap.study.figures.routes import network_of, routing_to
from assetmap.study.figures.share_equity import equity_of_shares
from assetmap.study.figures.supply import measure_supply, supply_columns
from assetmap.study.figures.walkers import access_by_walker
from assetmap.study.inputs import Inputs
from assetmap.study.pieces import targets_of, without_walk
from assetmap.study.resume import Unfinished
from assetmap.study.settings import Settings
from assetmap.taxonomy import taxonomy

__all__ = [
    "Results",
    "access_between",
    "check_minutes",
    "combine_inputs",
    "measure_study",
    "reach_of",
    "start_points",
]

Say = Callable[[str], None]
_NO_GREEN = (
    "Nothing in the study tells of green space, so its areas and standards have no figures: add OpenStreetMap data or "
    "a file of green spaces."
)


@dataclass
class Results:
    """The tables that a study makes."""

    combined: Combined
    zones: gpd.GeoDataFrame
    origins: gpd.GeoDataFrame
    access: pd.DataFrame
    by_zone: pd.DataFrame
    neighbourhood: pd.DataFrame
    by_deprivation: pd.DataFrame
    sentences: dict[str, str]
    deprivation: dict[str, float]
    standards: pd.DataFrame
    equity: pd.DataFrame
    share_equity: pd.DataFrame
    marks: MarkFigures
    network_facts: dict[str, Any] = field(default_factory=dict)
    frame: FrameAccess | None = None
    catchments: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_walker: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_area: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def assets(self) -> gpd.GeoDataFrame:
        """Every asset, duplicates marked."""
        return self.combined.assets


def measure_study(
    inputs: Inputs,
    settings: Settings,
    *,
    unfinished: Unfinished | None = None,
    say: Say = lambda _: None,
    measure: Measure = measure_part,
) -> Results:
    """Combine the assets of a study's inputs and measure access, green area and deprivation.

    Access, which takes longest, is taken from an interrupted build where that has left it, and else measured
    by `measure`.
    """
    say("combining the assets")
    combined = combine_inputs(inputs)
    usable = usable_assets(combined.assets)
    origins = start_points(inputs)
    network = network_of(inputs)
    routing = routing_to(inputs, usable, network)
    if routing is None:
        inputs.notes.append("There is no walking network, so distances are straight lines.")
    access = unfinished.load("access") if unfinished else None
    if access is None:
        say(f"measuring access from {counted(len(origins), 'origin')} to {counted(len(usable), 'asset')}")
        access = measure(_whole(inputs, settings, origins, usable, routing))
        if unfinished:
            unfinished.save("access", access)
    inputs.notes += without_walk(origins, access, usable, routing) if routing else []
    by_zone = summarise_access(access, origins)
    whole = summarise_access(access, origins, by=pd.Series("neighbourhood", index=origins.index))
    green = usable[usable["category"].isin(taxonomy().members("green_space"))]
    sites = merge_sites(green)
    known = knows_green(inputs, settings, sites)
    inputs.notes += [] if known else [_NO_GREEN]
    zones = _zone_table(inputs.zones, green if known else None, origins, by_zone, settings)
    frame = _over_the_frame(inputs, settings, network, say)
    catchments = measure_supply(inputs, settings, usable, origins, network, green_sites=sites)
    zones = zones.join(supply_columns(catchments, zones["zone_code"]))
    standards = standards_met(inputs, settings, sites, origins, network)
    by_deprivation = pd.DataFrame({"decile": []})
    sentences: dict[str, str] = {}
    deprivation: dict[str, float] = {}
    if inputs.deprivation is not None:
        deprivation = summarise_deprivation(zones, size=inputs.deprivation.edition.size)
        decile = zones.set_index("zone_code")["imd_decile"]
        labels = {name: taxonomy().label(name) for name in by_zone["category"].unique()}
        by_deprivation, sentences = access_by_deprivation(access, origins, decile, labels=labels)
    return Results(
        combined=combined,
        zones=zones,
        origins=origins,
        access=access,
        by_zone=by_zone,
        neighbourhood=whole,
        by_deprivation=by_deprivation,
        sentences=sentences,
        deprivation=deprivation,
        standards=standards,
        by_area=results_by_area(
            inputs, zones, origins, access, standards, summaries={"zone": by_zone, "neighbourhood": whole}
        ),
        equity=_equity(inputs, zones, by_zone, frame),
        share_equity=equity_of_shares(zones, by_zone, frame),
        frame=frame,
        catchments=catchments,
        by_walker=access_by_walker(access, origins, zones, usable=usable, routing=routing, settings=settings),
        marks=figures_of_marks(inputs, settings, usable, origins, network),
        network_facts=_network_facts(routing),
    )


def _over_the_frame(inputs: Inputs, settings: Settings, network: WalkNetwork | None, say: Say) -> FrameAccess | None:
    if inputs.frame is None:
        return None
    say(f"measuring access over the frame: {inputs.frame.name}, {counted(len(inputs.frame.zones), 'zone')}")
    found = measure_frame(inputs.frame, settings, routing_of=lambda assets: routing_to(inputs, assets, network))
    inputs.notes += found.notes
    return found


def _equity(inputs: Inputs, zones: gpd.GeoDataFrame, by_zone: pd.DataFrame, frame: FrameAccess | None) -> pd.DataFrame:
    if inputs.deprivation is None:
        return pd.DataFrame({"frame": [], "category": []})
    return equity_of_access(zones, by_zone, frame)


def combine_inputs(inputs: Inputs) -> Combined:
    """Combine the assets of all sources, duplicates marked, and give each its zone."""
    combined = combine_assets(inputs.asset_tables)
    combined.assets["zone_code"] = assign_zones(combined.assets, inputs.zones)
    return combined


def start_points(inputs: Inputs) -> gpd.GeoDataFrame:
    """Return the origins of a study's people; zones without homes are noted."""
    origins = origins_from_buildings(inputs.zones, inputs.osm.buildings if inputs.osm else None)
    alone = int((origins["weight_kind"] == "zone_point").sum())
    if alone:
        inputs.notes.append(
            f"No homes are known in {alone} of {counted(len(inputs.zones), 'zone')}: their people start from "
            "one point each."
        )
    return origins


def access_between(
    inputs: Inputs,
    settings: Settings,
    origins: gpd.GeoDataFrame,
    usable: gpd.GeoDataFrame,
    category: str,
    *,
    routing: Routing | None,
) -> pd.DataFrame:
    """Measure access to one category or group by the study's own settings."""
    whole = _whole(inputs, settings, origins, usable, routing, {category: taxonomy().members(category)})
    return measure_part(whole)


def _whole(
    inputs: Inputs,
    settings: Settings,
    origins: gpd.GeoDataFrame,
    usable: gpd.GeoDataFrame,
    routing: Routing | None,
    targets: Mapping[str, Sequence[str]] | None = None,
) -> Part:
    """Return what there is to be measured of a study."""
    return Part(
        np.arange(len(origins)),
        origins,
        usable,
        targets=targets or targets_of(usable),
        routing=routing,
        settings=AccessSettings(PROFILES[settings.access.profile], settings.access.thresholds_m),
        coverage=inputs.coverage,
    )


def check_minutes(minutes: float) -> None:
    """Raise if nobody can walk for so many minutes.

    Raises
    ------
    UsageError
        If they aren't above 0, or without end.

    Examples
    --------
    >>> check_minutes(10.0)
    """
    if not 0 < minutes < math.inf:
        raise UsageError(f"a walk of {minutes} minutes can't be measured: give a number above 0.")


def reach_of(inputs: Inputs, settings: Settings, minutes: float) -> tuple[float, str]:
    """Return how far a walk of some minutes goes, in metres, and in words; a straight line has no minutes."""
    metres = minutes / PROFILES[settings.access.profile].minutes(1.0)
    walk = f"{minutes:g} minutes' walk ({metres:,.0f} m)"
    return metres, walk if inputs.has_ways else f"{metres:,.0f} m in a straight line"


def _network_facts(routing: Routing | None) -> dict[str, Any]:
    """Return what the manifest says of the walking network and the entrances."""
    if routing is None:
        return {"mode": "straight line"}
    network, doors = routing.network, routing.entrances
    _, lengths = component_lengths(network)
    return {
        "mode": "walk",
        "nodes": len(network.xy),
        "edges": len(network.start),
        "length_km": round(float(lengths.sum()) / 1000, 3),
        "components": len(lengths),
        "largest_component_share": round(float(lengths[0] / lengths.sum()), 4),
        "entrances": {k: int(n) for k, n in doors["entrance_kind"].value_counts().sort_index().items()},
    }


def _zone_table(
    zones: gpd.GeoDataFrame,
    green: gpd.GeoDataFrame | None,
    origins: gpd.GeoDataFrame,
    by_zone: pd.DataFrame,
    settings: Settings,
) -> gpd.GeoDataFrame:
    """Return the zones with their measures as columns; without any knowledge of green space none of its areas."""
    far = max(settings.access.thresholds_m)
    measures = ["median_m", *(f"share_{t}m" for t in settings.access.thresholds_m), f"mean_count_{far}m"]
    wide = choose_columns(by_zone, measures=measures).reindex(zones["zone_code"])
    counts = by_zone.drop_duplicates("group").set_index("group")["origins"].reindex(zones["zone_code"])
    areas = green_area(zones, origins.iloc[:0] if green is None else green, origins)
    table = zones.join(areas if green is not None else areas * np.nan)
    table["green_ha_per_1000"] = green_per_thousand(table["green_m2"], table["population"])
    table["origins"] = counts.to_numpy()
    return table.join(wide.reset_index(drop=True))
