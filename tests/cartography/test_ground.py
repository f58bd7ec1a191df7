"""What is left out of a picture that has too much to draw."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from assetmap.cartography.basemap import base_classes
from assetmap.cartography.frame import frame_around
from assetmap.cartography.ground import DROPPED_FIRST, thinned_ground, whole_ground


@pytest.fixture
def base():
    rng = np.random.default_rng(4)
    kinds, shapes = [], []
    for look in base_classes():
        for x, y in rng.uniform(0, 900, (6, 2)):
            bend = shapely.LineString([(x, y), (x + 90, y + 10), (x + 40, y + 80)])
            kinds.append(look.kind)
            shapes.append(bend.convex_hull if look.shape == "area" else bend)
    return gpd.GeoDataFrame({"kind": kinds}, geometry=shapes, crs=27700)


@pytest.mark.parametrize("most_points", [0, 100, 150, 170, 190, 210, 10_000])
def test_the_finest_classes_go_one_after_another_until_the_rest_has_room(base, most_points):
    frame, looks = frame_around((0, 0, 1000, 1000), width=640, tallest=860), base_classes()
    points = {
        layer.look.kind: shapely.get_num_coordinates(layer.parts).sum() for layer in whole_ground(base, frame, looks)
    }
    left = [look.kind for look in looks]
    for kind in DROPPED_FIRST:
        if sum(points[kind] for kind in left) > most_points:
            left.remove(kind)
    drawn = thinned_ground(base, frame, looks, most_points=most_points)
    assert [layer.look.kind for layer in drawn] == left
    assert [shapely.get_num_coordinates(layer.parts).sum() for layer in drawn] == [points[kind] for kind in left]
