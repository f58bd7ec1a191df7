"""Where the rows of a table lie: from degrees, metres, grid references or postcodes, into the study's CRS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import uk_postcodes_parsing
from osbng.bng_reference import BNGReference
from osbng.errors import BNGReferenceError
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from assetmap.crs import BRITISH_GRID, LONLAT, check_lonlat, transformer_between
from assetmap.errors import CRSError, InputError
from assetmap.sources.area_of_use import Bounds, misplaced
from assetmap.sources.columns import read_numbers, take_text
from assetmap.tally import Tally

__all__ = [
    "POSITION_COLUMNS",
    "Placing",
    "compact_postcode",
    "locate_rows",
    "parse_grid_reference",
    "place_rows",
]

Array = np.ndarray[Any, np.dtype[Any]]

POSITION_COLUMNS: dict[str, tuple[str, ...]] = {
    "lon": ("longitude", "lon", "long", "lng", "geo longitude", "location longitude", "wgs84 longitude"),
    "lat": ("latitude", "lat", "geo latitude", "location latitude", "wgs84 latitude"),
    "easting": ("easting", "eastings", "os easting", "geo easting", "bng e", "oseast1m", "x coordinate"),
    "northing": ("northing", "northings", "os northing", "geo northing", "bng n", "osnrth1m", "y coordinate"),
    "x": ("x", "coord x", "coordinate x", "point x", "xcoord"),
    "y": ("y", "coord y", "coordinate y", "point y", "ycoord"),
    "grid_ref": (
        "grid ref",
        "grid reference",
        "gridref",
        "gridreference",
        "os grid ref",
        "os grid reference",
        "osgr",
        "ngr",
        "national grid reference",
    ),
    "postcode": ("postcode", "post code", "postal code", "pcds", "pcd", "postcode 1"),
}
"""Field -> the folded headers it goes by."""
_DISAGREE_M = 100.0
_SAME_M = 5.0
_AIRY_DEGREES = CRS.from_epsg(4277)  # OSGB36 in degrees, which British lists hold now and then, unsaid


@dataclass(frozen=True)
class Placing:
    """How the rows of one file are to be placed."""

    crs: CRS
    """The study's metric CRS."""
    what: str
    """What was read, for messages."""
    source_crs: Any = None
    """The CRS of the x and y (or lon and lat) columns, where the user says so."""
    postcodes: pd.DataFrame | None = None
    """Columns x, y in `crs`, indexed by compact postcode; see `postcodes.read_postcodes`."""
    near: Bounds | None = None
    """A lon/lat box that the data should touch."""
    tally: Tally = field(default_factory=lambda: Tally("table"))
    """Is told of rows whose two positions disagree."""


def parse_grid_reference(text: str) -> tuple[float, float, int] | None:
    """Return the middle of a British grid square and the square's side, in metres, or None.

    Examples
    --------
    >>> parse_grid_reference("tq369833")
    (536950.0, 183350.0, 100)
    """
    try:
        square = BNGReference("".join(str(text).split()).upper())
        x, y = square.bng_to_xy(position="centre")
    except (BNGReferenceError, ValueError, TypeError):
        return None
    return float(x), float(y), int(square.resolution_metres)


def compact_postcode(text: str) -> str | None:
    """Return a British postcode in capitals without its space, or None where it isn't one.

    Examples
    --------
    >>> compact_postcode(" e3 5sj"), compact_postcode("Old Ford")
    ('E35SJ', None)
    """
    found = uk_postcodes_parsing.parse(str(text))
    return None if found is None else str(found.postcode).replace(" ", "")


