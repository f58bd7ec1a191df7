"""The page as a file and as a folium map."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import folium
import numpy as np
import pytest
from shapely import LineString, Point

from assetmap.maps import map_html, render_map
from assetmap.schema import empty_frame
from tests.maps.contents import (
    SOURCES,
    assets_of,
    frame,
    released,
    small_assets,
    small_base,
    small_content,
    small_zones,
)

ROOT = Path(__file__).resolve().parents[2]
VOID = {"meta", "input", "br", "img", "link", "rect", "path", "circle"}


class Outline(HTMLParser):
    """Checks that elements nest, and collects ids, words and attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.words.append(data.strip())


def outline(page: str) -> Outline:
    read = Outline()
    read.feed(page)
    read.close()
    assert read.open == []
    return read


@pytest.fixture(scope="module")
def page() -> str:
    return map_html(small_content())


def test_the_page_is_well_formed_with_language_title_and_free_zoom(page):
    read = outline(page)
    assert len(read.ids) == len(set(read.ids))
    tags = [tag for tag, _ in read.tags]
    assert ("html", {"lang": "en", "dir": "ltr"}) in read.tags
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    (viewport,) = [attrs["content"] for tag, attrs in read.tags if attrs.get("name") == "viewport"]
    assert viewport == "width=device-width, initial-scale=1"
    assert "Places in Bow, A square kilometre: working copy, not for sharing" in read.words


def test_every_place_is_in_the_list_and_numbered_on_the_picture(page):
    read = outline(page)
    anchors = [value for value in read.ids if value.startswith("place=")]
    assert len(anchors) == 6
    picture = page[page.index('<svg class="picture"') : page.index("</figure>")]
    assert re.findall(r'<a href="#(place=[^"]+)">', picture) == anchors
    for name in ("Linden Park", "Café Zoë", "Garden, no name in the data"):
        assert name in read.words


def test_the_team_copy_says_so_with_the_number_of_residents_rows(page):
    read = outline(page)
    assert "Working copy, not for sharing (16 residents' marks)" in read.words
    assert {("audience", "team"), ("resident-rows", "16")} <= {
        (attrs.get("name"), attrs.get("content")) for tag, attrs in read.tags if tag == "meta"
    }


def test_zones_marks_sources_and_contact_are_told_in_words(page):
    words = " ".join(outline(page).words)
    for told in (
        "An area is not its people",
        "more deprived",
        "less deprived",
        "decile 7",
        "640 m",
        "not known: 1 area",
        "Half of the people walk less than 400 m.",
        "Feels unsafe",
        "© OpenStreetMap contributors",
        "ODbL 1.0",
        "1 May 2025",
        "Made by the study team on 5 January 2026.",
        "team@example.org",
        "This place is made up.",
    ):
        assert told in words, told


def test_only_counts_of_marks_reach_the_page():
    marks = small_content().mark_cells.assign(text="my own words", contributor_id="person-7")
    page = map_html(small_content(mark_cells=marks))
    assert page == map_html(small_content())


def test_repeated_renders_give_the_same_bytes(page):
    assert map_html(small_content()) == page
    made = render_map(small_content())
    assert made.get_root().render() == made.get_root().render() == page


def test_two_hash_seeds_give_the_same_bytes():
    code = "from tests.maps.contents import small_content\nfrom assetmap.maps import map_html\nimport hashlib\n"
    code += "print(hashlib.sha256(map_html(small_content()).encode()).hexdigest())"
    sums = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(sums) == 1


def test_it_is_a_folium_map_that_shows_inline_and_takes_layers():
    made = render_map(small_content())
    assert isinstance(made, folium.Map)
    shown = made._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert html.unescape(re.search(r'srcdoc="([^"]*)"', shown)[1]) == made.get_root().render()
    folium.GeoJson(small_zones().to_crs(4326).__geo_interface__, name="zones").add_to(made)
    assert "L.geoJson" in made.get_root().render()


def test_a_study_without_places_zones_or_marks_still_makes_a_page():
    content = small_content(
        assets=empty_frame("assets", small_assets().crs),
        base=small_base().iloc[:0],
        zones=None,
        zone_views=(),
        boundary=None,
        mark_cells=None,
        sources=(),
        made_by="",
        contact="",
        notice="",
        subtitle="",
        resident_rows=0,
    )
    read = outline(map_html(content))
    assert "There are no places in this study yet." in read.words
    assert "Working copy, not for sharing" in read.words


def test_the_team_s_map_says_why_its_ground_is_blank():
    says = "Streets are not shown: no OpenStreetMap data is in this study."
    none, osm = small_base().iloc[:0], SOURCES[:1]
    assert says in outline(map_html(small_content(base=none, sources=SOURCES[1:]))).words
    assert says not in outline(map_html(small_content(base=none, sources=osm))).words  # it is in, but empty here
    assert says not in outline(map_html(small_content(sources=SOURCES[1:]))).words
    others = released(small_content(base=none, sources=SOURCES[1:]), "residents")
    assert says not in outline(map_html(others)).words


def test_a_long_list_starts_closed_and_ten_thousand_streets_stay_small():
    rng = np.random.default_rng(7)
    spots = rng.uniform(0, 9000, (500, 2))
    rows = [{"name": f"Place {n}", "category": "pub", "geometry": Point(spot)} for n, spot in enumerate(spots)]
    bend = np.array([[0, 0], [60, 20], [90, 80]])
    streets = [LineString(corner + bend) for corner in rng.uniform(0, 9000, (10_000, 2))]
    base = frame(streets, kind="street", name="Any Street")
    page = map_html(small_content(assets=assets_of(rows), base=base))
    assert '<details class="group">' in page
    assert len(page) < 1_500_000
