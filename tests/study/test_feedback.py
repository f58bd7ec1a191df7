"""You said, we did: from votes on the demo's themes to a page in the release."""

from __future__ import annotations

import json
import re
from pathlib import Path
from shutil import copytree

import pandas as pd
import pypdfium2
import pytest

from assetmap.study.sharing.publishing import Published, publish_study
from assetmap.words import words_for
from tests.cli.program import run_here
from tests.study.leaflets import texts_in, told_of

TODAY = "2026-05-20"


@pytest.fixture(scope="module")
def voted(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with three priorities. Look and don't touch."""
    folder = tmp_path_factory.mktemp("voted")
    votes = folder / "votes.csv"
    votes.write_text(
        "priority,votes,theme\n"
        "A crossing that feels safe,14,hard to cross\n"
        "Keep what we love,9,love this place\n"
        "Ask Mrs Jane Smith on 020 7946 0123,2,memory\n",
        encoding="utf-8",
    )
    study = Path(copytree(built, folder / "study"))
    run_here("priorities", "import", study, votes, "--quiet").worked()
    return study


@pytest.fixture
def study(voted: Path, tmp_path: Path) -> Path:
    return Path(copytree(voted, tmp_path / "study"))


@pytest.fixture(scope="module")
def published(voted: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Its release in three languages. Look and don't touch."""
    study = copytree(voted, tmp_path_factory.mktemp("published") / "study")
    return publish_study(Path(study), today=TODAY, languages=["ur", "en", "bn"])


def test_priorities_are_answered_with_what_stands_behind_them(published: Published):
    page = (published.folder / "you-said-we-did.en.html").read_text(encoding="utf-8")
    assert "A crossing that feels safe" in page
    assert "Nothing has been done yet." in page
    assert 'href="map.en.html"' in page
    assert "working copy" not in page.lower()
    with pypdfium2.PdfDocument(published.folder / "you-said-we-did.en.pdf") as pdf:
        paper = "".join(part.get_textpage().get_text_range() for part in pdf)
    assert "Keep what we love" in paper


def test_a_heading_is_the_priority_and_not_how_it_was_counted(study: Path):
    run_here("priorities", "rank", study, "--rule", "plurality", "--decide").worked()
    page = (publish_study(study, today=TODAY).folder / "you-said-we-did.en.html").read_text(encoding="utf-8")
    assert "<bdi>A crossing that feels safe</bdi></h2>" in page
    assert "plurality" not in page
    path = run_here("chain", study, "--of", "priority:a-crossing-that-feels-safe", "--quiet").worked().out
    assert "A crossing that feels safe (ranked 1 of 3 by plurality)" in path  # the team still sees it


def test_words_that_tell_of_a_person_wait(published: Published):
    for path in published.folder.rglob("*"):
        assert not path.is_file() or b"7946 0123" not in path.read_bytes(), path
    assert any(kept.what == "words of answers" for kept in published.withheld)


def test_the_reading_age_is_told(published: Published):
    (note,) = [note for note in published.notes if "reads from an age of" in note]
    told = json.loads((published.folder / "publish.json").read_text(encoding="utf-8"))["reading_age"]
    assert note == f"what was said and done reads from an age of {told['you said, we did']:.0f}"


def test_a_study_without_priorities_has_no_such_page(built: Path, tmp_path: Path):
    published = publish_study(Path(copytree(built, tmp_path / "study")), today=TODAY)
    assert not [name for name in published.files if "you-said" in name]
    assert "You said" not in (published.folder / "README.txt").read_text(encoding="utf-8")


ACTIONS = """\
id,what,priority,outcome,when,status,done on
a,Paint a crossing,A crossing that feels safe,Fewer near misses,2026-06,planned,
b,Count the lorries,A crossing that feels safe,Numbers we trust,,done,2026-04-03
c,Ask the council,A crossing that feels safe,,2026-09-30,in progress,
d,Close the road,A crossing that feels safe,No cars at all,,dropped,
e,Write to the school,A crossing that feels safe,,next spring,,
f,Let Mrs Jane Smith keep watch,A crossing that feels safe,,,planned,
g,Keep the wall,Keep what we love,,,done,2026
"""
OUTCOMES = """\
outcome,leads to,found,measured on
Numbers we trust,,312 lorries on a school day,2026-05-02
Fewer near misses,Calm streets,,
"""


@pytest.fixture(scope="module")
def told(voted: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """What residents read of a priority with an action of every status."""
    folder = tmp_path_factory.mktemp("told")
    study = Path(copytree(voted, folder / "study"))
    for name, text in (("actions", ACTIONS), ("outcomes", OUTCOMES)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        run_here("agenda", "import", study, folder / f"{name}.csv").worked()
    published = publish_study(study, today=TODAY)
    page = (published.folder / "you-said-we-did.en.html").read_text(encoding="utf-8")
    with pypdfium2.PdfDocument(published.folder / "you-said-we-did.en.pdf") as pdf:
        paper = " ".join("".join(part.get_textpage().get_text_range() for part in pdf).split())
    assert "We plan to Paint a crossing (by June 2026) not shown" in paper
    assert "Jane" not in page + paper
    return told_of(page)


def test_every_action_is_told_as_its_status_has_it(told):
    crossing = told["A crossing that feels safe"]
    assert {label: crossing[label] for label in list(crossing)[1:6]} == {
        "We did": ["Count the lorries 3 April 2026"],
        "Under way": ["Ask the council by 30 September 2026"],
        "We plan to": ["Paint a crossing by June 2026", "not shown"],  # its words wait for a person: still one of two
        "Agreed, but we don't know how far it is": ["Write to the school"],
        "Agreed, but we aren't going to do it": ["Close the road"],
    }


def test_only_what_was_measured_afterwards_is_told_as_found(told):
    crossing = told["A crossing that feels safe"]
    assert crossing["What was found afterwards"] == ["Numbers we trust: 312 lorries on a school day 2 May 2026"]
    expected = crossing["What this should change"]
    assert expected == ["Calm streets", "Fewer near misses", "Nobody has measured it afterwards yet."]
    assert "No cars at all" not in str(told)
    assert told["Keep what we love"]["What was found afterwards"] == ["We don't know yet."]


def test_the_page_is_in_each_language_of_the_release_and_words_stay_as_they_were_said(published: Published):
    assert {name for name in published.files if "you-said" in name} == {
        f"you-said-we-did.{language}.{suffix}" for language in ("ur", "en", "bn") for suffix in ("html", "pdf")
    }
    page = (published.folder / "you-said-we-did.ur.html").read_text(encoding="utf-8")
    assert '<html lang="ur" dir="rtl">' in page
    assert '<a href="you-said-we-did.bn.html" lang="bn" hreflang="bn" dir="ltr">' in page
    assert "you-said-we-did.ur.html" not in page
    assert 'href="map.ur.html"' in page
    assert "you-said-we-did.bn.html" in (published.folder / "README.bn.txt").read_text(encoding="utf-8")
    said = told_of(page)["A crossing that feels safe"]
    words = words_for("ur")
    assert said[words.phrase("answers_said")][0] == "hard to cross"
    assert said[words.phrase("answers_done")] == [words.phrase("answers_nothing")]
    with pypdfium2.PdfDocument(published.folder / "you-said-we-did.ur.pdf") as pdf:
        paper = pdf[0].get_textpage().get_text_range()
    backwards = " ".join(word[::-1] for word in words.phrase("answers_said").split())  # as pdfium reads such words
    assert backwards in paper


def test_nothing_on_the_urdu_page_is_english_but_what_is_marked_so(published: Published):
    page = (published.folder / "you-said-we-did.ur.html").read_text(encoding="utf-8")
    unmarked = " ".join(texts_in(page, but="en"))
    for own in ("Tidewell Basin (fictional)", "the Tidewell Forum (made up, like the place), map@tidewell.example"):
        unmarked = unmarked.replace(own, "")
    assert re.findall(r"[A-Za-z]+", unmarked) == []
    assert "hard to cross" in " ".join(texts_in(page, but=""))


def test_words_in_another_script_are_marked_as_of_no_known_language(study: Path, tmp_path: Path):
    (tmp_path / "actions.csv").write_text(
        "what,priority,status\nসেতু বানানো,Keep what we love,planned\n", encoding="utf-8"
    )
    run_here("agenda", "import", study, tmp_path / "actions.csv").worked()
    published = publish_study(study, today=TODAY, approve=approved(study))
    page = (published.folder / "you-said-we-did.en.html").read_text(encoding="utf-8")
    assert '<bdi lang="">সেতু বানানো</bdi>' in page
    assert "<bdi>love this place</bdi>" in page


def approved(study: Path) -> Path:
    """Let out what waits for a person, as it is."""
    publish_study(study, today=TODAY)
    path = study / "out" / "review.csv"
    pd.read_csv(path, dtype="str").assign(decision="as written").to_csv(path, index=False)
    return path


def test_no_reading_age_is_told_of_a_language_that_the_formula_is_not_for(study: Path):
    settings = study / "assetmap.toml"
    settings.write_text(settings.read_text().replace("[study]\n", '[study]\nwritten_in = "pl"\n', 1))
    published = publish_study(study, today=TODAY)
    assert not [note for note in published.notes if "reads from an age" in note]
    assert "reading_age" not in json.loads((published.folder / "publish.json").read_text(encoding="utf-8"))
    page = (published.folder / "you-said-we-did.en.html").read_text(encoding="utf-8")
    assert '<bdi lang="pl">love this place</bdi>' in page
