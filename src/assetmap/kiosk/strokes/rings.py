"""Rings: paths that come back to where they began, or nearly."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["ring_of"]

Path = NDArray[Any]

_STATIONS = 160
_MOST_TAIL = 0.3  # of the whole path
_OPENING = 0.09  # of the path: what a hand leaves open
_LEAST_ROUNDNESS = 0.22


def ring_of(path: Path, *, closed: bool, width: float, px_per_mm: float) -> shapely.Polygon | None:
    """Return the area that a path goes round, or None if it goes round none.

    An end that overshoots its beginning is left out; a small opening is closed.

    Parameters
    ----------
    path
        (n, 2) x, y in pixels.
    closed
        Whether the path is known to end where it began.
    width
        Width of the stroke in pixels.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    loop = path if closed else _loop(path, 3.0 * px_per_mm + width)
    if loop is None or len(loop) < 4:
        return None
    polygon = shapely.Polygon(loop)
    if not polygon.is_valid:
        whole = shapely.get_parts(shapely.make_valid(polygon, method="structure", keep_collapsed=False))
        areas = [piece for piece in whole if piece.geom_type == "Polygon"]
        if not areas:
            return None
        polygon = max(areas, key=lambda piece: piece.area)
    polygon = shapely.Polygon(polygon.exterior)
    roundness = 4 * np.pi * polygon.area / max(polygon.length, 1e-6) ** 2
    return polygon if roundness > _LEAST_ROUNDNESS else None


def _loop(path: Path, least_opening: float) -> Path | None:
    """Return the longest part of an open path whose ends meet, nearly or by crossing."""
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(path, axis=0).T))]
    total = along[-1]
    if total <= 0:
        return None
    at = np.linspace(0, total, _STATIONS)
    points = np.column_stack([np.interp(at, along, path[:, axis]) for axis in (0, 1)])
    tail = int(_MOST_TAIL * _STATIONS)
    first, last = points[:tail], points[-tail:]
    apart = np.hypot(*(first[:, None] - last[None]).transpose(2, 0, 1))
    kept = (at[-tail:][None] - at[:tail][:, None]) / total
    allowed = (apart <= max(least_opening, _OPENING * total)) & (kept > 1 - _MOST_TAIL)
    if not allowed.any():
        return None
    score = np.where(allowed, apart + 0.25 * (1 - kept) * total, np.inf)
    begin, end = np.unravel_index(int(score.argmin()), score.shape)
    return points[begin : _STATIONS - tail + end + 1]
