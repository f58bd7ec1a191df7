"""How far reviewers agree, and what can be taken in of what they said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from assetmap.kiosk.review.decisions import Decision, Review
from assetmap.measures.agreement import Agreement, cohen_kappa

__all__ = ["Comparison", "Settled", "compare_reviews", "settle_reviews"]

_CHOSEN = ("theme", "sentiment", "consent")


@dataclass(frozen=True)
class Comparison:
    """Two reviews of the same marks."""

    reviewers: tuple[str, str]
    fields: Mapping[str, Agreement]
    """``decision`` on the marks that both decided; ``theme``, ``sentiment``, ``consent`` on those that both keep."""
    texts: tuple[int, int]
    """Of the marks that both keep and one at least has words for: on how many both have the same words, of how many.

    Capitals and spaces don't count.
    """
    differ: tuple[str, ...]
    """The marks on which they differ in anything."""


@dataclass(frozen=True)
class Settled:
    """What all reviewers who decided a mark said alike."""

    decisions: Mapping[str, tuple[Decision, str]]
    """Mark -> what was decided, and by whom."""
    differ: tuple[str, ...]
    """The marks on which they differ; nothing is taken in of these."""


def compare_reviews(first: Review, second: Review) -> Comparison:
    """Compare two reviews on the marks that both have decided."""
    both = sorted(first.decisions.keys() & second.decisions.keys())
    pairs = [(first.decisions[mark], second.decisions[mark]) for mark in both]
    kept = [(a, b) for a, b in pairs if "reject" not in (a.decision, b.decision)]
    fields = {"decision": cohen_kappa([a.decision for a, _ in pairs], [b.decision for _, b in pairs])}
    for name in _CHOSEN:
        fields[name] = cohen_kappa([getattr(a, name) for a, _ in kept], [getattr(b, name) for _, b in kept])
    worded = [_words(a) == _words(b) for a, b in kept if a.text or b.text]
    differ = tuple(a.mark for a, b in pairs if not _alike(a, b))
    return Comparison((first.reviewer, second.reviewer), fields, (sum(worded), len(worded)), differ)


def settle_reviews(reviews: Sequence[Review]) -> Settled:
    """Return what can be taken in: a mark that one reviewer decided, or on which all say the same.

    Of words that differ in capitals and spaces alone the first reviewer's are taken.
    """
    said: dict[str, list[tuple[Decision, str]]] = {}
    for review in reviews:
        for mark, decision in review.decisions.items():
            said.setdefault(mark, []).append((decision, review.reviewer))
    differ = {
        mark for mark, all_said in said.items() if any(not _alike(a[0], b[0]) for a, b in combinations(all_said, 2))
    }
    agreed = {
        mark: (all_said[0][0], ", ".join(by for _, by in all_said))
        for mark, all_said in said.items()
        if mark not in differ
    }
    return Settled(agreed, tuple(sorted(differ)))


def _alike(a: Decision, b: Decision) -> bool:
    if a.decision == b.decision == "reject":
        return True
    return replace(a, text="") == replace(b, text="") and _words(a) == _words(b)


def _words(said: Decision) -> str:
    return " ".join(said.text.casefold().split())
