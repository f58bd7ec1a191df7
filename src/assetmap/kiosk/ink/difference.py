"""Which pixels hold ink: darker than the print could be, even if it lay a little beside its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assetmap.kiosk.ink.channels import average, darkest, lightest, logarithm

__all__ = ["Ink", "find_ink"]

Image = NDArray[Any]
Mask = NDArray[Any]
Field = NDArray[Any]

_ASTRAY_MM = 0.45  # how far print may lie beside its place
_GROW_MM = 0.7  # how far ink is followed into print that it can't be told from with certainty
_LEAST_LOG = 0.13  # the faintest ink
_NOISES = 4.5
_ROWS = 512


@dataclass(frozen=True)
class Ink:
    """Ink on a sheet.

    Parameters
    ----------
    mask
        (H, W) bool.
    passes
        (H, W, 3) float32, the share of each channel's light that the ink lets pass: 1 is no ink. Where the print
        beneath is dark it is uncertain.
    print_light
        (H, W) uint8, how light the print beneath is in its darkest channel: a weight for `passes`.
    noise
        Standard deviation of the logarithm of the photograph over plain print.
    """

    mask: Mask
    passes: Field
    print_light: Image
    noise: float


def find_ink(photo: Image, expected: Image, valid: Mask, *, px_per_mm: float) -> Ink:
    """Return where ink lies and how much of the light it lets pass.

    Parameters
    ----------
    photo, expected
        (H, W, 3) uint8, RGB: the photograph, and what it would be without ink.
    valid
        (H, W) bool, where the photograph shows the sheet.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    import cv2

    calm = cv2.GaussianBlur(photo, (0, 0), max(0.5, 0.09 * px_per_mm))
    near = cv2.erode(expected, _disc(0.12 * px_per_mm))
    far = cv2.erode(expected, _disc(_ASTRAY_MM * px_per_mm))
    noise = _noise(calm, expected, valid)
    sure, likely = _darker(calm, far, noise), _darker(calm, near, noise)
    sure = cv2.morphologyEx(sure, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)) & valid
    likely = (likely | sure) & valid
    mask = _follow(sure.astype(np.uint8), likely.astype(np.uint8), max(1, round(_GROW_MM * px_per_mm)))
    passes = np.ones(photo.shape, "float32")
    for top in range(0, photo.shape[0], _ROWS):
        band = np.s_[top : top + _ROWS]
        passes[band] = cv2.exp(np.minimum(0, logarithm(calm[band]) - logarithm(expected[band])))
    return Ink(mask, passes, darkest(far), noise)


def _noise(calm: Image, expected: Image, valid: Mask) -> float:
    flat = valid[::3, ::3] & (darkest(expected[::3, ::3]) > 60)
    if not flat.any():
        return 0.05
    residual = logarithm(calm[::3, ::3][flat]) - logarithm(expected[::3, ::3][flat])
    spread = np.median(np.abs(residual - np.median(residual, axis=0)), axis=0)
    return float(np.clip(1.4826 * spread.mean(), 0.004, 0.06))


def _darker(calm: Image, expected: Image, noise: float) -> NDArray[Any]:
    """Return as uint8 where a picture is darker than expected beyond its noise, which grows in the dark."""
    import cv2

    bound = max(_LEAST_LOG, _NOISES * noise) * (1 + 25.0 / (np.arange(256, dtype="float32") + 5))
    found = np.empty(calm.shape[:2], np.uint8)
    for top in range(0, calm.shape[0], _ROWS):
        band = np.s_[top : top + _ROWS]
        taken = logarithm(expected[band]) - logarithm(calm[band])
        found[band] = np.maximum(lightest(taken) / 1.3, average(taken)) > cv2.LUT(darkest(expected[band]), bound)
    return found


def _follow(sure: Image, likely: Image, steps: int) -> Mask:
    import cv2

    kernel = _disc(1)
    mask = sure
    for _ in range(steps):
        mask = cv2.dilate(mask, kernel) & likely
    return mask.astype(bool)


def _disc(radius: float) -> Image:
    import cv2

    side = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
