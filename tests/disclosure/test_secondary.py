"""Which further counts are hidden: against the optimum, and against a reader who has a linear programme."""

from __future__ import annotations

import numpy as np
import pytest

from assetmap.disclosure.linked_counts import Sums, wide_enough, work_out
from assetmap.disclosure.secondary import given_away, hide_further
from tests.campaign import FULL
from tests.disclosure.tables import counts_of_people, crossed, fewest_hidden

TABLES = 200 if FULL else 12


def small_of(counts, k=10):
    return (counts.value > 0) & (counts.value < k)


def test_one_small_count_in_a_row_takes_another_with_it():
    sums = Sums()
    for key, value in {"a": 3, "b": 40, "c": 12, "all": 55}.items():
        sums.count(key, value)
    sums.total("all", ["a", "b", "c"])
    counts = sums.linked()
    hidden, left = hide_further(counts, small_of(counts), 10)
    assert [counts.keys[n] for n in np.flatnonzero(hidden)] == ["a", "c"]  # c costs a reader less than b
    assert not len(left)


def test_a_lone_count_hides_its_total():
    sums = Sums()
    for key, value in {"a": 3, "b": 0, "row": 3, "other": 40, "all": 43}.items():
        sums.count(key, value)
    sums.total("row", ["a", "b"])
    sums.total("all", ["row", "other"])
    counts = sums.linked()
    hidden, _ = hide_further(counts, small_of(counts), 10)
    assert {counts.keys[n] for n in np.flatnonzero(hidden)} == {"a", "row", "other"}  # b is 0 and is shown


def test_differences_of_thresholds_are_counts_too():
    sums = Sums()
    for key, value in {"within 400": 100, "within 800": 103, "people": 500}.items():
        sums.count(key, value, weight=50 if key == "people" else 1)
    sums.rest("400 to 800", "within 800", ["within 400"])
    sums.rest("beyond 800", "people", ["within 800"])
    counts = sums.linked()
    hidden, left = hide_further(counts, small_of(counts), 10)
    assert hidden.sum() == 1  # one of the two thresholds
    assert hidden[:2].any()
    assert not len(left)


def test_what_has_been_shown_before_is_not_hidden_in_vain():
    sums = Sums()
    for key, value in {"a": 3, "b": 40, "c": 12, "all": 55}.items():
        sums.count(key, value, known=key in ("c", "all"))
    sums.total("all", ["a", "b", "c"])
    counts = sums.linked()
    hidden, left = hide_further(counts, small_of(counts), 10)
    assert [counts.keys[n] for n in np.flatnonzero(hidden)] == ["a", "b"]
    assert not len(left)
    sums.count("b", 40, known=True)  # and now nothing helps
    counts = sums.linked()
    _, left = hide_further(counts, small_of(counts), 10)
    assert [counts.keys[n] for n in left] == ["a"]


def test_the_reader_finds_what_subtraction_finds():
    sums = crossed(np.array([[3.0, 20.0], [30.0, 40.0]]))
    counts = sums.linked()
    alone = np.array([key == (0, 0) for key in counts.keys])
    assert given_away(counts, alone, small_of(counts), 10).tolist() == [0]
    four = np.array([key in {(0, 0), (0, 1), (1, 0), (1, 1)} for key in counts.keys])
    found = work_out(counts, four, np.arange(4))
    # with row totals 23, 70 and column totals 33, 60: the first goes from 1 to 22, the others with it
    assert found.low.tolist() == pytest.approx([1, 1, 11, 38])
    assert found.high.tolist() == pytest.approx([22, 22, 32, 59])


@pytest.mark.parametrize("seed", range(1000, 1000 + TABLES))
def test_not_much_more_is_hidden_than_has_to_be(seed):
    rng = np.random.default_rng(seed)
    counts = crossed(counts_of_people(rng, *rng.integers(2, 5, 2))).linked()
    small = small_of(counts)
    hidden, left = hide_further(counts, small, 10)
    places = np.flatnonzero(hidden)
    found = work_out(counts, hidden, places)
    assert wide_enough(found.low, found.high, 10).all()
    assert not len(left)
    assert hidden.sum() <= 1.5 * fewest_hidden(counts, small, 10)
