"""An agenda of actions: what is missing in it, what it costs, and how it spreads over levels of change and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pandas as pd

from assetmap.engagement.references import slug_of
from assetmap.schema import ACTION_STATUSES

__all__ = [
    "LEVELS",
    "Finding",
    "actions_by_level",
    "agenda_matrix",
    "check_agenda",
    "read_amount",
    "read_level",
    "read_status",
    "standing",
    "total_cost",
]

LEVELS = {
    "community": "community development",
    "organisation": "organisational development",
    "system": "system change",
}
_STATUS_WORDS = {
    "planned": ("agreed", "plan", "proposed", "not started", "to do", "todo"),
    "under way": ("underway", "in progress", "ongoing", "started", "in hand"),
    "done": ("complete", "completed", "finished", "delivered"),
    "dropped": ("cancelled", "canceled", "abandoned", "stopped", "withdrawn"),
}
_AMOUNT = re.compile(r"\d+(\.\d{1,2})?|\d{1,3}(,\d{3})+(\.\d{1,2})?")


@dataclass(frozen=True)
class Finding:
    """What is missing or wrong in an agenda, and at which actions or priorities."""

    what: str
    at: tuple[str, ...] = ()


def read_amount(text: str) -> Decimal | None:
    """Return an amount of pounds and pence, or None where the text is none.

    Examples
    --------
    >>> read_amount("£4,200.50"), read_amount("about 500"), read_amount("-3")
    (Decimal('4200.50'), None, None)
    """
    plain = re.sub(r"[\s£]|GBP", "", text)
    if not _AMOUNT.fullmatch(plain):
        return None
    try:
        return Decimal(plain.replace(",", ""))
    except InvalidOperation:  # more digits than a sum of money has
        return None


def read_level(text: str) -> str | None:
    """Return the level that words name, or None.

    Examples
    --------
    >>> read_level("Organisational development"), read_level("systems"), read_level("street")
    ('organisation', 'system', None)
    """
    word = text.strip().casefold().replace("z", "s")
    return next((level for level in LEVELS if level[:8] in word), None)


def read_status(text: str) -> str | None:
    """Return the status that words name, or None.

    Examples
    --------
    >>> read_status("In progress"), read_status("under-way"), read_status("Completed"), read_status("soon")
    ('under way', 'under way', 'done', None)
    """
    word = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return next((status for status in ACTION_STATUSES if word == status or word in _STATUS_WORDS[status]), None)


def standing(actions: pd.DataFrame) -> pd.DataFrame:
    """Return the actions that weren't dropped; one whose status isn't known stands."""
    return actions[actions["status"] != "dropped"]


def total_cost(actions: pd.DataFrame) -> Decimal:
    """Return what the actions with a known cost cost together; what was dropped costs nothing."""
    known = standing(actions)["cost"].dropna()
    return sum((Decimal(cost) for cost in known), Decimal(0))


def check_agenda(
    actions: pd.DataFrame, outcomes: pd.DataFrame, *, priorities: Iterable[tuple[str, str]], budget: Decimal | None
) -> list[Finding]:
    """Return what is missing or wrong in an agenda; nothing if all is there.

    Actions that were dropped answer no priority, stand for no level, need no owner and cost nothing.

    Parameters
    ----------
    actions
        One row each: ``action``, ``what``, ``who``, ``cost`` (text of pounds), ``level``, ``priority``, ``evidence``,
        ``status``, ``done_on``; what isn't known is missing.
    outcomes
        One row each: ``outcome``, ``found``, ``measured_on``.
    priorities
        (identifier, words) of the priorities that were voted on.
    budget
        What the actions may cost together, or None.
    """
    live = standing(actions)
    answered = {slug_of(words) for words in live["priority"].dropna()}
    orphans = [words for identity, words in priorities if identity not in answered]
    empty = [words for level, words in LEVELS.items() if not (live["level"] == level).any()]
    found = [
        Finding("priorities that no action answers", tuple(orphans)),
        *(
            Finding(f"actions without {words}", tuple(live.loc[live[column].isna(), "what"]))
            for column, words in (
                ("who", "an owner"),
                ("evidence", "evidence"),
                ("level", "a level"),
                ("cost", "a known cost"),
                ("status", "a status"),
            )
        ),
        *_unlike(actions, outcomes),
        Finding("levels without an action", tuple(empty)),
    ]
    cost = total_cost(actions)
    if budget is not None and cost > budget:
        found.append(
            Finding(f"the actions cost £{cost:,.2f}, £{cost - budget:,.2f} more than the budget of £{budget:,.2f}")
        )
    return [finding for finding in found if finding.at or finding.what.startswith("the actions cost")]


def _unlike(actions: pd.DataFrame, outcomes: pd.DataFrame) -> list[Finding]:
    """Return where a status and what stands beside it don't fit."""
    done, dated = actions["status"] == "done", actions["done_on"].notna()
    costly = (actions["status"] == "dropped") & actions["cost"].notna()
    return [
        Finding("actions that are done, without the day", tuple(actions.loc[done & ~dated, "what"])),
        Finding("actions with the day they were done, and another status", tuple(actions.loc[dated & ~done, "what"])),
        Finding("dropped actions whose cost isn't counted", tuple(actions.loc[costly, "what"])),
        Finding(
            "outcomes with a day of measuring, without what was found",
            tuple(outcomes.loc[outcomes["measured_on"].notna() & outcomes["found"].isna(), "outcome"]),
        ),
    ]


def actions_by_level(actions: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return each level in words and its actions; those without a level come last, if there are any."""
    groups = [(words, actions[actions["level"] == level]) for level, words in LEVELS.items()]
    loose = actions[actions["level"].isna()]
    return groups if loose.empty else [*groups, ("no level given", loose)]


def agenda_matrix(actions: pd.DataFrame) -> pd.DataFrame:
    """Return the blueprint matrix: each action with its evidence, by level; actions without a level come last.

    Returns
    -------
    DataFrame
        ``level`` (in words), ``action``, ``status``, ``owner``, ``cost``, ``evidence``; a level without an action has
        a row too.
    """
    rows: list[tuple[str | None, ...]] = []
    for words, chosen in actions_by_level(actions):
        cells = chosen[["what", "status", "who", "cost", "evidence"]].astype(object)
        rows += [(words, *row) for row in cells.where(cells.notna(), None).to_numpy()]
        if chosen.empty:
            rows.append((words, *[None] * cells.shape[1]))
    return pd.DataFrame(rows, columns=["level", "action", "status", "owner", "cost", "evidence"], dtype=object)
