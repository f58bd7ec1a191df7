"""Words drawn by hand beside marks."""

from __future__ import annotations

import numpy as np
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


def scrawl(paper: Paper) -> Paper:
    """Draw loops of a joined-up word, 4 mm high and 36 mm long, that begin at (20, 50)."""
    along = np.linspace(0, 1, 120)
    points = np.column_stack([20 + 36 * along, 50 - 2 * (1 - np.cos(12 * np.pi * along))])
    return paper.stroke(*map(tuple, points), width_mm=1.2)


def test_bar_high_over_a_row_of_writing_is_its_own():
    found = by_shape(scrawl(Paper()).stroke((34, 39), (40, 38.6), width_mm=1.2))
    assert sorted(found) == ["writing"]


def test_short_stroke_that_leads_nowhere_is_left_out_with_the_reason():
    paper = Paper().circle((20, 20), 10).stroke((70, 60), (77, 60))
    read = paper.read()
    assert [mark.shape for mark in read.marks] == ["ring"]
    assert [reject.reason for reject in read.rejects] == ["a short stroke that makes no shape"]


def test_colon_and_bracket_go_on_with_their_word():
    paper = Paper().word("steps", (15, 40)).disc((36, 36.5), 0.8).disc((36, 39.5), 0.8)
    turns = np.linspace(0.75 * np.pi, 1.25 * np.pi, 20)
    bracket = np.array([43, 37]) + np.column_stack([4.5 * np.cos(turns), -4.5 * np.sin(turns)])
    found = by_shape(paper.stroke(*map(tuple, bracket), width_mm=0.8).circle((20, 65), 8))
    assert sorted(found) == ["ring", "writing"]
    assert len(found["writing"]) == 1


def cross(paper: Paper, x: float, y: float, width_mm: float = 1.5) -> Paper:
    paper.stroke((x - 3.5, y - 3.5), (x + 3.5, y + 3.5), width_mm=width_mm)
    return paper.stroke((x + 3.5, y - 3.5), (x - 3.5, y + 3.5), width_mm=width_mm)


def test_a_cross_in_front_of_a_word_is_a_mark():
    """In its row, as tall as its letters, and farther from the first than they are from each other."""
    found = by_shape(cross(Paper().word("good", (44, 42)), 36, 39.5))
    assert {shape: len(marks) for shape, marks in found.items()} == {"cross": 1, "writing": 1}


def test_a_tick_in_front_of_a_word_is_a_mark():
    found = by_shape(Paper().word("good", (44, 42)).stroke((33, 39), (35.5, 43), (40, 36)))
    assert {shape: len(marks) for shape, marks in found.items()} == {"tick": 1, "writing": 1}


def test_a_thick_leader_line_leads_to_a_cross_and_is_no_letter_beside_it():
    paper = cross(Paper().word("good", (30, 60)), 42, 38, width_mm=2.4).stroke((42, 44), (42, 48), width_mm=2.4)
    found = by_shape(paper)
    assert len(found["cross"]) == 1
    assert sum(len(marks) for marks in found.values()) == 2
