"""Where names can be written, on paper."""

from __future__ import annotations

import pytest
from shapely import LineString, Point, Polygon, box

from assetmap.cartography.labels import label_candidates
from tests.maps.contents import EAST, NORTH, frame


def candidates(shapes, kind="street", name="Mill Lane"):
    found = label_candidates(frame(shapes, kind=kind, name=name))
    return [
        (row.name_, round(row.x - EAST), round(row.y - NORTH), round(row.angle), round(row.room))
        for row in found.rename(columns={"name": "name_"}).itertuples()
    ]


@pytest.mark.parametrize(
    ("end", "angle"),
    [((100, 0), 0), ((-100, 0), 0), ((0, 100), 90), ((60, 80), -53), ((60, -80), 53), ((-60, -80), -53)],
)
def test_a_straight_street_is_named_at_its_middle_the_right_way_up(end, angle):
    ((name, x, y, turned, room),) = candidates([LineString([(0, 0), end])])
    assert (name, x, y, room) == ("Mill Lane", end[0] / 2, end[1] / 2, 100)
    assert turned == angle or {turned, angle} == {-90, 90}


def test_pieces_of_one_street_are_joined_and_the_longest_stretch_goes_first():
    pieces = [LineString([(0, 0), (40, 0)]), LineString([(40, 0), (100, 0)]), LineString([(100, 0), (100, 30)])]
    assert candidates(pieces) == [("Mill Lane", 50, 0, 0, 100), ("Mill Lane", 100, 15, 90, 30)]


def test_stretches_too_short_for_words_are_left_out():
    assert candidates([LineString([(0, 0), (20, 0)])]) == []


def test_an_area_is_named_inside_itself():
    horseshoe = Polygon([(0, 0), (90, 0), (90, 90), (60, 90), (60, 30), (30, 30), (30, 90), (0, 90)])
    ((_, x, y, angle, room),) = candidates([horseshoe], kind="green", name="The Horseshoe")
    assert horseshoe.contains(Point(x, y))
    assert (angle, room) == (0, round(horseshoe.area**0.5))


def test_what_has_no_name_or_no_words_for_it_is_left_out():
    shapes = [box(0, 0, 90, 90), LineString([(0, 0), (90, 0)]), LineString([(0, 9), (90, 9)])]
    base = frame(shapes, kind=["building", "street", "street"], name=["Tower", None, " \x00 "])
    assert label_candidates(base).empty
    assert list(label_candidates(base.iloc[:0]).columns) == ["kind", "name", "x", "y", "angle", "room"]
