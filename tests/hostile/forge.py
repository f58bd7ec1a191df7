"""Forks children that read spoilt files, each child a batch; says how each file's reading ended.

Run as a program of its own: it imports once what takes seconds, and has no threads when it forks. By hand,
``python -m tests.hostile.forge KIND SEED [build]`` reads one file in this process and keeps it.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl  # noqa: F401 - so that the children find it imported
import pandera.pandas  # noqa: F401

from tests.hostile.mutations import spoil
from tests.hostile.originals import FORMATS, OF_A_STUDY, write_originals
from tests.hostile.reading import build_case, read_case

ADDRESS_SPACE = 4 << 30
"""Importing alone maps 0.7 GiB and one build 2.1 GiB, nearly all of it stacks of threads and arenas that nothing is
in: a bound of 1 GiB on addresses would refuse a reading that takes 0.3 GiB of memory. So resident memory is bounded
to 1 GiB by the one who asks, and this only keeps a runaway from taking the machine with it."""

LONGEST_S = 10
"""Of a processor's time for one file, so that a busy machine doesn't look like a hang."""


def read_batch(kind: str, seeds: range, originals: Path, *, build: bool) -> None:
    """Read spoilt files one by one, or build studies with one of them, and say how it ended after each."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("error")  # a user would see them beside the one line
    with tempfile.TemporaryDirectory(dir=originals.parent) as folder:
        noise = Path(folder) / "stderr"
        os.dup2(os.open(noise, os.O_CREAT | os.O_RDWR | os.O_APPEND), 2)
        for seed in seeds:
            used = int(sum(os.times()[:2]))
            resource.setrlimit(resource.RLIMIT_CPU, (used + LONGEST_S, resource.RLIM_INFINITY))
            place = Path(folder) / str(seed)
            found = _one(kind, seed, originals, place, build=build)
            said = noise.read_text("utf-8", "replace")
            if said:
                found = {"end": "bug", "words": f"a library has written on stderr: {said[:2000]}"}
                os.truncate(noise, 0)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            say({"seed": seed, "memory_mb": memory // 1024, **found})
            shutil.rmtree(place)


def _one(kind: str, seed: int, originals: Path, place: Path, *, build: bool) -> dict[str, str]:
    if build:
        shutil.copytree(originals / "study", place)
        path = place / OF_A_STUDY[kind]
        path.write_bytes(spoil(kind, path.read_bytes(), seed))
        return build_case(place)
    place.mkdir()
    path = place / FORMATS[kind]
    path.write_bytes(spoil(kind, (originals / FORMATS[kind]).read_bytes(), seed))
    return read_case(kind, path, recognise=seed % 3 == 0)


def say(content: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def forked(work: Callable[[], object]) -> int:
    """Do something in a child, which first says its process id, and return how it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            say({"child": os.getpid()})
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def serve(folder: Path) -> None:
    """Answer jobs on stdin, one a line, until there are no more."""
    originals = folder / "originals"
    originals.mkdir()
    forked(partial(write_originals, originals))  # in a child, since libosmium starts threads to write
    say({"ready": sorted(path.name for path in originals.iterdir())})
    while line := sys.stdin.readline():
        job = json.loads(line)
        seeds = range(job["first"], job["first"] + job["count"])
        say({"ended": forked(partial(read_batch, job["kind"], seeds, originals, build=job["build"]))})


def by_hand(kind: str, seed: int, *, build: bool) -> None:
    """Read one spoilt file here, and keep it for a look."""
    folder = Path(tempfile.mkdtemp(prefix="assetmap-hostile-"))
    write_originals(folder)
    warnings.simplefilter("error")
    found = _one(kind, seed, folder, folder / "spoilt", build=build)
    sys.stdout.write(f"{folder / 'spoilt'}\n{found['end']}: {found['words']}\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        by_hand(sys.argv[1], int(sys.argv[2]), build="build" in sys.argv)
    else:
        with tempfile.TemporaryDirectory(prefix="assetmap-hostile-") as where:
            serve(Path(where))
