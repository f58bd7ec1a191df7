"""Zone figures as classes and words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assetmap.maps import ZoneView
from assetmap.maps.zone_views import class_zones, value_words
from assetmap.words import Phrase, words_for

EN = words_for("en")


def view(kind, **changes):
    return ZoneView(**{"column": "x", "title": "X", "sentence": "…", "kind": kind} | changes)


def test_deciles_are_their_own_classes_the_most_deprived_darkest():
    classed = class_zones(view("decile"), pd.Series([1.0, 10.0, 4.0, np.nan]), EN)
    assert classed.classes == (0, 9, 3, -1)
    assert classed.labels == tuple(str(decile) for decile in range(1, 11))
    assert classed.words == ("decile 1", "decile 10", "decile 4", "not known")
    assert classed.missing == 1
    assert sum(classed.counts) == 3
    assert int(classed.colours[0][1:], 16) < int(classed.colours[9][1:], 16)


def test_a_value_on_a_limit_belongs_below():
    classed = class_zones(view("distance_m"), pd.Series([200.0, 200.1, 0.0, 1200.0, 5000.0]), EN)
    assert classed.classes == (0, 1, 0, 3, 4)
    assert classed.labels == ("up to 200 m", "200 to 400 m", "400 to 800 m", "800 to 1,200 m", "more than 1,200 m")


def test_shares_are_told_in_hundredths():
    classed = class_zones(view("share"), pd.Series([0.0, 0.2, 0.55, 1.0]), EN)
    assert classed.words == ("0%", "20%", "55%", "100%")
    assert classed.labels == ("up to 20%", "20 to 40%", "40 to 60%", "60 to 80%", "more than 80%")


def test_own_breaks_and_labels_go_first():
    own = view("number", breaks=(1.0, 2.5), unit="ha", missing="no park")
    classed = class_zones(own, pd.Series([np.nan, 2.5, 3.0]), EN)
    assert classed.labels == ("up to 1 ha", "1 to 2.5 ha", "more than 2.5 ha")
    assert classed.words == ("no park", "2.5 ha", "3 ha")
    named = view("number", breaks=(1.0,), labels=("little", "much"))
    assert class_zones(named, pd.Series([0.5, 2.0]), EN).labels == ("little", "much")


def test_words_and_infinities_count_as_missing():
    classed = class_zones(view("distance_m"), pd.Series([np.inf, "far", 3.0], dtype=object), EN)
    assert classed.classes == (-1, -1, 0)
    assert classed.words[:2] == ("not known", "not known")


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "0 people"), (0.123, "0.12 people"), (1234.5, "1,234 people"), (7.0, "7 people")]
)
def test_numbers_are_rounded_for_reading(value, words):
    assert value_words(view("number", breaks=(1.0,), unit="people"), value, EN) == words


def test_phrases_are_said_in_the_map_s_language():
    bengali = words_for("bn")
    own = view("number", breaks=(10.0, 20.0), unit=Phrase("unit_m2"))
    classed = class_zones(own, pd.Series([15.0, np.nan]), bengali)
    assert classed.labels == ("১০ বর্গমিটার পর্যন্ত", "১০ থেকে ২০ বর্গমিটার", "২০ বর্গমিটার-এর বেশি")
    assert classed.words == ("১৫ বর্গমিটার", "জানা নেই")
