"""Small counts of people in tables, attacked from outside."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from assetmap.disclosure.linked_counts import Sums
from assetmap.disclosure.small_counts import NHS, Rule, protect, suppress
from assetmap.errors import DisclosureError, UsageError
from tests.campaign import FULL
from tests.disclosure.tables import counts_of_people, crossed

TABLES = 1000 if FULL else 25
RULES = (Rule(5), Rule(8), Rule(10), NHS)


class Reader:
    """Someone who has releases of sums over the same leaves and a solver; knows nothing of how hiding was done."""

    def __init__(self, leaves):
        self.place = {leaf: n for n, leaf in enumerate(leaves)}
        self.rows, self.low, self.high = [], [], []

    def learns(self, release, leaves_of, rule):
        """Every shown figure, each within its rounding; and that a hidden one isn't 0, since zeros are shown."""
        for key, shown in release.shown.items():
            half = 2 if rule.rounded and shown else 0
            self._know(leaves_of[key], max(shown - half, 0), shown + half)
        for key in release.hidden:
            self._know(leaves_of[key], 1, np.inf)

    def _know(self, leaves, low, high):
        row = np.zeros(len(self.place))
        row[[self.place[leaf] for leaf in leaves]] = 1
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def works_out(self, leaves):
        rows, low, high = np.array(self.rows), np.array(self.low), np.array(self.high)
        above, below = np.isfinite(high), low > 0
        bounds = np.vstack([rows[above], -rows[below]]), np.concatenate([high[above], -low[below]])
        cost = np.zeros(len(self.place))
        cost[[self.place[leaf] for leaf in leaves]] = 1
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * cost, A_ub=bounds[0], b_ub=bounds[1], bounds=(0, None), method="highs")
            assert solved.status in (0, 3), solved.message
            ends.append(sign * solved.fun if solved.status == 0 else sign * -np.inf)
        return ends


def is_kept(interval, k):
    low, high = interval
    return (low <= 1e-6 and high >= k - 1 - 1e-6) or high - low >= k - 1e-6


def leaves_of_cross(rows, columns):
    found = {(i, j): [(i, j)] for i in range(rows) for j in range(columns)}
    found |= {(i, "all"): [(i, j) for j in range(columns)] for i in range(rows)}
    found |= {("all", j): [(i, j) for i in range(rows)] for j in range(columns)}
    found["all", "all"] = [(i, j) for i in range(rows) for j in range(columns)]
    return found


@pytest.mark.parametrize("seed", range(TABLES))
def test_a_reader_of_two_releases_works_out_no_small_count(seed):
    """The second release groups the rows anew, and shows what the first one left out."""
    rng = np.random.default_rng(seed)
    rule = RULES[seed % len(RULES)]
    rows, columns = rng.integers(2, 6, 2)
    values = counts_of_people(rng, rows, columns)
    leaves = leaves_of_cross(rows, columns)
    first = protect(crossed(values), rule)
    assert not first.given_away

    reader = Reader(leaves["all", "all"])
    reader.learns(first, leaves, rule)
    for key in first.hidden:
        assert is_kept(reader.works_out(leaves[key]), rule.k), key

    groups = [g.tolist() for g in np.array_split(rng.permutation(rows), rng.integers(1, rows))]
    sums = Sums()
    for key, parts in leaves.items():
        known = key in first.shown
        sums.count(key, sum(values[part] for part in parts), printed=known or key in first.hidden, known=known)
        if len(parts) > 1:
            sums.total(key, parts)
    for n, group in enumerate(groups):
        for column in range(columns):
            key = (f"group {n}", column)
            leaves[key] = [(i, column) for i in group]
            sums.count(key, sum(values[part] for part in leaves[key]))
            sums.total(key, leaves[key])
    second = protect(sums, rule)
    assert not second.given_away
    hidden = [key for key in {**first.hidden, **second.hidden} if key not in second.shown]
    # a sum of figures that the first release has rounded: it was no secret, but adds to what is known if it is shown
    known = [key for key in hidden if not is_kept(reader.works_out(leaves[key]), rule.k)]
    assert all(second.hidden[key] == "protects another" for key in known)
    assert rule.rounded or not known
    reader.learns(second, leaves, rule)
    for key in hidden:
        assert key in known or is_kept(reader.works_out(leaves[key]), rule.k), key
    for key, shown in second.shown.items():
        true = sum(values[part] for part in leaves[key])
        assert true == 0 or true >= rule.k
        assert abs(shown - true) <= (2 if rule.rounded else 0)


def test_the_published_rule_of_the_nhs():
    assert NHS.is_small(np.arange(9)).tolist() == [False, *[True] * 7, False]
    assert NHS.shown(np.array([0, 8, 11, 12, 13, 17, 18, 1002])).tolist() == [0, 10, 10, 10, 15, 15, 20, 1000]
    low, high = NHS.may_be(np.array([0.0, 8.0, 14.0]))
    assert low.tolist() == [0, 8, 13]
    assert high.tolist() == [0, 12, 17]
    with pytest.raises(UsageError, match="8 for NHS"):
        Rule(10, rounded=True)
    with pytest.raises(UsageError, match="not offered"):
        Rule(3)


def places(**counts):
    table = pd.DataFrame({"zone": list(counts), "people": [float(n) for n in counts.values()]})
    return table, {"zone": {"all": [zone for zone in counts if zone != "all"]}}


def test_a_table_says_where_it_hides_but_not_why():
    table, parts = places(A=4, B=30, C=50, D=0, all=84)
    found = suppress(table, value="people", by=["zone"], parts=parts)
    assert found.frame["hidden"].tolist() == [True, True, False, False, False]
    assert "reason" not in found.frame
    assert found.reasons["reason"].tolist() == ["small", "protects another"]
    assert found.frame["people"].tolist()[2:] == [50, 0, 84]


def test_fractions_of_a_person_are_small():
    table, parts = places(A=0.3, B=30.2, C=49.5, all=80.0)
    found = suppress(table, value="people", by=["zone"], parts=parts)
    assert found.frame["hidden"].tolist() == [True, True, False, False]


def test_a_count_that_moved_by_a_few_since_the_last_release_is_hidden():
    table, parts = places(A=40, B=30, C=50, all=120)
    earlier = {("A",): 37.0, ("B",): 30.0, ("C",): 50.0}
    found = suppress(table, value="people", by=["zone"], parts=parts, earlier=earlier)
    assert found.frame["hidden"].tolist() == [True, False, False, True]


def test_what_an_earlier_release_has_given_away_is_refused():
    table, parts = places(A=7, B=30, C=50, all=87)
    with pytest.raises(DisclosureError, match="1 small counts of people can be worked out from an earlier release"):
        suppress(table, value="people", by=["zone"], parts=parts, earlier={("A",): 7.0})
    with pytest.raises(DisclosureError, match="earlier"):
        suppress(table, value="people", by=["zone"], parts=parts, earlier={("B",): 30.0, ("C",): 50.0, ("all",): 87.0})


def test_tables_that_are_not_of_one_piece():
    table, parts = places(A=7, B=30, all=99)
    with pytest.raises(DisclosureError, match="all is 99 but its parts add up to 37"):
        suppress(table, value="people", by=["zone"], parts=parts)
    with pytest.raises(UsageError, match="two rows"):
        suppress(pd.concat([table, table]), value="people", by=["zone"])


def test_not_known_stays_not_known():
    table, _ = places(A=float("nan"), B=30, C=5)
    found = suppress(table, value="people", by=["zone"])
    assert found.frame["people"].isna().tolist() == [True, False, True]
    assert found.frame["hidden"].tolist() == [False, False, True]
