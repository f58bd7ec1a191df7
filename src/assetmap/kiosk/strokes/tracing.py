"""Strokes as a hand drew them: through a crossing the way that turns least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assetmap.kiosk.strokes.skeleton import Edge, middle_lines, path_length

__all__ = ["Stroke", "heading", "trace_strokes"]

Path = NDArray[Any]
_MOST_TURN_DEGREES = 50.0


@dataclass(frozen=True)
class Stroke:
    """One movement of a pen.

    Parameters
    ----------
    path
        (n, 2) x, y in pixels of the grid.
    width
        Median width in pixels.
    closed
        Whether it ends where it began.
    """

    path: Path
    width: float
    closed: bool

    @property
    def length(self) -> float:
        """Length in pixels."""
        return path_length(self.path)


def heading(path: Path, reach: float, skip: float = 0.0) -> NDArray[np.float64]:
    """Return the unit direction in which a path leaves its first point, seen over `reach` pixels after `skip`."""
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(path, axis=0).T))]
    total = along[-1]
    begin = min(skip, 0.4 * total)
    start = path[int(np.searchsorted(along, begin))]
    end = path[min(int(np.searchsorted(along, min(begin + reach, total))), len(path) - 1)]
    way = end - start
    long = float(np.hypot(*way))
    return way / long if long > 0 else np.zeros(2)


def trace_strokes(mask: NDArray[np.bool_], corner: tuple[int, int], *, px_per_mm: float) -> list[Stroke]:
    """Return the strokes of one connected piece of ink.

    Parameters
    ----------
    mask
        (h, w) bool: the piece in its own box.
    corner
        Column and row of the box's top left on the grid.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    import cv2

    padded = np.pad(mask, 2)
    radius = cv2.distanceTransform(padded.astype(np.uint8), cv2.DIST_L2, 5)
    edges = middle_lines(padded, radius)
    offset = np.array(corner, "float64") - 2

    def finish(path: Path, closed: bool) -> Stroke:
        rows, columns = np.rint(path[:, 1]).astype(int), np.rint(path[:, 0]).astype(int)
        inside = (rows >= 0) & (columns >= 0) & (rows < radius.shape[0]) & (columns < radius.shape[1])
        width = 2 * float(np.median(radius[rows[inside], columns[inside]]))
        return Stroke(_smooth(path, closed, 0.35 * px_per_mm) + offset, width, closed)

    return [finish(path, closed) for path, closed in _follow(edges, px_per_mm)]


def _follow(edges: list[Edge], px_per_mm: float) -> list[tuple[Path, bool]]:
    """Pair the ends of edges at each node and walk along the pairs."""
    partner = _pairs(edges, px_per_mm)
    walked: set[int] = set()
    strokes: list[tuple[Path, bool]] = []
    starts = [(place, end) for place in range(len(edges)) for end in (0, 1) if (place, end) not in partner]
    for place, end in starts + [(place, 0) for place in range(len(edges))]:
        if place in walked:
            continue
        pieces: list[Path] = []
        here, entry = place, end
        closed = False
        while here not in walked:
            walked.add(here)
            pieces.append(edges[here].path if entry == 0 else edges[here].path[::-1])
            onward = partner.get((here, 1 - entry))
            if onward is None:
                break
            here, entry = onward
            closed = here == place and entry == end
        strokes.append((np.vstack(pieces), closed))
    return strokes


def _pairs(edges: list[Edge], px_per_mm: float) -> dict[tuple[int, int], tuple[int, int]]:
    """Return which end of which edge goes on in which other, the straightest first."""
    at: dict[int, list[tuple[int, int]]] = {}
    for place, edge in enumerate(edges):
        for end in (0, 1):
            at.setdefault(edge.ends[end], []).append((place, end))
    partner: dict[tuple[int, int], tuple[int, int]] = {}
    for ends in at.values():
        if len(ends) < 2:
            continue
        ways = {}
        for place, end in ends:
            path = edges[place].path if end == 0 else edges[place].path[::-1]
            ways[place, end] = heading(path, 2.0 * px_per_mm, 0.6 * px_per_mm)
        turns = []
        for first in range(len(ends)):
            for second in range(first + 1, len(ends)):
                cosine = float(np.clip(-ways[ends[first]] @ ways[ends[second]], -1, 1))
                turns.append((float(np.degrees(np.arccos(cosine))), ends[first], ends[second]))
        bound = 180.0 if len(ends) == 2 else _MOST_TURN_DEGREES
        for turn, one, other in sorted(turns):
            if turn <= bound and one not in partner and other not in partner:
                partner[one], partner[other] = other, one
    return partner


def _smooth(path: Path, closed: bool, sigma: float) -> Path:
    """Take the steps of pixels out of a path; its ends stay."""
    from scipy.ndimage import gaussian_filter1d

    if len(path) < 5:
        return path
    if closed:
        return np.asarray(gaussian_filter1d(path, sigma, axis=0, mode="wrap"))
    mirrored = np.vstack([2 * path[0] - path[1:][::-1], path, 2 * path[-1] - path[:-1][::-1]])  # odd about the ends
    return np.asarray(gaussian_filter1d(mirrored, sigma, axis=0))[len(path) - 1 : 2 * len(path) - 1]
