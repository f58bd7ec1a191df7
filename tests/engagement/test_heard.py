"""Who was heard: worked by hand, with the exact binomial's own figures."""

from math import comb

import pytest

from assetmap.ages import age_told
from assetmap.engagement.heard import compare_heard, group_of

AGES = {"0 to 15": 200.0, "16 to 64": 600.0, "65 and over": 200.0}


def test_a_group_with_too_few_voices_is_named():
    said = ["16-24"] * 18 + ["34"] * 10 + ["65+"] * 1 + ["under 16"] * 1 + [None] * 4 + ["10 to 20", "grown up"]
    found = compare_heard("age", said, AGES)
    assert found.table["heard"].tolist() == [1, 28, 1]
    assert found.untold == 4
    assert found.unmatched == {"10 to 20": 1, "grown up": 1}
    chance = sum(comb(30, n) * 0.2**n * 0.8 ** (30 - n) for n in (0, 1))  # as few as one of thirty
    assert found.table["chance"].iloc[[0, 2]].tolist() == pytest.approx([chance, chance])
    assert found.table["under"].tolist() == [True, False, True]


def test_with_few_voices_nothing_is_named():
    assert not compare_heard("age", ["16-24"] * 3, AGES).table["under"].any()
    assert not compare_heard("age", [], AGES).table["under"].any()
    assert compare_heard("age", [], AGES).table["share_heard"].isna().all()


def test_shares_add_up():
    found = compare_heard("sex", ["Woman", "m", "Male", "female"], {"Female": 30, "Male": 10})
    assert found.table["share_heard"].sum() == pytest.approx(1)
    assert found.table["share_residents"].tolist() == [0.75, 0.25]
    assert found.table["heard"].tolist() == [2, 2]


@pytest.mark.parametrize(
    ("word", "band"),
    [("65 or over", (65, 200)), ("15 or younger", (0, 15)), ("over 64", (65, 200)), ("16–24", (16, 24)), ("old", None)],
)
def test_ages_as_people_write_them(word, band):
    assert age_told(word) == band


def test_hostile_words_are_of_no_group():
    for word in ("<script>", "=1+1", "9" * 400, "\x00", "16-"):
        assert group_of("age", word, list(AGES)) is None or word == "16-"
