"""Numbers that tell of a person: telephone, NHS, date of birth, number plate; also spelled, spaced or disguised."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from nhs_number.validate import is_valid

from assetmap.disclosure.findings import Finding

__all__ = ["find_numbers"]

_WORDS = {
    "zero": "0", "nought": "0", "naught": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "hundred": "00", "thousand": "000",
}  # fmt: skip
_LIKE = {"o": "0", "l": "1", "i": "1"}  # letters that are written for digits
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_UNIT = (
    rf"(?:(?<![a-z])(?:double|triple|treble)[ -]+)?(?:(?<![a-z])(?:{'|'.join(_WORDS)})(?![a-z])"
    r"|\d|(?<![a-hjkm-np-z'])[oli](?![a-hjkm-np-z']))"
)
_GAP = r"(?:[\s.,;:/|_*+()\[\]·•~-]{0,4}|\s+(?:then|and|dash|hyphen|space|dot)\s+)"
_RUN = re.compile(rf"{_UNIT}(?:{_GAP}{_UNIT})*", re.IGNORECASE)
_ONE_UNIT = re.compile(rf"(?:(double|triple|treble)[ -]+)?({'|'.join(_WORDS)}|[\doli])", re.IGNORECASE)
_SHORTEST, _LONGEST, _NHS_DIGITS = 7, 15, 10  # E.164 has 15 digits at most; local numbers have 7 or 8
_DAY_OF_MONTH, _MONTH_OF_YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DATE = (
    rf"(?:{_DAY_OF_MONTH}[-/. ]{_MONTH_OF_YEAR}[-/. ](?:\d{{4}}|\d\d)"
    rf"|\d{{4}}[-/.]{_MONTH_OF_YEAR}[-/.]{_DAY_OF_MONTH})"
)
_TIME = r"(?:[01]?\d|2[0-3])[:.][0-5]\d"
_CALENDAR = re.compile(rf"(?:(?:{_DATE}|(?:1[5-9]|20)\d\d|{_TIME})(?:[^\d.]+|\. +|\.?$))+")
_MONEY = re.compile(r"[£$€]\s?[1-9](?:\d{0,2}(?:,\d{3})+|\d{0,6})(?:\.\d\d)?(?!\d)")
_NHS = re.compile(r"(?<!\d)\d{3}[ .-]*\d{3}[ .-]*\d{4}(?!\d)")
_MONTH = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
_LONG_DATE = rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH}|nov(?:ember)?|dec(?:ember)?),? \d{{2,4}}"
_BIRTH = re.compile(
    rf"\b(?:born|dob|d\.o\.b\.?|date of birth|birth ?da(?:y|te))\b[^\d]{{0,24}}({_DATE}|{_LONG_DATE})", re.IGNORECASE
)
_PLATE = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b|\b[A-Z]\d{1,3} ?[A-Z]{3}\b|\b[a-z]{2}\d{2} ?[a-z]{3}\b(?<!th)")


def find_numbers(plain: str) -> Iterator[Finding]:
    """Yield phone, NHS and other long numbers, dates of birth and number plates of a folded text.

    Ten digits with the NHS's check digit (modulus 11) are an NHS number. What Google's libphonenumber finds
    when it reads as in Britain is a telephone number, and so may be any seven to fifteen digits in a row, be
    they spaced, spelled (``oh double seven``) or mixed with letters that look like them; a longer row is a
    ``number``. Years, dates and times of day are none of these.
    """
    for match in phonenumbers.PhoneNumberMatcher(plain, "GB", leniency=phonenumbers.Leniency.VALID):
        yield Finding("phone", match.start, match.end)
    counted = _MONEY.sub(lambda amount: " " * len(amount.group()), plain)
    for run in _RUN.finditer(counted):
        yield from _read_run(plain, run)
    for nhs in _NHS.finditer(plain):
        if is_valid("".join(filter(str.isdigit, nhs.group()))):
            yield Finding("nhs_number", *nhs.span())
    for birth in _BIRTH.finditer(plain):
        yield Finding("birth_date", *birth.span(1))
    for plate in _PLATE.finditer(plain):
        yield Finding("plate", *plate.span(), certain=False)


def _read_run(plain: str, run: re.Match[str]) -> Iterator[Finding]:
    """Yield what a row of digits is, if it is long enough to be of a person."""
    digits = _digits(run.group())
    plus = plain[: run.start()].endswith("+")
    if len(digits) < _SHORTEST or (not plus and _CALENDAR.fullmatch(run.group())):
        return
    start = run.start() - plus
    if len(digits) == _NHS_DIGITS and is_valid(digits):
        yield Finding("nhs_number", start, run.end())
    elif len(digits) <= _LONGEST:
        yield Finding("phone", start, run.end(), certain=digits.startswith("0"))
    else:
        yield Finding("number", start, run.end(), certain=False)


def _digits(words: str) -> str:
    """Return the digits that a row of digits, words for them and letters like them stands for.

    >>> _digits("o7 double seven oh nine")
    '077709'
    """
    found = []
    for times, word in _ONE_UNIT.findall(words):
        digit = _WORDS.get(word.lower(), _LIKE.get(word.lower(), word))
        found.append(digit * _TIMES.get(times.lower(), 1))
    return "".join(found)
