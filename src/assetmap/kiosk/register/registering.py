"""A photograph registered to a printed map: by our markers, by what is printed, or by points given by hand."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from assetmap.errors import InputError
from assetmap.kiosk.photograph import Photograph
from assetmap.kiosk.printed import PrintedMap
from assetmap.kiosk.register.bend import Bend, Fit, Points, fit_bend
from assetmap.kiosk.register.control_points import ControlPoints
from assetmap.kiosk.register.matching import is_plausible, match_features
from assetmap.kiosk.register.patches import Look, find_patches
from assetmap.kiosk.register.quality import LEAST_POINTS, Registration, Way, registration_of, require_good

__all__ = ["register_by_points", "register_photograph"]

PATCHES = 450
"""About as many patches are looked for: enough for paper that is bent and creased."""
_OFF_MM = 0.5  # leave-one-out, at least, before a point is taken for a mistake
_REACH_MM = 3.0  # of the markers' corners from a homography: paper bends
_LEAST_MARKERS = 3


def register_photograph(
    photo: Photograph,
    grey: NDArray[np.uint8],
    printed: PrintedMap,
    *,
    markers: dict[int, NDArray[np.float64]],
    most_m: float,
) -> Registration:
    """Register a photograph by the markers of the sheet, else by what is printed on it; then patch by patch.

    Parameters
    ----------
    photo
        The photograph.
    grey
        The same in grey, (H, W) uint8.
    printed
        What it should show.
    markers
        Marker id -> its corners (4 x 2) in the photograph.
    most_m
        The leave-one-out error allowed, metres.

    Raises
    ------
    InputError
        If nothing of the map is recognised, or not well enough: see `require_good`.
    """
    clean = np.asarray(cv2.cvtColor(printed.clean, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    known = {number: corners for number, corners in markers.items() if number in printed.markers}
    refusal: InputError | None = None
    if len(known) >= _LEAST_MARKERS:
        first = _by_markers(printed, known)
        if first is not None:
            try:
                found = _refined(clean, grey, printed, first, "markers", known)
                return require_good(found, printed, photo.name, most_m=most_m)
            except InputError as error:
                refusal = error
    matched = match_features(clean, grey)
    if matched is None:
        raise refusal or InputError(
            f"{photo.name}: nothing of {printed.name} was recognised: is it another map, blurred, or too dark?"
        )
    found = _refined(clean, grey, printed, Bend(matched.homography), "matching", known)
    return require_good(found, printed, photo.name, most_m=most_m)


def _by_markers(printed: PrintedMap, known: dict[int, NDArray[np.float64]]) -> Bend | None:
    """Return the homography that the corners of the markers agree on."""
    grid = np.concatenate([printed.markers[number] for number in known])
    seen = np.concatenate(list(known.values()))
    cv2.setRNGSeed(0)
    reach = _REACH_MM * float(np.median(_sides(seen)) / np.median(_sides(grid))) * printed.px_per_mm
    homography, agree = cv2.findHomography(grid, seen, cv2.USAC_MAGSAC, reach, maxIters=5000, confidence=0.9999)
    if homography is None or agree.sum() < 2 * 4 or not is_plausible(homography, printed.size):
        return None
    return Bend(np.asarray(homography, dtype="float64"))


def _sides(corners: Points) -> NDArray[np.float64]:
    squares = corners.reshape(-1, 4, 2)
    return np.asarray(np.linalg.norm(np.roll(squares, -1, axis=1) - squares, axis=2).ravel())


def _refined(
    clean: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    printed: PrintedMap,
    bend: Bend,
    way: Way,
    known: dict[int, NDArray[np.float64]],
) -> Registration:
    """Look for patches twice, far and then near, and fit the bend to those and the markers' centres."""
    width, height = printed.size
    spacing = float(np.sqrt(width * height / PATCHES)) / printed.px_per_mm
    finest = min(4.0, printed.px_per_mm)
    sheet = _Sheet(clean, grey, printed, known)
    far = _look(sheet, bend, Look(finest / 2, 16.0, 6.0, spacing))
    if far.fit is None:
        return _too_few(way, bend, far.points)
    near = _look(sheet, far.fit.bend, Look(finest, 12.0, 1.5, spacing))
    if near.fit is None:
        return _too_few(way, far.fit.bend, near.points)
    return registration_of(printed, way, near.fit, near.points.grid, near.points.photo, near.agreeing)


