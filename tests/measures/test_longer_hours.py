"""Longer hours: hand sums on a week, and what must hold whatever the world."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.errors import InputError
from assetmap.measures.longer_hours import Calendar, compare_opening
from assetmap.measures.opening import hours_in_reach

WEEKS = 365 / 7
"""Weeks of 2026; it begins on a Thursday, which it has 53 of."""


def world(*rows):
    return pd.DataFrame(rows, columns=["origin", "supply", "minutes"])


def test_two_places_open_at_one_hour_count_once():
    pairs = world(("a", "x", 1.0), ("b", "x", 1.0), ("b", "y", 1.0), ("c", "z", 1.0))
    texts = pd.Series({"x": "Mo 09:00-12:00", "y": "Mo 11:00-14:00; Tu 20:00-22:00", "z": None})
    found = hours_in_reach(pairs, texts, origins=pd.Index(["a", "b", "c", "d"]), year=2026)
    each = 52 / WEEKS  # 2026 has 52 Mondays and 52 Tuesdays
    assert found["hours_per_week"].tolist() == pytest.approx([3 * each, 7 * each, 0, 0])
    assert found["hours_unstated"].tolist() == [False, False, True, False]


def test_hand_sums():
    costs = world(
        ("a", "x", 5), ("b", "x", 12), ("b", "y", 5), ("c", "x", 5), ("c", "y", 5), ("d", "x", 9), ("d", "z", 9)
    )
    people = pd.Series({"a": 100.0, "b": 200.0, "c": 400.0, "d": 800.0})
    hours = pd.DataFrame(
        {"before": ["Mo 09:00-12:00", "Mo 12:00-18:00", None], "after": ["Mo 09:00-15:00", "Mo 12:00-18:00", None]},
        index=["x", "y", "z"],
    )
    decile = pd.Series({"a": 1, "b": 1, "c": 2, "d": 2})
    found = compare_opening(costs, people, hours, within_minutes=10, calendar=Calendar(2026), decile=decile)
    # a and d gain three hours; b is too far from x; c has y, which is open at those hours already
    assert found.origins["change"].to_dict() == {"a": "newly", "b": "same", "c": "same", "d": "newly"}
    assert (found.people_newly_reached, found.people_no_longer_reached) == (900, 0)
    assert found.people_hours_unstated == 800  # d has z within reach
    each = 52 / WEEKS
    assert found.mean_hours_before == pytest.approx(each * (100 * 3 + 200 * 6 + 400 * 9 + 800 * 3) / 1500)
    assert found.mean_hours_after == pytest.approx(each * (100 * 6 + 200 * 6 + 400 * 9 + 800 * 6) / 1500)
    assert found.by_decile["newly_reached"].to_dict() == {1: 100, 2: 800}


def test_hours_that_move_gain_some_and_lose_others():
    hours = pd.DataFrame({"before": ["Mo 09:00-12:00"], "after": ["Mo 10:00-16:00"]}, index=["x"])
    found = compare_opening(
        world(("a", "x", 1.0)), pd.Series({"a": 7.0}), hours, within_minutes=10, calendar=Calendar(2026)
    )
    assert (found.people_newly_reached, found.people_no_longer_reached) == (7, 7)


def test_people_who_are_not_known_make_no_figure():
    hours = pd.DataFrame({"before": ["Mo 09:00-12:00"], "after": ["Mo 09:00-16:00"]}, index=["x"])
    found = compare_opening(
        world(("a", "x", 1.0)), pd.Series({"a": np.nan}), hours, within_minutes=10, calendar=Calendar(2026)
    )
    assert np.isnan([found.people, found.people_newly_reached, found.mean_hours_after]).all()


def test_a_table_without_its_columns_is_refused():
    with pytest.raises(InputError, match="no column after, minutes"):
        compare_opening(
            world().drop(columns="minutes"),
            pd.Series({"a": 1.0}),
            pd.DataFrame({"before": []}),
            within_minutes=10,
            calendar=Calendar(2026),
        )


spans = st.tuples(st.integers(0, 6), st.integers(0, 20), st.integers(1, 4))


def as_text(span):
    day, start, length = span
    return f"{['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'][day]} {start:02d}:00-{start + length:02d}:00"


@settings(max_examples=25, deadline=None)
@given(st.lists(spans, min_size=2, max_size=4), spans, st.lists(st.booleans(), min_size=12, max_size=12))
def test_more_hours_lose_nobody_and_hours_that_are_there_gain_nobody(rows, extra, near):
    before = pd.Series([as_text(row) for row in rows])
    costs = world(*((o, s, 5.0) for o in range(3) for s in range(len(rows)) if near[4 * o + s]))
    people = pd.Series([10.0, 20.0, 30.0])

    def change(first):
        hours = pd.DataFrame({"before": before, "after": [first, *before[1:]]})
        return compare_opening(costs, people, hours, within_minutes=10, calendar=Calendar(2026))

    longer = change(f"{before[0]}, {as_text(extra)}")
    assert longer.people_no_longer_reached == 0
    assert longer.mean_hours_after >= longer.mean_hours_before - 1e-9
    same = change(f"{before[0]}, {before[0]}")
    assert (same.people_newly_reached, same.people_no_longer_reached) == (0, 0)
