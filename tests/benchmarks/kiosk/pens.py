"""Ink on print: a felt pen is a filter that light goes through twice, a pencil is grey grains."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from tests.benchmarks.kiosk.sheets import Pen, Sheet
from tests.benchmarks.kiosk.strokes import Stroke, coverage

SECOND_PASS = 0.4
"""How much of a first pass's density a second pass over the same place adds: the felt is wet, the paper full."""
COVERED = 128
"""A pixel is the pen's where at least half of it is covered (of 255)."""
GRAIN_PX = 1024
FELT_MM = (1.0, 3.5)
PENCIL_MM = (0.6, 1.1)


@dataclass(frozen=True)
class Ink:
    """A real pen: not quite the colour that the legend prints."""

    pen: Pen
    transmits: tuple[float, float, float]
    felt: bool


def is_pencil(pen: Pen) -> bool:
    return "pencil" in pen.name.lower()


def real_pen(rng: np.random.Generator, pen: Pen) -> Ink:
    """The pen that lay on the table: its colour strays a little from the legend's, pale or dark by its age."""
    if is_pencil(pen):
        grey = float(rng.uniform(0.33, 0.5))
        return Ink(pen, (grey, grey, min(1.0, grey + 0.02)), felt=False)
    hue, light, vivid = colorsys.rgb_to_hls(*(part / 255 for part in pen.rgb))
    light = float(np.clip(light + rng.uniform(-0.05, 0.06), 0.05, 0.7))
    vivid = float(np.clip(vivid + rng.uniform(-0.12, 0.12), 0, 1)) if vivid > 0.15 else vivid
    rgb = colorsys.hls_to_rgb((hue + rng.uniform(-0.02, 0.02)) % 1, light, vivid)
    return Ink(pen, tuple(float(np.clip(part, 0.03, 0.98)) for part in rgb), felt=True)


@cache
def _grain(seed: int) -> np.ndarray:
    """The paper's tooth, about 0 with a spread of 1; it tiles."""
    noise = np.random.default_rng(seed).normal(size=(GRAIN_PX, GRAIN_PX)).astype(np.float32)
    smooth = cv2.GaussianBlur(np.tile(noise, (3, 3)), (0, 0), 1.1)[GRAIN_PX : 2 * GRAIN_PX, GRAIN_PX : 2 * GRAIN_PX]
    return (smooth / smooth.std()).astype(np.float32)


class MarkedPaper:
    """A sheet's print that pens draw on: `rgb` is the paper's look, `pens` holds each pixel's pens as bits."""

    def __init__(self, sheet: Sheet, printed: np.ndarray) -> None:
        self.px_per_mm = sheet.px_per_mm
        self.rgb = printed
        self.pens = np.zeros(printed.shape[:2], np.uint8)

    def draw(self, ink: Ink, stroke: Stroke) -> None:
        """Let a stroke take light away from what is under it."""
        reach = float(stroke.widths_mm.max()) / 2 + 1.0
        window = self._window(stroke.points.min(axis=0) - reach, stroke.points.max(axis=0) + reach)
        if window is None:
            return
        rows, columns, origin = window
        covered = coverage(stroke, origin, (rows.stop - rows.start, columns.stop - columns.start), self.px_per_mm)
        self.stain(ink, covered, rows, columns, stroke.pressure)

    def stain(self, ink: Ink, covered: np.ndarray, rows: slice, columns: slice, pressure: float = 1.0) -> None:
        """Take light away where `covered` (0 to 255) says so."""
        where = np.nonzero(covered)
        amount = covered[where].astype(np.float32) / 255
        at = (where[0] + rows.start, where[1] + columns.start)
        tooth = _grain(int(ink.felt))[at[0] % GRAIN_PX, at[1] % GRAIN_PX]
        if ink.felt:
            density = amount * pressure * (1 + 0.07 * tooth)
        else:
            density = amount * pressure * np.clip(0.85 + 0.5 * tooth, 0.1, 1.5)
        density = np.where(self.pens[at] > 0, density * SECOND_PASS, density)
        light = np.asarray(ink.transmits, np.float32)[None, :] ** density[:, None]
        self.rgb[at] = (self.rgb[at].astype(np.float32) * light + 0.5).astype(np.uint8)
        solid = amount >= COVERED / 255
        self.pens[at[0][solid], at[1][solid]] |= np.uint8(ink.pen.bit)

    def _window(self, low_mm: np.ndarray, high_mm: np.ndarray) -> tuple[slice, slice, np.ndarray] | None:
        tall, wide = self.pens.shape
        left, top = np.maximum(np.floor(low_mm * self.px_per_mm).astype(int), 0)
        right, bottom = np.minimum(np.ceil(high_mm * self.px_per_mm).astype(int), (wide, tall))
        if right <= left or bottom <= top:
            return None
        return slice(top, bottom), slice(left, right), np.array([left, top]) / self.px_per_mm
