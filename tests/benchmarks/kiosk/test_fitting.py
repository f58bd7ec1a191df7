"""The fit of confidences: known weights come back, and no photograph judges its own marks."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.kiosk.fitting import Judged, chosen, fitted, least_of, left_out, probabilities, toml_of


def drawn(count: int, seed: int = 1) -> Judged:
    """Marks of which the first measure alone says, with weight 3, whether they are right."""
    rng = np.random.default_rng(seed)
    measures = rng.normal(size=(count, 4))
    right = rng.random(count) < 1 / (1 + np.exp(-(3 * measures[:, 0] + 1)))
    return Judged(measures, right, np.arange(count) % 25)


def test_known_weights_come_back():
    marks = drawn(6000)
    assert fitted(marks.measures, marks.right, 1.0) == pytest.approx([3, 0, 0, 0, 1], abs=0.25)


def test_what_is_said_of_photographs_left_out_is_right_that_often():
    marks = drawn(4000)
    _, found = chosen(marks)
    for low, high in ((0.0, 0.3), (0.3, 0.7), (0.7, 1.0)):
        here = (found >= low) & (found < high)
        assert marks.right[here].mean() == pytest.approx(found[here].mean(), abs=0.05)


def test_no_photograph_judges_its_own_marks():
    """The truth of one photograph, turned round, changes nothing that is said of it."""
    marks = drawn(500)
    mine = marks.photo == 7
    turned = Judged(marks.measures, np.where(mine, ~marks.right, marks.right), marks.photo)
    assert left_out(marks, 1.0)[mine] == pytest.approx(left_out(turned, 1.0)[mine])
    assert probabilities(np.zeros(5), marks.measures) == pytest.approx(0.5)


def test_the_threshold_leaves_out_more_wrong_marks_than_right_ones():
    found = np.array([0.12, 0.22, 0.33, 0.55, 0.62, 0.9])
    right = np.array([False, False, False, True, True, True])
    assert least_of(found, right) == 0.35


def test_the_file_says_where_its_weights_come_from():
    text = toml_of(("a", "b"), np.array([1.0, -0.5, 2.0]), 0.4, "Fitted on\nsome photographs.")
    assert text == (
        "# Fitted on\n# some photographs.\n\nconstant = 2.0000\nleast = 0.40\n\n[weights]\n"
        '"a" = 1.0000\n"b" = -0.5000\n'
    )
