"""Pencil: grains on the paper's tooth, which make whole strokes."""

from __future__ import annotations

import numpy as np
import pytest

from assetmap.kiosk.ink.grain import even_grain
from tests.kiosk.drawn import PX_PER_MM, Paper

cv2 = pytest.importorskip("cv2")

GREY = (120, 120, 122)


def grained(paper: Paper, seed: int = 3) -> Paper:
    """Let the paper's tooth keep graphite off: a sixth of what was drawn stays bare, in grains of about 0.4 mm."""
    noise = np.random.default_rng(seed).normal(size=paper.photo.shape[:2]).astype(np.float32)
    tooth = cv2.GaussianBlur(noise, (0, 0), 0.2 * PX_PER_MM)
    bare = tooth > np.quantile(tooth, 0.82)
    paper.photo[bare] = paper.clean[bare]
    paper.photo = cv2.GaussianBlur(paper.photo, (0, 0), 0.7)
    return paper


def test_a_pencil_line_in_grains_is_one_line():
    paper = grained(Paper().stroke((8, 20), (50, 26), (92, 18), pen=GREY, width_mm=0.9))
    (mark,) = paper.read().marks
    assert (mark.shape, mark.pen) == ("line", "pencil")
    assert mark.geometry.length / PX_PER_MM == pytest.approx(84.9, rel=0.05)


def test_a_pencil_cross_and_arrow_in_grains_are_no_writing():
    paper = (
        Paper().stroke((16, 16), (24, 24), pen=GREY, width_mm=0.9).stroke((24, 16), (16, 24), pen=GREY, width_mm=0.9)
    )
    paper.stroke((40, 60), (80, 50), pen=GREY, width_mm=0.9)
    paper.stroke((75, 47.5), (80, 50), (76, 55), pen=GREY, width_mm=0.9)
    assert sorted(mark.shape for mark in grained(paper).read().marks) == ["arrow", "cross"]


def test_paper_between_grains_is_the_pencils_where_it_is_grey_alone():
    """Two bars of graphite 3 pixels apart: with a grey gap they are one stroke, with a white one they stay two."""
    index = np.full((40, 60), -1, np.int8)
    index[18:22, 5:28] = index[18:22, 31:55] = 1
    strength = np.where(index == 1, np.float32(0.5), np.float32(0))
    grey = strength.copy()
    grey[18:22, 28:31] = 0.3
    for shade, whole in ((grey, True), (strength, False)):
        pens, even = even_grain(index, strength, shade, 1, px_per_mm=PX_PER_MM)
        assert bool((pens[19:21, 28:31] == 1).all()) is whole
        assert bool((even[19:21, 28:31] > 0.4).all()) is whole
    assert (even_grain(index, strength, grey, 0, px_per_mm=PX_PER_MM)[0] == index).all()
