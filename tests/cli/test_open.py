"""The newest map opens in the browser."""

import os

import click
import pytest

from tests.cli.program import run_here


@pytest.fixture
def launched(monkeypatch):
    asked = []
    monkeypatch.setattr(click, "launch", lambda address: asked.append(address) or 0)
    return asked


def test_the_map_is_opened_and_named(built, launched):
    ran = run_here("open", built).worked()
    assert ran.out == f"{built / 'out/map.html'}\n"
    assert launched == [(built / "out/map.html").as_uri()]


def test_the_newest_of_several_is_the_one(study, launched):
    (study / "out/share").mkdir()
    newer = study / "out/share/map.html"
    newer.write_text("<html></html>")
    os.utime(newer, (2e9, 2e9))
    run_here("open", study).worked()
    assert launched == [newer.as_uri()]


def test_without_a_map_it_says_how_to_make_one(tmp_path, launched):
    (tmp_path / "assetmap.toml").write_text('[study]\nname = "Test"\n')
    run_here("open", tmp_path).refused(3, f"has no map yet: run `assetmap build {tmp_path}`.")
    assert launched == []


@pytest.mark.parametrize("where", ["none", ".", "n" * 300])
def test_what_is_no_study_is_named_in_one_line(tmp_path, launched, where):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/page.html").write_text("of somebody else")
    said = "File name too long" if len(where) > 255 else "is not a study"
    run_here("open", tmp_path / where).refused(3, said)
    assert launched == []
