"""OpenStreetMap data as tables: assets, ways in, the ways people walk, buildings, and what a base map draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely
from osmium.filter import KeyFilter
from pyproj import CRS

from assetmap.crs import LONLAT, metric_crs
from assetmap.errors import InputError
from assetmap.schema import Tally, validate_table
from assetmap.sources.osm_input import open_osm, original_id
from assetmap.sources.osm_tags import (
    base_kind,
    blocks_walkers,
    building_use,
    entrance_of,
    levels_of,
    step_free_of,
    walkable,
)
from assetmap.taxonomy import Taxonomy, read_access, taxonomy

__all__ = ["OsmExtract", "WalkWays", "read_osm"]

_KEYS = (
    "amenity", "leisure", "landuse", "natural", "tourism", "social_facility", "healthcare", "building", "highway",
    "waterway", "railway", "barrier", "entrance", "kerb",
)  # fmt: skip


@dataclass(frozen=True)
class WalkWays:
    """The ways that people may walk, with the nodes that join them.

    Parameters
    ----------
    frame
        Table ``walk_ways``: one row a run of nodes, geometry lines in the extract's metric CRS.
    node_refs
        OSM node ids of all runs, one after another; as many as the lines have vertices.
    offsets
        Where each run starts in `node_refs`; one more than there are rows.
    blocked
        Ids of nodes that nobody passes (locked or private gates).
    not_step_free
        Ids of nodes that can't be passed without a step (stiles, raised kerbs).
    """

    frame: gpd.GeoDataFrame
    node_refs: np.ndarray[Any, np.dtype[np.int64]]
    offsets: np.ndarray[Any, np.dtype[np.int64]]
    blocked: frozenset[int]
    not_step_free: frozenset[int]


@dataclass(frozen=True)
class OsmExtract:
    """What one piece of OpenStreetMap data holds for us, in one metric CRS.

    Parameters
    ----------
    assets
        Table ``assets``; zone_code null.
    entrances
        Points: ``node_id``, ``kind`` (gate or entrance), ``step_free`` (yes, no, unknown).
    walk
        The ways that people may walk.
    buildings
        Polygons: ``ref``, ``use`` (home, unspecified, other), ``levels`` (NaN if unknown).
    base
        What a base map draws: ``kind``, ``name``.
    bounds
        West, south, east, north in degrees: the extent the data covers, as the file states it, else
        the box of the middle 98 % of its street vertices.
    crs
        The metric CRS of all of these.
    tally
        Objects that carry an asset's tags: read, kept, dropped by reason.
    """

    assets: gpd.GeoDataFrame
    entrances: gpd.GeoDataFrame
    walk: WalkWays
    buildings: gpd.GeoDataFrame
    base: gpd.GeoDataFrame
    bounds: tuple[float, float, float, float]
    crs: CRS
    tally: Tally


def read_osm(paths: Path | str | Sequence[Path | str], *, crs: CRS | None = None) -> OsmExtract:
    """Read OpenStreetMap data: .osm, .osm.bz2, .osm.pbf, or one or more Overpass JSON replies.

    Multipolygon relations are assembled by libosmium; those whose members are not all in the data
    are dropped and counted. Tags decide by the rules of taxonomy.toml.

    Parameters
    ----------
    paths
        One file, or any number of Overpass replies.
    crs
        Metric CRS of the tables; by default the one that fits the data's extent
        (EPSG:27700 in Britain, else UTM).

    Raises
    ------
    MissingInputError, InputError
        If a file is missing, empty, torn, HTML, or only a part of an answer.
    """
    listed = [Path(p) for p in ([paths] if isinstance(paths, Path | str) else paths)]
    data = open_osm(listed)
    what = listed[0].name if len(listed) == 1 else f"{listed[0].name} and {len(listed) - 1} more"
    collector = _Collector(taxonomy(), what)
    try:
        box = osmium.io.Reader(data, osmium.osm.NOTHING).header().box()
        keys = KeyFilter(*_KEYS)
        for thing in osmium.FileProcessor(data).with_areas(keys).with_filter(keys):
            collector.take(thing)
    except (RuntimeError, ValueError, UnicodeDecodeError, OverflowError) as error:
        raise InputError(f"{what} is not whole OpenStreetMap data ({error}): get the file again.") from error
    collector.finish()
    bounds = None
    if box.valid():
        bounds = (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat)
    return collector.extract(bounds, crs)


class _Collector:
    """Gathers rows while the file streams past; columns become frames once, at the end."""

    def __init__(self, rules: Taxonomy, what: str) -> None:
        self.rules = rules
        self.tally = Tally(what)
        self.wkb = osmium.geom.WKBFactory()
        self.assets: list[tuple[Any, ...]] = []
        self.entrances: list[tuple[Any, ...]] = []
        self.ways: list[tuple[Any, ...]] = []
        self.way_refs: list[list[int]] = []
        self.way_coords: list[list[tuple[float, float]]] = []
        self.buildings: list[tuple[Any, ...]] = []
        self.base: list[tuple[Any, ...]] = []
        self.blocked: set[int] = set()
        self.not_step_free: set[int] = set()
        self.outlined: dict[str, str] = {}  # ways and relations that should come as areas -> why one didn't
        self.assembled: set[str] = set()  # a relation's area comes before the relation itself

    def take(self, thing: Any) -> None:
        tags = dict(thing.tags)
        if thing.is_node():
            self._take_node(thing, tags)
        elif thing.is_way():
            self._take_way(thing, tags)
        elif thing.is_area():
            self._take_area(thing, tags)
        elif self.rules.classify(tags) is not None:
            self.tally.read += 1
            kind = tags.get("type")
            known = kind in ("multipolygon", "boundary")
            self.outlined[f"relation/{original_id(thing.id)}"] = (
                "relation with members outside the data" if known else f"relation of type {kind} has no outline"
            )

    def _take_node(self, node: Any, tags: Mapping[str, str]) -> None:
        if not node.location.valid():
            return
        ref, at = original_id(node.id), (node.location.lon, node.location.lat)
        if (kind := entrance_of(tags)) is not None:
            self.entrances.append((ref, kind, step_free_of(tags), shapely.Point(at)))
        if blocks_walkers(tags):
            self.blocked.add(node.id)
        elif step_free_of(tags) == "no":
            self.not_step_free.add(node.id)
        if self.rules.classify(tags) is not None:
            self.tally.read += 1
            self._add_asset(f"node/{ref}", tags, node.timestamp, shapely.Point(at))

    def _take_way(self, way: Any, tags: Mapping[str, str]) -> None:
        closed = way.is_closed() and len(way.nodes) > 3
        if self.rules.classify(tags) is not None:
            self.tally.read += 1
            self.outlined[f"way/{original_id(way.id)}"] = (
                "outline with nodes outside the data" if closed else "outline is not closed"
            )
        kind = base_kind(tags, area=False)
        may_walk = walkable(tags)
        if kind is None and not may_walk:
            return
        for refs, coords in _runs(way):
            if may_walk:
                head = (original_id(way.id), tags["highway"], tags.get("name"), step_free_of(tags))
                self.ways.append(head)
                self.way_refs.append(refs)
                self.way_coords.append(coords)
            if kind is not None:
                self.base.append((kind, tags.get("name"), shapely.LineString(coords)))

    def _take_area(self, area: Any, tags: Mapping[str, str]) -> None:
        rule, use, kind = self.rules.classify(tags), building_use(tags), base_kind(tags, area=True)
        if rule is None and use is None and kind is None:
            return
        ref = f"{'way' if area.from_way() else 'relation'}/{original_id(area.orig_id())}"
        try:
            shape = shapely.from_wkb(self.wkb.create_multipolygon(area))
        except RuntimeError:  # no valid ring: isn't assembled, and is counted at the end
            return
        if shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1:
            shape = shape.geoms[0]
        if rule is not None:
            self.assembled.add(ref)
            self._add_asset(ref, tags, area.timestamp, shape)
        if use is not None:
            self.buildings.append((ref, use, levels_of(tags), shape))
        if kind is not None:
            self.base.append((kind, tags.get("name"), shape))

    def _add_asset(self, ref: str, tags: Mapping[str, str], stamp: Any, shape: Any) -> None:
        rule = self.rules.classify(tags)
        assert rule is not None  # noqa: S101 - callers have asked
        date = tags.get("check_date") or tags.get("survey:date")
        if date is None and stamp.year > 1970:  # libosmium's word for "not given" is 1970
            date = stamp.date().isoformat()
        wheelchair = {"yes": "yes", "designated": "yes", "limited": "limited", "no": "no"}
        cost = {"no": "free", "yes": tags.get("charge", "yes")}.get(tags.get("fee", ""), tags.get("charge"))
        self.assets.append(
            (f"osm:{ref}", tags.get("name"), rule.category, "osm", ref, date, read_access(tags, rule.default_access),
             tags.get("operator"), tags.get("opening_hours"), cost, wheelchair.get(tags.get("wheelchair", "")), shape)
        )  # fmt: skip

    def finish(self) -> None:
        for ref, reason in self.outlined.items():
            if ref not in self.assembled:
                self.tally.drop(reason, [ref])

    def extract(self, bounds: tuple[float, float, float, float] | None, crs: CRS | None) -> OsmExtract:
        if bounds is None:
            bounds = self._bounds()
        crs = crs or metric_crs(bounds)

        def frame(rows: list[tuple[Any, ...]], columns: Sequence[str]) -> gpd.GeoDataFrame:
            table = pd.DataFrame(rows, columns=[*columns, "geometry"])
            return gpd.GeoDataFrame(table, geometry="geometry", crs=LONLAT).to_crs(crs)

        assets = frame(
            self.assets,
            ("asset_id", "name", "category", "source", "source_ref", "observed_on", "access", "owner",
             "opening_hours", "cost", "step_free"),
        )  # fmt: skip
        invalid = ~assets.geometry.is_valid
        if invalid.any():
            assets.loc[invalid, "geometry"] = assets.geometry[invalid].make_valid()
            self.tally.repair("crossing outline made valid", int(invalid.sum()))
        polygonal = assets.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
        assets["area_m2"] = assets.geometry.area.where(polygonal)
        assets["zone_code"] = None
        lines = shapely.linestrings(
            np.concatenate([np.asarray(c) for c in self.way_coords]) if self.way_coords else np.empty((0, 2)),
            indices=np.repeat(np.arange(len(self.way_refs)), [len(r) for r in self.way_refs]),
        )
        ways = [(*head, line) for head, line in zip(self.ways, lines, strict=True)]
        walk = WalkWays(
            validate_table(frame(ways, ("way_id", "highway", "name", "step_free")), "walk_ways"),
            np.asarray([ref for refs in self.way_refs for ref in refs], dtype=np.int64),
            np.cumsum([0, *(len(refs) for refs in self.way_refs)], dtype=np.int64),
            frozenset(self.blocked),
            frozenset(self.not_step_free),
        )
        return OsmExtract(
            assets=validate_table(assets, "assets", what=self.tally.source),
            entrances=frame(self.entrances, ("node_id", "kind", "step_free")),
            walk=walk,
            buildings=frame(self.buildings, ("ref", "use", "levels")),
            base=frame(self.base, ("kind", "name")),
            bounds=bounds,
            crs=crs,
            tally=self.tally,
        )

    def _bounds(self) -> tuple[float, float, float, float]:
        """Guess the extent of data that doesn't state it: the box of the middle 98 % of street vertices.

        A file cut from OpenStreetMap keeps ways whole, so a few reach kilometres beyond what it covers.
        """
        if self.way_coords:
            vertices = np.concatenate([np.asarray(coords) for coords in self.way_coords])
            (west, south), (east, north) = np.quantile(vertices, [0.01, 0.99], axis=0)
        else:
            shapes = [row[-1] for rows in (self.assets, self.base, self.buildings) for row in rows]
            if not shapes:
                raise InputError(
                    f"{self.tally.source} holds no streets, green spaces or buildings: is this the right area?"
                )
            west, south, east, north = shapely.total_bounds(shapes)
        return float(west), float(south), float(east), float(north)


def _runs(way: Any) -> list[tuple[list[int], list[tuple[float, float]]]]:
    """Return the runs of at least two nodes of a way whose positions are in the data."""
    runs: list[tuple[list[int], list[tuple[float, float]]]] = []
    refs: list[int] = []
    coords: list[tuple[float, float]] = []
    for node in way.nodes:
        if node.location.valid():
            refs.append(node.ref)
            coords.append((node.lon, node.lat))
            continue
        if len(refs) > 1:
            runs.append((refs, coords))
        refs, coords = [], []
    if len(refs) > 1:
        runs.append((refs, coords))
    return runs
