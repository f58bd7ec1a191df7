"""Who was heard, with small groups hidden: played by someone who knows the method and wants to know the hidden ones."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest

from assetmap.disclosure.small_counts import Rule
from assetmap.engagement.heard import Heard, compare_heard
from assetmap.study.engagement.hearing import hide_small

K = 5
RULE = Rule(K)


def heard_of(female: int, male: int, untold: int, *, residents: tuple[int, int] = (70, 30)) -> Heard:
    said = ["f"] * female + ["m"] * male + [None] * untold
    return hide_small(compare_heard("sex", said, {"female": residents[0], "male": residents[1]}), RULE)


def told_of(heard: Heard, people: int) -> str:
    """Everything that a reader sees."""
    columns = ["heard", "share_heard", "chance", "under"]
    whole = None if RULE.is_small(float(people)) else people
    return repr((whole, heard.table[columns].values.tolist(), heard.untold, dict(heard.unmatched)))


def test_no_small_group_can_be_worked_out():
    """All ways in which up to 8 people can be of two groups or say nothing, put together by what is told of them."""
    alike = defaultdict(list)
    for people in product(range(9), repeat=3):
        if 0 < sum(people) <= 8:
            alike[told_of(heard_of(*people), sum(people))].append(people)
    assert sum(map(len, alike.values())) == 164
    for told, ways in alike.items():
        for numbers in zip(*ways, strict=True):
            if any(0 < number < K for number in numbers):
                assert set(range(1, K)) <= set(numbers) or max(numbers) - min(numbers) >= K, (told, ways)


def test_of_fewer_than_k_people_nothing_is_told_but_that():
    """Four of one group and none of the other: the whole and the 0 would tell the 4."""
    heard = heard_of(0, 4, 0)
    assert heard.table["heard"].isna().all()
    assert heard.untold is None


def test_those_who_did_not_say_do_not_give_a_group_away():
    """Of 22 people 20 are female: of the other 2, how many are male and how many said nothing?"""
    heard = heard_of(20, 1, 1)
    assert heard.untold is None
    assert heard.table["heard"].iloc[1:].isna().all()


@pytest.mark.parametrize(("male", "named"), [(0, True), (1, False), (4, False)])
def test_a_hidden_group_is_not_named_by_a_word_that_only_fits_one_number(male, named):
    """With 25 people and 20 % male, 0 or 1 are too few by chance, 2 and more are not: the word would tell the 1."""
    heard = heard_of(25 - male, male, 0, residents=(80, 20))
    assert heard.table["under"].tolist() == [False, named]


def test_a_hidden_group_is_named_where_any_number_of_it_would_be_too_few():
    """200 people, 4 and 9 of two small groups: the 4 hides behind the 9, and 12 of 200 are too few of 20 %."""
    said = ["16 to 64"] * 187 + ["0 to 15"] * 4 + ["65 and over"] * 9
    residents = {"0 to 15": 200.0, "16 to 64": 600.0, "65 and over": 200.0}
    table = hide_small(compare_heard("age", said, residents), RULE).table
    assert table["hidden"].tolist() == [True, False, True]
    assert table["under"].tolist() == [True, False, True]
