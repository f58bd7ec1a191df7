"""The review page's file read, compared and applied; hostile words stay words."""

from __future__ import annotations

import io
import json

import geopandas as gpd
import pytest
import shapely
from PIL import Image

from assetmap.errors import InputError, MissingInputError
from assetmap.kiosk.review import apply_review, compare_reviews, read_review, review_html
from assetmap.schema import empty_frame, validate_table

SHAPES = {
    "S1:1": shapely.Point(10, 10),
    "S1:2": shapely.LineString([(0, 0), (30, 0)]),
    "S1:3": shapely.LineString([(40, 0), (60, 0)]),
    "S1:4": shapely.box(0, 0, 5, 5),
}


def marks():
    frame = empty_frame("annotations", 27700).reindex(range(len(SHAPES)))
    frame["annotation_id"] = list(SHAPES)
    frame = frame.assign(
        consent="unknown", kind=["point", "line", "line", "writing"], source="photo.jpg", sheet_id="S1"
    )
    frame.geometry = gpd.GeoSeries(list(SHAPES.values()), crs=27700)
    return validate_table(frame.assign(confidence=0.9, belongs_to=None), "annotations")


def saved(path, *said, reviewer="AB"):
    content = {"format": "assetmap-review", "reviewer": reviewer, "marks": list(said)}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def said(mark, decision="accept", **more):
    return {"id": mark, "decision": decision, "consent": "public", **more}


def test_a_review_is_read_and_open_marks_are_left_out(tmp_path):
    path = saved(tmp_path / "reviews.json", said("S1:1", text=" A bench "), {"id": "S1:2", "decision": ""})
    review = read_review(path)
    assert review.reviewer == "AB"
    assert list(review.decisions) == ["S1:1"]
    assert review.decisions["S1:1"].text == "A bench"


def test_a_csv_says_the_same(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text("reviewer,id,decision,text,consent\nAB,S1:1,accept,A bench,public\nAB,S1:2,,,\n", encoding="utf-8")
    assert read_review(path) == read_review(saved(tmp_path / "r.json", said("S1:1", text="A bench")))


def test_words_feeling_and_consent_are_set(tmp_path):
    path = saved(tmp_path / "r.json", said("S1:1", text="A bench", theme="love this place", sentiment="positive"))
    found = apply_review(marks(), read_review(path), source=path.name)
    row = found.marks.set_index("annotation_id").loc["S1:1"]
    assert (row["text"], row["theme"], row["sentiment"]) == ("A bench", "love this place", "positive")
    assert (row["consent"], row["reviewed_by"]) == ("public", "AB")
    assert len(found.marks) == 4
    assert found.marks["reviewed_by"].notna().sum() == 1
    validate_table(found.marks, "annotations")


def test_a_merged_mark_goes_into_the_other_with_the_stricter_consent(tmp_path):
    path = saved(
        tmp_path / "r.json",
        said("S1:2", text="A way"),
        said("S1:3", "merge", into="S1:2", text="home", consent="research"),
    )
    found = apply_review(marks(), read_review(path), source=path.name).marks.set_index("annotation_id")
    assert "S1:3" not in found.index
    assert found.at["S1:2", "geometry"].length == pytest.approx(50)
    assert found.at["S1:2", "text"] == "A way home"
    assert found.at["S1:2", "consent"] == "research"


def test_a_rejected_mark_keeps_its_reason(tmp_path):
    path = saved(tmp_path / "r.json", said("S1:4", "reject"), said("S9:9"))
    found = apply_review(marks(), read_review(path), source=path.name)
    assert found.rejected["reason"].tolist() == ["rejected by AB"]
    assert len(found.marks) + len(found.rejected) == 4
    assert dict(found.tally.dropped) == {"no mark of that id": 1}


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (said("S1:1", "merge", into="S1:4"), "itself to reject"),
        (said("S1:1", "merge", into="S1:1"), "no other mark"),
        (said("S1:1", "merge", into="S7:1"), "no other mark"),
        (said("S1:1", "merge"), "not into which"),
        (said("S1:1", "perhaps"), "'perhaps' is unknown"),
        (said("S1:1", consent="maybe"), "'maybe' is unknown"),
        (said("S1:4"), "twice"),
        ({"decision": "accept"}, "has no id"),
    ],
)
def test_what_makes_no_sense_is_one_line(tmp_path, second, words):
    path = saved(tmp_path / "r.json", said("S1:4", "reject"), second)
    with pytest.raises(InputError, match=words):
        apply_review(marks(), read_review(path), source=path.name)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "assetmap-review"}', '{"marks": []}', "[" * 100_000])
def test_another_file_is_no_review(tmp_path, text):
    path = tmp_path / "r.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_review(path)
    with pytest.raises(MissingInputError):
        read_review(tmp_path / "none.json")


def test_nobody_reviewed(tmp_path):
    with pytest.raises(InputError, match="who reviewed"):
        read_review(saved(tmp_path / "r.json", said("S1:1"), reviewer=" "))


def test_two_reviewers(tmp_path):
    first = read_review(saved(tmp_path / "a.json", said("S1:1"), said("S1:2"), said("S1:3", "reject"), said("S1:4")))
    second = read_review(
        saved(tmp_path / "b.json", said("S1:1"), said("S1:2", "reject"), said("S1:3", "reject"), reviewer="CD")
    )
    found = compare_reviews(first, second)
    # accept/accept, accept/reject, reject/reject: p_o 2/3, p_e (2/3)(1/3) + (1/3)(2/3) = 4/9, kappa 0.4
    assert found.decision.n == 3
    assert found.decision.kappa == pytest.approx(0.4)
    assert found.differ == ("S1:2",)
    assert list(found.agreed.decisions) == ["S1:1", "S1:3"]
    assert found.agreed.reviewer == "AB, CD"


def test_the_page_encodes_every_word_and_shows_every_mark():
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(stream, "PNG")
    hostile = marks().assign(text="</textarea><script>alert(1)</script>", theme='"><img src=x onerror=alert(1)>')
    page = review_html(
        hostile, crops={"S1:1": stream.getvalue()}, study="<b>Place</b>", themes=["a theme"], made_on="2026-01-01"
    )
    assert page.count("<fieldset") == 4
    assert page.count("<script") == 1
    assert "<img src=x" not in page
    assert page.count("data:image/png;base64,") == 1
    assert "&lt;b&gt;Place" in page


def test_the_page_of_no_marks_says_so():
    page = review_html(marks().iloc[:0], crops={}, study="Place", themes=[], made_on="2026-01-01")
    assert "No mark has been read yet" in page
