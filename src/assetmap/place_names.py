"""How alike two names of places are, as people spell them in lists and on maps."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import cache

from assetmap.taxonomy import taxonomy

__all__ = ["name_similarity", "name_words"]

_SAME = {
    "center": "centre",
    "centr": "centre",
    "ctr": "centre",
    "cntr": "centre",
    "comm": "community",
    "commun": "community",
    "cmty": "community",
    "saint": "st",
    "ste": "st",
    "sts": "st",
    "masjid": "mosque",
    "mandir": "temple",
    "theater": "theatre",
    "libraries": "library",
    "lib": "library",
    "assn": "association",
    "assoc": "association",
    "sch": "school",
    "gdn": "garden",
    "gdns": "garden",
    "gardens": "garden",
    "pk": "park",
    "rec": "recreation",
    "rd": "road",
    "hosp": "hospital",
    "surg": "surgery",
}
_SMALL = {"the", "a", "an", "of", "and", "at", "in", "on", "for", "ltd", "limited", "cic", "cio"}
_ALIKE = 0.85  # a word is another with a letter or two changed
_OTHER_NAME_AT_MOST = 0.5
_OTHER_KIND = 0.25


@cache
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name in one spelling, without accents, apostrophes and small words.

    Examples
    --------
    >>> name_words("The St. Bride's & Saint Olave's Comm. Ctr")
    ('st', 'brides', 'st', 'olaves', 'community', 'centre')
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    words = re.findall(r"[^\W_]+", re.sub(r"['’‘`´]", "", plain))
    spelt = [_SAME.get(word, word) for word in words if word not in _SMALL]
    return tuple(spelt or words)


@cache
def _kind_words(category: str) -> frozenset[str]:
    """Return the words that only say what kind of place it is, of all categories of its group."""
    known = taxonomy()
    group = known.categories[category].group
    sayings = [saying for c in known.categories.values() if c.group == group for saying in (*c.words, c.label)]
    return frozenset(word for saying in sayings for word in name_words(saying))


def _shared(mine: set[str], theirs: set[str]) -> int:
    """Return how many words of the smaller set have the like in the other."""
    few, many = sorted((mine, theirs), key=lambda words: (len(words), sorted(words)))
    return sum(
        any(word == other or SequenceMatcher(None, word, other).ratio() >= _ALIKE for other in many) for word in few
    )


@cache
def name_similarity(mine: str, theirs: str, category: str) -> float:
    """Return how alike two names are, 0 to 1.

    The words that tell places of one kind apart count most: two names that share none of them are at most
    half alike, however much "community centre" they share; and two that name different kinds of place ("youth
    club", "social club") are a quarter less alike.

    Parameters
    ----------
    mine, theirs
        The names.
    category
        The places' category, whose own words tell nothing.

    Examples
    --------
    >>> name_similarity("Tidewell Community Ctr", "The Tidewell Community Centre", "community_centre")
    1.0
    >>> name_similarity("Saltern Community Centre", "Netmakers Community Centre", "community_centre")
    0.5
    """
    a, b = sorted((name_words(mine), name_words(theirs)))  # the matcher isn't symmetric
    if not a or not b:
        return 0.0
    whole = SequenceMatcher(None, " ".join(sorted(a)), " ".join(sorted(b))).ratio()
    if whole == 1.0 or "".join(a) == "".join(b):
        return 1.0
    plain = _kind_words(category)
    telling_a, telling_b = set(a) - plain, set(b) - plain
    if not telling_a or not telling_b:
        return whole
    shared = _shared(telling_a, telling_b)
    if shared == 0:
        return min(whole, _OTHER_NAME_AT_MOST)
    alike = 0.7 * shared / min(len(telling_a), len(telling_b)) + 0.3 * whole
    kind_a, kind_b = set(a) & plain, set(b) & plain
    if kind_a - kind_b and kind_b - kind_a:
        alike -= _OTHER_KIND
    return round(min(1.0, alike), 4)
