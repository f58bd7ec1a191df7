"""Where each point of the paper lands in the photograph: a printer that scales, paper that bends, a tilted camera."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

FOCAL = 0.78
"""Focal length as a share of the picture's long side: a telephone's main camera."""
GRID_PX = 8
PROFILE_STEPS = 2000


@dataclass(frozen=True)
class Bend:
    """A cylinder's bend across the paper: heights (mm) along a direction, arc length kept."""

    direction: float
    waves: tuple[tuple[float, float, float], ...]
    """Amplitude (mm), wavelength (mm), phase."""

    def axis(self) -> np.ndarray:
        return np.array([np.cos(self.direction), np.sin(self.direction)])

    def height_mm(self, along: np.ndarray) -> np.ndarray:
        return sum(size * np.sin(2 * np.pi * along / wave + phase) for size, wave, phase in self.waves)

    def slope(self, along: np.ndarray) -> np.ndarray:
        return sum(
            size * 2 * np.pi / wave * np.cos(2 * np.pi * along / wave + phase) for size, wave, phase in self.waves
        )


@dataclass(frozen=True)
class Crease:
    """A fold that was opened again: a ridge or a valley along a line."""

    through_mm: tuple[float, float]
    direction: float
    height_mm: float
    reach_mm: float

    def distance_mm(self, points: np.ndarray) -> np.ndarray:
        across = np.array([-np.sin(self.direction), np.cos(self.direction)])
        return (points - np.array(self.through_mm)) @ across


@dataclass(frozen=True)
class Camera:
    """Paper millimetres to photograph pixels, and back. Pixel centres are at whole numbers, as in OpenCV.

    Parameters
    ----------
    paper_mm
        Width and height of the paper.
    print_scale
        What the printer made of a millimetre, across and down.
    bends, creases
        The paper's shape.
    rotation, position_mm
        World to camera (3 x 3), and where the camera is above the paper's middle (mm).
    size_px
        Width and height of the photograph.
    centre_px, k1
        The middle of the lens, and its radial distortion (of the radius over half the diagonal).
    """

    paper_mm: tuple[float, float]
    print_scale: tuple[float, float]
    bends: tuple[Bend, ...]
    creases: tuple[Crease, ...]
    rotation: np.ndarray
    position_mm: np.ndarray
    size_px: tuple[int, int]
    centre_px: tuple[float, float]
    k1: float

    def surface_mm(self, paper: np.ndarray) -> np.ndarray:
        """Points of the print (n x 2, mm) in space (n x 3, mm from the middle of the paper, z up)."""
        flat = (np.asarray(paper, float) - np.array(self.paper_mm) / 2) * np.array(self.print_scale)
        moved, height = flat.copy(), np.zeros(len(flat))
        for bend in self.bends:
            along = flat @ bend.axis()
            height += bend.height_mm(along)
            reach = float(np.hypot(*self.paper_mm)) / 2
            stations = np.linspace(-reach, reach, PROFILE_STEPS)
            lost = np.cumsum(bend.slope(stations) ** 2 / 2) * (stations[1] - stations[0])
            lost -= lost[PROFILE_STEPS // 2]
            moved -= np.interp(along, stations, lost)[:, None] * bend.axis()
        for crease in self.creases:
            height += crease.height_mm * np.exp(-np.abs(crease.distance_mm(flat)) / crease.reach_mm)
        return np.column_stack([moved, height])

    def photo_px(self, paper: np.ndarray) -> np.ndarray:
        """Points of the print (n x 2, mm) in the photograph (n x 2, px)."""
        seen = (self.surface_mm(paper) - self.position_mm) @ self.rotation.T
        plane = seen[:, :2] / seen[:, 2:] * (FOCAL * max(self.size_px))
        radius2 = (plane**2).sum(axis=1, keepdims=True) / (np.hypot(*self.size_px) / 2) ** 2
        return plane * (1 + self.k1 * radius2) + np.array(self.centre_px)

    @cached_property
    def flat(self) -> np.ndarray:
        """The homography from paper millimetres to pixels through the paper's corners."""
        wide, tall = self.paper_mm
        corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], float)
        return cv2.getPerspectiveTransform(corners.astype(np.float32), self.photo_px(corners).astype(np.float32))

    def paper_mm_of(self, photo: np.ndarray) -> np.ndarray:
        """Points of the photograph (n x 2, px) on the print (n x 2, mm), beyond its edge as well."""
        back = np.linalg.inv(self.flat)
        start = _through(back, photo)
        paper = start.copy()
        for _ in range(6):
            paper += start - _through(back, self.photo_px(paper))
        return paper

    @cached_property
    def grid(self) -> np.ndarray:
        """Paper millimetres at every `GRID_PX`-th pixel (rows x columns x 2, float32), one row and column beyond."""
        wide, tall = self.size_px
        columns, rows = np.meshgrid(np.arange(0, wide + GRID_PX, GRID_PX), np.arange(0, tall + GRID_PX, GRID_PX))
        photo = np.stack([columns.ravel(), rows.ravel()], axis=1).astype(float)
        return self.paper_mm_of(photo).reshape(*rows.shape, 2).astype(np.float32)

    def strip(self, top: int, bottom: int) -> np.ndarray:
        """Paper millimetres of the photograph's rows `top` to `bottom` (rows x columns x 2, float32)."""
        wide = self.size_px[0]
        columns, rows = np.meshgrid(
            np.arange(wide, dtype=np.float32) / GRID_PX, np.arange(top, bottom, dtype=np.float32) / GRID_PX
        )
        return cv2.remap(self.grid, columns, rows, cv2.INTER_LINEAR)

    def px_per_mm(self, paper: np.ndarray) -> np.ndarray:
        """Pixels of the photograph in a millimetre of paper, in the direction that has fewest."""
        half_mm = 0.5
        right, low = np.array([half_mm, 0.0]), np.array([0.0, half_mm])
        across = (self.photo_px(paper + right) - self.photo_px(paper - right)) / (2 * half_mm)
        down = (self.photo_px(paper + low) - self.photo_px(paper - low)) / (2 * half_mm)
        return np.linalg.svd(np.stack([across, down], axis=2), compute_uv=False)[:, -1]


