"""Lookups of zones to larger areas: tables as published, and maps."""

from __future__ import annotations

import pandas as pd
import pytest
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.sources.area_lookups import areas_by_ground, areas_to_lsoa21, lookup_rows, read_area_lookup
from assetmap.sources.boundaries import read_lookup, read_zones
from assetmap.sources.recognise import recognise_file

GRID = CRS.from_epsg(27700)


def test_a_wide_table_of_the_ons_gives_one_row_for_each_level():
    table = pd.DataFrame(
        {
            "LSOA21CD": ["E01035657", "E01004222"],
            "LSOA21NM": ["a", "b"],
            "WD24CD": ["E05009318", "E05009318"],
            "WD24NM": ["Bow East"] * 2,
            "LAD24CD": ["E09000030"] * 2,
            "LAD24NM": ["Tower Hamlets"] * 2,
        }
    )
    rows, vintage = lookup_rows(table, "lookup.csv")
    assert vintage == "lsoa21"
    assert rows.groupby("level")["name"].first().to_dict() == {"local_authority": "Tower Hamlets", "ward": "Bow East"}


def test_a_table_without_areas_is_refused():
    with pytest.raises(InputError, match="no lookup of zones to areas"):
        lookup_rows(pd.DataFrame({"LSOA21CD": ["E01035657"], "people": ["7"]}), "t.csv")


def test_the_published_lookup_of_sub_icbs_goes_onto_zones_of_2021(shared_data):
    folder = shared_data / "boundaries"
    lookup = read_area_lookup(folder / "regions_lsoa_ew.csv", crs=GRID)
    assert lookup.zone_vintage == "lsoa11"
    rows = areas_to_lsoa21(lookup.areas, read_lookup(folder / "England-Wales-LSOA-2011-2021.csv"))
    sub_icb = rows[rows["level"] == "sub_icb"].set_index("zone_code")["name"]
    assert sub_icb["E01035657"].startswith("NHS North East London")  # a part of the split E01004224
    assert recognise_file(folder / "regions_lsoa_ew.csv").kind == "areas"


def test_wards_on_a_map_hold_the_zones_that_the_publisher_puts_in_them(shared_data):
    folder = shared_data / "boundaries"
    zones, _ = read_zones(folder / "London-LSOA-2021.gpkg")
    wards = read_area_lookup(folder / "wards_tower_hamlets_E09000030.geojson", crs=zones.crs)
    rows = areas_by_ground(zones, wards.areas)
    found = rows.set_index("zone_code")["name"]
    assert {found[code] for code in ("E01004228", "E01004229", "E01004234")} == {"Bow West"}
    assert {found[code] for code in ("E01004222", "E01004226", "E01032764")} == {"Bow East"}
