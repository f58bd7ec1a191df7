"""Lists of places, placed in every way and with every fault."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from openpyxl import Workbook
from pyproj import CRS
from shapely import Point, box

from assetmap.crs import BRITISH_GRID
from assetmap.errors import CRSError, InputError, MissingInputError, SettingsError
from assetmap.files import sha256_of
from assetmap.schema import validate_table
from assetmap.sources.lists import read_list
from assetmap.taxonomy import taxonomy

UTM_28N = CRS.from_epsg(32628)
OLD_FORD_NEAR = (-0.05, 51.52, -0.02, 51.54)
# Victoria Park's corner: 536748 E 183071 N is 51.53 N 0.03 W by the same shift that pyproj's own transform gives
OLD_FORD = Point(536747.9, 183071.4)


def _write(tmp_path, text, name="list.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "cells", "off_m"),
    [
        ("Longitude,Latitude", "-0.03,51.53", 1),
        ("lon,lat", '"-0,03","51,53"', 1),
        ("Easting,Northing", "536748,183071", 1),
        ("EASTINGS,NORTHINGS", '"536,748","183,071.0"', 1),
        ("X,Y", "-0.03,51.53", 1),
        ("x,y", "536748,183071", 1),
        ("Grid ref,n", "tq367830,1", 71),
        ("OS Grid Reference,n", "TQ 36748 83071,1", 1),
    ],
)
def test_every_way_of_saying_where(tmp_path, header, cells, off_m):
    path = _write(tmp_path, f"Name,Type,{header}\nHall,Community centre,{cells}\n")
    assets, tally = read_list(path, crs=BRITISH_GRID)
    assert assets.geometry.iloc[0].distance(OLD_FORD) <= off_m
    assert tally.summary() == "list.csv: 1 read, 1 kept"


def test_columns_of_the_asset_table(tmp_path):
    text = (
        "Centre name,Asset type,lon,lat,Run by,Opening hours,Fee,Step-free,Public access,Last checked\n"
        "Hall,Tenants Hall,-0.03,51.53,The Trust,Mon-Fri 9-5,£5,Partly,Members only,3/4/2025\n"
        "Store,Library / hub,-0.031,51.53,,,,ramp at the back,,soon\n"
    )
    path = _write(tmp_path, text)
    assets, tally = read_list(path, crs=BRITISH_GRID, name="Council list")
    validate_table(assets, "assets")
    first, second = assets.iloc[0], assets.iloc[1]
    assert first["asset_id"] == f"list:{sha256_of(path)[:12]}:2"
    assert first[["name", "category", "source", "source_ref"]].tolist() == [
        "Hall",
        "community_centre",
        "Council list",
        "row 2",
    ]
    assert first[["owner", "opening_hours", "cost", "step_free", "access", "observed_on"]].tolist() == [
        "The Trust",
        "Mon-Fri 9-5",
        "£5",
        "limited",
        "restricted",
        "2025-04-03",
    ]
    assert second["category"] == "library"
    assert second["access"] == "unknown"
    assert second[["owner", "step_free", "observed_on", "zone_code"]].isna().all()
    assert tally.repaired == {
        "step-free words not understood, left empty": 1,
        "date not understood, left empty": 1,
    }


def test_mapping_names_other_columns(tmp_path):
    path = _write(tmp_path, "Who,What,Wo_X,Wo_Y\nHall,Library,536748,183071\n")
    mapping = {"name": "Who", "category": "what", "easting": "Wo_X", "northing": "Wo_Y"}
    assets, _ = read_list(path, crs=BRITISH_GRID, columns=mapping)
    assert assets["name"].tolist() == ["Hall"]
    with pytest.raises(InputError, match="did you mean 'Who'"):
        read_list(path, crs=BRITISH_GRID, columns={"name": "Whom"})
    with pytest.raises(SettingsError, match="did you mean 'name'"):
        read_list(path, crs=BRITISH_GRID, columns={"nmae": "Who"})


def test_category_comes_from_the_row_then_the_list(tmp_path):
    path = _write(tmp_path, "name,type,lon,lat\nA,Mosque,-0.03,51.53\nB,Car wash,-0.03,51.53\nC,,-0.03,51.53\n")
    assets, tally = read_list(path, crs=BRITISH_GRID)
    assert assets["category"].tolist() == ["place_of_worship"]
    assert tally.dropped == {"type of place not in the taxonomy": 1, "no type of place given": 1}
    assert ("row 3 (Car wash)", "type of place not in the taxonomy") in tally.rows
    filled, tally = read_list(path, crs=BRITISH_GRID, category="Community centre")
    assert filled["category"].tolist() == ["place_of_worship", "community_centre", "community_centre"]
    assert tally.kept == 3
    with pytest.raises(InputError, match="did you mean 'library'"):
        read_list(path, crs=BRITISH_GRID, category="librry")


def test_list_without_kinds_or_places_says_what_to_give(tmp_path):
    path = _write(tmp_path, "name,lon,lat\nA,-0.03,51.53\n")
    with pytest.raises(InputError, match=r"category = \"community_centre\""):
        read_list(path, crs=BRITISH_GRID)
    path = _write(tmp_path, "name,type,town\nA,Library,Bow\n")
    with pytest.raises(InputError, match="longitude and latitude, easting and northing, a grid reference"):
        read_list(path, crs=BRITISH_GRID)
    path = _write(tmp_path, "name,type,lon,lat\n")
    with pytest.raises(InputError, match="no rows"):
        read_list(path, crs=BRITISH_GRID)


def test_rows_without_a_place_are_dropped_with_their_reason(tmp_path):
    rows = [
        "good,-0.03,51.53",
        "none,,",
        "zero,0,0",
        "words,here,there",
        "infinite,inf,51.5",
        "beyond,-0.03,1e300",
        "paris,-3.7,40.4",
        "turned,51.53,-0.03",
        "good too,-0.031,51.531",
    ]
    path = _write(tmp_path, "name,lon,lat\n" + "\n".join(rows) + "\n")
    assets, tally = read_list(path, crs=BRITISH_GRID, category="library")
    assert assets["name"].tolist() == ["good", "good too"]
    assert tally.read == 9
    assert tally.kept == 2
    assert tally.dropped == {
        "no coordinates": 1,
        "coordinates are 0, 0": 1,
        "coordinates are not numbers": 2,
        f"outside the area of {BRITISH_GRID.name}": 2,
        "longitude and latitude exchanged": 1,
    }


def test_a_list_with_its_axes_exchanged_is_refused(tmp_path):
    path = _write(tmp_path, "name,lat,lon\nA,-0.03,51.53\nB,-0.04,51.52\n")
    with pytest.raises(CRSError, match="longitude goes first"):
        read_list(path, crs=BRITISH_GRID, category="library")
    palmas = _write(tmp_path, "name,lat,lon\nA,-15.41,28.1\n", "palmas.csv")
    with pytest.raises(CRSError, match="swapped"):
        read_list(palmas, crs=UTM_28N, category="library", near=(-15.5, 28.0, -15.3, 28.2))


def test_metres_in_degree_columns_are_refused(tmp_path):
    path = _write(tmp_path, "name,lon,lat\nA,536748,183071\nB,536749,183071\n")
    with pytest.raises(CRSError, match="are not degrees"):
        read_list(path, crs=BRITISH_GRID, category="library")
    assets, _ = read_list(path, crs=BRITISH_GRID, category="library", source_crs="EPSG:27700")
    assert assets.geometry.iloc[0] == Point(536748, 183071)


def test_the_studys_own_system_goes_first_and_disagreement_is_said(tmp_path):
    text = "name,lon,lat,easting,northing\nA,-0.03,51.53,536748,183071\nB,-0.03,51.53,536948,183071\n"
    path = _write(tmp_path, text)
    in_metres, tally = read_list(path, crs=BRITISH_GRID, category="library")
    assert in_metres.geometry.iloc[1] == Point(536948, 183071)
    assert tally.repaired == {"two positions over 100 m apart, easting and northing taken": 1}
    utm = CRS.from_epsg(32630)
    in_degrees, tally = read_list(path, crs=utm, category="library")
    assert in_degrees.geometry.iloc[0].equals(in_degrees.geometry.iloc[1])
    assert tally.repaired == {"two positions over 100 m apart, longitude and latitude taken": 1}


def test_a_row_falls_back_to_its_next_position(tmp_path):
    text = (
        "name,easting,northing,lon,lat,gridref\nA,536748,183071,,,\nB,,,-0.03,51.53,\nC,,,,,TQ36748307\nD,,,,,TQ3683\n"
    )
    assets, tally = read_list(_write(tmp_path, text), crs=BRITISH_GRID, category="library")
    assert assets["name"].tolist() == ["A", "B", "C"]
    assert assets.distance(OLD_FORD).max() < 10
    assert tally.dropped == {"grid reference coarser than 100 m": 1}


def test_postcodes_need_the_users_table(tmp_path):
    path = _write(tmp_path, "name,postcode\nA,e35sj\nB,E3 9ZZ\nC,nowhere\nD,\n")
    with pytest.raises(InputError, match="postcode with a postcode table"):
        read_list(path, crs=BRITISH_GRID, category="library")
    table = _write(tmp_path, "pcds,oseast1m,osnrth1m\nE3 5SJ,536748,183071\n", "postcodes.csv")
    assets, tally = read_list(path, crs=BRITISH_GRID, category="library", postcodes=table)
    assert assets.geometry.tolist() == [Point(536748, 183071)]
    assert tally.dropped == {
        "postcode not in the postcode table": 1,
        "postcode not understood": 1,
        "no coordinates": 1,
    }


def test_strange_cells_survive_as_text(tmp_path):
    names = ["=HYPERLINK(0)", "</script>", "`${alert(1)}`", "NA", "007", "টাইডওয়েল"]
    text = "name,lon,lat\n" + "".join(f'"{name}",-0.03,51.53\n' for name in names)
    assets, _ = read_list(_write(tmp_path, text), crs=BRITISH_GRID, category="library")
    assert assets["name"].tolist() == names


def test_identifiers_stay_when_the_file_is_read_again(tmp_path):
    path = _write(tmp_path, "name,lon,lat\nA,,\nB,-0.03,51.53\n")
    once, _ = read_list(path, crs=BRITISH_GRID, category="library")
    again, _ = read_list(path, crs=BRITISH_GRID, category="library")
    pd.testing.assert_frame_equal(once, again)
    assert once["asset_id"].iloc[0].endswith(":3")


def test_workbooks_and_map_files(tmp_path):
    book = Workbook()
    book.active.append(["Name", "Easting", "Northing"])
    book.active.append(["Hall", 536748, 183071])
    book.save(tmp_path / "list.xlsx")
    assets, _ = read_list(tmp_path / "list.xlsx", crs=BRITISH_GRID, category="library")
    assert assets.geometry.tolist() == [Point(536748, 183071)]
    frame = gpd.GeoDataFrame(
        {"name": ["Yard"], "type": ["Market"]}, geometry=[box(536700, 183000, 536710, 183010)], crs=27700
    )
    frame.to_file(tmp_path / "list.gpkg")
    drawn, _ = read_list(tmp_path / "list.gpkg", crs=BRITISH_GRID)
    assert drawn[["category", "area_m2"]].iloc[0].tolist() == ["market", 100.0]


def test_files_that_are_no_list(tmp_path):
    with pytest.raises(MissingInputError):
        read_list(tmp_path, crs=BRITISH_GRID)
    with pytest.raises(InputError, match="web page"):
        read_list(_write(tmp_path, "<!doctype html><html>"), crs=BRITISH_GRID)
    with pytest.raises(InputError, match="empty"):
        read_list(_write(tmp_path, ""), crs=BRITISH_GRID)


def test_the_sample_list(sample):
    assets, tally = read_list(sample / "inputs" / "tidewell_community_buildings.csv", crs=BRITISH_GRID)
    assert (tally.read, tally.kept, tally.dropped) == (14, 13, {"no coordinates": 1})
    assert assets["category"].value_counts().to_dict() == {
        "community_centre": 7,
        "place_of_worship": 2,
        "library": 1,
        "arts_centre": 1,
        "theatre": 1,
        "school": 1,
    }
    assert set(assets["step_free"].dropna()) == {"yes", "limited", "no"}


def test_community_centres_of_london(shared_data):
    path = shared_data / "community" / "gla_community_centres.csv"
    assets, tally = read_list(path, crs=BRITISH_GRID, category="community_centre", near=OLD_FORD_NEAR)
    assert (len(assets), tally.kept) == (903, 903)
    boroughs = gpd.read_file(shared_data / "boundaries" / "London-Boroughs.gpkg").set_index("name")
    inside = assets.within(boroughs.geometry["Tower Hamlets"])
    assert int(inside.sum()) == 42  # as many as the file itself calls Tower Hamlets' own
    # the publisher's degrees are on the older British datum, 120 m off; its metres are right
    assert tally.repaired == {"degrees are OSGB36's, not WGS 84's (over 100 m off), easting and northing taken": 903}


def test_published_points_of_health(shared_data):
    assets, tally = read_list(shared_data / "health" / "GP.parquet", crs=BRITISH_GRID, category="gp_surgery")
    assert len(assets) == tally.kept == 9129
    assert set(assets["category"]) <= set(taxonomy().categories)
