"""The grain of a pencil: paper takes it up in grains, and what lies between the grains of a stroke is the stroke's."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["even_grain", "without_grain"]

Field = NDArray[Any]
Image = NDArray[Any]

_GRAIN_MM = 0.36  # half of how far grains of one stroke lie apart
_CALM_MM = 0.2
_PALE = 0.25  # of the strength of the grains about it: what is paler than that is bare paper


def without_grain(mask: Image, px_per_mm: float) -> Image:
    """Return a mask (uint8) with the gaps between grains closed."""
    import cv2

    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _grain(px_per_mm)), np.uint8)


def even_grain(
    index: NDArray[np.int8], strength: Field, shade: Field, pencil: int, *, px_per_mm: float
) -> tuple[NDArray[np.int8], Field]:
    """Return pens and strengths with a pencil's strokes whole: paper between grains is the pencil's where it is grey.

    Parameters
    ----------
    index
        (H, W) int8: the pen of each pixel, -1 where there is no ink.
    strength
        (H, W) float32: the share of light that ink takes, 0 where there is none.
    shade
        (H, W) float32: the share of light that is missing, with ink or without.
    pencil
        The pencil's number in `index`.
    px_per_mm
        Pixels of the grid in a millimetre of paper.

    Returns
    -------
    (index, strength)
    """
    import cv2

    grains = index == pencil
    if not grains.any():
        return index, strength
    even = cv2.morphologyEx(np.where(grains, strength, np.float32(0)), cv2.MORPH_CLOSE, _grain(px_per_mm))
    calm = cv2.GaussianBlur(shade, (0, 0), max(0.5, _CALM_MM * px_per_mm))
    between = (without_grain(grains.astype(np.uint8), px_per_mm) > 0) & (index < 0) & (calm > _PALE * even)
    stroke = grains | between
    return np.where(between, np.int8(pencil), index), np.where(stroke, even, strength)


def _grain(px_per_mm: float) -> Image:
    import cv2

    side = 2 * max(1, round(_GRAIN_MM * px_per_mm)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
