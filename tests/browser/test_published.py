"""The folder that `publish` writes, as those who get it open it: in every language, on a phone, with anything in it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from jinja2.exceptions import TemplateError
from playwright.sync_api import Error

from assetmap.disclosure.gate import Passed
from assetmap.disclosure.stamp import stamp
from assetmap.study.create import create_demo
from assetmap.study.sharing.publishing import publish_study
from assetmap.study.sharing.share_files import ShareFiles, write_share
from assetmap.words import languages
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.payloads import HOSTILE
from tests.browser.test_accessible import RULES, faults
from tests.browser.test_hostile_texts import check_untouched, hostile_assets
from tests.maps.contents import full_content, released, small_comments, small_marks, small_zones

pytestmark = pytest.mark.browser

PLACES, REMARKS = 47, 10
NO_UNPACKING = "delete window.DecompressionStream"


@pytest.fixture(scope="module")
def share(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "demo"
    create_demo(folder)
    return publish_study(folder, today="2026-05-04", languages=languages()).folder


def pages_of(share: Path) -> dict[str, str]:
    return {path.name.split(".")[1]: path.read_text(encoding="utf-8") for path in sorted(share.glob("map.*.html"))}


@pytest.mark.parametrize("language", languages())
def test_it_asks_for_nothing_complains_of_nothing_and_shows_the_same_places_three_times(open_page, share, language):
    opened = open_page(pages_of(share)[language], **PHONE)
    page = opened.page
    assert (opened.requests, opened.complaints) == ([], [])
    assert page.evaluate("AssetMap.scene.places.name.length") == PLACES
    assert page.locator(".group li").count() == PLACES
    assert page.locator(".twin tbody tr").count() == PLACES
    assert page.locator(".remarks li").count() == REMARKS
    assert page.locator("html").get_attribute("lang") == language
    assert len(pages_of(share)[language].encode()) < 1_500_000
    assert page.locator(".audience").count() == 0
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["en", "so", "ur"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_what_is_given_out(open_page, share, language, device):
    page = open_page(pages_of(share)[language], reduced_motion="reduce", **device).page
    page.evaluate("document.querySelector('.twin').open = true")
    assert not (found := faults(page, RULES)), found


@pytest.mark.parametrize(
    "options", [{"java_script_enabled": False}, {"before": NO_UNPACKING}], ids=["no scripts", "old"]
)
def test_where_the_map_cant_run_the_picture_the_list_the_table_and_the_remarks_are_there(open_page, share, options):
    page = open_page(pages_of(share)["en"], drawn=False, **options).page
    assert page.locator(".still svg").is_visible()
    assert page.locator(".group li").count() == PLACES
    assert page.locator(".twin tbody tr").count() == PLACES
    assert page.locator(".remarks li").count() == REMARKS


def test_each_language_leads_to_each_other(browser, share):
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    page.goto((share / "map.en.html").as_uri())
    page.wait_for_selector("html.ready", state="attached")
    for language in [code for code in languages() if code != "en"] + ["en"]:
        page.locator(f".tools-line nav a[lang={language}]").click()
        page.wait_for_selector("html.ready", state="attached")
        assert page.locator("html").get_attribute("lang") == language
        assert page.url == (share / f"map.{language}.html").as_uri()
    context.close()


def hostile_release(folder: Path) -> tuple[ShareFiles, tuple[str, ...]]:
    """Write a release whose every text is hostile: names, facts, themes, remarks, areas, title, notice, contact."""
    content = full_content(assets=hostile_assets().drop(columns=["duplicate_of"], errors="ignore"))
    marks, remarks, zones = small_marks(), small_comments(), small_zones()
    many = [HOSTILE[n % len(HOSTILE)] for n in range(max(len(marks), len(remarks), len(zones), len(HOSTILE)))]
    remarks = remarks.iloc[[n % len(remarks) for n in range(len(HOSTILE))]].reset_index(drop=True)
    content = replace(
        content,
        title=HOSTILE[1],
        subtitle=HOSTILE[5],
        notice=" ".join(HOSTILE[:6]),
        contact=HOSTILE[3],
        mark_cells=marks.assign(theme=many[: len(marks)]),
        comments=remarks.assign(theme=many[: len(remarks)], text=list(HOSTILE)),
        zones=zones.assign(name=many[: len(zones)]),
        sources=[(HOSTILE[0], HOSTILE[2], HOSTILE[4], "2026-05-04")],
    )
    content = released(content, "residents")
    frames = {name: getattr(content, name) for name in ("assets", "zones", "mark_cells", "comments")}
    share = ShareFiles(content, ("en",), "", Passed(frames={n: stamp(f, "residents") for n, f in frames.items()}), "en")
    return share, write_share(folder, share)


def test_no_text_runs_from_any_file_of_a_release(open_page, tmp_path):
    folder = tmp_path / "share"
    folder.mkdir()
    share, _ = hostile_release(folder)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert all(re.fullmatch(r"[A-Za-z0-9_./]+", name) for name in names)
    page = (folder / "map.en.html").read_text(encoding="utf-8")
    from assetmap.maps.placelist import list_places, sort_places
    from assetmap.words import words_for

    places = list_places(sort_places(share.content.assets), share.content.zones, words_for("en"))
    check_untouched(open_page(page), places)
    for path in folder.glob("data/*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        frame = share.passed.frames[path.stem]
        assert len(rows) == len(frame) + 1, path
        cells = {cell for row in rows for cell in row}
        assert not [cell for cell in cells if re.match(r"[=+\-@\t\r\n](?![\d.]*$)", cell)], path
    for path in folder.glob("data/*.geojson"):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        assert len(features) == len(share.passed.frames[path.stem])
    for path in folder.glob("*.pdf"):
        document = pypdfium2.PdfDocument(path)
        assert pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(document) == 0
        assert sum(pypdfium2.raw.FPDFPage_GetAnnotCount(page) for page in document) == 0
        assert sum(len(page.get_textpage().get_text_range()) for page in document) > 1000
    assert (folder / "README.txt").read_text(encoding="utf-8").count("\n") < 45
    json.loads((folder / "publish.json").read_text(encoding="utf-8"))


def test_the_same_texts_run_in_a_map_of_folium_s_own(browser, tmp_path, record_property):
    """What the corpus does to a stock map, to know that it bites."""
    import folium

    context = browser.new_context(**DESKTOP)
    context.route("http*://**", lambda route: route.abort())
    page = context.new_page()
    ran, broken = 0, 0
    for number, text in enumerate(HOSTILE):
        made = folium.Map([51.5, 0], tiles=None)
        folium.Marker([51.5, 0], tooltip=folium.Tooltip(text, permanent=True)).add_to(made)
        try:
            path = tmp_path / f"{number}.html"
            path.write_text(_with_leaflet(str(made.get_root().render())), encoding="utf-8")
        except TemplateError:  # the text was taken for a template while the page was written
            broken += 1
            continue
        try:
            page.goto(path.as_uri(), wait_until="load")
            page.wait_for_timeout(20)
            ran += bool(page.evaluate("window.__pwned"))
            broken += page.locator(".leaflet-tooltip").count() == 0
        except Error:  # the text has led the page away, and may still be on its way
            ran += 1
            page.close()
            page = context.new_page()
    context.close()
    record_property("texts that ran", ran)
    record_property("texts that broke the map", broken)
    assert ran + broken >= 20


def _with_leaflet(text: str) -> str:
    """Put Leaflet, which a stock page fetches, into the page, and leave out what else it would fetch."""
    from assetmap.maps.templates import leaflet_files

    text = re.sub(
        r'<script src="[^"]*leaflet[^"]*"></script>', lambda _: f"<script>{leaflet_files()[1]}</script>", text, count=1
    )
    text = re.sub(r'<script src="https://[^"]*"></script>', "", text)
    return re.sub(r'<link rel="stylesheet" href="https://[^"]*"/>', "", text)
