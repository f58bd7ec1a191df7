"""The page's own files: every phrase is used, every script parses, none sets markup."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from assetmap.maps.templates import CODE, leaflet_files
from assetmap.maps.words import page_words

PAGE = Path(str(files("assetmap.maps").joinpath("page")))
SCRIPTS = sorted(PAGE.glob("*.js"))
PYTHON = "\n".join(path.read_text() for path in PAGE.parent.glob("*.py"))
PREFIXES = ("access_", "cost_", "step_free_")
"""Phrases that are looked up by a value of the data."""


def test_every_script_is_put_into_the_page():
    assert sorted(f"{name}.js" for name in CODE) == [path.name for path in SCRIPTS]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_never_set_markup_or_run_text(script):
    text = script.read_text()
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setTimeout\(\s*['\"`]"
    assert not re.search(forbidden, text)
    assert text.startswith('"use strict";')


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_parse(script):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node found to check the scripts with")
    checked = subprocess.run([node, "--check", script], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_every_phrase_is_used_and_every_used_phrase_is_there():
    pages = "\n".join(path.read_text() for path in PAGE.iterdir() if path.name != "words.toml")
    used = set(re.findall(r"\bwords\.(\w+)", pages))
    used |= set(re.findall(r'(?:phrase|page_words\(\)|words)[\[(]"(\w+)"', PYTHON))
    counted = set(re.findall(r'phrase_count\("(\w+)"', PYTHON)) | set(re.findall(r'say\("(\w+)"', pages))
    used |= {f"{key}_{form}" for key in counted for form in ("one", "many")}
    used |= set(re.findall(r'\("(picture_\w+)"', PYTHON))
    facts = set(re.search(r"FACTS = \(([^)]*)\)", PYTHON)[1].replace('"', "").replace(" ", "").split(","))
    there = set(page_words())
    looked_up = {key for key in there if key.startswith(PREFIXES)}
    assert used - there == set()
    assert there - used - looked_up - facts == set()


def test_leaflet_comes_without_anything_to_load():
    style, script = leaflet_files()
    assert "url(" not in style
    assert "sourceMappingURL" not in script
    assert "Leaflet 1.9" in script
    assert "</script" not in script.lower()
