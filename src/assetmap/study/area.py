"""The neighbourhood: its outline, and the zones that are it or fit it best."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from assetmap.crs import LONLAT, metric_crs
from assetmap.errors import InputError, MissingInputError
from assetmap.measures.best_fit import best_fit, share_inside
from assetmap.origins import origins_from_buildings
from assetmap.places import place
from assetmap.plurals import counted
from assetmap.schema import validate_table
from assetmap.sources.boundaries import read_zones
from assetmap.sources.osm import OsmExtract
from assetmap.study.pieces import covered_area, read_boundary
from assetmap.study.settings import Settings
from assetmap.tally import Tally

__all__ = [
    "SURROUNDINGS_M",
    "Area",
    "area_of_extract",
    "fit_in_words",
    "lonlat_box",
    "read_area",
    "to_ask_for",
    "wanted_lsoas",
]

ZONES_FETCHED = "data/boundaries/zones_lsoa21.geojson"

SURROUNDINGS_M = 2000.0
"""How far beyond the neighbourhood's boundary things are kept: the farthest distance counted, and room beyond it."""


@dataclass(frozen=True)
class Area:
    """The neighbourhood: its outline, and its zones where it has any."""

    crs: CRS
    outline: BaseGeometry
    zones: gpd.GeoDataFrame
    tallies: tuple[Tally, ...] = ()
    file_zones: gpd.GeoDataFrame | None = None
    """Every zone of the file that the study's zones are in."""
    left_out: gpd.GeoDataFrame | None = None
    """Zones that lie in an outline with less than half of their people; None where nothing was fitted."""

    def fitted(self, buildings: gpd.GeoDataFrame | None = None) -> Area:
        """Return the area with the zones that fit its outline best, by homes where buildings are known, else by ground.

        The zones have ``share_inside`` and ``inside_kind`` of `share_inside`. One that isn't cut by the outline is
        taken whole.

        Raises
        ------
        InputError
            If no zone lies in the outline.
        """
        if self.file_zones is None:
            return self
        near = self.file_zones[self.file_zones.intersects(self.outline)]
        near = near.sort_values("zone_code", ignore_index=True)
        homes = origins_from_buildings(near.assign(population=1.0), buildings) if buildings is not None else None
        shares = share_inside(near, self.outline, homes)
        fits = best_fit(shares, near, self.outline)
        if not fits.any():
            raise InputError("no zone lies in the boundary: do the two files show the same place?")
        near = near.join(shares)
        left_out = near[~fits & (near["share_inside"] > 0)].reset_index(drop=True)
        chosen = near[fits].reset_index(drop=True)
        whole = left_out.empty and (chosen["share_inside"] == 1).all()
        chosen = chosen.drop(columns=list(shares.columns)) if whole else chosen
        return replace(self, zones=chosen, left_out=left_out if not whole else None)

    @property
    def surroundings(self) -> BaseGeometry:
        """The area that things are kept in."""
        return self.outline.buffer(SURROUNDINGS_M)


def wanted_lsoas(settings: Settings) -> tuple[str, ...]:
    """Return the LSOA 2021 codes that the study names itself or by its site; empty if it names none."""
    return place(settings.place.site).lsoa21 if settings.place.site else settings.place.lsoa21


def to_ask_for(area: Area) -> BaseGeometry:
    """Return the area, lon/lat, that OSM data is fetched for."""
    return gpd.GeoSeries([area.surroundings], crs=area.crs).to_crs(LONLAT).iloc[0]


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
    outline, told = read_boundary(folder / settings.place.boundary) if settings.place.boundary else (None, None)
    tallies = () if told is None else (told,)
    fetched = folder / ZONES_FETCHED
    path = folder / settings.zones.file if settings.zones else fetched if fetched.exists() else None
    if path is None and codes:
        raise MissingInputError(
            f"the boundaries of {', '.join(codes)} are not here: run `assetmap fetch {folder}`, or add a file of zones."
        )
    crs = metric_crs(lonlat_box(outline)) if outline is not None else None
    if path is not None:
        table = settings.zones
        zones, tally = read_zones(path, crs=crs, code=table.code if table else None, name=table.name if table else None)
        crs = CRS.from_user_input(zones.crs)
        shape = outline.to_crs(crs).iloc[0] if outline is not None else None
        chosen = _choose_zones(zones, codes, path)
        area = Area(crs, shape if shape is not None else chosen.union_all(), chosen, (*tallies, tally), zones)
        return area.fitted() if shape is not None and not codes else area
    if outline is None or crs is None:
        return None
    shape = outline.to_crs(crs).iloc[0]
    return Area(crs, shape, _one_zone(settings, shape, crs), tallies)


