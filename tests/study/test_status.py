"""Where a study stands in the seven steps."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from assetmap.errors import MissingInputError
from assetmap.study.create import create_demo
from assetmap.study.status import Part, read_status
from tests.cli.program import run_here


def there(folder: Path) -> dict[int, dict[str, int]]:
    return {step.number: {part.what: part.count for part in step.parts if part.count} for step in read_status(folder)}


def test_the_built_demo_has_its_places_and_its_marks(built: Path):
    found = there(built)
    assert list(found) == [1, 2, 3, 4, 5, 6, 7]
    assert found[1]["places known to the last build"] == 47  # the list below its map counts them
    assert found[2]["marks and stories of residents"] == 40
    assert "themes" in found[3]
    assert "releases" not in found[7]


def test_a_study_that_is_not_built_has_no_places_yet(tmp_path: Path):
    create_demo(tmp_path / "study")
    first = read_status(tmp_path / "study")[0]
    assert [part.what for part in first.missing][:2] == ["places known to the last build", "profile"]


def test_a_step_done_is_counted(built: Path, tmp_path: Path):
    study = Path(shutil.copytree(built, tmp_path / "study"))
    run_here("profile", study, "--quiet").worked()
    run_here("publish", study, "--quiet").worked()
    found = there(study)
    assert found[1]["profile"] == 1
    assert found[7]["releases"] == 1


def test_the_command_says_what_comes_next(built: Path):
    said = run_here("status", built).worked().out
    assert said.startswith("1. Profiling, assets and system mapping")
    assert "   no profile yet: assetmap profile" in said
    assert said.splitlines()[-1] == f"Next: step 1, assetmap profile {built}"
    steps = json.loads(run_here("status", built, "--json").worked().out)
    assert [step["step"] for step in steps] == list(range(1, 8))


def test_a_folder_that_is_no_study_is_told_so(tmp_path: Path):
    with pytest.raises(MissingInputError, match="is not a study"):
        read_status(tmp_path)


def test_one_of_a_kind_is_told_as_one(built: Path):
    for step in read_status(built):
        for part in step.parts:
            number, _, words = part.told.partition(" ")
            assert words == (part.one if number == "1" else part.what)
    walk = Part("walk", "walks", 1, "assetmap walks import")
    assert (walk.told, replace(walk, count=1200).told) == ("1 walk", "1,200 walks")
