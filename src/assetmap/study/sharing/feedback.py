"""A study's answers to its residents, through the gate: a page and a handout of what they said and what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from assetmap.disclosure.cells import FEWEST_SHEETS
from assetmap.disclosure.consent import may_leave
from assetmap.disclosure.gate import Passed, Terms, join, pass_frame
from assetmap.disclosure.stamp import require_stamp
from assetmap.engagement.feedback import answers_of
from assetmap.engagement.readability import reading_age
from assetmap.errors import InputError
from assetmap.files import write_text
from assetmap.maps.content import MapContent
from assetmap.maps.placelist import list_places
from assetmap.maps.sheet import audience_words, draft_notes, made_words
from assetmap.pages.leaflet import Leaflet, LeafletLine, LeafletSection, Said, leaflet_html
from assetmap.paper.leaflet import write_leaflet
from assetmap.study.engagement.chaining import chain_of
from assetmap.study.inputs import Inputs
from assetmap.study.settings import read_settings
from assetmap.study.sharing.releases import page_name
from assetmap.words import language_of, words_for

__all__ = ["ANSWERS", "answer_files", "pass_answers", "reading_note", "write_answers"]

ANSWERS, LINES = "answers", "answer_lines"
"""Names of the frames."""
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


def pass_answers(folder: Path, inputs: Inputs, terms: Terms) -> Passed:
    """Let through what was said, agreed, done and found, priority by priority; nothing where there are no priorities.

    Every word is screened. Marks are counted only as far as their contributors have agreed, and a count of fewer than
    three is left out.

    Parameters
    ----------
    folder
        The study folder.
    inputs
        What the study reads: residents' marks and voices are taken from it.
    terms
        Of the release.
    """
    marks = inputs.annotations
    agreed = set(marks.loc[may_leave(marks, terms.audience), "annotation_id"]) if len(marks) else set()
    answers = answers_of(chain_of(folder, inputs.voices, [marks]), agreed)
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
    if read_settings(folder).study.written_in != "en":  # what the formula is for
        return passed
    told = [*passed.frames[ANSWERS]["priority"].dropna(), *passed.frames[LINES]["words"].dropna()]
    age = reading_age("\n".join(map(str, told)))
    return replace(passed, facts={**passed.facts, "reading_age": {"you said, we did": age}})


def answer_files(language: str) -> tuple[str, str]:
    """Return the file names of a language's page and handout."""
    return f"you-said-we-did.{language}.html", f"you-said-we-did.{language}.pdf"


def reading_note(passed: Passed) -> str:
    """Return from which age the answers can be read, and what to do if that is high; nothing where it isn't known."""
    if "reading_age" not in passed.facts:
        return ""
    age = passed.facts["reading_age"]["you said, we did"]
    easy = "" if age <= AIMED_AT else f", more than the {AIMED_AT:.0f} aimed at: use shorter words and sentences"
    return f"what was said and done reads from an age of {age:.0f}{easy}"


def write_answers(folder: Path, passed: Passed, content: MapContent, written_in: str) -> list[str]:
    """Write the page and its handout in one language into a release, if there are answers.

    The page's own words are in the content's language. What residents and the team have said stays as they said it,
    and is marked with the language that it is in.

    Parameters
    ----------
    folder
        Of the release.
    passed
        What came through the gate.
    content
        The release's map in that language: its title, notice and contact stand here as well, and its page is the way
        back to the places.
    written_in
        The language that residents and the team mostly write in.

    Returns
    -------
    list of str
        What can't be written, each with the reason.

    Raises
    ------
    DisclosureError
        If the answers don't carry the gate's stamp.
    """
    if ANSWERS not in passed.frames:
        return []
    for name in (ANSWERS, LINES):
        require_stamp(passed.frames[name], content.audience, name)
    page, paper = answer_files(content.language)
    leaflet = _Telling(content, written_in).leaflet(passed.frames[ANSWERS], passed.frames[LINES])
    write_text(folder / page, leaflet_html(leaflet))
    try:
        write_leaflet(folder / paper, leaflet)
    except InputError as error:
        return [f"no {paper}: {error}"]
    return []


