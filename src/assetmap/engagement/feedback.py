"""You said, we did: what each priority rests on, what was done about it, and what came of that."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from assetmap.engagement.chain import Chain
from assetmap.schema import empty_frame, validate_table

__all__ = ["answers_of"]


def answers_of(chain: Chain, may_count: Collection[str]) -> pd.DataFrame:
    """Return a row for each priority of a chain, those that the most marks stand behind first.

    Parameters
    ----------
    chain
        The study's.
    may_count
        Ids of the marks and stories that may be counted.

    Returns
    -------
    DataFrame
        Table ``answers``. Several things in one cell stand on lines of their own.

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
    ... )
    >>> answers_of(Chain(part), {"S1:1"})[["priority", "said", "did"]].iloc[0].tolist()
    ['A place for young people', 'No room for young people', 'Open the closed hall']
    """
    rows = []
    for ref in chain.items:
        if ref.startswith("priority:"):
            path = chain.path(ref)
            told = {
                kind: [step for step in path if step.ref.kind == kind]
                for kind in ("mark", "story", "theme", "asset", "action", "outcome")
            }
            said = [step for step in (*told["mark"], *told["story"]) if step.ref.identifier in may_count]
            rows.append(
                (
                    ref,
                    chain.named(ref)[0],
                    "\n".join(step.label for step in told["theme"]),
                    len(said),
                    "\n".join(step.ref.identifier for step in told["asset"]),
                    *("\n".join(step.label for step in told[kind]) for kind in ("action", "outcome")),
                )
            )
    empty: pd.DataFrame = empty_frame("answers", None)
    table = pd.DataFrame(rows, columns=list(empty.columns)).astype(empty.dtypes.to_dict())
    ordered = table.sort_values(["marks", "ref"], ascending=[False, True], ignore_index=True)
    checked: pd.DataFrame = validate_table(ordered, "answers")
    return checked
