"""How many of a thing there are, in words: one zone, or several."""

from __future__ import annotations

__all__ = ["counted"]


def counted(count: float, one: str, several: str = "") -> str:
    """Return a number with what it counts.

    Parameters
    ----------
    count
        How many; shown whole.
    one, several
        What one is called, and several: by default with an s.

    Examples
    --------
    >>> counted(1, "zone"), counted(1200, "zone"), counted(0, "pocket"), counted(1.2, "person", "people")
    ('1 zone', '1,200 zones', '0 pockets', '1 person')
    """
    number = f"{count:,.0f}"
    return f"{number} {one if number == '1' else several or f'{one}s'}"
