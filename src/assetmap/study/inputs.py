"""What goes into a study: every table read, put into one CRS, cut to the neighbourhood's surroundings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from assetmap.crs import LONLAT, metric_crs
from assetmap.errors import InputError, MissingInputError
from assetmap.places import place
from assetmap.schema import Tally, empty_frame, validate_table
from assetmap.sources.boundaries import read_zones
from assetmap.sources.deprivation import Deprivation
from assetmap.sources.green_space import read_access_points, read_green_space
from assetmap.sources.lists import read_list
from assetmap.sources.osm import OsmExtract, read_osm
from assetmap.sources.remote.overpass import osm_reply_paths
from assetmap.study.frame import Frame, read_frame, read_next_door
from assetmap.study.pieces import covered_area, read_boundary
from assetmap.study.resident_marks import read_resident_marks
from assetmap.study.settings import Settings
from assetmap.study.zone_facts import add_zone_facts

__all__ = [
    "SURROUNDINGS_M",
    "Area",
    "Inputs",
    "osm_paths",
    "read_area",
    "read_area_and_box",
    "read_inputs",
    "to_ask_for",
    "wanted_lsoas",
]

ZONES_FETCHED = "data/boundaries/zones_lsoa21.geojson"

SURROUNDINGS_M = 2000.0
"""How far beyond the neighbourhood's boundary things are kept: the farthest distance counted, and room beyond it."""


@dataclass
class Inputs:
    """Every table of a study, in one metric CRS."""

    area: Area
    zones: gpd.GeoDataFrame
    osm: OsmExtract | None
    asset_tables: list[gpd.GeoDataFrame]
    access_points: gpd.GeoDataFrame | None
    annotations: gpd.GeoDataFrame
    deprivation: Deprivation | None
    coverage: BaseGeometry
    tallies: list[Tally] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    frame: Frame | None = None
    next_door: gpd.GeoDataFrame | None = None
    """The zones round the neighbourhood, with their people; None where no file has any."""

    def keep(self, table: Any, tally: Tally) -> Any:
        """Note a reader's tally and return its table."""
        self.tallies.append(tally)
        return table

    def add_assets(self, table: gpd.GeoDataFrame, tally: Tally) -> None:
        """Take a list's assets, without those far from the neighbourhood: a city's list isn't a place's."""
        if self.frame is not None:
            self.frame.take(table, tally.source)
        self._add_near(table, tally)

    def add_osm(self, extract: OsmExtract) -> None:
        """Take the assets of OpenStreetMap data near the neighbourhood, and what it covers."""
        reach = covered_area(extract)
        self.coverage = self.area.surroundings.intersection(reach)
        if self.frame is not None:
            self.frame.take_osm(extract, extract.tally.source, reach=reach)
        self._add_near(extract.assets, extract.tally)

    def _add_near(self, table: gpd.GeoDataFrame, tally: Tally) -> None:
        far = ~table.intersects(self.area.surroundings)
        reason = f"farther than {SURROUNDINGS_M:.0f} m from the neighbourhood"
        self.asset_tables.append(tally.drop_where(table, far, reason, lambda row: str(table.at[row, "asset_id"])))
        self.tallies.append(tally)

    def take_zones(self, zones: gpd.GeoDataFrame, tally: Tally, note: str) -> None:
        """Take zones with more columns, with the tally of what they come from, and what to know of it if anything."""
        self.zones = zones
        self.tallies.append(tally)
        self.notes += [note] if note else []

    @property
    def crs(self) -> CRS:
        """The metric CRS of every table."""
        return self.area.crs


Say = Callable[[str], None]


@dataclass(frozen=True)
class Area:
    """The neighbourhood: its outline, and its zones where it has any."""

    crs: CRS
    outline: BaseGeometry
    zones: gpd.GeoDataFrame
    tallies: tuple[Tally, ...] = ()
    file_zones: gpd.GeoDataFrame | None = None
    """Every zone of the file that the study's zones are in."""

    @property
    def surroundings(self) -> BaseGeometry:
        """The area that things are kept in."""
        return self.outline.buffer(SURROUNDINGS_M)


def wanted_lsoas(settings: Settings) -> tuple[str, ...]:
    """Return the LSOA 2021 codes that the study names itself or by its site; empty if it names none."""
    return place(settings.place.site).lsoa21 if settings.place.site else settings.place.lsoa21


def osm_paths(folder: Path, settings: Settings, area: Area | None) -> list[Path]:
    """Return the study's own OSM file, else the replies that were fetched for its area and are there."""
    if settings.osm.file:
        return [folder / settings.osm.file]
    if area is None:
        return []
    wanted = osm_reply_paths(to_ask_for(area), folder / "data" / "osm_cache")
    return [path for path in wanted if path.exists()]


