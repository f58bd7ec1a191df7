"""Arrows: a line with two short strokes that point back from its end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assetmap.kiosk.strokes.tracing import heading
from assetmap.kiosk.strokes.trails import Trail

__all__ = ["arrow_heads"]

_SHORTEST_BARB_MM, _LONGEST_BARB_MM = 1.5, 11.0
_LEAST_ANGLE, _MOST_ANGLE = 10.0, 75.0
_AHEAD = 140.0
_RUN_TOGETHER = 2.0  # strokes that part at 30 degrees have one middle line over so many of their widths


def arrow_heads(trails: list[Trail], *, px_per_mm: float) -> tuple[list[tuple[Trail, list[Trail]]], list[Trail]]:
    """Return each shaft with its barbs, and the trails that are in no arrow.

    Parameters
    ----------
    trails
        Trails of one pen.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    found: list[tuple[Trail, list[Trail]]] = []
    used: set[int] = set()
    for shaft in sorted(trails, key=lambda trail: -trail.length):
        if shaft.closed or id(shaft) in used or shaft.length < 2.0 * _SHORTEST_BARB_MM * px_per_mm:
            continue
        for end in (0, -1):
            barbs = _barbs(shaft, end, [trail for trail in trails if id(trail) not in used], px_per_mm)
            longest = max((barb.length for barb in barbs), default=0.0)
            if barbs and shaft.length > (1.1 if len(barbs) == 1 else 1.5) * longest and _bends_little(shaft):
                found.append((shaft, barbs))
                used.update(id(trail) for trail in (shaft, *barbs))
                break
    return found, [trail for trail in trails if id(trail) not in used]


def _barbs(shaft: Trail, end: int, trails: list[Trail], px_per_mm: float) -> list[Trail]:
    """Return the barbs at one end of a shaft: one on each side, or one bent stroke that is both."""
    path = shaft.path if end == 0 else shaft.path[::-1]
    tip, back = path[0], heading(path, 6 * px_per_mm, 0.5 * px_per_mm)
    near = 0.8 * px_per_mm + _RUN_TOGETHER * shaft.width
    sides: dict[bool, Trail] = {}
    for trail in trails:
        short = _SHORTEST_BARB_MM * px_per_mm < trail.length < min(2 * _LONGEST_BARB_MM * px_per_mm, 0.9 * shaft.length)
        if trail is shaft or trail.closed or not short:
            continue
        apart = np.hypot(*(trail.path - tip).T)
        nearest = int(apart.argmin())
        if apart[nearest] > near:
            continue
        arms = [trail.path[nearest:], trail.path[: nearest + 1][::-1]]
        arms = [arm for arm in arms if _long(arm) > 0.7 * _SHORTEST_BARB_MM * px_per_mm]
        angles = [_angle(arm, back, px_per_mm) for arm in arms if not _is_tip(arm, back, near, px_per_mm)]
        good = [angle for angle in angles if _LEAST_ANGLE < abs(angle) < _MOST_ANGLE]
        if len(angles) == len(good) == 2 and good[0] * good[1] < 0:
            return [trail]
        if len(angles) == len(good) == 1 and trail.length < _LONGEST_BARB_MM * px_per_mm:
            sides.setdefault(good[0] > 0, trail)
    return list(sides.values()) if len(sides) == 2 else []


def _is_tip(arm: NDArray[np.float64], back: NDArray[np.float64], near: float, px_per_mm: float) -> bool:
    """Whether it is the shaft that goes on, where strokes that run together were followed into a barb."""
    return _long(arm) < near and abs(_angle(arm, back, px_per_mm)) > _AHEAD


def _bends_little(shaft: Trail) -> bool:
    return float(np.hypot(*(shaft.path[-1] - shaft.path[0]))) > 0.6 * shaft.length


def _long(path: NDArray[np.float64]) -> float:
    return float(np.hypot(*np.diff(path, axis=0).T).sum()) if len(path) > 1 else 0.0


def _angle(arm: NDArray[np.float64], back: NDArray[np.float64], px_per_mm: float) -> float:
    """Return the angle in degrees from the shaft's way back to a barb's, with its side as the sign."""
    way = heading(arm, 4 * px_per_mm, 0.5 * px_per_mm)
    return float(np.degrees(np.arctan2(back[0] * way[1] - back[1] * way[0], back @ way)))
