"""Codes of zones as they go into a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assetmap.errors import UsageError
from assetmap.places import LSOA_CODE

__all__ = ["LSOA", "checked_codes", "name_some", "split_codes"]

LSOA = re.compile(LSOA_CODE)


def checked_codes(codes: Iterable[str], pattern: re.Pattern[str] = LSOA) -> list[str]:
    """Return codes sorted and once each.

    Raises
    ------
    UsageError
        If there are none, or one isn't a code of the kind (a letter for the country and eight digits).
    """
    listed = sorted({str(code).strip() for code in codes})
    wrong = [code for code in listed if not pattern.fullmatch(code)]
    if wrong or not listed:
        found = f"{name_some(wrong)} can't be codes of zones" if wrong else "no zone was named"
        raise UsageError(f"{found}: write them as E01004222.")
    return listed


def split_codes(codes: Sequence[str], size: int = 200) -> Iterator[list[str]]:
    """Yield the codes in lists of at most `size`."""
    yield from (list(codes[start : start + size]) for start in range(0, len(codes), size))


def name_some(codes: Sequence[str], most: int = 5) -> str:
    """Return the first few of some codes in words.

    Examples
    --------
    >>> name_some(["E1", "E2", "E3"], 2)
    'E1, E2 and 1 more'
    """
    more = f" and {len(codes) - most} more" if len(codes) > most else ""
    return ", ".join(codes[:most]) + more
