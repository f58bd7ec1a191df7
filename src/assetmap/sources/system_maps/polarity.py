"""Which sign the words of a link's style give it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["PolarityWords"]

_POSITIVE = ("positive influence", "positive", "+ve", "+", "increases", "same", "s")
_NEGATIVE = ("negative influence", "negative", "-ve", "-", "decreases", "opposite", "o")
_RECIPROCAL = ("reciprocal influence", "reciprocal")
_DASHES = str.maketrans("−–—‐‑", "-----")


def _fold(words: object) -> str:
    return " ".join(str(words).translate(_DASHES).casefold().split())


class PolarityWords:
    """The words that give a link its sign: PRSM's, Kumu's, and a study's own.

    "Reciprocal influence" says that a link goes both ways; it says no sign.

    Parameters
    ----------
    own
        Word -> ``positive``, ``negative`` or ``unknown``; goes before the known words.

    Examples
    --------
    >>> words = PolarityWords({"drives": "positive"})
    >>> words.sign(["Drives"]), words.sign([None, "−ve"]), words.sign(["a link"])
    ('positive', 'negative', 'unknown')
    """

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        known = dict.fromkeys(_POSITIVE, "positive") | dict.fromkeys(_NEGATIVE, "negative")
        self._signs = known | {_fold(word): sign for word, sign in (own or {}).items()}

    def sign(self, words: Iterable[object]) -> str:
        """Return the sign of the first words that have one; unknown if none has."""
        folded = (_fold(word) for word in words if word)
        return next((self._signs[word] for word in folded if word in self._signs), "unknown")

    @staticmethod
    def is_reciprocal(words: object) -> bool:
        """Whether a style says that its links go both ways."""
        return bool(words) and _fold(words) in _RECIPROCAL
