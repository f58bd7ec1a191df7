"""Control points given by hand: QGIS's ``.points`` or a CSV of ``px,py,x,y``."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assetmap.errors import InputError
from assetmap.files import read_text

__all__ = ["LEAST_POINTS", "ControlPoints", "read_control_points"]

LEAST_POINTS = 4
_MOST_POINTS = 2000
_COLUMNS = {
    "px": ("px", "pixelx", "sourcex", "col", "column"),
    "py": ("py", "pixely", "sourcey", "row", "line"),
    "x": ("x", "mapx", "easting", "east", "lon", "longitude"),
    "y": ("y", "mapy", "northing", "north", "lat", "latitude"),
    "enable": ("enable", "enabled"),
}
_FLAT = 0.02  # width of a cloud of points to its length, below which they lie on a line


@dataclass(frozen=True)
class ControlPoints:
    """Places known both in a photograph and on the ground.

    Parameters
    ----------
    name
        The file's name.
    pixels
        (n, 2): right and down from the centre of the photograph's first pixel.
    ground
        (n, 2): x (east), y (north).
    crs
        The reference system that the file names, or None.
    as_stored
        Whether pixels are those of the file as it is stored, whatever EXIF says of its turning: QGIS's are.
    """

    name: str
    pixels: NDArray[np.float64]
    ground: NDArray[np.float64]
    crs: str | None = None
    as_stored: bool = False


def read_control_points(path: Path | str) -> ControlPoints:
    """Read control points.

    Parameters
    ----------
    path
        QGIS's ``.points`` (points that are switched off are left out), or a CSV with the headers ``px,py,x,y``.

    Raises
    ------
    MissingInputError
        If it isn't there.
    InputError
        If columns are missing, a value isn't a number, fewer than four points are left, or they lie on a line.
    """
    path = Path(path)
    text = read_text(path, "file of control points")
    said = re.search(r"^#\s*CRS:\s*(.+?)\s*$", text, re.MULTILINE)
    crs = said[1] if said else None
    rows = list(csv.reader(io.StringIO("\n".join(line for line in text.splitlines() if not line.startswith("#")))))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise InputError(f"{path} holds no control points: give at least {LEAST_POINTS} rows of px,py,x,y.")
    headers = [re.sub(r"[^a-z]", "", cell.casefold()) for cell in rows[0]]
    at = {field: next((headers.index(n) for n in names if n in headers), None) for field, names in _COLUMNS.items()}
    missing = [field for field in ("px", "py", "x", "y") if at[field] is None]
    if missing:
        raise InputError(f"{path} has no column {', '.join(missing)}: its first row should be px,py,x,y.")
    if len(rows) > _MOST_POINTS:
        raise InputError(f"{path} holds {len(rows) - 1} points, more than {_MOST_POINTS}: keep the best.")
    numbers = [_numbers(row, at, f"{path}, row {n}") for n, row in enumerate(rows[1:], 2) if _is_on(row, at["enable"])]
    if len(numbers) < LEAST_POINTS:
        raise InputError(f"{path} has {len(numbers)} control points in use, and {LEAST_POINTS} are needed: add some.")
    table = np.array(numbers)
    qgis = "mapx" in headers
    pixels = table[:, :2] * [1, -1] if qgis and (table[:, 1] <= 0).all() else table[:, :2]  # QGIS counts rows downwards
    found = ControlPoints(path.name, pixels - 0.5 if qgis else pixels, table[:, 2:], crs, as_stored=qgis)
    _check_spread(found, path)
    return found


def _is_on(row: list[str], column: int | None) -> bool:
    return column is None or column >= len(row) or row[column].strip() != "0"


def _numbers(row: list[str], at: dict[str, int | None], where: str) -> list[float]:
    columns = [at[field] for field in ("px", "py", "x", "y")]
    cells = [row[column] if column is not None and column < len(row) else "" for column in columns]
    try:
        numbers = [float(cell) for cell in cells]
    except ValueError as error:
        raise InputError(f"{where}: {', '.join(cells)!r} are not four numbers: correct that row.") from error
    if not np.isfinite(numbers).all() or np.abs(numbers).max() > 1e9:
        raise InputError(f"{where}: {', '.join(cells)!r} are no coordinates: correct that row.")
    return numbers


def _check_spread(points: ControlPoints, path: Path) -> None:
    for what, cloud in (("in the photograph", points.pixels), ("on the ground", points.ground)):
        if len(np.unique(cloud, axis=0)) < LEAST_POINTS:
            raise InputError(f"{path}: several control points share one place {what}: give {LEAST_POINTS} that differ.")
        if _flatness(cloud) < _FLAT or (len(cloud) == LEAST_POINTS and _three_in_line(cloud)):
            raise InputError(f"{path}: the control points lie on a line {what}: spread them over the map's corners.")


def _flatness(cloud: NDArray[np.float64]) -> float:
    long, short = np.linalg.svd(cloud - cloud.mean(axis=0), compute_uv=False)
    return float(short / long)


def _three_in_line(cloud: NDArray[np.float64]) -> bool:
    return any(_flatness(np.delete(cloud, left_out, axis=0)) < _FLAT for left_out in range(len(cloud)))
