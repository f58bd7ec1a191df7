"""The page of review in a real browser: filled in with the keyboard, saved, taken in."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe

from assetmap.kiosk.review import review_html
from assetmap.study.kiosk.marks import read_kiosk_marks
from assetmap.study.kiosk.review import apply_reviews, write_review
from tests.browser.conftest import DESKTOP, PHONE
from tests.kiosk.read_marks import write_marks

pytestmark = pytest.mark.browser
HERE = (537_000.0, 183_000.0)
DAY = "2026-05-04"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study with six marks of the kiosk."""
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "assetmap.toml").write_text('[study]\nname = "Old Ford"\n\n[place]\nsite = "old-ford"\n')
    write_marks(folder, "EPSG:27700", HERE)
    return folder


@pytest.fixture
def opened(study, open_page):
    page, _ = write_review(study, today=DAY)
    return open_page(page.read_text(encoding="utf-8"), drawn=False)


def save(page, folder, button="Save reviews.json"):
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def card(page, mark):
    return page.locator(f'fieldset[data-id="{mark}"]')


def test_what_is_entered_by_hand_becomes_annotations(opened, study, tmp_path):
    page = opened.page
    page.get_by_label("Your name or initials").fill("Ana, B")
    first = card(page, "A1B2-1:1")
    first.get_by_label("The writing A1B2-1:4 says").fill('No lamps, "ever"')
    first.get_by_label("accept").first.check()
    first.get_by_label("Consent").select_option("public")
    first.get_by_label("Theme").fill("dark at night")
    second = card(page, "A1B2-1:3")
    second.get_by_label("Mark that A1B2-1:3 is merged into").fill("A1B2-1:2")
    card(page, "A1B2-2:2").get_by_label("reject").check()
    assert page.locator("#progress").text_content() == "4 of 6 decided"
    assert opened.requests == []
    saved = save(page, tmp_path), save(page, tmp_path, "Save as CSV")
    assert [path.name for path in saved] == ["reviews.json", "reviews.csv"]
    for path in saved:
        found = apply_reviews(study, [path], today=DAY)
        assert found.counts == {"accept": 2, "merge": 1, "reject": 1}
        assert found.changed == (path.suffix == ".json")  # the CSV says the same
    marks, _ = read_kiosk_marks(study, gpd.GeoSeries([], crs=27700).crs)
    marks = marks.set_index("annotation_id")
    assert sorted(marks.index) == ["A1B2-1:1", "A1B2-1:2", "A1B2-2:1"]
    assert marks.loc["A1B2-1:1", ["text", "theme", "consent", "reviewed_by"]].tolist() == [
        'No lamps, "ever"', "dark at night", "public", "Ana B",
    ]  # fmt: skip
    assert marks.at["A1B2-1:2", "geometry"].equals(
        shapely.MultiLineString([[HERE, (HERE[0] + 80, HERE[1])], [(HERE[0] + 90, HERE[1]), (HERE[0] + 150, HERE[1])]])
    )
    assert marks["consent"].drop("A1B2-1:1").eq("unknown").all()


def test_with_the_keyboard_alone(opened, tmp_path):
    page = opened.page
    page.get_by_label("Your name or initials").focus()
    page.keyboard.type("AB")
    card(page, "A1B2-1:1").get_by_label("accept").first.focus()
    page.keyboard.press("Control+Enter")
    assert page.evaluate("document.activeElement.closest('[data-id]').dataset.id") == "A1B2-1:2"
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    decided = {mark["id"]: mark["decision"] for mark in json.loads(save(page, tmp_path).read_text())["marks"]}
    assert decided == {
        "A1B2-1:1": "accept", "A1B2-1:4": "accept", "A1B2-1:2": "reject", "A1B2-1:3": "",
        "A1B2-2:1": "", "A1B2-2:2": "",
    }  # fmt: skip


def test_nothing_is_saved_that_could_not_be_taken_in(opened):
    page = opened.page
    complaint = page.locator("#complaint")
    page.get_by_role("button", name="Save reviews.json").click()
    assert "name or initials" in complaint.text_content()
    page.get_by_label("Your name or initials").fill("AB")
    card(page, "A1B2-1:3").get_by_label("Mark that A1B2-1:3 is merged into").fill("A1B2-9:9")
    page.get_by_role("button", name="Save reviews.json").click()
    assert "Choose the mark that A1B2-1:3 is merged into" in complaint.text_content()
    card(page, "A1B2-1:3").get_by_label("accept").check()
    card(page, "A1B2-2:1").get_by_label("More that it says").fill("Flooded")
    page.get_by_role("button", name="Save reviews.json").click()
    assert "Words are entered for A1B2-2:1" in complaint.text_content()


def test_a_draft_is_kept_until_it_is_cleared(opened):
    page = opened.page
    page.get_by_label("Your name or initials").fill("AB")
    card(page, "A1B2-2:1").get_by_label("reject").check()
    page.reload()
    assert page.get_by_label("Your name or initials").input_value() == "AB"
    assert page.locator("#progress").text_content() == "1 of 6 decided"
    page.evaluate("window.confirm = () => true")
    page.get_by_role("button", name="Clear").click()
    page.reload()
    assert page.locator("#progress").text_content() == "0 of 6 decided"


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_is_accessible_and_fits(study, open_page, screen):
    page, _ = write_review(study, today=DAY)
    opened = open_page(page.read_text(encoding="utf-8"), drawn=False, **screen)
    found = Axe().run(opened.page)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.complaints == []


def test_hostile_words_do_nothing(study, open_page):
    from assetmap.study.kiosk.marks import read_layers

    hostile = '"><img src=x onerror=alert(1)></textarea></script><script>alert(2)</script>'
    marks = read_layers(study)["points"].assign(text=hostile, theme=hostile, session_id=hostile, pen_colour=hostile)
    page = review_html(marks, pictures={}, study=hostile, themes=[hostile], made_on=DAY)
    opened = open_page(page, drawn=False)
    assert opened.page.get_by_label("Theme").first.input_value() == hostile
    assert (opened.requests, opened.complaints) == ([], [])
