"""The program under test, in one place: a photograph goes in, a `Found` comes out."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from shapely import box

from tests.benchmarks.kiosk.found import IN_MARK, IN_REJECT, IN_WRITING, NO_INK, Found, FoundMark, InkMap, photo_grid

STEPS = 8
_HIGH_WATER = Path("/proc/self/clear_refs")


def read(photo: Path, sheets: Path) -> Found:
    """Read a photograph with the sheets of a folder, as ``assetmap kiosk read`` does; time and memory are measured."""
    from assetmap.kiosk.mark_tables import mark_tables
    from assetmap.kiosk.reading import Refusal, Source, read_photographs, sheets_of

    _forget_high_water()
    started, cpu = time.perf_counter(), time.process_time()
    (reading,) = list(read_photographs([photo], Source(sheets=sheets_of(sheets), folder=sheets)))
    if isinstance(reading, Refusal):
        return Found(refused=reading.reason, seconds=time.perf_counter() - started, peak_mb=_high_water_mb())
    tables = mark_tables(reading, reading_id="r", sheet_id=reading.printed.name, session=None)
    seconds, peak_mb = time.perf_counter() - started, _high_water_mb()
    cpu_s = time.process_time() - cpu
    ink = tables.ink
    return Found(
        marks=marks_of(reading, tables.marks),
        metres_grid=_metres_grid(reading),
        ink=_ink_map(reading, set(tables.marks["mark"])),
        detected=reading.marks.ink_pixels,
        accounted=ink.marks + ink.writing + sum(ink.rejects.values()),
        seconds=seconds,
        cpu_s=cpu_s,
        peak_mb=peak_mb,
        notes={"reported error, m": reading.photographs[0].registration.error_m},
    )


def marks_of(reading, table) -> tuple[FoundMark, ...]:
    """The table's marks; a writing's geometry is its crop, which is what a person is shown."""
    place = {name: row for row, name in enumerate(table["annotation_id"])}
    crops = {mark.number: mark.box for mark in reading.marks.marks}
    rows = []
    for row in table.itertuples():
        geometry = row.geometry
        if row.kind == "writing":
            left, top, right, bottom = crops[row.mark]
            corners = np.array([[left, top], [right, bottom]], float) - 0.5
            geometry = box(*reading.printed.on_ground(corners).ravel()[[0, 3, 2, 1]])
        owner = place.get(row.belongs_to) if isinstance(row.belongs_to, str) else None
        rows.append(FoundMark(row.kind, row.pen_colour, geometry, owner))
    return tuple(rows)


def _ink_map(reading, kept: set[int]) -> InkMap:
    labels = reading.marks.labels
    of_mark = np.full(len(reading.marks.marks) + 1, IN_REJECT, np.uint8)
    of_mark[0] = NO_INK
    for mark in reading.marks.marks:
        if mark.number in kept:
            of_mark[mark.number] = IN_WRITING if mark.kind == "writing" else IN_MARK
    found = np.where(labels < 0, np.uint8(IN_REJECT), of_mark[np.maximum(labels, 0)])
    west, north = reading.printed.on_ground(np.array([-0.5, -0.5]))
    return InkMap(found, float(west), float(north), 1 / reading.printed.metres_per_px)


def _metres_grid(reading) -> np.ndarray:
    """The registration backwards, from photograph to ground: it is given from the sheet's grid to the photograph."""
    read = reading.photographs[0]
    bend = read.registration.bend
    photo = photo_grid(read.size)
    points = photo.reshape(-1, 2)
    back = np.linalg.inv(bend.homography)

    def through(at: np.ndarray) -> np.ndarray:
        whole = np.column_stack([at, np.ones(len(at))]) @ back.T
        return whole[:, :2] / whole[:, 2:]

    start = through(points)
    grid = start.copy()
    for _ in range(STEPS):
        grid += start - through(bend.at(grid))
    return reading.printed.on_ground(grid).reshape(photo.shape)


def _forget_high_water() -> None:
    """Let the process's high water of memory begin anew (Linux)."""
    if _HIGH_WATER.exists():
        _HIGH_WATER.write_text("5")


def _high_water_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
