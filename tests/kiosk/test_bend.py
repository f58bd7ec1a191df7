"""The fit of a bend says what leaving each point out would do, as doing it does."""

import cv2
import numpy as np
from scipy.interpolate import RBFInterpolator

from assetmap.kiosk.register.bend import Bend, fit_bend, project


def test_leave_one_out_errors_are_those_of_leaving_one_out():
    rng = np.random.default_rng(11)
    grid = rng.uniform(0, 1000, (30, 2))
    photo = grid * 0.7 + 50 + 6 * np.sin(grid[:, ::-1] / 200) + rng.normal(0, 0.5, grid.shape)
    fit = fit_bend(grid, photo)
    flat, _ = cv2.findHomography(grid, photo, 0)
    unit, off = np.ptp(grid, axis=0).max(), photo - project(flat, grid)
    backward = np.linalg.inv(Bend(flat).slopes(grid))
    for i in range(len(grid)):
        others = np.arange(len(grid)) != i
        without = RBFInterpolator(grid[others] / unit, off[others], smoothing=fit.smoothing)
        assert np.allclose(fit.left_out[i], backward[i] @ (without(grid[i : i + 1] / unit)[0] - off[i]), atol=1e-6)


def test_the_map_of_a_grid_agrees_with_its_points():
    rng = np.random.default_rng(12)
    grid = rng.uniform(0, 300, (40, 2))
    bend = fit_bend(grid, grid * 1.2 + 5 * np.cos(grid / 120)).bend
    where = bend.map_of((300, 200))
    points = np.array([[0, 0], [299, 199], [17, 131], [250, 3]])
    assert where.shape == (200, 300, 2)
    assert np.abs(where[points[:, 1], points[:, 0]] - bend.at(points.astype(float))).max() < 0.1
    half = bend.map_of((150, 100), 0.5)  # its pixel x covers 2x and 2x + 1
    assert half.shape == (100, 150, 2)
    assert np.abs(half[65, 8] - bend.at(np.array([[16.5, 130.5]]))[0]).max() < 0.1
