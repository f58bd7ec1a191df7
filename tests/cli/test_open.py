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


@pytest.mark.parametrize("where", ["none", "."])
def test_without_a_map_it_says_how_to_make_one(tmp_path, launched, where):
    run_here("open", tmp_path / where).refused(3, "has no map yet: run assetmap build")
    assert launched == []
