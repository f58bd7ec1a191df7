"""Forks children that write files, and kills them at the moment that is asked for.

Run as a program of its own: it imports once what takes seconds, and has no threads when it forks. Each line on stdin
is a job; each line on stdout says how its child ended and how long it had been writing.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandera.pandas  # noqa: F401 - so that the children find it imported
from shapely import points

from assetmap.files import write_json, write_text
from assetmap.sources.remote.addresses import load_addresses
from assetmap.sources.remote.kept import Item, fetch_item
from assetmap.sources.remote.patience import RemoteSettings
from assetmap.study.create import copy_in
from assetmap.study.flow import build_study
from assetmap.table_files import write_csv, write_geopackage, write_parquet

Work = Callable[[], Any]
DAY = "2026-05-04"
ROWS = 3_000


def frame(edition: int) -> gpd.GeoDataFrame:
    """A table whose every row says which edition it is of."""
    numbers = np.arange(ROWS)
    return gpd.GeoDataFrame(
        {"n": numbers, "name": [f"edition {edition}, place {n}" for n in numbers], "m": numbers / 7 + edition},
        geometry=points(530_000 + numbers, 180_000 + numbers),
        crs=27700,
    )


def _geopackage(folder: Path, edition: int) -> Work:
    table = frame(edition)
    return lambda: write_geopackage(folder / "a.gpkg", {"places": table, "half": table[::2]}, made_on=DAY)


def _reply(folder: Path, edition: int) -> Work:
    nodes = [{"type": "node", "id": n, "lat": 51.5, "lon": 0.0, "tags": {"e": str(edition)}} for n in range(20_000)]
    data = json.dumps({"elements": nodes}).encode()
    item = Item(folder / "a.json", load_addresses()["overpass"], "http://127.0.0.1/?data=out", "a reply")
    settings = RemoteSettings(today=lambda: date.fromisoformat(DAY))
    return lambda: fetch_item(item, lambda: (data, ""), settings=settings, refresh=True)


def _parquet(folder: Path, edition: int) -> Work:
    table = frame(edition)
    return lambda: write_parquet(folder / "a.parquet", table)


def _csv(folder: Path, edition: int) -> Work:
    table = frame(edition)
    return lambda: write_csv(folder / "a.csv", table)


def _html(folder: Path, edition: int) -> Work:
    page = f"<p>edition {edition}</p>\n" * 200_000
    return lambda: write_text(folder / "a.html", page)


def _manifest(folder: Path, edition: int) -> Work:
    content = {str(n): edition for n in range(50_000)}
    return lambda: write_json(folder / "a.json", content)


def _copy(folder: Path, edition: int) -> Work:
    return lambda: copy_in(folder.parent / f"source-{edition}.osm", folder / "a.osm")


def _build(folder: Path, edition: int) -> Work:
    return lambda: build_study(folder, today=DAY)


WRITERS: dict[str, Callable[[Path, int], Work]] = {
    "geopackage": _geopackage,
    "reply": _reply,
    "parquet": _parquet,
    "csv": _csv,
    "html": _html,
    "manifest": _manifest,
    "copy": _copy,
    "build": _build,
}
"""Name -> what gets ready to write an edition into a folder, and returns what does it."""


def main() -> None:
    while line := sys.stdin.readline():
        answer = write(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def write(job: dict[str, Any]) -> dict[str, Any]:
    """Have a child write, and kill it after a time, or when it has begun its n-th file, or not at all."""
    folder = Path(job["folder"])
    begun, begins = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work = WRITERS[job["writer"]](folder, job["edition"])
            os.write(begins, b".")
            work()
            code = 0
        finally:
            os._exit(code)
    os.read(begun, 1)
    started = time.perf_counter()
    os.close(begun)
    os.close(begins)
    if "after_s" in job:
        _wait(started + job["after_s"])
    elif "after_files" in job:
        _watch(child, folder, job["after_files"])
        _wait(time.perf_counter() + job["jitter_s"])
    if "after_s" in job or "after_files" in job:
        os.kill(child, signal.SIGKILL)  # a child that has ended is not buried yet, so its number is no one else's
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {"ended": ended, "took_s": time.perf_counter() - started}


def _wait(until: float) -> None:
    while (left := until - time.perf_counter()) > 0:
        time.sleep(left if left > 0.002 else 0)


def _watch(child: int, folder: Path, files: int) -> None:
    """Return when the child has begun its n-th file, or has ended."""
    seen: set[str] = set()
    while len(seen) < files and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        for place in (folder, folder / "out", folder / "out/.unfinished"):
            with suppress(FileNotFoundError):
                seen |= {path.name for path in place.iterdir() if ".partial" in path.name}


if __name__ == "__main__":
    main()
