"""Opening hours in words: what a reader of OpenStreetMap's syntax would say, or the text as it is."""

from __future__ import annotations

import pytest

from assetmap.maps.hours import hours_in_words
from assetmap.words import words_for


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("24/7", "Always open"),
        ("09:00-17:00", "09:00–17:00"),
        ("07:00-dusk", "07:00–dusk"),
        ("Mo-Sa 09:30-17:30; We off", "Monday–Saturday 09:30–17:30, Wednesday closed"),
        ("Tu, Th 09:00-12:00,13:00-24:00;", "Tuesday and Thursday 09:00–12:00, 13:00–24:00"),
        ("Fr-Su,PH 18:00-02:00", "Friday–Sunday and public holidays 18:00–02:00"),
        ("Mo-Fr: 09:00-17:00", "Monday–Friday 09:00–17:00"),
    ],
)
def test_days_and_times_are_said_in_words(written, said):
    assert hours_in_words(written, words_for("en")) == said


@pytest.mark.parametrize(
    "written",
    [
        *("", "by appointment", "Mon-Fri 9am-5pm", "Mo-Fr 9:00-17:00", "Mo[1] 10:00-12:00", "Apr-Oct 10:00-18:00"),
        *(
            'Mo-Fr 09:00-17:00 "ring the bell"',
            "Mo-Fr 09:00-17:00; SH off",
            "Mo-Fr 09:00+",
            "Mo 25:00-26:00",
            "off;;Mo",
        ),
        *("<script>alert(1)</script>", 'Mo-Fr 09:00-17:00 || "by appointment"'),
    ],
)
def test_what_is_more_than_that_stays_as_it_is(written):
    assert hours_in_words(written, words_for("pl")) == written


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("bn", "সোমবার–শুক্রবার ০৯:০০–১৭:০০, রবিবার বন্ধ"),
        ("pl", "poniedziałek–piątek 09:00–17:00, niedziela zamknięte"),
        ("ro", "luni–vineri 09:00–17:00, duminică închis"),
        ("so", "Isniin–Jimco 09:00–17:00, Axad waa xiran tahay"),
        ("ur", "پیر–جمعہ 09:00–17:00، اتوار بند"),
    ],
)
def test_the_days_are_those_of_the_language(language, said):
    assert hours_in_words("Mo-Fr 09:00-17:00; Su off", words_for(language)) == said
