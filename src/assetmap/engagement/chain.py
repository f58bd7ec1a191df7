"""The chain from what was said to what was done: marks, themes, priorities, actions, outcomes, and back."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from assetmap.engagement.references import KINDS, Reference, parse_reference
from assetmap.errors import UsageError
from assetmap.schema import empty_frame, validate_table

__all__ = ["STAGES", "Chain", "ChainPart", "Gap", "Step", "join_parts"]

STAGES = ("mark", "story", "theme", "priority", "action", "outcome", "figure")
"""The chain's own kinds, from what was said to what is counted. Sessions, walks, factors and assets go along."""

_ALONG = tuple(kind for kind in KINDS if kind not in STAGES)
_TO_COME = ("planned", "under way", None)
_ORDER = {kind: place for place, kind in enumerate(("session", "walk", *STAGES[:3], "factor", "asset", *STAGES[3:]))}


@dataclass(frozen=True)
class ChainPart:
    """What one module knows of the chain."""

    links: pd.DataFrame
    """Table ``links``."""
    items: pd.DataFrame
    """Table ``items``: every thing that the module has, also those that nothing is tied to."""

    @classmethod
    def of(
        cls,
        links: Iterable[tuple[str, str, str, str]],
        items: Iterable[tuple[str, str, str]],
        states: Mapping[str, tuple[str | None, str | None]] = MappingProxyType({}),
    ) -> ChainPart:
        """Make a part of rows in the order of the columns of the two tables; states are (state, day) by reference."""
        return cls(
            _table("links", links), _table("items", [(*row, *states.get(row[0], (None, None))) for row in items])
        )


def _table(name: str, rows: Iterable[tuple[str | None, ...]]) -> pd.DataFrame:
    empty: pd.DataFrame = empty_frame(name, None)
    given = list(rows)
    if not given:  # as most parts of most studies are, and such a table needs no check
        return empty
    filled = pd.DataFrame(given, columns=list(empty.columns), dtype="str")
    if name == "items":
        filled = filled.drop_duplicates("ref", ignore_index=True)
    checked: pd.DataFrame = validate_table(filled.drop_duplicates(ignore_index=True), name)
    return checked


@dataclass(frozen=True)
class Step:
    """One thing on a path, with the links that tie it to things on the path before it."""

    ref: Reference
    label: str
    source: str
    ties: tuple[tuple[str, str, str], ...]
    """(relation, the other thing's reference, source of the link)."""
    state: str | None = None
    """Of an action its status, of an outcome ``measured``, of a priority its place; None where that isn't known."""
    day: str | None = None
    """ISO day, month or year by which it is to be done, or of when it was done or measured."""

    @property
    def told(self) -> str:
        """Its state and day in words; empty where neither is known."""
        link = "by" if self.state in _TO_COME else "on"
        return " ".join(filter(None, (self.state, f"{link} {self.day}" if self.day else "")))


@dataclass(frozen=True)
class Gap:
    """What is missing in the chain, and at which things."""

    what: str
    refs: tuple[str, ...]


