"""Cohen's kappa against a published table and by hand."""

from __future__ import annotations

import math

import pytest

from assetmap.errors import UsageError
from assetmap.measures.agreement import cohen_kappa


def sorted_by(table):
    """The two raters' words for a table of counts: {(first, second): count}."""
    first = [a for (a, _), n in table.items() for _ in range(n)]
    second = [b for (_, b), n in table.items() for _ in range(n)]
    return first, second


def test_cohens_own_example():
    # Cohen (1960), table 1: 200 cases, p_o = 0.70, p_e = 0.41, kappa = 0.29 / 0.59
    table = {(1, 1): 88, (1, 2): 14, (1, 3): 18, (2, 1): 10, (2, 2): 40, (2, 3): 10, (3, 1): 2, (3, 2): 6, (3, 3): 12}
    found = cohen_kappa(*sorted_by(table))
    assert found.n == 200
    assert found.observed == pytest.approx(0.70)
    assert found.kappa == pytest.approx(0.29 / 0.59)


def test_complete_agreement_and_complete_disagreement():
    assert cohen_kappa(["a", "b"], ["a", "b"]).kappa == 1
    assert cohen_kappa(["a", "b"], ["b", "a"]).kappa == -1


def test_one_word_throughout_tells_nothing():
    found = cohen_kappa(["a", "a"], ["a", "a"])
    assert found.observed == 1
    assert math.isnan(found.kappa)


def test_nothing_and_unequal_lengths():
    assert cohen_kappa([], []).n == 0
    with pytest.raises(UsageError, match="2 and 1"):
        cohen_kappa([1, 2], [1])


def test_as_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    first, second = list("aabbbcacbbac"), list("abbbbcaccbaa")
    assert cohen_kappa(first, second).kappa == pytest.approx(metrics.cohen_kappa_score(first, second))
