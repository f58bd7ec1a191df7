"""Votes in grids, as people send them: what is understood, what is refused, and sums that were added up by hand."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.engagement.priorities import rank_priorities
from assetmap.errors import AssetMapError, InputError, UsageError
from assetmap.sources.columns import read_numbers
from assetmap.study.engagement.voting import ReadVotes, votes_of
from tests.browser.payloads import HOSTILE

TABLES = """\
Our priorities for spring,,,,
priority,Table 1,Table 2,Café 3,Total
Benches,7,,3,10
Trees,2,4,,6
Hall,0,0,0,0
Total,9,4,3,16
"""
CROSSES = "voter,Benches,Trees,Hall,Comments,age\nv1,x,,X,too few,34\nv2,yes,no,,,\n"
CHOICES = "voter,1st choice,second choice,Choice 3\nv1,Benches,Trees,\nv2,Trees,Hall,Benches\n"
RANKED = "voter,Which? [Benches],Which? [Trees],Which? [Hall]\nv1,1st,2nd,\nv2,3rd,1st,2nd\n"
NUMBERS = "voter,Benches,Trees,Hall\nv1,1,2,\nv2,3,1,2\n"
PEOPLE = "priority,Ana,Ben\nBenches,1st,3rd\nTrees,2nd,1st\nHall,,2nd\n"
BORDA = {"benches": 2.0, "trees": 3.0, "hall": 1.0}  # v1: 2, 1, 0; v2: 0, 2, 1. Together 6 = 2 ballots of 3 x 2 / 2.


def read(folder: Path, text: str, **said) -> ReadVotes:
    path = folder / "votes.csv"
    path.write_text(text, encoding="utf-8")
    return votes_of(path, secret=bytes(32), **said)


def scores(read: ReadVotes, rule: str, by: str | None = None) -> dict[str, dict[str, float]]:
    votes = read.votes.assign(rank=read_numbers(read.votes["rank"]), votes=read_numbers(read.votes["votes"]))
    table = rank_priorities(votes, rule, by=by).table
    parts = table.groupby("part")
    return {part: dict(zip(rows["priority"], rows["score"], strict=True)) for part, rows in parts}


def test_dots_of_tables_keep_their_sums(tmp_path):
    found = read(tmp_path, TABLES)
    assert scores(found, "approval", "session") == {
        "": {"benches": 10, "trees": 6, "hall": 0},
        "Table 1": {"benches": 7, "trees": 2, "hall": 0},
        "Table 2": {"benches": 0, "trees": 4, "hall": 0},
        "Café 3": {"benches": 3, "trees": 0, "hall": 0},
    }
    assert found.understood == (
        "a row for each of 3 priorities, a column for each of 3 sessions; its cells are numbers of votes; "
        "left out: Total"
    )
    assert (found.tally.read, found.tally.kept) == (4, 4)
    assert scores(read(tmp_path, TABLES.replace("priority,Table", "name,Table")), "approval") == {
        "": {"benches": 10, "trees": 6, "hall": 0}
    }


def test_a_total_that_is_wrong_is_refused(tmp_path):
    with pytest.raises(
        InputError, match=r"column 'Total' isn't the sum of its votes: 11 where they sum to 10 .1 such."
    ):
        read(tmp_path, TABLES.replace("3,10", "3,11"))
    with pytest.raises(InputError, match=r"row 6 of totals isn't the sum of its votes: 8 where they sum to 9 .1 such."):
        read(tmp_path, TABLES.replace("Total,9", "Total,8"))


def test_crosses_of_voters(tmp_path):
    found = read(tmp_path, CROSSES)
    assert scores(found, "approval") == {"": {"benches": 2, "trees": 0, "hall": 1}}
    assert scores(found, "plurality") == {"": {"benches": 1, "trees": 0, "hall": 0}}  # v1 has two first choices
    assert scores(found, "borda") == {"": {"benches": 1.5 + 2, "trees": 0 + 0.5, "hall": 1.5 + 0.5}}
    assert found.understood.endswith("its cells are ticks; left out: Comments, age")
    other_way = read(tmp_path, "priority,Ana,Ben\nBenches,x,✓\nTrees,,–\nHall,x,\n")
    assert scores(other_way, "borda") == scores(found, "borda")
    ones = read(tmp_path, "voter,Benches,Trees,Hall\nv1,1,0,1\nv2,1,,\n")
    assert scores(ones, "borda") == scores(found, "borda")


@pytest.mark.parametrize(
    ("text", "said"), [(CHOICES, {}), (RANKED, {}), (PEOPLE, {}), (NUMBERS, {"cells": "ranks"})], ids=str
)
def test_the_same_ranks_in_four_forms_are_the_same(tmp_path, text, said):
    assert scores(read(tmp_path, text, **said), "borda") == {"": BORDA}


def test_what_rows_are_is_told_by_their_header(tmp_path):
    assert scores(read(tmp_path, "session,Benches,Trees\nspring,12,3\nautumn,4,\n"), "plurality", "session") == {
        "": {"benches": 16, "trees": 3},
        "spring": {"benches": 12, "trees": 3},
        "autumn": {"benches": 4, "trees": 0},
    }
    found = read(tmp_path, "place,Benches,Trees\nNorth,1,0\nSouth,1,1\n")
    assert scores(found, "approval", "place")["South"] == {"benches": 1, "trees": 1}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (NUMBERS, "numbers up to 3, which may be ranks .1 is the best. or votes: say --cells ranks or --cells votes"),
        ("voter,Benches,Trees\nv1,x,2\n", "both crosses and ranks or numbers"),
        ("priority,Ana,Ben\nBenches,9,2\nTrees,2,1\n", "say --columns voters, --columns sessions or --columns places"),
        ("voter,first choice,1st choice\nv1,A,B\n", "two columns for one choice"),
        ("when,where\na,b\n", "no column priority: it has when, where"),
        ("voter,Benches,Trees\nv1,,\n", "holds no vote"),
    ],
)
def test_what_may_mean_two_things_is_refused_with_what_to_say(tmp_path, text, words):
    with pytest.raises(InputError, match=words):
        read(tmp_path, text)


def test_what_the_user_says_holds(tmp_path):
    assert scores(read(tmp_path, NUMBERS, cells="votes"), "approval") == {"": {"benches": 4, "trees": 3, "hall": 2}}
    people = "priority,Ana,Ben\nBenches,9,2\nTrees,2,1\n"
    assert set(scores(read(tmp_path, people, columns="places"), "approval", "place")) == {"", "Ana", "Ben"}
    assert read(tmp_path, people, columns="voters").votes["ballot"].nunique() == 2
    for said in ({"cells": "marks"}, {"columns": "tables"}):
        with pytest.raises(UsageError, match="is none of"):
            read(tmp_path, people, **said)
    with pytest.raises(UsageError, match="is no grid"):
        read(tmp_path, "voter,priority\nv1,A\n", cells="ticks")


def test_what_is_no_vote_is_counted(tmp_path):
    found = read(tmp_path, "voter,A,B\nv1,x,maybe\nv1,,x\n,x,\nv2,x,x\n")
    assert dict(found.tally.dropped) == {
        "a cell that is no vote": 1, "no voter named": 1, "the same voter in a later row": 1,
    }  # fmt: skip
    assert scores(found, "approval") == {"": {"a": 1, "b": 2}}
    assert found.tally.read == found.tally.kept + 3 == 6
    assert [row for row, _ in found.tally.rows] == ["row 2, B", "row 4, A", "row 2, A"]


def test_a_workbook_with_ticked_boxes(tmp_path):
    book = openpyxl.Workbook()
    for row in (("voter", "Benches", "Trees"), ("v1", True, False), ("v2", True, True)):
        book.active.append(row)
    book.save(tmp_path / "votes.xlsx")
    assert scores(votes_of(tmp_path / "votes.xlsx", secret=bytes(32)), "approval") == {"": {"benches": 2, "trees": 1}}


@settings(deadline=None, max_examples=30)  # pandas takes its time
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=1, max_size=6))
def test_no_vote_is_lost_whichever_way_the_grid_lies(tmp_path_factory, dots):
    folder = tmp_path_factory.mktemp("grid")
    down = "\n".join(["priority,Table 1,Table 2,Table 3", *(f"P{n},{a},{b},{c}" for n, (a, b, c) in enumerate(dots))])
    heads = ",".join(f"P{n}" for n in range(len(dots)))
    across = "\n".join(
        [f"session,{heads}", *(f"Table {n + 1},{','.join(str(row[n]) for row in dots)}" for n in range(3))]
    )
    summed = {f"p{n}": sum(row) for n, row in enumerate(dots)}
    for text in (down, across):
        try:
            assert scores(read(folder, text, cells="votes"), "approval")[""] == summed
        except InputError as error:
            assert "holds no vote" in str(error)  # noqa: PT017
            assert sum(summed.values()) == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words_wherever_they_stand(tmp_path, text):
    cell = '"' + text.replace('"', '""') + '"'
    for grid in (f"voter,{cell},B\nv1,x,\n", f"{cell},A,B\nv1,x,\n", f"priority,{cell},B\n{cell},x,{cell}\n"):
        try:
            found = read(tmp_path, grid)
        except AssetMapError as error:
            assert "\n" not in str(error).strip()  # noqa: PT017
        else:
            assert found.tally.read == found.tally.kept + sum(found.tally.dropped.values())
