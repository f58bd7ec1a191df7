"""The review page's file read, compared and applied; hostile words stay words, and nothing unreviewed is consented."""

from __future__ import annotations

import io
import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from PIL import Image

from assetmap.errors import InputError, MissingInputError
from assetmap.kiosk.review import (
    MarkPictures,
    annotations_of,
    compare_reviews,
    join_reviews,
    read_review,
    review_html,
    set_decisions,
    settle_reviews,
)
from assetmap.schema import empty_frame, validate_table
from assetmap.tally import Tally

SHAPES = {
    "S1:1": shapely.Point(10, 10),
    "S1:2": shapely.LineString([(0, 0), (30, 0)]),
    "S1:3": shapely.LineString([(40, 0), (60, 0)]),
    "S1:4": shapely.box(0, 0, 5, 5),
}


def marks():
    """A point with the writing S1:4, and a line that was read in two parts."""
    frame = empty_frame("annotations", 27700).reindex(range(len(SHAPES)))
    frame["annotation_id"] = list(SHAPES)
    frame = frame.assign(
        consent="unknown", kind=["point", "line", "line", "writing"], source="photo.jpg", sheet_id="S1"
    )
    frame.geometry = gpd.GeoSeries(list(SHAPES.values()), crs=27700)
    return validate_table(frame.assign(confidence=0.9, belongs_to=[None, None, None, "S1:1"]), "annotations")


def saved(path, *said, reviewer="AB"):
    content = {"format": "assetmap-review", "reviewer": reviewer, "marks": list(said)}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def said(mark, decision="accept", **more):
    return {"id": mark, "decision": decision, "consent": "public", **more}


def applied(frame, tmp_path, *decisions, reviewer="AB"):
    review = read_review(saved(tmp_path / "r.json", *decisions, reviewer=reviewer))
    return set_decisions(frame, settle_reviews([review]), Tally("r.json"))


def annotated(frame):
    tally = Tally("marks")
    found = annotations_of(frame, tally)
    assert tally.kept == len(found)
    return found.set_index("annotation_id"), dict(tally.dropped)


def test_a_review_is_read_and_open_marks_are_left_out(tmp_path):
    path = saved(tmp_path / "reviews.json", said("S1:1", text=" A bench "), {"id": "S1:2", "decision": ""})
    review = read_review(path)
    assert review.reviewer == "AB"
    assert list(review.decisions) == ["S1:1"]
    assert review.decisions["S1:1"].text == "A bench"


