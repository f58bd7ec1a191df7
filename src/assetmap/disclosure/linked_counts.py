"""Counts of people that are linked by sums, and what a reader of some of them can work out about the others."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from assetmap.errors import DisclosureError

__all__ = ["Intervals", "LinkedCounts", "Sums", "wide_enough", "work_out"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

_CLOSE = 1e-6
_SUMS_WITHIN = 0.51
"""Totals may differ from their parts by the rounding of each, not by a person."""


@dataclass(frozen=True)
class LinkedCounts:
    """Counts, the sums that hold among them, and what is said of each.

    Arrays are of one length, a place for each count. ``links @ value`` is 0 (a total stands in its sum with -1).
    """

    keys: tuple[Hashable, ...]
    value: Floats
    links: Any
    """Sparse matrix: a row for each sum."""
    printed: Bools
    """Whether the release has a place for it. What has none (the people between 400 m and 800 m) is never shown,
    but follows from what is."""
    known: Bools
    """Whether an earlier release has shown it: hiding it hides nothing."""
    weight: Floats
    """What hiding it costs a reader, 1 for an ordinary one."""
    shown_low: Floats
    """The least and the most that a shown count may be: apart where counts are rounded."""
    shown_high: Floats

    @property
    def floor(self) -> Floats:
        """The least that a hidden count may be: zeros are shown, so that what is hidden is someone."""
        whole = bool(np.all(np.abs(self.value - np.round(self.value)) < _CLOSE))
        return np.where(self.printed & ~self.known & (self.value > 0), float(whole), 0.0)

    @property
    def hideable(self) -> Bools:
        """Which counts may be hidden, or are as it is: zeros and what is known already may not."""
        return ~self.known & (~self.printed | (self.value > _CLOSE))


@dataclass
class Sums:
    """A place to write counts and their sums down, one by one; `linked` makes the arrays of them."""

    _rows: dict[Hashable, tuple[float, bool, bool, float]] = field(default_factory=dict)
    _totals: list[tuple[Hashable, list[Hashable]]] = field(default_factory=list)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._rows)

    def value(self, key: Hashable) -> float:
        """Return the count written down under a key."""
        return self._rows[key][0]

    def count(
        self, key: Hashable, value: float, *, printed: bool = True, known: bool = False, weight: float = 1.0
    ) -> None:
        """Write a count down; see `LinkedCounts` for what is said of it."""
        self._rows[key] = (max(float(value), 0.0), printed, known, weight)

    def know(self, key: Hashable) -> None:
        """Write down that an earlier release has shown a count as this one would."""
        value, printed, _, weight = self._rows[key]
        self._rows[key] = (value, printed, True, weight)

    def total(self, key: Hashable, parts: Sequence[Hashable]) -> None:
        """Write down that a count is the sum of others.

        Raises
        ------
        DisclosureError
            If they don't add up: nothing can be said then of what follows from them.
        """
        added = sum(self.value(part) for part in parts)
        if abs(added - self.value(key)) > _SUMS_WITHIN * (1 + len(parts)):
            raise DisclosureError(
                f"the count of people {_words(key)} is {self.value(key):g} but its parts add up to {added:g}: "
                "build the study again, so that its tables are of one piece."
            )
        self._totals.append((key, list(parts)))

    def rest(self, key: Hashable, total: Hashable, parts: Sequence[Hashable]) -> None:
        """Write down what a total has beyond its parts, as a count that is never printed."""
        self.count(key, self.value(total) - sum(self.value(part) for part in parts), printed=False)
        self.total(total, [*parts, key])

    def linked(self, *, shown: Mapping[Hashable, tuple[float, float]] | None = None) -> LinkedCounts:
        """Return the arrays; `shown` has the least and the most that a shown count may be, where it is rounded."""
        keys = tuple(self._rows)
        place = {key: n for n, key in enumerate(keys)}
        rows, columns, signs = [], [], []
        for row, (total, parts) in enumerate(self._totals):
            for key, sign in [(total, -1.0), *((part, 1.0) for part in parts)]:
                rows.append(row)
                columns.append(place[key])
                signs.append(sign)
        shape = (len(self._totals), len(keys))
        value, printed, known, weight = (np.array(part) for part in zip(*self._rows.values(), strict=True))
        bounds = np.array([(shown or {}).get(key, (self.value(key),) * 2) for key in keys], dtype=float)
        return LinkedCounts(
            keys=keys,
            value=value.astype(float),
            links=sparse.csr_matrix((signs, (rows, columns)), shape=shape),
            printed=printed.astype(bool),
            known=known.astype(bool),
            weight=weight.astype(float),
            shown_low=bounds[:, 0],
            shown_high=bounds[:, 1],
        )


@dataclass(frozen=True)
class Intervals:
    """The least and the most that each count may be, as far as a reader can work out."""

    low: Floats
    high: Floats


def wide_enough(low: Any, high: Any, k: int) -> Any:
    """Tell whether an interval keeps a count unknown: it holds 0 to k - 1, or is at least k wide.

    Examples
    --------
    >>> wide_enough(0, 9, 10), wide_enough(1, 10, 10), wide_enough(1, 11, 10)
    (True, False, True)
    """
    return (high - low >= k - _CLOSE) | ((low <= _CLOSE) & (high >= k - 1 - _CLOSE))


def work_out(counts: LinkedCounts, hidden: Bools, targets: Ints, *, k: int | None = None) -> Intervals:
    """Return what a reader of a release can work out about some of its counts, by linear programming.

    The reader has every count that is shown, knows every sum, that no count is below 0, and that a hidden one is
    not 0. They are taken to have shown counts unrounded, unless `LinkedCounts.shown_low` says otherwise.

    Parameters
    ----------
    counts
        The counts.
    hidden
        Which of the printed ones are hidden.
    targets
        Places of the counts to work out.
    k
        Stop at intervals that are `wide_enough` for this: they are then parts of the real ones. By default the
        intervals are exact.

    Returns
    -------
    Intervals
        Along `targets`.
    """
    low, high = _ranges(counts, hidden)
    free = _undetermined(counts.links, high - low > _CLOSE)
    seen_low, seen_high = counts.value.copy(), counts.value.copy()
    for members in _components(counts.links, free, targets):
        wanted = [n for n in targets if n in set(members.tolist())]
        _widen(counts, members, (low, high), wanted, (seen_low, seen_high), k)
    return Intervals(seen_low[targets], seen_high[targets])


def _ranges(counts: LinkedCounts, hidden: Bools) -> tuple[Floats, Floats]:
    """Return how far each count may move from the truth, downward (negative) and upward."""
    far = float(counts.value.sum()) + 1e5
    open_ = ~counts.known & (~counts.printed | hidden)
    low = np.where(open_, np.minimum(counts.floor, counts.value), counts.shown_low) - counts.value
    high = np.where(open_, far, counts.shown_high - counts.value)
    return np.minimum(low, 0.0), np.maximum(high, 0.0)


def _undetermined(links: Any, free: Bools) -> Bools:
    """Take out what follows at once: a count that is alone unknown in its sum."""
    free = free.copy()
    present = (links != 0).astype(np.int64)
    while True:
        alone = np.flatnonzero(present @ free.astype(np.int64) == 1)
        if not len(alone):
            return free
        found = np.asarray((present[alone].T @ np.ones(len(alone), dtype=np.int64)) > 0).ravel() & free
        free[found] = False


def _components(links: Any, free: Bools, targets: Ints) -> list[Ints]:
    """Return the sets of unknown counts that are linked with one another and hold a target."""
    places = np.flatnonzero(free)
    if not len(places):
        return []
    part = abs(links[:, places])
    sums = part.shape[0]
    _, label = connected_components(sparse.bmat([[None, part], [part.T, None]]), directed=False)
    label = label[sums:]
    wanted = set(label[np.isin(places, targets)].tolist())
    order = np.argsort(label, kind="stable")
    groups = np.split(places[order], np.flatnonzero(np.diff(label[order])) + 1)
    names = [label[order][0], *label[order][np.flatnonzero(np.diff(label[order])) + 1]]
    return [group for group, name in zip(groups, names, strict=True) if name in wanted]


def _widen(
    counts: LinkedCounts,
    members: Ints,
    ranges: tuple[Floats, Floats],
    targets: Sequence[int],
    seen: tuple[Floats, Floats],
    k: int | None,
) -> None:
    """Find the least and the most of each target within one component, writing down every solution seen."""
    links = counts.links[:, members]
    links = links[np.diff(links.indptr) > 0]
    bounds = np.column_stack([ranges[0][members], ranges[1][members]])
    place = {int(member): n for n, member in enumerate(members)}
    base = counts.value[members]

    from scipy.optimize import linprog  # 20 MB, which a build without hidden counts can do without

    def push(cost: Floats) -> None:
        equal = {"A_eq": links, "b_eq": np.zeros(links.shape[0])} if links.shape[0] else {}
        solved = linprog(cost, bounds=bounds, method="highs", **equal)
        if solved.x is None:
            raise DisclosureError(
                f"what follows from {len(members)} hidden counts can't be worked out ({solved.message}): "
                "hide the whole table."
            )
        at = base + solved.x
        seen[0][members] = np.minimum(seen[0][members], at)
        seen[1][members] = np.maximum(seen[1][members], at)

    def unmet() -> list[int]:
        return [t for t in targets if k is None or not wide_enough(seen[0][t], seen[1][t], k)]

    if k is not None and len(targets) > 1:
        for sign in (-1.0, 1.0):
            cost = np.zeros(len(members))
            cost[[place[t] for t in targets]] = sign
            push(cost)
    for target in unmet():
        for sign in (-1.0, 1.0):
            if k is None or not wide_enough(seen[0][target], seen[1][target], k):
                cost = np.zeros(len(members))
                cost[place[target]] = sign
                push(cost)


def _words(key: Hashable) -> str:
    return " ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
