"""The page's own files: every phrase is used, every script parses, none sets markup."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from assetmap.maps.placelist import FACTS
from assetmap.maps.script_words import SCRIPT_COUNTS, SCRIPT_WORDS
from assetmap.maps.templates import CODE, leaflet_files
from assetmap.words import words_for

PAGE = Path(str(files("assetmap.maps").joinpath("page")))
SCRIPTS = sorted(PAGE.glob("*.js"))
PYTHON = sorted(PAGE.parents[1].rglob("*.py"))
PREFIXES = (
    "work_",
    *("access_", "cost_", "step_free_", "category_", "group_", "sheet_", "view_", "paper_"),
    *("hours_", "read_me_table_"),
)
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


def test_the_scripts_are_sent_the_phrases_that_they_say_and_no_others():
    pages = "\n".join(path.read_text() for path in SCRIPTS)
    said = set(re.findall(r"\bwords\.(\w+)", pages)) - {"lang", "digits", "forms"}
    counted = set(re.findall(r'AssetMap\.count\((?:this\.)?words, "(\w+)"', pages))
    assert set(SCRIPT_WORDS) == said | set(FACTS)
    assert set(SCRIPT_COUNTS) == counted


def test_every_phrase_is_used_and_every_used_phrase_is_there():
    source = "\n".join(path.read_text() for path in (*PAGE.glob("*.jinja"), *PYTHON))
    used = set(re.findall(r"\bwords\.(\w+) *\}\}", source))
    used |= (
        set(re.findall(r"""(?:phrase|plural|Phrase)\(\s*f?["'](\w+)["']""", source))
        | set(SCRIPT_WORDS)
        | set(SCRIPT_COUNTS)
    )
    used |= {word for word in re.findall(r'"(\w+)"', source) if word in words_for("en").catalogue.english}
    there = set(words_for("en").catalogue.english)
    looked_up = {key for key in there if key.startswith(PREFIXES)}
    assert used - there == set()
    assert there - used - looked_up == set()


def test_leaflet_comes_without_anything_to_load():
    style, script = leaflet_files()
    assert "url(" not in style
    assert "sourceMappingURL" not in script
    assert "Leaflet 1.9" in script
    assert "</script" not in script.lower()
