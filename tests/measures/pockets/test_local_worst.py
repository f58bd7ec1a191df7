"""Zones worst among those round them, on a drawn grid."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from assetmap.errors import InputError, UsageError
from assetmap.measures.pockets.local_worst import locally_worst

RANKS = [
    [9000, 9000, 9000, 500],
    [9000, 2000, 9000, 900],
    [9000, 9000, 9000, 9000],
]


@pytest.fixture
def zones() -> gpd.GeoDataFrame:
    cells = [(r, c, rank) for r, row in enumerate(RANKS) for c, rank in enumerate(row)]
    return gpd.GeoDataFrame(
        {"zone_code": [f"Z{r}{c}" for r, c, _ in cells], "imd_rank": [float(rank) for *_, rank in cells]},
        geometry=[shapely.box(100 * c, -100 * r - 100, 100 * c + 100, -100 * r) for r, c, _ in cells],
        crs=27700,
    )


def test_on_paper(zones):
    """Of 10,000 ranked, 2,000 among 9,000s is 7 tenths worse; 500 beside 900 is 0.4; 900 beside 500 is better."""
    found = locally_worst(zones, size=10_000).set_index(zones["zone_code"])
    assert found.loc["Z11", "gap_deciles"] == pytest.approx(7.0)
    assert found.loc["Z03", "gap_deciles"] == pytest.approx(0.4)
    assert found.loc["Z13", "gap_deciles"] == pytest.approx(-0.4)
    assert found.index[found["locally_worst"]].tolist() == ["Z11"]
    assert found.loc["Z11", "neighbours"] == 8
    assert found.index[~found["on_edge"]].tolist() == ["Z11", "Z12"]


def test_the_gap_asked_for_is_the_least(zones):
    assert locally_worst(zones, size=10_000, deciles=7.0)["locally_worst"].sum() == 1
    assert locally_worst(zones, size=10_000, deciles=7.1)["locally_worst"].sum() == 0
    assert locally_worst(zones, size=10_000, deciles=0.4)["locally_worst"].sum() == 2


def test_corners_count_for_queens_alone(zones):
    zones.loc[0, "imd_rank"] = 100.0
    queen, rook = (locally_worst(zones, size=10_000, rule=rule) for rule in ("queen", "rook"))
    assert not queen.loc[5, "locally_worst"]
    assert rook.loc[5, "locally_worst"]


def test_no_rank_or_no_neighbour_is_no_gap(zones):
    zones.loc[5, "imd_rank"] = np.nan
    found = locally_worst(zones, size=10_000)
    assert np.isnan(found.loc[5, "gap_deciles"])
    assert not found.loc[5, "locally_worst"]
    assert found.loc[0, "neighbours"] == 2
    alone = locally_worst(zones.loc[[0]], size=10_000)
    assert np.isnan(alone["gap_deciles"].iloc[0])
    assert alone.index.tolist() == [0]


def test_rows_in_any_order(zones):
    found = locally_worst(zones, size=10_000)
    other = locally_worst(zones.sample(frac=1, random_state=4), size=10_000).sort_index()
    assert other.equals(found)


def test_bad_questions_are_refused(zones):
    with pytest.raises(InputError, match="outside 1 to 8,000"):
        locally_worst(zones, size=8000)
    with pytest.raises(UsageError, match="above 0"):
        locally_worst(zones, size=10_000, deciles=0)
