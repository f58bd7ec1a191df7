"""From a flat sheet's grid to a photograph of bent paper: a homography, and a thin-plate spline on what it leaves."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator
from scipy.spatial.distance import cdist

__all__ = ["Bend", "Fit", "fit_bend", "project"]

SMOOTHINGS = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Tried on every photograph; the one with the least leave-one-out error is taken."""
LEAST_FOR_SPLINE = 8
_COARSE = 32  # pixels of the grid between the nodes that the spline is evaluated at; bilinear between them

Points = NDArray[np.float64]


def project(homography: NDArray[np.float64], points: Points) -> Points:
    """Return points (n x 2) through a homography (3 x 3)."""
    mapped = np.asarray(points, dtype="float64").reshape(-1, 2) @ homography[:, :2].T + homography[:, 2]
    return np.asarray(mapped[:, :2] / mapped[:, 2:], dtype="float64")


@dataclass(frozen=True)
class Bend:
    """Where points of the grid lie in the photograph.

    Parameters
    ----------
    homography
        3 x 3, from the grid to the photograph: what flat paper would do.
    spline
        What bending, the lens and the fit of the homography add, in pixels of the photograph; None for nothing.
    unit_px
        Pixels of the grid in one unit of the spline's coordinates.
    """

    homography: NDArray[np.float64]
    spline: RBFInterpolator | None = None
    unit_px: float = 1.0

    def at(self, points: Points) -> Points:
        """Return points of the grid (n x 2) as points of the photograph (n x 2)."""
        flat = project(self.homography, points)
        return flat if self.spline is None else np.asarray(flat + self.spline(np.asarray(points) / self.unit_px))

    def map_of(self, size: tuple[int, int], factor: float = 1.0) -> NDArray[np.float32]:
        """Return, for each pixel of a grid of that width and height, where it lies in the photograph.

        The bend is evaluated every 32 pixels of the full grid and is straight between: paper does not bend more
        sharply.

        Parameters
        ----------
        size
            Width and height.
        factor
            Pixels of that grid in a pixel of the full one.

        Returns
        -------
        ndarray
            (height, width, 2) float32.
        """
        width, height = size
        step = max(1, round(_COARSE * factor))
        across = (np.arange(-1, width // step + 3) + 0.5) * step / factor - 0.5
        down = (np.arange(-1, height // step + 3) + 0.5) * step / factor - 0.5
        nodes = np.stack(np.meshgrid(across, down), axis=-1)
        coarse = self.at(nodes.reshape(-1, 2)).reshape(nodes.shape).astype(np.float32)
        fine = cv2.resize(coarse, None, fx=step, fy=step, interpolation=cv2.INTER_LINEAR)
        return np.ascontiguousarray(fine[step : step + height, step : step + width])

    def px_per_grid_px(self, points: Points) -> NDArray[np.float64]:
        """Return how many pixels of the photograph one pixel of the grid takes at each point (n x 2)."""
        return np.asarray(np.sqrt(np.abs(np.linalg.det(self.slopes(points)))))

    def slopes(self, points: Points, step_px: float = 8.0) -> NDArray[np.float64]:
        """Return how the photograph's x and y change with the grid's x and y at each point (n x 2 x 2)."""
        points = np.asarray(points, dtype="float64")
        right, down = np.array([step_px, 0.0]), np.array([0.0, step_px])
        along_x = (self.at(points + right) - self.at(points - right)) / (2 * step_px)
        along_y = (self.at(points + down) - self.at(points - down)) / (2 * step_px)
        return np.stack([along_x, along_y], axis=-1)


@dataclass(frozen=True)
class Fit:
    """A bend and how well it agrees with the points that it was made of.

    Parameters
    ----------
    bend
        The bend.
    residuals
        (n, 2) in pixels of the grid: where the bend would have each point, less where it is.
    left_out
        (n, 2), the same with that point left out of the fit.
    smoothing
        Of the spline.
    """

    bend: Bend
    residuals: Points
    left_out: Points
    smoothing: float


def fit_bend(grid: Points, photo: Points) -> Fit:
    """Fit a bend to points known on the grid and in the photograph.

    The spline is the thin-plate one (Duchon 1977) with the smoothing of `SMOOTHINGS` that has the least
    leave-one-out error. With fewer than eight points it is the homography alone.

    Parameters
    ----------
    grid, photo
        (n, 2) each, n at least 4, no three of a line where n is 4; pixels.
    """
    homography = np.asarray(cv2.findHomography(grid, photo, 0)[0], dtype="float64")
    backward = np.asarray(np.linalg.inv(Bend(homography).slopes(grid)), dtype="float64")
    off = photo - project(homography, grid)
    if len(grid) < LEAST_FOR_SPLINE:
        return Fit(Bend(homography), _turned(backward, -off), _turned(backward, _left_out_flat(grid, photo, off)), 0.0)
    unit = max(float(np.ptp(grid, axis=0).max()), 1.0)
    smoothing, residuals, left_out = _least_left_out(grid / unit, off)
    spline = RBFInterpolator(grid / unit, off, smoothing=smoothing)
    return Fit(Bend(homography, spline, unit), _turned(backward, residuals), _turned(backward, left_out), smoothing)


def _turned(backward: NDArray[np.float64], misses: Points) -> Points:
    """Return misses in the photograph as misses on the grid."""
    return np.asarray(np.einsum("nij,nj->ni", backward, misses))


def _least_left_out(places: Points, values: Points) -> tuple[float, Points, Points]:
    """Return the best smoothing of a thin-plate spline, its residuals and its leave-one-out errors.

    A smoothing spline solves ``(K + s I) c + P d = y`` with ``P' c = 0``. Its residuals are ``-s c``, and the error
    with point i left out is ``-c[i] / A[i, i]``, where ``c = A y`` (Wahba 1990, Spline Models for Observational
    Data, 4.2). One eigendecomposition on the complement of P serves every smoothing.
    """
    square = cdist(places, places, "sqeuclidean")
    kernel = 0.5 * square * np.log(np.maximum(square, 1e-300))  # r^2 log r
    plane, _ = np.linalg.qr(np.c_[np.ones(len(places)), places], mode="complete")
    bent = plane[:, 3:]
    strengths, ways = np.linalg.eigh(bent.T @ kernel @ bent)
    ways = bent @ ways
    fits: list[tuple[float, Points, Points]] = []
    for smoothing in SMOOTHINGS:
        inverse = 1 / np.maximum(strengths + smoothing, 1e-12)
        pull = (ways * inverse) @ (ways.T @ values)
        own = np.einsum("ij,j,ij->i", ways, inverse, ways)
        fits.append((smoothing, -smoothing * pull, -pull / np.maximum(own, 1e-300)[:, None]))
    return min(fits, key=lambda fit: float(np.square(fit[2]).mean()))


def _left_out_flat(grid: Points, photo: Points, off: Points) -> Points:
    """Return by how much the other points' homography misses each; that of three others is an affine one."""
    missed = np.empty_like(off)
    for i in range(len(grid)):
        others = np.arange(len(grid)) != i
        if others.sum() > 3:
            without, _ = cv2.findHomography(grid[others], photo[others], 0)
            there = np.full(2, np.inf) if without is None else project(without, grid[i : i + 1])[0]
        else:
            affine, *_ = np.linalg.lstsq(np.c_[grid[others], np.ones(3)], photo[others], rcond=None)
            there = np.r_[grid[i], 1] @ affine
        missed[i] = there - photo[i]
    return missed
