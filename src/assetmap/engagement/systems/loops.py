"""Feedback loops of a system map, and whether each reinforces or balances."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Loop", "Loops", "feedback_loops"]

MOST_LOOPS = 500
_MOST_STEPS = 2_000_000


@dataclass(frozen=True)
class Loop:
    """Factors in the order in which they act on each other; the last acts on the first.

    Parameters
    ----------
    factors
        Their identifiers, the smallest first.
    kind
        ``R`` (reinforcing: the product of the links' signs is +), ``B`` (balancing: -), or ``unknown`` if any sign is.
    """

    factors: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class Loops:
    """The loops of up to so many links, the shortest first."""

    loops: tuple[Loop, ...]
    up_to: int
    """All loops of up to so many links are there; 0 if none could be looked for."""
    complete: bool
    """Whether there can't be a longer one that was left out."""


def feedback_loops(graph: nx.DiGraph, *, at_most: int = MOST_LOOPS) -> Loops:
    """Find the feedback loops of a system map: ways along links that come back to where they start.

    A map of a few dozen factors can have millions of loops. So all are found up to a length for which there are no
    more than `at_most`, and for which looking takes no more than two million steps; that length is told.

    Parameters
    ----------
    graph
        As `influence_graph` returns it.
    at_most
        The most loops that are looked for.
    """
    import networkx as nx

    circles = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
    itself = set(nx.nodes_with_selfloops(graph))
    longest = max((len(part) for part in circles), default=1 if itself else 0)
    core = sorted(itself.union(*circles))
    place = {name: number for number, name in enumerate(core)}
    after = [sorted(place[other] for other in graph.successors(name) if other in place) for name in core]
    found: list[tuple[int, ...]] = []
    up_to = 0
    for length in _lengths(longest):
        try:
            found = list(_bounded_loops(after, length, at_most))
        except _TooManyError:
            break
        up_to = length
    named = [tuple(core[number] for number in loop) for loop in found]
    loops = [Loop(one, _kind(graph, one)) for one in sorted(named, key=lambda one: (len(one), one))]
    return Loops(tuple(loops), up_to, up_to == longest)


class _TooManyError(Exception):
    """There are more loops, or more ways to follow, than are looked for."""


def _lengths(longest: int) -> list[int]:
    """Return the lengths up to which is looked in turn: each of the first, then by halves more."""
    lengths = list(range(1, min(longest, 12) + 1))
    while lengths and lengths[-1] < longest:
        lengths.append(min(longest, lengths[-1] * 3 // 2))
    return lengths


def _bounded_loops(after: list[list[int]], length: int, at_most: int) -> Iterator[tuple[int, ...]]:
    """Give every loop of up to `length` links once, from its first factor in the order.

    Networkx's own search with a bound takes minutes for thousands of factors, as it looks for circles anew after
    each; this one follows only ways that can still come back in time.
    """
    before: list[list[int]] = [[] for _ in after]
    for start, others in enumerate(after):
        for other in others:
            before[other].append(start)
    steps, count = 0, 0
    for first in range(len(after)):
        back = _links_back(before, first, length)
        steps += len(back)
        way, branches = [first], [iter(after[first])]
        while branches:
            steps += 1
            if steps > _MOST_STEPS:
                raise _TooManyError
            step = next(branches[-1], None)
            if step is None:
                branches.pop()
                way.pop()
            elif step == first:
                count += 1
                if count > at_most:
                    raise _TooManyError
                yield tuple(way)
            elif step in back and len(way) + back[step] <= length and step not in way:
                way.append(step)
                branches.append(iter(after[step]))


def _links_back(before: list[list[int]], first: int, length: int) -> dict[int, int]:
    """Return how many links lead back to `first` at least, through later factors alone, where fewer than `length`."""
    back = {first: 0}
    edge = [first]
    for links in range(1, length):
        edge = [one for other in edge for one in before[other] if one > first and back.setdefault(one, links) == links]
        edge = list(dict.fromkeys(edge))
        if not edge:
            break
    return back


def _kind(graph: nx.DiGraph, loop: tuple[str, ...]) -> str:
    ends = zip(loop, (*loop[1:], loop[0]), strict=True)
    product = math.prod(graph.edges[one, other]["sign"] for one, other in ends)
    return {1: "R", -1: "B", 0: "unknown"}[product]
