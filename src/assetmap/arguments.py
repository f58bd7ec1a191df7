"""What a caller of the library gives, where it is words or tables: refused in one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import Any

import pandas as pd

from assetmap.errors import SchemaError, UsageError

__all__ = ["known_day", "known_word", "require_columns"]


def require_columns(table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Raise if a table lacks a column that is needed of it.

    Parameters
    ----------
    table
        Any table.
    columns
        What is needed.
    what
        What it is, for the message.

    Raises
    ------
    SchemaError
        Naming every column that is missing.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"a": [1]}), ("a", "b"), "the zones")
    Traceback (most recent call last):
    assetmap.errors.SchemaError: the zones: there is no column b: add it.
    """
    missing = [name for name in columns if name not in table]
    if missing:
        raise SchemaError(f"{what}: there is no column {', '.join(missing)}: add it.")


def known_word(value: Any, known: Iterable[str], what: str) -> str:
    """Return a word if it is known.

    Parameters
    ----------
    value
        The word.
    known
        All that there are.
    what
        What it is, for the message.

    Raises
    ------
    UsageError
        Naming the nearest that is known, and all of them.

    Examples
    --------
    >>> known_word("slo", ("standard", "slow"), "the profile")
    Traceback (most recent call last):
    assetmap.errors.UsageError: the profile is 'slo', which isn't known (slow is): use one of standard, slow.
    """
    words = list(known)
    if value in words:
        return str(value)
    near = get_close_matches(str(value), words, 1)
    hint = f" ({near[0]} is)" if near else ""
    raise UsageError(f"{what} is {value!r}, which isn't known{hint}: use one of {', '.join(words)}.")


def known_day(value: str, what: str) -> str:
    """Return a day if it is one, as ``YYYY-MM-DD``.

    Raises
    ------
    UsageError
        If it isn't.

    Examples
    --------
    >>> known_day("2026-11-30", "today")
    '2026-11-30'
    """
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise UsageError(f"{what} is {value!r}, which is no day: write it like 2026-11-30.") from error
