"""You said, we did: from votes on the demo's themes to a page in the release."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest

from assetmap.study.create import create_demo
from assetmap.study.sharing.publishing import publish_study
from tests.cli.program import run_here

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
