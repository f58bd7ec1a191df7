"""The line of credits leaves the map its room, whoever has to be named."""

from __future__ import annotations

import pytest

from assetmap.maps import SourceNote, map_html
from assetmap.sources.remote.addresses import load_addresses
from tests.maps.contents import small_content

pytestmark = pytest.mark.browser

NAMED = (
    "© OpenStreetMap contributors · Office for National Statistics, Census 2021 · Contains OS data © Crown copyright "
    "and database right · Ministry of Housing, Communities and Local Government · Sources"
)


def height(page, selector):
    return page.locator(selector).first.bounding_box()["height"]


@pytest.mark.parametrize(("size", "lines"), [((1280, 800), 2), ((390, 844), 4)])
def test_all_whom_a_study_of_public_data_has_to_name(open_page, size, lines):
    sources = [SourceNote(one.title, one.attribution, one.licence, "") for one in load_addresses().values()]
    viewport = {"width": size[0], "height": size[1]}
    page = open_page(map_html(small_content(sources=sources)), viewport=viewport).page
    line = page.locator(".moving .credit")
    assert set(line.inner_text().split(" · ")) == set(NAMED.split(" · "))
    assert line.evaluate("one => one.scrollHeight <= one.clientHeight")  # nobody's name is hidden
    assert height(page, ".moving .credit") <= 24 * lines
    assert height(page, ".moving .folium-map") > 0.8 * height(page, ".moving")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_hundred_names_scroll_in_their_line_and_leave_the_map(open_page):
    sources = [
        (f"List {number}", f"The Society of Friends of Street {number}", "CC BY 4.0", "") for number in range(100)
    ]
    page = open_page(map_html(small_content(sources=sources)), viewport={"width": 390, "height": 844}).page
    assert page.locator(".moving .credit bdi").count() == 100
    assert height(page, ".moving .folium-map") > 0.75 * height(page, ".moving")