def locate_rows(frame: pd.DataFrame, found: Mapping[str, str], placing: Placing) -> tuple[gpd.GeoSeries, pd.Series]:
    """Place each row by the first of its columns that says where it is.

    Metres (easting and northing) go before degrees where they are the study's own CRS, and after them
    elsewhere; then grid references to 100 m or finer, then postcodes.

    Parameters
    ----------
    frame
        A table of text.
    found
        Field of `POSITION_COLUMNS` -> header.
    placing
        How to place.

    Returns
    -------
    points : GeoSeries
        In the study's CRS, missing where there is no position.
    reason : Series of str
        Why a row has no position, missing where it has one.

    Raises
    ------
    InputError
        If no column says where the rows are.
    CRSError
        If the coordinates can't be degrees, or their axes look exchanged.
    """
    ways = _ways_to_place(frame, found, placing)
    if not ways:
        raise InputError(
            f"{placing.what} has no column that says where its rows are: it needs longitude and latitude, "
            "easting and northing, a grid reference, or a postcode with a postcode table. "
            f"It has {', '.join(map(str, frame.columns[:20]))}."
        )
    place = np.full((len(frame), 2), np.nan)
    reason = np.full(len(frame), "no coordinates", dtype=object)
    for position, why in ways:
        open_rows = np.isnan(place[:, 0])
        place[open_rows] = position[open_rows]
        told = open_rows & np.array([text is not None for text in why], dtype=bool)
        reason[told & (reason == "no coordinates")] = why[told & (reason == "no coordinates")]
    _tell_disagreement(frame, found, ways, placing)
    missing = np.isnan(place[:, 0])
    points = np.full(len(frame), None, dtype=object)
    points[~missing] = shapely.points(place[~missing])
    return (
        gpd.GeoSeries(points, index=frame.index, crs=placing.crs),
        pd.Series(reason, index=frame.index, dtype="str").where(missing),
    )


def place_rows(table: pd.DataFrame, found: Mapping[str, str], placing: Placing) -> gpd.GeoDataFrame:
    """Give each row of a table its point, as `locate_rows` finds it; rows without one are dropped and counted.

    Parameters
    ----------
    table
        A table of text.
    found
        Field of `POSITION_COLUMNS` -> header.
    placing
        How to place; its tally is told of what is dropped.

    Returns
    -------
    GeoDataFrame
        The rows with a point, in the study's CRS.

    Raises
    ------
    InputError
        If there are no rows, no column says where they are, or not one could be placed.
    CRSError
        As `locate_rows`.
    """
    if table.empty:
        raise InputError(f"{placing.what} has a header and no rows: get the list again.")
    points, why = locate_rows(table, found, placing)
    for reason, rows in why.dropna().groupby(why.dropna()):
        placing.tally.drop(str(reason), [f"row {row}" for row in rows.index])
    if why.notna().all():
        raise InputError(
            f"{placing.tally.summary()}: not one row could be placed. Check its coordinates, or give a postcode table."
        )
    return gpd.GeoDataFrame(table, geometry=points, crs=placing.crs)[why.isna()]


Way = tuple[Array, Array]


def _ways_to_place(frame: pd.DataFrame, found: Mapping[str, str], placing: Placing) -> list[Way]:
    degrees = metres = None
    if {"lon", "lat"} <= found.keys():
        degrees = _from_pair(frame, found["lon"], found["lat"], placing, LONLAT)
    if {"easting", "northing"} <= found.keys():
        metres = _from_pair(frame, found["easting"], found["northing"], placing, BRITISH_GRID)
    first = (metres, degrees) if placing.crs == BRITISH_GRID else (degrees, metres)
    ways = [way for way in first if way is not None]
    if {"x", "y"} <= found.keys() and not ways:
        ways.append(_from_pair(frame, found["x"], found["y"], placing, None))
    if "grid_ref" in found:
        ways.append(_from_grid_reference(take_text(frame, found["grid_ref"]), placing.crs))
    if "postcode" in found and placing.postcodes is not None:
        ways.append(_from_postcode(take_text(frame, found["postcode"]), placing.postcodes))
    return ways


def _from_pair(frame: pd.DataFrame, x_column: str, y_column: str, placing: Placing, given: CRS | None) -> Way:
    """Read two columns of numbers; `given` is the CRS that the columns' names speak for."""
    x = read_numbers(frame[x_column], decimal_comma=given == LONLAT).to_numpy(copy=True)
    y = read_numbers(frame[y_column], decimal_comma=given == LONLAT).to_numpy(copy=True)
    why = np.full(len(frame), None, dtype=object)
    why[(frame[x_column].notna() & frame[y_column].notna()).to_numpy() & ~np.isfinite(x + y)] = (
        "coordinates are not numbers"
    )
    zero = (x == 0) & (y == 0)
    why[zero] = "coordinates are 0, 0"
    x[zero | ~np.isfinite(x + y)] = np.nan
    y[np.isnan(x)] = np.nan
    crs = _crs_of_pair(x, y, placing, given)
    if crs.is_geographic:
        _check_degrees(x, y, placing)
    onto_lonlat = transformer_between(crs, LONLAT)
    lon, lat = (x, y) if crs.is_geographic else onto_lonlat.transform(x, y)
    exchanged, outside = misplaced(np.column_stack([lon, lat, lon, lat]), placing.crs, placing.near)
    given_rows = ~np.isnan(x)
    why[given_rows & outside] = f"outside the area of {placing.crs.name}"
    why[given_rows & exchanged] = "longitude and latitude exchanged"
    good = given_rows & ~outside & ~exchanged
    place = np.full((len(frame), 2), np.nan)
    onto = transformer_between(crs, placing.crs)
    place[good] = np.column_stack(onto.transform(x[good], y[good]) if crs != placing.crs else (x[good], y[good]))
    return place, why


