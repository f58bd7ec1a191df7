"""What a hand does with a pen: paths that waver, widths that vary, and their drawing as coverage on paper."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from shapely import LineString, Point, Polygon

STEP_MM = 0.6
SHIFT = 4


@dataclass(frozen=True)
class Stroke:
    """One movement of the pen on the paper: points (n x 2, mm), width (n, mm) and lanes that ran dry.

    A lane is (offset of the width from -0.5 to 0.5, first point, last point).
    """

    points: np.ndarray
    widths_mm: np.ndarray
    pressure: float = 1.0
    dry_lanes: tuple[tuple[float, int, int], ...] = ()

    @property
    def line(self) -> LineString | Point:
        return LineString(self.points) if len(self.points) > 1 else Point(self.points[0])

    @property
    def footprint(self) -> Polygon:
        return self.line.buffer(float(self.widths_mm.mean()) / 2)

    def moved(self, shift: np.ndarray) -> Stroke:
        return Stroke(self.points + shift, self.widths_mm, self.pressure, self.dry_lanes)


def resampled(points: np.ndarray, step_mm: float = STEP_MM) -> np.ndarray:
    """The path with a point every `step_mm`, ends kept."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    stations = np.linspace(0, along[-1], max(2, round(along[-1] / step_mm) + 1))
    return np.stack([np.interp(stations, along, points[:, axis]) for axis in (0, 1)], axis=1)


def wavering(rng: np.random.Generator, length_mm: float, count: int, size_mm: float) -> np.ndarray:
    """A smooth error of the hand along a path (n x 2, mm): waves of 6 to 50 mm."""
    along = np.linspace(0, length_mm, count)
    error = np.zeros((count, 2))
    for wave_mm in (6.0, 15.0, 50.0):
        for axis in (0, 1):
            amount = size_mm * (wave_mm / 50) ** 0.5 * rng.normal(0, 0.5)
            error[:, axis] += amount * np.sin(2 * np.pi * along / wave_mm + rng.uniform(0, 2 * np.pi))
    return error


def by_hand(
    rng: np.random.Generator, points: np.ndarray, width_mm: float, *, waver_mm: float = 0.5, felt: bool = True
) -> Stroke:
    """Draw along `points` (n x 2, mm) as a hand would."""
    path = resampled(np.asarray(points, dtype=float))
    length = float(np.hypot(*np.diff(path, axis=0).T).sum())
    path = path + wavering(rng, length, len(path), waver_mm)
    along = np.linspace(0, length, len(path))
    swell = 1 + 0.10 * np.sin(2 * np.pi * along / rng.uniform(18, 60) + rng.uniform(0, 6))
    swell *= 1 + 0.05 * np.sin(2 * np.pi * along / rng.uniform(4, 9) + rng.uniform(0, 6))
    lanes = []
    if felt and length > 12 and rng.random() < 0.3:
        for _ in range(int(rng.integers(1, 4))):
            first = int(rng.integers(0, len(path) - 2))
            lanes.append((float(rng.uniform(-0.4, 0.4)), first, min(len(path), first + int(rng.integers(10, 50)))))
    return Stroke(path, width_mm * swell, float(rng.uniform(0.85, 1.15)), tuple(lanes))


def coverage(stroke: Stroke, origin_mm: np.ndarray, shape: tuple[int, int], px_per_mm: float) -> np.ndarray:
    """How much of each pixel the stroke covers, 0 to 255, on a raster that begins at `origin_mm`."""
    drawn = np.zeros(shape, np.uint8)
    at = (stroke.points - origin_mm) * px_per_mm - 0.5
    _draw_path(drawn, at, stroke.widths_mm * px_per_mm, 255)
    if stroke.dry_lanes:
        along = np.gradient(at, axis=0)
        across = np.stack([-along[:, 1], along[:, 0]], axis=1) / (np.hypot(*along.T)[:, None] + 1e-9)
        for offset, first, last in stroke.dry_lanes:
            lane = (at + across * offset * stroke.widths_mm[:, None] * px_per_mm)[first:last]
            if len(lane) > 1:
                _draw_path(drawn, lane, np.full(len(lane), 0.18 * px_per_mm), 120)
    return drawn


def _draw_path(drawn: np.ndarray, at: np.ndarray, widths_px: np.ndarray, value: int) -> None:
    fixed = np.round(at * (1 << SHIFT)).astype(int)
    if len(fixed) == 1:
        radius = round(float(widths_px[0]) / 2 * (1 << SHIFT))
        cv2.circle(drawn, fixed[0].tolist(), radius, value, -1, cv2.LINE_AA, SHIFT)
        return
    for start, end, width in zip(fixed[:-1], fixed[1:], widths_px[1:], strict=True):
        cv2.line(drawn, start.tolist(), end.tolist(), value, max(1, round(float(width))), cv2.LINE_AA, SHIFT)
