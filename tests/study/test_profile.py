"""The profile of the demo's neighbourhood: figures known on paper, each with its source and date."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pypdfium2
import pytest

from assetmap.errors import UsageError
from assetmap.files import sha256_of
from assetmap.study.create import create_demo
from assetmap.study.profile import write_profile


@pytest.fixture(scope="module")
def study(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(built, tmp_path_factory.mktemp("profile") / "study"))


@pytest.fixture(scope="module")
def page(study: Path) -> str:
    return write_profile(study)[0].read_text(encoding="utf-8")


def value_of(page: str, label: str) -> str:
    found = re.search(rf"<dt><bdi>{re.escape(label)}</bdi></dt>\s*<dd class=\"value\"><bdi>([^<]*)</bdi>", page)
    assert found, label
    return found[1]


def test_figures_are_those_known_on_paper(page: str):
    # 12 zones with 1,500 people each; the average score is worked out in tests/worlds/tidewell.py
    assert value_of(page, "People living here") == "18,000"
    assert value_of(page, "Zones") == "12"
    assert value_of(page, "Score of the index of deprivation, mean over people") == "29.5"


def test_every_figure_names_a_source_with_its_date(page: str):
    figures = re.findall(r"<dd class=\"value\">.*?</dd>\s*<dd class=\"note\"><bdi>([^<]*)</bdi>", page)
    assert len(figures) == page.count('<dd class="value">')
    for note in figures:
        assert re.search(r"Source \d+ \(2026-11-22\)", note), note


def test_it_says_whom_it_is_for_and_that_the_place_is_fictional(page: str):
    assert "Working copy, not for sharing" in page
    assert "fictional" in page
    assert 'content="team"' in page


def test_the_paper_says_the_same(study: Path, page: str):
    with pypdfium2.PdfDocument(study / "out/profile.pdf") as pdf:
        text = "\n".join(part.get_textpage().get_text_range() for part in pdf)
    for words in ("People living here", "18,000", "Working copy, not for sharing", "Sources"):
        assert words in text


def test_the_same_build_gives_the_same_bytes(study: Path, page: str):
    before = [sha256_of(path) for path in write_profile(study)]
    assert [sha256_of(path) for path in write_profile(study)] == before


def test_a_study_that_is_not_built_is_told_so(tmp_path: Path):
    create_demo(tmp_path / "study")
    with pytest.raises(UsageError, match="has not been built yet"):
        write_profile(tmp_path / "study")
