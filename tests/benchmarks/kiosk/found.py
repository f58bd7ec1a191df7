"""What a reader made of a photograph, in the one form that is scored: ours, a baseline's, anybody's."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from shapely.geometry.base import BaseGeometry

NO_INK, IN_MARK, IN_WRITING, IN_REJECT = range(4)
GRID_PX = 16


@dataclass(frozen=True)
class FoundMark:
    """A mark as read: `linked_to` is the place of a writing's mark in the list."""

    kind: str
    pen: str | None
    geometry: BaseGeometry
    linked_to: int | None = None


@dataclass(frozen=True)
class InkMap:
    """Where ink was found (`NO_INK` to `IN_REJECT`), on a grid in metres whose pixel (0, 0) begins at west, north."""

    labels: np.ndarray
    west: float
    north: float
    px_per_m: float

    def at(self, metres: np.ndarray) -> np.ndarray:
        """The labels at places (rows x columns x 2, metres)."""
        columns = ((metres[..., 0] - self.west) * self.px_per_m - 0.5).astype(np.float32)
        rows = ((self.north - metres[..., 1]) * self.px_per_m - 0.5).astype(np.float32)
        return cv2.remap(self.labels, columns, rows, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=0)


@dataclass(frozen=True)
class Found:
    """One reading.

    Parameters
    ----------
    refused
        Why the photograph was refused, or None.
    marks
        The marks, see `FoundMark`.
    metres_grid
        Where every `GRID_PX`-th pixel of the photograph lies (rows x columns x 2, metres), NaN where it isn't known.
    ink
        See `InkMap`.
    detected, accounted
        Pixels of ink that were detected, and those in marks, crops and rejects.
    seconds, cpu_s, peak_mb
        What the reading took by the clock, of all threads' processor time, and of memory at most.
    """

    refused: str | None = None
    marks: tuple[FoundMark, ...] = ()
    metres_grid: np.ndarray | None = None
    ink: InkMap | None = None
    detected: int = 0
    accounted: int = 0
    seconds: float = float("nan")
    cpu_s: float = float("nan")
    peak_mb: float = float("nan")
    notes: dict[str, float] = field(default_factory=dict)

    def metres_of(self, photo: np.ndarray) -> np.ndarray:
        """Where points of the photograph (rows x columns x 2, px) lie (rows x columns x 2, metres)."""
        at = np.asarray(photo, np.float32) / GRID_PX
        return np.stack([_sampled(self.metres_grid[..., axis], at) for axis in (0, 1)], axis=-1)


def _sampled(grid: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Read a grid between its places; about its middle, since float32 has seven digits and so have northings."""
    middle = float(np.nanmean(grid))
    x, y = (np.ascontiguousarray(at[..., axis]) for axis in (0, 1))
    near = cv2.remap((grid - middle).astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return near.astype(float) + middle


def photo_grid(size_px: tuple[int, int]) -> np.ndarray:
    """The pixels that `Found.metres_grid` is about (rows x columns x 2)."""
    wide, tall = size_px
    columns, rows = np.meshgrid(np.arange(0, wide + GRID_PX, GRID_PX), np.arange(0, tall + GRID_PX, GRID_PX))
    return np.stack([columns, rows], axis=-1).astype(float)
