"""Strokes that go on under others, and what stands beside a dashed line or a word."""

from __future__ import annotations

import pytest
import shapely

from tests.kiosk.drawn import PENS, PX_PER_MM, Paper

pytest.importorskip("cv2")


def test_a_line_under_another_at_a_slant_is_one():
    """Where a thick stroke cuts another at 30 degrees, the middle line turns into the wedge that is left."""
    paper = Paper().stroke((10, 40), (90, 40), pen=(30, 80, 180), width_mm=2.0)
    paper.stroke((25, 18), (75, 62), pen=(25, 25, 25), width_mm=2.5)
    marks = {mark.pen: mark for mark in paper.read(PENS).marks}
    assert {pen: mark.shape for pen, mark in marks.items()} == {"blue": "line", "black": "line"}
    assert marks["blue"].geometry.length / PX_PER_MM == pytest.approx(80, abs=3)


def test_a_line_through_another_pens_hatching_is_one():
    """Its bits between the hatches show the way over 25 mm."""
    paper = Paper()
    paper.stroke((5, 30), (95, 50), pen=(200, 35, 40), width_mm=1.5)
    for left in range(36, 64, 4):
        paper.stroke((left, 20), (left, 60), pen=(30, 80, 180), width_mm=1.6)
    red = [mark for mark in paper.read(PENS).marks if mark.pen == "red"]
    assert [mark.shape for mark in red] == ["line"]
    assert red[0].geometry.length / PX_PER_MM == pytest.approx(92.2, abs=3)


def test_a_ring_that_goes_on_under_a_filled_area_is_closed():
    paper = Paper().circle((40, 40), 20, pen=(200, 35, 40))
    paper.disc((58, 40), 9, pen=(25, 25, 25))
    (ring,) = [mark for mark in paper.read(PENS).marks if mark.pen == "red"]
    assert ring.shape == "ring"
    true = shapely.Point(40 * PX_PER_MM, 40 * PX_PER_MM).buffer(20 * PX_PER_MM)
    assert ring.geometry.intersection(true).area / ring.geometry.union(true).area > 0.9


def test_a_short_last_dash_is_no_dot():
    paper = Paper()
    for start in (10, 20, 30, 40):
        paper.stroke((start, 40), (start + 6, 40), width_mm=2)
    paper.stroke((50, 40), (51, 40), width_mm=2)
    assert [mark.shape for mark in paper.read().marks] == ["dashed line"]


def test_a_leader_that_touches_a_word_does_not_undo_it():
    paper = Paper().word("muddy", (15, 60)).stroke((19, 51), (22, 30), width_mm=1)
    assert "writing" in {mark.shape for mark in paper.read().marks}
