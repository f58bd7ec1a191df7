"""People of zones from a grid, with sums on paper."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.grids import Grid
from assetmap.measures.gridded_people import estimate_people

BRITAIN = CRS.from_epsg(27700)


def people(cells, *boxes):
    cells = np.array(cells, dtype="float32")
    grid = Grid("people.tif", cells, (0, 0, 10 * cells.shape[1], 10 * cells.shape[0]), BRITAIN)
    return estimate_people(gpd.GeoDataFrame(geometry=[shapely.box(*b) for b in boxes], crs=BRITAIN), grid)


def test_cells_are_shared_out_by_area():
    found = people([[100, 40], [0, 8]], (0, 0, 20, 20), (5, 5, 15, 15))
    assert found.tolist() == pytest.approx([148, 37])


def test_water_holds_nobody_but_a_zone_of_nothing_else_is_unknown():
    found = people([[100, np.nan, np.nan]], (0, 0, 15, 10), (12, 1, 28, 9))
    assert found.iloc[0] == pytest.approx(100)
    assert np.isnan(found.iloc[1])


def test_a_zone_beyond_the_grid_is_unknown_and_never_half_counted():
    assert people([[100, 40]], (5, 0, 25, 10)).isna().all()


def test_fewer_than_no_people_are_refused():
    with pytest.raises(InputError, match=r"1 cells hold fewer than no people \(first: -99999\)"):
        people([[100, -99999]], (0, 0, 20, 10))
