"""Dates as people and devices write them, as ISO text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pandas as pd

__all__ = ["read_dates"]

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:\D.*)?")
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:\D.*)?")
_EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.0*)?")
_WORDED = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")


def read_dates(values: pd.Series) -> pd.Series:
    """Return text as ISO dates, missing where it isn't one.

    Read are ISO dates and times, seconds or milliseconds since 1970 (as phones write them; by UTC), dates
    in words, and dates of three numbers. Of those the day goes first, as in Britain, unless some date of
    the same column can only have its month first and none only its day.

    Examples
    --------
    >>> read_dates(pd.Series(["2025-05-01T10:00:00Z", "1753436256846", "3/4/2025", "May 2"])).tolist()
    ['2025-05-01', '2025-07-25', '2025-04-03', nan]
    >>> read_dates(pd.Series(["11/20/2022", "3/4/2022"])).tolist()
    ['2022-11-20', '2022-03-04']
    """
    text = values.astype("str").str.strip()
    parts = text.str.extract(_NUMERIC).iloc[:, :2].astype("float64")
    month_first = bool((parts[1] > 12).any() and not (parts[0] > 12).any())
    read = [None if pd.isna(words) else _read_date(words, month_first=month_first) for words in text]
    return pd.Series(read, index=values.index, dtype="str")


def _read_date(words: str, *, month_first: bool) -> str | None:
    if found := _ISO.fullmatch(words):
        return _iso(*map(int, found.groups()))
    if found := _EPOCH.fullmatch(words):
        return datetime.fromtimestamp(int(found[1]), UTC).date().isoformat()
    if found := _NUMERIC.fullmatch(words):
        first, second, year = map(int, found.groups())
        day, month = (second, first) if month_first else (first, second)
        return _iso(year + 2000 if year < 100 else year, month, day)
    plain = " ".join(words.replace(",", " ").split())
    for pattern in _WORDED:
        try:
            return datetime.strptime(plain, pattern).replace(tzinfo=UTC).date().isoformat()
        except ValueError:
            continue
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
