"""The newest map opens in the browser."""

import os
import sys

import click
import pytest

from tests.cli.program import run_here


@pytest.fixture
def launched(monkeypatch, tmp_path_factory):
    """Put a program in the place of xdg-open that writes down what it was asked for."""
    place = tmp_path_factory.mktemp("programs")
    program = place / "xdg-open"
    program.write_text(f'#!/bin/sh\necho "$1" >> {place}/asked\necho "links: not found" >&2\nexit "${{ANSWER:-0}}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")
    monkeypatch.setattr(sys, "platform", "linux")
    return lambda: (place / "asked").read_text().splitlines() if (place / "asked").exists() else []


def test_the_map_is_opened_and_named(built, launched, capfd):
    ran = run_here("open", built).worked()
    assert ran.out == f"{built / 'out/map.html'}\n"
    assert launched() == [str(built / "out/map.html")]
    assert "not found" not in "".join(capfd.readouterr())


def test_the_newest_map_is_the_one_and_no_other_page(study, launched):
    (study / "out/share").mkdir()
    newer = study / "out/share/map.en.html"
    other = study / "out/share/you-said-we-did.en.html"
    for page, when in ((newer, 2e9), (other, 2.1e9)):
        page.write_text("<html></html>")
        os.utime(page, (when, when))
    run_here("open", study).worked()
    assert launched() == [str(newer)]


def test_without_a_browser_it_says_so_in_one_line_with_the_path(built, launched, monkeypatch, capfd):
    said = f"no browser was found here to open {built / 'out/map.html'}: open that file in one"
    monkeypatch.setenv("ANSWER", "3")  # xdg-open's for: there is no program for it
    run_here("open", built).refused(2, said)
    assert launched() == [str(built / "out/map.html")]
    assert "not found" not in "".join(capfd.readouterr())
    monkeypatch.setenv("PATH", "")
    run_here("open", built).refused(2, said)


def test_elsewhere_the_system_is_asked(built, launched, monkeypatch):
    asked = []
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(click, "launch", lambda address: asked.append(address) or 0)
    run_here("open", built).worked()
    assert asked == [(built / "out/map.html").as_uri()]
    assert launched() == []


def test_without_a_map_it_says_how_to_make_one(tmp_path, launched):
    (tmp_path / "assetmap.toml").write_text('[study]\nname = "Test"\n')
    run_here("open", tmp_path).refused(3, f"has no map yet: run `assetmap build {tmp_path}`.")
    assert launched() == []


@pytest.mark.parametrize("where", ["none", ".", "n" * 300])
def test_what_is_no_study_is_named_in_one_line(tmp_path, launched, where):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/map.html").write_text("of somebody else")
    said = "File name too long" if len(where) > 255 else "is not a study"
    run_here("open", tmp_path / where).refused(3, said)
    assert launched() == []
