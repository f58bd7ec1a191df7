"""A town drawn in metres, written as OpenStreetMap XML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import quoteattr

from pyproj import Transformer

__all__ = ["ORIGIN", "XY", "Drawing", "Tags", "box", "lonlat"]

XY = tuple[float, float]
Tags = dict[str, str]

ORIGIN: XY = (600_000.0, 400_000.0)
"""Easting and northing of the drawing's own (0, 0): in the North Sea, so that no one takes it for a real place."""

DECIMALS = 8  # a millimetre: distances on the drawing come back from the file as they were drawn
GENERATOR = "assetmap scripts/make_sample.py: a fictional place"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
WAY_BASE = 50_001
TIMESTAMP = "2026-09-14T10:00:00Z"

# EPSG:27700 to EPSG:4326 by EPSG:1314's seven parameters, spelt out: a machine that has the OSTN15 grid
# would otherwise write other bytes.
_TO_LONLAT = Transformer.from_pipeline(
    "+proj=pipeline"
    " +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
    " +step +proj=push +v_3"
    " +step +proj=cart +ellps=airy"
    " +step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489"
    " +convention=position_vector"
    " +step +inv +proj=cart +ellps=WGS84"
    " +step +proj=pop +v_3"
    " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


def lonlat(point: XY) -> XY:
    """Return longitude and latitude in degrees, 8 decimals, of a point of the drawing in metres."""
    lon, lat = _TO_LONLAT.transform(ORIGIN[0] + point[0], ORIGIN[1] + point[1])
    return round(lon, DECIMALS), round(lat, DECIMALS)


def box(west: float, south: float, east: float, north: float) -> list[XY]:
    """Return the closed ring of a rectangle, anticlockwise."""
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


@dataclass
class _Way:
    points: list[XY]
    tags: Tags
    joins: bool
    """Whether it makes a junction with every other joining way that it meets on the drawing."""


@dataclass
class Drawing:
    """Nodes, ways and relations in the order they were drawn. Equal coordinates are one node."""

    node_tags: dict[XY, Tags] = field(default_factory=dict)
    ways: list[_Way] = field(default_factory=list)
    relations: list[tuple[Tags, list[tuple[int, str]]]] = field(default_factory=list)

    def node(self, point: XY, **tags: str) -> None:
        """Tag the node at a point, on a way or by itself. A colon in a key is written ``__``."""
        self.node_tags.setdefault(point, {}).update(_keys(tags))

    def way(self, points: Iterable[XY], /, **tags: str) -> int:
        """Draw a way that joins nothing but at shared points, and return its index."""
        self.ways.append(_Way(list(points), _keys(tags), joins=False))
        return len(self.ways) - 1

    def path(self, points: Iterable[XY], /, **tags: str) -> int:
        """Draw a way that has a junction wherever it meets another path."""
        self.ways.append(_Way(list(points), _keys(tags), joins=True))
        return len(self.ways) - 1

    def relation(self, members: list[tuple[int, str]], /, **tags: str) -> None:
        """Draw a relation of ways, given as (index, role)."""
        self.relations.append((_keys(tags), members))

    def to_osm(self, bounds: tuple[float, float, float, float]) -> str:
        """Return the drawing as OSM XML.

        Parameters
        ----------
        bounds
            West, south, east, north of the sheet in metres of the drawing. The file's bounds are the
            upright box of lon/lat that holds it.
        """
        lines = [_junctions(way, self.ways) if way.joins else way.points for way in self.ways]
        points = dict.fromkeys(point for line in lines for point in line) | dict.fromkeys(self.node_tags)
        ids = {point: number for number, point in enumerate(points, start=1001)}
        corners = [lonlat(corner) for corner in box(*bounds)]
        west, east = min(c[0] for c in corners), max(c[0] for c in corners)
        south, north = min(c[1] for c in corners), max(c[1] for c in corners)
        out = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<osm version="0.6" generator="{GENERATOR}" license="{LICENCE}">',
            f'  <bounds minlat="{south:.8f}" minlon="{west:.8f}" maxlat="{north:.8f}" maxlon="{east:.8f}"/>',
        ]
        for point, number in ids.items():
            lon, lat = lonlat(point)
            tags = self.node_tags.get(point, {})
            # A node that is only a corner of something has no history, as in an Overpass reply's skeleton.
            since = f' version="1" timestamp="{TIMESTAMP}"' if tags else ""
            out += _element(f'node id="{number}"{since} lat="{lat:.8f}" lon="{lon:.8f}"', [], tags)
        for index, (line, way) in enumerate(zip(lines, self.ways, strict=True)):
            refs = [f'<nd ref="{ids[point]}"/>' for point in line]
            out += _element(f'way id="{WAY_BASE + index}" version="1" timestamp="{TIMESTAMP}"', refs, way.tags)
        for number, (tags, members) in enumerate(self.relations, start=90_001):
            refs = [f'<member type="way" ref="{WAY_BASE + way}" role="{role}"/>' for way, role in members]
            out += _element(f'relation id="{number}" version="1" timestamp="{TIMESTAMP}"', refs, tags)
        return "\n".join([*out, "</osm>", ""])


def _keys(tags: Tags) -> Tags:
    return {key.replace("__", ":"): value for key, value in tags.items()}


def _element(head: str, children: list[str], tags: Tags) -> list[str]:
    children = children + [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in sorted(tags.items())]
    if not children:
        return [f"  <{head}/>"]
    return [f"  <{head}>", *(f"    {child}" for child in children), f"  </{head.split()[0]}>"]


def _junctions(way: _Way, ways: list[_Way]) -> list[XY]:
    """Return the way's points with those added where another joining way ends on it or crosses it."""
    line = [way.points[0]]
    for start, end in pairwise(way.points):
        found = {
            point for other in ways if other.joins and other is not way for point in _meetings(start, end, other.points)
        }
        line += sorted(found - {start, end}, key=lambda p: abs(p[0] - start[0]) + abs(p[1] - start[1]))
        line.append(end)
    return line


def _meetings(start: XY, end: XY, other: list[XY]) -> set[XY]:
    """Return the points of a segment that another line has a vertex at, or crosses at right angles."""
    found = {point for point in other if _between(point, start, end)}
    for p, q in pairwise(other):
        if start[0] == end[0] and p[1] == q[1]:
            crossing = (start[0], p[1])
        elif start[1] == end[1] and p[0] == q[0]:
            crossing = (p[0], start[1])
        else:
            continue
        if _between(crossing, start, end) and _between(crossing, p, q):
            found.add(crossing)
    return found


def _between(point: XY, start: XY, end: XY) -> bool:
    (x, y), (x0, y0), (x1, y1) = point, start, end
    straight = (x1 - x0) * (y - y0) == (y1 - y0) * (x - x0)
    return straight and min(x0, x1) <= x <= max(x0, x1) and min(y0, y1) <= y <= max(y0, y1)