def to_ask_for(area: Area) -> BaseGeometry:
    """Return the area, lon/lat, that OSM data is fetched for."""
    return gpd.GeoSeries([area.surroundings], crs=area.crs).to_crs(LONLAT).iloc[0]


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
    area = read_area(folder, settings)
    paths = [osm] if osm else osm_paths(folder, settings, area)
    extract = None
    if paths:
        say(f"reading OpenStreetMap: {', '.join(path.name for path in paths)}")
        extract = read_osm(paths, crs=area.crs if area else None)
    if area is None:
        area = _area_of(extract, settings)
    inputs = Inputs(
        area=area,
        zones=area.zones,
        osm=extract,
        asset_tables=[],
        access_points=None,
        annotations=empty_frame("annotations", area.crs),
        deprivation=None,
        coverage=area.surroundings,
        tallies=list(area.tallies),
        frame=read_frame(folder, settings, zones=area.file_zones, crs=area.crs, say=say),
    )
    if extract is not None:
        inputs.add_osm(extract)
    bounds = _box(gpd.GeoSeries([area.surroundings], crs=area.crs).to_crs(LONLAT))
    for table in settings.lists:
        say(f"reading the list {table.file}")
        inputs.add_assets(*_read_list(folder, table, area.crs, bounds))
    _read_green(folder, settings, inputs, bounds, say)
    _read_marks(folder, settings, inputs, bounds, say)
    facts = add_zone_facts(inputs.zones, folder, settings, say=say)
    inputs.zones, inputs.deprivation = facts.zones, facts.deprivation
    inputs.tallies += facts.tallies
    inputs.notes += facts.notes
    if settings.catchments:
        inputs.next_door = read_next_door(folder, settings, area=area, frame=inputs.frame)
    if inputs.frame is not None:
        known = {tally.source for tally in inputs.tallies}
        inputs.tallies += [tally for tally in inputs.frame.tallies if tally.source not in known]
        inputs.notes += inputs.frame.notes
    if settings.canopy is not None:
        from assetmap.study.rasters import add_canopy

        say(f"reading canopy: {settings.canopy.file}")
        inputs.take_zones(*add_canopy(inputs.zones, folder, settings.canopy))
    if inputs.asset_tables and not sum(map(len, inputs.asset_tables)):
        read = "; ".join(tally.summary() for tally in inputs.tallies if tally.dropped)
        raise InputError(
            f"no asset is left to map ({read or 'none was read'}): do the files show the neighbourhood that the "
            "settings name?"
        )
    if not inputs.asset_tables:
        raise MissingInputError(
            f"{folder} names no assets: add an OpenStreetMap file or a list with `assetmap add`, "
            "or run `assetmap fetch`."
        )
    return inputs


def _read_marks(folder: Path, settings: Settings, inputs: Inputs, near: Any, say: Say) -> None:
    """Give the study its annotations: the files that it names, and what the kiosk has read."""
    found = read_resident_marks(folder, settings, crs=inputs.crs, near=near, say=say)
    frames = [inputs.keep(*read) for read in found.values()]
    if frames:
        inputs.annotations = validate_table(pd.concat(frames, ignore_index=True), "annotations")


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


def read_area(folder: Path, settings: Settings) -> Area | None:
    """Return the neighbourhood that a study names, or None where it leaves that to its OSM data.

    Raises
    ------
    MissingInputError
        If it names LSOAs whose boundaries aren't there.
    InputError
        If the boundary or zones can't be read, or don't go together.
    """
    codes = wanted_lsoas(settings)
    outline = read_boundary(folder / settings.place.boundary) if settings.place.boundary else None
    fetched = folder / ZONES_FETCHED
    path = folder / settings.zones.file if settings.zones else fetched if fetched.exists() else None
    if path is None and codes:
        raise MissingInputError(
            f"the boundaries of {', '.join(codes)} are not here: run `assetmap fetch {folder}`, or add a file of zones."
        )
    if path is None and outline is None:
        return None
    tallies: tuple[Tally, ...] = ()
    crs = metric_crs(_box(outline)) if outline is not None else None
    if path is not None:
        table = settings.zones
        zones, tally = read_zones(path, crs=crs, code=table.code if table else None, name=table.name if table else None)
        crs, tallies = CRS.from_user_input(zones.crs), (tally,)
        shape = outline.to_crs(crs).iloc[0] if outline is not None else None
        chosen = _choose_zones(zones, codes, shape, path)
        return Area(crs, shape if shape is not None else chosen.union_all(), chosen, tallies, zones)
    assert outline is not None and crs is not None  # noqa: S101, PT018 - one of the two is there
    shape = outline.to_crs(crs).iloc[0]
    return Area(crs, shape, _one_zone(settings, shape, crs))


def read_area_and_box(folder: Path, settings: Settings) -> tuple[Area, tuple[float, float, float, float]]:
    """Return the neighbourhood, also where only the study's OSM data says it, and the lon/lat box of its surroundings.

    Raises
    ------
    AssetMapError
        As `read_area` and `read_inputs`.
    """
    area = read_area(folder, settings) or read_inputs(folder, settings).area
    return area, _box(gpd.GeoSeries([area.surroundings], crs=area.crs).to_crs(LONLAT))


def _box(outline: gpd.GeoSeries) -> tuple[float, float, float, float]:
    west, south, east, north = outline.total_bounds
    return float(west), float(south), float(east), float(north)


def _area_of(extract: OsmExtract | None, settings: Settings) -> Area:
    """Take everything that the OSM data covers as the neighbourhood, where nothing says more."""
    if extract is None:
        raise MissingInputError(
            "the study names no place and no OpenStreetMap file: give [place] a site, LSOA codes or a boundary, "
            "or add a file with `assetmap add`."
        )
    outline = covered_area(extract)
    return Area(extract.crs, outline, _one_zone(settings, outline, extract.crs))


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


def _one_zone(settings: Settings, outline: BaseGeometry, crs: CRS) -> gpd.GeoDataFrame:
    """Take the whole neighbourhood as one zone."""
    row = {"zone_code": ["all"], "name": [settings.study.name], "vintage": ["own"], "population": [np.nan]}
    return validate_table(gpd.GeoDataFrame(row, geometry=[outline], crs=crs), "zones")


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
