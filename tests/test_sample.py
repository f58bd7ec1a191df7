"""The sample is what its script draws, and the pencil answers agree with its raw files read another way."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import pairwise
from math import ceil, hypot
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from pyproj import Transformer
from shapely import LineString, Point, Polygon
from shapely.ops import polygonize

from assetmap.provenance import provenance_path, read_provenance
from tests.worlds import tidewell

ROOT = Path(__file__).resolve().parents[1]
FILES = (
    "osm_cache/tidewell.osm",
    "boundaries/tidewell_zones.geojson",
    "inputs/tidewell_population.csv",
    "inputs/tidewell_iod2025.csv",
    "inputs/tidewell_community_buildings.csv",
    "inputs/tidewell_annotations.geojson",
    "engagement/tidewell_closed_buildings.csv",
    "engagement/tidewell_conversations.csv",
    "engagement/tidewell_codes_ana.csv",
    "engagement/tidewell_codes_ben.csv",
    "engagement/tidewell_votes.csv",
    "engagement/tidewell_system_map.json",
    "engagement/tidewell_ties.csv",
    "engagement/tidewell_actions.csv",
    "engagement/tidewell_outcomes.csv",
    "walks/tidewell_hall_walk.gpx",
    "walks/tidewell_hall_walk_stories.csv",
)
WALKED = {
    "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "pedestrian", "service",
    "footway", "path", "steps", "cycleway", "bridleway", "track", "corridor",
}  # fmt: skip
_TO_GRID = Transformer.from_crs(4326, 27700, always_xy=True)


def drawn(lon: float, lat: float) -> tuple[float, float]:
    """A point of the drawing, in metres to the centimetre."""
    x, y = _TO_GRID.transform(lon, lat)
    return round(x - tidewell.ORIGIN[0], 2), round(y - tidewell.ORIGIN[1], 2)


class Town:
    """The OSM file, read with the standard library alone."""

    def __init__(self, path: Path) -> None:
        self.root = ET.parse(path).getroot()
        self.places = {n.get("id"): drawn(float(n.get("lon")), float(n.get("lat"))) for n in self.root.iter("node")}
        self.node_tags = {n.get("id"): self.tags(n) for n in self.root.iter("node")}
        self.refs = {w.get("id"): [nd.get("ref") for nd in w.iter("nd")] for w in self.root.iter("way")}
        self.way_tags = {w.get("id"): self.tags(w) for w in self.root.iter("way")}

    @staticmethod
    def tags(element: Any) -> dict[str, str]:
        return {tag.get("k"): tag.get("v") for tag in element.iter("tag")}

    def points(self, way: str) -> list[tuple[float, float]]:
        return [self.places[ref] for ref in self.refs[way]]

    def shape(self, name: str) -> Any:
        """The polygon of the named area, holes left out, or the named point."""
        for relation in self.root.iter("relation"):
            if self.tags(relation).get("name") == name:
                rings: dict[str, list[LineString]] = {"outer": [], "inner": []}
                for member in relation.iter("member"):
                    rings[member.get("role")].append(LineString(self.points(member.get("ref"))))
                (outer,), inner = polygonize(rings["outer"]), list(polygonize(rings["inner"]))
                return outer.difference(inner[0])
        for way, tags in self.way_tags.items():
            if tags.get("name") == name and self.refs[way][0] == self.refs[way][-1]:
                return Polygon(self.points(way))
        return next(Point(self.places[node]) for node, tags in self.node_tags.items() if tags.get("name") == name)

    def walkable(self, way: str) -> bool:
        tags = self.way_tags[way]
        if tags.get("highway") not in WALKED or tags.get("foot") == "no":
            return False
        return tags.get("access") not in {"private", "no"} or tags.get("foot") in {"yes", "permissive", "designated"}

    def network(self, *, steps: bool, stops: list[tuple[float, float]]) -> nx.Graph:
        """A graph of places, with `stops` put in where they lie on a way; without steps, no stiles or high kerbs."""
        graph = nx.Graph()
        for way in self.refs:
            if not self.walkable(way) or (not steps and self.way_tags[way]["highway"] == "steps"):
                continue
            for start, end in pairwise(self.points(way)):
                edge = LineString([start, end])
                on_it = [stop for stop in stops if edge.distance(Point(stop)) < 0.02]
                line = [start, *sorted(on_it, key=lambda stop, start=start: hypot(*np.subtract(stop, start))), end]
                for a, b in pairwise(line):
                    graph.add_edge(a, b, weight=hypot(b[0] - a[0], b[1] - a[1]))
        if not steps:
            high = [self.places[n] for n, t in self.node_tags.items() if t.get("barrier") == "stile" or "kerb" in t]
            assert set(high) == set(tidewell.HIGH)
            graph.remove_nodes_from(high)
        return graph


@pytest.fixture(scope="module")
def town() -> Town:
    return Town(ROOT / "data/osm_cache/tidewell.osm")


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "data/inputs" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def marks() -> list[dict[str, Any]]:
    return json.loads((ROOT / "data/inputs/tidewell_annotations.geojson").read_text(encoding="utf-8"))["features"]


def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "scripts/make_sample.py"), "--out", str(tmp_path)], check=True)
    for name in FILES:
        for path in (ROOT / "data" / name, provenance_path(ROOT / "data" / name)):
            again = tmp_path / path.relative_to(ROOT / "data")
            assert again.read_bytes() == path.read_bytes(), f"run scripts/make_sample.py: {name} is not what it draws"


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_small_ours_and_said_to_be_fictional(name: str, sample: Path) -> None:
    record = read_provenance(sample / name)
    assert record is not None
    assert (record.publisher, record.licence) == ("assetmap", "CC0-1.0")
    assert "fictional" in record.title
    assert "Fictional" in record.note
    assert (sample / name).stat().st_size < 300_000


def test_osm_file_is_sorted_and_whole(town: Town) -> None:
    kinds = [element.tag for element in town.root]
    assert kinds[0] == "bounds"
    assert kinds[1:] == sorted(kinds[1:], key=["node", "way", "relation"].index)
    for kind in ("node", "way", "relation"):
        ids = [int(element.get("id")) for element in town.root.iter(kind)]
        assert ids == sorted(set(ids))
        assert ids[0] > 0
    assert all(ref in town.places for refs in town.refs.values() for ref in refs)
    assert all(len(refs) > 1 for refs in town.refs.values())
    assert all(member.get("ref") in town.refs for member in town.root.iter("member"))
    bounds = town.root.find("bounds")
    for node in town.root.iter("node"):
        assert float(bounds.get("minlon")) <= float(node.get("lon")) <= float(bounds.get("maxlon"))
        assert float(bounds.get("minlat")) <= float(node.get("lat")) <= float(bounds.get("maxlat"))


def test_every_tagged_thing_says_when_it_was_last_seen(town: Town) -> None:
    tagged = [element for element in town.root if element.find("tag") is not None]
    assert all(element.get("timestamp") and element.get("version") for element in tagged)
    assert len(town.refs) > 300


def test_drawn_metres_come_back_to_the_centimetre(town: Town) -> None:
    off = [abs(value - round(value, 1)) for place in town.places.values() for value in place]
    assert max(off) <= tidewell.TOLERANCE_M


@pytest.mark.parametrize(("name", "area"), tidewell.AREAS_M2.items())
def test_area_on_paper(name: str, area: float, town: Town) -> None:
    assert town.shape(name).area == pytest.approx(area, rel=2e-4)


def test_lake_is_the_hole_in_its_park(town: Town) -> None:
    lake = town.shape("Heron Mere")
    assert lake.area == pytest.approx(tidewell.HERON_MERE_LAKE_M2, rel=2e-4)
    assert town.shape("Heron Mere Park").intersection(lake).area == 0


def test_park_area_by_zone_on_paper(town: Town) -> None:
    parks = [town.shape(name) for name in tidewell.AREAS_M2 if name.endswith("Park")]
    for index, code in enumerate(tidewell.POPULATION):
        west, south = 300 * (index % 4), 300 * (index // 4)
        square = Polygon([(west, south), (west + 300, south), (west + 300, south + 300), (west, south + 300)])
        area = sum(park.intersection(square).area for park in parks)
        assert area == pytest.approx(tidewell.PARK_M2_BY_ZONE.get(code, 0.0), rel=2e-4, abs=1.0)
    assert sum(tidewell.PARK_M2_BY_ZONE.values()) == tidewell.PARK_M2_INSIDE


def test_two_bridges_cross_the_canal_and_share_no_node_with_it(town: Town) -> None:
    canal = {ref for way, tags in town.way_tags.items() if tags.get("waterway") for ref in town.refs[way]}
    water = LineString([(-95, 314), (0, 309), (120, 303), (220, 300), (980, 300), (1190, 300)])
    crossing = [way for way in town.refs if town.walkable(way) and LineString(town.points(way)).crosses(water)]
    assert {town.way_tags[way]["name"] for way in crossing} == set(tidewell.WALKABLE_BRIDGES)
    assert len(crossing) == 2
    for way in crossing:
        assert (town.way_tags[way]["bridge"], town.way_tags[way]["layer"]) == ("yes", "1")
        assert not canal & set(town.refs[way])
    assert sum(tags.get("highway") == "steps" for tags in town.way_tags.values()) == tidewell.STEPS


def test_what_may_not_be_walked(town: Town) -> None:
    for name in tidewell.NOT_WALKABLE:
        ways = [way for way, tags in town.way_tags.items() if tags.get("name") == name]
        assert ways
        assert not any(town.walkable(way) for way in ways)


def test_paths_on_the_eyot_are_an_island(town: Town) -> None:
    graph = town.network(steps=True, stops=[])
    assert nx.number_connected_components(graph) == tidewell.NETWORK_COMPONENTS
    assert graph.subgraph(min(nx.connected_components(graph), key=len)).size("weight") == pytest.approx(12, abs=0.02)


CATEGORY_OF = {
    "park": ["Kingfisher Park", "Heron Mere Park", "Ropewalk Park", "Chapel Street Pocket Park", "Northfield Park"],
    "library": ["Tidewell Library"],
    "community_centre": [
        "Tidewell Community Centre",
        "Netmakers Community Centre",
        "St Bride's & St Olave's \"Old\" Hall",
    ],
    "food_bank": ["The Larder on the Wharf"],
}


@pytest.mark.parametrize(("origin", "category"), tidewell.ANSWERS)
def test_distances_on_paper(origin: str, category: str, town: Town) -> None:
    answer = tidewell.ANSWERS[origin, category]
    start = tidewell.ORIGINS[origin].place
    shapes = [town.shape(name) for name in CATEGORY_OF[category]]
    assert min(shape.distance(Point(start)) for shape in shapes) == pytest.approx(answer.euclid_m, abs=0.02)
    doors = {door: name for name in CATEGORY_OF[category] for door in tidewell.ENTRANCES.get(name, [])}
    for steps, metres in ((True, answer.standard_m), (False, answer.step_free_m)):
        graph = town.network(steps=steps, stops=[start, *doors])
        walks = nx.single_source_dijkstra_path_length(graph, start, weight="weight")
        reached = {walks[door]: name for door, name in doors.items() if door in walks}
        assert min(reached) == pytest.approx(metres, abs=0.05)
        if steps:
            assert reached[min(reached)] == answer.nearest


def test_places_with_derived_entrances_are_not_the_nearest_elsewhere(town: Town) -> None:
    # The pocket park and the Old Hall have no exact entrance: neither may be nearer than an answer on paper.
    for name, category in (
        ("Chapel Street Pocket Park", "park"),
        ("St Bride's & St Olave's \"Old\" Hall", "community_centre"),
    ):
        outline = town.shape(name).exterior.buffer(21)
        for origin, place in ((key, tidewell.ORIGINS[key].place) for key, c in tidewell.ANSWERS if c == category):
            for steps in (True, False):
                graph = town.network(steps=steps, stops=[place])
                walks = nx.single_source_dijkstra_path_length(graph, place, weight="weight")
                near = min(
                    walks[a] + LineString([a, b]).intersection(outline).distance(Point(a))
                    for a, b in [*graph.edges, *((b, a) for a, b in graph.edges)]
                    if a in walks and LineString([a, b]).intersects(outline)
                )
                answer = tidewell.ANSWERS[origin, category]
                assert near > (answer.standard_m if steps else answer.step_free_m)


def test_old_hall_from_the_north(town: Town) -> None:
    answer, start = tidewell.OLD_HALL_FROM_TIDEWELL_ROAD, tidewell.ORIGINS["tidewell_road"].place
    assert town.shape(answer.nearest).distance(Point(start)) == pytest.approx(answer.euclid_m, abs=0.02)
    graph = town.network(steps=True, stops=[start, (820, 500)])
    assert nx.dijkstra_path_length(graph, start, (820, 500)) == pytest.approx(answer.standard_m, abs=0.05)


@pytest.mark.parametrize("origin", tidewell.MUSEUM_EUCLID_M)
def test_museum_is_out_of_reach(origin: str, town: Town) -> None:
    start = tidewell.ORIGINS[origin].place
    assert town.shape("Eyot Lock Museum").distance(Point(start)) == pytest.approx(
        tidewell.MUSEUM_EUCLID_M[origin], abs=0.02
    )
    (door,) = tidewell.ENTRANCES["Eyot Lock Museum"]
    assert not nx.has_path(town.network(steps=True, stops=[start, door]), start, door)


def test_every_entrance_on_paper_lies_on_its_place_and_on_a_way(town: Town) -> None:
    ways = [LineString(town.points(way)) for way in town.refs if town.walkable(way)]
    for name, doors in tidewell.ENTRANCES.items():
        for door in doors:
            assert town.shape(name).distance(Point(door)) < 0.02
            assert min(way.distance(Point(door)) for way in ways) < 0.02


def test_wood_is_beyond_20_m_of_the_network(town: Town) -> None:
    wood = town.shape("Oxbow Wood")
    assert min(wood.distance(LineString(town.points(way))) for way in town.refs if town.walkable(way)) > 20


def test_homes_lie_in_one_zone_each(town: Town) -> None:
    homes: Counter[str] = Counter()
    codes = list(tidewell.POPULATION)
    for way, tags in town.way_tags.items():
        if tags.get("building") not in {"terrace", "house", "apartments"}:
            continue
        found = {(int(x // 300), int(y // 300)) for x, y in town.points(way)}
        assert len(found) == 1, town.points(way)
        column, row = found.pop()
        if 0 <= column < 4 and 0 <= row < 3:
            homes[codes[4 * row + column]] += 1
    assert homes == tidewell.RESIDENTIAL_BUILDINGS


def test_zones_are_twelve_squares(sample: Path) -> None:
    features = json.loads((sample / "boundaries/tidewell_zones.geojson").read_text(encoding="utf-8"))["features"]
    assert [feature["properties"]["LSOA21CD"] for feature in features] == list(tidewell.POPULATION)
    shapes = [Polygon([drawn(*point) for point in f["geometry"]["coordinates"][0]]) for f in features]
    assert [shape.area for shape in shapes] == pytest.approx([tidewell.ZONE_AREA_M2] * 12, rel=1e-4)
    assert shapes[0].bounds == pytest.approx((0, 0, 300, 300), abs=0.01)
    assert shapes[11].bounds == pytest.approx((900, 600, 1200, 900), abs=0.01)


def test_population_on_paper() -> None:
    table = rows("tidewell_population.csv")
    assert {row["LSOA21CD"]: int(row["population"]) for row in table} == tidewell.POPULATION
    ages = ["Aged 15 years and under", "Aged 16 to 64 years", "Aged 65 years and over"]
    assert all(int(row["population"]) == sum(int(row[age]) for age in ages) for row in table)
    assert tuple(sum(int(row[age]) for row in table) for age in ages) == tidewell.AGES_IN_ALL
    assert sum(tidewell.POPULATION.values()) == tidewell.POPULATION_IN_ALL


def test_deprivation_on_paper() -> None:
    table = rows("tidewell_iod2025.csv")
    index = "Index of Multiple Deprivation (IMD)"
    people = [int(row["Total population: mid 2022"]) for row in table]
    scores = [float(row[f"{index} Score"]) for row in table]
    ranks = [int(row[f"{index} Rank (where 1 is most deprived)"]) for row in table]
    deciles = [int(row[f"{index} Decile (where 1 is most deprived 10% of LSOAs)"]) for row in table]
    assert people == list(tidewell.POPULATION.values())
    assert ranks == list(tidewell.IMD_RANK.values())
    assert deciles == list(tidewell.IMD_DECILE.values())
    score = sum(p * s for p, s in zip(people, scores, strict=True)) / 18_000
    assert score == pytest.approx(tidewell.AVERAGE_SCORE)
    rank = sum(p * (33_756 - r) for p, r in zip(people, ranks, strict=True)) / 18_000
    assert rank == pytest.approx(tidewell.AVERAGE_RANK_REVERSED)
    percentiles = [ceil(100 * r / 33_755) for r in ranks]
    weights = [1 if q <= 10 else max(0.0, 0.95 - (q - 11) * 0.9 / 19) if q <= 30 else 0 for q in percentiles]
    extent = sum(p * w for p, w in zip(people, weights, strict=True)) / 18_000
    assert extent == pytest.approx(tidewell.EXTENT, abs=1e-8)


def test_every_published_triplet_is_there_and_agrees_with_itself() -> None:
    table = rows("tidewell_iod2025.csv")
    headers = list(table[0])
    assert len(headers) == 56
    triplets = [headers[start : start + 3] for start in range(4, 52, 3)]
    for score, rank, decile in triplets:
        assert "Score" in score
        assert rank.endswith("Rank (where 1 is most deprived)")
        ranked = sorted(table, key=lambda row, by=rank: int(row[by]))
        assert len({row[rank] for row in table}) == 12
        assert all(1 <= int(row[rank]) <= 33_755 for row in table)
        assert all(int(row[decile]) == ceil(10 * int(row[rank]) / 33_755) for row in table)
        falling = [float(row[score]) for row in ranked]
        assert falling == sorted(falling, reverse=True)


def test_list_on_paper(town: Town) -> None:
    table = rows("tidewell_community_buildings.csv")
    placed = [row for row in table if row["Easting"]]
    assert (len(table), len(placed)) == (tidewell.LIST_READ, tidewell.LIST_KEPT)
    assert [row["Name"] for row in table if not row["Easting"]] == [tidewell.LIST_DROPPED_NAME]
    places = {row["Name"]: (float(row["Easting"]) - 600_000, float(row["Northing"]) - 400_000) for row in placed}
    for name, (twin, metres) in tidewell.DUPLICATES.items():
        assert town.shape(twin).distance(Point(places[name])) == pytest.approx(metres, abs=0.02)
    assert {name: places[name] for name in tidewell.LIST_ONLY} == {n: p for n, (_, p) in tidewell.LIST_ONLY.items()}
    assert len(tidewell.DUPLICATES) + len(tidewell.LIST_ONLY) == tidewell.LIST_KEPT


def test_nearest_centre_with_the_list_on_paper(town: Town) -> None:
    centres = [town.shape(name) for name in CATEGORY_OF["community_centre"]]
    centres += [Point(place) for category, place in tidewell.LIST_ONLY.values() if category == "community_centre"]
    for origin, metres in tidewell.MERGED_COMMUNITY_CENTRE_EUCLID_M.items():
        place = Point(tidewell.ORIGINS[origin].place)
        assert min(centre.distance(place) for centre in centres) == pytest.approx(metres, abs=0.02)


def test_marks_on_paper(marks: list[dict[str, Any]]) -> None:
    kinds = {"Point": "point", "LineString": "line", "Polygon": "area"}
    words = [mark["properties"] for mark in marks]
    assert len(marks) == tidewell.MARKS_IN_ALL
    assert Counter(kinds[mark["geometry"]["type"]] for mark in marks) == tidewell.MARKS_BY_KIND
    assert Counter(word["sheet"] for word in words) == tidewell.MARKS_BY_SHEET
    assert Counter(word["theme"] for word in words) == tidewell.MARKS_BY_THEME
    assert Counter(word["consent"] for word in words) == tidewell.MARKS_BY_CONSENT
    assert Counter(word["sentiment"] for word in words) == tidewell.MARKS_BY_SENTIMENT
    said = " ".join(word["text"] or "" for word in words)
    assert all(secret in said for secret in tidewell.WORDS_TO_HOLD_BACK)


def test_marks_gather_at_the_closed_hall(marks: list[dict[str, Any]], town: Town) -> None:
    hall = town.shape("Netmakers Hall")
    assert hall.contains(Point(tidewell.CLOSED_HALL))
    near = [
        mark["properties"]["sheet"]
        for mark in marks
        if mark["properties"]["theme"] == "no room for young people"
        and mark["geometry"]["type"] == "Point"
        and hall.distance(Point(drawn(*mark["geometry"]["coordinates"]))) < 30
    ]
    assert Counter(near) == {"S1": 2, "S2": 1, "S3": 2}
    assert len(near) == tidewell.MARKS_BY_THE_CLOSED_HALL


TAGS_OF_ASSETS = {
    ("leisure", "park"): "park",
    ("leisure", "garden"): "garden",
    ("landuse", "village_green"): "common",
    ("landuse", "recreation_ground"): "recreation_ground",
    ("leisure", "nature_reserve"): "nature_reserve",
    ("natural", "wood"): "woodland",
    ("landuse", "allotments"): "allotments",
    ("landuse", "cemetery"): "cemetery",
    ("leisure", "playground"): "playground",
    ("leisure", "pitch"): "pitch",
    ("leisure", "sports_centre"): "sports_centre",
    ("amenity", "community_centre"): "community_centre",
    ("amenity", "library"): "library",
    ("social_facility", "food_bank"): "food_bank",
    ("amenity", "arts_centre"): "arts_centre",
    ("amenity", "theatre"): "theatre",
    ("tourism", "museum"): "museum",
    ("amenity", "place_of_worship"): "place_of_worship",
    ("amenity", "school"): "school",
    ("amenity", "kindergarten"): "school",
    ("amenity", "doctors"): "gp_surgery",
    ("amenity", "dentist"): "dentist",
    ("amenity", "pharmacy"): "pharmacy",
    ("amenity", "cafe"): "cafe",
    ("amenity", "pub"): "pub",
    ("amenity", "marketplace"): "market",
}


def test_asset_counts_on_paper(town: Town) -> None:
    relations = [town.tags(relation) for relation in town.root.iter("relation")]
    found: Counter[str] = Counter()
    for tags in (*town.node_tags.values(), *town.way_tags.values(), *relations):
        own_garden = tags.get("leisure") in {"garden", "playground"} and (
            tags.get("access") == "private" or tags.get("garden:type") == "residential"
        )
        if not own_garden:
            found.update(TAGS_OF_ASSETS[tag] for tag in tags.items() if tag in TAGS_OF_ASSETS)
    assert found == tidewell.ASSETS_BY_CATEGORY


def test_asset_counts_add_up() -> None:
    assert sum(tidewell.ASSETS_BY_CATEGORY.values()) == tidewell.ASSETS_IN_ALL
    assert tidewell.ASSETS_IN_ALL + len(tidewell.LIST_ONLY) == tidewell.PLACES_WITH_LIST
