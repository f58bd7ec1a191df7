"""However a file is spoilt, its reading ends well or in one clear line: no traceback, no crash, no hang."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assetmap.study.create import create_demo
from tests.campaign import FULL
from tests.hostile.mutations import spoil
from tests.hostile.originals import FORMATS, OF_A_STUDY

READ_EACH = 640 if FULL else 131  # of 15 formats: 9,600 or 1,965
BUILT_EACH = 60 if FULL else 4  # of 7 inputs of a study: 420 or 28
BATCH = 20
LONGEST_SILENCE_S = 120.0  # a reader that takes 10 s of a processor is ended by its limit; this is for one that sleeps
MOST_MEMORY_MB = 1024
"""Resident: see `forge.ADDRESS_SPACE` for why not addresses."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(7200 if FULL else 300),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
]


@dataclass
class Found:
    """How the readings of one format ended."""

    ends: Counter[str] = field(default_factory=Counter)
    bugs: list[str] = field(default_factory=list)


def without_threads() -> dict[str, str]:
    """The environment of a program that forks: no library starts a thread when it is imported."""
    return {
        **os.environ,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
    }


def confirmed(kind: str, seed: int, words: str, *, build: bool) -> list[str]:
    """Return a bad end as a bug if it comes again in a process that isn't forked: forking too can hang."""
    command = [sys.executable, "-m", "tests.hostile.forge", kind, str(seed), *(["build"] if build else [])]
    try:
        ran = subprocess.run(command, capture_output=True, timeout=LONGEST_SILENCE_S, check=False)
    except subprocess.TimeoutExpired:
        return [f"{kind} {seed}: {words}, and alone it hangs"]
    return [f"{kind} {seed}: {words}, and alone it ends with {ran.returncode}"] if ran.returncode else []


class Forge:
    """The program that forks readers, and the readers' answers."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.forge"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=without_threads(),
        )
        self._rest = b""
        self.listen(60)  # the child that writes the originals
        assert set(FORMATS.values()) <= set(self.listen(60)["ready"])

    def listen(self, seconds: float) -> dict | None:
        """Return the next answer, or None where none comes in time."""
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self.process.stdout], [], [], seconds)
            if not ready:
                return None
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            assert more, "the forge itself has ended"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)

    def read(self, kind: str, count: int, *, build: bool) -> Found:
        """Have `count` spoilt files of a format read, and go on after those that end a reader badly."""
        found, seed = Found(), 0
        while seed < count:
            job = {"kind": kind, "first": seed, "count": min(BATCH, count - seed), "build": build}
            self.process.stdin.write(json.dumps(job).encode() + b"\n")
            self.process.stdin.flush()
            seed = self._follow(kind, seed, found, build=build)
        return found

    def _follow(self, kind: str, seed: int, found: Found, *, build: bool) -> int:
        """Listen to one reader until it ends, and return the seed to go on with."""
        child = self.listen(LONGEST_SILENCE_S)["child"]
        while True:
            answer = self.listen(LONGEST_SILENCE_S)
            if answer is None:
                found.bugs += confirmed(kind, seed, f"nothing for {LONGEST_SILENCE_S:.0f} s", build=build)
                os.kill(child, 9)
                while "ended" not in (self.listen(LONGEST_SILENCE_S) or {}):
                    pass
                return seed + 1
            if "ended" in answer:
                if answer["ended"] == 0:
                    return seed
                found.bugs += confirmed(kind, seed, f"the reader has ended with {answer['ended']}", build=build)
                return seed + 1
            seed = answer["seed"] + 1
            found.ends[answer["end"]] += 1
            if answer["end"] == "bug":
                found.bugs.append(f"{kind} {answer['seed']}: {answer['words']}")
            elif answer["memory_mb"] > MOST_MEMORY_MB:
                found.bugs.append(f"{kind} {answer['seed']}: {answer['memory_mb']} MB")

    def close(self) -> None:
        self.process.stdin.close()
        assert self.process.wait(10) == 0
        self.process.stdout.close()


@pytest.fixture(scope="module")
def forge():
    program = Forge()
    yield program
    program.close()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_spoilt_file_is_read_or_refused_in_one_line(forge, kind):
    found = forge.read(kind, READ_EACH, build=False)
    assert found.bugs == [], f"see one by: python -m tests.hostile.forge KIND SEED\n{found.bugs[0]}"
    assert found.ends.total() >= READ_EACH - 2  # those whose reader was ended and which alone are fine
    assert min(found.ends["read"], found.ends["refused"]) >= READ_EACH // 20, found.ends  # both happen


@pytest.mark.parametrize("kind", OF_A_STUDY)
def test_a_study_with_a_spoilt_file_is_built_whole_or_refused_in_one_line(forge, kind):
    found = forge.read(kind, BUILT_EACH, build=True)
    assert found.bugs == [], f"see one by: python -m tests.hostile.forge KIND SEED build\n{found.bugs[0]}"
    assert found.ends.total() >= BUILT_EACH - 2


@pytest.mark.parametrize("kind", OF_A_STUDY)
@pytest.mark.parametrize("seed", [1_000, 1_001, 1_002])
def test_the_program_itself_ends_the_same_way(tmp_path: Path, kind: str, seed: int):
    """The control: no fork, no warmed process, the command as a user gives it."""
    create_demo(tmp_path)
    path = tmp_path / OF_A_STUDY[kind]
    path.write_bytes(spoil(kind, path.read_bytes(), seed))
    ran = subprocess.run(
        [sys.executable, "-m", "assetmap.cli.main", "build", tmp_path, "--quiet"],
        capture_output=True,
        timeout=300,  # a watchdog for a program that hangs
        check=False,
    )
    words = ran.stderr.decode("utf-8")
    assert ran.stdout == b""
    assert "Traceback" not in words
    if ran.returncode == 0:
        assert words == ""
        assert (tmp_path / "out/map.html").exists()
    else:
        assert ran.returncode in (2, 3)
        assert words.startswith("assetmap: ")
        assert words.count("\n") == 1
        assert not list((tmp_path / "out").glob("*"))


def test_the_same_seed_spoils_a_file_the_same_way():
    original = b"name,lon,lat\nHall,-0.1,51.5\nHouse,-0.2,51.6\n"
    first = [spoil("list", original, seed) for seed in range(300)]
    assert first == [spoil("list", original, seed) for seed in range(300)]
    assert len(set(first)) > 250
