"""What goes into a study: every table read, put into one CRS, cut to the neighbourhood's surroundings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from assetmap.crs import BRITISH_GRID, LONLAT, metric_crs
from assetmap.errors import InputError, MissingInputError
from assetmap.places import place
from assetmap.schema import Tally, empty_frame, validate_table
from assetmap.sources.annotations import read_annotations
from assetmap.sources.boundaries import check_vintage, read_lookup, read_zones
from assetmap.sources.deprivation import Deprivation, read_deprivation, to_lsoa21
from assetmap.sources.green_space import read_access_points, read_green_space
from assetmap.sources.lists import read_list
from assetmap.sources.osm import OsmExtract, read_osm
from assetmap.sources.population import read_population
from assetmap.sources.vector import read_vector
from assetmap.study.pieces import read_boundary
from assetmap.study.settings import Settings

__all__ = ["SURROUNDINGS_M", "Inputs", "cached_replies", "read_inputs", "wanted_lsoas"]

SURROUNDINGS_M = 2000.0
"""How far beyond the neighbourhood's boundary things are kept: the farthest distance counted, and room beyond it."""


@dataclass
class Inputs:
    """Every table of a study, in one metric CRS."""

    crs: CRS
    boundary: BaseGeometry
    zones: gpd.GeoDataFrame
    osm: OsmExtract | None
    asset_tables: list[gpd.GeoDataFrame]
    access_points: gpd.GeoDataFrame | None
    annotations: gpd.GeoDataFrame
    deprivation: Deprivation | None
    coverage: BaseGeometry
    tallies: list[Tally] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def keep(self, table: Any, tally: Tally) -> Any:
        """Note a reader's tally and return its table."""
        self.tallies.append(tally)
        return table

    def add_assets(self, table: gpd.GeoDataFrame, tally: Tally) -> None:
        """Take a table of assets, without those far from the neighbourhood: a city's list isn't a place's."""
        far = ~table.intersects(self.surroundings)
        reason = f"farther than {SURROUNDINGS_M:.0f} m from the neighbourhood"
        self.asset_tables.append(tally.drop_where(table, far, reason, lambda row: str(table.at[row, "asset_id"])))
        self.tallies.append(tally)

    @property
    def surroundings(self) -> BaseGeometry:
        """The area that things are kept in."""
        return self.boundary.buffer(SURROUNDINGS_M)


Say = Callable[[str], None]


def cached_replies(folder: Path) -> list[Path]:
    """Return the Overpass replies that ``fetch`` has put into a study."""
    return sorted((folder / "data" / "osm_cache").glob("*.json"))


def wanted_lsoas(settings: Settings) -> tuple[str, ...]:
    """Return the LSOA 2021 codes that the study names itself or by its site; empty if it names none."""
    return place(settings.place.site).lsoa21 if settings.place.site else settings.place.lsoa21


