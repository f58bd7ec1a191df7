"""Whether a build would take files that are to be added: each is read by the build's own reader, where it lies now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import shapely
from pyproj import CRS

from assetmap.crs import BRITISH_GRID, LONLAT, metric_crs
from assetmap.errors import AssetMapError, CRSError, InputError, MissingInputError
from assetmap.sources.annotations import read_annotations
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.green_space import read_access_points, read_green_space
from assetmap.sources.osm import OsmExtract, read_osm
from assetmap.sources.osm_input import is_packed, stated_box
from assetmap.sources.recognised import Recognised
from assetmap.sources.tables import read_table
from assetmap.study.area import SURROUNDINGS_M, Area, area_of_extract, read_area, to_ask_for, wanted_lsoas
from assetmap.study.areas import areas_of_zones
from assetmap.study.figures.zone_facts import add_zone_facts
from assetmap.study.inputs import osm_paths, read_named_list
from assetmap.study.resident_marks import check_identifiers
from assetmap.study.settings import Settings
from assetmap.study.settings_tables import DeprivationTable, ListTable, PopulationTable, Table
from assetmap.tally import Tally

__all__ = ["check_readable"]

_ANYWHERE = CRS.from_epsg(3857)
"""For a study that doesn't say yet where it is: metres nearly everywhere. Nothing is measured in them."""
OneTable = TypeVar("OneTable", bound=Table)
T = TypeVar("T")


@dataclass(frozen=True)
class _Trial:
    """A study as it would be, its settings naming what is new where it lies now."""

    folder: Path
    settings: Settings
    new: Mapping[str, Recognised]

    def has_new(self, *names: str | None) -> bool:
        return any(name in self.new for name in names)


def check_readable(
    folder: Path, settings: Settings, added: Mapping[str, tuple[Path, Recognised]]
) -> dict[str, tuple[str, ...]]:
    """Read files as a build would, and raise what it would raise.

    OpenStreetMap data in a packed form (.osm.pbf, .osm.bz2, .osm.gz) is passed over, since it may be a country's:
    `run_through` is for that. So is what a study can't be built without, and is still to come: boundaries that `fetch`
    brings, the lookup between two censuses, a postcode table.

    Parameters
    ----------
    folder
        The study folder.
    settings
        As they would be with the files in them.
    added
        Where each file goes in the study -> where it lies now, and what it is.

    Returns
    -------
    dict of str to tuple of str
        Where a file goes -> how many rows of it were left out or mended and why, if any, for lists and marks; for a
        postcode table those of the lists that it places and the study has already.

    Raises
    ------
    AssetMapError
        The error of the first file that a build would refuse.
    """
    there = {name: str(path.absolute()) for name, (path, _) in added.items()}
    new = {there[name]: found for name, (_, found) in added.items()}
    trial = _Trial(folder, _moved(settings, there), new)
    area = _area(trial)
    extract = _read_osm(trial, area)
    crs, near = _where(trial, area, extract)
    tallies = _read_places(trial, crs, near)
    if area is not None and area.file_zones is not None:
        with suppress(MissingInputError):  # of a lookup that is still to come
            _read_facts(trial, area)
    return {name: tuple(map(_line, filter(_is_told, tallies.get(path, [])))) for name, path in there.items()}


def _is_told(tally: Tally) -> bool:
    return bool(tally.dropped or tally.repaired)


def _line(tally: Tally) -> str:
    """Return a tally in words; what it notes of other sheets was said when the file was recognised."""
    return replace(tally, notes=[]).summary()


def _moved(table: OneTable, there: Mapping[str, str]) -> OneTable:
    """Return settings with the names of some files in the place of others."""

    def value(found: Any) -> Any:
        if isinstance(found, Table):
            return _moved(found, there)
        if isinstance(found, tuple):
            return tuple(map(value, found))
        return there.get(found, found) if isinstance(found, str) else found

    return table.model_copy(update={name: value(getattr(table, name)) for name in type(table).model_fields})


def _area(trial: _Trial) -> Area | None:
    """Return the neighbourhood, or None where it can't be told yet."""
    settings = trial.settings
    try:
        return read_area(trial.folder, settings)
    except MissingInputError:
        return None
    except AssetMapError:
        if trial.has_new(settings.place.boundary, settings.zones.file if settings.zones else None):
            raise
        return None  # what is wrong was there before: the next build says so


def _read_osm(trial: _Trial, area: Area | None) -> OsmExtract | None:
    if not trial.has_new(*trial.settings.osm.file):
        return None
    paths = osm_paths(trial.folder, trial.settings, area)
    if len(paths) == 1 and is_packed(paths[0]):
        return None
    return read_osm(paths, crs=area.crs if area else None)


