"""Zones, their vintages, and the lookup between the censuses."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, Polygon, box

from assetmap.crs import BRITISH_GRID
from assetmap.errors import CRSError, InputError
from assetmap.schema import validate_table
from assetmap.sources.boundaries import check_vintage, read_lookup, read_zones, vintage_of_header

GRID = [box(530000 + 100 * n, 180000, 530100 + 100 * n, 180100) for n in range(3)]


def _file(tmp_path, shapes=GRID, crs=27700, name="zones.gpkg", **columns):
    path = tmp_path / name
    gpd.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path)
    return path


def test_zones_as_a_table(tmp_path):
    path = _file(
        tmp_path, LSOA21CD=["E01000001", "E01000002", "E01035657"], LSOA21NM=["A", "B", None], pop2021=[1, 2, 3]
    )
    zones, tally = read_zones(path)
    validate_table(zones, "zones")
    assert zones["zone_code"].tolist() == ["E01000001", "E01000002", "E01035657"]
    assert zones["population"].tolist() == [1, 2, 3]
    assert set(zones["vintage"]) == {"lsoa21"}
    assert zones.crs == BRITISH_GRID
    assert tally.summary() == "zones.gpkg: 3 read, 3 kept"


@pytest.mark.parametrize(
    ("header", "codes", "vintage"),
    [
        ("LSOA21CD", [], "lsoa21"),
        ("lsoa11cd", [], "lsoa11"),
        ("LSOA code (2011)", [], "lsoa11"),
        ("lsoa21_code", [], "lsoa21"),
        ("OA21CD", [], "oa21"),
        ("OA11CD", [], "oa11"),
        ("WD22CD", [], "ward"),
        ("GSS_CODE", ["E05000405"], "ward"),
        ("GSS_CODE", ["E09000021"], "own"),
        ("geo_code", ["E01000001", "E01035657"], "lsoa21"),
        ("geo_code", ["E01000001"], "own"),
        ("id", ["A"], "own"),
    ],
)
def test_vintage_comes_from_the_column_and_its_codes(header, codes, vintage):
    assert vintage_of_header(header, codes) == vintage


def test_own_areas_and_named_columns(tmp_path):
    path = _file(tmp_path, Patch=["north", "mid", "south"], Called=["N", "M", "S"])
    with pytest.raises(InputError, match=r"no column of zone codes.*Patch, Called"):
        read_zones(path)
    zones, _ = read_zones(path, code="patch", name="Called")
    assert zones[["zone_code", "name", "vintage"]].iloc[0].tolist() == ["north", "N", "own"]
    assert zones["population"].isna().all()


def test_codes_that_are_numbers_stay_whole(tmp_path):
    zones, _ = read_zones(_file(tmp_path, code=[1.0, 2.0, 3.0]))
    assert zones["zone_code"].tolist() == ["1", "2", "3"]


def test_codes_there_twice_are_refused(tmp_path):
    path = _file(tmp_path, LSOA21CD=["E01000001", "E01000001", "E01000002"])
    with pytest.raises(InputError, match=r"E01000001, row 2"):
        read_zones(path)


def test_people_that_are_no_number_are_refused(tmp_path):
    path = _file(tmp_path, LSOA21CD=["E01000001", "E01000003", "E01000002"], population=["1", "-2", "3"])
    with pytest.raises(InputError, match="row 2"):
        read_zones(path)


def test_overlaps_are_measured_and_said(tmp_path):
    shapes = [box(530000, 180000, 530110, 180100), GRID[1], GRID[2]]
    zones, tally = read_zones(_file(tmp_path, shapes, code=["A", "B", "C"]))
    assert len(zones) == 3
    assert tally.repaired == {"zones that overlap, 1,000 m² in all, kept as they are": 2}


def test_what_is_no_area_or_has_no_code_is_dropped(tmp_path):
    shapes = [GRID[0], Point(530000, 180000), GRID[1]]
    zones, tally = read_zones(_file(tmp_path, shapes, name="z.geojson", code=["A", "B", None]), crs=BRITISH_GRID)
    assert zones["zone_code"].tolist() == ["A"]
    assert tally.dropped == {"not an area": 1, "no zone code": 1}
    with pytest.raises(InputError, match="no area with a code"):
        read_zones(_file(tmp_path, [Point(530000, 180000)], code=["A"]))


def test_bow_ties_are_mended(tmp_path):
    bow = Polygon([(530000, 180000), (530100, 180100), (530100, 180000), (530000, 180100)])
    zones, tally = read_zones(_file(tmp_path, [bow], name="z.geojson", code=["A"]))
    assert zones.area.tolist() == pytest.approx([5000])
    assert tally.repaired == {"invalid shape mended": 1}


def test_swapped_axes_are_refused(tmp_path):
    path = _file(tmp_path, [box(51.5, -0.1, 51.6, 0.0)], crs=4326, code=["A"])
    with pytest.raises(CRSError, match="longitude goes first"):
        read_zones(path)


def test_zones_elsewhere_are_in_their_own_metres(tmp_path):
    zones, _ = read_zones(_file(tmp_path, [box(-15.45, 28.08, -15.40, 28.15)], crs=4326, code=["A"]))
    assert zones.crs.to_epsg() == 32628
    web, _ = read_zones(_file(tmp_path, [box(-3000, 6700000, -2000, 6701000)], crs=3857, name="w.gpkg", code=["A"]))
    assert web.crs == BRITISH_GRID  # metres of the web map are not metres on the ground


def test_lookup(tmp_path):
    path = tmp_path / "lookup.csv"
    path.write_text("F_LSOA11CD,LSOA11NM,LSOA21CD,CHGIND\nE01000001,x,E01000001,U\nE01004224,y,E01035657,S\n")
    lookup = read_lookup(path)
    assert lookup.to_numpy().tolist() == [["E01000001", "E01000001", "U"], ["E01004224", "E01035657", "S"]]
    path.write_text("LSOA11CD,LSOA21CD,CHGIND\nE01000001,E01000001,Q\n")
    with pytest.raises(InputError, match="U, S, M or X"):
        read_lookup(path)
    path.write_text("LSOA11CD,CHGIND\nE01000001,U\n")
    with pytest.raises(InputError, match="no column lsoa21cd"):
        read_lookup(path)


def test_codes_of_the_other_census_are_refused():
    lookup = pd.DataFrame(
        {
            "lsoa11cd": ["E01000001", "E01004224"],
            "lsoa21cd": ["E01000001", "E01035657"],
            "chgind": ["U", "S"],
        }
    )
    with pytest.raises(InputError, match=r"E01004224.*of 2021.*ONS lookup"):
        check_vintage(["E01000001", "E01004224"], "lsoa21", what="table", lookup=lookup)
    with pytest.raises(InputError, match=r"E01035657.*of 2011"):
        check_vintage(["E01035657"], "lsoa11", what="table")
    check_vintage(["E01000001", "E01035657"], "lsoa21", what="table", lookup=lookup)
    check_vintage(["anything"], "own", what="table")


def test_the_sample_zones(sample):
    zones, tally = read_zones(sample / "boundaries" / "tidewell_zones.geojson")
    assert (len(zones), set(zones["vintage"])) == (12, {"lsoa21"})
    assert zones.area.tolist() == pytest.approx([90_000] * 12, rel=1e-3)
    assert not tally.repaired


@pytest.mark.parametrize(
    ("name", "rows", "vintage"),
    [
        ("London-LSOA-2021.gpkg", 4_994, "lsoa21"),
        ("London_Ward.shp", 649, "ward"),
        ("London-Boroughs.gpkg", 33, "own"),
        ("lsoa2011_tower_hamlets_E09000030.geojson", 144, "lsoa11"),
        ("wards_tower_hamlets_E09000030.geojson", 17, "ward"),
    ],
)
def test_published_zones(shared_data, name, rows, vintage):
    zones, tally = read_zones(shared_data / "boundaries" / name)
    assert (len(zones), set(zones["vintage"])) == (rows, {vintage})
    assert not tally.dropped
    assert zones.crs == BRITISH_GRID


def test_slivers_of_the_composite_are_said(shared_data):
    _, tally = read_zones(shared_data / "boundaries" / "lsoa2021_northampton_composite.geojson")
    assert [reason.split(",")[0] for reason in tally.repaired] == ["zones that overlap"]


def test_published_lookup(shared_data):
    lookup = read_lookup(shared_data / "boundaries" / "England-Wales-LSOA-2011-2021.csv")
    assert len(lookup) == 35_796
    assert lookup.loc[lookup["lsoa11cd"] == "E01004224", "lsoa21cd"].tolist() == [
        "E01035657",
        "E01035658",
        "E01035659",
    ]
    zones, _ = read_zones(shared_data / "boundaries" / "lsoa2011_tower_hamlets_E09000030.geojson")
    with pytest.raises(InputError, match="ONS lookup"):
        check_vintage(zones["zone_code"], "lsoa21", what="the table", lookup=lookup)