def _through(homography: np.ndarray, points: np.ndarray) -> np.ndarray:
    return cv2.perspectiveTransform(np.asarray(points, float)[None], homography)[0]


def aimed(
    rng: np.random.Generator, paper_mm: tuple[float, float], size_px: tuple[int, int], tilt_deg: float, fill: float
) -> tuple[np.ndarray, np.ndarray]:
    """Aim a camera at the paper's middle: rotation, and a position from which the sheet fills `fill` of the picture."""
    around = rng.uniform(0, 2 * np.pi)
    tilt = np.deg2rad(tilt_deg)
    upside = np.pi if rng.random() < 0.12 else 0.0
    roll = np.deg2rad(rng.normal(0, 3.5)) + upside
    if (size_px[0] > size_px[1]) != (paper_mm[0] > paper_mm[1]):
        roll += np.pi / 2 * rng.choice([-1, 1])
    # The camera looks down on z = 0; its x goes right, its y down, like the paper's.
    view = np.array([np.sin(tilt) * np.cos(around), np.sin(tilt) * np.sin(around), np.cos(tilt)])
    forward = -view
    right = np.array([np.cos(roll), np.sin(roll), 0.0])
    right -= forward * (right @ forward)
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(right, forward), forward])
    wide, tall = paper_mm
    corners = np.array([[-wide, -tall, 0], [wide, -tall, 0], [wide, tall, 0], [-wide, tall, 0]]) / 2
    near, far = min(paper_mm) * 0.4, max(paper_mm) * 8
    position = view * far
    for _ in range(40):
        distance = (near + far) / 2
        position, filled = _centred(corners, rotation, view * distance, max(size_px))
        too_near = (filled > fill * np.array(size_px)).any()
        near, far = (distance, far) if too_near else (near, distance)
    return rotation, position


def _centred(
    corners: np.ndarray, rotation: np.ndarray, position: np.ndarray, long_side_px: int
) -> tuple[np.ndarray, np.ndarray]:
    """Move a camera sideways until the sheet is in the picture's middle: where it is, and the sheet's size (px)."""
    filled = np.full(2, np.inf)
    for _ in range(4):
        seen = (corners - position) @ rotation.T
        if (seen[:, 2] < 1e-2).any():
            return position, np.full(2, np.inf)
        plane = seen[:, :2] / seen[:, 2:]
        filled = np.ptp(plane, axis=0) * FOCAL * long_side_px
        middle = (plane.min(axis=0) + plane.max(axis=0)) / 2
        position = position + np.append(middle * seen[:, 2].mean(), 0) @ rotation
    return position, filled
