"""Zones: census areas of 2011 and 2021, wards and own areas; and the lookup between the two censuses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from assetmap.crs import metric_crs
from assetmap.errors import InputError
from assetmap.places import LSOA_CODE
from assetmap.schema import ZONE_CODE, ZONES, validate_table
from assetmap.sources.area_of_use import Bounds, lonlat_bounds
from assetmap.sources.columns import find_columns, first_true, read_numbers, take_text
from assetmap.sources.shapes import project_shapes, split_collections
from assetmap.sources.tables import read_table
from assetmap.sources.vector import read_vector
from assetmap.tally import Tally

__all__ = [
    "LAST_LSOA11",
    "LOOKUP_COLUMNS",
    "ZONE_COLUMNS",
    "check_vintage",
    "read_lookup",
    "read_zones",
    "vintage_of_header",
    "zone_overlaps",
]

ZONE_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": (
        "lsoa21cd",
        "lsoa11cd",
        "oa21cd",
        "oa11cd",
        "lsoa21 code",
        "lsoa11 code",
        "lsoa code 2021",
        "lsoa code 2011",
        "lsoa 2021",
        "lsoa 2011",
        "lsoa code",
        "geo code",
        *(f"wd{year}cd" for year in range(26, 10, -1)),
        "wd cd",
        "ward code",
        "gss code",
        *(f"msoa{year}cd" for year in (21, 11)),
        *(f"lad{year}cd" for year in range(26, 10, -1)),
        *(f"sicbl{year}cd" for year in range(26, 20, -1)),
        "zone code",
        "area code",
        "code",
        "zone",
        "id",
    ),
    "name": (
        "lsoa21nm",
        "lsoa11nm",
        *(f"wd{year}nm" for year in range(26, 10, -1)),
        *(f"msoa{year}nm" for year in (21, 11)),
        *(f"lad{year}nm" for year in range(26, 10, -1)),
        *(f"sicbl{year}nm" for year in range(26, 20, -1)),
        "lsoa name",
        "ward name",
        "zone name",
        "area name",
        "name",
    ),
    "population": ("population", "pop2021", "pop", "usual residents", "usualres", "all usual residents"),
}
"""Field -> the folded headers it goes by."""
LOOKUP_COLUMNS: dict[str, tuple[str, ...]] = {
    "lsoa11cd": ("lsoa11cd", "f lsoa11cd", "lsoa code 2011"),
    "lsoa21cd": ("lsoa21cd", "lsoa code 2021"),
    "chgind": ("chgind", "chngind", "change indicator"),
}
"""Field -> the folded headers it goes by."""
LAST_LSOA11 = "E01033768"
"""The last English code of the census of 2011: higher ones came with that of 2021."""
_OVERLAP_M2 = 1.0  # boundaries that were drawn apart overlap by slivers; less than this is rounding


def vintage_of_header(header: str, codes: Iterable[str] = ()) -> str:
    """Return ``lsoa11``, ``lsoa21``, ``oa11``, ``oa21``, ``ward`` or ``own`` from a code column's name and codes.

    Examples
    --------
    >>> vintage_of_header("LSOA21CD"), vintage_of_header("WD13CD"), vintage_of_header("id", ["A", "B"])
    ('lsoa21', 'ward', 'own')
    """
    words = re.sub(r"[\W_]+", "", header.casefold())
    if found := re.match(r"(lsoa|oa)(?:code|cd)?(?:20)?(11|21)", words):
        return f"{found[1]}{found[2]}"
    if re.match(r"(wd\d{0,2}cd|wardcode)", words):
        return "ward"
    codes = list(codes)
    if codes and all(re.fullmatch(r"[EW]05\d{6}", code) for code in codes):
        return "ward"
    if codes and all(re.fullmatch(r"E01\d{6}", code) for code in codes) and max(codes) > LAST_LSOA11:
        return "lsoa21"
    return "own"


def read_zones(
    path: Path | str,
    *,
    crs: CRS | None = None,
    code: str | None = None,
    name: str | None = None,
    near: Bounds | None = None,
    layer: str | None = None,
    source_crs: CRS | str | int | None = None,
) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read zones with their codes.

    Parameters
    ----------
    path
        A map file of areas.
    crs
        The metric CRS to give them in; by default the one for where they are.
    code, name
        The columns of the codes and names, where they aren't the usual ones.
    near
        A lon/lat box that the zones should touch, to tell exchanged axes by.
    layer
        The file's layer.
    source_crs
        The reference system of the coordinates, where the file doesn't say or is wrong.

    Returns
    -------
    GeoDataFrame
        The zone table, in the file's order; `vintage` comes from the code column's name; `population` is NaN
        unless the file has one.
    Tally
        Rows that aren't areas or have no code are dropped; overlaps are measured and said under repaired.

    Raises
    ------
    InputError
        If no column holds codes, or a code is there twice.
    """
    path = Path(path)
    frame, tally = read_vector(path, layer=layer, what="zones", near=near, source_crs=source_crs)
    if frame.empty:
        raise InputError(f"{tally.summary()}: not one area could be used. Get the zones again.")
    if crs is None:
        boxes = lonlat_bounds(frame)
        crs = metric_crs((*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()))
    frame = project_shapes(frame, CRS.from_user_input(crs), tally=tally, near=near)
    frame = split_collections(frame, 2)
    frame = tally.drop_where(frame, frame.geometry.is_empty, "not an area", lambda row: f"row {row}")
    chosen = {field: header for field, header in (("code", code), ("name", name)) if header is not None}
    found = find_columns(frame.columns.drop("geometry"), ZONE_COLUMNS, mapping=chosen, what=path.name)
    if "code" not in found:
        raise InputError(
            f"{path.name} has no column of zone codes: name it (code). It has "
            f"{', '.join(frame.columns.drop('geometry')[:20]) or 'no columns'}."
        )
    codes = take_text(frame, found["code"])
    bad = ~codes.str.fullmatch(ZONE_CODE.strip("^$")).fillna(False).astype(bool)
    frame = tally.drop_where(frame, bad, "no zone code", lambda row: f"row {row}")
    codes = codes[frame.index]
    _check_codes(frame, codes, found["code"], path.name)
    among, area_m2 = zone_overlaps(frame)
    tally.repair(f"zones that overlap, {area_m2:,.0f} m² in all, kept as they are", among)
    return validate_table(_as_zones(frame, codes, found, path.name), "zones", what=path.name), tally


