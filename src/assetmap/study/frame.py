"""The frame: the wider area that a neighbourhood is set in, its zones with their people and deprivation, its assets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from assetmap.errors import InputError, MissingInputError
from assetmap.schema import Tally
from assetmap.sources.boundaries import read_zones
from assetmap.sources.osm import OsmExtract
from assetmap.study.areas import areas_of_zones, zones_within
from assetmap.study.settings import Settings
from assetmap.study.zone_facts import add_zone_facts

__all__ = ["Frame", "SourceReach", "read_frame"]

FRAME_SURROUNDINGS_M = 2000.0
"""How far beyond the frame's zones assets are kept, since its people walk across its edge too."""
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
    sources
        What is known of its assets.
    buildings
        Where its people's homes may be, of OpenStreetMap data.
    """

    name: str
    zones: gpd.GeoDataFrame
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
        counted, notes = [], []
        for source in self.sources:
            inside = int(np.sum(shapely.covers(source.reach, middles)))
            if inside >= _COUNTED_SHARE * len(middles):
                counted.append(source)
            else:
                notes.append(
                    f"{source.source} reaches {inside} of the {len(middles)} zones of the frame {self.name}, "
                    "and isn't counted in it."
                )
        return counted, notes


def read_frame(
    folder: Path, settings: Settings, *, zones: Path | None, crs: CRS, say: Callable[[str], None] = lambda _: None
) -> Frame | None:
    """Read the frame that a study names, or None if it names none.

    Parameters
    ----------
    folder, settings
        The study.
    zones
        The study's own file of zones, which serves where the frame names none.
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
    path = folder / wanted.zones if wanted.zones else zones
    if path is None:
        raise MissingInputError("[frame] needs a file of its zones: add one with `assetmap add`, or name it as zones.")
    say(f"reading the frame: {path.name}")
    own = settings.zones if settings.zones and not wanted.zones else None
    found, tally = read_zones(path, crs=crs, code=own.code if own else None, name=own.name if own else None)
    if crs != CRS.from_user_input(found.crs):
        raise InputError(f"{path.name} isn't where the neighbourhood is: give the zones round it.")
    name = wanted.name or path.stem
    tallies, notes = [tally], []
    if wanted.within:
        areas = areas_of_zones(folder, settings, found)
        found, label = zones_within(found, areas, wanted.within)
        name = wanted.name or label
    facts = add_zone_facts(found, folder, settings, what=f"the zones of the frame {name}")
    notes += [f"Frame {name}: {note}" for note in facts.notes]
    return Frame(name, facts.zones, tallies=[*tallies, *facts.tallies], notes=notes)
