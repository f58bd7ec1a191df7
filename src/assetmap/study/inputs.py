"""What goes into a study: every table read, put into one CRS, cut to the neighbourhood's surroundings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from assetmap.crs import LONLAT
from assetmap.errors import InputError, MissingInputError
from assetmap.schema import empty_frame, validate_table
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.boundaries import zone_overlaps
from assetmap.sources.deprivation import Deprivation
from assetmap.sources.green_space import read_access_points, read_green_space
from assetmap.sources.lists import read_list
from assetmap.sources.osm import OsmExtract, read_osm
from assetmap.sources.remote.overpass import osm_reply_paths
from assetmap.sources.voices import Voices
from assetmap.study.area import SURROUNDINGS_M, Area, area_of_extract, fit_in_words, lonlat_box, read_area, to_ask_for
from assetmap.study.areas import ZoneAreas, areas_of_zones
from assetmap.study.engagement.voices import read_study_voices
from assetmap.study.figures.frame import Frame, read_frame, read_next_door
from assetmap.study.figures.zone_facts import add_zone_facts
from assetmap.study.pieces import covered_area
from assetmap.study.resident_marks import check_identifiers, read_resident_marks
from assetmap.study.settings import Settings
from assetmap.study.settings_tables import ListTable
from assetmap.tally import Tally

__all__ = ["Inputs", "osm_paths", "read_area_and_box", "read_inputs", "read_named_list"]


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
    areas: ZoneAreas = field(default_factory=ZoneAreas)
    """The wards, authorities and health areas of every zone of the zones file."""
    next_door: gpd.GeoDataFrame | None = None
    """The zones round the neighbourhood, with their people; None where no file has any."""
    voices: Mapping[str, Voices] = field(default_factory=dict)
    """The files of voices; their marks are among the annotations."""

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
    def has_ways(self) -> bool:
        """Whether there is anything to walk on; without it every distance is a straight line."""
        return self.osm is not None and not self.osm.walk.frame.empty

    @property
    def crs(self) -> CRS:
        """The metric CRS of every table."""
        return self.area.crs


Say = Callable[[str], None]
_TOLD_OVERLAP = 0.001
"""Boundaries that were simplified apart overlap along their edges; less of the area than this moves no figure."""


def osm_paths(folder: Path, settings: Settings, area: Area | None) -> list[Path]:
    """Return the study's own OSM file or replies, else the replies that were fetched for its area and are there."""
    if settings.osm.file:
        return [folder / name for name in settings.osm.file]
    cache = folder / "data" / "osm_cache"
    if area is None or not any(cache.glob("*")):  # nothing was fetched, and a large area can't be asked for
        return []
    wanted = osm_reply_paths(to_ask_for(area), cache)
    return [path for path in wanted if path.exists()]


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
        area = area_of_extract(extract, settings)
    elif settings.place.boundary and extract is not None:
        area = area.fitted(extract.buildings)
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
        areas=areas_of_zones(folder, settings, area.file_zones if area.file_zones is not None else area.zones),
    )
    inputs.frame = read_frame(folder, settings, zones=area.file_zones, areas=inputs.areas, crs=area.crs, say=say)
    inputs.tallies += inputs.areas.tallies
    inputs.notes += _overlaps_in_words(inputs.zones)
    if extract is not None:
        inputs.add_osm(extract)
    bounds = lonlat_box(gpd.GeoSeries([area.surroundings], crs=area.crs).to_crs(LONLAT))
    for table in settings.lists:
        say(f"reading the list {table.file}{f', {table.sheet}' if table.sheet else ''}")
        inputs.add_assets(*read_named_list(folder, table, area.crs, bounds))
    _read_green(folder, settings, inputs, bounds, say)
    _read_marks(folder, settings, inputs, bounds, say)
    _read_facts(folder, settings, inputs, say)
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


def _overlaps_in_words(zones: gpd.GeoDataFrame) -> list[str]:
    among, area_m2 = zone_overlaps(zones)
    if area_m2 <= _TOLD_OVERLAP * float(zones.geometry.area.sum()):
        return []
    note = (
        f"{among} of {len(zones)} zones overlap, by {area_m2:,.0f} m² in all. A home there is counted in one of them "
    )
    return [note + "alone, so their figures are wrong: correct the file of zones."]


def _read_facts(folder: Path, settings: Settings, inputs: Inputs, say: Say) -> None:
    """Give the zones, and those next door, their people and deprivation."""
    area = inputs.area
    facts = add_zone_facts(inputs.zones, folder, settings, whole=area.file_zones, say=say)
    inputs.zones, inputs.deprivation = facts.zones, facts.deprivation
    inputs.tallies += facts.tallies
    inputs.notes += facts.notes
    if area.left_out is not None and len(area.left_out):
        beyond = add_zone_facts(area.left_out, folder, settings, whole=area.file_zones, beyond=True).zones
        inputs.notes.append(fit_in_words(inputs.zones, beyond))
    if settings.catchments:
        inputs.next_door = read_next_door(folder, settings, area=area, frame=inputs.frame)
    if inputs.frame is not None:
        known = {tally.source for tally in inputs.tallies}
        inputs.tallies += [tally for tally in inputs.frame.tallies if tally.source not in known]
        inputs.notes += inputs.frame.notes


def _read_marks(folder: Path, settings: Settings, inputs: Inputs, near: Any, say: Say) -> None:
    """Give the study its annotations: the files that it names, and what the kiosk has read."""
    inputs.voices = read_study_voices(folder, crs=inputs.crs, near=near)
    found = read_resident_marks(folder, settings, crs=inputs.crs, near=near, voices=inputs.voices, say=say)
    check_identifiers(found)
    frames = [inputs.keep(*read) for read in found.values()]
    if frames:
        inputs.annotations = validate_table(pd.concat(frames, ignore_index=True), "annotations")


def read_named_list(folder: Path, table: ListTable, crs: CRS, near: Bounds | None) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read a list of places as its entry in the settings says.

    Raises
    ------
    AssetMapError
        As `read_list`.
    """
    return read_list(
        folder / table.file,
        crs=crs,
        name=table.name,
        columns=table.columns or None,
        category=table.category,
        source_crs=table.crs,
        postcodes=folder / table.postcodes if table.postcodes else None,
        near=near,
        sheet=table.sheet,
    )


def read_area_and_box(folder: Path, settings: Settings) -> tuple[Area, tuple[float, float, float, float]]:
    """Return the neighbourhood, also where only the study's OSM data says it, and the lon/lat box of its surroundings.

    Raises
    ------
    AssetMapError
        As `read_area` and `read_inputs`.
    """
    area = read_area(folder, settings) or read_inputs(folder, settings).area
    return area, lonlat_box(gpd.GeoSeries([area.surroundings], crs=area.crs).to_crs(LONLAT))


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
