"""You said, we did: what each priority rests on, what was agreed and done about it, and what came of that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from assetmap.engagement.chain import Chain, Step
from assetmap.schema import empty_frame, validate_table

__all__ = ["Answers", "answers_of"]


class Answers(NamedTuple):
    """What residents are told of their priorities."""

    priorities: pd.DataFrame
    """Table ``answers``: a row for each, those that the most marks stand behind first."""
    lines: pd.DataFrame
    """Table ``answer_lines``: what was said, agreed, done and found, thing by thing."""


def answers_of(chain: Chain, may_count: Collection[str]) -> Answers:
    """Return what there is to tell of each priority of a chain.

    An action is told as its status has it, ``unknown`` where it has none: what is planned isn't told as done. An
    outcome is ``found`` only where somebody has measured it afterwards; else it is ``expected``, if an action that
    wasn't dropped leads to it, and otherwise not told.

    Parameters
    ----------
    chain
        The study's.
    may_count
        Ids of the marks and stories that may be counted.

    Examples
    --------
    >>> from assetmap.engagement.chain import ChainPart
    >>> part = ChainPart.of(
    ...     [
    ...         ("mark:S1:1", "theme:youth", "coded as", "codes.csv"),
    ...         ("theme:youth", "priority:youth", "ranked as", "votes.csv"),
    ...         ("action:1", "priority:youth", "answers", "actions.csv"),
    ...     ],
    ...     [
    ...         ("mark:S1:1", "no room", "S1"),
    ...         ("theme:youth", "No room for young people", "codes.csv"),
    ...         ("priority:youth", "A place for young people", "votes.csv"),
    ...         ("action:1", "Open the closed hall", "actions.csv"),
    ...     ],
    ...     {"action:1": ("planned", "2027-06")},
    ... )
    >>> answers_of(Chain(part), {"S1:1"}).lines[["part", "words", "day"]].values.tolist()
    [['said', 'No room for young people', nan], ['planned', 'Open the closed hall', '2027-06']]
    """
    rows, lines = [], []
    for ref in chain.items:
        if ref.startswith("priority:"):
            path = chain.path(ref)
            said = [step for step in path if step.ref.kind in ("mark", "story") and step.ref.identifier in may_count]
            places = [step.ref.identifier for step in path if step.ref.kind == "asset"]
            rows.append((ref, chain.named(ref)[0], len(said), "\n".join(places)))
            lines += [(ref, str(step.ref), part, step.label, step.day) for step, part in _told(chain, path)]
    priorities = _checked("answers", rows).sort_values(["marks", "ref"], ascending=[False, True], ignore_index=True)
    return Answers(priorities, _checked("answer_lines", lines))


def _told(chain: Chain, path: Iterable[Step]) -> Iterator[tuple[Step, str]]:
    """Give the themes, actions and outcomes of a path with what each is told as."""
    steps = list(path)
    actions = [step for step in steps if step.ref.kind == "action"]
    ahead = {str(step.ref) for action in actions if action.state != "dropped" for step in chain.path(str(action.ref))}
    yield from ((step, "said") for step in steps if step.ref.kind == "theme")
    yield from ((step, step.state or "unknown") for step in actions)
    for step in steps:
        if step.ref.kind == "outcome" and (step.state or str(step.ref) in ahead):
            yield step, "found" if step.state else "expected"


def _checked(name: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    empty: pd.DataFrame = empty_frame(name, None)
    table = pd.DataFrame(rows, columns=list(empty.columns)).astype(empty.dtypes.to_dict())
    checked: pd.DataFrame = validate_table(table, name)
    return checked
