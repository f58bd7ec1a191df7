"""Forks a child that fetches, for each job on stdin; says its process id and, asked by a second line, how it ended.

Run as a program of its own: it imports once what takes seconds, and has no threads when it forks.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path

import osmnx  # noqa: F401 - so that the children find it imported
import shapely

from assetmap.sources.remote.addresses import load_addresses
from assetmap.sources.remote.nomis import fetch_population
from assetmap.sources.remote.overpass import fetch_osm
from assetmap.sources.remote.patience import RemoteSettings

AREA = shapely.box(-0.0341, 51.5291, -0.0302, 51.5321)
CODES = [f"E0100{n}" for n in range(4000, 4100)]


def fetch_all(mirror: str, into: Path, *, refresh: bool) -> None:
    settings = RemoteSettings(addresses=load_addresses(mirror=mirror), today=lambda: date(2026, 5, 4))
    fetch_population(CODES, into, settings=settings, refresh=refresh)
    fetch_osm(AREA, into, settings=settings, refresh=refresh)


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    say("ready")
    while line := sys.stdin.readline():
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                fetch_all(job["mirror"], Path(job["into"]), refresh=job["refresh"])
                code = 0
            finally:
                os._exit(code)
        say(child)
        sys.stdin.readline()
        say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
