"""Pockets of deprivation on a drawn grid, in their sensitivity, where there is none, and in Tower Hamlets."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.errors import CRSError, InputError, UsageError
from assetmap.measures.pockets.connected import find_pockets

DECILES = [
    [1, 1, 6, 9, 2],
    [7, 2, 6, 9, 9],
    [8, 8, 3, 9, 9],
    [8, 8, 8, 9, 1],
]


def world(deciles=DECILES) -> gpd.GeoDataFrame:
    """Squares of 100 m, rows downwards; in row r and column c lies zone ``Z<r><c>`` with 1000 + 10 r + c people."""
    cells = [(r, c, decile) for r, row in enumerate(deciles) for c, decile in enumerate(row)]
    return gpd.GeoDataFrame(
        {
            "zone_code": [f"Z{r}{c}" for r, c, _ in cells],
            "name": [f"Ward {r}{c}" for r, c, _ in cells],
            "population": [1000.0 + 10 * r + c for r, c, _ in cells],
            "imd_decile": [float(decile) for *_, decile in cells],
        },
        geometry=[shapely.box(100 * c, -100 * r - 100, 100 * c + 100, -100 * r) for r, c, _ in cells],
        crs=27700,
    )


def test_pockets_on_paper():
    found = find_pockets(world())
    assert found.table["zone_codes"].tolist() == ["Z00, Z01, Z11", "Z34", "Z04"]
    assert found.table["people"].tolist() == [1000 + 1001 + 1011, 1034, 1004]
    assert found.table["name"].tolist() == ["Ward 00", "Ward 34", "Ward 04"]
    assert found.table["pocket"].tolist() == [1, 2, 3]
    assert found.table.geometry.area.tolist() == [30_000, 10_000, 10_000]
    assert found.table.crs == world().crs
    assert found.nearest.empty
    numbers = found.pocket.dropna()
    assert dict(zip(world().loc[numbers.index, "zone_code"], numbers, strict=True)) == {
        "Z00": 1,
        "Z01": 1,
        "Z11": 1,
        "Z34": 2,
        "Z04": 3,
    }
    assert found.sentence == (
        "Pockets of deprivation (national deciles 1 to 2): 3 pockets reach into the area, with 5,050 people in 5 of "
        "its 20 zones; the largest is round Ward 00, with 3,012 people in all."
    )


def test_sensitivity_is_always_shown_for_one_two_and_three():
    """At 3 the zone that meets the first pocket at a corner joins it; by rook it stands alone."""
    found = find_pockets(world()).sensitivity.set_index("decile")
    assert found.index.tolist() == [1, 2, 3]
    assert found["pockets"].tolist() == [2, 3, 3]
    assert found["zones"].tolist() == [3, 5, 6]
    assert found["people"].tolist() == [1000 + 1001 + 1034, 5050, 5050 + 1022]
    assert found.loc[3, "largest_people"] == 3012 + 1022
    assert find_pockets(world(), rule="rook").sensitivity["pockets"].tolist() == [2, 3, 4]
    assert find_pockets(world(), decile=6).sensitivity["decile"].tolist() == [1, 2, 3, 6]
    total = world()["population"].sum()
    assert found["share_of_people_inside"].tolist() == pytest.approx((found["people"] / total).tolist())


def test_a_pocket_is_followed_beyond_the_area():
    zones = world()
    found = find_pockets(zones, inside=zones["zone_code"].isin(["Z11", "Z12", "Z21"]))
    assert found.table["zone_codes"].tolist() == ["Z00, Z01, Z11"]
    assert found.table[["zones", "people", "zones_inside", "people_inside"]].iloc[0].tolist() == [3, 3012, 1, 1011]
    assert "1 pocket reaches into the area, with 1,011 people in 1 of its 3 zones" in found.sentence
    assert found.sensitivity["share_of_people_inside"].iloc[1] == pytest.approx(1011 / (1011 + 1012 + 1021))


def test_no_pocket_is_an_answer_that_names_the_nearest():
    zones = world()
    found = find_pockets(zones, inside=zones["zone_code"].isin(["Z30", "Z20"]), decile=1)
    assert found.table.empty
    assert found.pocket.isna().all()
    assert found.sensitivity["pockets"].tolist() == [0, 0, 0]
    nearest = found.nearest.iloc[0]
    assert (nearest["name"], nearest["distance_m"], nearest["people"]) == ("Ward 00", 100.0, 2001.0)
    assert found.sentence == (
        "Pockets of deprivation (national decile 1): none reaches into the area; the nearest is round Ward 00, 100 m "
        "away, with 2,001 people."
    )


def test_no_pocket_in_the_whole_frame_names_the_most_deprived_zone():
    found = find_pockets(world([[5, 7], [4, 9]]))
    assert found.table.empty
    assert found.nearest.empty
    assert found.sentence.endswith(
        "none in the 4 zones of the frame; the most deprived of them is Ward 10, in decile 4."
    )


def test_where_nobody_is_counted_there_is_no_pocket():
    zones = world()
    here = zones["zone_code"].isin(["Z00", "Z01", "Z34"])
    empty = zones.assign(population=zones["population"].mask(zones["zone_code"].isin(["Z04", "Z34"]), 0))
    found = find_pockets(empty)
    assert found.table["zone_codes"].tolist() == ["Z00, Z01, Z11"]
    assert found.pocket.notna().sum() == 3
    assert found.sensitivity["pockets"].tolist() == [1, 1, 1]
    nobody = find_pockets(zones.assign(population=zones["population"].mask(here, 0)), inside=here)
    assert nobody.table.empty
    assert nobody.pocket.isna().all()
    assert nobody.sensitivity[["pockets", "people_inside"]].eq(0).all(axis=None)
    assert nobody.sentence == (
        "Pockets of deprivation (national deciles 1 to 2): none, since nobody is counted in the zones of the area."
    )
    assert nobody.nearest["zone_codes"].tolist() == ["Z00, Z01, Z11"]  # Z11 has people, next to the area


def test_a_zone_without_decile_is_counted_and_in_no_pocket():
    zones = world()
    zones.loc[1, "imd_decile"] = np.nan
    found = find_pockets(zones)
    assert found.without_decile == 1
    assert found.table["zone_codes"].tolist()[0] == "Z00, Z11"
    assert found.sentence.endswith("Zones without a decile, which can't be counted: 1.")


def test_an_unknown_population_is_not_made_up():
    zones = world()
    zones.loc[1, "population"] = np.nan
    found = find_pockets(zones)
    assert found.table.set_index("zone_codes")["people"].isna().to_dict()["Z00, Z01, Z11"]
    assert "an unknown number of people" in found.sentence
    assert np.isnan(found.sensitivity["people"].iloc[1])


def test_the_most_deprived_zone_by_rank_lends_its_name():
    zones = world().assign(imd_rank=lambda table: table["imd_decile"] * 3000)
    zones.loc[zones["zone_code"] == "Z11", "imd_rank"] = 1.0
    assert find_pockets(zones).table["name"].iloc[0] == "Ward 11"


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 100_000), decile=st.integers(1, 9), east=st.integers(-1000, 1000))
def test_pockets_are_the_components_that_networkx_finds(seed, decile, east):
    rng = np.random.default_rng(seed)
    deciles = rng.integers(1, 11, (4, 5))
    zones = world(deciles.tolist())
    graph = nx.Graph()
    cells = {(r, c) for r in range(4) for c in range(5) if deciles[r, c] <= decile}
    graph.add_nodes_from(cells)
    steps = [(0, 1), (1, 0), (1, 1), (1, -1)]
    graph.add_edges_from(((r, c), (r + a, c + b)) for r, c in cells for a, b in steps if (r + a, c + b) in cells)
    expected = {", ".join(sorted(f"Z{r}{c}" for r, c in part)) for part in nx.connected_components(graph)}
    moved = zones.set_geometry(zones.translate(east, east)).sample(frac=1, random_state=seed)
    found = find_pockets(moved, decile=decile)
    assert set(found.table["zone_codes"]) == expected
    assert found.table["people"].sum() == zones.loc[zones["imd_decile"] <= decile, "population"].sum()
    row = found.sensitivity.set_index("decile").loc[decile]
    assert (row["pockets"], row["people"]) == (len(expected), found.table["people"].sum())
    assert found.sensitivity["people"].is_monotonic_increasing
    scaled = find_pockets(zones.assign(population=zones["population"] * 3), decile=decile)
    assert scaled.table["people"].sum() == pytest.approx(3 * found.table["people"].sum())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"imd_decile": np.nan}, "none of the 20 zones has an imd_decile"),
        ({"imd_decile": 12.0}, "isn't 1 to 10"),
    ],
)
def test_bad_deciles_are_refused(change, words):
    with pytest.raises(InputError, match=words):
        find_pockets(world().assign(**change))


def test_bad_questions_are_refused():
    with pytest.raises(UsageError, match="1 to 9"):
        find_pockets(world(), decile=10)
    with pytest.raises(InputError, match="no zone of the frame is inside"):
        find_pockets(world(), inside=pd.Series(False, world().index))
    with pytest.raises(CRSError):
        find_pockets(world().set_crs(4326, allow_override=True))


def test_tower_hamlets_on_real_figures(shared_data):
    """London's LSOAs with the index of 2025: each pocket's zones are in deciles 1 and 2 and none beside it is."""
    zones = gpd.read_file(shared_data / "boundaries" / "London-LSOA-2021.gpkg")
    index = pd.read_csv(shared_data / "deprivation" / "imd2025_england_lsoa21.csv").set_index("lsoa21_code")
    zones = zones.rename(columns={"lsoa21cd": "zone_code", "lsoa21nm": "name"}).assign(
        population=zones["pop2021"].astype(float), imd_decile=zones["lsoa21cd"].map(index["IMD_decile"])
    )
    inside = zones["name"].str.startswith("Tower Hamlets")
    found = find_pockets(zones, inside=inside)
    worst = zones["imd_decile"] <= 2
    assert (inside & worst).sum() == found.table["zones_inside"].sum() == found.sensitivity["zones_inside"].iloc[1]
    assert found.table["people_inside"].sum() == zones.loc[inside & worst, "population"].sum()
    assert (found.sensitivity["people_inside"].diff().dropna() >= 0).all()
    largest = found.table.geometry.iloc[0]
    beside = zones[zones.geometry.intersects(largest) & worst]
    assert set(beside["zone_code"]) == set(found.table["zone_codes"].iloc[0].split(", "))
