"""The still picture: numbers, names, a scale; small, and well-formed whatever the names are."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from shapely import LineString

from assetmap.cartography.labels import label_candidates
from assetmap.cartography.picture import NumberedPlace, render_picture
from assetmap.words import words_for
from tests.maps.contents import EAST, NORTH, frame, small_base

BOUNDS = (EAST, NORTH, EAST + 1000, NORTH + 1000)


def place(number, x, y, anchor="place=x"):
    return NumberedPlace(number, EAST + x, NORTH + y, "health", anchor)


def draw(places, base=None, boundary=None, bounds=BOUNDS):
    base = small_base() if base is None else base
    picture = render_picture(
        base,
        boundary,
        names=label_candidates(base),
        places=places,
        bounds=bounds,
        label='A "picture" <b>',
        words=words_for("en"),
    )
    return picture, ET.fromstring(picture.svg)


def texts(drawn):
    return [element.text for element in drawn.iter("text")]


def test_places_are_numbered_where_they_are():
    picture, drawn = draw([place(1, 0, 1000), place(2, 1000, 0)])
    # 640 units for 1,000 m and a margin of a twelfth on each side: 548.6 units for 1,000 m
    margin = 640 / (1 + 2 / 12) / 12
    at = {t.text: (float(t.attrib["x"]), float(t.attrib["y"]) - 4.3) for t in drawn.iter("text") if t.text in "12"}
    assert at["1"] == pytest.approx((margin, margin), abs=0.2)
    assert at["2"] == pytest.approx((640 - margin, 640 - margin), abs=0.2)
    assert (picture.dots, picture.outside) == (0, 0)


def test_crowded_places_keep_their_numbers_beside_or_become_dots_and_far_ones_are_counted():
    picture, drawn = draw([place(number, 500, 500) for number in range(1, 60)] + [place(99, 5000, 0)])
    numbered = len(list(drawn.iter("a")))
    assert 10 < numbered < 59
    assert (picture.dots, picture.outside) == (59 - numbered, 1)


def test_too_many_places_are_all_dots():
    rng = np.random.default_rng(3)
    places = [place(number, *rng.uniform(0, 1000, 2)) for number in range(1, 600)]
    picture, drawn = draw(places)
    assert picture.dots == 599
    assert list(drawn.iter("a")) == []


def test_streets_and_parks_are_named_once():
    _, drawn = draw([])
    written = texts(drawn)
    assert {"High Street", "Mill Lane", "Linden Park", "Bow Cut", "200 m", "N"} <= set(written)
    assert len(written) == len(set(written))


def test_names_and_anchors_stay_text():
    name = "</text><script>alert(1)</script>"
    base = small_base().assign(name=name)
    _, drawn = draw([place(1, 500, 500, anchor='x" onclick="alert(1)')], base=base)
    assert name in texts(drawn)
    assert [element.attrib["href"] for element in drawn.iter("a")] == ['#x" onclick="alert(1)']
    assert not list(drawn.iter("script"))
    assert drawn.attrib["aria-label"] == 'A "picture" <b>'


def test_a_city_is_drawn_without_its_finest_lines():
    rng = np.random.default_rng(4)
    at = rng.uniform(0, 1000, (20_000, 2))
    lines = [LineString(point + np.array([[0, 0], [7, 3], [9, 12]])) for point in at]
    kinds = np.where(np.arange(20_000) < 100, "street_major", "path")
    picture, _ = draw([], base=frame(lines, kind=kinds, name=None))
    assert len(picture.svg) < 60_000
    assert re.search("#cdb886", picture.svg)


def test_an_area_of_no_size_and_no_base_still_make_a_picture():
    _, drawn = draw([], base=small_base().iloc[:0], bounds=(EAST, NORTH, EAST, NORTH))
    assert texts(drawn)[-1] == "N"