def lonlat_box(outline: gpd.GeoSeries) -> tuple[float, float, float, float]:
    """Return west, south, east, north of an outline in longitude and latitude."""
    west, south, east, north = outline.total_bounds
    return float(west), float(south), float(east), float(north)


def area_of_extract(extract: OsmExtract | None, settings: Settings) -> Area:
    """Take everything that the OSM data covers as the neighbourhood, where nothing says more."""
    if extract is None:
        raise MissingInputError(
            "the study names no place and no OpenStreetMap file: give [place] a site, LSOA codes or a boundary, "
            "or add a file with `assetmap add`."
        )
    outline = covered_area(extract)
    return Area(extract.crs, outline, _one_zone(settings, outline, extract.crs))


def _choose_zones(zones: gpd.GeoDataFrame, codes: Any, path: Path) -> gpd.GeoDataFrame:
    if codes:
        missing = sorted(set(codes) - set(zones["zone_code"]))
        if missing:
            raise InputError(f"{path.name} has no zone {', '.join(missing)}: check the codes and the file's vintage.")
        zones = zones[zones["zone_code"].isin(codes)]
    return zones.sort_values("zone_code", ignore_index=True)


def fit_in_words(zones: gpd.GeoDataFrame, left_out: gpd.GeoDataFrame) -> str:
    """Return how well zones fit an outline, in people where all of them are known.

    Parameters
    ----------
    zones, left_out
        The zones that count and those that don't, with ``share_inside`` and ``population``.

    Examples
    --------
    >>> one = gpd.GeoDataFrame({"share_inside": [0.8], "inside_kind": ["homes"], "population": [1000.0]})
    >>> two = gpd.GeoDataFrame({"share_inside": [0.1], "inside_kind": ["homes"], "population": [2000.0]})
    >>> fit_in_words(one, two)
    'The outline cuts zones: the 1 with most of their people in it count, whole. Of their 1,000 people 800 (80%) live \
inside it; 200 more inside live in 1 zone that is left out. Shares inside are by homes.'
    """
    kinds = sorted({*zones["inside_kind"], *left_out["inside_kind"]})
    how = " and ".join({"homes": "homes", "ground": "ground, since no homes are known"}[kind] for kind in kinds)
    text = f"The outline cuts zones: the {len(zones)} with most of their people in it count, whole."
    out = f"{len(left_out)} zone{'s that are' if len(left_out) != 1 else ' that is'} left out"
    if zones["population"].isna().any() or left_out["population"].isna().any():
        return f"{text} {out[0].upper()}{out[1:]}. Shares inside are by {how}."
    people, inside = zones["population"].sum(), (zones["population"] * zones["share_inside"]).sum()
    more = (left_out["population"] * left_out["share_inside"]).sum()
    return (
        f"{text} Of their {counted(people, 'person', 'people')} {inside:,.0f} ({inside / people:.0%}) live "
        f"inside it; {more:,.0f} more "
        f"inside live in {out}. Shares inside are by {how}."
    )


def _one_zone(settings: Settings, outline: BaseGeometry, crs: CRS) -> gpd.GeoDataFrame:
    """Take the whole neighbourhood as one zone."""
    row = {"zone_code": ["all"], "name": [settings.study.name], "vintage": ["own"], "population": [np.nan]}
    return validate_table(gpd.GeoDataFrame(row, geometry=[outline], crs=crs), "zones")
