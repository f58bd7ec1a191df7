"""What a mark's confidence is made of, and what becomes of marks that are unlikely."""

from __future__ import annotations

import numpy as np
import pytest

from assetmap.kiosk.evidence import MEASURES, Likelihood, likelihood
from assetmap.kiosk.marks import Mark
from assetmap.kiosk.recognising import read_ink
from tests.kiosk.drawn import BLUE, PENS, PX_PER_MM, RED, Paper

pytest.importorskip("cv2")


def measured(mark: Mark) -> dict[str, float]:
    return dict(zip(MEASURES, mark.evidence, strict=True))


def test_a_regression_is_the_logistic_of_a_weighted_sum():
    model = Likelihood(np.array([1.0, -2.0]), constant=0.5, least=0.5)
    found = model.of(np.array([[0.0, 0.25], [2.0, 0.0]]))
    assert found == pytest.approx([0.5, 1 / (1 + np.exp(-2.5))])


def test_the_regression_of_the_program_has_a_weight_for_each_measure():
    model = likelihood()
    assert model.weights.shape == (len(MEASURES),)
    assert 0 <= model.least < 1


def test_a_line_alone_is_measured_as_it_was_drawn():
    """Of a pen of 2 mm, with nothing near; of twice the length but for the round ends, about 2.3 mm on each line."""
    (short,) = Paper().stroke((30, 40), (70, 40), width_mm=2).read().marks
    (long,) = Paper().stroke((10, 40), (90, 40), width_mm=2).read().marks
    found = measured(short)
    assert np.exp(found["width"]) == pytest.approx(2.0, abs=0.35)
    assert np.exp(measured(long)["length"] - found["length"]) == pytest.approx(82.3 / 42.3, abs=0.03)
    assert (found["line"], found["dot"], found["pencil"], found["whole"]) == (1, 0, 0, 1)
    assert (found["near ink"], found["near writing"], found["touching"]) == (0, 0, 0)


def test_lines_that_lie_a_millimetre_nearer_are_a_sixth_nearer():
    near = {}
    for apart in (4, 5, 12):
        paper = Paper().stroke((20, 30), (70, 30), width_mm=2).stroke((20, 30 + apart), (70, 30 + apart), width_mm=2)
        (near[apart],) = {round(measured(mark)["near ink"], 6) for mark in paper.read().marks}
    assert near[4] - near[5] == pytest.approx(1 / 6, abs=0.02)
    assert near[12] == 0


def test_a_line_that_another_pen_crosses_is_touched():
    paper = Paper().stroke((10, 40), (90, 40), width_mm=2, pen=RED).stroke((50, 30), (50, 50), width_mm=2, pen=BLUE)
    touching = {mark.pen: measured(mark)["touching"] for mark in paper.read().marks}
    assert all(0 < share < 0.3 for share in touching.values())


def test_an_area_within_another_pens_area_is_no_bit_of_it():
    """It touches ink all round, and is drawn as large as any."""
    paper = Paper().disc((50, 40), 30, pen=BLUE).disc((50, 40), 12, pen=RED)
    marks = {mark.pen: mark for mark in paper.read().marks}
    assert (marks["red"].shape, measured(marks["red"])["touching"]) == ("filled", 0)


def test_what_is_too_unlikely_is_rejected_with_the_reason_and_all_ink_stays_accounted_for():
    paper = Paper().stroke((8, 12), (90, 14)).circle((50, 50), 15)
    valid = np.ones(paper.photo.shape[:2], bool)
    marks = read_ink(paper.photo, paper.clean, valid, px_per_mm=PX_PER_MM, legend=PENS, least=1.0)
    assert marks.marks == ()
    assert {reject.reason for reject in marks.rejects} == {"more likely a bit of something else than a mark"}
    assert sum(reject.pixels for reject in marks.rejects) == marks.ink_pixels > 0


def test_a_word_whose_nearest_mark_is_unlikely_is_tied_to_none():
    paper = Paper().word("muddy", (15, 60)).disc((30, 25), 1.5)
    valid = np.ones(paper.photo.shape[:2], bool)
    (word,) = read_ink(paper.photo, paper.clean, valid, px_per_mm=PX_PER_MM, legend=PENS, least=1.0).marks
    assert (word.kind, word.belongs_to, word.evidence) == ("writing", None, ())
