"""Consent is obeyed mark by mark; two answers mean the stricter; a source without any answer is refused."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from assetmap.disclosure.consent import contradictions, may_leave, require_consent, strictest_consent
from assetmap.errors import DisclosureError, UsageError


def marks(*rows: tuple[str, str | None, str], text: str | None = None, source: str = "marks.csv") -> gpd.GeoDataFrame:
    """Marks of (annotation_id, contributor_id, consent), each at a place of its own."""
    frame = pd.DataFrame(rows, columns=["annotation_id", "contributor_id", "consent"])
    shapes = [Point(530_000 + n, 180_000) for n in range(len(frame))]
    return gpd.GeoDataFrame(frame.assign(text=text, source=source), geometry=shapes, crs="EPSG:27700")


EACH = marks(
    ("a", "1", "none"), ("b", "2", "research"), ("c", "3", "partners"), ("d", "4", "public"), ("e", "5", "unknown")
)


def test_each_audience_gets_what_was_agreed_to():
    assert may_leave(EACH, "residents").tolist() == [False, False, False, True, False]
    assert may_leave(EACH, "partners").tolist() == [False, False, True, True, False]


def test_no_other_audience_is_known():
    with pytest.raises(UsageError, match="team"):
        may_leave(EACH, "team")


def test_a_mark_that_is_there_twice_has_the_stricter_answer():
    twice = marks(("S1:1", "1", "public"), ("S1:1", "1", "research"), ("S1:2", "1", "public"))
    assert strictest_consent(twice).tolist() == ["research", "research", "public"]


def test_the_same_words_at_the_same_place_are_the_same_mark():
    twice = marks(("a:1", "1", "public"), ("b:1", "1", "partners"), text="Herons")
    assert strictest_consent(twice).tolist() == ["public", "partners"]
    twice.geometry = [Point(530_000, 180_000)] * 2
    assert strictest_consent(twice).tolist() == ["partners", "partners"]


def test_who_says_no_once_has_said_it_of_all_their_marks():
    frame = marks(
        ("a", "1", "none"), ("b", "1", "public"), ("c", "2", "public"), ("d", None, "none"), ("e", None, "public")
    )
    assert may_leave(frame, "residents").tolist() == [False, False, True, False, True]
    assert [mark for mark, _ in contradictions(frame)] == ["b"]
    assert "says public, but none holds" in contradictions(frame)[0][1]


def test_one_recording_on_two_walks_has_the_stricter_answer():
    frame = marks(
        ("north:0123456789ab", "1", "public"), ("south:0123456789ab", None, "unknown"), ("s:row1", "2", "public")
    )
    assert may_leave(frame, "partners").tolist() == [False, False, True]


def test_who_said_no_elsewhere_keeps_back_the_copy_of_another_too():
    frame = marks(("a", "1", "none"), ("n:0123456789ab", "1", "public"), ("s:0123456789ab", "2", "public"))
    assert not may_leave(frame, "residents").any()


def test_not_asked_on_one_mark_says_nothing_of_another():
    frame = marks(("a", "1", "unknown"), ("b", "1", "public"))
    assert may_leave(frame, "residents").tolist() == [False, True]
    assert contradictions(frame) == ()


def test_a_value_that_is_no_answer_is_none():
    frame = marks(("a", "1", "perhaps"), ("b", "2", "public"))
    frame.loc[1, "consent"] = None
    assert may_leave(frame, "residents").tolist() == [False, False]


def test_the_callers_index_is_kept():
    frame = EACH.set_index(pd.Index([9, 4, 7, 1, 0]))
    assert may_leave(frame, "residents").index.tolist() == [9, 4, 7, 1, 0]
    assert may_leave(EACH.iloc[:0], "residents").tolist() == []


def test_a_source_of_which_nobody_asked_is_refused():
    frame = pd.concat([EACH, marks(("x", "1", "unknown"), ("y", None, "unknown"), source="workshop.geojson")])
    require_consent(EACH)
    with pytest.raises(DisclosureError, match=r"^workshop\.geojson: none of 2 marks says .* add a column `consent`"):
        require_consent(frame)
    with pytest.raises(DisclosureError, match="5 marks have no consent column"):
        require_consent(EACH.drop(columns="consent"))


def test_no_marks_need_no_consent():
    require_consent(EACH.iloc[:0])
