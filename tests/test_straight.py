"""The nearest shape from every point, beside every distance measured one by one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.straight import nearest_of_each, nearest_shape


def test_inside_a_park_it_is_no_way_to_it_and_of_two_as_near_it_is_the_first():
    parks = [shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10), shapely.box(2, 2, 4, 4)]
    distance, number = nearest_shape(shapely.points([[5, 5], [15, 5], [33, 14], [3, 3]]), np.array(parks))
    assert distance.tolist() == [0, 5, 5, 0]
    assert number.tolist() == [0, 0, 1, 0]


def test_without_shapes_there_is_none_and_without_points_no_answer():
    distance, number = nearest_shape(shapely.points([[5, 5]]), np.empty(0, dtype=object))
    assert np.isnan(distance).all()
    assert number.tolist() == [-1]
    assert len(nearest_shape(np.empty(0, dtype=object), shapely.points([[5, 5]]))[0]) == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_it_is_the_least_of_all_distances(seed, many):
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 100, (many, 2))
    shapes = np.array([shapely.box(x, y, x + w, y + h) for (x, y), (w, h) in
                       zip(corners, rng.integers(0, 9, (many, 2)) + 1, strict=True)])  # fmt: skip
    points = shapely.points(rng.integers(0, 110, (50, 2)))
    every = shapely.distance(points[:, None], shapes)
    distance, number = nearest_shape(points, shapes)
    assert distance == pytest.approx(every.min(axis=1))
    assert number.tolist() == every.argmin(axis=1).tolist()


def test_many_points_shared_among_threads_have_the_same_answers():
    rng = np.random.default_rng(3)
    shapes = shapely.points(rng.integers(0, 30, (300, 2)))  # many as near as one another
    points = shapely.points(rng.integers(0, 30, (5_000, 2)))
    every = shapely.distance(points[:, None], shapes)
    distance, number = nearest_shape(points, shapes)
    assert distance.tolist() == every.min(axis=1).tolist()
    assert number.tolist() == every.argmin(axis=1).tolist()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 30), st.integers(1, 6))
def test_of_several_sets_each_has_the_nearest_of_its_own(seed, many, sets):
    rng = np.random.default_rng(seed)
    shapes = shapely.points(rng.integers(0, 9, (many, 2)))  # many as near as one another
    points = shapely.points(rng.integers(0, 9, (20, 2)))
    members = rng.random((sets, many)) < 0.4
    distance, number = nearest_of_each(points, shapes, members)
    for one, member in enumerate(members):
        alone, found = nearest_shape(points, shapes[member])
        assert np.array_equal(distance[one], alone, equal_nan=True)
        assert number[one].tolist() == np.append(np.flatnonzero(member), -1)[found].tolist()
