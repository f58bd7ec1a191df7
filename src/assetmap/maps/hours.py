"""Opening hours as OpenStreetMap writes them, said in words; what is more than days and times stays as it is."""

from __future__ import annotations

import re
from functools import reduce

from assetmap.words import Words

__all__ = ["hours_in_words"]

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = "|".join(_DAYS)
_SUN = ("dawn", "dusk", "sunrise", "sunset")
_TIME = rf"(?:[01]\d|2[0-4]):[0-5]\d|{'|'.join(_SUN)}"
_TIMES = rf"(?:{_TIME})-(?:{_TIME})"
_RULE = re.compile(
    rf"(?P<days>(?:{_DAY}|PH)(?:-(?:{_DAY}))?(?:, ?(?:{_DAY}|PH)(?:-(?:{_DAY}))?)*)?:? ?"
    rf"(?P<times>{_TIMES}(?:, ?{_TIMES})*|off|closed)"
)


def hours_in_words(text: str, words: Words) -> str:
    """Say days of the week, public holidays and times in a language's words; return anything else as it is.

    Times are those of a clock of 24 hours, in the language's digits.

    Parameters
    ----------
    text
        As OSM's opening_hours has it.
    words
        The language.

    References
    ----------
    https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification

    Examples
    --------
    >>> from assetmap.words import words_for
    >>> hours_in_words("Mo-Fr 09:00-17:00; Sa,Su 10:00-dusk; PH off", words_for("en"))
    'Monday–Friday 09:00–17:00, Saturday and Sunday 10:00–dusk, public holidays closed'
    >>> hours_in_words("Mo-Fr 09:00-17:00", words_for("bn")), hours_in_words("by appointment", words_for("bn"))
    ('সোমবার–শুক্রবার ০৯:০০–১৭:০০', 'by appointment')
    """
    if text.strip() == "24/7":
        return words.phrase("hours_always")
    rules = [_RULE.fullmatch(rule.strip()) for rule in text.strip().rstrip(";").split(";")]
    said = [_rule(rule["days"], rule["times"], words) for rule in rules if rule]
    return _listed(said, words) if len(said) == len(rules) else text


def _rule(days: str | None, times: str, words: Words) -> str:
    if times in ("off", "closed"):
        spoken = words.phrase("hours_closed")
    else:
        spoken = _listed([_span(span, words) for span in times.split(",")], words)
    return f"{_days(days, words)} {spoken}" if days else spoken


def _days(days: str, words: Words) -> str:
    from babel.lists import format_list

    return str(format_list([_span(span, words) for span in days.split(",")], locale=words.locale))


def _span(span: str, words: Words) -> str:
    return "–".join(_said(end, words) for end in span.strip().split("-"))


def _said(end: str, words: Words) -> str:
    if end in _DAYS:
        # not "stand-alone": where that is the same as "format", Babel gives all languages those of the first asked
        return str(words.locale.days["format"]["wide"][_DAYS.index(end)])
    if end in _SUN:
        return words.phrase(f"hours_{end}")
    return words.phrase("hours_holidays") if end == "PH" else words.native(end)


def _listed(said: list[str], words: Words) -> str:
    return reduce(lambda first, second: words.phrase("and_then", first=first, second=second), said)