def _check_codes(frame: gpd.GeoDataFrame, codes: pd.Series, column: str, what: str) -> None:
    if frame.empty:
        raise InputError(f"{what} has no area with a code in column {column}: give a file of zones.")
    twice = codes[codes.duplicated()]
    if len(twice):
        raise InputError(
            f"{what}: {len(twice)} code(s) of column {column} are there twice (first: {twice.iloc[0]}, row "
            f"{twice.index[0]}): keep one area for each, or name another column (code)."
        )


def _as_zones(frame: gpd.GeoDataFrame, codes: pd.Series, found: dict[str, str], what: str) -> gpd.GeoDataFrame:
    people = pd.Series(np.nan, index=frame.index)
    if "population" in found:
        people = read_numbers(frame[found["population"]])
        wrong = (people < 0) | (people.isna() & frame[found["population"]].notna())
        if wrong.any():
            raise InputError(
                f"{what}: {int(wrong.sum())} value(s) of {found['population']} are no numbers of people (first: "
                f"row {first_true(wrong)}): correct them."
            )
    values = {
        "zone_code": codes,
        "name": take_text(frame, found.get("name")),
        "vintage": pd.Series(vintage_of_header(found["code"], codes), index=frame.index),
        "population": people,
    }
    table = pd.DataFrame({n: pd.Series(values[n], dtype=column.dtype) for n, column in ZONES.items()})
    return gpd.GeoDataFrame(table.reset_index(drop=True), geometry=frame.geometry.to_numpy(), crs=frame.crs)


def zone_overlaps(zones: gpd.GeoDataFrame) -> tuple[int, float]:
    """Return how many zones cover part of one another, and how much in all, m² (metric CRS); slivers don't count."""
    shapes = zones.geometry.to_numpy()
    if shapely.coverage_is_valid(shapes):
        return 0, 0.0
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shared = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    over = shared > _OVERLAP_M2
    return len(np.union1d(left[over], right[over])), float(shared[over].sum())


def read_lookup(path: Path | str) -> pd.DataFrame:
    """Read the ONS lookup from LSOA 2011 to LSOA 2021.

    Returns
    -------
    DataFrame
        Columns lsoa11cd, lsoa21cd, chgind: U unchanged, S split, M merged, X other.

    Raises
    ------
    InputError
        If a column is missing, a code isn't one, or a change is none of U, S, M, X.
    """
    path = Path(path)
    table = read_table(path)
    found = find_columns(table.columns, LOOKUP_COLUMNS, what=path.name)
    missing = [field for field in LOOKUP_COLUMNS if field not in found]
    if missing:
        raise InputError(
            f"{path.name} is not the ONS lookup of LSOA 2011 to 2021: it has no column {', '.join(missing)}."
        )
    lookup = pd.DataFrame({field: take_text(table, found[field]) for field in LOOKUP_COLUMNS})
    right = lookup["chgind"].isin(["U", "S", "M", "X"])
    for column in ("lsoa11cd", "lsoa21cd"):
        right &= lookup[column].str.fullmatch(LSOA_CODE).fillna(False).astype(bool)
    if not right.all():
        raise InputError(
            f"{path.name}: {int((~right).sum())} row(s) hold no two LSOA codes and a change of U, S, M or X (first: "
            f"row {first_true(~right)}): get the lookup again."
        )
    return lookup.drop_duplicates(ignore_index=True)


def check_vintage(codes: Iterable[str], vintage: str, *, what: str, lookup: pd.DataFrame | None = None) -> None:
    """Raise if codes are of another census than the zones they are to be joined to.

    Parameters
    ----------
    codes
        LSOA codes of a table.
    vintage
        ``lsoa11`` or ``lsoa21``: what the zones are.
    what
        The table, for the message.
    lookup
        See `read_lookup`. Without it only codes that the census of 2021 made can be told.

    Raises
    ------
    InputError
        Naming the lookup as the remedy.
    """
    codes = pd.Index(list(codes))
    if vintage not in {"lsoa11", "lsoa21"} or codes.empty:
        return
    if lookup is not None:
        here, there = ("lsoa11cd", "lsoa21cd") if vintage == "lsoa11" else ("lsoa21cd", "lsoa11cd")
        strange = codes[codes.isin(lookup[there]) & ~codes.isin(lookup[here])]
    else:
        strange = codes[codes > LAST_LSOA11] if vintage == "lsoa11" else codes[:0]
    if len(strange):
        other, year = ("2021", "2011") if vintage == "lsoa11" else ("2011", "2021")
        raise InputError(
            f"{what}: {len(strange)} of {len(codes)} codes are LSOAs of {other} (first: {strange[0]}) and the zones "
            f"are those of {year}: bring them together with the ONS lookup of 2011 to 2021 (assetmap fetch), "
            "never by equal codes."
        )
