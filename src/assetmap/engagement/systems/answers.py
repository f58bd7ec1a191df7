"""What a system map says, in plain words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from assetmap.engagement.systems.factors import EXACT_FACTORS, PIVOTS, factor_measures
from assetmap.engagement.systems.graph import influence_graph
from assetmap.engagement.systems.loops import Loops, feedback_loops

__all__ = ["QUESTIONS", "Answer", "answer_question", "loop_words"]

QUESTIONS = {
    "start": "Where could one start?",
    "bottleneck": "What does much have to pass through?",
    "loops": "Where does it feed back?",
}
_SHOWN = 5
_LOOP_KINDS = {
    "R": "reinforcing: a change comes back as more of the same",
    "B": "balancing: a change comes back against itself",
    "unknown": "not known: a link in it has no sign",
}


@dataclass(frozen=True)
class Answer:
    """An answer in sentences, with the rows that it rests on."""

    question: str
    sentences: tuple[str, ...]
    rows: tuple[dict[str, Any], ...] = field(default=())


def answer_question(
    question: str, factors: pd.DataFrame, links: pd.DataFrame, *, measures: pd.DataFrame | None = None
) -> Answer:
    """Answer one of `QUESTIONS` from a system map.

    ``start`` names the factors that reach the most others, and of those alike the ones with the most leverage (what
    nothing drives first); ``bottleneck`` those with the highest betweenness; ``loops`` the feedback loops.

    Parameters
    ----------
    question
        A key of `QUESTIONS`.
    factors, links
        Tables ``factors`` and ``system_links`` of `schema.py`.
    measures
        What `factor_measures` has found, if it was asked before: for thousands of factors it takes seconds.
    """
    if question == "loops":
        return _loops(factors, links)
    if measures is None:
        measures = factor_measures(factors, links)
    return _start(measures) if question == "start" else _bottleneck(measures)


def _rows(measures: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    plain = measures.reset_index().astype(object)
    return tuple({str(k): v for k, v in row.items()} for row in plain.where(plain.notna(), None).to_dict("records"))


def _start(measures: pd.DataFrame) -> Answer:
    acting = measures[measures["out_degree"] > 0].assign(free=lambda table: table["leverage"].isna())
    best = acting.sort_values(["downstream", "free", "leverage"], ascending=False, kind="stable").head(_SHOWN)
    if best.empty:
        return Answer("start", ("No factor acts on another, so there is nowhere to start from.",))
    others = len(measures) - 1
    sentences = []
    for row in best.itertuples():
        held = "nothing in the map drives it" if row.in_degree == 0 else f"{row.in_degree} drive it"
        sentences.append(
            f"{row.label}: a change here can reach {row.downstream} of the {others} other factors; "
            f"it drives {row.out_degree} directly, and {held}."
        )
    return Answer("start", tuple(sentences), _rows(best.drop(columns="free")))


def _bottleneck(measures: pd.DataFrame) -> Answer:
    best = measures[measures["betweenness"] > 0].sort_values("betweenness", ascending=False, kind="stable").head(_SHOWN)
    if best.empty:
        return Answer("bottleneck", ("No factor lies between two others.",))
    sentences = [
        f"{row.label}: {row.betweenness:.0%} of the shortest ways between two other factors pass through it."
        for row in best.itertuples()
    ]
    if len(measures) > EXACT_FACTORS:
        sentences.append(
            f"The map has {len(measures):,} factors: these shares are estimated from {PIVOTS} of them as starts."
        )
    return Answer("bottleneck", tuple(sentences), _rows(best))


def _loops(factors: pd.DataFrame, links: pd.DataFrame) -> Answer:
    found = feedback_loops(influence_graph(factors, links))
    labels = dict(zip(factors["factor_id"], factors["label"], strict=True))
    words = [loop_words(loop.factors, loop.kind, labels) for loop in found.loops]
    rows = tuple({"factors": list(loop.factors), "kind": loop.kind} for loop in found.loops)
    return Answer("loops", (_how_many(found), *words), rows)


def _how_many(found: Loops) -> str:
    if found.complete and not found.loops:
        return "There is no feedback loop."
    kinds = {kind: sum(loop.kind == kind for loop in found.loops) for kind in _LOOP_KINDS}
    count = (
        f"{len(found.loops)} feedback loop(s): {kinds['R']} reinforcing (R), {kinds['B']} balancing (B), "
        f"{kinds['unknown']} of which the sign isn't known."
    )
    if found.complete:
        return count
    return f"{count} These are all of up to {found.up_to} links; there are too many longer ones to look for."


def loop_words(factors: tuple[str, ...], kind: str, labels: dict[str, str]) -> str:
    """Return a loop as a sentence.

    Examples
    --------
    >>> loop_words(("a", "b"), "R", {"a": "Trust", "b": "Turnout"})
    'R: Trust → Turnout → Trust (reinforcing: a change comes back as more of the same).'
    """
    way = " → ".join(labels[name] for name in (*factors, factors[0]))
    return f"{'?' if kind == 'unknown' else kind}: {way} ({_LOOP_KINDS[kind]})."
