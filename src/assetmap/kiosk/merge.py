"""Several photographs of one sheet laid together: each place from the one that shows it best, no ink twice."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from assetmap.kiosk.ink.difference import find_ink
from assetmap.kiosk.ink.illumination import expected_photo
from assetmap.kiosk.printed import PrintedMap
from assetmap.kiosk.straighten import Straightened

__all__ = ["drawn_before", "merge_straightened", "same_drawing"]

_EDGE_MM = 15.0  # within this of its edge a photograph gives way to another
_LIGHT_MM = 12.0
_NEAR_MM = 1.2  # two registrations of one stroke lie within this
_LEAST_INK_MM2 = 25.0
_LEAST_ALIKE = 0.6


def merge_straightened(views: Sequence[Straightened], printed: PrintedMap) -> Straightened:
    """Lay straightened photographs of one sheet together.

    Each pixel is taken whole from one photograph: the one with most pixels there, away from its edges. Their light
    is made alike first.

    Parameters
    ----------
    views
        On the grid of `printed`, at least one.
    printed
        The map that they show.
    """
    if len(views) == 1:
        return views[0]
    best = np.zeros(views[0].valid.shape, np.float32)
    pixels = np.full(printed.clean.shape, 255, np.uint8)
    sharpness = np.zeros_like(best)
    for view in views:
        room = cv2.distanceTransform(view.valid.astype(np.uint8), cv2.DIST_L2, 3)
        weight = view.sharpness * np.minimum(room / (_EDGE_MM * printed.px_per_mm), 1)
        weight = cv2.GaussianBlur(weight, (0, 0), 2 * printed.px_per_mm) * view.valid
        better = weight > best
        pixels[better] = _evenly_lit(view, printed)[better]
        sharpness[better] = view.sharpness[better]
        best[better] = weight[better]
    return Straightened(pixels, best > 0, sharpness)


def _evenly_lit(view: Straightened, printed: PrintedMap) -> NDArray[np.uint8]:
    """Return a photograph with the light of the clean map: the same ink then has one colour in all of them."""
    reduced = 1 / printed.px_per_mm
    gains = []
    for picture in (printed.clean, view.pixels):
        shown = np.asarray(picture * view.valid[..., None], dtype=np.uint8)
        small = cv2.resize(shown, None, fx=reduced, fy=reduced, interpolation=cv2.INTER_AREA)
        gains.append(cv2.GaussianBlur(small.astype(np.float32), (0, 0), _LIGHT_MM))
    ratio = np.asarray((gains[0] + 1) / (gains[1] + 1), dtype=np.float32)
    gain = cv2.resize(ratio, view.valid.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(view.pixels * gain, 0, 255), dtype=np.uint8)


def same_drawing(one: Straightened, other: Straightened, printed: PrintedMap) -> bool:
    """Whether two photographs show one sheet of paper and not two copies, each with its own marks.

    Ink that one shows where both can be seen must be in the other as well. Where neither shows ink there is nothing
    to tell them apart by, and nothing that laying them together could spoil.
    """
    both = one.valid & other.valid
    inks = [_ink(view, printed) & both for view in (one, other)]
    least = _LEAST_INK_MM2 * printed.px_per_mm**2
    if max(int(ink.sum()) for ink in inks) < least:
        return True
    around = [_around(ink, printed) for ink in inks]
    shares = [float((a & b).sum()) / max(1.0, float(a.sum())) for a, b in zip(inks, reversed(around), strict=True)]
    return min(shares) >= _LEAST_ALIKE


def drawn_before(
    view: Straightened, ink: NDArray[np.bool_], before: Straightened, printed: PrintedMap
) -> NDArray[np.bool_] | None:
    """Return where ink lies that an earlier photograph of the same sheet of paper shows too; None for another sheet.

    It is the same sheet if most of the ink of the earlier photograph that should be in view is there: more may have
    been drawn since.

    Parameters
    ----------
    view, ink
        A photograph, and its ink.
    before
        The earlier one.
    printed
        The map that both show.
    """
    old = _ink(before, printed)
    seen = old & view.valid
    if int(seen.sum()) < _LEAST_INK_MM2 * printed.px_per_mm**2:
        return None
    if float((seen & _around(ink, printed)).sum()) / float(seen.sum()) < _LEAST_ALIKE:
        return None
    return np.asarray(ink & _around(old, printed), dtype=np.bool_)


def _around(ink: NDArray[np.bool_], printed: PrintedMap) -> NDArray[np.bool_]:
    reach = 2 * round(_NEAR_MM * printed.px_per_mm) + 1
    return np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0, dtype=np.bool_)


def _ink(view: Straightened, printed: PrintedMap) -> NDArray[np.bool_]:
    expected = expected_photo(view.pixels, printed.clean, view.valid, px_per_mm=printed.px_per_mm)
    return find_ink(view.pixels, expected, view.valid, px_per_mm=printed.px_per_mm).mask
