"""What light, printer and sensor do to the colours of a sheet on a table."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from shapely import Polygon

from tests.benchmarks.kiosk.camera import Camera

COARSE_PX = 8
NOISE_PX = 512
BURNT = 0.7
"""Where glare takes more than this share of the contrast, nobody can read."""


@dataclass(frozen=True)
class Printer:
    """Colours as a printer makes them: a gamma and a tint for each channel, less vivid, on paper that isn't white."""

    gamma: np.ndarray
    paper: np.ndarray
    vivid: float
    black: float

    def printed(self, raster: np.ndarray) -> np.ndarray:
        """The look of a raster (RGB, 8 bits) on paper."""
        levels = np.arange(256)[:, None] / 255
        table = (self.black + (1 - self.black) * levels**self.gamma) * self.paper * 255
        dull = np.eye(3) * self.vivid + (1 - self.vivid) * np.array([0.3, 0.59, 0.11])
        mixed = cv2.transform(raster, dull.astype(np.float32))
        return cv2.LUT(mixed, np.clip(np.rint(table), 0, 255).astype(np.uint8).reshape(256, 1, 3))


@dataclass(frozen=True)
class Glare:
    """A lamp or the sky in the paper's sheen, in shares of the photograph's width and height."""

    centre: tuple[float, float]
    size: tuple[float, float]
    turn_deg: float
    strength: float


@dataclass(frozen=True)
class Light:
    """The light on the table and the sensor's answer.

    Parameters
    ----------
    fall, fall_towards
        Share of light lost across the picture, and in which direction (radians).
    shades
        Polygons (n x 2, shares of width and height), how much light passes (RGB), the edge's softness (share of width).
    glares
        See `Glare`.
    white_balance, gamma, contrast
        The camera's colours.
    slope_light
        How much brighter paper is that leans towards the light.
    defocus_px, motion_px, motion_deg
        Blur: the spread of a Gaussian, and a straight smear.
    noise
        Spread of the noise of mid grey, in levels.
    jpeg
        Quality of the file.
    """

    fall: float
    fall_towards: float
    shades: tuple[tuple[np.ndarray, np.ndarray, float], ...]
    glares: tuple[Glare, ...]
    white_balance: np.ndarray
    gamma: float
    slope_light: float
    defocus_px: float
    motion_px: float
    motion_deg: float
    noise: float
    jpeg: int

    def falling(self, camera: Camera) -> np.ndarray:
        """The light that reaches each place (coarse rows x columns x 3, about 1)."""
        rows, columns = camera.grid.shape[:2]
        x, y = np.meshgrid(np.linspace(0, 1, columns, dtype=np.float32), np.linspace(0, 1, rows, dtype=np.float32))
        towards = (x - 0.5) * np.cos(self.fall_towards) + (y - 0.5) * np.sin(self.fall_towards)
        vignette = 1 - 0.14 * ((x - 0.5) ** 2 + (y - 0.5) ** 2) * 2
        light = ((1 - self.fall * (0.5 + towards)) * vignette)[:, :, None] * np.ones(3, np.float32)
        for corners, passes, soft in self.shades:
            mask = np.zeros((rows * 2, columns * 2), np.uint8)
            fixed = np.round(corners * [columns * 2, rows * 2] * 16).astype(int)
            cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, 4)
            if soft > 0:
                mask = cv2.GaussianBlur(mask, (0, 0), max(0.4, soft * columns * 2))
            shade = cv2.resize(mask, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)[:, :, None] / 255
            light *= 1 - shade * (1 - passes.astype(np.float32))
        return light

    def on_slopes(self, camera: Camera) -> np.ndarray:
        """How much brighter the paper is where it leans towards the light (coarse rows x columns)."""
        rows, columns = camera.grid.shape[:2]
        paper = camera.grid.reshape(-1, 2).astype(float)
        towards = np.array([0.8, 0.6])
        ahead = camera.surface_mm(paper + towards)[:, 2] - camera.surface_mm(paper - towards)[:, 2]
        return 1 + self.slope_light * np.clip(ahead * 2, -1, 1).astype(np.float32).reshape(rows, columns)

    def sheen(self, camera: Camera) -> np.ndarray:
        """The share of each place's contrast that glare takes (coarse rows x columns)."""
        wide, tall = camera.size_px
        rows, columns = camera.grid.shape[:2]
        x, y = np.meshgrid(np.linspace(0, 1, columns, dtype=np.float32), np.linspace(0, 1, rows, dtype=np.float32))
        taken = np.zeros((rows, columns), np.float32)
        for glare in self.glares:
            turn = np.deg2rad(glare.turn_deg)
            dx, dy = (x - glare.centre[0]) * wide, (y - glare.centre[1]) * tall
            along = (dx * np.cos(turn) + dy * np.sin(turn)) / (glare.size[0] * wide)
            across = (-dx * np.sin(turn) + dy * np.cos(turn)) / (glare.size[1] * wide)
            taken = np.maximum(taken, glare.strength * np.exp(-((along**2 + across**2) ** 1.3)))
        return taken


