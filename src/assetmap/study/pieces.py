"""Single pieces of the flow, file to table: for pipes and notebooks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from assetmap.arguments import known_word, require_columns
from assetmap.crs import LONLAT, metric_crs, to_metric
from assetmap.entrances import find_entrances
from assetmap.errors import InputError
from assetmap.joining import MAX_GAP_M, nearest_edges
from assetmap.measures.access import AccessSettings, measure_access, usable_assets
from assetmap.measures.routing import Routing
from assetmap.network import PROFILES, build_network
from assetmap.origins import origins_from_buildings, origins_from_points
from assetmap.plurals import counted
from assetmap.schema import validate_table
from assetmap.sources.columns import find_columns, first_true, read_numbers, take_text
from assetmap.sources.osm import OsmExtract, read_osm
from assetmap.sources.positions import POSITION_COLUMNS, Placing, place_rows
from assetmap.sources.tables import is_workbook, read_table
from assetmap.sources.vector import read_vector
from assetmap.tally import Tally
from assetmap.taxonomy import taxonomy

__all__ = ["access_to", "covered_area", "read_assets", "read_boundary", "targets_of", "without_walk"]

_ORIGIN_ID = {"origin_id": ("origin id", "id", "ref", "reference", "uprn", "oa21cd", "lsoa21cd")}


_TABLES = (".csv", ".tsv", ".txt")


def read_boundary(path: Path | str) -> tuple[gpd.GeoSeries, Tally]:
    """Read the outline of a neighbourhood: all polygons of a file as one, in longitude and latitude.

    Returns
    -------
    outline : GeoSeries
        One row.
    tally : Tally
        Shapes that aren't polygons are dropped, broken outlines mended.

    Raises
    ------
    InputError
        If the file holds no polygon.
    """
    shapes, tally = read_vector(path, what="boundary")
    other = ~shapes.geom_type.isin(["Polygon", "MultiPolygon"])
    polygons = tally.drop_where(shapes, other, "not an area", lambda row: f"shape {row}")
    if polygons.empty:
        raise InputError(f"{path} holds no polygon: draw the neighbourhood's outline as an area.")
    return gpd.GeoSeries([polygons.to_crs(LONLAT).union_all()], crs=LONLAT), tally


def covered_area(extract: OsmExtract) -> BaseGeometry:
    """Return the area that OSM data covers, in its metric CRS; what lies on one line or point, 1 m round that."""
    box = shapely.box(*extract.bounds)
    box = shapely.segmentize(box, 0.01) if box.length > 0 else box
    area = gpd.GeoSeries([box], crs=LONLAT).to_crs(extract.crs).iloc[0]
    return area if area.area > 0 else area.buffer(1.0)


def read_assets(
    osm: Path | str | Sequence[Path | str], *, boundary: Path | str | None = None
) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read the assets of OpenStreetMap data.

    Parameters
    ----------
    osm
        One OSM file, or Overpass replies.
    boundary
        A file with an outline; assets that don't touch it are dropped and counted.

    Returns
    -------
    assets : GeoDataFrame
        Table ``assets``, in the metric CRS of the place.
    tally : Tally
        What was read, kept and dropped.
    """
    outline = read_boundary(boundary)[0] if boundary else None
    crs = metric_crs(tuple(outline.total_bounds)) if outline is not None else None
    extract = read_osm(osm, crs=crs)
    if outline is None:
        return extract.assets, extract.tally
    area = outline.to_crs(extract.crs).iloc[0]
    ids = extract.assets["asset_id"]
    kept = extract.tally.drop_where(
        extract.assets, ~extract.assets.intersects(area), "outside the boundary", lambda row: str(ids[row])
    )
    return kept.reset_index(drop=True), extract.tally


