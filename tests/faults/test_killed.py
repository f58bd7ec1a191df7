"""A writer that is killed at any moment leaves the old file or the new one, whole; and the next one goes on."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assetmap.files import sweep_aside
from assetmap.provenance import provenance_path, read_provenance
from assetmap.study.create import create_demo
from assetmap.study.flow import OUTPUTS
from tests.campaign import FULL
from tests.cli.program import snapshot

WRITERS = ("geopackage", "reply", "parquet", "csv", "html", "manifest", "copy")
KILLS = 120 if FULL else 8  # of each of 7 writers: 840 or 56
BUILDS = 160 if FULL else 7  # of whole builds; 1,000 or 63 in all
FILES_OF_A_BUILD = 14

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(7200 if FULL else 600),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
]

# A program that forks has no threads: these are those that libraries start when they are imported.
NO_THREADS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


class Forge:
    """The program that forks writers and kills them."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **NO_THREADS},
        )

    def write(self, writer: str, folder: Path, edition: int = 0, **moment: float) -> dict:
        """Have a child write, killed at a moment if one is given."""
        job = {"writer": writer, "folder": str(folder), "edition": edition, **moment}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer["ended"] in ((0, -signal.SIGKILL) if moment else (0,))
        return answer

    def close(self) -> None:
        self.process.stdin.close()
        assert self.process.wait(10) == 0
        self.process.stdout.close()


@pytest.fixture(scope="module")
def forge():
    program = Forge()
    yield program
    program.close()


def partial_files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if ".partial" in path.name]


def the_file(folder: Path) -> Path:
    (found,) = (path for path in folder.glob("a.*") if not path.name.endswith(".source.toml"))
    return found


@pytest.mark.parametrize("writer", WRITERS)
def test_one_file(forge: Forge, tmp_path: Path, writer: str):
    chance = random.Random(f"one file {writer}")
    for edition in (0, 1):
        (tmp_path / f"source-{edition}.osm").write_bytes(bytes([edition]) * 20_000_000)
    whole, times = {}, []
    for edition in (0, 1):
        for again in range(2):
            folder = tmp_path / f"whole {edition} {again}"
            folder.mkdir()
            times.append(forge.write(writer, folder, edition)["took_s"])
            assert whole.setdefault(edition, snapshot(folder)) == snapshot(folder)  # equal bytes each time
    assert whole[0] != whole[1]
    name = the_file(tmp_path / "whole 0 0").name
    took = min(times)  # the first of them also import
    killed = midway = 0
    for number in range(KILLS):
        folder = tmp_path / str(number)
        old = number % 4 > 0
        if old:
            shutil.copytree(tmp_path / "whole 0 0", folder)
        else:
            folder.mkdir()
        # half the time at any moment, half as soon as a file is begun, or soon after
        jitter = chance.choice([0, 0, chance.uniform(0, 0.3 * took)])
        moment = {"after_files": 1, "jitter_s": jitter} if number % 2 else {"after_s": chance.uniform(0, 0.9 * took)}
        killed += forge.write(writer, folder, 1, **moment)["ended"] == -signal.SIGKILL
        midway += bool(partial_files(folder))
        check_one(folder / name, whole, name, old=old)
        sweep_aside(folder)  # what a build and a fetch do first
        assert partial_files(folder) == []
        forge.write(writer, folder, 1)
        after = snapshot(folder)
        # a fetch keeps the old edition beside the new one where it was killed after taking its record away
        assert after.pop(f"{name}.replaced", whole[0][name]) == whole[0][name]
        assert after == whole[1]
        shutil.rmtree(folder)
    assert killed >= KILLS * 0.5, (killed, KILLS)
    assert midway >= 1, "no kill has met a file half-written: the moments are spread badly"


def check_one(path: Path, whole: dict[int, dict[str, bytes]], name: str, *, old: bool) -> None:
    """The file is the old one or the new one (or not there, where there was none), and its record is of it."""
    if old:
        assert path.read_bytes() in (whole[0][name], whole[1][name])
    elif path.exists():
        assert path.read_bytes() == whole[1][name]
    if path.exists() and provenance_path(path).exists():
        assert read_provenance(path) is not None  # raises where the checksum is another


@pytest.fixture(scope="module")
def studies(forge: Forge, tmp_path_factory: pytest.TempPathFactory):
    """The demo as it is before it is built, its outputs with one profile, and with another; and how long that takes."""
    folder = tmp_path_factory.mktemp("studies")
    create_demo(folder / "none")
    shutil.copytree(folder / "none", folder / "old")
    forge.write("build", folder / "old")
    shutil.copytree(folder / "old", folder / "changed")
    settings = folder / "changed/assetmap.toml"
    settings.write_text(settings.read_text().replace('"standard"', '"slow"'))
    shutil.copytree(folder / "changed", folder / "new")
    took = forge.write("build", folder / "new")["took_s"]
    return folder, took


def test_a_whole_build(forge: Forge, studies: tuple[Path, float], tmp_path: Path):
    originals, took = studies
    chance = random.Random("whole build")
    shutil.copytree(originals / "none", originals / "first")
    forge.write("build", originals / "first")
    old, first, new = (snapshot(originals / name / "out") for name in ("old", "first", "new"))
    assert old == first
    assert old.keys() == new.keys() == {*OUTPUTS, "manifest.json"}
    killed = midway = between = 0
    for number in range(BUILDS):
        study = tmp_path / str(number)
        again = number % 3 > 0  # else a first build, with nothing there before it
        shutil.copytree(originals / ("changed" if again else "none"), study)
        moment = (
            {"after_s": chance.uniform(0, 1.1 * took)}
            if chance.random() < 0.3
            else {"after_files": chance.randint(1, FILES_OF_A_BUILD), "jitter_s": chance.uniform(0, 0.02)}
        )
        inputs = snapshot(study / "inputs")
        killed += forge.write("build", study, **moment)["ended"] == -signal.SIGKILL
        midway += bool(partial_files(study))
        wanted = new if again else first
        there = {
            name: data
            for name, data in (snapshot(study / "out").items() if (study / "out").exists() else ())
            if ".partial" not in name and not name.startswith(".unfinished/")
        }
        if again:
            assert there.keys() == old.keys()
        for name, data in there.items():
            assert data in ((old[name], wanted[name]) if again else (wanted[name],)), name
        between += len({data == wanted[name] for name, data in there.items()}) == 2
        forge.write("build", study)
        assert snapshot(study / "out") == wanted
        assert partial_files(study) == []
        assert snapshot(study / "inputs") == inputs
        shutil.rmtree(study)
    assert killed >= BUILDS * 0.6, (killed, BUILDS)
    assert midway >= 1, "no kill has met a file half-written: the moments are spread badly"
    assert between >= 1, "no kill has come between two outputs: the moments are spread badly"
