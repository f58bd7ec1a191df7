"""Words by hand: letters of handwriting-like fonts that dance a little, and strokes that look like words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from shapely import MultiPoint, Polygon

from tests.benchmarks.kiosk.strokes import Stroke, by_hand

FONTS = {
    "caveat": "fontpkg_caveat/files/Caveat[wght].ttf",
    "indie flower": "fontpkg_indie_flower/files/IndieFlower-Regular.ttf",
    "kalam": "fontpkg_kalam/files/Kalam-Regular.ttf",
    "shadows into light": "fontpkg_shadows_into_light/files/ShadowsIntoLight.ttf",
}
WORDS = (
    "bench", "dark here", "my school", "fly tipping", "nice trees", "too fast!", "library", "mosque", "Nan's", "shop",
    "no lights", "football", "allotments", "café", "unsafe", "playground", "steps :(", "good view", "bus stop", "pond",
    "needs ramp", "market", "meet here", "rats", "quiet", "muddy", "love it", "speeding", "garden", "dog mess", "GP?",
)  # fmt: skip


@dataclass(frozen=True)
class Stamp:
    """Drawn letters: coverage 0 to 255 with the millimetres of its top left corner."""

    covered: np.ndarray
    px_per_mm: float
    corner_mm: np.ndarray

    @property
    def ink_mm(self) -> np.ndarray:
        """Where ink is (n x 2, mm)."""
        rows, columns = np.nonzero(self.covered >= 128)
        return self.corner_mm + (np.stack([columns, rows], axis=1) + 0.5) / self.px_per_mm

    @property
    def hull(self) -> Polygon:
        return MultiPoint(self.ink_mm[:: max(1, len(self.ink_mm) // 4000)]).convex_hull.buffer(0.2)

    def moved(self, shift: np.ndarray) -> Stamp:
        """Shifted by whole pixels, nearly `shift`."""
        return Stamp(self.covered, self.px_per_mm, np.round((self.corner_mm + shift) * self.px_per_mm) / self.px_per_mm)


@cache
def _font(name: str, px: int) -> ImageFont.FreeTypeFont:
    package, _, rest = FONTS[name].partition("/")
    with files(package).joinpath(rest).open("rb") as source:
        return ImageFont.truetype(source, px)


def word(rng: np.random.Generator, text: str, letter_mm: float, width_mm: float, px_per_mm: float) -> Stamp:
    """Write a word; `letter_mm` is about the height of its capitals, `width_mm` the pen's.

    Each letter has its own size, slant and height on the line.
    """
    name = str(rng.choice(sorted(FONTS)))
    # Letters are drawn lean and made as bold as the pen is wide.
    size = max(8, round(letter_mm * px_per_mm / 0.62))
    bold = max(0, round((width_mm * px_per_mm - size * 0.05) / 2))
    canvas = Image.new("L", (int(size * (len(text) * 0.75 + 3)), size * 3), 0)
    draw, at = ImageDraw.Draw(canvas), float(size)
    for letter in text:
        font = _font(name, round(size * rng.uniform(0.92, 1.10)))
        if letter != " ":
            draw.text((at, size * (0.9 + rng.uniform(-0.05, 0.05))), letter, 255, font, stroke_width=bold)
        at += font.getlength(letter) * rng.uniform(0.95, 1.08) + bold * (1.4 if letter != " " else 0)
    picture = np.asarray(canvas)
    turn = cv2.getRotationMatrix2D((picture.shape[1] / 2, picture.shape[0] / 2), rng.normal(0, 6), 1)
    turn[0, 1] += rng.normal(0, 0.08)
    picture = cv2.warpAffine(picture, turn, picture.shape[::-1], flags=cv2.INTER_LINEAR)
    rows, columns = np.nonzero(picture)
    cut = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return Stamp(cut, px_per_mm, np.zeros(2))


def scrawl(rng: np.random.Generator, letter_mm: float, width_mm: float, *, felt: bool) -> tuple[Stroke, ...]:
    """Free strokes that look like a joined-up word: loops that run to the right, a bar or a dot above."""
    loops = int(rng.integers(4, 10))
    turns = np.linspace(0, 2 * np.pi * loops, loops * 16)
    heights = rng.choice([0.4, 0.5, 0.6, 1.1], loops + 1) * letter_mm
    tall = heights[np.minimum((turns / (2 * np.pi)).astype(int), loops)] * (1 - np.cos(turns)) / 2
    run = letter_mm * rng.uniform(0.5, 0.8) / (2 * np.pi) * turns
    points = np.stack([run + 0.16 * letter_mm * rng.uniform(0.3, 1.4) * np.sin(turns), -tall], axis=1)
    slant = rng.normal(0, 0.12)
    points = points @ np.array([[np.cos(slant), np.sin(slant)], [-np.sin(slant), np.cos(slant)]])
    strokes = [by_hand(rng, points, width_mm, waver_mm=0.25, felt=felt)]
    if rng.random() < 0.6:
        middle = points[len(points) // 2] - [0, 1.3 * letter_mm]
        bar = np.array([[0, 0], [letter_mm * 0.8, -0.2]])
        strokes.append(by_hand(rng, middle + bar, width_mm, waver_mm=0.1, felt=felt))
    return tuple(strokes)