class _Telling:
    """How answers are told in one language.

    Parameters
    ----------
    content
        The map in that language.
    written_in
        The language that residents and the team mostly write in.
    """

    def __init__(self, content: MapContent, written_in: str) -> None:
        self._content = content
        self._written_in = written_in
        self._words = words_for(content.language)
        self._page = page_name(content.language)

    def leaflet(self, answers: pd.DataFrame, lines: pd.DataFrame) -> Leaflet:
        """Return the page of all priorities whose words may be shown."""
        content, words = self._content, self._words
        told = dict(list(lines.groupby("priority_ref", sort=False)))
        contact = [words.phrase("contact", contact=content.contact)] if content.contact else []
        return Leaflet(
            title=f"{content.title}: {words.phrase('read_me_answers')}",
            subtitle=words.say(content.subtitle),
            notice=content.notice,
            notice_language=self._language(content.notice),
            audience=content.audience,
            audience_words=audience_words(content, words),
            sections=[
                LeafletSection(
                    str(row["priority"]),
                    (),
                    list(self._lines(row, told.get(row["ref"], lines[:0]))),
                    self._language(str(row["priority"])),
                )
                for _, row in answers[answers["priority"].notna()].iterrows()
            ],
            made=" ".join([made_words(content, words), *contact]),
            language=words.language,
            siblings=[(language, answer_files(language)[0]) for language, _ in content.siblings],
            drafts=draft_notes(words),
        )

    def _language(self, text: str) -> str | None:
        """Return what the study's own words are marked with; None where it is the page's language anyway."""
        language = language_of(text, self._written_in)
        return None if language == self._words.language else language

    def _lines(self, row: Any, told: pd.DataFrame) -> Iterator[LeafletLine]:
        """Give what is told of a priority: what was said, how far each action is, what should change and what has."""
        words, count = self._words, int(row["marks"])
        yield LeafletLine(
            words.phrase("answers_said"),
            note=words.plural("answers_marks", count) if count else "",
            said=self._said(told, "said") or [Said(words.phrase("answers_voted"))],
            links=[(words.phrase("answers_on_map"), self._page)] if count else [],
        )
        parts = [part for part in _ACTIONS if (told["part"] == part).any()]
        links = self._places(str(row["places"]).splitlines())
        for part in parts:
            said = self._said(told, part)
            yield LeafletLine(words.phrase(_ACTIONS[part]), said=said, links=links if part == parts[-1] else ())
        if not parts:
            yield LeafletLine(words.phrase("answers_done"), words.phrase("answers_nothing"), links=links)
        found, expected = self._said(told, "found"), self._said(told, "expected")
        if expected:
            unmeasured = words.phrase("answers_unmeasured")
            yield LeafletLine(words.phrase("answers_expected"), note=unmeasured, said=expected)
        if found:
            yield LeafletLine(words.phrase("answers_found"), said=found)
        elif not expected and "done" in parts:
            yield LeafletLine(words.phrase("answers_found"), words.phrase("answers_not_known"))

    def _places(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        assets = self._content.assets
        shown = list_places(assets[assets["asset_id"].isin(ids)], None, self._words)
        return [(place.name, f"{self._page}#{place.anchor}") for place in shown if place.named]

    def _said(self, told: pd.DataFrame, part: str) -> list[Said]:
        """Return the study's words of a part, each with its day; what the gate kept back is told as not shown."""
        words, rows = self._words, told[told["part"] == part]
        ahead = part in ("planned", "under way", "unknown")
        said = []
        for text, day in zip(rows["words"], rows["day"], strict=True):
            date = "" if pd.isna(day) else words.date(day)
            added = words.phrase("answers_by", date=date) if date and ahead else date
            kept_back = pd.isna(text)
            shown = words.phrase("not_shown") if kept_back else str(text)
            said.append(Said(shown, added, None if kept_back else self._language(shown)))
        return said
