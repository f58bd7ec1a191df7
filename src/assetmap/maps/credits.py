"""Whose data a map draws: the short line that stands on the map."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["short_credits"]

_LICENCE = re.compile(r",?\s*licensed under the Open Government Licence v3\.0", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=\w{3})\.\s+")


def short_credits(attributions: Iterable[str]) -> tuple[str, ...]:
    """Return who has to be named for a map, each once, in the order in which they come.

    An attribution's sentences stand apart, without "Source:" and the words on the Open Government Licence: these
    stand in the list of sources, which the map's line links to. A name isn't repeated where another says more of it.

    Parameters
    ----------
    attributions
        What each source asks to be named by; an empty one names nobody.

    Examples
    --------
    >>> short_credits([
    ...     "Source: Office for National Statistics licensed under the Open Government Licence v3.0. Contains OS data.",
    ...     "Contains OS data.",
    ...     "Source: Office for National Statistics, Census 2021, licensed under the Open Government Licence v3.0.",
    ... ])
    ('Contains OS data', 'Office for National Statistics, Census 2021')
    """
    sentences = (
        sentence.strip(" .").removeprefix("Source: ")
        for attribution in attributions
        for sentence in _SENTENCE_END.split(_LICENCE.sub("", attribution))
    )
    named = dict.fromkeys(filter(None, sentences))
    return tuple(name for name in named if not any(other.startswith(f"{name},") for other in named))
