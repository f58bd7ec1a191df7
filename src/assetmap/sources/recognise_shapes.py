"""What a map file is, by its shapes and columns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import shapely

from assetmap.errors import InputError
from assetmap.plurals import counted
from assetmap.sources.annotations import ANNOTATION_COLUMNS
from assetmap.sources.area_lookups import level_of_codes
from assetmap.sources.boundaries import ZONE_COLUMNS, read_zones, vintage_of_header
from assetmap.sources.columns import find_columns, take_text
from assetmap.sources.green_space import ACCESS_POINT_COLUMNS, GREEN_COLUMNS
from assetmap.sources.lists import LIST_COLUMNS
from assetmap.sources.recognise_tables import describe_annotations, describe_list, says_and_sorts
from assetmap.sources.recognised import Recognised
from assetmap.sources.vector import list_vector_layers, read_vector, sniff_vector
from assetmap.tally import Tally
from assetmap.taxonomy import category_of

__all__ = ["recognise_shapes"]

_LOOSE_CODES = {"id", "code", "zone"}  # column names that much else has too
_OF_RESIDENTS = ("text", "theme", "sentiment", "consent", "contributor", "sheet")


def recognise_shapes(path: Path) -> Recognised:
    """Tell what a map file is.

    Raises
    ------
    InputError
        If it can't be read, or is nothing that assetmap knows.
    """
    official = _recognise_official(path)
    if official is not None:
        return official
    frame, tally = read_vector(path, what="map file", every_layer=True)
    if frame.empty:
        raise InputError(f"{tally.summary()}: not one shape could be used. Get the file again.")
    found = (
        _green_space(path, frame)
        or _access_points(path, frame)
        or _zones(path, frame, strict=True)
        or _annotations(path, frame)
        or _boundary(frame)
        or _list(path, frame)
        or _zones(path, frame, strict=False)
    )
    if found is None:
        raise InputError(
            f"{path} holds {counted(len(frame), 'shape')} that assetmap doesn't know. It looked for areas with "
            "zone codes, OS "
            "Open Greenspace, residents' marks with words, named places and a single area as a boundary. Its "
            f"columns are {', '.join(frame.columns.drop('geometry')[:20]) or 'none'}."
        )
    return _with_tally(found, tally)


def _with_tally(found: Recognised, tally: Tally) -> Recognised:
    if found.kind in ("list", "annotations") or not (tally.dropped or tally.repaired):
        return found  # of lists and marks more may be left out, once they are read as such
    return replace(found, problems=(*found.problems, tally.summary()))


def _dimension_share(frame: gpd.GeoDataFrame, dimension: int) -> float:
    return float((shapely.get_dimensions(frame.geometry.to_numpy()) == dimension).mean())


def _recognise_official(path: Path) -> Recognised | None:
    """Recognise OS's own GeoPackage, which has sites and access points as two layers."""
    layers = [layer.casefold() for layer in list_vector_layers(path)]
    if len(layers) != 2 or not any("site" in layer for layer in layers) or not any("access" in la for la in layers):
        return None
    note = "it holds access points too, which are taken from the same file"
    return Recognised(
        "green_space",
        "OS Open Greenspace, sites and access points",
        problems=(note,),
        published="greenspace",
        suggested={"access_points": path.name},
    )


def _green_space(path: Path, frame: gpd.GeoDataFrame) -> Recognised | None:
    found = find_columns(frame.columns.drop("geometry"), GREEN_COLUMNS, what=path.name)
    if "function" not in found or _dimension_share(frame, 2) < 0.9:
        return None
    functions = take_text(frame, found["function"]).dropna()
    known = functions.map({word: category_of(word) is not None for word in functions.unique()})
    if functions.empty or known.mean() < 0.5:
        return None
    return Recognised("green_space", f"official green space, {len(frame):,} sites", found, published="greenspace")


def _access_points(path: Path, frame: gpd.GeoDataFrame) -> Recognised | None:
    columns = frame.columns.drop("geometry")
    found = find_columns(columns, ACCESS_POINT_COLUMNS, what=path.name)
    telling = {"type", "site"} & found.keys() or (columns.empty and "access" in path.stem.casefold())
    if not telling or _dimension_share(frame, 0) < 0.9:
        return None
    summary = f"{counted(len(frame), 'point')} where green spaces are entered"
    return Recognised("access_points", summary, found, published="greenspace")


def _zones(path: Path, frame: gpd.GeoDataFrame, *, strict: bool) -> Recognised | None:
    found = find_columns(frame.columns.drop("geometry"), ZONE_COLUMNS, what=path.name)
    if "code" not in found or _dimension_share(frame, 2) < 0.9:
        return None
    problems: tuple[str, ...] = ()
    codes, loose = take_text(frame, found["code"]), found["code"].casefold() in _LOOSE_CODES
    if codes.isna().any() or codes.duplicated().any():
        if strict or loose:
            return None
        zones, tally = read_zones(path)  # which says what is wrong with codes that are there twice
        codes, problems = zones["zone_code"], (tally.summary(),)
    elif strict and loose:
        return None
    vintage = vintage_of_header(found["code"], codes)
    published = vintage if vintage in ("lsoa11", "lsoa21") else ""
    level = level_of_codes(codes)
    if level:  # zones of a study that has none, else the larger areas that its zones are in
        summary = f"{counted(len(codes), 'area')} ({level.replace('_', ' ')}), by {found['code']}"
        return Recognised("zones", summary, found, problems, suggested={"level": level})
    return Recognised(
        "zones", f"{counted(len(codes), 'zone')} ({vintage}), by {found['code']}", found, problems, published=published
    )


def _annotations(path: Path, frame: gpd.GeoDataFrame) -> Recognised | None:
    columns = frame.columns.drop("geometry")
    found = find_columns(columns, ANNOTATION_COLUMNS, what=path.name)
    resident = sum(field in found for field in _OF_RESIDENTS)
    drawn = sniff_vector(path) == "kml" or path.suffix.casefold() == ".kmz"
    told = resident >= 2 and bool({"sentiment", "consent", "contributor", "sheet"} & found.keys())
    told |= says_and_sorts(columns, path.name)
    several = columns.empty and len(frame) > 1
    if not (told or drawn or several):
        return None
    named = {field: found[field] for field in found if field != "wkt"}
    return describe_annotations(named, len(frame), doubtful=drawn or several)


def _boundary(frame: gpd.GeoDataFrame) -> Recognised | None:
    if len(frame) != 1 or _dimension_share(frame, 2) < 1:
        return None
    return Recognised("boundary", "one area: the neighbourhood's boundary")


def _list(path: Path, frame: gpd.GeoDataFrame) -> Recognised | None:
    found = find_columns(frame.columns.drop("geometry"), LIST_COLUMNS, what=path.name)
    if "name" not in found or _dimension_share(frame, 1) > 0.1:
        return None
    return describe_list(path, found, len(frame), drawn=True)
