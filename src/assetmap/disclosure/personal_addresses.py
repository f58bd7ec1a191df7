"""Addresses that tell of a person: e-mail, links and handles, postcodes, house numbers with their street."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import uk_postcodes_parsing

from assetmap.disclosure.findings import Finding

__all__ = ["find_house_numbers", "find_mail_and_links", "find_postcodes"]

_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_AT = r"(?:\s*@\s*|\s*[(\[{<]\s*(?:at|@)\s*[)\]}>]\s*|\s+at\s+)"
_AT_SIGN = r"(?:\s*@\s*|\s*[(\[{<]\s*(?:at|@)\s*[)\]}>]\s*)"
_DOT = (
    r"(?:\.|\s*[(\[{<]\s*(?:dot|\.)\s*[)\]}>]\s*|\s+dot\s+|\s+\.\s*"
    r"|\.\s+(?=(?:com|co|org|net|uk|ac|gov|nhs|eu|me|io|info)\b))"
)
_LOCAL = (  # from the beginning of a word and with bounds: no text takes long
    r"(?<![\w.+%'-])(?:\w+\s+\.\s+){0,3}[\w.+%'-]*\w"
    r"(?:\s*[(\[]\s*dot\s*[)\]]\s*[\w.+'-]+|\s+(?:dot|underscore|dash)\s+[\w.+'-]+){0,3}"
)
_PROVIDERS = (
    "gmail|googlemail|hotmail|outlook|yahoo|icloud|aol|live|msn|btinternet|sky|talktalk|virginmedia|ntlworld|"
    "protonmail|proton|gmx|mail|me|ymail"
)
_MAIL = re.compile(
    rf"{_LOCAL}(?:{_AT}{_LABEL}(?:{_DOT}{_LABEL}){{1,6}}|{_AT_SIGN}{_LABEL}|{_AT}(?:{_PROVIDERS})\b)", re.IGNORECASE
)
_ENDINGS = "com|org|net|info|co|uk|me|io|app|london|bd|pl|ro|so|pk|eu|tv|biz|shop|page|link|gov|nhs"
_LINK = re.compile(
    rf"\b(?:https?|ftp|hxxps?)\s*:\s*//\S+|\bwww\s?\.\s?\S+|(?<![\w.-])(?:{_LABEL}\.){{1,6}}(?:{_ENDINGS})\b(?:/\S*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w.])@\w{2,}(?:\.\w+)*"
    r"|\b(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|twitter|facebook|fb|ig|whats ?app|telegram|discord)"
    r"(?:\s+(?:name|handle|account|user(?:name)?|id))?(?:\s+is\s+|\s*[:=]\s*)@?[\w.]{3,}",
    re.IGNORECASE,
)

_DIGIT, _LETTER, _APART = r"[\doOiIlL]", r"[A-Za-z]", r"[ .,_/-]{0,2}"
_POSTCODE = re.compile(
    rf"(?<![A-Za-z\d])(?:G{_APART}[Ii1l]{_APART}R|{_LETTER}(?:{_APART}{_LETTER})?{_APART}{_DIGIT}(?:{_APART}[A-Za-z\d])?)"
    rf"[ .,_/-]{{0,4}}[\doOsSiIlL]{_APART}{_LETTER}{_APART}{_LETTER}(?![A-Za-z\d])",
    re.IGNORECASE,
)
_AREAS = (
    " AB AL B BA BB BD BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX "
    "FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG "
    "NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS "
    "TW UB W WA WC WD WF WN WR WS WV YO ZE "
)
"""The postcode areas of the Royal Mail."""

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_WORD_NUMBER = rf"(?:{_TEENS}|(?:{_TENS})(?:[ -](?:{_ONES}))?|{_ONES})"
_FIGURES = r"\d{1,4}\s?(?:[a-d]\b|[a-d](?=\d))?(?:\s*[-/&]\s*\d{1,4}[a-d]?)?"
_NUMBER = rf"(?:{_FIGURES}|{_WORD_NUMBER})"
_STREET = (
    "road|rd|street|str|st|avenue|ave|lane|ln|close|cl|drive|dr|crescent|cres|terrace|gardens|gdns|grove|mews|row|rise|"
    "court|ct|square|sq|place|pl|wharf|quay|yard|way|walk|house|tower|towers|point|buildings|mansions|estate|hill|passage"
)
_NOT_OF_A_STREET = (
    "minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|metres?|meters?|yards?|miles?|km|people|steps?|floors?|"
    "of|the|from|to|and|or|at|on|in|for|by|with|a|an|is|was|are|were|my|our|per|cent|percent|am|pm|times?|more|other|"
    "benches|trees|shops|bus|buses|routes?|ways?"
)
_WORD = rf"(?!(?:{_NOT_OF_A_STREET})\b)[^\W\d_][\w'.-]*"
_DWELLING = re.compile(
    rf"\b(?:flat|apartment|apt\.?|maisonette|bedsit|house\s+(?:number|no\.?)|door\s+(?:number|no\.?))\s{{0,3}}"
    rf"(?:(?:number|no\.?|\#)\s{{0,3}})?(?:{_NUMBER}|(?-i:[A-H])\b)",
    re.IGNORECASE,
)
_IN_STREET = re.compile(
    rf"(?<![\w£$€.]){_FIGURES},?\s+(?:{_WORD}\s+){{1,4}}?(?:{_STREET})\b"
    rf"|\b{_WORD_NUMBER},?\s+(?:(?-i:[A-Z])[\w'.-]*\s+){{1,4}}?(?:{_STREET})\b",
    re.IGNORECASE,
)
_LIVES_AT = re.compile(
    rf"\b(?:live[sd]?|living|stay(?:s|ed|ing)?|address\s+is|home\s+is|flat\s+is|house\s+is)\s+(?:at\s+|on\s+|(?=no\b|no\.|number\b|\#))"
    rf"((?:number\s+|no\.?\s*|\#)?{_NUMBER})\b(?!\s+(?:{_NOT_OF_A_STREET})\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    rf"(?:\bnumber\s+|\bnos?\.\s*|\bno\s+(?=\d)|\#\s*){_FIGURES}(?!\d|\s*(?:bus|buses|route|train|tram|line|platform|"
    rf"{_NOT_OF_A_STREET})\b)",
    re.IGNORECASE,
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun"
_BEFORE_A_NAME = re.compile(rf"(?<![\w£$€.:/-])\d{{1,3}}[a-dA-D]?,?\s+(?=[A-Z][a-z'])(?!(?i:{_MONTHS}))[A-Z][\w']*")
_NUMBER_AT_END = re.compile(rf"(?<![\w£$€.:/-])(?:{_NUMBER}),?\s*$", re.IGNORECASE)


_LOOK_BACK = 40  # characters before a street, where its number stands


def find_mail_and_links(plain: str) -> Iterator[Finding]:
    """Yield e-mail addresses (also as ``at gmail dot com``), links, and names on social networks."""
    for mail in _MAIL.finditer(plain):
        yield Finding("email", *mail.span())
    for link in _LINK.finditer(plain):
        yield Finding("link", *link.span(), certain=False)
    for handle in _HANDLE.finditer(plain):
        yield Finding("handle", *handle.span())


def find_postcodes(plain: str) -> Iterator[Finding]:
    """Yield whole British postcodes, also spaced out or with O for 0. A district alone (``E3``) is none."""
    start = 0
    while (match := _POSTCODE.search(plain, start)) is not None:
        start = match.start() + 1
        letters = re.sub(r"[^A-Za-z\d]", "", match.group()).upper()
        for spelled in _spellings(letters) if any(map(str.isdigit, letters)) else ():
            found = uk_postcodes_parsing.parse(spelled)
            if found is not None and f" {found.area} " in _AREAS:
                yield Finding("postcode", *match.span())
                start = match.end()
                break


def _spellings(letters: str) -> Iterator[str]:
    """Yield a postcode as written, and with figures for the letters that look like them where figures must be."""
    figures = str.maketrans("OILS", "0115")
    outward, inward = letters[:-3], letters[-3:]
    inward = inward[0].translate(figures) + inward[1:]
    yield f"{outward} {inward}"
    for place in (1, 2):
        yield f"{outward[:place]}{outward[place:].translate(figures)} {inward}"


def find_house_numbers(plain: str, streets: Iterable[tuple[int, int]] = ()) -> Iterator[Finding]:
    """Yield flats, and house numbers with their street.

    Parameters
    ----------
    plain
        A folded text.
    streets
        Spans of public place names in it: a number before one is a house number, whatever the name.
    """
    for pattern in (_DWELLING, _IN_STREET):
        for house in pattern.finditer(plain):
            yield Finding("address", *house.span())
    for house in _LIVES_AT.finditer(plain):
        yield Finding("address", *house.span(1))
    for pattern in (_NUMBERED, _BEFORE_A_NAME):
        for house in pattern.finditer(plain):
            yield Finding("address", *house.span(), certain=False)
    for start, end in streets:
        before = _NUMBER_AT_END.search(plain, max(0, start - _LOOK_BACK), start)
        if before is not None:
            yield Finding("address", before.start(), end)
