"""A study's answers to its residents, through the gate: a page and a handout of what they said and what was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from assetmap.disclosure.cells import FEWEST_SHEETS
from assetmap.disclosure.consent import may_leave
from assetmap.disclosure.gate import Passed, Terms, join, pass_frame
from assetmap.disclosure.stamp import require_stamp
from assetmap.engagement.feedback import answers_of
from assetmap.engagement.readability import reading_age
from assetmap.files import write_text
from assetmap.maps.content import MapContent
from assetmap.maps.sheet import audience_words, made_words
from assetmap.pages.leaflet import Leaflet, LeafletLine, LeafletSection, Said, leaflet_html
from assetmap.paper.leaflet import write_leaflet
from assetmap.study.engagement.chaining import read_chain
from assetmap.words import Words, words_for

__all__ = ["ANSWERS", "FILES", "pass_answers", "write_answers"]

ANSWERS, LINES = "answers", "answer_lines"
"""Names of the frames."""
FILES = ("you-said-we-did.html", "you-said-we-did.pdf")
AIMED_AT = 11.0
"""Reading age that plain words aim at, years."""
_ACTIONS = {
    "done": "answers_done",
    "under way": "answers_under_way",
    "planned": "answers_planned",
    "unknown": "answers_unknown",
    "dropped": "answers_dropped",
}
"""How an action is told, in the order in which it is."""


def pass_answers(folder: Path, marks: gpd.GeoDataFrame, terms: Terms) -> Passed:
    """Let through what was said, agreed, done and found, priority by priority; nothing where there are no priorities.

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
    agreed = set(marks.loc[may_leave(marks, terms.audience), "annotation_id"]) if len(marks) else set()
    answers = answers_of(read_chain(folder), agreed)
    if answers.priorities.empty:
        return Passed()
    counted = answers.priorities.assign(
        marks=answers.priorities["marks"].where(answers.priorities["marks"] >= FEWEST_SHEETS, 0)
    )
    passed = join(
        [
            pass_frame(counted, terms, name=ANSWERS, keep=("ref", "marks", "places"), words=("priority",), item="ref"),
            pass_frame(
                answers.lines, terms, name=LINES, keep=("priority_ref", "part", "day"), words=("words",), item="ref"
            ),
        ]
    )
    told = [*passed.frames[ANSWERS]["priority"].dropna(), *passed.frames[LINES]["words"].dropna()]
    age = reading_age("\n".join(map(str, told)))
    return replace(passed, facts={**passed.facts, "reading_age": {"you said, we did": age}})


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
    if ANSWERS not in passed.frames:
        return ()
    for name in (ANSWERS, LINES):
        require_stamp(passed.frames[name], content.audience, name)
    leaflet = _leaflet(passed.frames[ANSWERS], passed.frames[LINES], content, page)
    write_text(folder / FILES[0], leaflet_html(leaflet))
    write_leaflet(folder / FILES[1], leaflet)
    age = passed.facts["reading_age"]["you said, we did"]
    easy = "" if age <= AIMED_AT else f", more than the {AIMED_AT:.0f} aimed at: use shorter words and sentences"
    return (f"{FILES[0]} reads from an age of {age:.0f}{easy}",)


def _leaflet(answers: pd.DataFrame, lines: pd.DataFrame, content: MapContent, page: str) -> Leaflet:
    words = words_for("en")
    names = dict(zip(content.assets["asset_id"], content.assets["name"], strict=True))
    by_priority = dict(list(lines.groupby("priority_ref", sort=False)))
    contact = [words.phrase("contact", contact=content.contact)] if content.contact else []
    return Leaflet(
        title=f"{content.title}: {words.phrase('read_me_answers')}",
        subtitle=words.say(content.subtitle),
        notice=content.notice,
        audience=content.audience,
        audience_words=audience_words(content, words),
        sections=[
            LeafletSection(
                str(row["priority"]),
                (),
                list(_lines(row, by_priority.get(row["ref"], lines[:0]), names, page, words)),
            )
            for _, row in answers[answers["priority"].notna()].iterrows()
        ],
        made=" ".join([made_words(content, words), *contact]),
    )


def _lines(row: Any, told: pd.DataFrame, names: dict[str, Any], page: str, words: Words) -> Iterator[LeafletLine]:
    """Give what is told of a priority: what was said, how far each action is, what should change and what has."""
    count = int(row["marks"])
    yield LeafletLine(
        words.phrase("answers_said"),
        note=words.plural("answers_marks", count) if count else "",
        said=_said(told, "said", words) or [Said(words.phrase("answers_voted"))],
        links=[(words.phrase("answers_on_map"), page)] if count else [],
    )
    parts = [part for part in _ACTIONS if (told["part"] == part).any()]
    places = [place for place in str(row["places"]).splitlines() if pd.notna(names.get(place))]
    links = [(str(names[place]), f"{page}#place={place}") for place in places]
    for part in parts:
        said = _said(told, part, words)
        yield LeafletLine(words.phrase(_ACTIONS[part]), said=said, links=links if part == parts[-1] else ())
    if not parts:
        yield LeafletLine(words.phrase("answers_done"), words.phrase("answers_nothing"), links=links)
    yield from _came_of_it(told, words)


def _came_of_it(told: pd.DataFrame, words: Words) -> Iterator[LeafletLine]:
    found, expected = (_said(told, part, words) for part in ("found", "expected"))
    if expected:
        yield LeafletLine(words.phrase("answers_expected"), note=words.phrase("answers_unmeasured"), said=expected)
    if found:
        yield LeafletLine(words.phrase("answers_found"), said=found)
    elif not expected and (told["part"] == "done").any():
        yield LeafletLine(words.phrase("answers_found"), words.phrase("answers_not_known"))


def _said(told: pd.DataFrame, part: str, words: Words) -> list[Said]:
    """Return the study's words of a part, each with its day; those that the gate kept back are told as not shown."""
    rows = told[told["part"] == part]
    ahead = part in ("planned", "under way", "unknown")
    return [
        Said(
            words.phrase("not_shown") if pd.isna(text) else str(text),
            "" if pd.isna(day) else words.phrase("answers_by", date=words.date(day)) if ahead else words.date(day),
        )
        for text, day in zip(rows["words"], rows["day"], strict=True)
    ]
