"""In which language people's own words are."""

from __future__ import annotations

import unicodedata
from functools import cache

__all__ = ["is_language", "language_of"]


def is_language(code: str) -> bool:
    """Whether a code is that of a language that CLDR knows."""
    return bool(_own_name(code))


def language_of(text: str, usual: str) -> str:
    """Return the language to mark a text with: the usual one, or nothing where its script shows that it is another.

    Parameters
    ----------
    text
        Somebody's words.
    usual
        The language that is usually written where the words come from.

    Examples
    --------
    >>> language_of("nowhere to sit", "en"), language_of("خوبصورت جگہ", "en"), language_of("2026", "ur")
    ('en', '', 'ur')
    """
    return usual if _scripts(text) <= _scripts(_own_name(usual)) else ""


def _scripts(text: str) -> set[str]:
    return {unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha()}


@cache
def _own_name(code: str) -> str:
    """Return what a language is called in itself, or nothing if there is none of that code."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code).get_language_name(code) or ""
    except (UnknownLocaleError, ValueError):
        return ""
