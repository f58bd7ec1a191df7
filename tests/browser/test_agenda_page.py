"""The page of an agenda: it fits, no text in it runs, and it calls nobody."""

from __future__ import annotations

import pytest

from assetmap.diagrams.agenda_document import ActionEntry, AgendaEntry, OutcomeEntry, agenda_html
from assetmap.diagrams.boxes import Arrow, Diagram, box_for
from assetmap.diagrams.drawing import diagram_svg
from assetmap.diagrams.layout import place_in_columns
from assetmap.pages.anchors import place_anchor
from tests.browser.payloads import HOSTILE

pytestmark = pytest.mark.browser


def page_of(texts):
    """Each text as an action with its place, as an outcome and as something missing."""
    boxes = [box_for(f"b{number}", text) for number, text in enumerate(texts)]
    placed = place_in_columns(boxes, [0] * len(boxes), [])
    actions = [
        ActionEntry(text, text, [("who", text), ("cost", "£12.00")], [(place_anchor(text), text)]) for text in texts
    ]
    page = AgendaEntry(
        study=texts[0],
        notice=texts[0],
        summary=texts[0],
        missing=[(texts[0], texts)],
        levels=[("community development", actions), ("system change", [])],
        outcomes=[OutcomeEntry(text, "share of people", "12.0%", "14.0% expected", text) for text in texts],
        drawing=diagram_svg(Diagram(texts[0], placed, (Arrow("b0", "b1"),), signed=False)),
        made=texts[0],
    )
    return agenda_html(page)


def test_no_text_runs_and_all_of_it_is_shown(open_page):
    opened = open_page(page_of(HOSTILE), drawn=False)
    assert opened.page.evaluate("window.__pwned") is None
    assert opened.page.locator("section[aria-labelledby=actions] li").count() == len(HOSTILE)
    assert opened.complaints == opened.requests == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_fits_and_is_accessible(open_page, width):
    from axe_playwright_python.sync_playwright import Axe

    opened = open_page(page_of(["Open the hall", "Count"]), drawn=False, viewport={"width": width, "height": 800})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(opened.page)
    assert results.violations_count == 0, results.generate_report()
