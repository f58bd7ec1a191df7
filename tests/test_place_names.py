"""How alike names are."""

from __future__ import annotations

import pytest

from assetmap.place_names import name_similarity, name_words


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Tidewell Community Ctr", "Tidewell Community Centre"),
        ("St. Bride's & St Olave's \"Old\" Hall", "Saint Brides and St Olaves Old Hall"),
        ("Café Ünïcode", "cafe unicode"),
        ("The Oxford House", "OXFORD HOUSE"),
        ("Jamia Masjid", "Jamia Mosque"),
        ("Kingfisher Park", "King Fisher Park"),
    ],
)
def test_one_name_in_two_spellings(mine, theirs):
    assert name_similarity(mine, theirs, "community_centre") == 1.0


@pytest.mark.parametrize(
    ("mine", "theirs", "category"),
    [
        ("Tidewell Public Library", "Tidewell Library", "library"),
        ("Basin Theatre & Studio", "Basin Theatre", "theatre"),
        ("Chisenhale Road Primary School", "Chisenhale Primary School", "school"),
        ("Bromley-by-Bow Centre", "Bromley by Bow Community Centre", "community_centre"),
        ("Kingfisher Park", "Kingfishers Park", "park"),
    ],
)
def test_like_names(mine, theirs, category):
    assert name_similarity(mine, theirs, category) >= 0.85


@pytest.mark.parametrize(
    ("mine", "theirs", "category"),
    [
        ("Saltern Community Centre", "Netmakers Community Centre", "community_centre"),
        ("Ropewalk Scout Hut", "Tidewell Community Centre", "community_centre"),
        ("The Crown", "The Bell", "pub"),
        ("Boots", "Superdrug", "pharmacy"),
        ("", "Library", "library"),
        ("???", "!!!", "library"),
    ],
)
def test_other_names(mine, theirs, category):
    assert name_similarity(mine, theirs, category) <= 0.5


def test_kinds_told_apart_by_name_count():
    same = name_similarity("Windmill Youth Club", "Windmill Youth Centre", "community_centre")
    other = name_similarity("Windmill Youth Club", "Windmill Village Hall", "community_centre")
    assert other < 0.85
    assert other <= same


def test_similarity_goes_both_ways():
    names = ["Tidewell Library", "Library of Tidewell", "Idea Store Bow", "Bow Idea Store & Café", "St Mary's"]
    for mine in names:
        for theirs in names:
            there, back = name_similarity(mine, theirs, "library"), name_similarity(theirs, mine, "library")
            assert there == back
            assert 0 <= there <= 1


def test_a_name_of_small_words_keeps_them():
    assert name_words("The And") == ("the", "and")
    assert name_words("…") == ()
