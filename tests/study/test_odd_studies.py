"""Studies that are odd and right are built; odd and wrong ones are refused in a line that says what to do."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.affinity import translate

from assetmap.errors import InputError, MissingInputError
from assetmap.study.adding import add_files
from assetmap.study.create import create_study
from assetmap.study.flow import OUTPUTS, build_study
from tests.worlds import drawn
from tests.worlds.drawn import Drawing

DAY = "2026-05-04"
INDEX = (
    "LSOA code (2021),Index of Multiple Deprivation (IMD) Score,"
    "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived),"
    "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)\n"
)


class World:
    """Files in a folder, drawn in metres from the corner of `drawn`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def osm(self, *, street=True, park=True, house=True) -> Path:
        town = Drawing()
        if street:
            town.way([(0, 0), (100, 0), (200, 0), (300, 0)], highway="residential", name="Long Street")
        if park:
            town.area(0, 50, 100, 100, leisure="park")
        if house:
            town.area(10, 10, 20, 20, building="house")
        return town.write(self.folder / "town.osm")

    def shapes(self, name: str, shapes: list, **columns) -> Path:
        placed = [translate(shape, drawn.WEST, drawn.SOUTH) for shape in shapes]
        frame = gpd.GeoDataFrame(columns, geometry=placed, crs=27700).to_crs(4326)
        frame.to_file(self.folder / name, driver="GeoJSON")
        return self.folder / name

    def zones(self, **columns) -> Path:
        boxes = [shapely.box(-10, -10, 150, 400), shapely.box(150, -10, 400, 400)]
        return self.shapes("zones.geojson", boxes, LSOA21CD=["E01000001", "E01000002"], **columns)

    def table(self, name: str, text: str) -> Path:
        (self.folder / name).write_text(text, "utf-8")
        return self.folder / name

    def people(self, *numbers: int) -> Path:
        rows = "".join(f"E0100000{n},{people}\n" for n, people in enumerate(numbers, 1))
        return self.table("people.csv", f"LSOA21CD,population\n{rows}")

    def index(self, *ranks: int) -> Path:
        rows = "".join(f"E0100000{n},50,{rank},1\n" for n, rank in enumerate(ranks, 1))
        return self.table("index.csv", INDEX + rows)

    def hall(self, east: float) -> Path:
        row = f"Hall,Community centre,{drawn.WEST + east},{drawn.SOUTH + 20}\n"
        return self.table("halls.csv", f"name,type,easting,northing\n{row}")

    def build(self, *files: Path, settings: tuple[str, str] = ("", "")) -> dict:
        study = self.folder / "study"
        create_study(study, name="Odd")
        add_files(study, list(files), today=DAY)
        path = study / "assetmap.toml"
        path.write_text(path.read_text().replace(*settings))
        build_study(study, today=DAY)
        assert {p.name for p in (study / "out").iterdir()} == {*OUTPUTS, "manifest.json"}
        return json.loads((study / "out/manifest.json").read_text("utf-8"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_park_where_nobody_lives(world):
    found = world.build(world.osm(house=False))
    assert (found["figures"]["assets"], found["figures"]["origins"]) == (1, 1)
    assert any("their people start from one point each" in note for note in found["notes"])


def test_a_park_without_a_street(world):
    found = world.build(world.osm(street=False))
    assert found["figures"]["network"] == {"mode": "straight line"}


def test_homes_all_outside_the_zones(world):
    beside = world.shapes("beside.geojson", [shapely.box(500, 0, 700, 200)], LSOA21CD=["E01000001"])
    assert world.build(world.osm(), beside)["figures"]["origins"] == 1


@pytest.mark.parametrize(("people", "wanted"), [((0, 0), 0.0), ((0, 10), 10.0), ((7,), None)])
def test_zones_with_nobody_or_nobody_counted(world, people, wanted):
    found = world.build(world.osm(), world.zones(), world.people(*people))
    assert found["figures"]["people"] == wanted
    share = found["figures"]["access"]["park"]["share_800m"]
    assert share is None or 0 <= share <= 1


@pytest.mark.parametrize("ranks", [(1, 2), (1,)])
def test_one_decile_for_all_or_none_for_some(world, ranks):
    found = world.build(world.osm(), world.zones(), world.people(5, 10), world.index(*ranks))
    assert found["figures"]["deprivation"]["zones_without_figures"] == 2 - len(ranks)


@pytest.mark.parametrize(
    "settings",
    [("[400, 800, 1200]", "[1]"), ("[400, 800, 1200]", "[10000, 9999]"), ('"standard"', '"slow"'),
     ('"standard"', '"step_free"')],
)  # fmt: skip
def test_settings_at_their_edges(world, settings):
    world.build(world.osm(), world.zones(), world.people(5, 10), world.index(1, 2), settings=settings)


def test_names_that_would_act_in_a_page(world):
    world.build(world.osm(), world.zones(LSOA21NM=["<script>alert(1)</script>", "`${x}` \"' \\"]), world.people(5, 10))
    page = (world.folder / "study/out/map.html").read_text("utf-8")
    assert "<script>alert(1)</script>" not in page


def test_zones_of_one_s_own(world):
    boxes = [shapely.box(-10, -10, 150, 400), shapely.box(150, -10, 400, 400)]
    own = world.shapes("own.geojson", boxes, zone_code=["north", "south"])
    people = world.table("people.csv", "zone_code,population\nnorth,5\nsouth,7\n")
    assert world.build(world.osm(), own, people)["figures"]["people"] == 12


def test_an_outline_and_nothing_but_a_list(world):
    outline = world.shapes("outline.geojson", [shapely.box(-10, -10, 200, 200)])
    found = world.build(world.hall(50), outline)
    assert found["figures"]["assets_by_category"] == {"community_centre": 1}


@pytest.mark.parametrize("told", [True, False])
def test_no_green_space_is_a_finding_only_where_something_tells_of_it(world, told):
    """A list of halls says nothing of parks; OpenStreetMap data without a park says that there is none."""
    files = [world.zones(), world.people(5, 10), world.hall(50)]
    found = world.build(*files, *([world.osm(park=False)] if told else []))
    out = world.folder / "study/out"
    zones, standards = (pd.read_csv(out / name, encoding="utf-8-sig") for name in ("zones.csv", "standards.csv"))
    areas = zones[["green_m2", "green_near_m2", "green_m2_per_person", "green_near_m2_per_person", "green_ha_per_1000"]]
    near = standards[(standards["criterion"] == "green300_1ha") & (standards["mode"] == "euclid")].set_index("group")
    assert near["people"].to_dict() == {"neighbourhood": 15, "E01000001": 5, "E01000002": 10}
    if told:
        assert (areas == 0).all(axis=None)
    else:
        assert areas.isna().all(axis=None)
        assert (near["people_not_known"] == near["people"]).all()
        assert near["share_at_most"].tolist() == [1, 1, 1]
    assert any("Nothing in the study tells of green space" in note for note in found["notes"]) is not told
    assert ("Green space per person" in (out / "map.html").read_text("utf-8")) is told


def test_data_that_all_lies_on_one_line(world, monkeypatch):
    class Level:
        def transform(self, x, y):
            return x / 60_000 - 0.01, 51.5

    monkeypatch.setattr(drawn, "TO_LONLAT", Level())
    town = Drawing()
    town.way([(0, 0), (100, 0)], highway="residential")
    town.node(50, 0, amenity="cafe")
    assert world.build(town.write(world.folder / "line.osm"))["figures"]["assets"] == 1


def test_another_part_of_the_world(world, monkeypatch):
    class Quito:
        def transform(self, x, y):
            return x / 111_000 - 78.5, y / 111_000 - 3

    monkeypatch.setattr(drawn, "TO_LONLAT", Quito())
    monkeypatch.setattr(drawn, "WEST", 0.0)
    monkeypatch.setattr(drawn, "SOUTH", 0.0)
    found = world.build(world.osm())
    assert found["figures"]["crs"] == "EPSG:32717"


def test_places_that_are_all_far_away_are_named_with_their_tally(world):
    outline = world.shapes("outline.geojson", [shapely.box(-10, -10, 200, 200)])
    with pytest.raises(InputError, match=r"no asset is left to map \(halls.csv: 1 read, 0 kept, 1 dropped \(farther"):
        world.build(world.hall(50_000), outline)


def test_streets_without_a_place_are_refused(world):
    with pytest.raises(InputError, match="no asset is left to map"):
        world.build(world.osm(park=False, house=False))


def test_an_outline_beyond_the_zones_is_refused(world):
    outline = world.shapes("outline.geojson", [shapely.box(900, 900, 950, 950)])
    with pytest.raises(InputError, match="no zone lies in the boundary"):
        world.build(world.osm(), world.zones(), outline)


def test_an_outline_within_one_zone_stands_for_that_zone(world):
    outline = world.shapes("outline.geojson", [shapely.box(0, 0, 60, 60)])
    found = world.build(world.osm(), world.zones(), outline, world.people(100, 50))
    assert found["figures"]["people"] == 100


def test_a_study_of_nowhere_is_refused(world):
    with pytest.raises(MissingInputError, match="the study names no place and no OpenStreetMap file"):
        world.build(world.hall(50))