def test_a_csv_says_the_same_and_its_guard_against_formulas_comes_off(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text(
        "reviewer,id,decision,text,consent\nAB,S1:1,accept,'=A bench,public\nAB,S1:2,,,\n", encoding="utf-8"
    )
    assert read_review(path) == read_review(saved(tmp_path / "r.json", said("S1:1", text="=A bench")))


def test_words_feeling_and_consent_are_set(tmp_path):
    decided = applied(marks(), tmp_path, said("S1:1", text="A bench", theme="love this place", sentiment="positive"))
    row = annotated(decided)[0].loc["S1:1"]
    assert (row["text"], row["theme"], row["sentiment"]) == ("A bench", "love this place", "positive")
    assert (row["consent"], row["reviewed_by"]) == ("public", "AB")
    assert decided["reviewed_by"].notna().sum() == 1


def test_a_mark_that_nobody_reviewed_is_never_consented(tmp_path):
    """Whatever its row says: a table may have been changed elsewhere."""
    found, _ = annotated(marks().assign(consent="public"))
    assert set(found["consent"]) == {"unknown"}
    decided = applied(marks().assign(consent="public"), tmp_path, said("S1:2"), said("S1:4", text="Too dark"))
    found, _ = annotated(decided)
    assert found["consent"].to_dict() == {"S1:1": "unknown", "S1:2": "public", "S1:3": "unknown"}
    assert found.at["S1:1", "text"] == "Too dark"


def test_a_merged_mark_goes_into_the_other_with_the_stricter_consent(tmp_path):
    decisions = (
        said("S1:2", text="A way"),
        said("S1:3", "merge", into="S1:2", text="home", consent="research"),
    )
    found, dropped = annotated(applied(marks(), tmp_path, *decisions))
    assert "S1:3" not in found.index
    assert dropped["merged into another mark"] == 1
    assert found.at["S1:2", "geometry"].length == pytest.approx(50)
    assert found.at["S1:2", "text"] == "A way home"
    assert found.at["S1:2", "consent"] == "research"


def test_a_mark_merged_into_one_of_another_kind_gives_it_words_alone(tmp_path):
    found, _ = annotated(applied(marks(), tmp_path, said("S1:1"), said("S1:2", "merge", into="S1:1", text="here")))
    assert found.at["S1:1", "geometry"] == SHAPES["S1:1"]
    assert found.at["S1:1", "text"] == "here"


def test_writing_gives_its_words_to_its_mark_or_is_one_of_its_own(tmp_path):
    found, dropped = annotated(applied(marks(), tmp_path, said("S1:1"), said("S1:4", text="Too dark")))
    assert (found.at["S1:1", "text"], found.at["S1:1", "consent"]) == ("Too dark", "public")
    assert dropped == {"writing: its words are with its mark": 1}
    moved = said("S1:4", "merge", into="S1:2", text="Too dark", consent="research")
    found, _ = annotated(applied(marks(), tmp_path, said("S1:1"), said("S1:2"), moved))
    assert pd.isna(found.at["S1:1", "text"])
    assert (found.at["S1:2", "text"], found.at["S1:2", "consent"]) == ("Too dark", "research")
    assert found.at["S1:2", "geometry"] == SHAPES["S1:2"]
    found, _ = annotated(applied(marks(), tmp_path, said("S1:1", "reject"), said("S1:4", text="Too dark")))
    assert (found.at["S1:4", "kind"], found.at["S1:4", "text"]) == ("writing", "Too dark")


def test_a_rejected_mark_is_left_out_and_may_come_back(tmp_path):
    rejected = applied(marks(), tmp_path, said("S1:2", "reject"))
    found, dropped = annotated(rejected)
    assert "S1:2" not in found.index
    assert dropped["rejected by a reviewer"] == 1
    found, _ = annotated(applied(rejected, tmp_path, said("S1:2"), reviewer="CD"))
    assert found.at["S1:2", "reviewed_by"] == "CD"


def test_a_review_taken_in_twice_changes_nothing(tmp_path):
    decisions = (said("S1:2", text="A"), said("S1:3", "merge", into="S1:2", text="B"), said("S1:1", "reject"))
    once = applied(marks(), tmp_path, *decisions)
    twice = applied(once, tmp_path, *decisions)
    pd.testing.assert_frame_equal(once, twice)
    assert annotated(twice)[0].at["S1:2", "text"] == "A B"


def test_a_decision_on_a_mark_that_is_not_there_is_counted(tmp_path):
    tally = Tally("r.json")
    review = read_review(saved(tmp_path / "r.json", said("S1:1"), said("S9:9")))
    set_decisions(marks(), settle_reviews([review]), tally)
    assert (tally.read, dict(tally.dropped)) == (2, {"no mark of that id": 1})


def test_a_mark_that_others_were_merged_into_cannot_be_rejected_later(tmp_path):
    merged = applied(marks(), tmp_path, said("S1:3", "merge", into="S1:2"))
    with pytest.raises(InputError, match="itself to reject"):
        applied(merged, tmp_path, said("S1:2", "reject"))


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (said("S1:1", "merge", into="S1:4"), "itself to reject"),
        (said("S1:1", "merge", into="S1:1"), "no other mark"),
        (said("S1:1", "merge", into="S7:1"), "no other mark"),
        (said("S1:1", "merge"), "not into which"),
        (said("S1:1", "perhaps"), "'perhaps' is unknown"),
        (said("S1:1", consent="maybe"), "'maybe' is unknown"),
        (said("S1:1", text=["words"]), "is list, not text"),
        (said("S1:1", text="w" * 2001), "2000 at most"),
        (said("S1:1", theme="w" * 201), "200 at most"),
        (said("S1:4"), "twice"),
        ({"decision": "accept"}, "has no id"),
    ],
)
def test_what_makes_no_sense_is_one_line(tmp_path, second, words):
    with pytest.raises(InputError, match=words) as caught:
        applied(marks(), tmp_path, said("S1:4", "reject"), second)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "assetmap-review"}', '{"marks": []}', "[" * 100_000])
