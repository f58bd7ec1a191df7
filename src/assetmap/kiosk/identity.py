"""The name of a sheet, and the marker ids that carry it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

__all__ = ["MARKER_IDS", "copy_id", "marker_ids", "printed_name", "set_key", "sheet_id"]

MARKER_IDS = 1000
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letter or digit here is taken for another in handwriting; a QR code has them all in its short alphabet."""


def set_key(content: Any) -> str:
    """Return four characters for a set of sheets, from everything that is drawn on it.

    The same sheets printed again have the same key; whatever would be drawn differently has another.

    Parameters
    ----------
    content
        What can be written as JSON.
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest())
    letters = ""
    for _ in range(4):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters


def sheet_id(key: str, number: int) -> str:
    """Return the name of a sheet: its set's key and its number in it.

    Examples
    --------
    >>> sheet_id("T7Q2", 1)
    'T7Q2-1'
    """
    return f"{key}-{number}"


def copy_id(printed: str, copy: int) -> str:
    """Return the name of a sheet of paper: the first that was read of a printed sheet has the name of that.

    Examples
    --------
    >>> copy_id("T7Q2-1", 1), copy_id("T7Q2-1", 3)
    ('T7Q2-1', 'T7Q2-1.3')
    """
    return printed if copy == 1 else f"{printed}.{copy}"


def printed_name(paper: str) -> str:
    """Return the printed sheet that a sheet of paper is a copy of.

    Examples
    --------
    >>> printed_name("T7Q2-1.3"), printed_name("T7Q2-1")
    ('T7Q2-1', 'T7Q2-1')
    """
    return paper.partition(".")[0]


def marker_ids(key: str, number: int, count: int) -> tuple[int, ...]:
    """Return the ids of a sheet's markers.

    The ids 0 to 999 are put in an order of the set's own (by SHA-256 of the key and the id); the first sheet takes
    the first `count`, the second the next, so that no two sheets of a set share an id while there are enough. Two
    sets share an id now and then, by chance (16 markers of each: one in four times), three hardly ever: a sheet is
    known by three of its ids or more, and by more of them than of any other's.

    Parameters
    ----------
    key
        The set's, from `set_key`.
    number
        The sheet's, from 1.
    count
        How many markers it has.

    Examples
    --------
    >>> first, second = marker_ids("T7Q2", 1, 16), marker_ids("T7Q2", 2, 16)
    >>> len({*first, *second})
    32
    """
    order = sorted(range(MARKER_IDS), key=lambda each: hashlib.sha256(f"{key}:{each}".encode()).digest())
    start = (number - 1) * count
    return tuple(order[(start + place) % MARKER_IDS] for place in range(count))
