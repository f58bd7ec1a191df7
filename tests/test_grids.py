"""Cells in shapes, beside sums on paper and beside shapely's own overlay."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod

from assetmap.grids import Grid, summarise_cells

BRITAIN = CRS.from_epsg(27700)


def test_a_triangle_counts_exactly_what_is_inside():
    # four cells of 10 m; the triangle covers half of the lower right, all of nothing, half of the lower left and ...
    grid = Grid("g", np.array([[1.0, 2.0], [3.0, 4.0]]), (0, 0, 20, 20), BRITAIN)
    triangle = shapely.Polygon([(0, 0), (20, 0), (0, 20)])  # 100 m2 of the lower left, 50 of its two neighbours
    found = summarise_cells(grid, gpd.GeoSeries([triangle], crs=BRITAIN)).iloc[0]
    assert found["sum"] == pytest.approx(1.0 * 0.5 + 3.0 * 1.0 + 4.0 * 0.5)
    assert found["mean"] == pytest.approx((1.0 * 50 + 3.0 * 100 + 4.0 * 50) / 200)
    assert (found["known_share"], found["on_grid_share"]) == pytest.approx((1, 1))


def test_the_answers_are_those_of_an_overlay_of_polygons():
    rng = np.random.default_rng(20)
    values = rng.random((12, 9))
    values[rng.random(values.shape) < 0.2] = np.nan
    grid = Grid("g", values, (1000, 2000, 1000 + 9 * 7, 2000 + 12 * 7), BRITAIN)
    points = [shapely.MultiPoint(rng.random((6, 2)) * 90 + (990, 1995)) for _ in range(25)]
    shapes = gpd.GeoSeries([p.convex_hull for p in points], crs=BRITAIN, index=[f"z{i}" for i in range(25)])
    found = summarise_cells(grid, shapes)
    corners = [(1000 + 7 * c, 2000 + 7 * (11 - r)) for r in range(12) for c in range(9)]
    cells = np.array([shapely.box(x, y, x + 7, y + 7) for x, y in corners])
    for name, shape in shapes.items():
        inside = shapely.area(shapely.intersection(cells, shape))
        known = ~np.isnan(values.ravel())
        value = values.ravel()[known]
        assert found.at[name, "known_share"] == pytest.approx(inside[known].sum() / shape.area, abs=1e-5)
        assert found.at[name, "on_grid_share"] == pytest.approx(inside.sum() / shape.area, abs=1e-9)
        assert found.at[name, "sum"] == pytest.approx((value * inside[known]).sum() / 49, abs=1e-5)
        assert found.at[name, "mean"] == pytest.approx((value * inside[known]).sum() / inside[known].sum(), abs=1e-5)


def test_cells_of_degrees_weigh_as_much_as_their_ground():
    # two cells of one degree, one above the other, at 50 to 52 degrees north: the southern is the larger on the ground
    grid = Grid("g", np.array([[0.0], [1.0]]), (0, 50, 1, 52), CRS.from_epsg(4326))
    shape = gpd.GeoSeries([shapely.box(0, 50, 1, 52)], crs=4326)
    south, north = np.sin(np.radians([51, 52])) - np.sin(np.radians([50, 51]))
    assert summarise_cells(grid, shape)["mean"].iloc[0] == pytest.approx(south / (south + north), abs=1e-4)
    sphere = Geod(a=6_371_000, b=6_371_000).geometry_area_perimeter(shape.iloc[0])[0]
    assert sphere > 0


def test_shapes_off_the_grid_and_on_cells_without_data_know_nothing():
    grid = Grid("g", np.array([[1.0, np.nan]]), (0, 0, 20, 10), BRITAIN)
    shapes = gpd.GeoSeries(
        [shapely.box(30, 0, 40, 10), shapely.box(11, 1, 19, 9), shapely.box(-10, 0, 10, 10)], crs=BRITAIN
    )
    found = summarise_cells(grid, shapes)
    assert found["known_share"].tolist() == pytest.approx([0, 0, 0.5])
    assert found["on_grid_share"].tolist() == pytest.approx([0, 1, 0.5])
    assert found["mean"].isna().tolist() == [True, True, False]
    assert found["sum"].isna().tolist() == [True, True, False]


def test_neighbours_share_a_cell_out_whole():
    rng = np.random.default_rng(3)
    grid = Grid("g", rng.random((8, 8)), (-0.04, 51.5, 0.04, 51.54), CRS.from_epsg(4326))
    corner = gpd.GeoSeries([shapely.Point(-0.02, 51.51)], crs=4326).to_crs(27700).iloc[0]
    tiles = [shapely.box(corner.x + 333 * i, corner.y + 333 * j, corner.x + 333 * (i + 1), corner.y + 333 * (j + 1))
             for i in range(5) for j in range(5)]  # fmt: skip
    parts = gpd.GeoSeries(tiles, crs=27700)
    whole = gpd.GeoSeries([shapely.union_all(tiles)], crs=27700)
    assert summarise_cells(grid, parts)["sum"].sum() == pytest.approx(
        summarise_cells(grid, whole)["sum"].iloc[0], rel=1e-6
    )
