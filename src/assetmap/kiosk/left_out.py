"""Ink that nobody drew: print a little beside its place, the edges of paper and picture, a hand over the sheet."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from assetmap.kiosk.ink.channels import darkest
from assetmap.kiosk.strokes.parts import Part, Piece

__all__ = ["pieces_left_out"]

Image = NDArray[Any]
Mask = NDArray[Any]

_EDGE_MM = 2.0
_EDGE_REASON = "runs along the edge of what the photograph shows"
_OVER_REASON = "a hand or a thing that lies over the edge of the sheet"
_THICK_MM, _REACH_MM = 4, 8
_HALF = 0.5
_PRINT_MM = 0.6
_PRINTED = 120
_SLIVER_MM2 = 8.0
_PRINT_REASON = "print that came out darker, or a little beside its place"


def pieces_left_out(
    parts: list[Part],
    pieces: list[Piece],
    numbers: NDArray[np.int32],
    clean: Image,
    valid: Mask,
    *,
    px_per_mm: float,
) -> dict[int, str]:
    """Return the pieces of ink that make no mark, each with the reason.

    Parameters
    ----------
    parts, pieces, numbers
        As `assetmap.kiosk.strokes.parts.part_ink` returns them.
    clean
        (H, W, 3) uint8 RGB, the clean sheet.
    valid
        (H, W) bool, where the photograph shows the sheet.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    return (
        _out_of_place(parts, pieces, numbers, clean, px_per_mm)
        | _over_the_sheet(parts, numbers, valid, px_per_mm)
        | _at_edge(parts, numbers, valid, px_per_mm)
    )


def _over_the_sheet(parts: list[Part], numbers: NDArray[np.int32], valid: Mask, px_per_mm: float) -> dict[int, str]:
    """Return the pieces of what lies over the sheet and reaches in from beyond it: a thumb, a sleeve, a cup.

    It is thicker than anything that is drawn, and it isn't cut off at the edge of what the photograph shows.
    """
    import cv2

    size = (round(numbers.shape[1] / px_per_mm), round(numbers.shape[0] / px_per_mm))  # a pixel for a millimetre
    inked, seen = (
        np.pad(cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) > _HALF, 1)
        for mask in (numbers > 0, valid)
    )
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _THICK_MM + 1, 2 * _THICK_MM + 1))
    thick = cv2.morphologyEx((inked | ~seen).astype(np.uint8), cv2.MORPH_OPEN, disc, borderValue=1)
    _, labels = cv2.connectedComponents((inked & (thick > 0)).astype(np.uint8), connectivity=8)
    inward = cv2.distanceTransform(seen.astype(np.uint8), cv2.DIST_L2, 5)
    reaching = np.unique(labels[(inward > _REACH_MM) & (labels > 0)])
    touching = np.unique(labels[(inward <= _EDGE_MM) & (labels > 0)])
    over = np.isin(labels, np.intersect1d(reaching, touching)).astype(np.uint8)
    if not over.any():
        return {}
    wider = cv2.dilate(over, np.ones((5, 5), np.uint8))[1:-1, 1:-1]
    there = cv2.resize(wider, numbers.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    return {piece: _OVER_REASON for piece, share in _shares(parts, numbers, there).items() if share > _HALF}


def _at_edge(parts: list[Part], numbers: NDArray[np.int32], valid: Mask, px_per_mm: float) -> dict[int, str]:
    """Return the pieces of ink that run along the edge of what is in sight, with the reason to leave them out."""
    import cv2

    reach = max(1, round(_EDGE_MM * px_per_mm))
    side = 2 * reach + 1
    inner = cv2.erode(np.pad(valid, 1).astype(np.uint8), np.ones((side, side), np.uint8))[1:-1, 1:-1] > 0
    return {piece: _EDGE_REASON for piece, share in _shares(parts, numbers, ~inner).items() if share > 0.6}


def _out_of_place(
    parts: list[Part], pieces: list[Piece], numbers: NDArray[np.int32], clean: Image, px_per_mm: float
) -> dict[int, str]:
    """Return the pieces of ink that are print: all of it on dark print, or thin and small and along it."""
    import cv2

    side = 2 * max(1, round(_PRINT_MM * px_per_mm)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    dark = darkest(clean) < _PRINTED
    on, near = (_shares(parts, numbers, where) for where in (dark, cv2.dilate(dark.astype(np.uint8), kernel) > 0))
    thin, small = 0.9 * px_per_mm, _SLIVER_MM2 * px_per_mm**2
    return {
        piece.number: _PRINT_REASON
        for piece in pieces
        if on[piece.number] > 0.8
        or (near[piece.number] > 0.6 and piece.width < thin and piece.drawn * piece.width < small)
    }


def _shares(parts: list[Part], numbers: NDArray[np.int32], where: Mask) -> dict[int, float]:
    """Return how much of each piece lies where a mask is true."""
    there = np.bincount(numbers[where & (numbers > 0)], minlength=len(parts) + 1)
    total: dict[int, int] = {}
    inside: dict[int, int] = {}
    for part in parts:
        total[part.piece] = total.get(part.piece, 0) + part.pixels
        inside[part.piece] = inside.get(part.piece, 0) + int(there[part.number])
    return {piece: inside[piece] / count for piece, count in total.items()}
