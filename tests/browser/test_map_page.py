"""What a reader can do with the map, in a real browser."""

from __future__ import annotations

import html
import re

import pytest
from shapely import Point

from assetmap.errors import UsageError
from assetmap.maps import map_html, render_map
from tests.browser.conftest import PHONE
from tests.maps.contents import assets_of, frame, small_assets, small_content

pytestmark = pytest.mark.browser

COLOURS = """
() => {
  const canvas = document.querySelector('canvas.drawing');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = {};
  for (let i = 0; i < data.length; i += 4) {
    const key = '#' + [data[i], data[i + 1], data[i + 2]].map((v) => v.toString(16).padStart(2, '0')).join('');
    seen[key] = (seen[key] ?? 0) + 1;
  }
  return seen;
}
"""
"""How many pixels of each colour the canvas shows."""


@pytest.fixture(scope="module")
def page_text() -> str:
    return map_html(small_content())


def spot(page, name):
    """Return where a place lies on the window, in pixels."""
    return page.evaluate(
        """(name) => {
          const { places } = AssetMap.scene;
          const i = places.name.indexOf(name);
          const drawing = document.querySelector('canvas.drawing').getBoundingClientRect();
          const view = AssetMap.canvas.view;
          return [drawing.x + view.x(places.x[i]), drawing.y + view.y(places.y[i])];
        }""",
        name,
    )


def card(page):
    return page.locator(".leaflet-popup-content article").last


def test_it_opens_from_a_file_asks_for_nothing_and_complains_of_nothing(open_page, page_text):
    for options in ({}, PHONE):
        opened = open_page(page_text, **options)
        assert (opened.requests, opened.complaints) == ([], [])
        assert not opened.page.locator("figure.still").is_visible()


def test_streets_green_water_buildings_and_symbols_are_drawn(open_page, page_text):
    seen = open_page(page_text).page.evaluate(COLOURS)
    for colour in ("#ffffff", "#fff3cf", "#b3d5e5", "#e2dbcf", "#2d6a32", "#1d5ba4", "#745600"):
        assert seen.get(colour, 0) > 20, colour


def test_the_first_view_fits_the_boundary_and_north_is_up(open_page, page_text):
    page = open_page(page_text).page
    corners = page.evaluate(
        "() => { const v = AssetMap.canvas.view, f = AssetMap.scene.focus;"
        "const s = AssetMap.canvas._map.getSize(), p = AssetMap.canvas._map.containerPointToLayerPoint([0, 0]);"
        "const o = AssetMap.canvas._bounds.min.subtract(p);"
        "return [v.x(f[0]) + o.x, v.y(f[1]) + o.y, s.x - v.x(f[2]) - o.x, s.y - v.y(f[3]) - o.y]; }"
    )
    assert min(corners) > 5
    assert min(corners) < 60
    park, cafe = spot(page, "Linden Park"), spot(page, "Café Zoë")
    church = spot(page, "St Anne")
    assert park[0] < cafe[0]
    assert park[1] < church[1]


def test_a_click_opens_the_place_and_escape_closes_it(open_page, page_text):
    page = open_page(page_text).page
    page.mouse.click(*spot(page, "Bow Library"))
    assert card(page).locator("h3").inner_text() == "Bow Library"
    assert card(page).locator("dd").all_inner_texts() == [
        "Library",
        "Open to the public",
        "Monday–Friday 09:00–17:00",
        "OpenStreetMap",
    ]
    page.keyboard.press("Escape")
    page.wait_for_selector(".leaflet-popup", state="detached")


def test_a_click_on_a_park_s_ground_opens_it(open_page, page_text):
    page = open_page(page_text).page
    x, y = spot(page, "Linden Park")
    page.mouse.click(x - 60, y + 40)
    assert card(page).locator("h3").inner_text() == "Linden Park"
    assert "9 ha" in card(page).inner_text()


