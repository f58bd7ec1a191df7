"""Work on many shapes, shared among threads: GEOS works without Python's lock."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np

__all__ = ["in_pieces"]

Answer = TypeVar("Answer")

_PIECES = 8
"""So many parts are worked on side by side, as far as there are cores."""
_WORTH = 1000
"""Fewer things than this are done sooner than threads are started."""


def in_pieces(work: Callable[[Any], Answer], things: Any, *, worth: int = _WORTH) -> list[Answer]:
    """Call a function with one piece after another of an array, side by side, and return the answers in order.

    Parameters
    ----------
    work
        Called with a piece of `things`; what it does with shapes should be shapely's work on the whole piece.
    things
        An array, such as of shapes.
    worth
        With fewer things than this there is one piece.

    Examples
    --------
    >>> np.concatenate(in_pieces(np.sqrt, np.array([4.0, 9.0, 16.0]), worth=2)).tolist()
    [2.0, 3.0, 4.0]
    """
    if len(things) < worth:
        return [work(things)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, np.array_split(things, _PIECES)))
