"""The column contracts, and tallies that add up."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from assetmap.errors import CRSError, SchemaError
from assetmap.schema import CONTRACTS, empty_frame, validate_table
from assetmap.tally import Tally

ZONE = {
    "zone_code": ["E01000001", "E01000002"],
    "name": ["A", None],
    "vintage": "lsoa21",
    "population": [1500.0, np.nan],
}


def zones(**changes):
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    shapes = changes.pop("geometry", shapes)
    crs = changes.pop("crs", 27700)
    return gpd.GeoDataFrame({**ZONE, **changes}, geometry=shapes, crs=crs)


@pytest.mark.parametrize("table", CONTRACTS)
def test_an_empty_table_meets_its_own_contract(table):
    columns, spatial = CONTRACTS[table]
    frame = empty_frame(table, 27700)
    checked = validate_table(frame, table)
    assert len(checked) == 0
    assert list(checked.columns) == [*columns, *(["geometry"] if spatial else [])]
    for name, column in columns.items():
        assert str(checked[name].dtype) == column.dtype, name


@pytest.mark.parametrize("table", CONTRACTS)
def test_every_column_says_what_it_means(table):
    for name, column in CONTRACTS[table][0].items():
        assert column.meaning, name
        assert column.unique <= (not column.nullable), name


def test_a_table_comes_back_in_its_order_with_its_extra_columns():
    frame = zones(extra=[1, 2])[["geometry", "extra", "population", "vintage", "name", "zone_code"]]
    checked = validate_table(frame, "zones")
    assert list(checked.columns) == ["zone_code", "name", "vintage", "population", "extra", "geometry"]
    assert isinstance(checked, gpd.GeoDataFrame)
    assert checked.crs == 27700
    assert checked["name"].isna().tolist() == [False, True]
    assert checked["population"].tolist()[0] == 1500


def test_numbers_in_text_become_numbers():
    checked = validate_table(zones(population=["1500", None]), "zones")
    assert checked["population"].dtype == "float64"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"zone_code": ["E01000001"] * 2}, "zone_code: 2 .*unique|zone_code.*field_uniqueness"),
        ({"zone_code": ["E01000001", None]}, "zone_code"),
        ({"zone_code": ["E01000001", "no code!"]}, "zone_code: 1 value.*'no code!'"),
        ({"population": [1500.0, -1.0]}, r"population: 1 value.*greater_than_or_equal_to\(0.0\).*-1"),
        ({"population": ["many", "few"]}, "population"),
        ({"vintage": [None, "own"]}, "vintage"),
    ],
)
def test_a_broken_rule_names_column_rule_and_rows(changes, words):
    with pytest.raises(SchemaError, match=words) as caught:
        validate_table(zones(**changes), "zones", what="wards.gpkg")
    assert str(caught.value).startswith("wards.gpkg: column ")
    assert str(caught.value).endswith("correct those rows.")
    assert "\n" not in str(caught.value)


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match=r"^zones: column name, vintage is missing: the zones table needs it\.$"):
        validate_table(zones().drop(columns=["name", "vintage"]), "zones")


@pytest.mark.parametrize(
    "shape",
    [None, shapely.Polygon(), shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])],
    ids=["missing", "empty", "bow"],
)
def test_a_shape_that_can_t_be_measured_is_refused(shape):
    with pytest.raises(SchemaError, match="1 geometries are missing, empty or invalid"):
        validate_table(zones(geometry=[shapely.box(0, 0, 1, 1), shape]), "zones")


def test_a_frame_without_geometry_is_refused():
    with pytest.raises(SchemaError, match="there is no geometry column"):
        validate_table(pd.DataFrame(zones().drop(columns="geometry")), "zones")


@pytest.mark.parametrize("crs", [None, 4326])
def test_degrees_are_refused(crs):
    with pytest.raises(CRSError):
        validate_table(zones(crs=crs), "zones")


def test_a_value_outside_the_list_is_refused():
    access = {name: [None] for name in CONTRACTS["access"][0]}
    access |= {"origin_id": ["a"], "category": ["park"], "edge_effect": [False], "euclid_m": [1.0], "walk_m": [1.0]}
    validate_table(pd.DataFrame(access), "access")
    with pytest.raises(SchemaError, match=r"entrance_kind: 1 value.*'window'"):
        validate_table(pd.DataFrame({**access, "entrance_kind": ["window"]}), "access")


@given(
    st.integers(0, 50).flatmap(
        lambda n: st.tuples(
            st.just(n), st.lists(st.tuples(st.sampled_from("abc"), st.lists(st.booleans(), min_size=n, max_size=n)))
        )
    )
)
def test_read_is_kept_and_dropped_whatever_is_dropped_when(case):
    count, drops = case
    tally = Tally("list.csv", read=count)
    frame = pd.DataFrame({"n": range(count)})
    for reason, mask in drops:
        here = np.array(mask[: len(frame)], dtype=bool)
        frame = tally.drop_where(frame, here, reason, str)
    assert tally.kept == len(frame)
    assert tally.read == tally.kept + tally.dropped.total()
    assert len(tally.rows) == tally.dropped.total()
    assert {row for row, _ in tally.rows} | set(map(str, frame.index)) == set(map(str, range(count)))


def test_a_tally_remembers_the_first_thousand_rows_and_counts_all():
    tally = Tally("list.csv", read=5000)
    tally.drop("a", map(str, range(900)))
    tally.drop("b", map(str, range(2000)))
    assert tally.kept == 2100
    assert len(tally.rows) == 1000
    assert tally.rows[-1] == ("99", "b")


def test_a_tally_for_a_person_and_for_the_manifest():
    tally = Tally("list.csv", read=5)
    tally.drop("no name", ["row 2"])
    tally.drop("no place", ["row 3", "row 4"])
    tally.drop("never", [])
    tally.repair("ring closed", 1)
    tally.repair("nothing", 0)
    assert tally.summary() == (
        "list.csv: 5 read, 2 kept, 3 dropped (no name 1, no place 2), 1 repaired (ring closed 1)"
    )
    assert tally.as_dict() == {
        "source": "list.csv",
        "read": 5,
        "kept": 2,
        "dropped": {"no name": 1, "no place": 2},
        "repaired": {"ring closed": 1},
        "dropped_rows": [["row 2", "no name"], ["row 3", "no place"], ["row 4", "no place"]],
        "notes": [],
    }
