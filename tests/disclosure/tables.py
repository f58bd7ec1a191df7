"""Random tables with totals, and the fewest counts that have to be hidden in one: an oracle of its own."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from assetmap.disclosure.linked_counts import Sums


def counts_of_people(rng, rows, columns):
    """Counts as small areas have them: many small, some large, some 0."""
    drawn = rng.negative_binomial(1, rng.choice([0.02, 0.03, 0.06]), size=(rows, columns))
    return np.where(rng.random((rows, columns)) < 0.1, 0, drawn).astype(float)


def crossed(values):
    """A table with row totals, column totals and the total of all."""
    rows, columns = values.shape
    sums = Sums()
    for i in range(rows):
        for j in range(columns):
            sums.count((i, j), values[i, j])
    for i in range(rows):
        sums.count((i, "all"), values[i].sum())
        sums.total((i, "all"), [(i, j) for j in range(columns)])
    for j in range(columns):
        sums.count(("all", j), values[:, j].sum())
        sums.total(("all", j), [(i, j) for i in range(rows)])
    sums.count(("all", "all"), values.sum())
    sums.total(("all", "all"), [(i, "all") for i in range(rows)])
    sums.total(("all", "all"), [("all", j) for j in range(columns)])
    return sums


def fewest_hidden(counts, small, k):
    """Number of counts that have to be hidden at the least, as an integer programme solved by HiGHS.

    For each count that may be hidden there are two shifts of the whole table which keep every sum, touch hidden
    counts alone, and set that count k apart if it is hidden. Nothing of the package's search is used.
    """
    n = len(counts.value)
    whole = np.where(counts.value > 0, 1.0, 0.0)
    room = np.maximum(counts.value - whole, 0)
    able = np.flatnonzero((counts.value > 0) & counts.printed & ~counts.known)
    most = 3.0 * k
    links = sparse.csr_matrix(counts.links)
    pairs = len(able)
    width = n + pairs * 2 * n  # first whether hidden, then the shifts

    def block(pair, which, coefficients):
        start = n + (2 * pair + which) * n
        left, right = sparse.csr_matrix((coefficients.shape[0], start)), width - start - n
        return sparse.hstack([left, coefficients, sparse.csr_matrix((coefficients.shape[0], right))])

    rows, low, high = [], [], []
    eye = sparse.identity(n, format="csr")
    for pair, target in enumerate(able):
        apart = sparse.lil_matrix((1, width))
        apart[0, target] = -k
        for which, sign in ((0, 1.0), (1, -1.0)):
            apart[0, n + (2 * pair + which) * n + target] = sign
            rows.append(block(pair, which, links))
            low.append(np.zeros(links.shape[0]))
            high.append(np.zeros(links.shape[0]))
            shift = block(pair, which, eye).tolil()
            up, down = shift.copy(), shift.copy()
            up[:, :n] = -most * eye
            down[:, :n] = sparse.diags(np.minimum(room, most))
            rows += [up.tocsr(), down.tocsr()]
            low += [np.full(n, -np.inf), np.zeros(n)]
            high += [np.zeros(n), np.full(n, np.inf)]
        rows.append(apart.tocsr())
        low.append(np.zeros(1))
        high.append(np.full(1, np.inf))
    lower = np.concatenate([small.astype(float), np.full(width - n, -most)])
    upper = np.concatenate([np.isin(np.arange(n), able).astype(float), np.full(width - n, most)])
    cost = np.concatenate([np.ones(n), np.zeros(width - n)])
    solved = milp(
        cost,
        constraints=LinearConstraint(sparse.vstack(rows).tocsr(), np.concatenate(low), np.concatenate(high)),
        integrality=np.concatenate([np.ones(n), np.zeros(width - n)]),
        bounds=Bounds(lower, upper),
        options={"time_limit": 60},
    )
    assert solved.status == 0, solved.message
    return round(solved.fun)
