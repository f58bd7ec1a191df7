"""Which ward, local authority or health area each zone is in: from lookup tables, or from maps of those areas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.boundaries import LAST_LSOA11, read_zones, vintage_of_header
from assetmap.sources.columns import fold_header, take_text
from assetmap.sources.population import ZONE_CODE_HEADERS
from assetmap.sources.tables import is_workbook, read_table
from assetmap.sources.vector import sniff_vector
from assetmap.tally import Tally

__all__ = [
    "AREA_LEVELS",
    "AreaLookup",
    "areas_by_ground",
    "areas_to_lsoa21",
    "level_of_codes",
    "lookup_rows",
    "read_area_lookup",
]

AREA_LEVELS: dict[str, tuple[str, ...]] = {
    "msoa": ("E02", "W02"),
    "ward": ("E05", "W05"),
    "local_authority": ("E06", "E07", "E08", "E09", "W06"),
    "county": ("E10",),
    "region": ("E12",),
    "sub_icb": ("E38",),
    "icb": ("E54",),
    "health_board": ("W11",),
}
"""Kind of area -> how the codes of the Office for National Statistics for it begin."""
_LEVEL_OF = {start: level for level, starts in AREA_LEVELS.items() for start in starts}
_OWN_LEVEL = "area"
_MOSTLY = 0.9


@dataclass(frozen=True)
class AreaLookup:
    """One lookup: rows of zones and their areas, or areas with shapes that zones are held against.

    Parameters
    ----------
    areas
        Of a table ``zone_code``, ``level`` (a key of `AREA_LEVELS`, or ``area``), ``code``, ``name``; of a map a
        GeoDataFrame with ``level``, ``code``, ``name`` and geometry, in the CRS asked for.
    zone_vintage
        ``lsoa11``, ``lsoa21`` or another vintage of the rows' zones; empty for a map.
    """

    areas: pd.DataFrame
    zone_vintage: str
    tally: Tally


def level_of_codes(codes: pd.Series) -> str:
    """Return the kind of area that nine in ten of some codes are of, or an empty text.

    Examples
    --------
    >>> level_of_codes(pd.Series(["E09000030", "E06000062"])), level_of_codes(pd.Series(["A", "B"]))
    ('local_authority', '')
    """
    known = codes.dropna()
    levels = known.where(known.str.fullmatch(r"[EW]\d{8}").fillna(False)).str[:3].map(_LEVEL_OF)
    counts = levels.value_counts()
    enough = len(known) > 0 and len(counts) > 0 and counts.sum() >= _MOSTLY * len(known)
    return str(counts.index[0]) if enough else ""


def read_area_lookup(path: Path | str, *, crs: CRS, level: str | None = None, near: Bounds | None = None) -> AreaLookup:
    """Read a lookup of zones to larger areas, or a map of larger areas.

    Parameters
    ----------
    path
        CSV or XLSX with a column of zone codes and one or more of area codes, as the ONS publishes them, or a map
        file of areas with codes.
    crs
        The study's metric CRS, for a map.
    level
        What the areas of a map are, where their codes don't say.
    near
        A lon/lat box that a map's areas should touch.

    Raises
    ------
    InputError
        If a table has no such columns, or a map no codes.
    """
    path = Path(path)
    if is_workbook(path) or sniff_vector(path) is None:
        tally = Tally(path.name)
        rows, vintage = lookup_rows(read_table(path, tally=tally), path.name)
        return AreaLookup(rows, vintage, tally)
    zones, tally = read_zones(path, crs=crs, near=near)
    found = level or level_of_codes(zones["zone_code"]) or _OWN_LEVEL
    shapes = zones.rename(columns={"zone_code": "code"})[["code", "name", "geometry"]].assign(level=found)
    return AreaLookup(shapes, "", tally)


def lookup_rows(table: pd.DataFrame, what: str) -> tuple[pd.DataFrame, str]:
    """Return a lookup table's rows, one for each zone and area, and the vintage of its zones.

    Raises
    ------
    InputError
        If no column holds zone codes, or none codes of areas.
    """
    headers = {fold_header(header): str(header) for header in table.columns}
    likely = (headers[name] for name in ZONE_CODE_HEADERS if name in headers)
    zone = next((header for header in likely if _has_zones(table, header)), "")
    parts = []
    if zone:
        zone_codes = take_text(table, zone)
        for folded, header in headers.items():
            codes = take_text(table, header)
            if header != zone and level_of_codes(codes):
                names = take_text(table, _name_column(folded, headers))
                levels = codes.str[:3].map(_LEVEL_OF)
                part = pd.DataFrame({"zone_code": zone_codes, "level": levels, "code": codes, "name": names})
                parts.append(part.dropna(subset=["zone_code", "level", "code"]))
    if not parts:
        raise InputError(
            f"{what} is no lookup of zones to areas: it needs a column of zone codes (such as LSOA21CD) and one of "
            f"area codes (such as LAD24CD). It has {', '.join(map(str, table.columns[:12]))}."
        )
    rows = pd.concat(parts, ignore_index=True).drop_duplicates(["zone_code", "level"], ignore_index=True)
    return rows, _vintage(zone, rows["zone_code"])


def _has_zones(table: pd.DataFrame, header: str) -> bool:
    codes = take_text(table, header).dropna()
    return bool(len(codes)) and bool(codes.str.fullmatch(r"[EW]0[01]\d{6}").mean() >= _MOSTLY)


def _name_column(code: str, headers: dict[str, str]) -> str | None:
    """Return the column that names what a column of codes has."""
    guesses = (re.sub(r"cd$", "nm", code), re.sub(r" ?code$", "", code), re.sub(r"code$", "name", code))
    return next((headers[guess] for guess in guesses if guess != code and guess in headers), None)


def _vintage(header: str, codes: pd.Series) -> str:
    told = vintage_of_header(header)
    if told != "own":
        return told
    return "lsoa21" if (codes[codes.str.startswith("E01")] > LAST_LSOA11).any() else "lsoa11"


def areas_to_lsoa21(rows: pd.DataFrame, lookup: pd.DataFrame) -> pd.DataFrame:
    """Put a lookup of LSOA 2011 on LSOA 2021, by the ONS lookup between the two.

    A zone of 2021 that was made of several of 2011 is in an area only if all of them are.

    Parameters
    ----------
    rows
        As in `AreaLookup`, on LSOA 2011.
    lookup
        Columns lsoa11cd, lsoa21cd; see `boundaries.read_lookup`.

    Examples
    --------
    >>> rows = pd.DataFrame({"zone_code": ["A", "B"], "level": "ward", "code": ["W1", "W2"], "name": ["x", "y"]})
    >>> lookup = pd.DataFrame({"lsoa11cd": ["A", "A", "B"], "lsoa21cd": ["A1", "A2", "A2"]})
    >>> areas_to_lsoa21(rows, lookup)["zone_code"].tolist()
    ['A1']
    """
    joined = lookup[["lsoa11cd", "lsoa21cd"]].merge(rows, left_on="lsoa11cd", right_on="zone_code", how="left")
    agreed = joined.groupby(["lsoa21cd", "level"])["code"].transform("nunique") == 1
    parents = lookup.groupby("lsoa21cd")["lsoa11cd"].nunique()
    whole = joined.groupby(["lsoa21cd", "level"])["lsoa11cd"].transform("nunique") == joined["lsoa21cd"].map(parents)
    kept = joined[agreed & whole].drop_duplicates(["lsoa21cd", "level"])
    return kept.assign(zone_code=kept["lsoa21cd"])[["zone_code", "level", "code", "name"]].reset_index(drop=True)


def areas_by_ground(zones: gpd.GeoDataFrame, shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the area in which most of each zone's ground lies.

    Parameters
    ----------
    zones
        Table ``zones``, metric CRS.
    shapes
        ``level``, ``code``, ``name`` and geometry, same CRS; areas of one level that don't overlap.

    Returns
    -------
    DataFrame
        ``zone_code``, ``level``, ``code``, ``name``, ``share_inside`` (of its ground, 0.5 to 1); a zone that lies in
        none, or mostly in none, has no row.

    Examples
    --------
    >>> squares = [shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)]
    >>> zones = gpd.GeoDataFrame({"zone_code": ["A"]}, geometry=[shapely.box(30, 0, 130, 100)], crs=27700)
    >>> wards = gpd.GeoDataFrame({"level": "ward", "code": ["W1", "W2"], "name": None}, geometry=squares, crs=27700)
    >>> areas_by_ground(zones, wards)[["code", "share_inside"]].values.tolist()
    [['W1', 0.7]]
    """
    one, other = shapely.STRtree(shapes.geometry.to_numpy()).query(zones.geometry.to_numpy(), predicate="intersects")
    ground = zones.geometry.to_numpy()
    shared = shapely.area(shapely.intersection(ground[one], shapes.geometry.to_numpy()[other]))
    pairs = pd.DataFrame({"zone": one, "area": other, "share": shared / shapely.area(ground)[one]})
    best = pairs.sort_values(["zone", "share", "area"], ascending=[True, False, True]).drop_duplicates("zone")
    best = best[best["share"] >= 0.5 - 1e-9]
    found = shapes.iloc[best["area"]][["level", "code", "name"]].reset_index(drop=True)
    found.insert(0, "zone_code", zones["zone_code"].to_numpy()[best["zone"]])
    return pd.DataFrame(found).assign(share_inside=best["share"].to_numpy())
