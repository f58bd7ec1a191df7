"""Sites: which polygons are one park, and that cutting a park in two changes nothing."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.crs import BRITISH_GRID
from assetmap.errors import CRSError
from assetmap.measures.access import usable_assets
from assetmap.measures.sites import assign_sites, merge_sites
from assetmap.sources.green_space import read_green_space


def greens(*rows):
    """Rows of name, category, west, south, east, north in metres."""
    return gpd.GeoDataFrame(
        {
            "asset_id": [f"g{i}" for i in range(len(rows))],
            "name": pd.Series([row[0] for row in rows], dtype="str"),
            "category": pd.Series([row[1] for row in rows], dtype="str"),
        },
        geometry=[shapely.box(*row[2:]) for row in rows],
        crs=27700,
    )


def together(green):
    """Return the sites as sets of positions."""
    site = assign_sites(green).reset_index(drop=True)
    return {frozenset(site.index[site == one]) for one in site.dropna().unique()}


def test_one_name_is_one_park_up_to_ten_metres():
    near = greens(("Mile End Park", "park", 0, 0, 100, 100), ("Mile  End park", "park", 110, 0, 200, 100))
    assert together(near) == {frozenset({0, 1})}  # capitals and spaces aside
    assert together(near.set_geometry([near.geometry.iloc[0], shapely.box(110.01, 0, 200, 100)])) == {
        frozenset({0}),
        frozenset({1}),
    }


def test_names_go_before_categories():
    two = greens(("Meath Gardens", "park", 0, 0, 10, 10), ("Meath Gardens", "playground", 10, 0, 20, 10))
    assert together(two) == {frozenset({0, 1})}
    other = greens(("Meath Gardens", "park", 0, 0, 10, 10), ("Bow Cemetery", "park", 10, 0, 20, 10))
    assert len(together(other)) == 2


def test_the_nameless_join_their_own_kind():
    four = greens(
        ("Meath Gardens", "park", 0, 0, 10, 10),
        (None, "park", 10, 0, 20, 10),
        (None, "park", 20, 0, 30, 10),
        (None, "cemetery", 30, 0, 40, 10),
    )
    assert together(four) == {frozenset({0, 1, 2}), frozenset({3})}


def test_a_nameless_piece_does_not_make_one_park_of_two():
    three = greens(
        ("Weavers Fields", "park", 0, 0, 100, 10),
        (None, "park", 101, 0, 110, 10),
        ("Bethnal Green", "park", 110, 0, 120, 10),
    )
    assert together(three) == {frozenset({0}), frozenset({1, 2})}  # the second touches, the first is 1 m off
    touching = three.set_geometry([shapely.box(0, 0, 101, 10), *three.geometry.iloc[1:]])
    assert together(touching) == {frozenset({0, 1}), frozenset({2})}  # both touch: with the larger


def test_a_nameless_piece_joins_pieces_of_one_name():
    three = greens(
        ("Long Park", "park", 0, 0, 50, 10), (None, "park", 50, 0, 70, 10), ("Long Park", "park", 70, 0, 90, 10)
    )
    assert together(three) == {frozenset({0, 1, 2})}


def test_area_is_of_the_union_and_the_largest_part_speaks_for_all():
    green = greens(
        (None, "park", 0, 0, 100, 100), ("Long Park", "park", 50, 0, 120, 100), (None, "park", 500, 0, 510, 10)
    )
    sites = merge_sites(green)
    assert sites["site_id"].tolist() == ["g0", "g2"]
    assert sites["name"].tolist()[0] == "Long Park"
    assert sites["parts"].tolist() == [2, 1]
    assert sites["area_m2"].tolist() == [12_000, 100]
    assert sites["name"].isna().tolist() == [False, True]
    assert sites.crs == green.crs


def test_points_have_no_site_and_the_index_is_the_caller_s():
    green = greens((None, "park", 0, 0, 1, 1), (None, "park", 0, 0, 1, 1)).set_axis(["x", "y"])
    green.loc["y", "geometry"] = shapely.Point(0, 0)
    site = assign_sites(green)
    assert site.index.tolist() == ["x", "y"]
    assert site["x"] == "g0"
    assert pd.isna(site["y"])
    assert len(merge_sites(green)) == 1


def test_nothing_has_no_sites_and_degrees_are_refused():
    empty = greens((None, "park", 0, 0, 1, 1)).iloc[:0]
    assert assign_sites(empty).empty
    assert merge_sites(empty).columns.tolist() == ["site_id", "name", "category", "parts", "area_m2", "geometry"]
    with pytest.raises(CRSError, match="metres"):
        merge_sites(greens((None, "park", 0, 0, 1, 1)).to_crs(4326))


names = st.sampled_from([None, None, "North Park", "South Park"])
kinds = st.sampled_from(["park", "cemetery"])
corners = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(2, 12), st.integers(2, 12)).map(
    lambda box: (box[0] * 5, box[1] * 5, box[0] * 5 + box[2] * 5, box[1] * 5 + box[3] * 5)
)
rows = st.lists(st.tuples(names, kinds, corners).map(lambda row: (*row[:2], *row[2])), min_size=1, max_size=9)


def cut(green, which, share):
    """Cut one polygon in two touching halves, along its longer side."""
    west, south, east, north = green.geometry.iloc[which].bounds
    if east - west > north - south:
        middle = west + round((east - west) * share)
        halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    else:
        middle = south + round((north - south) * share)
        halves = [shapely.box(west, south, east, middle), shapely.box(west, middle, east, north)]
    parts = green.iloc[[which, which]].assign(asset_id=["first half", "second half"]).set_geometry(halves)
    return pd.concat([green.drop(green.index[which]), parts], ignore_index=True)


@settings(max_examples=40, deadline=None)
@given(rows, st.integers(0, 8), st.floats(0.2, 0.8))
def test_cutting_a_park_in_two_changes_no_site(drawn, which, share):
    whole = greens(*drawn)
    halves = cut(whole, which % len(whole), share)
    before, after = (merge_sites(green).geometry.to_numpy() for green in (whole, halves))
    assert len(before) == len(after)
    # Each site of the one is a site of the other.
    same = shapely.equals(before[:, None], after[None, :])
    assert same.any(axis=0).all()
    assert same.any(axis=1).all()


@settings(max_examples=20, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_a_shift_of_the_world_change_nothing(drawn, shuffler):
    green = greens(*drawn)
    mixed = green.sample(frac=1, random_state=shuffler.randrange(1000))
    moved = mixed.set_geometry(mixed.translate(12_000, -9_000)).reset_index(drop=True)
    before, after = merge_sites(green), merge_sites(moved)
    columns = ["site_id", "name", "category", "parts", "area_m2"]
    pd.testing.assert_frame_equal(pd.DataFrame(before[columns]), pd.DataFrame(after[columns]))


def test_old_ford_s_parks(shared_data):
    path = shared_data / "greenspace/tower_hamlets_800m_os_open_greenspace_2020.geojson"
    green, _ = read_green_space(path, crs=BRITISH_GRID)
    usable = usable_assets(green)
    assert (len(green), int(green["name"].isna().sum()), len(usable)) == (583, 433, 572)
    sites = merge_sites(usable)
    largest = sites.groupby("name")["area_m2"].max() / 10_000
    assert largest[["Victoria Park", "Mile End Park", "Meath Gardens"]].tolist() == pytest.approx(
        [86.33, 13.75, 4.69], abs=0.005
    )
    assert (sites["name"] == "Mile End Park").sum() == 2  # 229 m apart: the main road lies between
    parts = usable.geometry.groupby(assign_sites(usable))
    assert sites["parts"].tolist() == parts.size().tolist()
    assert sites["area_m2"].tolist() == pytest.approx(parts.apply(lambda part: part.union_all().area).tolist())
