"""OpenStreetMap data as tables: assets, ways in, the ways people walk, buildings, and what a base map draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely
from osmium.filter import KeyFilter
from pyproj import CRS

from assetmap.crs import metric_crs
from assetmap.errors import InputError
from assetmap.schema import validate_table
from assetmap.sources.osm_input import open_osm, original_id
from assetmap.sources.osm_shapes import Shapes, project
from assetmap.sources.osm_tags import (
    base_kind,
    blocks_walkers,
    building_use,
    entrance_of,
    levels_of,
    seats_of,
    step_free_of,
    walkable,
)
from assetmap.tally import Tally
from assetmap.taxonomy import Rule, Taxonomy, read_access, taxonomy
from assetmap.words import languages

__all__ = ["OsmExtract", "WalkWays", "read_osm"]

_KEYS = (
    "amenity", "leisure", "landuse", "natural", "tourism", "social_facility", "healthcare", "building", "highway",
    "waterway", "railway",
)  # fmt: skip
_POINTS = KeyFilter(*_KEYS, "barrier", "entrance", "kerb")
_POINTS.enable_for(osmium.osm.NODE)
_SHAPES = KeyFilter(*_KEYS)
_SHAPES.enable_for(osmium.osm.WAY | osmium.osm.AREA | osmium.osm.RELATION)
_ALL_NODES = osmium.geom.use_nodes.ALL


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
        Table ``assets``; zone_code null. Where a place has a name in a language that there is a catalogue for
        (``name:bn``), a column ``name_bn`` holds it.
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
        collector.apply_file(data, locations=True, filters=[_POINTS, _SHAPES])  # type: ignore[arg-type] # its stubs forget that it takes a buffer
    except (osmium.InvalidLocationError, RuntimeError, ValueError, OverflowError) as error:
        raise InputError(f"{what} is not whole OpenStreetMap data ({error}): get the file again.") from error
    collector.finish()
    bounds = None
    if box.valid():
        bounds = (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat)
    return collector.extract(bounds, crs)


def _tags(thing: Any) -> dict[str, str]:
    """Return an object's tags. To ask until pyosmium raises that there are no more takes three times as long."""
    return dict(islice(thing.tags, len(thing.tags)))


