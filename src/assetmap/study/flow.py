"""The whole flow of a study: inputs -> tables -> measures -> files and map, with a manifest of what went in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from assetmap.arguments import known_day
from assetmap.assets import compare_sources
from assetmap.files import sweep_aside, write_text
from assetmap.folders import hold_lock
from assetmap.maps import map_html
from assetmap.measures.regions import Measure, measure_part
from assetmap.schema import empty_frame
from assetmap.study.engagement.system_maps import read_system_maps
from assetmap.study.figures.measuring import Results, measure_study
from assetmap.study.inputs import Inputs, read_inputs
from assetmap.study.manifest import Manifest, figures_hold, fingerprint, input_files, read_manifest, write_manifest
from assetmap.study.resume import Unfinished
from assetmap.study.settings import read_settings
from assetmap.study.showing import ground, map_content
from assetmap.table_files import release_memory, write_csv, write_geopackage, write_parquet

__all__ = ["OUTPUTS", "build_study"]

OUTPUTS = (
    "assetmap.gpkg",
    "assets.parquet",
    "access.parquet",
    "ground.parquet",
    "zones.csv",
    "access_by_zone.csv",
    "access_by_deprivation.csv",
    "access_by_walker.csv",
    "standards.csv",
    "equity.csv",
    "equity_of_shares.csv",
    "frame.csv",
    "results_by_area.csv",
    "catchments.csv",
    "marks_by_theme.csv",
    "perceived_access.csv",
    "duplicates.csv",
    "sources_compared.csv",
    "map.html",
)
GROUND_M = 800.0
"""How far beyond the neighbourhood streets, water and green are kept for small maps that are drawn after the build."""
Say = Callable[[str], None]


def build_study(
    folder: Path | str,
    *,
    today: str,
    osm: Path | str | None = None,
    overwrite: bool = False,
    say: Say = lambda _: None,
    measure: Measure = measure_part,
) -> Manifest:
    """Build everything under ``out/`` from a study folder.

    A build whose inputs, settings and program are those of the last whole build changes nothing; one that
    was interrupted goes on from the access that it had measured. Where nothing has changed but which places factors
    are tied to, the access of the last build is taken and the map drawn anew.

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
    measure
        Who measures access: this program, or as many as `workers.measured_by` has found.

    Returns
    -------
    Manifest
        What went in and what came out.

    Raises
    ------
    AssetMapError
        If something the study names is missing or wrong. Earlier outputs stay as they were.
    """
    known_day(today, "today")
    folder, osm = Path(folder), Path(osm) if osm is not None else None
    settings = read_settings(folder)
    out = folder / "out"
    with hold_lock(folder):
        for part in (folder, folder / "inputs", out):
            sweep_aside(part)
        mark = fingerprint(folder, settings, osm)
        unfinished = Unfinished(out, mark)
        last = read_manifest(out)
        if last is not None and last.fingerprint == mark and last.outputs_whole(out) and not overwrite:
            unfinished.clear()  # killed after its last output: what it had measured is of no more use
            say("nothing has changed since the last build")
            return last
        if last is not None and figures_hold(last, mark) and last.outputs_whole(out) and not overwrite:
            unfinished.take_back("access", out / "access.parquet")
        inputs = read_inputs(folder, settings, osm=osm, say=say)
        release_memory()
        results = measure_study(inputs, settings, unfinished=unfinished, say=say, measure=measure)
        release_memory()
        say("drawing the map")
        page = map_html(map_content(folder, settings, inputs, results, today=today))
        say("writing the tables")
        _write_tables(out, inputs, results, today)
        unfinished.hand_over("access", out / "access.parquet")
        if read_system_maps(folder):
            from assetmap.study.engagement.system_page import write_system_page

            write_system_page(folder, today=today)
        write_text(out / "map.html", page)
        read = input_files(folder, settings, osm)
        manifest = write_manifest(out, settings, inputs, results, files=read, mark=mark, today=today, outputs=OUTPUTS)
        unfinished.clear()
        return manifest


def _write_tables(out: Path, inputs: Inputs, results: Results, today: str) -> None:
    layers = {
        "assets": results.assets,
        "annotations": inputs.annotations,
        "agreement": results.marks.agreed.cells,
        "zones": results.zones,
        "origins": results.origins,
        "walk_network": _near(inputs.osm.walk.frame, inputs) if inputs.osm else empty_frame("walk_ways", inputs.crs),
    }
    write_geopackage(out / "assetmap.gpkg", layers, made_on=today)
    write_parquet(out / "assets.parquet", results.assets)
    base, near = ground(inputs), inputs.area.outline.buffer(GROUND_M)
    write_parquet(out / "ground.parquet", base[base.intersects(near)].reset_index(drop=True))
    zones = pd.DataFrame(results.zones.drop(columns="geometry"))
    write_csv(out / "zones.csv", zones)
    whole = results.neighbourhood.assign(group="neighbourhood")
    write_csv(out / "access_by_zone.csv", pd.concat([whole, results.by_zone], ignore_index=True))
    write_csv(out / "access_by_deprivation.csv", results.by_deprivation)
    write_csv(out / "access_by_walker.csv", results.by_walker)
    write_csv(out / "standards.csv", results.standards)
    write_csv(out / "equity.csv", results.equity)
    write_csv(out / "equity_of_shares.csv", results.share_equity)
    write_csv(out / "frame.csv", results.frame.wide() if results.frame else pd.DataFrame({"zone_code": []}))
    write_csv(out / "results_by_area.csv", results.by_area)
    write_csv(out / "catchments.csv", results.catchments)
    write_csv(out / "marks_by_theme.csv", results.marks.agreed.themes)
    write_csv(out / "perceived_access.csv", results.marks.perceived)
    write_csv(out / "duplicates.csv", results.combined.pairs)
    write_csv(out / "sources_compared.csv", compare_sources(results.combined))


def _near(frame: gpd.GeoDataFrame, inputs: Inputs) -> gpd.GeoDataFrame:
    area = inputs.area.surroundings
    shapely.prepare(area)
    return frame[frame.intersects(area)].reset_index(drop=True)
