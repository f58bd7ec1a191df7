"""A rectangle of the ground on a picture or on paper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Frame", "frame_around"]


@dataclass(frozen=True)
class Frame:
    """A rectangle of the ground on paper: turns metres into units, about pixels, from its top left."""

    west: float
    north: float
    scale: float
    """Units in a metre."""
    width: float
    height: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres."""
        return self.west, self.north - self.height / self.scale, self.west + self.width / self.scale, self.north

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points (n x 2, metres) in units."""
        return np.column_stack([points[:, 0] - self.west, self.north - points[:, 1]]) * self.scale

    def holds(self, x: float, y: float) -> bool:
        """Whether a point in units is inside."""
        return 0 <= x <= self.width and 0 <= y <= self.height


def frame_around(bounds: tuple[float, float, float, float], *, width: float, tallest: float) -> Frame:
    """Return a frame around a box with a margin of a twelfth of its longer side.

    Parameters
    ----------
    bounds
        West, south, east, north in metres.
    width, tallest
        The frame's width and greatest height in units. A tall box gets empty ground at its sides.
    """
    west, south, east, north = bounds
    margin = max(east - west, north - south, 50.0) / 12
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    scale = min(width / (east - west), tallest / (north - south))
    spare = width / scale - (east - west)
    return Frame(west - spare / 2, north, scale, width, (north - south) * scale)
