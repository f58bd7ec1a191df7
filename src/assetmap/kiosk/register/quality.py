"""How well a photograph is registered, and when that is not well enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from assetmap.errors import InputError
from assetmap.kiosk.printed import PrintedMap
from assetmap.kiosk.register.bend import Bend, Fit, Points

__all__ = ["MOST_ERROR_MM", "Registration", "Way", "require_good"]

MOST_ERROR_MM = 2.0
"""Of paper, leave-one-out: 5 m at 1:2,500."""
LEAST_POINTS = 8
LEAST_SHARE = 1 / 3
LEAST_AGREEING = 0.2

Way = Literal["markers", "matching", "control points"]


@dataclass(frozen=True)
class Registration:
    """Where a printed map lies in a photograph.

    Parameters
    ----------
    way
        How it was found.
    bend
        From the grid of the printed map to the photograph.
    grid, photo
        (n, 2) each: the points that it rests on.
    residuals_m, left_out_m
        (n, 2) in metres, east and south: what the fit makes of each point less where it is; the same with that
        point left out of the fit.
    agreeing
        Share of the patches looked for that were found where the rest would have them; NaN for points by hand.
    share
        Share of the map's frame inside the hull of the points.
    """

    way: Way
    bend: Bend
    grid: Points
    photo: Points
    residuals_m: Points
    left_out_m: Points
    agreeing: float
    share: float

    @property
    def rmse_m(self) -> float:
        """Root mean square of the residuals, metres."""
        return _rms(self.residuals_m)

    @property
    def error_m(self) -> float:
        """Root mean square of the leave-one-out errors, metres."""
        return _rms(self.left_out_m)


def _rms(misses: Points) -> float:
    return float(np.sqrt(np.square(misses).sum(axis=1).mean()))


def registration_of(
    printed: PrintedMap, way: Way, fit: Fit, grid: Points, photo: Points, agreeing: float
) -> Registration:
    """Return a registration with its figures."""
    metres = printed.metres_per_px
    share = _share(grid, printed)
    return Registration(way, fit.bend, grid, photo, fit.residuals * metres, fit.left_out * metres, agreeing, share)


def _share(grid: Points, printed: PrintedMap) -> float:
    left, top, right, bottom = printed.frame
    try:
        hull = float(ConvexHull(grid).volume)  # in two dimensions "volume" is the area
    except QhullError:
        return 0.0
    return min(1.0, hull / ((right - left) * (bottom - top)))


def most_error_m(printed: PrintedMap, wished_m: float | None) -> float:
    """Return the leave-one-out error up to which a registration is good, metres."""
    return MOST_ERROR_MM * printed.metres_per_mm if wished_m is None else wished_m


def require_good(found: Registration, printed: PrintedMap, photo: str, *, most_m: float) -> Registration:
    """Return a registration that is good enough.

    Raises
    ------
    InputError
        If its leave-one-out error is too large; if it rests on too few points, or on points that cover less than a
        third of the map; if the map's print is mostly not where it should be, so that this is another map.
    """
    if found.way == "control points":
        _require_small_error(found, photo, most_m)
        return found
    if len(found.grid) < LEAST_POINTS:
        raise InputError(
            f"{photo}: only {len(found.grid)} places of {printed.name} were recognised, and {LEAST_POINTS} are needed: "
            "take a sharper photograph of the whole sheet, or give --points."
        )
    if found.agreeing < LEAST_AGREEING:
        raise InputError(
            f"{photo}: only {found.agreeing:.0%} of what {printed.name} shows was found in it: is it a photograph of "
            "another map?"
        )
    if found.share < LEAST_SHARE:
        raise InputError(
            f"{photo}: what was recognised covers {found.share:.0%} of {printed.name}, less than a third: "
            "photograph the whole sheet."
        )
    _require_small_error(found, photo, most_m)
    return found


def _require_small_error(found: Registration, photo: str, most_m: float) -> None:
    if found.error_m <= most_m:
        return
    lengths = np.linalg.norm(found.left_out_m, axis=1)
    worst = int(lengths.argmax())
    if found.way == "control points":
        hint = (
            f"point {worst + 1} is {lengths[worst]:,.0f} m from where the others put it: are two exchanged, or is one "
            "mistyped?"
        )
    else:
        hint = "flatten the sheet and photograph it from above, or allow it with --max-error-m."
    raise InputError(
        f"{photo}: it can't be registered well enough (leave-one-out error {found.error_m:,.1f} m, at most "
        f"{most_m:,.1f} m): {hint}"
    )


def trusted(found: Registration, size: tuple[int, int], *, beyond: float) -> NDArray[np.float64]:
    """Return the corners of the part of the grid that the points speak for: their hull, grown by a share of it."""
    hull = found.grid[ConvexHull(found.grid).vertices]
    grown = hull + (hull - hull.mean(axis=0)) * beyond
    return np.asarray(np.clip(grown, 0, np.array(size, dtype="float64") - 1))
