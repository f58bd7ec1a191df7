"""Words drawn by hand beside marks."""

from __future__ import annotations

import pytest

from tests.kiosk.drawn import RED, Paper

pytest.importorskip("cv2")


def by_shape(paper: Paper) -> dict[str, list]:
    found: dict[str, list] = {}
    for mark in paper.read().marks:
        found.setdefault(mark.shape, []).append(mark)
    return found


def test_word_is_one_crop_tied_to_its_nearest_mark():
    found = by_shape(Paper().circle((20, 40), 10).circle((80, 60), 10).word("shop", (34, 42)))
    assert sorted(found) == ["ring", "writing"]
    (word,) = found["writing"]
    left = min(found["ring"], key=lambda mark: mark.geometry.bounds[0])
    assert word.belongs_to == left.number


def test_letters_that_look_like_signs_stay_in_their_word():
    found = by_shape(Paper().word("loo xi", (20, 40)).disc((80, 15), 1.5, pen=RED))
    assert sorted(found) == ["dot", "writing"]
    assert len(found["dot"]) == 1


def test_dot_beside_a_word_is_a_mark_of_its_own():
    found = by_shape(Paper().disc((20, 38), 1.5).word("shop", (25, 40)))
    assert sorted(found) == ["dot", "writing"]
    assert found["writing"][0].belongs_to == found["dot"][0].number


def test_leader_line_leads_a_word_to_its_mark():
    paper = Paper().circle((20, 20), 8).circle((75, 68), 6).word("shop", (45, 50))
    found = by_shape(paper.stroke((44, 45), (29, 28), width_mm=0.9))
    assert sorted(found) == ["ring", "writing"]
    first = min(found["ring"], key=lambda mark: mark.geometry.bounds[0])
    assert found["writing"][0].belongs_to == first.number
