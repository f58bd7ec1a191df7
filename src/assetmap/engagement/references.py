"""References: how everything that can stand in the chain is named, as ``kind:id``."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from assetmap.errors import InputError

__all__ = ["KINDS", "Reference", "make_reference", "parse_reference", "slug_of"]

KINDS: dict[str, tuple[str, str]] = {
    "mark": ("mark", "marks"),
    "session": ("session", "sessions"),
    "walk": ("walk", "walks"),
    "story": ("story", "stories"),
    "theme": ("theme", "themes"),
    "factor": ("factor", "factors"),
    "asset": ("asset", "assets"),
    "priority": ("priority", "priorities"),
    "action": ("action", "actions"),
    "outcome": ("outcome", "outcomes"),
    "figure": ("figure", "figures"),
}
"""Kind of a thing -> its name, one and several. A figure is a column or a figure that the study computes."""

_LONGEST = 200


class Reference(NamedTuple):
    """What names one thing: its kind and its identifier within the kind.

    Examples
    --------
    >>> str(Reference("theme", "young-people"))
    'theme:young-people'
    """

    kind: str
    identifier: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.identifier}"


def parse_reference(text: str) -> Reference:
    """Read a reference; the identifier may hold colons itself.

    Raises
    ------
    InputError
        If it has no kind, one that isn't known, or no identifier.

    Examples
    --------
    >>> parse_reference("mark:S1:5")
    Reference(kind='mark', identifier='S1:5')
    """
    kind, _, identifier = text.strip().partition(":")
    if kind not in KINDS:
        raise InputError(f"{text!r} is no reference: write kind:id, where kind is one of {', '.join(KINDS)}.")
    return make_reference(kind, identifier)


def make_reference(kind: str, identifier: str) -> Reference:
    """Return the reference of a thing of a known kind.

    Raises
    ------
    InputError
        If the identifier is empty, too long, or has letters that can't be printed.
    """
    identifier = identifier.strip()
    if not identifier or len(identifier) > _LONGEST or not identifier.isprintable():
        raise InputError(f"{identifier[:_LONGEST]!r} can't name a {kind}: give 1 to {_LONGEST} letters on one line.")
    return Reference(kind, identifier)


def slug_of(words: str) -> str:
    """Return the identifier that words go by: small letters of any script and digits, with hyphens between.

    The same theme written with other capitals, spaces or marks has the same slug.

    Raises
    ------
    InputError
        If the words hold neither a letter nor a digit.

    Examples
    --------
    >>> slug_of("  Young people: nowhere to go! ")
    'young-people-nowhere-to-go'
    >>> slug_of("Miejsca dla Młodych") == slug_of("miejsca dla młodych")
    True
    """
    folded = unicodedata.normalize("NFKC", words).casefold()
    letters = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in folded)
    slug = "-".join(letters.split())[:_LONGEST].rstrip("-")
    if not slug:
        raise InputError(f"{words[:_LONGEST]!r} has neither a letter nor a digit: give it a name in words.")
    return slug