def smeared(photo: np.ndarray, light: Light) -> np.ndarray:
    """Defocus and motion."""
    if light.defocus_px > 0.2:
        photo = cv2.GaussianBlur(photo, (0, 0), light.defocus_px)
    if light.motion_px > 0.7:
        side = 2 * int(np.ceil(light.motion_px / 2)) + 3
        kernel = np.zeros((side, side), np.float32)
        middle, turn = (side - 1) / 2, np.deg2rad(light.motion_deg)
        reach = np.array([np.cos(turn), np.sin(turn)]) * light.motion_px / 2
        ends = [np.round((middle + sign * reach) * 16).astype(int).tolist() for sign in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
        photo = cv2.filter2D(photo, -1, kernel / kernel.sum())
    return photo


def exposed(rng: np.random.Generator, photo: np.ndarray, light: Light) -> np.ndarray:
    """White balance, gamma, noise: in place, in strips."""
    noise = rng.normal(0, 1, (NOISE_PX, NOISE_PX, 3)).astype(np.float32)
    table = (np.arange(256)[:, None] / 255) ** light.gamma * light.white_balance * 255
    tall, wide = photo.shape[:2]
    for top in range(0, tall, NOISE_PX):
        strip = photo[top : top + NOISE_PX]
        levels = cv2.LUT(strip, table.astype(np.float32).reshape(256, 1, 3))
        spread = light.noise * (0.6 + 0.8 * np.sqrt(np.clip(levels, 0, 255) / 255))
        shift = rng.integers(NOISE_PX)
        grains = np.tile(np.roll(noise, shift, axis=1), (1, wide // NOISE_PX + 1, 1))[: len(strip), :wide]
        levels += spread * np.roll(grains, rng.integers(NOISE_PX), axis=0)
        photo[top : top + NOISE_PX] = np.clip(levels + 0.5, 0, 255).astype(np.uint8)
    return photo


def table(rng: np.random.Generator, size_px: tuple[int, int]) -> np.ndarray:
    """What the sheet lies on (RGB): wood, cloth, a white or dark table top, grass."""
    wide, tall = (side // COARSE_PX + 2 for side in size_px)
    base = np.array(
        [(150, 110, 75), (95, 70, 50), (225, 222, 215), (60, 62, 66), (90, 110, 75), (170, 60, 55), (70, 90, 140)]
    )[rng.integers(7)]
    grain = cv2.GaussianBlur(
        rng.normal(0, 1, (tall, wide)).astype(np.float32), (0, 0), rng.uniform(0.6, 2), sigmaY=rng.uniform(3, 30)
    )
    grain /= grain.std() + 1e-6
    coarse = np.clip(base + grain[:, :, None] * rng.uniform(3, 11), 0, 255).astype(np.uint8)
    return cv2.resize(coarse, size_px, interpolation=cv2.INTER_CUBIC)


def thumb(rng: np.random.Generator, camera: Camera, length_mm: float) -> Polygon:
    """A finger that holds a corner or an edge down, as seen in the photograph (px): it comes in from outside."""
    wide, tall = camera.paper_mm
    corner = np.array([rng.choice([0, wide]), rng.choice([0, tall])])
    middle = np.array([wide, tall]) / 2
    inward = (middle - corner) / np.hypot(*(middle - corner))
    inward = _turned(inward, rng.normal(0, 0.4))
    slide = np.array([rng.uniform(0, 0.25) * wide, 0]) if rng.random() < 0.5 else np.zeros(2)
    corner = corner + slide * np.sign(middle - corner)
    half = rng.uniform(8.5, 11.5)
    across = _turned(inward, np.pi / 2)
    turns = np.linspace(np.pi / 2, -np.pi / 2, 24)
    tip = corner + inward * length_mm
    rounded = tip + half * (np.cos(turns)[:, None] * inward * 1.15 + np.sin(turns)[:, None] * across)
    root = corner - inward * 160
    outline = np.vstack([root + across * half * 1.35, rounded, root - across * half * 1.35])
    return Polygon(camera.photo_px(outline)).buffer(0)


def _turned(vector: np.ndarray, angle: float) -> np.ndarray:
    return np.array(
        [vector[0] * np.cos(angle) - vector[1] * np.sin(angle), vector[0] * np.sin(angle) + vector[1] * np.cos(angle)]
    )


def finger_mask(finger: Polygon, shape: tuple[int, int]) -> np.ndarray:
    """Where a finger lies (rows x columns, 0 or 1)."""
    mask = np.zeros(shape, np.uint8)
    if not finger.is_empty:
        cv2.fillPoly(mask, [np.round(np.array(finger.exterior.coords)).astype(int)], 1)
    return mask


def lay_thumb(rng: np.random.Generator, photo: np.ndarray, finger: Polygon) -> None:
    """Paint a finger with rounded shading and a nail, its shadow beside it."""
    hidden = finger_mask(finger, photo.shape[:2])
    if finger.is_empty:
        return
    left, top, right, bottom = (int(value) for value in finger.bounds)
    pad = 60
    window = np.s_[max(0, top - pad) : max(0, bottom + pad), max(0, left - pad) : max(0, right + pad)]
    part, mask = photo[window], hidden[window]
    if not part.size:
        return
    small = cv2.resize(mask, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_NEAREST)
    depth = cv2.distanceTransform(cv2.copyMakeBorder(small, 1, 1, 1, 1, cv2.BORDER_REPLICATE), cv2.DIST_L2, 3)
    depth = cv2.resize(depth[1:-1, 1:-1], mask.shape[::-1], interpolation=cv2.INTER_LINEAR)
    round_ = np.sqrt(np.clip(depth / max(1e-3, float(depth.max())), 0, 1))[:, :, None]
    skin = np.array([(224, 172, 140), (198, 134, 100), (141, 85, 56), (100, 62, 44)])[rng.integers(4)]
    shadow = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 18)[:, :, None]
    shaded = part * (1 - 0.45 * shadow)
    shaded = np.where(mask[:, :, None] > 0, skin * (0.55 + 0.5 * round_), shaded)
    part[:] = np.clip(shaded, 0, 255).astype(np.uint8)