def read_inputs(folder: Path, settings: Settings, *, osm: Path | None = None, say: Say = lambda _: None) -> Inputs:
    """Read everything that a study names.

    Parameters
    ----------
    folder
        The study folder.
    settings
        Its settings.
    osm
        An OSM file to use in place of the study's.
    say
        Called with a line for a person before each step.

    Raises
    ------
    AssetMapError
        If a file is missing or wrong, or the study names neither zones, nor a boundary, nor OSM data.
    """
    paths = [osm] if osm else [folder / settings.osm.file] if settings.osm.file else cached_replies(folder)
    extract = None
    if paths:
        say(f"reading OpenStreetMap: {', '.join(path.name for path in paths)}")
        extract = read_osm(paths)
    crs = _study_crs(folder, settings, extract)
    if extract is not None and extract.crs != crs:
        extract = read_osm(paths, crs=crs)
    zones, boundary, tallies = _read_area(folder, settings, crs, extract)
    near = tuple(gpd.GeoSeries([boundary], crs=crs).to_crs(LONLAT).buffer(0.05).total_bounds) if boundary else None
    inputs = Inputs(
        crs=crs,
        boundary=boundary,
        zones=zones,
        osm=extract,
        asset_tables=[],
        access_points=None,
        annotations=empty_frame("annotations", crs),
        deprivation=None,
        coverage=boundary.buffer(SURROUNDINGS_M),
        tallies=tallies,
    )
    if extract is not None:
        inputs.coverage = inputs.surroundings.intersection(_coverage(extract))
        inputs.add_assets(extract.assets, extract.tally)
    for table in settings.lists:
        say(f"reading the list {table.file}")
        inputs.add_assets(*_read_list(folder, table, crs, near))
    _read_green(folder, settings, inputs, near, say)
    frames = []
    for marks in settings.annotations:
        say(f"reading the annotations {marks.file}")
        found = read_annotations(folder / marks.file, crs=crs, columns=marks.columns or None, near=near)
        frames.append(inputs.keep(*found))
    if frames:
        inputs.annotations = validate_table(pd.concat(frames, ignore_index=True), "annotations")
    _read_people(folder, settings, inputs, say)
    if not inputs.asset_tables:
        raise MissingInputError(
            f"{folder} names no assets: add an OpenStreetMap file or a list with `assetmap add`, "
            "or run `assetmap fetch`."
        )
    return inputs


def _read_list(folder: Path, table: Any, crs: CRS, near: Any) -> Any:
    return read_list(
        folder / table.file,
        crs=crs,
        name=table.name,
        columns=table.columns or None,
        category=table.category,
        source_crs=table.crs,
        postcodes=folder / table.postcodes if table.postcodes else None,
        near=near,
    )


def _study_crs(folder: Path, settings: Settings, extract: OsmExtract | None) -> CRS:
    """Return the metric CRS of the place: of its zones or boundary if it names any, else of its OSM data."""
    if wanted_lsoas(settings):
        return BRITISH_GRID
    named = settings.place.boundary or (settings.zones.file if settings.zones else None)
    if named is not None:
        shapes, _ = read_vector(folder / named, what="boundary")
        west, south, east, north = shapes.to_crs(LONLAT).total_bounds
        return metric_crs((float(west), float(south), float(east), float(north)))
    return extract.crs if extract is not None else BRITISH_GRID


def _read_area(
    folder: Path, settings: Settings, crs: CRS, extract: OsmExtract | None
) -> tuple[gpd.GeoDataFrame, BaseGeometry, list[Tally]]:
    """Return the zones and the outline of the neighbourhood."""
    codes = wanted_lsoas(settings)
    tallies: list[Tally] = []
    outline = None
    if settings.place.boundary:
        outline = read_boundary(folder / settings.place.boundary).to_crs(crs).iloc[0]
    fetched = folder / "data" / "boundaries" / "lsoa21.geojson"
    path = folder / settings.zones.file if settings.zones else fetched if fetched.exists() else None
    if path is None and codes:
        raise MissingInputError(
            f"the boundaries of {', '.join(codes)} are not here: run `assetmap fetch {folder}`, or add a file of zones."
        )
    if path is not None:
        table = settings.zones
        zones, tally = read_zones(path, crs=crs, code=table.code if table else None, name=table.name if table else None)
        tallies.append(tally)
        zones = _choose_zones(zones, codes, outline, path)
    else:
        zones = _one_zone(settings, outline, extract, crs)
    return zones, outline if outline is not None else zones.union_all(), tallies


def _choose_zones(zones: gpd.GeoDataFrame, codes: Any, outline: Any, path: Path) -> gpd.GeoDataFrame:
    if codes:
        missing = sorted(set(codes) - set(zones["zone_code"]))
        if missing:
            raise InputError(f"{path.name} has no zone {', '.join(missing)}: check the codes and the file's vintage.")
        zones = zones[zones["zone_code"].isin(codes)]
    elif outline is not None:
        zones = zones[zones.representative_point().within(outline)]
        if zones.empty:
            raise InputError(f"no zone of {path.name} lies in the boundary: do the two files show the same place?")
    return zones.sort_values("zone_code", ignore_index=True)


