"""A fetch that is killed at any moment leaves whole files, and the next one finishes the work."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assetmap.provenance import provenance_path, read_provenance
from assetmap.sources.remote.overpass import osm_reply_paths
from tests.campaign import FULL
from tests.loopback import Loopback, Reply
from tests.sources.remote.fetching_child import AREA, CODES, fetch_all

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
]
ROUNDS = 200 if FULL else 6


class Children:
    """The program that forks, and the child it has at the moment."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("fetching_child.py")
        self.process = subprocess.Popen(
            [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout.readline() == "ready\n"

    def start(self, mirror: str, into: Path, *, refresh: bool) -> int:
        print(
            json.dumps({"mirror": mirror, "into": str(into), "refresh": refresh}), file=self.process.stdin, flush=True
        )
        return int(self.process.stdout.readline())

    def end(self) -> int:
        """Have the child buried: until then its process id is no one else's, also where it has ended."""
        print("bury", file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        assert self.process.wait(10) == 0
        self.process.stdout.close()


@pytest.fixture(scope="module")
def children():
    program = Children()
    yield program
    program.close()


def serve(server: Loopback, edition: int) -> tuple[bytes, bytes]:
    """Play one edition of both sources: replies long enough to be caught while they are written."""
    nodes = [{"type": "node", "id": n, "lat": 51.53, "lon": -0.03, "tags": {"e": str(edition)}} for n in range(10_000)]
    reply = json.dumps({"elements": nodes}).encode()
    table = "GEOGRAPHY_CODE,GEOGRAPHY_NAME,OBS_VALUE\n" + "".join(f"{c},Zone,{1500 + edition}\n" for c in CODES)
    server.play("/api/interpreter", Reply(reply))
    server.play(".data.csv", Reply(table.encode(), kind="text/csv"))
    population = "zone_code,name,population\n" + "".join(f"{c},Zone,{1500 + edition}\n" for c in CODES)
    return reply, population.encode()


def kill_at_some_moment(pid: int, into: Path, chance: random.Random, whole_s: float) -> None:
    """Kill after a random time, or as soon as the n-th file is being written."""
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, whole_s))
    else:
        seen: set[str] = set()
        enough, ends = chance.randint(1, 8), time.monotonic() + 2 * whole_s
        while len(seen) < enough and time.monotonic() < ends:
            seen |= {p.name for p in into.glob(".*.partial*")} if into.is_dir() else set()
        time.sleep(chance.choice([0, 0, 0.0005, 0.002]))
    os.kill(pid, signal.SIGKILL)


def check_whole(into: Path, paths: list[Path], allowed: dict[str, tuple[bytes, ...]]) -> int:
    """Every file is there whole or not there; a record is of the file beside it. Return how many are there."""
    there = [path for path in paths if path.exists()]
    for path in there:
        assert path.read_bytes() in allowed[path.suffix]
        if provenance_path(path).exists():
            assert read_provenance(path) is not None  # raises where the checksum is another
    return len(there)


@pytest.mark.timeout(1200)
def test_killed_at_any_moment_leaves_whole_files_and_heals(children, server, tmp_path):
    chance = random.Random(20260504)
    old, new = serve(server, 0), serve(server, 1)
    started = time.monotonic()
    children.start(server.url, tmp_path / "first", refresh=False)
    assert children.end() == 0
    whole_s = time.monotonic() - started
    killed = partly = 0
    for number in range(ROUNDS):
        into = tmp_path / str(number)
        paths = [into / "population_2021.csv", *osm_reply_paths(AREA, into)]
        refresh = number % 2 == 1
        allowed: dict[str, tuple[bytes, ...]] = {".json": (new[0],), ".csv": (new[1],)}
        if refresh:  # an older edition is there already: it stays, or the new one is there
            serve(server, 0)
            fetch_all(server.url, into, refresh=False)
            serve(server, 1)
            allowed = {".json": (old[0], new[0]), ".csv": (old[1], new[1])}
        pid = children.start(server.url, into, refresh=refresh)
        kill_at_some_moment(pid, into, chance, whole_s)
        killed += children.end() == -signal.SIGKILL
        there = check_whole(into, paths, allowed)
        assert there == 5 or not refresh
        partly += 0 < there < 5 or refresh
        fetch_all(server.url, into, refresh=refresh)
        assert check_whole(into, paths, {".json": (new[0],), ".csv": (new[1],)}) == 5
        left = set(into.iterdir()) - {*paths, *map(provenance_path, paths)}
        assert {path.suffix for path in left} <= {".replaced"}  # a whole old edition whose record had just gone
        assert all(path.read_bytes() in old for path in left)
    assert killed >= ROUNDS * 0.7
    assert partly >= ROUNDS * 0.3