def _crs_of_pair(x: Array, y: Array, placing: Placing, given: CRS | None) -> CRS:
    if placing.source_crs is not None and given in {LONLAT, None}:
        try:
            return CRS.from_user_input(placing.source_crs)
        except ProjError as error:
            raise CRSError(f"{placing.source_crs!r} is not a reference system: write it like EPSG:27700.") from error
    if given is not None:
        return given
    if not np.isfinite(x).any() or (np.nanmax(np.abs(x)) <= 180 and np.nanmax(np.abs(y)) <= 90):
        return LONLAT
    if placing.crs == BRITISH_GRID and np.nanmin(x) >= 0 and np.nanmax(x) <= 7e5 and np.nanmax(y) <= 1.3e6:
        return BRITISH_GRID
    raise CRSError(
        f"{placing.what}: its columns x and y are not degrees and not British grid metres: give longitude "
        "and latitude, or say what they are (crs in a list's [[lists]] entry)."
    )


def _check_degrees(x: Array, y: Array, placing: Placing) -> None:
    """Raise if most rows are off the Earth or look exchanged; single ones are dropped later."""
    rows = np.isfinite(x)
    if not rows.any():
        return
    on_earth = rows & (np.abs(x) <= 180) & (np.abs(y) <= 90)
    if on_earth.sum() >= rows.sum() / 2:
        rows = on_earth
    box = (float(x[rows].min()), float(y[rows].min()), float(x[rows].max()), float(y[rows].max()))
    check_lonlat(box, placing.what, near=placing.near)


def _from_grid_reference(text: pd.Series, crs: CRS) -> Way:
    place = np.full((len(text), 2), np.nan)
    why = np.full(len(text), None, dtype=object)
    for row, words in enumerate(text):
        if pd.isna(words):
            continue
        parsed = parse_grid_reference(words)
        if parsed is None:
            why[row] = "grid reference not understood"
        elif parsed[2] > 100:
            why[row] = "grid reference coarser than 100 m"
        else:
            place[row] = parsed[:2]
    if crs != BRITISH_GRID:
        onto = transformer_between(BRITISH_GRID, crs)
        good = ~np.isnan(place[:, 0])
        place[good] = np.column_stack(onto.transform(place[good, 0], place[good, 1]))
    return place, why


def _from_postcode(text: pd.Series, postcodes: pd.DataFrame) -> Way:
    keys = [None if pd.isna(words) else compact_postcode(words) for words in text]
    place = postcodes[["x", "y"]].reindex(pd.Index(keys, dtype="str")).to_numpy(dtype="float64", copy=True)
    why = np.full(len(text), None, dtype=object)
    for row, (words, key) in enumerate(zip(text, keys, strict=True)):
        if not pd.isna(words) and np.isnan(place[row, 0]):
            why[row] = "postcode not understood" if key is None else "postcode not in the postcode table"
    return place, why


def _tell_disagreement(frame: pd.DataFrame, found: Mapping[str, str], ways: list[Way], placing: Placing) -> None:
    """Count rows whose degrees and metres disagree, and those whose degrees are on the older datum."""
    if not {"lon", "lat", "easting", "northing"} <= found.keys():
        return
    apart = np.hypot(*(ways[0][0] - ways[1][0]).T) > _DISAGREE_M
    if not apart.any():
        return
    x, y = (read_numbers(frame[found[f]]).to_numpy() for f in ("easting", "northing"))
    lon, lat = (read_numbers(frame[found[f]], decimal_comma=True).to_numpy() for f in ("lon", "lat"))
    airy = transformer_between(_AIRY_DEGREES, BRITISH_GRID).transform(lon, lat)
    older = apart & (np.hypot(airy[0] - x, airy[1] - y) < _SAME_M)
    taken = "easting and northing" if placing.crs == BRITISH_GRID else "longitude and latitude"
    placing.tally.repair(f"degrees are OSGB36's, not WGS 84's (over 100 m off), {taken} taken", int(older.sum()))
    placing.tally.repair(f"two positions over 100 m apart, {taken} taken", int((apart & ~older).sum()))
