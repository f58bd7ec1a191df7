"""Ink told from print and one pen from another."""

from __future__ import annotations

import numpy as np
import pytest

from assetmap.kiosk.recognising import read_ink
from tests.kiosk.drawn import BLUE, PX_PER_MM, RED, Paper

cv2 = pytest.importorskip("cv2")


def printed(paper: Paper) -> Paper:
    """Print streets and blocks on a sheet before it is drawn on."""
    for place in range(40, 560, 90):
        cv2.rectangle(paper.clean, (place, 40), (place + 50, 120), (225, 215, 205), -1)
        cv2.line(paper.clean, (place, 0), (place, 480), (190, 190, 200), 2, cv2.LINE_AA)
    cv2.putText(paper.clean, "Orchard Street", (80, 260), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (90, 90, 90), 2, cv2.LINE_AA)
    paper.photo = paper.clean.copy()
    return paper


def test_print_alone_has_no_marks():
    assert printed(Paper()).read().marks == ()


def test_print_in_shade_and_a_little_beside_its_place_has_no_marks():
    paper = printed(Paper())
    shade = np.where(np.arange(paper.photo.shape[1]) < 300, 0.6, 1.0)[None, :, None]
    paper.photo = np.roll((paper.photo * shade).astype(np.uint8), 1, axis=1)
    assert paper.read().marks == ()


def test_pens_are_told_apart_on_print():
    paper = printed(Paper()).stroke((8, 12), (90, 14), pen=RED).stroke((8, 60), (90, 55), pen=BLUE)
    assert sorted((mark.pen, mark.shape) for mark in paper.read().marks) == [("blue", "line"), ("red", "line")]


def test_without_a_legend_a_pen_between_two_named_colours_is_one():
    paper = Paper()
    paper.circle((50, 40), 25, pen=(205, 80, 25), width_mm=2.5)
    paper.photo = cv2.GaussianBlur(paper.photo, (0, 0), 1.5)
    noise = np.random.default_rng(1).normal(0, 4, paper.photo.shape)
    paper.photo = np.clip(paper.photo + noise, 0, 255).astype(np.uint8)
    (mark,) = paper.read(legend=()).marks
    assert (mark.shape, mark.pen in ("orange", "red")) == ("ring", True)


def test_a_hand_over_the_edge_is_left_out_with_the_reason():
    paper = Paper().circle((25, 30), 12)
    cv2.ellipse(paper.photo, (480, 479), (70, 160), 0, 0, 360, (205, 150, 120), -1)
    marks = paper.read()
    assert [mark.shape for mark in marks.marks] == ["ring"]
    assert {reject.reason for reject in marks.rejects} >= {"a hand or a thing that lies over the edge of the sheet"}


def test_what_the_photograph_does_not_show_holds_no_ink():
    paper = Paper()
    valid = np.zeros(paper.photo.shape[:2], bool)
    marks = read_ink(paper.photo, paper.clean, valid, px_per_mm=PX_PER_MM, legend=())
    assert (marks.marks, marks.ink_pixels) == ((), 0)
