"""Which further counts to hide, so that no total gives a small one away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse

from assetmap.disclosure.linked_counts import LinkedCounts, wide_enough, work_out

__all__ = ["given_away", "hide_further"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

_MOVED = 1e-5
_TRIES = 4
"""Times that the linear program is solved with costs closer to those of hiding or not."""
_FEW = 40
"""Counts of a table for which other choices are tried: there are few, so that each weighs, and it takes no time."""
_CHEAP = 10.0
"""Counts that cost more than this are hidden only where nothing else will do."""


def given_away(counts: LinkedCounts, hidden: Bools, small: Bools, k: int) -> Ints:
    """Return the places of the counts that a reader can work out too closely.

    Looked at are the printed counts that are hidden, and small ones that are never printed.
    """
    targets = np.flatnonzero((hidden & counts.printed) | (small & ~counts.printed))
    found = work_out(counts, hidden, targets, k=k)
    close: Ints = targets[~wide_enough(found.low, found.high, k)]
    return close


def hide_further(counts: LinkedCounts, small: Bools, k: int) -> tuple[Bools, Ints]:
    """Choose counts to hide besides the small ones, until a reader can work none of these out.

    For each count that is given away, a linear program looks for the cheapest change of others that would
    leave every shown total as it is and move it by k; what would change is hidden (the approach of Kelly et al.
    1992 and Fischetti and Salazar 2001, with costs drawn nearer to all or nothing in a few rounds). Then what has
    become needless is shown again, and in small tables each choice is tried against its alternatives. Every choice
    is checked by `work_out`, the reader's side.

    Parameters
    ----------
    counts
        The counts and their sums.
    small
        Which counts are small: hidden if printed, and not to be worked out in any case.
    k
        The threshold.

    Returns
    -------
    hidden : array of bool
        Which printed counts are to be hidden, small ones included.
    left : array of int
        Places of the small counts that can't be protected, since an earlier release has shown too much.

    References
    ----------
    Kelly, J. P., Golden, B. L., Assad, A. A. (1992). Cell suppression: disclosure protection for sensitive tabular
    data. Networks 22, 397-417.
    Fischetti, M., Salazar-González, J. J. (2001). Solving the cell suppression problem on tabular data with linear
    constraints. Management Science 47, 1008-1027.
    """
    hidden, lost = _hide(counts, small, k)
    if not lost.any() and len(hidden) <= _FEW:
        hidden = _with_others(counts, hidden, small, k)
    return hidden, np.flatnonzero(lost & small | small & counts.known)


def _with_others(counts: LinkedCounts, hidden: Bools, small: Bools, k: int) -> Bools:
    """Try to do without each count that was chosen, and take what is cheapest: the program halves where it can't."""
    tried: set[int] = set()
    while rest := sorted(set(np.flatnonzero(hidden & ~small).tolist()) - tried):
        place = rest[0]
        tried.add(place)
        dear = counts.weight.copy()
        dear[place] = counts.weight.sum() + _CHEAP
        other, lost = _hide(replace(counts, weight=dear), small, k)
        if not lost.any() and counts.weight[other].sum() < counts.weight[hidden].sum() - _MOVED:
            hidden = other
    return hidden


def _hide(counts: LinkedCounts, small: Bools, k: int) -> tuple[Bools, Bools]:
    """Return which printed counts to hide, and which of all are beyond protection."""
    hidden = small & counts.printed & ~counts.known
    lost = np.zeros(len(hidden), dtype=bool)
    while len(open_ := _open(counts, hidden, small, lost, k)):
        for target in open_[np.argsort(counts.value[open_], kind="stable")]:
            alone = np.array([target])
            now = work_out(counts, hidden, alone, k=k)
            if wide_enough(now.low, now.high, k)[0]:
                continue
            chosen = _cheapest_move(counts, hidden, int(target), k)
            if chosen is None:
                lost[target] = True
            else:
                hidden = hidden | chosen
    return _show_again(counts, hidden, small, lost, k), lost


