"""A study's answers to its residents, through the gate: a page and a handout of what they said and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from assetmap.disclosure.cells import FEWEST_SHEETS
from assetmap.disclosure.consent import may_leave
from assetmap.disclosure.gate import Passed, Terms, pass_frame
from assetmap.disclosure.stamp import require_stamp
from assetmap.engagement.feedback import answers_of
from assetmap.engagement.readability import reading_age
from assetmap.files import write_text
from assetmap.maps.content import MapContent
from assetmap.pages.leaflet import Leaflet, LeafletLine, LeafletSection, leaflet_html
from assetmap.paper.leaflet import write_leaflet
from assetmap.study.engagement.chaining import read_chain
from assetmap.words import words_for

__all__ = ["ANSWERS", "FILES", "pass_answers", "write_answers"]

ANSWERS = "answers"
"""Name of the frame."""
FILES = ("you-said-we-did.html", "you-said-we-did.pdf")
AIMED_AT = 11.0
"""Reading age that plain words aim at, years."""


def pass_answers(folder: Path, marks: gpd.GeoDataFrame, terms: Terms) -> Passed:
    """Let through what was said, done and changed, priority by priority; nothing where the study has no priorities.

    Every word is screened. Marks are counted only as far as their contributors have agreed, and a count of fewer than
    three is left out.

    Parameters
    ----------
    folder
        The study folder.
    marks
        Table ``annotations``.
    terms
        Of the release.
    """
    chain = read_chain(folder)
    agreed = set(marks.loc[may_leave(marks, terms.audience), "annotation_id"]) if len(marks) else set()
    answers = answers_of(chain, agreed)
    if answers.empty:
        return Passed()
    answers["marks"] = answers["marks"].where(answers["marks"] >= FEWEST_SHEETS, 0)
    passed = pass_frame(
        answers, terms, name=ANSWERS, keep=("marks", "places"), words=("priority", "said", "did", "changed"), item="ref"
    )
    return replace(passed, facts={**passed.facts, "reading_age": {"you said, we did": _age(passed.frames[ANSWERS])}})


def _age(answers: pd.DataFrame) -> float:
    words = answers[["priority", "said", "did", "changed"]].to_numpy(dtype=object).ravel()
    return reading_age("\n".join(str(text) for text in words if pd.notna(text)))


def write_answers(folder: Path, passed: Passed, content: MapContent, page: str) -> tuple[str, ...]:
    """Write the page and its handout into a release, if there are answers; return what there is to know of them.

    Parameters
    ----------
    folder
        Of the release.
    passed
        What came through the gate.
    content
        The release's map, whose title, notice and contact stand here as well.
    page
        The map's file, for the way back to the places.

    Raises
    ------
    DisclosureError
        If the answers don't carry the gate's stamp.
    """
    answers = passed.frames.get(ANSWERS)
    if answers is None:
        return ()
    require_stamp(answers, content.audience, ANSWERS)
    leaflet = _leaflet(answers, content, page)
    write_text(folder / FILES[0], leaflet_html(leaflet))
    write_leaflet(folder / FILES[1], leaflet)
    age = passed.facts["reading_age"]["you said, we did"]
    easy = "" if age <= AIMED_AT else f", more than the {AIMED_AT:.0f} aimed at: use shorter words and sentences"
    return (f"{FILES[0]} reads from an age of {age:.0f}{easy}",)


def _leaflet(answers: pd.DataFrame, content: MapContent, page: str) -> Leaflet:
    words = words_for("en")
    names = dict(zip(content.assets["asset_id"], content.assets["name"], strict=True))
    shown = answers[answers["priority"].notna()]
    contact = f" Something wrong? Tell {content.contact}." if content.contact else ""
    return Leaflet(
        title=f"{content.title}: you said, we did",
        subtitle=words.say(content.subtitle),
        notice=content.notice,
        audience=content.audience,
        audience_words="" if content.audience == "residents" else words.phrase("partners_copy"),
        sections=[_section(row, names, page) for _, row in shown.iterrows()],
        made=f"Made on {words.date(content.made_on)} with assetmap.{contact}",
    )


def _section(row: Any, names: dict[str, Any], page: str) -> LeafletSection:
    count = int(row["marks"])
    behind = f"{count} marks and stories stand behind it." if count else ""
    links = [("See the marks on the map", page)] if count else []
    places = [place for place in str(row["places"]).splitlines() if place in names]
    to_places = _place_links(places, names, page)
    return LeafletSection(
        str(row["priority"]),
        (),
        [
            LeafletLine("You said", _list(row["said"], "This was asked for in the vote."), behind, links),
            LeafletLine("We did", _list(row["did"], "Nothing has been done yet."), "", to_places),
            LeafletLine("What has changed", _list(row["changed"], "We don't know yet.")),
        ],
    )


def _list(cell: Any, otherwise: str) -> str:
    lines = [line for line in str(cell).splitlines() if line] if pd.notna(cell) else []
    return "; ".join(lines) or otherwise


def _place_links(places: Sequence[str], names: dict[str, Any], page: str) -> list[tuple[str, str]]:
    return [(str(names[place]), f"{page}#place={place}") for place in places if pd.notna(names[place])]
