"""The larger areas that a study's zones are in, through its lookups; and the zones of a frame that is named by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import geopandas as gpd
import pandas as pd

from assetmap.errors import InputError, MissingInputError
from assetmap.plurals import counted
from assetmap.sources.area_lookups import AreaLookup, areas_by_ground, areas_to_lsoa21, read_area_lookup
from assetmap.sources.boundaries import read_lookup
from assetmap.study.figures.zone_facts import vintage_lookup
from assetmap.study.settings import Settings
from assetmap.tally import Tally

__all__ = ["ZoneAreas", "areas_of_zones", "zones_within"]

_COLUMNS = ["zone_code", "level", "code", "name"]
_LSOA_NAME = re.compile(r"(.+) \d{3}[A-Z]{1,2}")


@dataclass
class ZoneAreas:
    """Which areas zones are in.

    Parameters
    ----------
    rows
        ``zone_code``, ``level``, ``code``, ``name``: at most one area of each level for a zone.
    """

    rows: pd.DataFrame = field(default_factory=lambda: _no_rows())
    tallies: list[Tally] = field(default_factory=list)


def areas_of_zones(folder: Path, settings: Settings, zones: gpd.GeoDataFrame) -> ZoneAreas:
    """Return the areas that zones are in, by the study's lookups and by the names of LSOAs.

    An LSOA's own name begins with its local authority's, which serves where no lookup gives local authorities.

    Raises
    ------
    InputError
        If a lookup can't be read, or has none of the zones.
    MissingInputError
        If a lookup is on zones of 2011, the zones are of 2021 and the study has no lookup between the two.
    """
    found = ZoneAreas()
    parts = []
    for table in settings.lookups:
        path = folder / table.file
        lookup = read_area_lookup(path, crs=zones.crs, level=table.level)
        found.tallies.append(lookup.tally)
        parts.append(_rows_for(lookup, zones, folder, settings))
        if parts[-1].empty:
            raise InputError(f"{path.name} has none of the study's zones: is it a lookup for the same zones?")
    named = _from_names(zones)
    if not any((part["level"] == "local_authority").any() for part in parts):
        parts.append(named)
    parts = [part for part in parts if len(part)]
    if parts:
        rows = pd.concat(parts, ignore_index=True)
        found.rows = rows.drop_duplicates(["zone_code", "level"], ignore_index=True)[_COLUMNS]
    return found


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series([], dtype="str") for column in _COLUMNS})


def _rows_for(lookup: AreaLookup, zones: gpd.GeoDataFrame, folder: Path, settings: Settings) -> pd.DataFrame:
    what = lookup.tally.source
    if isinstance(lookup.areas, gpd.GeoDataFrame):
        return areas_by_ground(zones, lookup.areas)
    rows, vintage = lookup.areas, zones["vintage"].iloc[0]
    if lookup.zone_vintage == "lsoa21" and vintage == "lsoa11":
        raise InputError(f"{what} is on LSOA 2021 and the zones are of 2011: take a lookup for zones of 2011.")
    if lookup.zone_vintage == "lsoa11" and vintage == "lsoa21":
        between = vintage_lookup(folder, settings)
        if between is None:
            raise MissingInputError(
                f"{what} is on LSOA 2011 and the zones are of 2021: add the ONS lookup of 2011 to 2021 codes "
                "([deprivation] lookup), or run `assetmap fetch`."
            )
        rows = areas_to_lsoa21(rows, read_lookup(between))
    return rows[rows["zone_code"].isin(zones["zone_code"])]


def _from_names(zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the local authorities that the names of LSOAs begin with, such as ``Tower Hamlets 024B``."""
    authority = zones["name"].astype("str").str.extract(rf"^{_LSOA_NAME.pattern}$")[0]
    rows = pd.DataFrame({"zone_code": zones["zone_code"], "level": "local_authority", "name": authority})
    rows = rows[zones["vintage"].isin(["lsoa11", "lsoa21"])].dropna(subset=["name"])
    rows["code"] = pd.Series(pd.NA, index=rows.index, dtype="str")
    return pd.DataFrame(rows[_COLUMNS].reset_index(drop=True))


def zones_within(zones: gpd.GeoDataFrame, areas: ZoneAreas, within: Sequence[str]) -> tuple[gpd.GeoDataFrame, str]:
    """Return the zones of some areas, which are named by code or name, and what the areas are called together.

    Raises
    ------
    InputError
        If no zone is in one of them; it names what is nearest in spelling.
    """
    codes, names = areas.rows["code"].str.casefold(), areas.rows["name"].str.casefold()
    chosen: set[str] = set()
    labels = []
    for wanted in within:
        rows = areas.rows[(codes == wanted.casefold()) | (names == wanted.casefold())]
        if rows.empty:
            known = [str(value) for value in pd.concat([areas.rows["name"], areas.rows["code"]]).dropna().unique()]
            near = get_close_matches(wanted, known, 3)
            hint = f"did you mean {' or '.join(near)}?" if near else "add a lookup that has it (`assetmap add`)."
            raise InputError(f"[frame] within: none of {counted(len(zones), 'zone')} is in {wanted!r}: {hint}")
        chosen |= set(rows["zone_code"])
        labels.append(str(rows["name"].iloc[0] if pd.notna(rows["name"].iloc[0]) else wanted))
    return zones[zones["zone_code"].isin(chosen)].reset_index(drop=True), ", ".join(labels)
