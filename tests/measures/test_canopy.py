"""Canopy of zones, with answers on paper."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from assetmap.errors import InputError, UsageError
from assetmap.grids import Grid
from assetmap.measures.canopy import canopy_of_zones

BRITAIN = CRS.from_epsg(27700)
ZONES = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 15, 10), shapely.box(15, 0, 40, 10)], crs=BRITAIN)


def row(*values):
    return Grid("trees.tif", np.array([values], dtype="float32"), (0, 0, 10 * len(values), 10), BRITAIN)


def test_cover_of_ones_and_noughts_by_exact_area():
    found = canopy_of_zones(ZONES, row(1, 0, 0, 1))
    assert found["canopy_share"].tolist() == pytest.approx([10 / 15, 10 / 25], abs=1e-6)
    assert found["canopy_30"].tolist() == [1, 1]


def test_per_cent_and_share_are_the_same_canopy():
    shares, cents = row(0.25, 0.4, 0.1, 0.5), row(25, 40, 10, 50)
    a, b = canopy_of_zones(ZONES, shares), canopy_of_zones(ZONES, cents, values="percent")
    # by hand: (10*.25 + 5*.4)/15 = .3 and (5*.4 + 10*.1 + 10*.5)/25 = .32
    assert a["canopy_share"].tolist() == pytest.approx([0.3, 0.32], abs=1e-6)
    assert b["canopy_share"].tolist() == pytest.approx(a["canopy_share"].tolist(), abs=1e-6)
    assert a["canopy_30"].tolist() == b["canopy_30"].tolist() == [1, 1]  # exactly 30 % meets it


def test_a_vegetation_index_is_cut_at_its_threshold():
    found = canopy_of_zones(ZONES, row(-0.2, 0.5, 0.49, 0.6), values="ndvi", at_least=0.5)
    assert found["canopy_share"].tolist() == pytest.approx([5 / 15, 15 / 25], abs=1e-6)


def test_what_isn_t_known_can_leave_the_30_per_cent_open():
    cells = row(1, np.nan, np.nan, 0)
    zones = gpd.GeoDataFrame(
        geometry=[
            shapely.box(0, 0, 40, 10),
            shapely.box(0, 0, 20, 10),
            shapely.box(28, 0, 40, 10),
            shapely.box(11, 0, 19, 9),
        ],
        crs=BRITAIN,
    )
    found = canopy_of_zones(zones, cells)
    assert found["canopy_known_share"].tolist() == pytest.approx([0.5, 0.5, 10 / 12, 0], abs=1e-6)
    assert found["canopy_share"].iloc[:3].tolist() == pytest.approx([0.5, 1, 0], abs=1e-6)
    # a quarter is covered and a half unknown: open; a half is covered: met; a sixth unknown, none covered: not met
    assert found["canopy_30"].fillna(-1).tolist() == [-1, 1, 0, -1]


def test_the_answer_doesn_t_depend_on_the_zones_reference_system():
    site = ZONES.translate(530_000, 180_000)
    grid = Grid("t", row(1, 0, 0, 1).values, (530_000, 180_000, 530_040, 180_010), BRITAIN)
    zones = gpd.GeoDataFrame(geometry=site, crs=BRITAIN)
    there = canopy_of_zones(zones.to_crs(4326), grid)
    assert there["canopy_share"].tolist() == pytest.approx(
        canopy_of_zones(zones, grid)["canopy_share"].tolist(), abs=1e-4
    )


@pytest.mark.parametrize(
    ("cells", "values", "words"),
    [
        ((25, 40), "share", "2 cells are not share, from 0 to 1"),
        ((0, 101), "percent", "1 cells"),
        ((0, 5), "ndvi", "ndvi"),
    ],
)
def test_values_that_can_t_be(cells, values, words):
    with pytest.raises(InputError, match=words):
        canopy_of_zones(ZONES, row(*cells), values=values, at_least=0.4 if values == "ndvi" else None)


@pytest.mark.parametrize(("values", "at_least"), [("ndvi", None), ("share", 0.5)])
def test_a_threshold_goes_with_the_index_alone(values, at_least):
    with pytest.raises(UsageError, match="at_least goes with"):
        canopy_of_zones(ZONES, row(0, 1, 1, 1), values=values, at_least=at_least)
