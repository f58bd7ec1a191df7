"""The gate: what goes through, what stays, and what is said of it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from assetmap.disclosure.gate import REACHES_A_PERSON, Terms, join, pass_frame, pass_people, pass_words, settle
from assetmap.disclosure.personal_text import public_places
from assetmap.disclosure.resident_voices import pass_marks
from assetmap.disclosure.stamp import require_stamp
from assetmap.disclosure.word_review import Approval, words_mark
from assetmap.errors import DisclosureError
from tests.disclosure.studies import study_tables

TERMS = Terms("residents", "2026-05-04", bytes(range(32)), places=public_places(["Victoria Park"]))


def stops(**columns):
    table = {"stop": ["a", "b", "c"], "number": [1, 2, 3], "text": ["Herons", "Ask Maureen Pike", "The lock"]} | columns
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy([0, 1, 2], [0, 1, 2]), crs=27700)


def marks(count=12, **columns):
    rng = np.random.default_rng(0)
    table = {
        "annotation_id": [f"f:{n}" for n in range(count)],
        "contributor_id": [f"c{n}" for n in range(count)],
        "consent": ["public"] * count,
        "text": [f"The bench by the water is what I like most, said {n} of us" for n in range(count)],
        "theme": ["love"] * count,
        "sheet_id": [f"S{n % 4}" for n in range(count)],
        "source": ["marks.csv"] * count,
    }
    return gpd.GeoDataFrame(table | columns, geometry=gpd.points_from_xy(*rng.uniform(300, 700, (2, count))), crs=27700)


@pytest.fixture(scope="module")
def origins():
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(0, 1000, 20.0), np.arange(0, 1000, 20.0)))
    return gpd.GeoDataFrame({"people": np.full(len(x), 2.5)}, geometry=gpd.points_from_xy(x, y), crs=27700)


LAND = shapely.box(0, 0, 1000, 1000)


def test_a_frame_leaves_with_named_columns_screened_words_and_the_stamp():
    passed = pass_frame(stops(secret="x"), TERMS, name="stops", keep=("number",), words=("text",), item="stop")
    frame = passed.frames["stops"]
    assert list(frame.columns) == ["number", "text", "geometry"]
    assert frame["text"].tolist()[::2] == ["Herons", "The lock"]
    assert frame["text"].isna().tolist() == [False, True, False]
    require_stamp(frame, "residents", "the stops")
    assert passed.waiting["item"].tolist() == ["b text"]
    assert [(kept.what, kept.item) for kept in passed.withheld] == [("words of stops", "b text")]


def test_a_person_s_decision_lets_the_words_out_and_holds_for_these_words_alone():
    yes = {"b text": Approval(words_mark("Ask Maureen Pike"), "Ask [name]")}
    terms = Terms("residents", "2026-05-04", bytes(32), approvals=yes)
    passed = pass_frame(stops(), terms, name="stops", words=("text",), item="stop")
    assert passed.frames["stops"]["text"].tolist() == ["Herons", "Ask [name]", "The lock"]
    assert passed.decided == {words_mark("Ask Maureen Pike")}
    changed = pass_frame(
        stops(text=["Herons", "Ask Maureen Pike!", "x"]), terms, name="stops", words=("text",), item="stop"
    )
    assert changed.waiting["item"].tolist() == ["b text"]


def test_consent_is_obeyed_row_by_row():
    asked = stops(consent=["public", "partners", "none"], contributor_id=["1", "2", "3"], annotation_id=["a", "b", "c"])
    passed = pass_frame(asked, TERMS, name="stops", keep=("number",), item="stop")
    assert passed.frames["stops"]["number"].tolist() == [1]
    assert [kept.item for kept in passed.withheld] == ["b", "c"]


def test_names_of_clubs_and_firms_are_no_people_but_their_telephones_reach_one():
    facts = stops(text=["Maureen Pike & Sons", "Ring Maureen Pike, 07700 900123", "m.pike@example.org"])
    passed = pass_frame(facts, TERMS, name="assets", words=("text",), item="stop", kinds=REACHES_A_PERSON)
    assert passed.frames["assets"]["text"].notna().tolist() == [True, False, False]


def test_no_control_character_or_override_of_direction_leaves():
    passed = pass_frame(
        stops(text=["Park\u202egnp.exe", "a\x00b", "c\u2066d"]), TERMS, name="s", words=("text",), item="stop"
    )
    assert passed.frames["s"]["text"].tolist() == ["Parkgnp.exe", "ab", "cd"]


def test_texts_alone_keep_their_index():
    texts = pd.Series(["Herons", None, "Call 07700 900123"], index=[7, 3, 5])
    passed = pass_words(texts, pd.Series(["a", "b", "c"], index=texts.index), TERMS, what="stories")
    assert passed.frames["words"]["words"].dropna().to_dict() == {7: "Herons"}


def test_marks_leave_as_counts_and_as_remarks_in_an_order_that_tells_nothing(origins):
    passed = pass_marks(marks(), origins, LAND, TERMS)
    assert passed.refusals == ()
    cells, remarks = passed.frames["mark_cells"], passed.frames["comments"]
    assert cells["count"].sum() == 12
    assert list(remarks.columns) == ["theme", "text", "geometry"]
    assert remarks["text"].is_monotonic_increasing
    assert passed.entry(TERMS).places
    assert not any("f:" in name for name in passed.points)


@pytest.mark.parametrize(
    ("given", "people", "says"),
    [
        (marks(consent=["unknown"] * 12), True, "none of 12 marks says what its contributor agreed to"),
        (marks().drop(columns="consent"), True, "12 marks have no consent column"),
        (marks(), False, "population is missing"),
        (marks().drop(columns="consent"), False, "population is missing"),
    ],
)
def test_what_withholding_cant_cure_is_a_refusal_and_nothing_leaves(given, people, says, origins):
    homes = origins if people else origins.assign(people=np.nan)
    passed = pass_marks(given, homes, LAND, TERMS)
    assert passed.frames == {}
    assert says in " ".join(passed.refusals)


def test_a_theme_is_free_text_too(origins):
    named = marks(theme=["by Mrs Wilhelmina Oakes's door"] * 4 + ["love"] * 8)
    passed = pass_marks(named, origins, LAND, TERMS)
    assert not passed.frames["comments"]["theme"].fillna("").str.contains("Oakes").any()
    assert not passed.frames["mark_cells"]["theme"].str.contains("Oakes").any()
    assert len([kept for kept in passed.withheld if kept.what == "themes"]) == 1


def test_no_marks_is_no_question(origins):
    assert pass_marks(marks().iloc[:0], origins.iloc[:0], LAND, TERMS).refusals == ()


def test_counts_of_people_are_hidden_together_and_conflicts_with_earlier_releases_refused():
    tables = study_tables(3, zones=6, homes=8)
    zones = gpd.GeoDataFrame(
        tables.pop("zones").assign(name="x", vintage="own", population_kind="table"),
        geometry=[shapely.box(n, 0, n + 1, 1) for n in range(6)],
        crs=27700,
    )
    passed = settle(pass_people(tables, zones, TERMS), TERMS)
    assert passed.refusals == ()
    assert passed.facts["hidden_cells"]["access_by_zone"] > 0
    assert "population_kind" not in passed.frames["zones"]
    shown = passed.frames["access_by_zone"]["people_400m"].dropna()
    assert ((shown == 0) | (shown >= 10)).all()
    # the same again is no conflict; with more shown before than may be now, it is one
    again = Terms("residents", "2026-06-01", TERMS.secret, ledger=[passed.entry(TERMS)])
    assert settle(pass_people(tables, zones, again), again).refusals == ()
    loose = Terms("residents", "2026-05-04", TERMS.secret, k=5)
    before = pass_people(tables, zones, loose).entry(loose)
    strict = Terms("residents", "2026-06-01", TERMS.secret, ledger=[before])
    (reason,) = settle(pass_people(tables, zones, strict), strict).refusals
    assert "follow from what was shown before (2026-05-04)" in reason


def test_passages_are_joined():
    both = join([pass_frame(stops(), TERMS, name=name, words=("text",), item="stop") for name in ("one", "two")])
    assert set(both.frames) == {"one", "two"}
    assert len(both.withheld) == len(both.waiting) == 2


def test_a_release_for_partners_isnt_one_for_residents():
    partners = Terms("partners", "2026-05-04", bytes(32))
    frame = pass_frame(stops(), partners, name="stops", keep=("number",)).frames["stops"]
    with pytest.raises(DisclosureError, match="passed for partners"):
        require_stamp(frame, "residents", "the stops")
