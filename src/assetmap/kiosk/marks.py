"""The marks of a sheet, and what was left out, with every pixel of ink accounted for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from assetmap.errors import InputError

__all__ = ["Mark", "Reject", "SheetMarks"]

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Mark:
    """A mark on a sheet.

    Parameters
    ----------
    number
        1, 2, …: what its pixels hold in `SheetMarks.labels`.
    kind
        One of `assetmap.schema.MARK_KINDS`.
    pen
        The pen's name in the legend; or a basic colour where there is none; or ``black``, ``pencil``, ``unknown``.
    geometry
        In pixels of the grid, x to the right, y down, whole numbers at the middle of pixels: a Point, a LineString
        or a Polygon. Writing is the rotated box around it.
    shape
        ``dot``, ``cross``, ``tick``, ``line``, ``dashed line``, ``arrow``, ``ring``, ``filled``, ``hatched`` or
        ``writing``.
    confidence
        0 to 1: the share of marks like this that are right, measured on photographs with known truth.
    box
        Left, top, right, bottom in pixels, the last two outside. For writing it is the crop, with a margin.
    belongs_to
        The number of the mark that writing is tied to; None for other kinds, or where there is none.
    parts
        How many strokes and blots it is made of.
    evidence
        What its confidence comes from: `assetmap.kiosk.evidence.MEASURES`; empty for writing.
    """

    number: int
    kind: str
    pen: str
    geometry: BaseGeometry
    shape: str
    confidence: float
    box: Box
    belongs_to: int | None
    parts: int
    evidence: tuple[float, ...] = ()


@dataclass(frozen=True)
class Reject:
    """Ink that is in no mark.

    Parameters
    ----------
    number
        1, 2, …: its pixels hold the negative of it in `SheetMarks.labels`.
    reason
        Why it is no mark.
    pixels
        How many pixels it has.
    box
        Left, top, right, bottom in pixels, the last two outside.
    """

    number: int
    reason: str
    pixels: int
    box: Box


@dataclass(frozen=True)
class SheetMarks:
    """All that was drawn on a sheet.

    Parameters
    ----------
    marks, rejects
        What was recognised and what wasn't.
    labels
        (H, W) int32: 0 without ink, the number of a mark, or the negative number of a reject.
    ink_pixels
        How many pixels hold ink.

    Raises
    ------
    InputError
        If marks and rejects don't add up to the ink.
    """

    marks: tuple[Mark, ...]
    rejects: tuple[Reject, ...]
    labels: NDArray[np.int32]
    ink_pixels: int

    def __post_init__(self) -> None:
        counts = np.bincount(self.labels[self.labels > 0], minlength=len(self.marks) + 1)
        rejected = np.bincount(-self.labels[self.labels < 0], minlength=len(self.rejects) + 1)
        in_order = [mark.number for mark in self.marks] == list(range(1, len(self.marks) + 1))
        known = len(counts) == len(self.marks) + 1 and len(rejected) == len(self.rejects) + 1
        listed = [int(rejected[reject.number]) for reject in self.rejects] if known else []
        if not (in_order and known and listed == [reject.pixels for reject in self.rejects]):
            raise InputError("the marks and rejects of a sheet don't fit its labels: read it again.")
        total = int(counts.sum() + rejected.sum())
        if total != self.ink_pixels:
            raise InputError(
                f"{total} pixels lie in marks and rejects, but {self.ink_pixels} hold ink: read the sheet again."
            )

    def mark_pixels(self) -> NDArray[np.int64]:
        """Return how many pixels of ink each mark has, in the order of `marks`."""
        return np.bincount(self.labels[self.labels > 0], minlength=len(self.marks) + 1)[1:].astype("int64")
