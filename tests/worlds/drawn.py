"""Tiny worlds drawn by hand in metres, written as OSM XML, so that every answer can be worked out on paper."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

from pyproj import Transformer

TO_LONLAT = Transformer.from_crs(27700, 4326, always_xy=True)
WEST, SOUTH = 536_000.0, 183_000.0  # any place in England


class Drawing:
    """Collects nodes, ways and relations given in metres east and north of a corner."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[float, float, int], int] = {}
        self.tags: dict[int, dict[str, str]] = {}
        self.ways: list[tuple[int, list[int], dict[str, str]]] = []
        self.relations: list[tuple[int, list[tuple[int, str]], dict[str, str]]] = []

    def node(self, x: float, y: float, layer: int = 0, **tags: str) -> int:
        ref = self.nodes.setdefault((x, y, layer), len(self.nodes) + 1)
        self.tags.setdefault(ref, {}).update(tags)
        return ref

    def way(self, points: list[tuple[float, float]], layer: int = 0, **tags: str) -> int:
        ref = 1000 + len(self.ways)
        self.ways.append((ref, [self.node(x, y, layer) for x, y in points], tags))
        return ref

    def area(self, west: float, south: float, east: float, north: float, layer: int = 0, **tags: str) -> int:
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        return self.way(corners, layer, **tags)

    def relation(self, members: list[tuple[int, str]], **tags: str) -> int:
        ref = 5000 + len(self.relations)
        self.relations.append((ref, members, tags))
        return ref

    def xml(self) -> str:
        def tagged(tags: dict[str, str]) -> str:
            return "".join(f"<tag k={quoteattr(k.replace('__', ':'))} v={quoteattr(v)}/>" for k, v in tags.items())

        lines = ["<osm version='0.6'>"]
        for (x, y, _layer), ref in self.nodes.items():
            lon, lat = TO_LONLAT.transform(WEST + x, SOUTH + y)
            lines.append(f"<node id='{ref}' lat='{lat:.9f}' lon='{lon:.9f}'>{tagged(self.tags[ref])}</node>")
        for ref, refs, tags in self.ways:
            nds = "".join(f"<nd ref='{r}'/>" for r in refs)
            lines.append(f"<way id='{ref}'>{nds}{tagged(tags)}</way>")
        for ref, members, tags in self.relations:
            parts = "".join(f"<member type='way' ref='{way}' role='{role}'/>" for way, role in members)
            lines.append(f"<relation id='{ref}'>{parts}{tagged(tags)}</relation>")
        return "\n".join([*lines, "</osm>"])

    def write(self, path: Path) -> Path:
        path.write_text(self.xml(), encoding="utf-8")
        return path
