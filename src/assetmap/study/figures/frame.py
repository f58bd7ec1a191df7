"""The frame: the wider area that a neighbourhood is set in, its zones with their people and deprivation, its assets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from assetmap.errors import MissingInputError
from assetmap.plurals import counted
from assetmap.sources.boundaries import read_zones
from assetmap.sources.osm import OsmExtract
from assetmap.study.areas import ZoneAreas, areas_of_zones, zones_within
from assetmap.study.figures.zone_facts import add_zone_facts
from assetmap.study.settings import Settings
from assetmap.tally import Tally

if TYPE_CHECKING:
    from assetmap.study.area import Area

__all__ = ["Frame", "SourceReach", "read_frame", "read_next_door"]

FRAME_SURROUNDINGS_M = 2000.0
"""How far beyond the frame's zones assets are kept, since its people walk across its edge too."""
NEXT_DOOR_M = 4000.0
"""How far round the neighbourhood people are looked for: who shares a place 2 km away may live 2 km beyond it."""
_COUNTED_SHARE = 0.5


@dataclass(frozen=True)
class SourceReach:
    """The assets of one source round a frame, and how far the source goes."""

    assets: gpd.GeoDataFrame
    reach: BaseGeometry
    """The area that it covers: what an OpenStreetMap file says, else the hull of its places, which is all that a list
    can vouch for."""
    source: str
    network: bool = False
    """Whether it is OpenStreetMap data, with ways and homes."""


@dataclass
class Frame:
    """The wider area.

    Parameters
    ----------
    name
        What it is called.
    zones
        Table ``zones`` with people and deprivation.
    file_zones
        Every zone of the file that these are in.
    sources
        What is known of its assets.
    buildings
        Where its people's homes may be, of OpenStreetMap data.
    """

    name: str
    zones: gpd.GeoDataFrame
    file_zones: gpd.GeoDataFrame | None = None
    sources: list[SourceReach] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    buildings: gpd.GeoDataFrame | None = None

    def __post_init__(self) -> None:
        """Draw the outline once."""
        self.outline: BaseGeometry = self.zones.union_all()
        self._near = self.outline.buffer(FRAME_SURROUNDINGS_M)
        shapely.prepare(self._near)

    def take(self, table: gpd.GeoDataFrame, source: str) -> None:
        """Take the assets of a list, which doesn't say how far it goes, before they are cut to the neighbourhood."""
        hull = shapely.convex_hull(shapely.geometrycollections(table.geometry.to_numpy()))
        self.sources.append(SourceReach(self._near_of(table), hull, source))

    def take_osm(self, extract: OsmExtract, source: str, *, reach: BaseGeometry) -> None:
        """Take the assets and buildings of OpenStreetMap data, and what it covers."""
        self.buildings = extract.buildings
        self.sources.append(SourceReach(self._near_of(extract.assets), reach, source, network=True))

    def _near_of(self, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return table[table.intersects(self._near)].reset_index(drop=True)

    def counted_sources(self) -> tuple[list[SourceReach], list[str]]:
        """Return the sources that reach at least half of the zones, and a sentence on each that doesn't.

        A source that knows the neighbourhood and not the rest would make the neighbourhood seem better off.
        """
        middles = self.zones.representative_point().to_numpy()
        used, notes = [], []
        for source in self.sources:
            inside = int(np.sum(shapely.covers(source.reach, middles)))
            if inside >= _COUNTED_SHARE * len(middles):
                used.append(source)
            else:
                notes.append(
                    f"{source.source} reaches {inside} of the {counted(len(middles), 'zone')} of the frame "
                    f"{self.name}, "
                    "and isn't counted in it."
                )
        return used, notes


def read_frame(
    folder: Path,
    settings: Settings,
    *,
    zones: gpd.GeoDataFrame | None,
    areas: ZoneAreas,
    crs: CRS,
    say: Callable[[str], None] = lambda _: None,
) -> Frame | None:
    """Read the frame that a study names, or None if it names none.

    Parameters
    ----------
    folder, settings
        The study.
    zones
        Every zone of the study's own file, which serve where the frame names none.
    areas
        The areas that those are in.
    crs
        The study's metric CRS.
    say
        Called with a line for a person before each step.

    Raises
    ------
    MissingInputError
        If there is no file of zones.
    InputError
        If the zones can't be read, or none is in the areas that the frame names.
    """
    wanted = settings.frame
    if wanted is None:
        return None
    tallies, name = [], wanted.name
    if wanted.zones:
        say(f"reading the frame: {wanted.zones}")
        zones, tally = read_zones(folder / wanted.zones, crs=crs)
        tallies.append(tally)
        name = name or Path(wanted.zones).stem
    if zones is None:
        raise MissingInputError("[frame] needs a file of its zones: add one with `assetmap add`, or name it as zones.")
    found = zones
    if wanted.within:
        areas = areas_of_zones(folder, settings, zones) if wanted.zones else areas
        found, label = zones_within(zones, areas, wanted.within)
        name = wanted.name or label
    facts = add_zone_facts(found, folder, settings, what=f"the zones of the frame {name}", whole=zones)
    notes = [f"Frame {name}: {note}" for note in facts.notes]
    return Frame(name, facts.zones, zones, tallies=[*tallies, *facts.tallies], notes=notes)


def read_next_door(folder: Path, settings: Settings, *, area: Area, frame: Frame | None) -> gpd.GeoDataFrame | None:
    """Return the zones round the neighbourhood with their people, of the frame's file, else of the study's own.

    Parameters
    ----------
    folder, settings
        The study.
    area
        The neighbourhood.
    frame
        The wider area, if there is one.

    Returns
    -------
    GeoDataFrame
        Zones that aren't the study's own and lie within `NEXT_DOOR_M` of it; None where no file has any.
    """
    known = frame.file_zones if frame is not None else area.file_zones
    if known is None:
        return None
    near = area.outline.buffer(NEXT_DOOR_M)
    found = known[~known["zone_code"].isin(area.zones["zone_code"]) & known.intersects(near)].reset_index(drop=True)
    inside = found.representative_point().within(area.outline)  # other zones of the same ground
    found = found[~inside].reset_index(drop=True)
    if found.empty:
        return None
    return add_zone_facts(found, folder, settings, whole=known, beyond=True).zones
