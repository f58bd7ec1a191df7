"""Reading ages worked out on paper."""

from __future__ import annotations

import pytest

from assetmap.engagement.readability import reading_age


def test_a_text_of_known_words_sentences_and_syllables():
    # 12 words in one sentence; neigh-bour-hood has three parts and gar-den two, so 10 + 3 + 2 = 15 syllables
    text = "We made the old neighbourhood garden a place for all to rest."
    assert reading_age(text) == pytest.approx(5 + 0.39 * 12 + 11.8 * 15 / 12 - 15.59, abs=0.06)


def test_short_words_are_for_everybody_and_a_line_ends_a_sentence():
    assert reading_age("We met. It was shut.") == 5.0
    long = "We met and then we went on and so did she and so did he and it was shut and so we sat and ate"
    assert reading_age(long) > reading_age(long.replace(" and ", "\n"))


def test_nothing_to_read_is_no_fault():
    assert reading_age("") == reading_age("123 … !") == 5.0
