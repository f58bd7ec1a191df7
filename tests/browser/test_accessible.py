"""The map for readers who use a keyboard, a screen reader, large type or a small screen."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from assetmap.maps import map_html
from tests.browser.conftest import DESKTOP, PHONE
from tests.maps.contents import full_content, small_content

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
        const s = document.getElementById('search');
        s.value = '';
        s.dispatchEvent(new Event('input'));
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


RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}


# What a search offers lies over the panel until it is closed: the panel's targets are covered then, and no smaller.
COVERED = RULES | {"rules": {"target-size": {"enabled": False}}}


def faults(page, rules=RULES):
    results = Axe().run(page, options=rules)
    return results.violations_count and results.generate_report()


@pytest.mark.parametrize(
    ("language", "scheme", "device"),
    [
        ("en", "light", DESKTOP),
        ("en", "dark", PHONE),
        ("bn", "light", PHONE),
        ("bn", "dark", DESKTOP),
        ("ur", "light", PHONE),
        ("ur", "dark", DESKTOP),
    ],
)
def test_axe_finds_nothing(open_page, language, scheme, device):
    text = map_html(full_content(language=language))
    page = open_page(text, reduced_motion="reduce", color_scheme=scheme, **device).page
    assert page.evaluate("AssetMap.scene.shade") == (scheme == "dark")
    page.evaluate("document.querySelector('.twin').open = true")
    for state, change in STATES.items():
        page.evaluate(change)
        assert not (found := faults(page, COVERED if state == "searching" else RULES)), f"{state}: {found}"


def test_axe_finds_nothing_without_the_moving_map(open_page, page_text):
    page = open_page(page_text, drawn=False, before="delete window.DecompressionStream").page
    assert not (found := faults(page)), found


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


@pytest.mark.parametrize("size", [(320, 256), (320, 640), (768, 640), (1280, 640)])
def test_nothing_runs_over_the_edge(open_page, size):
    """Down to 320 by 256: a window of 1280 by 1024 at 400 %."""
    page = open_page(map_html(full_content()), viewport={"width": size[0], "height": size[1]}).page
    page.evaluate(STATES["coloured"])
    page.evaluate(STATES["with a card"])
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for name in ("#search", "#panel", ".stops", ".groups", ".remarks", ".card h3"):
        box = page.locator(name).first.bounding_box()
        assert box is not None, name
        assert box["width"] > 100, name
    assert page.evaluate("getComputedStyle(document.querySelector('.stage')).position") == (
        "static" if size[1] < 600 and size[0] < 890 else "sticky"
    )


def test_every_place_stop_and_remark_is_opened_with_the_keyboard(open_page):
    page = open_page(map_html(full_content())).page
    names = page.locator(".group li a, .stops li a, .remarks li a").all_inner_texts()
    assert len(names) == 6 + 3 + 3
    page.locator("#stops-label").evaluate("(h) => { h.tabIndex = -1; h.focus(); }")
    opened = []
    for _ in range(40):
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement.matches('.group li a, .stops li a, .remarks li a')"):
            continue
        link = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        opened.append((link, page.evaluate("document.activeElement.closest('.card').textContent")))
        page.keyboard.press("Escape")
        page.wait_for_selector(".leaflet-popup", state="detached")
        assert page.evaluate("document.activeElement.textContent") == link
        if len(opened) == len(names):
            break
    assert [link for link, _ in opened] == names
    assert all(link in card for link, card in opened)


def test_high_contrast_and_forced_colours_keep_the_words_and_the_swatches(open_page):
    page = open_page(map_html(full_content()), forced_colors="active").page
    page.emulate_media(contrast="more")
    page.evaluate(STATES["coloured"])
    assert page.evaluate("getComputedStyle(document.querySelector('.legend .scale')).forcedColorAdjust") == "none"
    assert not (found := faults(page)), found


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
