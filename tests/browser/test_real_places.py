"""Maps of the sample and of a real city centre, as OpenStreetMap has them."""

from __future__ import annotations

import pytest

from assetmap.maps import MapContent, map_html
from assetmap.sources.osm import read_osm
from tests.browser.conftest import PHONE
from tests.maps.contents import SOURCES

pytestmark = pytest.mark.browser


def content_of(path, title):
    extract = read_osm(path)
    return MapContent(title, "", extract.assets, extract.base, SOURCES, "2026-01-05")


def check(open_page, page_text, places, **options):
    opened = open_page(page_text, **options)
    assert (opened.requests, opened.complaints) == ([], [])
    assert len(page_text) < 1_500_000
    assert opened.page.evaluate("AssetMap.scene.places.name.length") == places
    assert opened.page.evaluate("AssetMap.canvas._painters.length") == 4
    assert opened.page.locator(".group li").count() == places
    shown = opened.page.evaluate("AssetMap.canvas._painters[0].badges.length")
    assert 10 < shown <= places


def test_the_sample_on_a_phone(open_page, sample):
    content = content_of(sample / "osm_cache" / "tidewell.osm", "Tidewell")
    check(open_page, map_html(content), len(content.assets), **PHONE)


def test_the_middle_of_leeds(open_page, shared_data):
    content = content_of(shared_data / "osm" / "osm2streets_leeds_cycleway.osm", "Leeds")
    check(open_page, map_html(content), len(content.assets))
