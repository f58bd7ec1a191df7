"""Keeps words on a map apart."""

from __future__ import annotations

import math

__all__ = ["Room"]

_SQUARE = 40.0
_RADIUS = 8.0


class Room:
    """The places on a picture that words have taken, each word as a row of circles.

    Parameters
    ----------
    width, height
        The picture's size in units, about pixels.

    Examples
    --------
    >>> room = Room(200, 100)
    >>> room.take_word(100, 50, half=20), room.take_word(130, 50, half=20), room.take_word(100, 80, half=20)
    (True, False, True)
    """

    def __init__(self, width: float, height: float) -> None:
        self._width = width
        self._height = height
        self._taken: dict[tuple[int, int], list[tuple[float, float]]] = {}

    def take_word(self, x: float, y: float, *, half: float, turn: float = 0.0) -> bool:
        """Take the room of a word around its middle, if it is free and inside the picture.

        Parameters
        ----------
        x, y
            The word's middle.
        half
            Half its length.
        turn
            Its angle in degrees, clockwise.
        """
        circles = _row(x, y, max(0.0, half - _RADIUS), math.radians(turn))
        if not all(self._free(*circle) for circle in circles):
            return False
        for circle in circles:
            self._taken.setdefault(_square(*circle), []).append(circle)
        return True

    def _free(self, x: float, y: float) -> bool:
        if not (_RADIUS <= x <= self._width - _RADIUS and _RADIUS <= y <= self._height - _RADIUS):
            return False
        column, row = _square(x, y)
        near = ((i, j) for i in (column - 1, column, column + 1) for j in (row - 1, row, row + 1))
        return all(
            math.hypot(x - other_x, y - other_y) >= 2 * _RADIUS
            for square in near
            for other_x, other_y in self._taken.get(square, ())
        )


def _square(x: float, y: float) -> tuple[int, int]:
    return int(x // _SQUARE), int(y // _SQUARE)


def _row(x: float, y: float, reach: float, turn: float) -> list[tuple[float, float]]:
    steps = max(1, math.ceil(2 * reach / _RADIUS)) if reach else 0
    along = [reach * (2 * step / steps - 1) for step in range(steps + 1)] if steps else [0.0]
    return [(x + far * math.cos(turn), y + far * math.sin(turn)) for far in along]
