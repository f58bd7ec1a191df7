"""A photograph matched against the clean picture of a map by what is printed on it, whichever way up it lies."""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from assetmap.kiosk.register.bend import project

__all__ = ["LEAST_INLIERS", "Matches", "match_features"]

LEAST_INLIERS = 8
_SIDES = (1400, 2200)  # pixels of the longer side that features are looked for at: fast first, then fine
_FEATURES = 8000
_CONTRAST = 0.015  # quiet colours make faint features
_RATIO = 0.8  # of Lowe's test: the best match to the second best
_REACH_PX = 5.0  # in the reduced photograph: bent paper is off a homography by as much
_ENOUGH = 40

Points = NDArray[np.float64]


class Matches(NamedTuple):
    """Points that were recognised: on the grid, in the photograph, and the homography that they agree on."""

    grid: Points
    photo: Points
    homography: NDArray[np.float64]


class _Features(NamedTuple):
    points: Points
    words: NDArray[np.float32]


def match_features(clean: NDArray[np.uint8], photo: NDArray[np.uint8]) -> Matches | None:
    """Match a grey photograph to a grey clean picture; None if they have too little in common.

    SIFT features of both at reduced size (Lowe 2004), compared as RootSIFT (Arandjelovic and Zisserman 2012) with
    the ratio test; the homography is MAGSAC++'s (Barath et al. 2020).

    Parameters
    ----------
    clean, photo
        (H, W) uint8.
    """
    best: Matches | None = None
    for side in _SIDES:
        found = _match_at(clean, photo, side)
        if found is not None and (best is None or len(found.grid) > len(best.grid)):
            best = found
        if best is not None and len(best.grid) >= _ENOUGH:
            break
    return best


def _match_at(clean: NDArray[np.uint8], photo: NDArray[np.uint8], side: int) -> Matches | None:
    ours, _ = _features(clean, side)
    theirs, reduced = _features(photo, side)
    if min(len(ours.points), len(theirs.points)) < LEAST_INLIERS:
        return None
    pairs = _compare(ours.words, theirs.words)
    if len(pairs) < LEAST_INLIERS:
        return None
    grid, seen = ours.points[pairs[:, 0]], theirs.points[pairs[:, 1]]
    cv2.setRNGSeed(0)
    homography, agree = cv2.findHomography(
        grid, seen, cv2.USAC_MAGSAC, _REACH_PX / reduced, maxIters=20_000, confidence=0.9999
    )
    if homography is None or not is_plausible(homography, (clean.shape[1], clean.shape[0])):
        return None
    inlier = _one_each(agree.ravel() > 0, grid, seen)
    return (
        Matches(grid[inlier], seen[inlier], np.asarray(homography, dtype="float64"))
        if inlier.sum() >= LEAST_INLIERS
        else None
    )


def _features(grey: NDArray[np.uint8], side: int) -> tuple[_Features, float]:
    reduced = min(1.0, side / max(grey.shape))
    small = cv2.resize(grey, None, fx=reduced, fy=reduced, interpolation=cv2.INTER_AREA)
    even = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(small)
    keys, words = cv2.SIFT.create(nfeatures=_FEATURES, contrastThreshold=_CONTRAST).detectAndCompute(even, None)
    if not keys:
        return _Features(np.empty((0, 2)), np.empty((0, 128), np.float32)), reduced
    points = (np.array([key.pt for key in keys], dtype="float64") + 0.5) / reduced - 0.5
    rooted = np.sqrt(words / np.maximum(words.sum(axis=1, keepdims=True), 1e-6))
    return _Features(points, rooted.astype(np.float32)), reduced


def _compare(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return pairs (ours, theirs) that are much more like each other than the next best."""
    cv2.setRNGSeed(0)  # the trees are drawn at random
    trees = cv2.FlannBasedMatcher({"algorithm": 1, "trees": 4}, {"checks": 64})
    both = trees.knnMatch(theirs, ours, k=2)
    good = [(m[0].trainIdx, m[0].queryIdx) for m in both if len(m) == 2 and m[0].distance < _RATIO * m[1].distance]
    return np.array(good, dtype=np.int64).reshape(-1, 2)


def _one_each(agree: NDArray[np.bool_], grid: Points, photo: Points) -> NDArray[np.bool_]:
    """Drop matches at a place that has one already: SIFT gives one spot several directions and sizes."""
    cells = np.c_[np.round(grid), np.round(photo)]
    kept = np.zeros(len(grid), dtype=bool)
    where = np.flatnonzero(agree)
    _, first = np.unique(cells[where], axis=0, return_index=True)
    kept[where[first]] = True
    return kept


def is_plausible(homography: Any, size: tuple[int, int]) -> bool:
    """Whether a homography could be a photograph of a sheet: seen from the front, and not folded over.

    Parameters
    ----------
    homography
        3 x 3, from the grid to the photograph.
    size
        Width and height of the grid.
    """
    if not np.isfinite(homography).all():
        return False
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype="float64")
    depth = corners @ homography[2, :2] + homography[2, 2]
    if not ((depth > 0).all() or (depth < 0).all()) or np.abs(depth).max() > 6 * np.abs(depth).min():
        return False
    seen = project(np.asarray(homography), corners)
    sides = np.roll(seen, -1, axis=0) - seen
    turns = sides[:, 0] * np.roll(sides[:, 1], -1) - sides[:, 1] * np.roll(sides[:, 0], -1)
    return bool((turns > 0).all())
