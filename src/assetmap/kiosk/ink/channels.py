"""The channels of a picture taken together, and their logarithms; numpy's own reductions are slow over an axis of 3."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["average", "darkest", "lightest", "logarithm"]

_LOG = np.log((np.arange(256, dtype="float32") + 3) / 258)


def average(picture: NDArray[Any]) -> NDArray[Any]:
    """Return the mean of each pixel's channels: (H, W) from (H, W, channels)."""
    import cv2

    return np.asarray(cv2.transform(picture, np.full((1, picture.shape[2]), 1 / picture.shape[2], "float32")))


def darkest(picture: NDArray[Any]) -> NDArray[Any]:
    """Return the least of each pixel's channels: (H, W) from (H, W, channels)."""
    return np.asarray(reduce(np.minimum, np.moveaxis(picture, -1, 0)))


def lightest(picture: NDArray[Any]) -> NDArray[Any]:
    """Return the greatest of each pixel's channels: (H, W) from (H, W, channels)."""
    return np.asarray(reduce(np.maximum, np.moveaxis(picture, -1, 0)))


def logarithm(picture: NDArray[Any]) -> NDArray[Any]:
    """Return the logarithms of a picture's values (uint8) in its shape, as float32.

    It is 0 for 255; 3 is what a lens lets stray into black.
    """
    import cv2

    return np.asarray(cv2.LUT(picture, _LOG)).reshape(picture.shape)
