"""You said, we did: from votes on the demo's themes to a page in the release."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest

from assetmap.study.create import create_demo
from assetmap.study.sharing.publishing import publish_study
from tests.cli.program import run_here
from tests.study.leaflets import told_of

TODAY = "2026-05-20"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    create_demo(tmp_path / "study")
    votes = tmp_path / "votes.csv"
    votes.write_text(
        "priority,votes,theme\n"
        "A crossing that feels safe,14,hard to cross\n"
        "Keep what we love,9,love this place\n"
        "Ask Mrs Jane Smith on 020 7946 0123,2,memory\n",
        encoding="utf-8",
    )
    run_here("priorities", "import", tmp_path / "study", votes, "--quiet").worked()
    return tmp_path / "study"


def test_priorities_are_answered_with_what_stands_behind_them(study: Path):
    published = publish_study(study, today=TODAY)
    page = (published.folder / "you-said-we-did.html").read_text(encoding="utf-8")
    assert "A crossing that feels safe" in page
    assert "Nothing has been done yet." in page
    assert 'href="map.en.html"' in page
    assert "working copy" not in page.lower()
    with pypdfium2.PdfDocument(published.folder / "you-said-we-did.pdf") as pdf:
        paper = "".join(part.get_textpage().get_text_range() for part in pdf)
    assert "Keep what we love" in paper


def test_words_that_tell_of_a_person_wait(study: Path):
    published = publish_study(study, today=TODAY)
    for path in published.folder.rglob("*"):
        assert not path.is_file() or b"7946 0123" not in path.read_bytes(), path
    assert any(kept.what == "words of answers" for kept in published.withheld)


def test_the_reading_age_is_told(study: Path):
    published = publish_study(study, today=TODAY)
    (note,) = [note for note in published.notes if "reads from an age of" in note]
    told = json.loads((published.folder / "publish.json").read_text(encoding="utf-8"))["reading_age"]
    assert note.startswith(f"you-said-we-did.html reads from an age of {told['you said, we did']:.0f}")


def test_a_study_without_priorities_has_no_such_page(tmp_path: Path):
    create_demo(tmp_path / "study")
    published = publish_study(tmp_path / "study", today=TODAY)
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


@pytest.fixture
def told(study: Path, tmp_path: Path) -> dict[str, dict[str, list[str]]]:
    """What residents read of a priority with an action of every status."""
    for name, text in (("actions", ACTIONS), ("outcomes", OUTCOMES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        run_here("agenda", "import", study, tmp_path / f"{name}.csv").worked()
    published = publish_study(study, today=TODAY)
    page = (published.folder / "you-said-we-did.html").read_text(encoding="utf-8")
    with pypdfium2.PdfDocument(published.folder / "you-said-we-did.pdf") as pdf:
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
