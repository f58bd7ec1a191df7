"""Connected pieces of one pen's ink, each in its own window of the sheet."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Connected", "connected_ink", "connected_pieces"]

Mask = NDArray[np.bool_]


class Connected(NamedTuple):
    """A connected piece.

    Parameters
    ----------
    window
        Its rows and columns on the sheet.
    mask
        (h, w) bool: its pixels in the window.
    area
        How many they are.
    """

    window: tuple[slice, slice]
    mask: Mask
    area: int

    def rim(self, around: tuple[int, ...]) -> tuple[tuple[slice, slice], Mask, Mask]:
        """Return a window wider by a pixel within a sheet (H, W), the piece there, and the pixels beside it."""
        import cv2

        rows, columns = self.window
        wider = np.s_[max(0, rows.start - 1) : rows.stop + 1, max(0, columns.start - 1) : columns.stop + 1]
        more = tuple(
            (part.start - wide.start, min(wide.stop, size) - part.stop)
            for part, wide, size in zip(self.window, wider, around, strict=True)
        )
        mine = np.pad(self.mask, more)
        return wider, mine, cv2.dilate(mine.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~mine


def connected_pieces(mask: NDArray[Any], corner: tuple[int, int] = (0, 0)) -> list[Connected]:
    """Return the connected pieces (8 neighbours) of a mask whose top left pixel lies at a row and column."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8, copy=False), connectivity=8)
    pieces = []
    for label in range(1, count):
        left, top, wide, tall, area = stats[label].tolist()
        own = labels[top : top + tall, left : left + wide] == label
        top, left = top + corner[0], left + corner[1]
        pieces.append(Connected(np.s_[top : top + tall, left : left + wide], own, area))
    return pieces


def connected_ink(pens: NDArray[np.int8]) -> list[tuple[int, Connected]]:
    """Return the connected pieces of each pen's ink, pen by pen; -1 is no ink.

    Ink of any pen is taken apart first, once for the whole sheet, and then each piece of it by pens.
    """
    found: list[tuple[int, Connected]] = []
    for piece in connected_pieces(pens >= 0):
        here = np.where(piece.mask, pens[piece.window], np.int8(-1))
        corner = (piece.window[0].start, piece.window[1].start)
        present = np.flatnonzero(np.bincount(here[piece.mask])).tolist()
        for pen in present:
            if len(present) == 1:
                found.append((pen, piece))
            else:
                found += [(pen, part) for part in connected_pieces(here == pen, corner)]
    return sorted(found, key=lambda one: one[0])
