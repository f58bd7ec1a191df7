"""Coders compared by hand-worked kappas, and counts that lead back to their notes."""

import math

import pandas as pd
import pytest

from assetmap.engagement.themes import NO_PLACE, codes_part, compare_coders, count_themes
from assetmap.errors import UsageError
from assetmap.measures.agreement import cohen_kappa


def coded(**by_coder):
    rows = [
        (mark, theme, coder)
        for coder, notes in by_coder.items()
        for mark, themes in notes.items()
        for theme in themes.split()
    ]
    return pd.DataFrame(rows, columns=["mark", "theme", "coder"])


def test_kappa_of_three_themes_worked_by_hand():
    # Counts on 10 notes: ana a 4, b 3, c 3; ben a 4, b 4, c 2; alike on 3 a, 2 b, 2 c: p_o 0.7,
    # p_e = 0.4*0.4 + 0.3*0.4 + 0.3*0.2 = 0.34, kappa = 0.36 / 0.66.
    ana, ben = "aaaabbbccc", "aaabbbaccb"
    codes = coded(ana=dict(zip("0123456789", ana, strict=True)), ben=dict(zip("0123456789", ben, strict=True)))
    found = compare_coders(codes, "ana", "ben")
    assert found.whole.observed == pytest.approx(0.7)
    assert found.whole.kappa == pytest.approx(0.36 / 0.66)
    assert found.differ == ("3", "6", "9")
    # Theme c for itself: both 2, neither 7, ana alone 1: p_o 0.9, p_e = 0.3*0.2 + 0.7*0.8 = 0.62.
    only_c = found.by_theme.set_index("theme").loc["c"]
    assert only_c["kappa"] == pytest.approx((0.9 - 0.62) / 0.38)
    assert (only_c["first"], only_c["second"]) == (3, 2)


def test_kappa_is_scikit_learn_s():
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn isn't installed: no independent kappa")
    first, second = list("abcabcaabbccab"), list("abcaacaabbbcab")
    assert cohen_kappa(first, second).kappa == pytest.approx(metrics.cohen_kappa_score(first, second))


def test_notes_of_several_themes_agree_only_when_all_are_alike():
    found = compare_coders(coded(x={"1": "a b", "2": "a"}, y={"1": "a", "2": "a"}), "x", "y")
    assert found.whole.observed == 0.5
    assert found.by_theme.set_index("theme").loc["a", "observed"] == 1
    assert math.isnan(found.by_theme.set_index("theme").loc["a", "kappa"])


@pytest.mark.parametrize(("second", "words"), [("z", "coded nothing"), ("y", "no note in common")])
def test_what_can_t_be_compared_is_said(second, words):
    with pytest.raises(UsageError, match=words):
        compare_coders(coded(x={"1": "a"}, y={"2": "a"}), "x", second)


def test_every_count_leads_back_to_its_notes():
    columns = ["annotation_id", "text", "kind", "theme", "session_id", "source", "place"]
    notes = pd.DataFrame(
        [
            ("1", "t", "point", "Youth", "s1", "f", "North"),
            ("2", "t", "point", None, "s1", "f", "North"),
            ("3", "t", "writing", "light; youth", None, "f", None),
        ],
        columns=columns,
    )
    codes = coded(x={"1": "youth", "2": "youth", "9": "youth"}, y={"1": "youth", "2": "light"})
    table = count_themes(notes, codes)
    assert table.values.tolist() == [
        ["light", "North", "s1", 1, 0, "mark:2"],
        ["light", NO_PLACE, "no session told", 1, 0, "mark:3"],
        ["youth", "North", "s1", 2, 1, "mark:1 mark:2"],
        ["youth", NO_PLACE, "no session told", 1, 0, "mark:3"],
    ]
    assert all(len(refs.split()) == n for refs, n in zip(table["refs"], table["notes"], strict=True))


def test_codes_in_the_chain_have_the_codebook_s_names():
    codes = coded(x={"1": "youth"}).assign(name="youth!")
    part = codes_part(codes, pd.DataFrame([("youth", "Young people")], columns=["theme", "name"]), "codes.csv")
    assert part.links.values.tolist() == [["mark:1", "theme:youth", "coded as", "codes.csv, coder x"]]
    assert part.items[["ref", "label", "source"]].values.tolist() == [["theme:youth", "Young people", "codebook"]]