def _where(trial: _Trial, area: Area | None, extract: OsmExtract | None) -> tuple[CRS | None, Bounds | None]:
    """Return the study's metric CRS and the lon/lat box of its surroundings, as far as they can be told."""
    if area is not None:
        return area.crs, to_ask_for(area).bounds
    if wanted_lsoas(trial.settings):
        return BRITISH_GRID, None
    if extract is None:
        paths = osm_paths(trial.folder, trial.settings, None)
        try:
            box = stated_box(paths) if paths else None
            if box is not None:
                crs = metric_crs(box)
                outline = gpd.GeoSeries([shapely.box(*box)], crs=LONLAT).to_crs(crs).buffer(SURROUNDINGS_M)
                return crs, outline.to_crs(LONLAT).iloc[0].bounds
            if paths and not is_packed(paths[0]):
                extract = read_osm(paths)
        except AssetMapError:
            return None, None  # of a file that was there before
    if extract is None:
        return None, None
    found = area_of_extract(extract, trial.settings)
    return found.crs, to_ask_for(found).bounds


def _read_places(trial: _Trial, crs: CRS | None, near: Bounds | None) -> dict[str, list[Tally]]:
    """Read the lists, green space and marks that are new, and return the tallies of lists and marks by new file."""
    folder, settings = trial.folder, trial.settings
    tallies: dict[str, list[Tally]] = defaultdict(list)
    for table in settings.lists:
        if trial.has_new(table.file, table.postcodes):
            waits = trial.has_new(table.file) and "postcodes" in trial.new[table.file].suggested
            if waits and table.postcodes is None:
                _require_rows(folder / table.file, table.sheet)
            else:
                _, tally = _anywhere(partial(read_named_list, folder, table, near=near), crs)
                tallies[_told_with(trial, table)].append(tally)
    for green in settings.green_space:
        if trial.has_new(green.file):
            _anywhere(partial(read_green_space, folder / green.file, near=near), crs)
        if green.access_points is not None and trial.has_new(green.access_points):
            _anywhere(partial(read_access_points, folder / green.access_points), crs)
    tallies.update(_read_marks(trial, crs, near))
    return tallies


def _told_with(trial: _Trial, table: ListTable) -> str:
    """Return the new file that a list's tally is told with: the list itself, else the postcode table that is new."""
    is_sheet = trial.has_new(table.file) and trial.new[table.file].suggested.get("sheet") == table.sheet
    return table.file if is_sheet else table.postcodes or ""


def _read_marks(trial: _Trial, crs: CRS | None, near: Bounds | None) -> dict[str, list[Tally]]:
    """Read the marks that are new, hold their identifiers against those of the study's other files, return tallies."""
    tables = trial.settings.annotations
    if not trial.has_new(*(marks.file for marks in tables)):
        return {}
    found = {}
    for marks in tables:
        read = partial(read_annotations, trial.folder / marks.file, columns=marks.columns or None, near=near)
        with nullcontext() if trial.has_new(marks.file) else suppress(AssetMapError):
            found[marks.file] = _anywhere(read, crs)
    check_identifiers(found)
    return {name: [tally] for name, (_, tally) in found.items() if trial.has_new(name)}


def _anywhere(read: Callable[..., T], crs: CRS | None) -> T:
    """Read in the study's CRS; where it has none yet, in one that takes any degrees, else the British grid's metres."""
    if crs is not None:
        return read(crs=crs)
    try:
        return read(crs=_ANYWHERE)
    except CRSError:
        return read(crs=BRITISH_GRID)


def _require_rows(path: Path, sheet: str | None) -> None:
    """Refuse a list that can't be placed without the postcode table that is still to come, and has no rows anyway."""
    if read_table(path, sheet=sheet).empty:
        raise InputError(f"{path.name} has a header and no rows: get the list again.")


def _read_facts(trial: _Trial, area: Area) -> None:
    """Read what is new about the zones, and hold it against them."""
    folder, settings = trial.folder, trial.settings
    whole = area.file_zones if area.file_zones is not None else area.zones
    lookups = tuple(table for table in settings.lookups if trial.has_new(table.file))
    areas_of_zones(folder, settings.model_copy(update={"lookups": lookups}), whole)
    people, index = settings.population, settings.deprivation
    only = {
        "population": people if trial.has_new(people.file, people.grid) else PopulationTable(),
        "deprivation": index if trial.has_new(index.file, index.lookup) else DeprivationTable(),
    }
    if trial.has_new(people.file, people.grid, index.file, index.lookup):
        add_zone_facts(area.zones, folder, settings.model_copy(update=only), whole=whole)
    if settings.canopy is not None and trial.has_new(settings.canopy.file):
        from assetmap.study.rasters import add_canopy

        add_canopy(area.zones, folder, settings.canopy)
