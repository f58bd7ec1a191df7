"""The page of system maps: what is chosen lights what it is tied to; no text runs; it calls nobody."""

from __future__ import annotations

import pandas as pd
import pytest
from markupsafe import Markup

from assetmap.diagrams.drawing import diagram_svg
from assetmap.diagrams.system_drawing import system_diagram
from assetmap.diagrams.systems_document import (
    FactorEntry,
    MapEntry,
    PlaceEntry,
    factor_anchor,
    systems_html,
)
from assetmap.pages.anchors import place_anchor
from tests.browser.payloads import HOSTILE

pytestmark = pytest.mark.browser
LIT = "[...document.querySelectorAll('li.lit')].map((item) => item.id)"


def page_of(labels, place="The hall", *, drawn=True):
    """Two factors and more: the first acts on all the others, and the second is tied to a place."""
    names = [f"f{n}" for n in range(len(labels))]
    factors = pd.DataFrame({"factor_id": names, "label": labels, "colour": None, "x": float("nan"), "y": float("nan")})
    links = pd.DataFrame({"from_id": "f0", "to_id": names[1:], "polarity": "positive", "direction": "one_way"})
    anchors = [factor_anchor("m <1>", name) for name in names]
    hall = place_anchor("list:ab:1 <b>")
    entries = [
        FactorEntry(anchor, n, label, label, label, [label], [(anchors[0], label)], [], [hall] if n == 1 else [])
        for n, (anchor, label) in enumerate(zip(anchors, labels, strict=True))
    ]
    svg = diagram_svg(system_diagram(labels[0], factors, links)) if drawn else Markup()
    entry = MapEntry("m", labels[0], svg, [(labels[0], labels)], entries, links=len(links))
    picture = Markup('<svg viewBox="0 0 9 9"><a href="#{}"><rect width="9" height="9"/><text y="9">1</text></a></svg>')
    places = [PlaceEntry(hall, place, 1, [(anchors[1], labels[1])])]
    return (
        systems_html([entry], places, study=labels[0], picture=picture.format(hall), made_on="2026-01-01"),
        anchors,
        hall,
    )


def test_a_box_a_factor_and_a_place_light_each_other(open_page):
    text, anchors, hall = page_of(["Lighting", "Fear", "Trust"])
    opened = open_page(text, drawn=False)
    page = opened.page
    page.locator(".box").nth(1).click()
    assert page.evaluate(LIT) == [hall, anchors[1]]
    assert page.locator(".ground svg a.lit").count() == 1
    assert page.locator(".box.near").count() == 1
    assert page.locator("#told").inner_text() == "Fear — on the map: The hall"
    assert page.locator("#told a").get_attribute("href") == f"map.html#{hall}"
    page.keyboard.press("Escape")
    assert page.evaluate(LIT) == []
    page.locator(".places .choose").click()
    assert page.evaluate(LIT) == [hall, anchors[1]]
    page.locator(".factors .choose").nth(0).focus()
    page.keyboard.press("Enter")
    assert page.evaluate(LIT) == [anchors[0]]
    assert page.locator(".arrow.lit").count() == 4  # two lines with their signs
    assert opened.complaints == opened.requests == []


def test_an_address_that_names_a_place_or_a_factor_opens_on_it(open_page):
    text, anchors, hall = page_of(["Lighting", "Fear"])
    for anchor in (hall, anchors[1]):
        assert set(open_page(text, drawn=False, address=f"#{anchor}").page.evaluate(LIT)) == {hall, anchors[1]}
    assert open_page(text, drawn=False, address="#factor=nobody").page.evaluate(LIT) == []


def test_a_map_that_is_not_drawn_is_a_list_that_opens_at_what_is_chosen(open_page):
    text, anchors, hall = page_of(["Lighting", "Fear", "Trust"], drawn=False)
    opened = open_page(text, drawn=False)
    page = opened.page
    assert page.locator(".factors").is_hidden()
    page.locator(".places .choose").click()
    assert page.evaluate(LIT) == [hall, anchors[1]]
    assert page.locator(".factors").is_visible()
    assert opened.complaints == opened.requests == []


def test_no_text_runs_and_all_of_it_is_shown(open_page):
    opened = open_page(page_of(list(HOSTILE), HOSTILE[0])[0], drawn=False)
    for number in range(0, len(HOSTILE), 7):
        opened.page.locator(".factors .choose").nth(number).dispatch_event("click")
    assert opened.page.evaluate("window.__pwned") is None
    assert opened.page.locator(".factors > li").count() == len(HOSTILE)
    assert opened.complaints == opened.requests == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_fits_and_is_accessible(open_page, width):
    from axe_playwright_python.sync_playwright import Axe

    opened = open_page(page_of(["Lighting", "Fear", "Trust"])[0], drawn=False, viewport={"width": width, "height": 800})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(opened.page)
    assert results.violations_count == 0, results.generate_report()