def _one_zone(settings: Settings, outline: Any, extract: OsmExtract | None, crs: CRS) -> gpd.GeoDataFrame:
    """Take the whole neighbourhood as one zone, where nothing says more."""
    if outline is None:
        if extract is None:
            raise MissingInputError("the study names no place: give [place] a site, LSOA codes or a boundary.")
        outline = _coverage(extract)
    row = {"zone_code": ["all"], "name": [settings.study.name], "vintage": ["own"], "population": [np.nan]}
    return validate_table(gpd.GeoDataFrame(row, geometry=[outline], crs=crs), "zones")


def _coverage(extract: OsmExtract) -> BaseGeometry:
    """Return the area that the OSM data covers."""
    box = shapely.segmentize(shapely.box(*extract.bounds), 0.01)
    return gpd.GeoSeries([box], crs=LONLAT).to_crs(extract.crs).iloc[0]


def _read_green(folder: Path, settings: Settings, inputs: Inputs, near: Any, say: Say) -> None:
    points = []
    for green in settings.green_space:
        say(f"reading green space: {green.file}")
        found = read_green_space(folder / green.file, crs=inputs.crs, name=green.name, near=near)
        inputs.add_assets(*found)
        if green.access_points:
            points.append(inputs.keep(*read_access_points(folder / green.access_points, crs=inputs.crs)))
    if points:
        inputs.access_points = pd.concat(points, ignore_index=True)


def _read_people(folder: Path, settings: Settings, inputs: Inputs, say: Say) -> None:
    """Give the zones their people and their deprivation."""
    if settings.population:
        say(f"reading population: {settings.population.file}")
        people, tally = read_population(folder / settings.population.file)
        inputs.tallies.append(tally)
        codes = inputs.zones["zone_code"]
        inputs.zones["population"] = codes.map(people["population"]).to_numpy(dtype=float)
        if inputs.zones["population"].isna().all():
            vintage = inputs.zones["vintage"].iloc[0]
            check_vintage(people.index, vintage, what=settings.population.file)
            raise InputError(f"{settings.population.file} has none of the study's zones: is it for the same zones?")
    unknown = inputs.zones.loc[inputs.zones["population"].isna(), "zone_code"]
    if len(unknown):
        inputs.notes.append(
            f"No population is known for {len(unknown)} of {len(inputs.zones)} zones, "
            "so their figures about people are empty."
        )
    if settings.deprivation:
        say(f"reading deprivation: {settings.deprivation.file}")
        inputs.deprivation = _read_deprivation(folder, settings, inputs)
        inputs.tallies.append(inputs.deprivation.tally)
        columns = [c for c in inputs.deprivation.frame.columns if c not in inputs.zones.columns]
        found = inputs.deprivation.frame[columns].reindex(inputs.zones["zone_code"])
        if found["imd_decile"].isna().all():
            raise InputError(f"{settings.deprivation.file} has none of the study's zones: is it for the same zones?")
        inputs.zones = inputs.zones.join(found.reset_index(drop=True))


def _read_deprivation(folder: Path, settings: Settings, inputs: Inputs) -> Deprivation:
    assert settings.deprivation is not None  # noqa: S101 - the caller has asked
    table = read_deprivation(folder / settings.deprivation.file)
    wanted = inputs.zones["vintage"].iloc[0]
    if table.edition == "imd19" and wanted == "lsoa21":
        fetched = folder / "data" / "boundaries" / "lsoa11_lsoa21.csv"
        lookup = folder / settings.deprivation.lookup if settings.deprivation.lookup else fetched
        if not lookup.exists():
            raise MissingInputError(
                f"{settings.deprivation.file} is on LSOA 2011 and the zones are of 2021: add the ONS lookup of 2011 to "
                "2021 codes ([deprivation] lookup), or run `assetmap fetch`."
            )
        return to_lsoa21(table, read_lookup(lookup))
    return table
