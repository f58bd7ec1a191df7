"""Drawings of boxes and arrows: nothing on top of anything, told by more than colour, the same each time."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring

from assetmap.diagrams.boxes import Arrow, Diagram, box_for
from assetmap.diagrams.drawing import diagram_svg
from assetmap.diagrams.layout import place_as_drawn, place_by_arrows, place_in_columns
from assetmap.diagrams.system_drawing import system_diagram
from assetmap.encode import plain_text
from assetmap.sources.system_maps.reading import read_system_map
from tests.browser.payloads import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"


def overlapping(boxes):
    return [
        (one.name, other.name)
        for one, other in itertools.combinations(boxes, 2)
        if abs(one.x - other.x) < (one.width + other.width) / 2
        and abs(one.y - other.y) < (one.height + other.height) / 2
    ]


def row_of(count):
    return [box_for(f"b{n}", f"Box number {n} with some words") for n in range(count)]


@pytest.mark.parametrize("name", ["clusterexamplemap", "npctheoryofchange191", "supplychainandlogisticssystem191"])
@pytest.mark.parametrize("placed", [True, False])
def test_no_box_of_a_map_that_people_have_drawn_lies_on_another(shared_data, name, placed):
    drawing, _ = read_system_map(shared_data / "systems" / f"{name}.prsm")
    if not placed:
        drawing.factors[["x", "y"]] = float("nan")
    diagram = system_diagram(drawing.title, drawing.factors, drawing.links)
    assert overlapping(diagram.boxes) == []
    svg = diagram_svg(diagram)
    assert svg == diagram_svg(system_diagram(drawing.title, drawing.factors, drawing.links))
    assert fromstring(svg).find(f"{SVG}title").text == drawing.title


def test_boxes_stay_where_their_makers_put_them():
    spots = np.array([[0.0, 0.0], [400.0, 0.0], [0.0, 300.0]])
    placed = place_as_drawn(row_of(3), spots)
    assert np.allclose(np.diff([(b.x, b.y) for b in placed], axis=0), np.diff(spots, axis=0), atol=0.01)


def test_boxes_on_one_spot_are_moved_apart():
    assert overlapping(place_as_drawn(row_of(30), np.zeros((30, 2)))) == []


@pytest.mark.parametrize("count", [1, 2, 60, 300, 2000])
def test_boxes_without_places_get_some(count):
    arrows = [Arrow(f"b{n // 2}", f"b{n}") for n in range(1, count)]
    placed = place_by_arrows(row_of(count), arrows)
    assert placed == place_by_arrows(row_of(count), arrows)
    if count <= 300:
        assert overlapping(placed) == []


def test_columns_stand_from_left_to_right():
    boxes = row_of(5)
    placed = place_in_columns(boxes, [0, 0, 1, 1, 2], [Arrow("b0", "b3"), Arrow("b1", "b2"), Arrow("b2", "b4")])
    at = {box.name: box for box in placed}
    assert at["b0"].x == at["b1"].x < at["b2"].x == at["b3"].x < at["b4"].x
    assert at["b3"].y < at["b2"].y  # each beside what it comes from
    assert overlapping(placed) == []


def test_signs_are_told_by_form_and_in_words():
    factors = pd.DataFrame(
        {"factor_id": list("abc"), "label": ["A", "B", "C"], "colour": None, "x": [0.0, 300.0, 600.0], "y": 0.0}
    )
    rows = [("a", "b", "positive", "one_way"), ("b", "c", "negative", "one_way"), ("c", "a", "unknown", "both_ways")]
    links = pd.DataFrame(rows, columns=["from_id", "to_id", "polarity", "direction"])
    svg = diagram_svg(system_diagram("Signs", factors, links))
    plus, minus, none, *signs = re.findall(r'<g class="arrow".*?</g>', svg)
    assert "stroke-dasharray" not in plus
    assert 'stroke-dasharray="7 5"' in minus
    assert 'stroke-dasharray="1.5 4"' in none
    assert none.count("Z") == 2  # a head at either end
    cross = r'd="M[\d. -]+H[\d. -]+M'
    assert [bool(re.search(cross, sign)) for sign in signs] == [True, False]  # a plus, and a bar alone
    words = fromstring(svg).find(f"{SVG}desc").text
    assert words == "3 boxes and 3 arrows. A → B (more leads to more); B → C (more leads to less); C ↔ A"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_words(text):
    boxes = (box_for("a", text, facts=[text], fill="#ffffff"), box_for("b", "B").at(400, 0))
    svg = diagram_svg(Diagram(text, boxes, (Arrow("a", "b"),), signed=True))
    root = fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "rect",
        "g",
        "path",
        "circle",
        "text",
        "tspan",
    }
    assert {name for element in root.iter() for name in element.attrib if name.startswith("on")} == set()
    assert root.find(f"{SVG}title").text == plain_text(text)


def test_a_wide_script_gets_a_wide_box():
    assert box_for("a", "শিশুদের জন্য জায়গা").width > 80
    assert box_for("a", "遊び場がない").width > box_for("a", "abcdef").width


def test_a_name_of_a_map_stays_within_its_attribute():
    """A system map is called what its file is called."""
    diagram = Diagram("A map", place_in_columns(row_of(1), [0], []), (), signed=False)
    root = fromstring(diagram_svg(diagram, identity='map-x" onload="alert(1)'))
    assert root.get("onload") is None
    assert root.get("aria-labelledby").startswith('map-x" onload="alert(1)-title')