def test_two_places_at_one_door_are_offered_both(open_page, page_text):
    page = open_page(page_text).page
    page.mouse.click(*spot(page, "St Anne"))
    assert card(page).locator("h3").inner_text() == "2 places here"
    card(page).get_by_text("St Anne’s Food Bank").click()
    assert card(page).locator("h3").inner_text() == "St Anne’s Food Bank"
    assert page.evaluate("document.activeElement.textContent") == "St Anne’s Food Bank"


def test_zones_are_coloured_one_way_at_a_time_with_a_legend_in_words(open_page, page_text):
    page = open_page(page_text).page
    plain = page.evaluate(COLOURS)
    page.get_by_label("Deprivation 2025").check()
    assert page.get_by_text("Darker areas are among the more deprived.").is_visible()
    assert page.get_by_text("An area is not its people").first.is_visible()
    assert page.get_by_text("more deprived", exact=True).is_visible()
    coloured = page.evaluate(COLOURS)
    assert coloured != plain
    page.get_by_label("Walk to a park").check()
    assert not page.get_by_text("Darker areas are among the more deprived.").is_visible()
    assert page.get_by_text("400 to 800 m").is_visible()
    x, y = spot(page, "Café Zoë")
    page.mouse.click(x - 90, y - 60)
    assert card(page).locator("h3").inner_text() == "E3"
    assert "not known" in card(page).inner_text()
    page.locator("input[name=view]").first.check()
    assert page.evaluate(COLOURS) == plain


def test_groups_of_places_can_be_hidden(open_page, page_text):
    page = open_page(page_text).page
    food = "#745600"
    assert page.evaluate(COLOURS)[food] > 20
    page.get_by_label("Food and drink").uncheck()
    assert page.evaluate(COLOURS).get(food, 0) == 0
    page.get_by_role("button", name="Hide all").click()
    assert page.evaluate(COLOURS).get("#2d6a32", 0) == 0
    page.get_by_role("button", name="Show all").click()
    assert page.evaluate(COLOURS)[food] > 20


def test_marks_are_shown_as_counts_per_square(open_page, page_text):
    page = open_page(page_text).page
    marks = "#9a2f5f"
    assert page.evaluate(COLOURS).get(marks, 0) == 0
    page.get_by_label("Feels unsafe").check()
    assert page.evaluate(COLOURS)[marks] > 200
    at = page.evaluate(
        "() => { const d = document.querySelector('canvas.drawing').getBoundingClientRect();"
        "const v = AssetMap.canvas.view, m = AssetMap.scene.marks; return [d.x + v.x(m.x[0]), d.y + v.y(m.y[0])]; }"
    )
    page.mouse.click(*at)
    assert card(page).inner_text().split("\n\n") == ["Feels unsafe", "3 marks, from 2 sheets"]


def test_search_finds_by_name_and_kind_without_minding_accents(open_page, page_text):
    page = open_page(page_text).page
    search = page.get_by_role("searchbox", name="Find a place")
    search.fill("cafe zoe")
    assert page.locator("#results button").all_inner_texts() == ["Café Zoë Café"]
    assert page.locator("#search-count").inner_text() == "1 place found."
    assert page.locator(".group li:visible").count() == 1
    search.fill("library")
    search.press("ArrowDown")
    page.keyboard.press("Enter")
    assert card(page).locator("h3").inner_text() == "Bow Library"
    assert not page.locator("#results").is_visible()  # they would lie over it
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "search"
    search.fill("nowhere")
    assert page.locator("#search-count").inner_text() == "No place has that in its name or kind."
    search.press("Escape")
    assert page.locator(".group li:visible").count() == 6


def test_a_place_has_an_address(open_page, page_text):
    page = open_page(page_text, address="#place=osm:node/3").page
    assert card(page).locator("h3").inner_text() == "Bow Library"


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {"before": "delete window.DecompressionStream"}])
def test_without_scripts_or_unpacking_the_picture_list_and_tables_are_there(open_page, page_text, options):
    opened = open_page(page_text, drawn=False, **options)
    page = opened.page
    assert page.locator("figure.still svg").is_visible()
    assert page.get_by_text("On an iPhone or iPad").is_visible()
    assert not page.locator(".folium-map").is_visible()
    assert not page.locator("#search").is_visible()
    assert page.locator(".group li:visible").count() == 6
    assert page.locator("table:visible").count() == 2
    assert (opened.requests, opened.complaints) == ([], [])


