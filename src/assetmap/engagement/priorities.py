"""Priorities: votes counted by a rule that is named, with ties told and nothing lost between the parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from assetmap.engagement.chain import ChainPart
from assetmap.errors import UsageError

__all__ = ["RULES", "Ranking", "rank_priorities", "votes_part"]

RULES = ("plurality", "approval", "borda")
_RULE_OF_TALLIES = "borda"


@dataclass(frozen=True)
class Ranking:
    """Priorities in order."""

    table: pd.DataFrame
    """``part`` (a session or place; empty for all), ``priority``, ``name``, ``score``, ``rank`` (tied ones share the
    better one: 1, 2, 2, 4) and ``tied``."""
    rule: str
    ballots: int
    spoiled: tuple[str, ...]
    """Ballots that the rule can't count: with two first choices, for plurality."""
    uncounted: int
    """Votes that were written down as sums and so have no order, for Borda."""

    def ties(self) -> list[tuple[str, ...]]:
        """Return the priorities that are tied with each other, over all."""
        whole = self.table[(self.table["part"] == "") & self.table["tied"]]
        return [tuple(rows) for _, rows in whole.groupby("rank")["priority"]]


def rank_priorities(votes: pd.DataFrame, rule: str, *, by: str | None = None) -> Ranking:
    """Count votes by a rule.

    - ``plurality``: each ballot gives one point to its first choice. A ballot of a single tick has one.
    - ``approval``: each ballot gives one point, or the dots that it spent, to each priority on it.
    - ``borda``: of m priorities the first gets m - 1 points, the next m - 2 and so on; those that share a rank, and
      those that aren't on the ballot, share their points equally, so that each ballot gives m (m - 1) / 2.

    Source: Emerson (2013), The original Borda count and partial voting, Social Choice and Welfare 40(2), 353-358,
    for what a partial ballot may be given; the equal sharing here is the "average" rule that keeps the sum.

    Parameters
    ----------
    votes
        ``ballot`` (null where the votes are a sum), ``priority``, ``name``, ``rank`` (1 is best; null where ticked),
        ``votes`` (points or a sum; null is one), ``session``, ``place``.
    rule
        One of `RULES`.
    by
        ``session`` or ``place``: rank within each of them as well.

    Raises
    ------
    UsageError
        If the rule isn't one of these, nothing was voted on, or no vote can be counted by it.

    Examples
    --------
    >>> rows = [("b1", "a", 1), ("b1", "b", 2), ("b2", "b", 1), ("b2", "a", 2), ("b3", "b", 1)]
    >>> votes = pd.DataFrame(rows, columns=["ballot", "priority", "rank"]).assign(
    ...     name=lambda f: f["priority"], votes=None, session=None, place=None
    ... )
    >>> rank_priorities(votes, "borda").table[["priority", "score", "rank"]].values.tolist()
    [['b', 2.0, 1], ['a', 1.0, 2]]
    """
    if rule not in RULES:
        raise UsageError(f"{rule!r} is no rule: use one of {', '.join(RULES)}.")
    if votes.empty:
        raise UsageError("nothing has been voted on yet: import votes with `assetmap priorities import`.")
    names = dict(zip(votes["priority"], votes["name"], strict=True))
    sums = votes["ballot"].isna()
    points, spoiled = _points(votes[~sums], rule, list(names))
    if rule != _RULE_OF_TALLIES:
        points += [_Point(row.session, row.place, row.priority, _number(row.votes)) for row in _rows(votes[sums])]
    if not points:
        raise UsageError(f"no vote has what {rule} counts by: rank by {' or '.join(r for r in RULES if r != rule)}.")
    parts = [("", points)]
    if by:
        parts += [
            (str(value), [point for point in points if getattr(point, by) == value])
            for value in sorted(votes[by].dropna().unique())
        ]
        if votes[by].isna().any():
            parts.append((f"no {by} told", [point for point in points if pd.isna(getattr(point, by))]))
    tables = [_ordered(part, own, names) for part, own in parts]
    return Ranking(
        pd.concat(tables, ignore_index=True),
        rule,
        int(votes["ballot"].nunique()),
        tuple(spoiled),
        int((sums & (votes["votes"] != 0)).sum()) if rule == _RULE_OF_TALLIES else 0,
    )