def test_another_file_is_no_review(tmp_path, text):
    path = tmp_path / "r.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_review(path)
    with pytest.raises(MissingInputError):
        read_review(tmp_path / "none.json")


@pytest.mark.parametrize(("reviewer", "words"), [(" ", "who reviewed"), ("\u202e", "who reviewed"), ("A" * 61, "60")])
def test_a_reviewer_has_a_name(tmp_path, reviewer, words):
    with pytest.raises(InputError, match=words):
        read_review(saved(tmp_path / "r.json", said("S1:1"), reviewer=reviewer))


def test_two_reviewers(tmp_path):
    first = read_review(
        saved(tmp_path / "a.json", said("S1:1", text="A Bench"), said("S1:2"), said("S1:3", "reject"), said("S1:4"))
    )
    second = read_review(
        saved(
            tmp_path / "b.json",
            said("S1:1", text="a  bench"), said("S1:2", "reject"), said("S1:3", "reject"),
            reviewer="CD",
        )
    )  # fmt: skip
    found = compare_reviews(first, second)
    # accept/accept, accept/reject, reject/reject: p_o 2/3, p_e (2/3)(1/3) + (1/3)(2/3) = 4/9, kappa 0.4
    assert found.fields["decision"].n == 3
    assert found.fields["decision"].kappa == pytest.approx(0.4)
    assert found.fields["consent"].n == 1  # rejected marks have none
    assert found.texts == (1, 1)
    assert found.differ == ("S1:2",)
    settled = settle_reviews([first, second])
    assert {mark: (one.decision, by) for mark, (one, by) in settled.decisions.items()} == {
        "S1:1": ("accept", "AB, CD"), "S1:3": ("reject", "AB, CD"), "S1:4": ("accept", "AB"),
    }  # fmt: skip
    assert settled.decisions["S1:1"][0].text == "A Bench"
    assert settled.differ == ("S1:2",)


def test_reviewers_who_differ_on_consent_settle_nothing(tmp_path):
    first = read_review(saved(tmp_path / "a.json", said("S1:1")))
    second = read_review(saved(tmp_path / "b.json", said("S1:1", consent="none"), reviewer="CD"))
    assert settle_reviews([first, second]).decisions == {}


def test_two_files_of_one_reviewer_are_one_review(tmp_path):
    first = read_review(saved(tmp_path / "a.json", said("S1:1")))
    second = read_review(saved(tmp_path / "b.json", said("S1:1"), said("S1:2")))
    (joined,) = join_reviews([first, second])
    assert sorted(joined.decisions) == ["S1:1", "S1:2"]
    other = read_review(saved(tmp_path / "c.json", said("S1:1", "reject")))
    with pytest.raises(InputError, match="two files by AB differ on S1:1"):
        join_reviews([first, other])


def test_the_page_encodes_every_word_and_shows_every_mark():
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(stream, "PNG")
    hostile = marks().assign(text="</textarea><script>alert(1)</script>", theme='"><img src=x onerror=alert(1)>')
    page = review_html(
        hostile,
        pictures={"S1:4": MarkPictures(crop=stream.getvalue())},
        study="<b>Place</b>",
        themes=["a theme"],
        made_on="2026-01-01",
    )
    assert page.count("<fieldset") == 3  # the writing is on the card of its mark
    assert all(f'data-id="{mark}"' in page for mark in SHAPES)
    assert page.count("<script") == 1
    assert "<img src=x" not in page
    assert page.count("data:image/png;base64,") == 1
    assert "&lt;b&gt;Place" in page


def test_the_page_of_no_marks_says_so():
    page = review_html(marks().iloc[:0], pictures={}, study="Place", themes=[], made_on="2026-01-01")
    assert "No mark has been read yet" in page
