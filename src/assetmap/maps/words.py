"""The page's own words, kept apart from the code and the study's texts."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

__all__ = ["page_words", "phrase", "phrase_count"]


@cache
def page_words() -> dict[str, str]:
    """Return the words of words.toml by key."""
    text = files(__package__).joinpath("page", "words.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


def phrase(key: str, **parts: object) -> str:
    """Return a phrase with its {braces} filled in.

    Examples
    --------
    >>> phrase("made_on", date="2025-06-01")
    'Made on 2025-06-01.'
    """
    text = page_words()[key]
    for name, part in parts.items():
        text = text.replace("{" + name + "}", str(part))
    return text


def phrase_count(key: str, count: int) -> str:
    """Return the singular or plural form of a phrase, with the number in it.

    Examples
    --------
    >>> phrase_count("places_count", 1), phrase_count("places_count", 1200)
    ('1 place', '1,200 places')
    """
    return phrase(f"{key}_one" if count == 1 else f"{key}_many", n=f"{count:,}")
