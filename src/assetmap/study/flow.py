"""The whole flow of a study: inputs -> tables -> measures -> files and map, with a manifest of what went in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from assetmap.assets import Combined, assign_zones, combine_assets, compare_sources
from assetmap.entrances import find_entrances
from assetmap.files import hold_lock, sweep_aside, write_text
from assetmap.maps import map_html
from assetmap.measures.access import AccessSettings, Routing, measure_access, usable_assets
from assetmap.measures.deprivation import summarise_deprivation
from assetmap.measures.green import green_area
from assetmap.measures.summaries import access_by_deprivation, choose_columns, summarise_access
from assetmap.network import PROFILES, WalkNetwork, build_network, component_lengths
from assetmap.origins import origins_from_buildings
from assetmap.report import write_csv, write_geopackage, write_parquet
from assetmap.schema import empty_frame
from assetmap.sources.osm import OsmExtract
from assetmap.study.inputs import Inputs, read_inputs
from assetmap.study.manifest import Manifest, fingerprint, input_files, read_manifest, write_manifest
from assetmap.study.pieces import targets_of
from assetmap.study.resume import Unfinished
from assetmap.study.settings import Settings, read_settings
from assetmap.study.showing import map_content
from assetmap.taxonomy import taxonomy

__all__ = ["OUTPUTS", "Results", "build_study", "measure_study"]

OUTPUTS = (
    "assetmap.gpkg",
    "assets.parquet",
    "access.parquet",
    "zones.csv",
    "access_by_zone.csv",
    "access_by_deprivation.csv",
    "duplicates.csv",
    "sources_compared.csv",
    "map.html",
)
Say = Callable[[str], None]


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
    network_facts: dict[str, Any] = field(default_factory=dict)

    @property
    def assets(self) -> gpd.GeoDataFrame:
        """Every asset, duplicates marked."""
        return self.combined.assets


def build_study(
    folder: Path, *, today: str, osm: Path | None = None, overwrite: bool = False, say: Say = lambda _: None
) -> Manifest:
    """Build everything under ``out/`` from a study folder.

    A build whose inputs, settings and program are those of the last whole build changes nothing; one that
    was interrupted goes on from the access that it had measured.

    Parameters
    ----------
    folder
        The study folder.
    today
        ISO date written into the outputs.
    osm
        An OSM file to use in place of the study's.
    overwrite
        Build again though nothing has changed.
    say
        Called with a line for a person at each step.

    Returns
    -------
    Manifest
        What went in and what came out.

    Raises
    ------
    AssetMapError
        If something the study names is missing or wrong. Earlier outputs stay as they were.
    """
    settings = read_settings(folder)
    out = folder / "out"
    with hold_lock(folder):
        for part in (folder, folder / "inputs", out):
            sweep_aside(part)
        mark = fingerprint(folder, settings, osm)
        last = read_manifest(out)
        if last is not None and last.fingerprint == mark and last.outputs_whole(out) and not overwrite:
            say("nothing has changed since the last build")
            return last
        unfinished = Unfinished(out, mark)
        inputs = read_inputs(folder, settings, osm=osm, say=say)
        results = measure_study(inputs, settings, unfinished=unfinished, say=say)
        say("drawing the map")
        page = map_html(map_content(folder, settings, inputs, results, today=today))
        say("writing the tables")
        _write_tables(out, inputs, results, today)
        write_text(out / "map.html", page)
        read = input_files(folder, settings, osm)
        manifest = write_manifest(out, settings, inputs, results, files=read, mark=mark, today=today, outputs=OUTPUTS)
        unfinished.clear()
        return manifest


def measure_study(
    inputs: Inputs, settings: Settings, *, unfinished: Unfinished | None = None, say: Say = lambda _: None
) -> Results:
    """Combine the assets of a study's inputs and measure access, green area and deprivation.

    Access, which takes longest, is taken from an interrupted build where that has left it.
    """
    say("combining the assets")
    combined = combine_assets(inputs.asset_tables)
    combined.assets["zone_code"] = assign_zones(combined.assets, inputs.zones)
    usable = usable_assets(combined.assets)
    origins = origins_from_buildings(inputs.zones, inputs.osm.buildings if inputs.osm else None)
    alone = int((origins["weight_kind"] == "zone_point").sum())
    if alone:
        inputs.notes.append(
            f"No homes are known in {alone} of {len(inputs.zones)} zones: their people start from one point each."
        )
    routing, facts = _routing(inputs, usable)
    access = unfinished.load("access") if unfinished else None
    if access is None:
        say(f"measuring access from {len(origins):,} origins to {len(usable):,} assets")
        access = measure_access(
            origins,
            usable,
            targets=targets_of(usable),
            routing=routing,
            settings=AccessSettings(PROFILES[settings.access.profile], settings.access.thresholds_m),
            coverage=inputs.coverage,
        )
        if unfinished:
            unfinished.save("access", access)
    by_zone = summarise_access(access, origins)
    whole = summarise_access(access, origins, by=pd.Series("neighbourhood", index=origins.index))
    zones = _zone_table(inputs.zones, usable, origins, by_zone, settings)
    by_deprivation = pd.DataFrame({"decile": []})
    sentences: dict[str, str] = {}
    deprivation: dict[str, float] = {}
    if inputs.deprivation is not None:
        deprivation = summarise_deprivation(zones, size=inputs.deprivation.edition.size)
        decile = zones.set_index("zone_code")["imd_decile"]
        labels = {name: taxonomy().label(name) for name in by_zone["category"].unique()}
        by_deprivation, sentences = access_by_deprivation(access, origins, decile, labels=labels)
    return Results(combined, zones, origins, access, by_zone, whole, by_deprivation, sentences, deprivation, facts)


def _routing(inputs: Inputs, usable: gpd.GeoDataFrame) -> tuple[Routing | None, dict[str, Any]]:
    osm: OsmExtract | None = inputs.osm
    if osm is None or osm.walk.frame.empty:
        inputs.notes.append("There is no walking network, so distances are straight lines.")
        return None, {"mode": "straight line"}
    network: WalkNetwork = build_network(osm.walk)
    _, lengths = component_lengths(network)
    doors = find_entrances(usable, osm.entrances, network, official=inputs.access_points)
    return Routing(network, doors), {
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
    usable: gpd.GeoDataFrame,
    origins: gpd.GeoDataFrame,
    by_zone: pd.DataFrame,
    settings: Settings,
) -> gpd.GeoDataFrame:
    """Return the zones with their measures as columns."""
    green = usable[usable["category"].isin(taxonomy().members("green_space"))]
    far = max(settings.access.thresholds_m)
    measures = ["median_m", *(f"share_{t}m" for t in settings.access.thresholds_m), f"mean_count_{far}m"]
    wide = choose_columns(by_zone, measures=measures).reindex(zones["zone_code"])
    counts = by_zone.drop_duplicates("group").set_index("group")["origins"].reindex(zones["zone_code"])
    table = zones.join(green_area(zones, green, origins))
    table["origins"] = counts.to_numpy()
    return table.join(wide.reset_index(drop=True))


def _write_tables(out: Path, inputs: Inputs, results: Results, today: str) -> None:
    layers = {
        "assets": results.assets,
        "annotations": inputs.annotations,
        "zones": results.zones,
        "origins": results.origins,
        "walk_network": _near(inputs.osm.walk.frame, inputs) if inputs.osm else empty_frame("walk_ways", inputs.crs),
    }
    write_geopackage(out / "assetmap.gpkg", layers, made_on=today)
    write_parquet(out / "assets.parquet", results.assets)
    write_parquet(out / "access.parquet", results.access)
    zones = pd.DataFrame(results.zones.drop(columns="geometry"))
    write_csv(out / "zones.csv", zones)
    whole = results.neighbourhood.assign(group="neighbourhood")
    write_csv(out / "access_by_zone.csv", pd.concat([whole, results.by_zone], ignore_index=True))
    write_csv(out / "access_by_deprivation.csv", results.by_deprivation)
    write_csv(out / "duplicates.csv", results.combined.pairs)
    write_csv(out / "sources_compared.csv", compare_sources(results.combined))


def _near(frame: gpd.GeoDataFrame, inputs: Inputs) -> gpd.GeoDataFrame:
    area = inputs.area.surroundings
    shapely.prepare(area)
    return frame[frame.intersects(area)].reset_index(drop=True)
