"""Shapes keep their numbers however many wait, and land where the projection puts them."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import CRS, Transformer

from assetmap.sources.osm_shapes import Shapes, project


def test_numbers_stay_through_many_batches_and_an_area_of_one_part_is_that_part():
    drawn = [shapely.Point(i / 1000, 50) for i in range(4_500)]
    drawn[2_100] = shapely.MultiPolygon([shapely.box(0, 50, 1, 51)])
    drawn[4_400] = shapely.MultiPolygon([shapely.box(0, 50, 1, 51), shapely.box(2, 50, 3, 51)])
    shapes = Shapes()
    assert [shapes.keep(shapely.to_wkb(shape, hex=True)) for shape in drawn] == list(range(4_500))
    found = shapes.hand_over()
    assert found[2_100] == shapely.box(0, 50, 1, 51)
    assert found[4_400] == drawn[4_400]
    assert all(found[i] == drawn[i] for i in (0, 1_999, 2_000, 4_499))
    assert len(shapes.hand_over()) == 0
    assert shapes.keep(shapely.to_wkb(drawn[0], hex=True)) == 0


def test_shapes_are_projected_in_place():
    shapes = np.array([shapely.Point(-0.033, 51.53), shapely.LineString([(-0.033, 51.53), (-0.034, 51.54)])])
    project(shapes, CRS.from_epsg(27700))
    east, north = Transformer.from_crs(4326, 27700, always_xy=True).transform(-0.034, 51.54)
    assert shapes[1].coords[1] == (east, north)
    assert shapes[0].coords[0] == shapes[1].coords[0]
    project(nothing := np.empty(0, dtype=object), CRS.from_epsg(27700))
    assert len(nothing) == 0
