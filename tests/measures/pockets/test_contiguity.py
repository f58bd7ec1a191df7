"""Which zones are neighbours, on paper, in degrees turned into metres, and beside libpysal's count."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.errors import CRSError, InputError, UsageError
from assetmap.measures.pockets.contiguity import connected_sets, neighbouring_zones

# London's 4,994 LSOAs of 2021, as libpysal 4.14.1's Graph.build_contiguity counts them (strict and by vertices alike).
LIBPYSAL_LONDON = {"queen": 14_736, "rook": 14_550}


def grid(columns: int, rows: int, side: float = 100.0) -> gpd.GeoDataFrame:
    cells = [
        shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side) for y in range(rows) for x in range(columns)
    ]
    return gpd.GeoDataFrame({"zone_code": [f"Z{n:03d}" for n in range(len(cells))]}, geometry=cells, crs=27700)


def pairs_of(zones, **options) -> set[tuple[int, int]]:
    one, other = neighbouring_zones(zones, **options)
    return {(a, b) for a, b in zip(one.tolist(), other.tolist(), strict=True) if a < b}


def test_a_chessboard():
    """Of 3 x 3 squares 12 edges are shared, and 8 more pairs meet at a corner."""
    assert len(pairs_of(grid(3, 3), rule="rook")) == 12
    assert len(pairs_of(grid(3, 3), rule="queen")) == 20


def test_pairs_go_both_ways_and_never_to_oneself():
    one, other = neighbouring_zones(grid(4, 2))
    assert set(zip(one, other, strict=True)) == set(zip(other, one, strict=True))
    assert (one != other).all()


@pytest.mark.parametrize("shift", [0.3, -0.3])
def test_borders_digitised_apart_still_meet(shift):
    """Two squares side by side with a gap or a sliver of overlap, and a third at the corner of the first."""
    shapes = [shapely.box(0, 0, 100, 100), shapely.box(100 + shift, 0, 200, 100), shapely.box(-80, 100.3, -0.3, 200)]
    zones = gpd.GeoDataFrame({"zone_code": ["A", "B", "C"]}, geometry=shapes, crs=27700)
    assert pairs_of(zones) == {(0, 1), (0, 2)}
    assert pairs_of(zones, rule="rook") == {(0, 1)}
    assert pairs_of(zones, gap_m=0) == ({(0, 1)} if shift < 0 else set())
    assert pairs_of(zones, gap_m=0, rule="rook") == ({(0, 1)} if shift < 0 else set())


def test_a_zone_inside_another_is_its_neighbour():
    whole = shapely.box(0, 0, 300, 300)
    hole = shapely.box(100, 100, 200, 200)
    zones = gpd.GeoDataFrame({"zone_code": ["A", "B"]}, geometry=[whole.difference(hole), hole], crs=27700)
    assert pairs_of(zones, rule="rook") == {(0, 1)}


def test_overlapping_zones_are_refused_by_name():
    zones = grid(2, 1)
    zones.loc[1, "geometry"] = shapely.box(90, 0, 200, 100)
    with pytest.raises(InputError, match=r"1 pair\(s\) of zones overlap \(first: Z000 and Z001, by 1,000 m²\)"):
        neighbouring_zones(zones)


def test_degrees_and_wrong_rules_are_refused():
    with pytest.raises(CRSError):
        neighbouring_zones(grid(2, 1).set_crs(4326, allow_override=True))
    with pytest.raises(UsageError, match="'queen' or 'rook'"):
        neighbouring_zones(grid(2, 1), rule="bishop")
    with pytest.raises(UsageError, match="0 m or more"):
        neighbouring_zones(grid(2, 1), gap_m=-1)


def test_london_as_libpysal_counts_it(shared_data):
    zones = gpd.read_file(shared_data / "boundaries" / "London-LSOA-2021.gpkg").rename(
        columns={"lsoa21cd": "zone_code"}
    )
    for rule, number in LIBPYSAL_LONDON.items():
        assert len(neighbouring_zones(zones, rule=rule, gap_m=0)[0]) == 2 * number
        # A metre of grace adds a few corners, and next to no borders.
        assert number <= len(neighbouring_zones(zones, rule=rule)[0]) / 2 <= 1.002 * number


def test_boundaries_kept_in_degrees_lose_no_neighbour(shared_data):
    """A borough in metres, and rounded to a millionth of a degree and back: by default both have the same borders."""
    zones = gpd.read_file(shared_data / "boundaries" / "London-LSOA-2021.gpkg").rename(
        columns={"lsoa21cd": "zone_code"}
    )
    zones = zones[zones["lsoa21nm"].str.startswith("Tower Hamlets")].reset_index(drop=True)
    rounded = zones.to_crs(4326)
    rounded = rounded.set_geometry(rounded.geometry.set_precision(1e-6, mode="pointwise")).to_crs(27700)
    for rule in ("queen", "rook"):
        assert pairs_of(rounded, rule=rule) == pairs_of(zones, rule=rule)


def test_connected_sets_number_members_only():
    pairs = neighbouring_zones(grid(5, 1))
    found = connected_sets(pairs, np.array([True, True, False, True, False]))
    assert found.tolist() == [0, 0, -1, 1, -1]
    assert connected_sets(pairs, np.zeros(5, dtype=bool)).tolist() == [-1] * 5


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), east=st.floats(-1e5, 1e5), turn=st.floats(0, 360))
def test_order_place_and_turn_change_nothing(seed, east, turn):
    zones = grid(4, 4)
    member = np.random.default_rng(seed).random(16) < 0.5
    order = np.random.default_rng(seed).permutation(16)
    moved = zones.set_geometry(zones.translate(east, -east / 3).rotate(turn, origin=(0, 0))).iloc[order]
    moved = moved.reset_index(drop=True)
    sets = connected_sets(neighbouring_zones(zones, rule="rook"), member)
    other = connected_sets(neighbouring_zones(moved, rule="rook"), member[order])

    def named(number, codes):
        return {frozenset(codes[number == n]) for n in set(number.tolist()) - {-1}}

    assert named(sets, zones["zone_code"].to_numpy()) == named(other, moved["zone_code"].to_numpy())
