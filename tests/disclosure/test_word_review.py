"""Words that pass, words that wait, and what a person decides about them."""

from __future__ import annotations

import pandas as pd
import pytest

from assetmap.disclosure.personal_text import public_places
from assetmap.disclosure.word_review import Approval, read_approvals, screen_words, words_mark
from assetmap.errors import InputError, MissingInputError
from assetmap.table_files import write_csv

TEXTS = pd.Series(["Herons in Mere Park", "Ask Maureen Pike, 07700 900123", None], index=[5, 6, 7], dtype="str")
ITEMS = pd.Series(["a", "b", "c"], index=TEXTS.index)
PLACES = public_places(["Mere Park"])


def screened(approvals=None, **more):
    return screen_words(TEXTS, ITEMS, PLACES, approvals or {}, **more)


def filled_in(path, decision, **cells):
    row = screened().waiting.iloc[0].to_dict() | {"decision": decision} | cells
    pd.DataFrame([row]).to_csv(path, index=False)
    return path


def test_plain_words_pass_and_personal_ones_wait():
    found = screened()
    assert found.shown[5] == "Herons in Mere Park"
    assert found.shown[[6, 7]].isna().all()
    assert found.waiting[["item", "found", "proposed"]].to_numpy().tolist() == [
        ["b", "name, phone", "Ask [name], [phone]"]
    ]


@pytest.mark.parametrize(
    ("decision", "cells", "shown"),
    [
        ("as proposed", {}, "Ask [name], [phone]"),
        ("As written ", {}, "Ask Maureen Pike, 07700 900123"),
        ("edited", {"edited": "Ask at the hall"}, "Ask at the hall"),
    ],
)
def test_a_person_lets_words_pass(tmp_path, decision, cells, shown):
    found = screened(read_approvals(filled_in(tmp_path / "review.csv", decision, **cells)))
    assert found.shown[6] == shown
    assert found.approved == ("b",)
    assert found.waiting.empty


def test_a_person_withholds(tmp_path):
    found = screened(read_approvals(filled_in(tmp_path / "review.csv", "withhold")))
    assert found.refused == ("b",)
    assert found.shown.notna().sum() == 1
    assert found.waiting.empty


def test_a_decision_is_known_by_its_words_when_rows_are_numbered_anew():
    words = pd.Series(["Ask Maureen Pike"])
    yes, no = Approval(words_mark(words[0]), "Ask [name]"), Approval(words_mark(words[0]), None)
    shown = screen_words(words, pd.Series(["new:7"]), public_places([]), {"old:3": yes}).shown
    assert shown.tolist() == ["Ask [name]"]
    # of two that differ neither holds
    both = screen_words(words, pd.Series(["new:7"]), public_places([]), {"old:3": yes, "old:4": no})
    assert both.waiting["item"].tolist() == ["new:7"]


def test_a_decision_holds_for_the_words_it_was_about_only():
    assert len(screened({"b": Approval(words_mark("other words"), "Ask")}).waiting) == 1


def test_what_is_blocked_is_neither_shown_nor_asked_about():
    found = screened(blocked=frozenset({"a", "b"}))
    assert found.shown.isna().all()
    assert found.waiting.empty


@pytest.mark.parametrize(
    ("decision", "cells", "says"),
    [
        ("yes", {}, "'yes' is unknown"),
        ("edited", {}, "`edited` is empty"),
        ("as written", {"original": "Ask"}, "was changed"),
    ],
)
def test_a_decision_that_makes_no_sense(tmp_path, decision, cells, says):
    with pytest.raises(InputError, match=says):
        read_approvals(filled_in(tmp_path / "review.csv", decision, **cells))


def test_rows_without_a_decision_and_files_that_are_no_review(tmp_path):
    assert read_approvals(filled_in(tmp_path / "review.csv", "")) == {}
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column item"):
        read_approvals(other)
    with pytest.raises(MissingInputError):
        read_approvals(tmp_path / "none.csv")


def test_words_that_a_spreadsheet_would_run_come_back_as_they_were(tmp_path):
    texts = pd.Series(["=Maureen Pike said so"], dtype="str")
    row = screen_words(texts, pd.Series(["a"]), PLACES, {}).waiting.assign(decision="as written")
    write_csv(tmp_path / "review.csv", row)
    assert read_approvals(tmp_path / "review.csv")["a"].shown == texts[0]
