"""No text runs, in any place where the page shows text; and the page shows every place."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import shapely

from assetmap.encode import plain_text
from assetmap.maps import ZoneView, document, map_html
from assetmap.maps.placelist import list_places, sort_places
from assetmap.words import Words, words_for
from tests.browser.payloads import HOSTILE
from tests.maps.contents import (
    VIEWS,
    assets_of,
    full_content,
    small_base,
    small_comments,
    small_content,
    small_marks,
    small_stops,
    small_zones,
)

pytestmark = pytest.mark.browser

OPEN_ALL = """
async () => {
  const told = [];
  for (const link of document.querySelectorAll('.stops a, .remarks a')) link.click();
  for (const link of [...document.querySelectorAll('.group li a')]) {
    link.click();
    const card = [...document.querySelectorAll('.leaflet-popup-content article')].at(-1); // the one before fades
    told.push([card.querySelector('h3').textContent, [...card.querySelectorAll('dd')].map((d) => d.textContent)]);
  }
  for (const input of document.querySelectorAll('.panel input')) input.click();
  const search = document.getElementById('search');
  for (const wanted of ['script', '<', '`', '"', 'park', '__proto__', '']) {
    search.value = wanted;
    search.dispatchEvent(new Event('input'));
    for (const button of document.querySelectorAll('#results button')) button.focus();
  }
  for (const element of document.querySelectorAll('body *')) {
    element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
  }
  await new Promise((done) => setTimeout(done, 200));
  return told;
}
"""


def test_the_corpus_is_large():
    assert len(set(HOSTILE)) >= 60


def hostile_assets():
    """Return one place for each text, which stands in each of its fields."""
    categories = ("park", "library", "pub", "school")
    return assets_of(
        [
            {
                "name": text,
                "category": categories[number % 4],
                "geometry": shapely.Point(30 + 11 * number, 500 + 5 * (number % 7)),
                "asset_id": f"list:{text}:{number}",
                "source": text,
                "source_ref": text,
                "observed_on": text,
                "owner": text,
                "opening_hours": text,
                "cost": text,
                "step_free": text,
                "zone_code": "E1",
            }
            for number, text in enumerate(HOSTILE)
        ]
    )


def check_untouched(opened, places):
    page = opened.page
    told = page.evaluate(OPEN_ALL)
    assert page.evaluate("window.__pwned") is None
    assert opened.requests == []
    assert opened.complaints == []
    assert len(told) == page.evaluate("AssetMap.scene.places.name.length") == len(places)
    for place, (heading, facts) in zip(places, told, strict=True):
        assert heading == place.name
        assert facts == [place.category, *place.facts.values()]
    assert page.evaluate("document.querySelectorAll('script').length") == page.evaluate("document.scripts.length") == 18
    assert page.evaluate("document.querySelectorAll('body iframe, body img, body object, body base').length") == 0


def test_texts_of_places_stay_text(open_page):
    assets = hostile_assets()
    zones = small_zones()
    opened = open_page(map_html(small_content(assets=assets)))
    check_untouched(opened, list_places(sort_places(assets), zones, words_for("en")))


def test_without_scripts_they_stay_text_too(open_page):
    opened = open_page(map_html(small_content(assets=hostile_assets())), drawn=False, java_script_enabled=False)
    shown = [" ".join(text.split()) for text in opened.page.locator(".group li > a").all_text_contents()]
    assert len(shown) == len(HOSTILE)
    for text in HOSTILE:
        if text.strip():
            assert " ".join(plain_text(text).split()) in shown
    assert opened.requests == []


def hostile_frames():
    count = len(HOSTILE)
    squares = [shapely.box(10 * n, 0, 10 * n + 10, 400) for n in range(count)]
    zones = small_zones().iloc[[0] * count].reset_index(drop=True)
    zones = zones.assign(zone_code=[f"Z{n}" for n in range(count)], name=list(HOSTILE))
    zones = zones.set_geometry([shapely.affinity.translate(square, 536_000, 183_000) for square in squares])
    marks = small_marks().iloc[[0] * count].reset_index(drop=True).assign(theme=list(HOSTILE))
    base = small_base().iloc[[7] * count].reset_index(drop=True).assign(name=list(HOSTILE))
    stops = small_stops().iloc[[0] * count].reset_index(drop=True)
    stops = stops.assign(number=range(count), title=list(HOSTILE), text=list(HOSTILE))
    comments = small_comments().iloc[[0] * count].reset_index(drop=True).assign(theme=list(HOSTILE), text=list(HOSTILE))
    return {"zones": zones, "mark_cells": marks, "base": base, "stops": stops, "comments": comments}


def test_texts_of_zones_themes_streets_stops_and_remarks_stay_text(open_page):
    content = small_content(**hostile_frames())
    opened = open_page(map_html(content))
    page = opened.page
    page.evaluate(OPEN_ALL)
    assert page.evaluate("window.__pwned") is None
    assert opened.requests == []
    assert opened.complaints == []
    assert page.evaluate("AssetMap.scene.zones.name") == [plain_text(text) for text in HOSTILE]
    assert page.locator("input[name=theme]").count() == len({plain_text(text) for text in HOSTILE}) + 1
    assert page.evaluate("AssetMap.scene.stops.title") == [plain_text(text) for text in HOSTILE]
    assert page.evaluate("AssetMap.scene.comments.text") == [plain_text(text) for text in HOSTILE]
    assert page.locator(".stops li").count() == page.locator(".remarks li").count() == len(HOSTILE)
    assert page.locator(".tables tbody th").count() == len(HOSTILE) + len({plain_text(text) for text in HOSTILE})


def test_texts_of_a_catalogue_stay_text(open_page, monkeypatch):
    """A translation comes from a stranger too: each phrase becomes every hostile text, with its braces kept."""
    catalogue = words_for("en").catalogue
    phrases = {
        key: tuple(f"{HOSTILE[number % len(HOSTILE)]} {' '.join(re.findall(r'{[a-z]+}', form))}" for form in forms)
        for number, (key, forms) in enumerate(catalogue.english.items())
    }
    monkeypatch.setattr(document, "words_for", lambda _: Words(replace(catalogue, phrases=phrases)))
    opened = open_page(map_html(full_content()))
    opened.page.evaluate(OPEN_ALL)
    assert opened.page.evaluate("window.__pwned") is None
    assert (opened.requests, opened.complaints) == ([], [])
    assert opened.page.locator(".group li").count() == 6


def test_an_address_and_a_contact_are_no_way_in(open_page):
    address = 'https://example.org/"onmouseover="window.__pwned=1/</script><script>window.__pwned=1</script>'
    attacks = ("javascript:window.__pwned=1", '"><a href=javascript:window.__pwned=1>@example.org', "tel:javascript:1")
    for contact in attacks:
        opened = open_page(map_html(full_content(address=address, contact=contact)))
        opened.page.evaluate(OPEN_ALL)
        links = opened.page.evaluate("[...document.links].map((a) => a.protocol)")
        assert set(links) <= {"file:", "https:", "mailto:", "tel:"}
        assert opened.page.evaluate("window.__pwned") is None
        assert (opened.requests, opened.complaints) == ([], [])


def test_texts_of_the_study_stay_text(open_page):
    everything = " ".join(HOSTILE)
    content = small_content(
        title=everything,
        subtitle=everything,
        notice=everything,
        made_on=everything,
        made_by=everything,
        contact=f"{everything} x@example.org",
        stops_title=everything,
        sources=[(text, text, text, text) for text in HOSTILE],
        zone_views=[
            ZoneView(VIEWS[0].column, text, text, "number", (1.0, 5.0), (text, text, text), unit=text, missing=text)
            for text in HOSTILE
        ],
    )
    opened = open_page(map_html(content))
    page = opened.page
    page.evaluate(OPEN_ALL)
    assert page.evaluate("window.__pwned") is None
    assert opened.requests == []
    assert opened.complaints == []
    assert page.title().startswith("<script>window.__pwned=1</script>")
    assert page.locator(".sources li").count() == len(HOSTILE)
    assert page.locator("input[name=view]").count() == len(HOSTILE) + 1
    assert page.evaluate("document.body.scrollWidth <= document.documentElement.clientWidth")