def access_to(
    assets: Path | str | gpd.GeoDataFrame,
    *,
    osm: Path | str | Sequence[Path | str],
    origins: Path | str | gpd.GeoDataFrame | None = None,
    profile: str = "standard",
    say: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Measure access to assets over the walking network of OpenStreetMap data.

    Parameters
    ----------
    assets
        An asset table, or a map file of one as `assetmap assets` writes it: GeoPackage, GeoParquet or GeoJSON.
    osm
        One OSM file, or Overpass replies.
    origins
        Points to start from: a table of them, a map file, or a file of a table (CSV, XLSX) with longitude and latitude,
        eastings and northings or grid references; by default the buildings of the OSM data. A column ``origin_id``,
        ``id``, ``ref``, ``uprn``, ``oa21cd`` or ``lsoa21cd`` gives them their names in the answer.
    profile
        ``standard``, ``slow`` or ``step_free``.
    say
        Called with a line for a person: how many origins have no position or no walk, and why.

    Returns
    -------
    DataFrame
        Table ``access``.

    Raises
    ------
    UsageError
        If the profile isn't known, or what is given is neither a table nor a file.
    InputError
        If the assets are a table without shapes, the file of origins holds no point to start from, or two of them have
        one id.
    """
    walker = PROFILES[known_word(profile, PROFILES, "the profile")]
    extract = read_osm(osm)
    if isinstance(assets, gpd.GeoDataFrame):
        table, told = to_metric(assets, extract.crs, what="the assets"), None
    else:
        table, told = _read_asset_shapes(Path(assets)).to_crs(extract.crs), str(assets)
    table = usable_assets(validate_table(table, "assets", what=told))
    extent = covered_area(extract)
    if origins is not None:
        starts = _starts(origins, extract.crs, say)
    else:
        row = {"zone_code": ["all"], "name": [None], "vintage": ["own"], "population": [np.nan]}
        starts = origins_from_buildings(gpd.GeoDataFrame(row, geometry=[extent], crs=extract.crs), extract.buildings)
    network = build_network(extract.walk)
    routing = Routing(network, find_entrances(table, extract.entrances, network))
    measured = measure_access(
        starts,
        table,
        targets=targets_of(table),
        routing=routing,
        settings=AccessSettings(walker),
        coverage=extent,
    )
    for line in without_walk(starts, measured, table, routing):
        say(line)
    return measured


def _read_asset_shapes(path: Path) -> gpd.GeoDataFrame:
    """Read an asset table with its shapes; one without them would measure a park from its middle."""
    if _is_table(path):
        raise InputError(
            f"{path} is a table without shapes, and a park is entered at its edge: write the assets as .gpkg, .parquet "
            "or .geojson (`assetmap assets --out`) and give that."
        )
    return read_vector(path, what="asset table")[0]


def _starts(origins: Path | str | gpd.GeoDataFrame, crs: CRS, say: Callable[[str], None]) -> gpd.GeoDataFrame:
    """Return table ``origins`` of points that are given or read; rows of a file that can't be used are said."""
    if isinstance(origins, gpd.GeoDataFrame):
        points, what, tally = (
            to_metric(origins, crs, what="the origins").rename_geometry("geometry"),
            "the origins",
            None,
        )
    else:
        points, tally = _read_points(Path(origins), crs)
        what = Path(origins).name
    told = tally.summary() if tally else what
    if points.empty:
        raise InputError(f"{told}: there is no origin to start from. Give points.")
    if tally and tally.dropped:
        say(told)
    return origins_from_points(_as_starts(points, what).to_crs(crs))


def _read_points(path: Path, crs: CRS) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read points of a map file, in its CRS, or of a table, in the one given."""
    if not _is_table(path):
        return read_vector(path, what="origins")
    tally = Tally(path.name)
    table = read_table(path, tally=tally)
    found = find_columns(table.columns, POSITION_COLUMNS, what=path.name)
    return place_rows(table, found, Placing(crs, path.name, tally=tally)), tally


def _is_table(path: Path) -> bool:
    """Whether a file is a table of text, by its name, or a workbook; a broken one of any other name is no map file."""
    return path.is_file() and (path.suffix.casefold() in _TABLES or is_workbook(path))


def _as_starts(points: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    """Return origins with their own ids, and people as numbers; their zones are nothing to this measure."""
    points = _with_own_ids(points.drop(columns="zone_code", errors="ignore"), what)
    if "people" not in points.columns:
        return points
    people = read_numbers(points["people"])
    wrong = people.isna() & points["people"].notna()
    if wrong.any():
        raise InputError(
            f"{what}: {counted(int(wrong.sum()), 'value')} of people can't be read as a number (first: row "
            f"{first_true(wrong)}): correct the column, or call it something else."
        )
    return points.assign(people=people)


def _with_own_ids(points: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    """Give origins the ids that their file has for them, if it has any, as ``origin_id``."""
    column = find_columns(points.columns.drop("geometry"), _ORIGIN_ID, what=what).get("origin_id")
    if column is None:
        return points
    ids = take_text(points, column)
    without, twice = ids.isna(), ids.duplicated(keep=False) & ids.notna()
    if without.any() or twice.any():
        parts = [f"{int(without.sum())} without one (first: row {first_true(without)})"] if without.any() else []
        parts += [f"{int(twice.sum())} share one (first: {ids[twice].iloc[0]})"] if twice.any() else []
        raise InputError(
            f"{what}: of {counted(len(ids), 'origin')}' ids in column {column!r}, {', '.join(parts)}: "
            "give each its own, "
            "or call the column something else."
        )
    return points.assign(origin_id=ids)


def without_walk(
    origins: gpd.GeoDataFrame, measured: pd.DataFrame, places: gpd.GeoDataFrame, routing: Routing
) -> list[str]:
    """Say how many origins have no walk, too far from every way or cut off, and to how many places none leads.

    Parameters
    ----------
    origins, places
        Tables ``origins`` and ``assets``.
    measured
        Table ``access`` between them.
    routing
        The network, and the entrances of the places.
    """
    doors = routing.entrances
    starts, ends = (
        nearest_edges(routing.network, shapely.get_coordinates(frame.geometry.to_numpy())).point
        for frame in (origins, doors)
    )
    far = np.ones(len(origins), dtype=bool)
    far[starts] = False
    somewhere = measured.loc[measured["walk_m"].notna(), "origin_id"].unique()
    cut_off = ~origins["origin_id"].isin(somewhere).to_numpy() & ~far
    apart = len(places) - doors["asset"].iloc[ends].nunique()
    off, of = f"lie more than {MAX_GAP_M:.0f} m from every way", f"of {counted(len(origins), 'origin')}"
    told = (
        (far.sum(), f"{of} {off}: they have no walk."),
        (cut_off.sum(), f"{of} are on the network and reach nothing on foot: they have no walk."),
        (apart, f"of {counted(len(places), 'place')} {off}: no walk leads there."),
    )
    return [f"{count:,} {words}" for count, words in told if count]


def targets_of(assets: gpd.GeoDataFrame) -> dict[str, tuple[str, ...]]:
    """Return what access is measured to: every category and every group of which there is an asset."""
    require_columns(assets, ("category",), "the assets")
    present = set(assets["category"])
    rules = taxonomy()
    names = [c for c in rules.categories if c in present]
    names += [g for g in rules.groups if present & set(rules.members(g))]
    return {name: rules.members(name) for name in names}