def test_a_fault_in_the_data_brings_the_picture_back(open_page, page_text):
    torn = re.sub(r'(id="payload">.{400})[^<]*', r"\1", page_text)
    opened = open_page(torn, drawn=False)
    opened.page.wait_for_selector("html:not(.live)", state="attached")
    assert opened.page.locator("figure.still svg").is_visible()


def test_paper_gets_the_picture_and_the_whole_list(open_page, page_text):
    page = open_page(page_text).page
    page.emulate_media(media="print")
    assert page.locator("figure.still svg").is_visible()
    assert not page.locator(".folium-map").is_visible()
    assert page.locator(".group li:visible").count() == 6


def test_a_notebook_shows_it_in_a_frame(open_page, page_text):
    inline = render_map(small_content())._repr_html_()
    assert html.escape(page_text) == re.search(r'srcdoc="([^"]*)"', inline)[1]
    opened = open_page(f"<!DOCTYPE html><title>Notebook</title><body>{inline}</body>", drawn=False)
    inside = opened.page.frame_locator("iframe")
    inside.locator("html.ready").wait_for(state="attached")
    inside.get_by_role("link", name="Café Zoë").click()
    assert inside.locator(".leaflet-popup-content h3").inner_text() == "Café Zoë"
    inside.get_by_role("link", name="Sources").click()
    assert inside.locator("#about").is_visible()
    assert [url for url in opened.requests if not url.startswith("about:")] == []
    assert opened.complaints == []


def test_calm_readers_get_no_animation(open_page, page_text):
    still = open_page(page_text, reduced_motion="reduce").page
    assert still.evaluate("AssetMap.canvas._map.options.zoomAnimation") is False


def test_a_study_with_one_place_and_nothing_else_is_drawn(open_page):
    alone = assets_of([{"name": "The Only Place", "category": "pub", "geometry": Point(5, 5)}])
    content = small_content(
        assets=alone, base=frame([], kind=[], name=[]), zones=None, zone_views=(), boundary=None, mark_cells=None
    )
    opened = open_page(map_html(content))
    assert opened.complaints == []
    opened.page.mouse.click(*spot(opened.page, "The Only Place"))
    assert card(opened.page).locator("h3").inner_text() == "The Only Place"


def test_a_study_without_places_is_drawn(open_page):
    opened = open_page(map_html(small_content(assets=small_assets().iloc[:0])))
    assert opened.complaints == []
    assert opened.page.evaluate(COLOURS)["#ffffff"] > 100


def test_what_the_map_is_about_is_ringed_on_it_and_in_its_picture(open_page):
    ring = "#b3261e"
    plain, about = (map_html(small_content(featured=identity)) for identity in ("", "osm:node/3"))
    assert ring not in open_page(plain).page.evaluate(COLOURS)
    opened = open_page(about)
    opened.page.get_by_role("button", name="Hide all").click()
    assert opened.page.evaluate(COLOURS)[ring] > 30  # it stays when its group is hidden
    assert opened.complaints == []
    assert [text.count('stroke="#b3261e"') for text in (plain, about)] == [0, 1]


def test_the_card_of_a_place_on_a_system_map_leads_there_and_no_other(open_page):
    content = small_content(tied=("osm:node/3",))
    page = open_page(map_html(content), address="#place=osm:node/3").page
    link = card(page).get_by_text("On the system maps")
    assert link.get_attribute("href") == "systems.html#place=osm:node/3"
    page = open_page(map_html(content), address="#place=osm:node/4").page
    assert card(page).get_by_text("On the system maps").count() == 0
    page = open_page(map_html(small_content()), address="#place=osm:node/3").page
    assert card(page).get_by_text("On the system maps").count() == 0


def test_no_map_for_others_leads_to_the_system_maps():
    with pytest.raises(UsageError, match="system maps are for the team"):
        small_content(audience="residents", tied=("osm:node/3",))
