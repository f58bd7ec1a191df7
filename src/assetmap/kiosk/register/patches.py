"""A rough registration made exact: small patches of the clean map, each looked for near where it should be."""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from assetmap.kiosk.register.bend import Bend, Points

__all__ = ["Agreement", "Look", "find_patches"]


class Look(NamedTuple):
    """How patches are looked for, in millimetres of paper."""

    px_per_mm: float
    patch_mm: float
    reach_mm: float
    spacing_mm: float


class Agreement(NamedTuple):
    """Patches that were looked for and found.

    Parameters
    ----------
    grid, photo
        (n, 2) each: where the patches found lie.
    looked_for
        Patches of the visible map with enough printed on them to be known again.
    """

    grid: Points
    photo: Points
    looked_for: int


_LIKENESS = 0.35  # least correlation of a patch with what is found
_LEAD = 0.06  # how much better it must be than the next best place
_TEXTURE = 0.02  # least of the weaker gradient, on a scale where a crisp black corner has about 1
_NEIGHBOURS = 8
_APART_MM = 0.6  # from what the neighbours say, at least, before a patch is taken for a mistake


def find_patches(
    clean: NDArray[np.uint8], photo: NDArray[np.uint8], bend: Bend, look: Look, *, px_per_mm: float
) -> Agreement:
    """Find patches of a clean map in a photograph of it, near where a bend would have them.

    The photograph is straightened by the bend; each patch is compared by normalised correlation. Shade is taken
    off first, and contrast is bounded so that a pen's stroke counts no more than a printed line.

    Parameters
    ----------
    clean, photo
        (H, W) uint8, grey: the grid's and the photograph's.
    bend
        The registration so far.
    look
        How fine, how large and how far.
    px_per_mm
        Of the grid.
    """
    factor = look.px_per_mm / px_per_mm
    size = (round(clean.shape[1] * factor), round(clean.shape[0] * factor))
    nodes = bend.map_of(size, factor)
    seen = cv2.remap(photo, nodes[..., 0], nodes[..., 1], cv2.INTER_LINEAR)
    inside = _inside(nodes, photo.shape)
    small = cv2.resize(clean, size, interpolation=cv2.INTER_AREA)
    ours, theirs = _relief(np.asarray(small), look.px_per_mm), _relief(np.asarray(seen), look.px_per_mm)
    half = max(6, round(look.patch_mm * look.px_per_mm / 2))
    reach = max(3, round(look.reach_mm * look.px_per_mm))
    centres = _corners(ours, inside, half, reach, round(look.spacing_mm * look.px_per_mm))
    found = [_shift(ours, theirs, x, y, half, reach) for x, y in centres]
    kept = np.array([shift is not None for shift in found], dtype=bool)
    if not kept.any():
        return Agreement(np.empty((0, 2)), np.empty((0, 2)), len(centres))
    at = np.asarray(centres, dtype="float64")[kept]
    shifts = np.array([shift for shift in found if shift is not None])
    sound = _like_neighbours(at, shifts, _APART_MM * look.px_per_mm)
    at, shifts = at[sound], shifts[sound]
    grid = (at + 0.5) / factor - 0.5
    return Agreement(grid, bend.at((at + shifts + 0.5) / factor - 0.5), len(centres))


def _inside(nodes: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    height, width = shape[:2]
    x, y = nodes[..., 0], nodes[..., 1]
    return np.asarray((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1))


def _relief(grey: NDArray[Any], px_per_mm: float) -> NDArray[np.float32]:
    """Return what stands out from its surroundings, from -1 to 1, whatever the light."""
    level = grey.astype(np.float32) + 4.0
    ground = _blurred(level, 3.0 * px_per_mm)
    relief = cv2.GaussianBlur(level, (0, 0), 0.15 * px_per_mm) / ground - 1
    usual = float(np.percentile(np.abs(relief[::3, ::3]), 85)) + 0.004
    return np.asarray(np.tanh(relief / (1.5 * usual)), dtype=np.float32)


def _blurred(picture: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Return a wide blur, which a picture of a quarter of the size has as well."""
    height, width = picture.shape
    small = cv2.resize(picture, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / 4)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _corners(
    relief: NDArray[np.float32], inside: NDArray[np.bool_], half: int, reach: int, spacing: int
) -> list[tuple[int, int]]:
    """Return the best place of each cell to look for: where the print runs in more than one direction."""
    strength = np.sqrt(np.maximum(cv2.cornerMinEigenVal(relief, 2 * half + 1, ksize=3), 0))
    margin = half + reach
    usable = cv2.erode(inside.astype(np.uint8), np.ones((2 * half + 1, 2 * half + 1), np.uint8)) > 0
    strength[~usable] = 0
    strength[:margin] = strength[-margin:] = 0
    strength[:, :margin] = strength[:, -margin:] = 0
    places = []
    for top in range(0, strength.shape[0], spacing):
        for left in range(0, strength.shape[1], spacing):
            cell = strength[top : top + spacing, left : left + spacing]
            y, x = np.unravel_index(int(cell.argmax()), cell.shape)
            if cell[y, x] > _TEXTURE:
                places.append((left + int(x), top + int(y)))
    return places


def _shift(
    ours: NDArray[np.float32], theirs: NDArray[np.float32], x: int, y: int, half: int, reach: int
) -> tuple[float, float] | None:
    """Return how far a patch lies from where it should, to a part of a pixel; None if it isn't found."""
    patch = ours[y - half : y + half + 1, x - half : x + half + 1]
    window = theirs[y - half - reach : y + half + reach + 1, x - half - reach : x + half + reach + 1]
    score = cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED)
    _, best, _, (px, py) = cv2.minMaxLoc(score)
    side = score.shape[0]
    if not np.isfinite(best) or best < _LIKENESS or not (0 < px < side - 1 and 0 < py < side - 1):
        return None
    apart = max(3, half // 3)
    rest = score.copy()
    rest[max(0, py - apart) : py + apart + 1, max(0, px - apart) : px + apart + 1] = -1
    if best - float(rest.max()) < _LEAD:
        return None
    return px - reach + _peak(score[py, px - 1 : px + 2]), py - reach + _peak(score[py - 1 : py + 2, px])


def _peak(three: NDArray[Any]) -> float:
    """Return where a parabola through three values has its top, from -0.5 to 0.5."""
    before, middle, after = (float(value) for value in three)
    bow = before - 2 * middle + after
    return 0.0 if bow >= 0 else float(np.clip((before - after) / (2 * bow), -0.5, 0.5))


def _like_neighbours(at: Points, shifts: Points, apart: float) -> NDArray[np.bool_]:
    """Whether each patch has moved as its neighbours have."""
    if len(at) <= _NEIGHBOURS:
        return np.ones(len(at), dtype=bool)
    _, near = cKDTree(at).query(at, k=_NEIGHBOURS + 1)
    middle = np.median(shifts[near[:, 1:]], axis=1)
    off = np.linalg.norm(shifts - middle, axis=1)
    return np.asarray(off <= max(apart, 4 * float(np.median(off))))