@dataclass(frozen=True)
class _Point:
    session: Any
    place: Any
    priority: str
    score: Fraction


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    yield from frame.itertuples(index=False)


def _number(value: Any) -> Fraction:
    return Fraction(1) if pd.isna(value) else Fraction(str(value))


def _points(votes: pd.DataFrame, rule: str, priorities: list[str]) -> tuple[list[_Point], list[str]]:
    points: list[_Point] = []
    spoiled: list[str] = []
    for ballot, rows in votes.groupby("ballot", sort=True):
        given = {"plurality": _first, "approval": _each, "borda": _shared}[rule](rows, priorities)
        if given is None:
            spoiled.append(str(ballot))
            continue
        session, place = rows["session"].iloc[0], rows["place"].iloc[0]
        points += [_Point(session, place, priority, score) for priority, score in given.items()]
    return points, spoiled


Given = dict[str, Fraction] | None


def _first(rows: pd.DataFrame, _: list[str]) -> Given:
    ranks = pd.to_numeric(rows["rank"])
    best = rows[ranks == ranks.min()] if ranks.notna().any() else rows
    return {best["priority"].iloc[0]: Fraction(1)} if len(best) == 1 else None


def _each(rows: pd.DataFrame, _: list[str]) -> Given:
    return {row.priority: _number(row.votes) for row in _rows(rows)}


def _shared(rows: pd.DataFrame, priorities: list[str]) -> Given:
    """Share the points m - 1, m - 2 … 0 in the ballot's order, equally among those that it doesn't part."""
    ranks = dict(zip(rows["priority"], pd.to_numeric(rows["rank"]), strict=True))
    places: dict[tuple[int, float], list[str]] = {}
    for priority in priorities:
        if priority not in ranks:
            key = (2, 0.0)
        else:
            key = (1, 0.0) if pd.isna(ranks[priority]) else (0, float(ranks[priority]))
        places.setdefault(key, []).append(priority)
    left, given = len(priorities), {}
    for key in sorted(places):
        alike = places[key]
        share = Fraction(sum(range(left - len(alike), left)), len(alike))
        given.update(dict.fromkeys(alike, share))
        left -= len(alike)
    return given


def _ordered(part: str, points: list[_Point], names: dict[str, str]) -> pd.DataFrame:
    scores = dict.fromkeys(names, Fraction(0))
    for point in points:
        scores[point.priority] += point.score
    rows = [
        (part, priority, names[priority], float(score), 1 + sum(other > score for other in scores.values()))
        for priority, score in scores.items()
    ]
    table = pd.DataFrame(rows, columns=["part", "priority", "name", "score", "rank"])
    table["tied"] = table["rank"].duplicated(keep=False)
    return table.sort_values(["rank", "priority"], ignore_index=True)


def votes_part(votes: pd.DataFrame, ranks: dict[str, str], source: str) -> ChainPart:
    """Return the chain's part of the votes: each theme ``ranked as`` a priority, whose state is its place.

    Parameters
    ----------
    votes
        ``priority``, ``name``, ``theme`` (its slug).
    ranks
        Priority -> its place in words, such as ``ranked 2 of 3 by borda``, where an order was decided on.
    source
        The file of the votes.
    """
    links, items = [], []
    for row in _rows(votes[["priority", "name", "theme"]].drop_duplicates()):
        links.append((f"theme:{row.theme}", f"priority:{row.priority}", "ranked as", source))
        items.append((f"priority:{row.priority}", row.name, source))
    return ChainPart.of(links, items, {f"priority:{name}": (said, None) for name, said in ranks.items()})
