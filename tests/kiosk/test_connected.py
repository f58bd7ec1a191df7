"""Pieces of each pen's ink, beside labels that are made pen by pen by another library."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import label

pytest.importorskip("cv2")

from assetmap.kiosk.ink.connected import connected_ink


@pytest.mark.parametrize("inked", [0.15, 0.4, 0.8])
def test_pieces_are_those_of_each_pen_alone(inked):
    rng = np.random.default_rng(5)
    pens = np.where(rng.random((60, 80)) < inked, rng.integers(0, 3, (60, 80)), -1).astype(np.int8)
    found = connected_ink(pens)
    for pen in range(3):
        labels, count = label(pens == pen, np.ones((3, 3)))
        mine = [piece for of_pen, piece in found if of_pen == pen]
        assert len(mine) == count
        for piece in mine:
            (here,) = np.unique(labels[piece.window][piece.mask])
            assert piece.area == piece.mask.sum() == (labels == here).sum()
    assert [pen for pen, _ in found] == sorted(pen for pen, _ in found)


def test_the_rim_of_a_piece_is_what_touches_it_on_the_sheet():
    pens = np.full((6, 7), -1, np.int8)
    pens[0, 0:3] = 0
    ((_, piece),) = connected_ink(pens)
    window, mine, rim = piece.rim(pens.shape)
    assert window == np.s_[0:2, 0:4]
    assert mine.tolist() == [[True, True, True, False], [False] * 4]
    assert rim.tolist() == [[False, False, False, True], [True] * 4]
