"""What a resident can do with the page that is given out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely import Point

from assetmap.maps import map_html
from tests.browser.conftest import PHONE
from tests.maps.contents import assets_of, full_content, released, small_content

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_text() -> str:
    return map_html(released(full_content(), "residents"))


def card(page):
    return page.locator(".leaflet-popup-content article").last


def shown(page, selector):
    return page.locator(f"{selector}:visible").count()


def test_residents_get_no_working_copy_and_no_count_of_rows(open_page, page_text):
    opened = open_page(page_text)
    assert (opened.requests, opened.complaints) == ([], [])
    assert opened.page.locator(".audience").count() == 0
    assert opened.page.title() == "Places in Bow, A square kilometre"
    assert opened.page.locator("meta[name=audience]").get_attribute("content") == "residents"
    assert opened.page.locator("meta[name=resident-rows]").count() == 0


def test_partners_are_asked_not_to_pass_it_on(open_page):
    page = open_page(map_html(released(full_content(), "partners"))).page
    assert page.locator(".audience").inner_text() == "For the study's partners: please don't pass it on"


def test_the_link_to_a_place_is_copied_with_the_address_where_the_map_will_be(open_page, page_text):
    page = open_page(page_text, permissions=["clipboard-read", "clipboard-write"]).page
    page.get_by_role("link", name="Café Zoë").click()
    card(page).get_by_role("button", name="Copy the link").click()
    card(page).get_by_role("button", name="The link is copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://example.org/bow/map.html#place=osm:node/4"
    assert page.locator("#told").inner_text() == "The link is copied."


def test_without_an_address_a_file_offers_no_link_to_copy(open_page):
    page = open_page(map_html(small_content())).page
    page.get_by_role("link", name="Café Zoë").click()
    assert card(page).get_by_role("button", name="Copy the link").count() == 0


def test_a_changed_address_opens_the_place(open_page, page_text):
    page = open_page(page_text).page
    page.evaluate("location.hash = '#place=osm:node/3'")
    assert card(page).locator("h3").inner_text() == "Bow Library"


def test_whoever_finds_something_wrong_writes_with_the_place_s_code_in_the_subject(open_page, page_text):
    page = open_page(page_text).page
    page.get_by_role("link", name="Linden Park").click()
    link = card(page).get_by_role("link", name="Is something wrong here")
    assert link.get_attribute("href") == (
        "mailto:team@example.org?subject=Linden%20Park%20(osm%3Anode%2F1)%20on%20the%20map%20Places%20in%20Bow"
    )
    assert page.locator("footer a[href^=mailto]").get_attribute("href") == "mailto:team@example.org"


def test_a_telephone_number_is_called(open_page):
    page = open_page(map_html(small_content(contact="Ana, 020 7946 0000"))).page
    page.get_by_role("link", name="Linden Park").click()
    assert card(page).get_by_role("link", name="Is something wrong").get_attribute("href") == "tel:02079460000"


def test_the_stops_of_a_walk_follow_one_another(open_page, page_text):
    page = open_page(page_text).page
    assert page.locator(".stops a").all_inner_texts() == ["Linden gate", "The lock", "Up the hill"]
    page.get_by_role("link", name="Linden gate").click()
    assert "Stop 1 of 3" in card(page).inner_text()
    assert card(page).get_by_role("button", name="Stop before").count() == 0
    card(page).get_by_role("button", name="Next stop").click()
    assert card(page).locator("h3").inner_text() == "The lock"
    assert "Boats wait here." in card(page).inner_text()
    assert page.evaluate("document.activeElement.textContent") == "The lock"
    page.keyboard.press("Escape")
    page.wait_for_selector(".leaflet-popup", state="detached")
    assert page.evaluate("document.activeElement.textContent") == "Linden gate"
    page.locator("#show-stops").uncheck()
    assert page.evaluate("AssetMap.layers.stops.spots.length") == 0


def test_remarks_are_shown_by_theme_and_opened_where_they_lie(open_page, page_text):
    page = open_page(page_text).page
    spots = "AssetMap.layers.comments.spots.length"
    assert page.evaluate(spots) == 0
    page.locator("#remarks-choice").get_by_label("Everything").check()
    assert page.evaluate(spots) == 3
    page.locator("#remarks-choice").get_by_label("Lights").check()
    assert page.evaluate(spots) == 2
    at = page.evaluate(
        "() => { const d = document.querySelector('canvas.drawing').getBoundingClientRect();"
        "const s = AssetMap.layers.comments.spots[0]; return [d.x + s.x, d.y + s.y]; }"
    )
    page.mouse.click(*at)
    assert card(page).locator("h3").inner_text() == "Lights"
    assert card(page).locator("p").all_inner_texts() == ["Too dark after five.", "Two lamps are broken."]
    page.get_by_role("link", name="The bench is lovely.").click()
    assert card(page).locator("h3").inner_text() == "no theme given"


def test_hiding_a_group_narrows_the_list_and_the_table_and_a_search_finds_all_the_same(open_page, page_text):
    page = open_page(page_text).page
    page.locator(".twin summary").click()
    assert shown(page, ".group li") == shown(page, "#place-rows tr") == 6
    page.get_by_label("Food and drink").uncheck()
    assert shown(page, ".group li") == shown(page, "#place-rows tr") == 5
    page.locator("#search").fill("zoe")
    assert page.locator(".group li:visible a").all_inner_texts() == ["Café Zoë"]
    assert page.locator("#place-rows tr:visible th").all_inner_texts() == ["Café Zoë"]
    page.locator("#search").fill("")
    assert shown(page, ".group li") == 5


@pytest.mark.parametrize("options", [{"java_script_enabled": False}, {"before": "delete window.DecompressionStream"}])
def test_without_scripts_the_picture_the_stops_the_list_the_table_and_the_remarks_are_there(
    open_page, page_text, options
):
    page = open_page(page_text, drawn=False, color_scheme="dark", **PHONE, **options).page
    page.locator(".twin summary").click()
    assert page.locator("figure.still svg").is_visible()
    assert shown(page, ".stops li") == shown(page, ".remarks li") == 3
    assert shown(page, ".group li") == shown(page, "#place-rows tr") == 6
    assert page.locator("#shade, #print").first.is_hidden()
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == "rgb(22, 24, 28)"


def test_the_reader_is_found_without_asking_anyone_else(open_page, page_text):
    here = {"latitude": 51.5331, "longitude": -0.0337}
    opened = open_page(page_text, geolocation=here, permissions=["geolocation"])
    opened.page.get_by_role("button", name="Show where I am").click()
    opened.page.get_by_text("Your position stays on this device.").wait_for()
    centre = opened.page.evaluate("AssetMap.canvas._map.getCenter()")
    assert (centre["lat"], centre["lng"]) == pytest.approx((51.5331, -0.0337), abs=1e-4)
    assert opened.requests == []


def test_a_reader_who_cannot_be_found_is_told_and_an_insecure_page_does_not_offer_it(open_page, page_text):
    page = open_page(page_text).page
    page.get_by_role("button", name="Show where I am").click()
    page.get_by_text("Your position can't be found.").wait_for()
    insecure = "Object.defineProperty(window, 'isSecureContext', { value: false });"
    page = open_page(page_text, before=insecure).page
    assert page.get_by_role("button", name="Show where I am").count() == 0


def test_the_dark_comes_with_the_system_and_with_the_button(open_page, page_text):
    paper = (
        "() => { const c = document.querySelector('canvas.drawing');"
        "return [...c.getContext('2d').getImageData(c.width / 2, 3, 1, 1).data].slice(0, 3); }"
    )
    page = open_page(page_text).page
    assert page.evaluate(paper) == [247, 243, 234]
    page.get_by_role("button", name="Dark colours").click()
    assert page.evaluate(paper) == [27, 30, 35]
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == "rgb(22, 24, 28)"
    page.get_by_label("Deprivation 2025").check()
    assert shown(page, ".legend .night") == 10
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_long_names_emoji_and_names_from_right_to_left_keep_their_place(open_page):
    names = ["Park " * 40, "N" * 200, "👩🏽‍🌾 Garden 🏳️‍🌈", "حديقة الجسر (Bridge Park)", "পার্ক"]
    assets = assets_of(
        [{"name": name, "category": "park", "geometry": Point(100 + 170 * n, 500)} for n, name in enumerate(names)]
    )
    for language in ("en", "ur"):
        opened = open_page(map_html(full_content(assets=assets, language=language)), **PHONE)
        page = opened.page
        for link in page.locator(".group li a").all():
            link.click()
            assert card(page).locator("h3").inner_text() in [name.strip() for name in names]
        assert opened.complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_list_too_long_to_hold_says_so_and_the_search_finds_the_rest(open_page):
    rows = [{"name": f"Place {n:05}", "category": "pub", "geometry": Point(n % 97, n // 97)} for n in range(2_500)]
    plain = full_content(assets=assets_of(rows))
    page = open_page(map_html(replace(plain, stops=None, comments=None))).page
    assert page.get_by_text("The list has the first 2,000 of 2,500 places.").is_visible()
    assert page.locator(".group li").count() == page.locator("#place-rows tr").count() == 2_000
    page.locator("#search").fill("Place 02345")
    page.locator("#search").press("Enter")
    assert card(page).locator("h3").inner_text() == "Place 02345"
