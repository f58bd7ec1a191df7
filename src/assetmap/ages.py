"""Bands of ages, as tables and people write them."""

from __future__ import annotations

import re

__all__ = ["OPEN", "age_band", "age_told"]

OPEN = 200
"""The oldest age of a band without an end."""


def age_band(words: str) -> tuple[int, int] | None:
    """Return the youngest and oldest age of a table's band, or None where the words are none.

    Examples
    --------
    >>> age_band("Aged 15 years and under"), age_band("Persons_65+"), age_band("Aged 16 to 24 years")
    ((0, 15), (65, 200), (16, 24))
    """
    text = " ".join(re.findall(r"[^\W_]+", words.casefold().replace("+", " plus")))
    text = re.sub(r"^(persons?|people|all persons|aged?|residents)\b( aged?)?|\byears?\b|\bold\b", " ", text)
    text = " ".join(text.split())
    if found := re.fullmatch(r"(\d{1,3}) (?:and|or) (?:under|younger)", text):
        return 0, int(found[1])
    if found := re.fullmatch(r"under (\d{1,3})", text):
        return 0, int(found[1]) - 1
    if found := re.fullmatch(r"(\d{1,3}) (?:plus|and over|or over)", text):
        return int(found[1]), OPEN
    if found := re.fullmatch(r"(\d{1,3}) (?:to )?(\d{1,3})", text):
        return int(found[1]), int(found[2])
    return None


def age_told(words: str) -> tuple[int, int] | None:
    """Return the band that a person's own words for an age are, or None; a bare age is a band of one year.

    Examples
    --------
    >>> age_told("34"), age_told("over 64"), age_told("16-24")
    ((34, 34), (65, 200), (16, 24))
    """
    plain = words.strip().casefold()
    if found := re.fullmatch(r"over (\d{1,3})", plain):
        return int(found[1]) + 1, OPEN
    if re.fullmatch(r"\d{1,3}", plain):
        return int(plain), int(plain)
    return age_band(words)