class _Collector(osmium.SimpleHandler):
    """Gathers rows as libosmium hands it each object; columns become frames, and shapes geometries, once, last."""

    def __init__(self, rules: Taxonomy, what: str) -> None:
        super().__init__()
        self.rules = rules
        self.tally = Tally(what)
        self.wkb = osmium.geom.WKBFactory()
        self.shapes = Shapes()  # rows end with the number of a shape
        self.assets: list[tuple[Any, ...]] = []
        self.local_names: dict[str, dict[str, str]] = {}  # language -> asset_id -> its name in it
        self.entrances: list[tuple[Any, ...]] = []
        self.ways: list[tuple[Any, ...]] = []
        self.way_refs: list[list[int]] = []
        self.buildings: list[tuple[Any, ...]] = []
        self.base: list[tuple[Any, ...]] = []
        self.blocked: set[int] = set()
        self.not_step_free: set[int] = set()
        self.closed: dict[int, tuple[dict[str, str], Rule | None]] = {}  # ways whose areas are still to come
        self.outlined: dict[str, str] = {}  # ways and relations that should come as areas -> why one didn't
        self.assembled: set[str] = set()  # a relation's area comes before the relation itself

    def relation(self, relation: Any) -> None:
        if self.rules.classify(tags := _tags(relation)) is not None:
            self.tally.read += 1
            kind = tags.get("type")
            known = kind in ("multipolygon", "boundary")
            self.outlined[f"relation/{original_id(relation.id)}"] = (
                "relation with members outside the data" if known else f"relation of type {kind} has no outline"
            )

    def node(self, node: Any) -> None:
        if node.tags.get("natural") == "tree" or not node.location.valid():  # a city has more trees than all the rest
            return
        tags = _tags(node)
        ref = original_id(node.id)
        if (kind := entrance_of(tags)) is not None:
            self.entrances.append((ref, kind, step_free_of(tags), self.shapes.keep(self.wkb.create_point(node))))
        if blocks_walkers(tags):
            self.blocked.add(node.id)
        elif step_free_of(tags) == "no":
            self.not_step_free.add(node.id)
        if (rule := self.rules.classify(tags)) is not None:
            self.tally.read += 1
            self._add_asset(f"node/{ref}", tags, rule, node.timestamp, self.shapes.keep(self.wkb.create_point(node)))

    def way(self, way: Any) -> None:
        tags = _tags(way)
        rule = self.rules.classify(tags)
        closed = way.is_closed() and len(way.nodes) > 3
        if closed:
            self.closed[way.id] = tags, rule
        if rule is not None:
            self.tally.read += 1
            self.outlined[f"way/{original_id(way.id)}"] = (
                "outline with nodes outside the data" if closed else "outline is not closed"
            )
        kind = base_kind(tags, area=False)
        may_walk = walkable(tags)
        if kind is None and not may_walk:
            return
        for refs, line in self._runs(way):
            number = self.shapes.keep(line)
            if may_walk:
                head = (original_id(way.id), tags["highway"], tags.get("name"), step_free_of(tags))
                self.ways.append((*head, number))
                self.way_refs.append(refs)
            if kind is not None:
                self.base.append((kind, tags.get("name"), number))

    def _runs(self, way: Any) -> list[tuple[list[int], str]]:
        """Return the runs of at least two nodes of a way whose positions are in the data."""
        try:
            return [([node.ref for node in way.nodes], self.wkb.create_linestring(way, _ALL_NODES))]
        except (RuntimeError, osmium.InvalidLocationError):  # a node outside the data, or a single one
            found = groupby(way.nodes, key=lambda node: node.location.valid())
            runs = [list(run) for valid, run in found if valid]
        return [
            ([node.ref for node in run], shapely.to_wkb(shapely.LineString([(n.lon, n.lat) for n in run]), hex=True))
            for run in runs
            if len(run) > 1
        ]

    def area(self, area: Any) -> None:
        tags, rule = self.closed.pop(area.orig_id(), (None, None)) if area.from_way() else (None, None)
        if tags is None:
            tags = _tags(area)
            rule = self.rules.classify(tags)
        use, kind = building_use(tags), base_kind(tags, area=True)
        if rule is None and use is None and kind is None:
            return
        ref = f"{'way' if area.from_way() else 'relation'}/{original_id(area.orig_id())}"
        try:
            number = self.shapes.keep(self.wkb.create_multipolygon(area))
        except RuntimeError:  # no valid ring: isn't assembled, and is counted at the end
            return
        if rule is not None:
            self.assembled.add(ref)
            self._add_asset(ref, tags, rule, area.timestamp, number)
        if use is not None:
            self.buildings.append((ref, use, levels_of(tags), number))
        if kind is not None:
            self.base.append((kind, tags.get("name"), number))

    def _add_asset(self, ref: str, tags: Mapping[str, str], rule: Rule, stamp: Any, number: int) -> None:
        date = tags.get("check_date") or tags.get("survey:date")
        if date is None and stamp.year > 1970:  # libosmium's word for "not given" is 1970
            date = stamp.date().isoformat()
        wheelchair = {"yes": "yes", "designated": "yes", "limited": "limited", "no": "no"}
        cost = {"no": "free", "yes": tags.get("charge", "yes")}.get(tags.get("fee", ""), tags.get("charge"))
        for language in languages():
            local = tags.get(f"name:{language}")
            if local and local != tags.get("name"):
                self.local_names.setdefault(language, {})[f"osm:{ref}"] = local
        self.assets.append(
            (f"osm:{ref}", tags.get("name"), rule.category, "osm", ref, date, read_access(tags, rule.default_access),
             tags.get("operator"), tags.get("opening_hours"), cost, wheelchair.get(tags.get("wheelchair", "")),
             seats_of(tags), number)
        )  # fmt: skip

    def finish(self) -> None:
        for ref, reason in self.outlined.items():
            if ref not in self.assembled:
                self.tally.drop(reason, [ref])

    def extract(self, bounds: tuple[float, float, float, float] | None, crs: CRS | None) -> OsmExtract:
        shapes = self.shapes.hand_over()
        bounds = bounds or self._bounds(shapes)
        crs = crs or metric_crs(bounds)
        project(shapes, crs)

        def frame(rows: list[tuple[Any, ...]], columns: Sequence[str]) -> gpd.GeoDataFrame:
            table = pd.DataFrame(rows, columns=[*columns, "shape"])
            rows.clear()
            return gpd.GeoDataFrame(table, geometry=shapes[table.pop("shape").to_numpy(dtype=np.int64)], crs=crs)

        assets = frame(
            self.assets,
            ("asset_id", "name", "category", "source", "source_ref", "observed_on", "access", "owner",
             "opening_hours", "cost", "step_free", "seats"),
        )  # fmt: skip
        if assets["seats"].isna().all():
            assets = assets.drop(columns="seats")
        invalid = ~assets.geometry.is_valid
        if invalid.any():
            assets.loc[invalid, "geometry"] = assets.geometry[invalid].make_valid()
            self.tally.repair("crossing outline made valid", int(invalid.sum()))
        polygonal = assets.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
        assets["area_m2"] = assets.geometry.area.where(polygonal)
        assets["zone_code"] = None
        for language, names in sorted(self.local_names.items()):
            assets[f"name_{language}"] = assets["asset_id"].map(names)
        walk = WalkWays(
            validate_table(frame(self.ways, ("way_id", "highway", "name", "step_free")), "walk_ways"),
            np.fromiter(chain.from_iterable(self.way_refs), dtype=np.int64),
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

    def _bounds(self, shapes: Any) -> tuple[float, float, float, float]:
        """Guess the extent of data that doesn't state it: the box of the middle 98 % of street vertices.

        A file cut from OpenStreetMap keeps ways whole, so a few reach kilometres beyond what it covers.
        """
        if self.ways:
            vertices = shapely.get_coordinates(shapes[[row[-1] for row in self.ways]])
            (west, south), (east, north) = np.quantile(vertices, [0.01, 0.99], axis=0)
        else:
            drawn = [row[-1] for rows in (self.assets, self.base, self.buildings) for row in rows]
            if not drawn:
                raise InputError(
                    f"{self.tally.source} holds no streets, green spaces or buildings: is this the right area?"
                )
            west, south, east, north = shapely.total_bounds(shapes[drawn])
        return float(west), float(south), float(east), float(north)
