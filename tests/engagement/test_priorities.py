"""Votes counted by three rules: hand-worked answers, and sums that are kept whatever is voted."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.engagement.priorities import RULES, rank_priorities, votes_part
from assetmap.errors import UsageError

COLUMNS = ["ballot", "priority", "rank", "votes", "session", "place"]


def frame(rows):
    return pd.DataFrame(rows, columns=COLUMNS).assign(name=lambda table: table["priority"])


def ranked(*ballots):
    return frame([(f"b{n}", p, r, None, None, None) for n, order in enumerate(ballots) for r, p in enumerate(order, 1)])


def scores(votes, rule):
    table = rank_priorities(votes, rule).table
    return {row.priority: (row.score, row.rank) for row in table.itertuples()}


def test_borda_and_plurality_differ_where_they_should():
    # Saari's kind of example: 3 ballots a>b>c, 2 ballots b>c>a, 2 ballots c>b>a.
    votes = ranked(*["abc"] * 3, *["bca"] * 2, *["cba"] * 2)
    assert scores(votes, "plurality") == {"a": (3, 1), "b": (2, 2), "c": (2, 2)}
    assert scores(votes, "borda") == {"a": (6, 2), "b": (9, 1), "c": (6, 2)}
    assert rank_priorities(votes, "plurality").ties() == [("b", "c")]


def test_what_is_not_on_a_ballot_shares_the_rest():
    votes = frame([
        ("x", "a", 1, None, None, None), ("y", "b", 1, None, None, None), ("y", "a", 1, None, None, None),
        ("z", "c", 1, None, None, None), ("z", "b", 2, None, None, None), ("z", "a", 3, None, None, None),
    ])  # fmt: skip
    # x: a 2, b and c share 1 + 0. y: a and b share 2 + 1, c 0. z: c 2, b 1, a 0.
    assert scores(votes, "borda") == {"a": (3.5, 1), "b": (3.0, 2), "c": (2.5, 3)}


def test_dots_and_sums_are_added_and_a_ballot_with_two_first_choices_is_told():
    votes = frame([
        ("x", "a", None, 3, "s1", None), ("x", "b", None, 1, "s1", None),
        (None, "b", None, 10, "s2", "North"), ("y", "a", None, None, "s2", None),
    ])  # fmt: skip
    assert scores(votes, "approval") == {"a": (4, 2), "b": (11, 1)}
    found = rank_priorities(votes, "plurality")
    assert found.spoiled == ("x",)
    assert found.table["score"].tolist() == [10, 1]
    assert rank_priorities(votes, "borda").uncounted == 1


def test_by_session_and_by_place():
    votes = frame([("x", "a", 1, None, "s1", "N"), ("y", "b", 1, None, "s2", "N"), ("z", "b", 1, None, None, "S")])
    table = rank_priorities(votes, "plurality", by="session").table
    first = table[table["rank"] == 1].groupby("part")["priority"].apply(list).to_dict()
    assert first == {"": ["b"], "no session told": ["b"], "s1": ["a"], "s2": ["b"]}
    assert set(rank_priorities(votes, "plurality", by="place").table["part"]) == {"", "N", "S"}


def test_nothing_to_count_is_said():
    with pytest.raises(UsageError, match="nothing has been voted on"):
        rank_priorities(frame([]), "borda")
    with pytest.raises(UsageError, match="is no rule"):
        rank_priorities(ranked("ab"), "condorcet")
    with pytest.raises(UsageError, match="no vote has what borda counts by: rank by plurality or approval"):
        rank_priorities(frame([(None, "a", None, 7, None, None)]), "borda")


def test_the_chain_says_where_a_priority_came():
    votes = ranked("ab").assign(theme=lambda table: table["priority"])
    part = votes_part(votes, {"a": "ranked 1 of 2"}, "votes.csv")
    assert part.links.values.tolist()[0] == ["theme:a", "priority:a", "ranked as", "votes.csv"]
    assert part.items["label"].tolist() == ["a", "b"]  # a heading that residents read is the priority alone
    assert part.items["state"].fillna("").tolist() == ["ranked 1 of 2", ""]


BALLOTS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("abcdef"), st.one_of(st.none(), st.integers(1, 5)), min_size=1),
        st.sampled_from(["s1", "s2", None]),
    ),
    min_size=1,
    max_size=12,
)


def has_one_first(said):
    ranks = [rank for rank in said.values() if rank is not None]
    return ranks.count(min(ranks)) == 1 if ranks else len(said) == 1


@settings(deadline=None, max_examples=40)  # pandas takes its time
@given(BALLOTS)
def test_sums_are_kept_in_all_and_in_each_part(ballots):
    rows = [(f"b{n}", p, rank, None, s, None) for n, (said, s) in enumerate(ballots) for p, rank in said.items()]
    votes = frame(rows)
    m, marks = votes["priority"].nunique(), len(rows)
    for rule in RULES:
        if rule == "plurality" and not any(has_one_first(said) for said, _ in ballots):
            with pytest.raises(UsageError, match="no vote has what plurality counts by: rank by approval or borda"):
                rank_priorities(votes, rule, by="session")
            continue
        found = rank_priorities(votes, rule, by="session")
        counted = len(ballots) - len(found.spoiled)
        whole = {"plurality": counted, "approval": marks, "borda": len(ballots) * m * (m - 1) / 2}[rule]
        totals = found.table.groupby("part")["score"].sum()
        assert totals[""] == pytest.approx(whole)
        assert totals.drop("").sum() == pytest.approx(whole)
        by_priority = found.table[found.table["part"] != ""].groupby("priority")["score"].sum()
        over_all = found.table[found.table["part"] == ""].set_index("priority")["score"]
        assert (by_priority - over_all).abs().max() < 1e-9