def _open(counts: LinkedCounts, hidden: Bools, small: Bools, lost: Bools, k: int) -> Ints:
    """Return the counts that are given away and haven't been found to be beyond protection."""
    found = given_away(counts, hidden, small & ~counts.known, k)
    return found[~lost[found]]


def _cheapest_move(counts: LinkedCounts, hidden: Bools, target: int, k: int) -> Bools | None:
    """Return the counts to hide so that the target may move by k; None where none can."""
    movable = counts.hideable | hidden | (counts.shown_high - counts.shown_low > _MOVED)
    cheap = movable & ((counts.weight < _CHEAP) | hidden | ~counts.printed | counts.known)
    cheap[target] = True
    for allowed in (cheap, movable):
        chosen = _move(counts, hidden, target, np.flatnonzero(allowed & _reachable(counts, allowed, target)), k)
        if chosen is not None:
            return chosen
    return None


def _reachable(counts: LinkedCounts, allowed: Bools, target: int) -> Bools:
    """Tell which counts are linked with the target through others that may move."""
    reached = np.zeros(len(allowed), dtype=bool)
    reached[target] = True
    while True:
        sums = abs(counts.links) @ reached.astype(float) > 0
        wider = (abs(counts.links).T @ sums.astype(float) > 0) & allowed
        wider[target] = True
        if (wider == reached).all():
            return reached
        reached = wider


def _move(counts: LinkedCounts, hidden: Bools, target: int, places: Ints, k: int) -> Bools | None:
    size = len(places)
    links = counts.links[:, places]
    links = links[np.diff(links.indptr) > 0]
    rounded = counts.known[places]  # can't be hidden, but moves as far as its rounding lets it
    costs = np.where((counts.printed & ~hidden)[places] & ~rounded, counts.weight[places], 0.0)
    costs = costs * (1 + 1e-3 * counts.value[places] / (1 + counts.value.max()))
    room = np.where(counts.known, counts.value - counts.shown_low, np.maximum(counts.value - counts.floor, 0.0))[places]
    rise = np.where(counts.known, counts.shown_high - counts.value, np.inf)[places]
    at = int(np.flatnonzero(places == target)[0])
    # up to four amounts for each count: how far it goes up and down while the target goes up, and while it goes down
    both = (
        sparse.block_diag([sparse.hstack([links, -links])] * 2) if links.shape[0] else sparse.csr_matrix((0, 4 * size))
    )
    gain = np.zeros(4 * size)
    gain[[at, size + at, 2 * size + at, 3 * size + at]] = [1, -1, -1, 1]
    equal = sparse.vstack([both, sparse.csr_matrix(gain)]).tocsr()
    amounts = np.zeros(equal.shape[0])
    amounts[-1] = k
    most = np.concatenate([rise, room] * 2)
    best: Bools | None = None
    weights = costs
    from scipy.optimize import linprog  # 20 MB, which a build without hidden counts can do without

    for _ in range(_TRIES):
        solved = linprog(
            np.tile(weights, 4),
            A_eq=equal,
            b_eq=amounts,
            bounds=np.column_stack([np.zeros(4 * size), most]),
            method="highs",
        )
        if solved.x is None:
            return best
        parts = solved.x.reshape(4, size)
        moved = np.maximum(np.abs(parts[0] - parts[1]), np.abs(parts[2] - parts[3]))
        chosen = moved > _MOVED
        if best is None or costs[chosen].sum() < costs[best].sum() - 1e-9:
            best = chosen
        weights = costs / (moved + 0.01 * k)
    if best is None:
        return None
    found = np.zeros(len(hidden), dtype=bool)
    found[places[best]] = True
    return found & counts.printed & ~counts.known


def _show_again(counts: LinkedCounts, hidden: Bools, small: Bools, lost: Bools, k: int) -> Bools:
    """Show again what needn't be hidden, the dearest first."""
    needless = np.flatnonzero(hidden & ~small)
    for place in needless[np.argsort(-counts.weight[needless] - 1e-6 * counts.value[needless], kind="stable")]:
        trial = hidden.copy()
        trial[place] = False
        if not len(_open(counts, trial, small, lost, k)):
            hidden = trial
    return hidden
