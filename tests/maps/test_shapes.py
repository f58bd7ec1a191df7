"""Packed shapes come back where they were."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely import GeometryCollection, LineString, MultiLineString, MultiPolygon, Point, Polygon, box

from assetmap.crs import BRITISH_GRID, metric_crs
from assetmap.maps.shapes import UNITS, grid_of, pack_areas, pack_lines, sort_nearby
from tests.maps.contents import EAST, NORTH, frame

HALF_WORLD = 20037508.342789244


def unpack(packed, grid):
    """Return each ring or line in British metres, undoing what the page undoes, by another road."""
    at = np.asarray(packed.steps).reshape(-1, 2).cumsum(axis=0) + grid.origin
    mercator = np.column_stack([at[:, 0] / UNITS - 0.5, 0.5 - at[:, 1] / UNITS]) * 2 * HALF_WORLD
    back = Transformer.from_crs(3857, 27700, always_xy=True)
    metres = np.column_stack(back.transform(mercator[:, 0], mercator[:, 1])) - [EAST, NORTH]
    return np.split(metres, np.cumsum(packed.points)[:-1])


@pytest.fixture
def grid():
    return grid_of(BRITISH_GRID, (EAST, NORTH, EAST + 1000, NORTH + 1000))


def shapes_of(*shapes):
    return frame(list(shapes)).geometry.to_numpy()


def test_lines_come_back_within_a_hand(grid):
    wiggly = LineString([(0, 0), (10, 30), (50, 31), (700, 999), (3, 3)])
    packed = pack_lines(shapes_of(wiggly), grid=grid, tolerance_m=0.0)
    (back,) = unpack(packed, grid)
    assert np.abs(back - np.array(wiggly.coords)).max() < 0.15


def test_rings_come_back_open_and_holes_run_the_other_way(grid):
    ring = Polygon(box(0, 0, 100, 100).exterior, [box(40, 40, 60, 60).exterior])
    packed = pack_areas(shapes_of(ring), grid=grid, tolerance_m=0.0)
    outer, hole = unpack(packed, grid)
    assert len(outer) == len(hole) == 4
    turn = [np.sign(shapely.LinearRing(back).is_ccw - 0.5) for back in (outer, hole)]
    assert turn[0] == -turn[1]
    assert Polygon(outer).area == pytest.approx(10_000, rel=0.005)


def test_owners_are_counted_through_multi_shapes_and_others_left_out(grid):
    many = shapes_of(
        MultiPolygon([box(0, 0, 10, 10), box(20, 0, 30, 10)]),
        Point(5, 5),
        box(50, 50, 60, 60),
        GeometryCollection([box(70, 70, 80, 80), LineString([(0, 0), (9, 9)]), MultiLineString([[(1, 1), (2, 5)]])]),
    )
    areas = pack_areas(many, grid=grid, tolerance_m=0.0).owned_payload(4)
    lines = pack_lines(many, grid=grid, tolerance_m=0.0).owned_payload(4)
    assert areas["parts"] == [2, 0, 1, 1]
    assert lines["parts"] == [0, 0, 0, 2]
    assert sum(areas["points"]) * 2 == len(areas["steps"])


def test_nothing_packs_to_nothing(grid):
    packed = pack_areas(shapes_of(Point(1, 1)), grid=grid, tolerance_m=1.0)
    assert packed.owned_payload(1) == {"steps": [], "points": [], "parts": [0]}
    assert pack_lines(np.array([], dtype=object), grid=grid, tolerance_m=1.0).payload() == {"steps": [], "points": []}


def test_simplifying_stays_within_its_tolerance(grid):
    angle = np.linspace(0, np.pi, 500)
    arc = LineString(np.column_stack([500 + 400 * np.cos(angle), 400 * np.sin(angle)]))
    packed = pack_lines(shapes_of(arc), grid=grid, tolerance_m=1.0)
    (back,) = unpack(packed, grid)
    assert len(back) < 40
    assert LineString(back).hausdorff_distance(arc) < 1.2


def test_a_grid_knows_where_it_is():
    grid = grid_of(BRITISH_GRID, (EAST, NORTH, EAST + 1, NORTH + 1))
    lon, lat = grid.lonlat((EAST, NORTH))
    expected = Transformer.from_crs(27700, 4326, always_xy=True).transform(EAST, NORTH)
    assert (lon, lat) == pytest.approx(expected, abs=1e-6)
    utm = metric_crs((-15.45, 28.08, -15.40, 28.15))
    assert grid_of(utm, (458_000, 3_108_000, 458_001, 3_108_001)).lonlat((458_000, 3_108_000)) == pytest.approx(
        Transformer.from_crs(utm, 4326, always_xy=True).transform(458_000, 3_108_000), abs=1e-6
    )


def test_sorting_puts_neighbours_together_and_drops_what_is_empty():
    shapes = [Point(x, y) for x in (0, 900) for y in (0, 900, 10, 910)]
    near = sort_nearby(frame([*shapes, Point()]))
    assert len(near) == 8
    steps = near.geometry.distance(near.geometry.shift()).dropna()
    assert (steps > 100).sum() == 3
    assert len(sort_nearby(frame([Point(1, 1), Point(1, 1)]))) == 2
