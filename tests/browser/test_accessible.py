"""The map for readers who use a keyboard, a screen reader, large type or a small screen."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from assetmap.maps import map_html
from tests.browser.conftest import DESKTOP, PHONE
from tests.maps.contents import small_content

pytestmark = pytest.mark.browser

STATES = {
    "as it opens": "() => {}",
    "with a card": "() => document.querySelector('.group li a').click()",
    "searching": """() => {
        const s = document.getElementById('search');
        s.value = 'a';
        s.dispatchEvent(new Event('input'));
    }""",
    "coloured": """() => {
        document.getElementById('panel').open = true;
        for (const radio of document.querySelectorAll('input[value="0"]')) radio.click();
    }""",
}
FOCUSED = """
() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const label = element.labels?.[0]?.textContent;
  const name = element.getAttribute('aria-label') ?? label ?? element.textContent;
  const style = getComputedStyle(element);
  return {
    tag: element.tagName.toLowerCase(),
    id: element.id,
    name: name.trim(),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    width: element.getBoundingClientRect().width,
  };
}
"""
SMALL_TARGETS = """
() => [...document.querySelectorAll('a, button, input, summary, label.choice')]
  .filter((element) => element.checkVisibility() && !element.closest('.skip') && !element.matches('.choice input'))
  .map((element) => ({ box: element.getBoundingClientRect(), text: element.outerHTML.slice(0, 90) }))
  .filter(({ box }) => box.width < 24 || box.height < 24)
  .map(({ text, box }) => `${Math.round(box.width)} x ${Math.round(box.height)} ${text}`)
"""


@pytest.fixture(scope="module")
def page_text() -> str:
    return map_html(small_content())


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(open_page, page_text, device):
    page = open_page(page_text, reduced_motion="reduce", **device).page
    for state, change in STATES.items():
        page.evaluate(change)
        results = Axe().run(page)
        assert results.violations_count == 0, f"{state}: {results.generate_report()}"


def test_axe_finds_nothing_without_the_moving_map(open_page, page_text):
    page = open_page(page_text, drawn=False, before="delete window.DecompressionStream").page
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def walk(page):
    stops = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            return stops
        stops.append(stop)
    pytest.fail(f"the keyboard never left the page: {[stop['name'] for stop in stops]}")


def test_the_keyboard_reaches_everything_once_by_name_and_is_let_out(open_page, page_text):
    page = open_page(page_text).page
    stops = walk(page)
    assert all(stop["name"] for stop in stops), stops
    assert all(stop["outlined"] for stop in stops), [stop for stop in stops if not stop["outlined"]]
    names = [stop["name"] for stop in stops]
    assert names[:4] == ["Skip to the list of places", "Dark colours", "Print", "Find a place"]
    for wanted in (
        "Zoom in",
        "Zoom out",
        "Show the whole map",
        "Show where I am",
        "Hide all",
        "Linden Park",
        "Garden, no name in the data",
    ):
        assert names.count(wanted) == 1, wanted
    assert sum(name.startswith("Map of Places in Bow") for name in names) == 1
    assert not [stop for stop in stops if stop["tag"] in ("canvas", "path", "svg", "polygon")]
    boxes = page.locator("input[name=group]").count()
    assert sum(stop["tag"] == "input" for stop in stops) == 1 + boxes + 2  # search, groups, one radio a set


def test_a_place_opens_from_the_list_with_the_keyboard_and_the_focus_comes_back(open_page, page_text):
    page = open_page(page_text).page
    link = page.get_by_role("link", name="Café Zoë")
    link.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName + document.activeElement.textContent") == "H3Café Zoë"
    page.keyboard.press("Escape")
    page.wait_for_selector(".leaflet-popup", state="detached")
    assert page.evaluate("document.activeElement.textContent") == "Café Zoë"


def test_the_map_moves_with_the_keyboard(open_page, page_text):
    page = open_page(page_text, reduced_motion="reduce").page
    page.locator(".folium-map").focus()
    before = page.evaluate("[AssetMap.canvas._map.getCenter().lng, AssetMap.canvas._map.getZoom()]")
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    after = page.evaluate("[AssetMap.canvas._map.getCenter().lng, AssetMap.canvas._map.getZoom()]")
    assert after[1] == before[1] + 1
    assert after[0] > before[0]


def test_the_skip_link_leads_to_the_list(open_page, page_text):
    page = open_page(page_text).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "places"


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_targets_are_large_enough(open_page, page_text, device):
    page = open_page(page_text, **device).page
    page.evaluate(STATES["coloured"])
    page.evaluate(STATES["with a card"])
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_runs_over_the_edge(open_page, page_text, width):
    page = open_page(page_text, viewport={"width": width, "height": 640}).page
    page.evaluate(STATES["coloured"])
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_wheel_scrolls_the_page_until_the_map_has_the_focus(open_page, page_text):
    page = open_page(page_text, reduced_motion="reduce").page
    zoom = "AssetMap.canvas._map.getZoom()"
    before = page.evaluate(zoom)
    page.mouse.move(800, 500)
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(300)
    assert page.evaluate("window.scrollY") > 0
    assert page.evaluate(zoom) == before
    page.locator(".folium-map").click(position={"x": 400, "y": 300})
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(300)
    assert page.evaluate(zoom) > before