@dataclass(frozen=True)
class _Sheet:
    clean: NDArray[np.uint8]
    grey: NDArray[np.uint8]
    printed: PrintedMap
    known: dict[int, NDArray[np.float64]]


@dataclass(frozen=True)
class _Points:
    grid: Points
    photo: Points


@dataclass(frozen=True)
class _Seen:
    """What one look found: its points, the bend through them (None if they are too few), and the share found."""

    points: _Points
    fit: Fit | None
    agreeing: float


def _look(sheet: _Sheet, bend: Bend, look: Look) -> _Seen:
    """Look for patches where a bend says that they should be, and fit it anew."""
    found = find_patches(sheet.clean, sheet.grey, bend, look, px_per_mm=sheet.printed.px_per_mm)
    points = _with_markers(found.grid, found.photo, sheet.printed, sheet.known)
    if len(points.grid) < LEAST_POINTS:
        return _Seen(points, None, 0.0)
    points, fit = _without_mistakes(points, sheet.printed)
    return _Seen(points, fit, min(1.0, len(points.grid) / max(1, found.looked_for)))


def _too_few(way: Way, bend: Bend, points: _Points) -> Registration:
    nothing = np.full((len(points.grid), 2), np.inf)
    return Registration(way, bend, points.grid, points.photo, nothing, nothing, 0.0, 0.0)


def _with_markers(grid: Points, photo: Points, printed: PrintedMap, known: dict[int, NDArray[np.float64]]) -> _Points:
    """Add the markers' centres, where lines from corner to corner cross: four corners would speak for each other."""
    pairs = [(_crossing(printed.markers[number]), _crossing(corners)) for number, corners in known.items()]
    if not pairs:
        return _Points(grid, photo)
    ours, theirs = (np.array(side) for side in zip(*pairs, strict=True))
    return _Points(np.concatenate([grid, ours]), np.concatenate([photo, theirs]))


def _crossing(square: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where the diagonals of a square cross: its centre, in perspective too."""
    a, b, c, d = square
    along = np.linalg.solve(np.c_[c - a, b - d], b - a)
    return np.asarray(a + along[0] * (c - a))


def _without_mistakes(points: _Points, printed: PrintedMap) -> tuple[_Points, Fit]:
    """Fit, leave out the points that the others contradict, and fit again until none is left."""
    grid, photo = points.grid, points.photo
    fit = fit_bend(grid, photo)
    for _ in range(4):
        off = np.linalg.norm(fit.left_out, axis=1)
        sound = off <= max(_OFF_MM * printed.px_per_mm, 4 * float(np.median(off)))
        if sound.all() or sound.sum() < LEAST_POINTS:
            break
        grid, photo = grid[sound], photo[sound]
        fit = fit_bend(grid, photo)
    return _Points(grid, photo), fit


def register_by_points(photo: Photograph, printed: PrintedMap, points: ControlPoints, *, most_m: float) -> Registration:
    """Register a photograph by control points alone.

    Parameters
    ----------
    photo
        The photograph.
    printed
        The grid to register to.
    points
        At least four; their ground in coordinates of ``printed.crs``.
    most_m
        The leave-one-out error allowed, metres.

    Raises
    ------
    InputError
        If points lie outside the photograph, are mirrored, or contradict each other.
    """
    seen = photo.from_file(points.pixels, as_stored=points.as_stored)
    height, width = photo.pixels.shape[:2]
    outside = (seen < -1).any(axis=1) | (seen > (width, height)).any(axis=1)
    if outside.any():
        first = int(np.flatnonzero(outside)[0]) + 1
        raise InputError(
            f"{points.name}: {int(outside.sum())} control point(s) lie outside {photo.name} (first: point {first}): "
            "are they for another photograph, or px and py exchanged?"
        )
    grid = printed.from_ground(points.ground)
    affine, *_ = np.linalg.lstsq(np.c_[grid, np.ones(len(grid))], seen, rcond=None)
    if np.linalg.det(affine[:2]) <= 0:
        raise InputError(
            f"{points.name}: the control points mirror the map: are x and y exchanged, or px and py, or two points?"
        )
    fit = fit_bend(grid, seen)
    found = registration_of(printed, "control points", fit, grid, seen, float("nan"))
    good = require_good(found, printed, photo.name, most_m=most_m)
    if not is_plausible(good.bend.homography, printed.size):
        raise InputError(f"{points.name}: the control points fold the map over: are two of them exchanged?")
    return good