class Chain:
    """All things and the links between them.

    Parameters
    ----------
    part
        The joined tables, as `join_parts` gives them.

    Examples
    --------
    >>> part = ChainPart.of(
    ...     [("mark:S1:1", "theme:youth", "coded as", "c"), ("theme:youth", "priority:youth", "ranked as", "v")],
    ...     [("mark:S1:1", "no room", "marks"), ("theme:youth", "Youth", "codes"), ("priority:youth", "Youth", "v")],
    ... )
    >>> [str(step.ref) for step in Chain(part).path("priority:youth")]
    ['mark:S1:1', 'theme:youth', 'priority:youth']
    >>> [gap.what for gap in Chain(part).gaps()]
    ['priorities that no action answers']
    """

    def __init__(self, part: ChainPart) -> None:
        import networkx as nx  # a build loads this module for its parts and never walks a chain

        self.part = part
        things = part.items.astype(object).where(part.items.notna(), None)
        self.items: dict[str, tuple[str, str]] = {}
        self._states: dict[str, tuple[str | None, str | None]] = {}
        for ref, label, source, state, day in things.itertuples(index=False):
            self.items[ref], self._states[ref] = (label, source), (state, day)
        self._links: list[tuple[str, str, str, str]] = list(part.links.itertuples(index=False, name=None))
        self._kind = {ref: parse_reference(ref).kind for ref in self._refs()}
        self._forward, self._along = nx.DiGraph(), nx.Graph()
        self._forward.add_nodes_from(ref for ref, kind in self._kind.items() if kind in STAGES)
        self._along.add_nodes_from(self._kind)
        for start, end, *_ in self._links:
            self._tie(start, end)

    def _refs(self) -> Iterator[str]:
        yield from self.items
        for start, end, *_ in self._links:
            yield from (start, end)

    def _tie(self, start: str, end: str) -> None:
        """Put a link where it is walked: between stages from what was said onwards, whichever end it was told from."""
        kinds = self._kind[start], self._kind[end]
        if any(kind in _ALONG for kind in kinds):
            self._along.add_edge(start, end)
        elif STAGES.index(kinds[0]) <= STAGES.index(kinds[1]):
            self._forward.add_edge(start, end)
        else:
            self._forward.add_edge(end, start)

    def path(self, ref: str) -> list[Step]:
        """Return everything that a thing rests on and that came of it, from what was said to what is counted.

        From a theme that is all its marks, and the priorities, actions and outcomes that followed; the other themes
        of the same action aren't on its path. Sessions, walks, factors and assets stand beside what they are tied to;
        from one of them the path goes on from each of those.

        Raises
        ------
        UsageError
            If nothing has that reference.
        """
        import networkx as nx

        if ref not in self._kind:
            near = difflib.get_close_matches(ref, self._kind, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise UsageError(f"nothing in the chain is called {ref}: see the list without --of.{hint}")
        starts = [ref] if self._kind[ref] in STAGES else self._beside(ref)
        found = {ref, *starts}
        for start in starts:
            if start in self._forward:
                found |= nx.descendants(self._forward, start) | nx.ancestors(self._forward, start)
        beside = {other for one in found for other in self._along[one] if self._kind[other] in _ALONG}
        return self._steps(found | beside)

    def _beside(self, ref: str) -> list[str]:
        """Return what a thing outside the stages is tied to; a factor's asset and an asset's factor lead on as well."""
        near = set(self._along[ref])
        further = {end for one in near if self._kind[one] in _ALONG for end in self._along[one]}
        return sorted(near | {end for end in further if self._kind[end] in STAGES})

    def _steps(self, refs: set[str]) -> list[Step]:
        ordered = sorted(refs, key=lambda ref: (_ORDER[self._kind[ref]], ref))
        place = {ref: n for n, ref in enumerate(ordered)}
        ties: dict[str, list[tuple[str, str, str]]] = {ref: [] for ref in ordered}
        for start, end, relation, source in self._links:
            if start in place and end in place:
                ties[start].append((relation, end, source))
        return [
            Step(parse_reference(ref), *self.named(ref), tuple(sorted(ties[ref])), *self._states.get(ref, (None, None)))
            for ref in ordered
        ]

    def named(self, ref: str) -> tuple[str, str]:
        """Return the label and source of a thing; its identifier, and no source, where no file has it."""
        return self.items.get(ref, (ref.partition(":")[2], ""))

    def counts(self) -> dict[str, int]:
        """Return how many things there are of each kind that is there, in the chain's order."""
        kinds = pd.Series([self._kind[ref] for ref in self.items], dtype="str").value_counts()
        return {kind: int(kinds[kind]) for kind in _ORDER if kind in kinds}

    def gaps(self) -> list[Gap]:
        """Return what is missing, in the chain's order; a gap that nothing shows isn't among them.

        An action that was dropped answers nothing, leads to nothing, and lacks nothing.
        """
        found = [
            (what, [ref for ref in self._of(kind) if not self._has(ref, side, kinds)])
            for what, kind, side, kinds in _RULES
        ]
        found.append(("things that a link names and no file holds", sorted(set(self._kind) - set(self.items))))
        return [Gap(what, tuple(refs)) for what, refs in found if refs]

    def _of(self, kind: str) -> list[str]:
        return sorted(ref for ref in self.items if self._kind[ref] == kind and self._stands(ref))

    def _stands(self, ref: str) -> bool:
        return ref in self.items and self._states[ref][0] != "dropped"

    def _has(self, ref: str, side: str, kinds: tuple[str, ...]) -> bool:
        near = self._forward.successors(ref) if side == _AFTER else self._forward.predecessors(ref)
        return any(self._kind[other] in kinds and self._stands(other) for other in near)

    def as_dict(self, of: str | None = None) -> dict[str, Any]:
        """Return the path of one thing, or everything, with the gaps, as plain data."""
        steps = self.path(of) if of else self._steps(set(self._kind))
        return {
            "of": of,
            "counts": self.counts(),
            "steps": [
                {
                    "ref": str(step.ref),
                    "kind": step.ref.kind,
                    "label": step.label,
                    "source": step.source,
                    "state": step.state,
                    "day": step.day,
                    "ties": [{"relation": said, "to": to, "source": source} for said, to, source in step.ties],
                }
                for step in steps
            ],
            "gaps": [{"what": gap.what, "refs": list(gap.refs)} for gap in self.gaps()],
        }


_BEFORE, _AFTER = "before", "after"
_RULES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("marks without a theme", "mark", _AFTER, ("theme",)),
    ("stories without a theme", "story", _AFTER, ("theme",)),
    ("themes that nobody spoke of", "theme", _BEFORE, ("mark", "story")),
    ("themes that nobody ranked", "theme", _AFTER, ("priority",)),
    ("priorities without a theme", "priority", _BEFORE, ("theme",)),
    ("priorities that no action answers", "priority", _AFTER, ("action",)),
    ("actions that answer no priority", "action", _BEFORE, ("priority",)),
    ("actions without an outcome", "action", _AFTER, ("outcome",)),
    ("outcomes that nothing leads to", "outcome", _BEFORE, ("action", "outcome")),
    ("outcomes without a figure", "outcome", _AFTER, ("figure",)),
)
"""What is missing, at which kind of thing, where on which side of it there is nothing of these kinds."""


def join_parts(parts: Iterable[ChainPart]) -> ChainPart:
    """Join what the modules know; of two labels of one thing the first part's holds.

    Raises
    ------
    InputError
        If a link or thing has a kind that isn't known.
    """
    parts = list(parts)
    links = pd.concat([empty_frame("links", None), *(part.links for part in parts)], ignore_index=True)
    items = pd.concat([empty_frame("items", None), *(part.items for part in parts)], ignore_index=True)
    refs = pd.unique(pd.concat([links["from_ref"], links["to_ref"], items["ref"]]))
    for ref in refs:
        parse_reference(ref)
    return ChainPart(links.drop_duplicates(ignore_index=True), items.drop_duplicates("ref", ignore_index=True))
