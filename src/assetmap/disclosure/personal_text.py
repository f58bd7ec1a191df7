"""Free text searched for what tells of a person, without a network, and the same text with that left out."""

from __future__ import annotations

from collections.abc import Iterable

from assetmap.disclosure.findings import KINDS, Finding, merge_findings
from assetmap.disclosure.folded_text import fold_text
from assetmap.disclosure.personal_addresses import find_house_numbers, find_mail_and_links, find_postcodes
from assetmap.disclosure.personal_names import KnownPlaces, find_names, find_places, find_unread, public_places
from assetmap.disclosure.personal_numbers import find_numbers

__all__ = ["KINDS", "Finding", "KnownPlaces", "find_personal", "public_places", "redact"]

NO_PLACES = KnownPlaces({})
_WORDS = {
    "nhs_number": "[NHS number]",
    "birth_date": "[date of birth]",
    "plate": "[number plate]",
    "unread": "[words to be read]",
}


def find_personal(text: str | None, places: KnownPlaces = NO_PLACES) -> tuple[Finding, ...]:
    """Return what in a text tells of a person, in order, without overlaps.

    Disguises are seen through where they are usual: digits of other scripts, wide letters, invisible characters,
    line breaks, numbers spelled, spaced or with ``o`` for 0, ``at gmail dot com``.

    Parameters
    ----------
    text
        A resident's words; None has no findings.
    places
        Names of public places (`public_places`), which aren't taken for people's.

    Returns
    -------
    tuple of Finding
        Kinds are those of `KINDS`. A finding that isn't ``certain`` needs a person to decide. Where there is
        none, the text may still tell of a person in words that no rule knows.

    Examples
    --------
    >>> [(f.kind, f.certain) for f in find_personal("Ask Maureen Pike, 07700 900123")]
    [('name', True), ('phone', True)]
    >>> find_personal("Herons in Victoria Park", public_places(["Victoria Park"]))
    ()
    """
    if not isinstance(text, str) or not text.strip():
        return ()
    folded = fold_text(text)
    plain = folded.plain
    found = [
        *find_numbers(plain),
        *find_mail_and_links(plain),
        *find_postcodes(plain),
        *find_house_numbers(plain, find_places(folded, places)),
        *find_names(folded, text, places),
        *find_unread(plain),
    ]
    spans = [(finding, folded.original(finding.start, finding.end)) for finding in found]
    return merge_findings(finding._replace(start=start, end=end) for finding, (start, end) in spans)


def redact(text: str, findings: Iterable[Finding]) -> str:
    """Return the text with each finding replaced by its kind in brackets.

    Examples
    --------
    >>> said = "Ask Maureen Pike, 07700 900123"
    >>> redact(said, find_personal(said))
    'Ask [name], [phone]'
    """
    parts: list[str] = []
    place = 0
    for finding in merge_findings(findings):
        parts += [text[place : finding.start], _WORDS.get(finding.kind, f"[{finding.kind}]")]
        place = finding.end
    return "".join([*parts, text[place:]])
