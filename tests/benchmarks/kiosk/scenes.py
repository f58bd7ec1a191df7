"""A seed's whole scene: a marked sheet, how it was photographed, and whether a person could read the photograph."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from shapely import Polygon, contains_xy

from tests.benchmarks.kiosk.camera import Bend, Camera, Crease, aimed
from tests.benchmarks.kiosk.drawing import Drawing, drawing
from tests.benchmarks.kiosk.light import (
    BURNT,
    COARSE_PX,
    Glare,
    Light,
    Printer,
    exposed,
    finger_mask,
    lay_thumb,
    smeared,
    table,
    thumb,
)
from tests.benchmarks.kiosk.sheets import Sheet

TUNING_SEEDS = range(1000, 2000)
TEST_SEEDS = range(5000, 6000)

LETTER_MM = 3.0
LETTER_PX = 8.0
"""A printed letter is readable where it is at least this high in the photograph …"""
LETTER_BLUR = 0.25
"""… and the blur's full width at half height is at most this share of its height: the gap between an E's bars."""
SENSOR_BLUR_PX = 0.45
ENOUGH = 0.5
"""A person could read a photograph with this share of the sheet visible, and this share of it readable."""
MEGAPIXELS = (8, 10, 12, 12, 12, 16, 20, 24)
MOST_TILT_DEG = 35.0
SEEN = 0.9
"""A mark with less than this share of its ink in sight is neither asked for nor counted against the reader."""
STRIP_ROWS = 512


@dataclass(frozen=True)
class Scene:
    """One photograph and all that is true of it."""

    seed: int
    sheet: Sheet
    drawing: Drawing
    printer: Printer
    camera: Camera
    light: Light
    finger: Polygon

    @cached_property
    def marked(self):
        """The marked sheet, flat (`MarkedPaper`)."""
        paper = self.drawing.draw(self.sheet, self.printer.printed(self.sheet.raster))
        for crease in self.camera.creases:
            _wear(paper.rgb, crease, self.camera, self.sheet.px_per_mm)
        return paper

    def photograph(self) -> np.ndarray:
        """The photograph (RGB, 8 bits) before the file."""
        rng = np.random.default_rng([self.seed, 5])
        wide, tall = self.camera.size_px
        photo = table(rng, (wide, tall))
        paper = self.marked.rgb
        finest = float(self.camera.px_per_mm(_lattice(self.sheet.paper_mm, 6)).mean())
        if (ratio := self.sheet.px_per_mm / finest) > 1.15:
            paper = cv2.GaussianBlur(paper, (0, 0), 0.38 * ratio)
        falling, sheen = self.light.falling(self.camera), self.light.sheen(self.camera)
        slopes = self.light.on_slopes(self.camera)
        for top in range(0, tall, STRIP_ROWS):
            bottom = min(tall, top + STRIP_ROWS)
            at = self.camera.strip(top, bottom)
            on_sheet = _edge(at, self.sheet.paper_mm, finest)
            raster_px = at * np.float32(self.sheet.px_per_mm) - np.float32(0.5)
            seen = cv2.remap(paper, raster_px, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            seen = seen * fine(slopes, top, bottom, wide)[:, :, None]
            strip = photo[top:bottom] * (1 - on_sheet) + seen * on_sheet
            strip *= fine(falling, top, bottom, wide)
            burnt = fine(sheen, top, bottom, wide)[:, :, None] * on_sheet
            photo[top:bottom] = np.clip(strip * (1 - burnt) + 252 * burnt, 0, 255).astype(np.uint8)
        lay_thumb(rng, photo, self.finger)
        return exposed(rng, smeared(photo, self.light), self.light)

    def true_pens(self) -> np.ndarray:
        """Each pixel's pens in the photograph, as bits, 0 where a finger is (rows x columns, uint8)."""
        wide, tall = self.camera.size_px
        pens = np.zeros((tall, wide), np.uint8)
        for top in range(0, tall, STRIP_ROWS):
            bottom = min(tall, top + STRIP_ROWS)
            raster_px = self.camera.strip(top, bottom) * np.float32(self.sheet.px_per_mm) - np.float32(0.5)
            pens[top:bottom] = cv2.remap(self.marked.pens, raster_px, None, cv2.INTER_NEAREST)
        pens[self.hidden() > 0] = 0
        return pens

    def hidden(self) -> np.ndarray:
        """Where a finger lies over the photograph (rows x columns, 0 or 1)."""
        wide, tall = self.camera.size_px
        return finger_mask(self.finger, (tall, wide))

    def visible(self, paper: np.ndarray) -> np.ndarray:
        """Which points of the paper (n x 2, mm) show: in the picture, no finger on them, not burnt out."""
        photo = self.camera.photo_px(paper)
        wide, tall = self.camera.size_px
        inside = ((photo >= 0) & (photo <= [wide - 1, tall - 1])).all(axis=1)
        if not self.finger.is_empty:
            inside &= ~contains_xy(self.finger, photo)
        sheen = self.light.sheen(self.camera)
        coarse = np.clip(np.round(photo / COARSE_PX).astype(int), 0, np.array(sheen.shape[::-1]) - 1)
        return inside & (sheen[coarse[:, 1], coarse[:, 0]] < BURNT)

    @cached_property
    def visible_share(self) -> float:
        return float(self.visible(_lattice(self.sheet.paper_mm, 60)).mean())

    @cached_property
    def readable_share(self) -> float:
        """The share of the sheet where a printed letter of 3 mm can be read."""
        points = _lattice(self.sheet.paper_mm, 60)
        letter = LETTER_MM * self.camera.px_per_mm(points)
        blur = 2.355 * np.sqrt(SENSOR_BLUR_PX**2 + self.light.defocus_px**2 + self.light.motion_px**2 / 12)
        return float((self.visible(points) & (letter >= LETTER_PX) & (blur <= LETTER_BLUR * letter)).mean())

    @property
    def person_could(self) -> bool:
        """Whether a person could read it: decided by the parameters alone."""
        return self.visible_share >= ENOUGH and self.readable_share >= ENOUGH

    @cached_property
    def seen_shares(self) -> tuple[float, ...]:
        """The share of each mark's ink that shows."""
        return tuple(float(self.visible(one.ink_mm).mean()) for one in self.drawing.marks)

    def jpeg(self) -> bytes:
        """The photograph's file."""
        bgr = cv2.cvtColor(self.photograph(), cv2.COLOR_RGB2BGR)
        return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, self.light.jpeg])[1].tobytes()


def scene(seed: int, sheet: Sheet) -> Scene:
    """The scene of a seed: the same one for ever."""
    marks = drawing(np.random.default_rng([seed, 1]), sheet)
    rng = np.random.default_rng([seed, 2])
    camera, light = _camera(rng, sheet), _light(np.random.default_rng([seed, 3]))
    rng = np.random.default_rng([seed, 4])
    finger = thumb(rng, camera, rng.uniform(12, 45)) if rng.random() < 0.3 else Polygon()
    printer = Printer(
        gamma=np.exp(rng.normal(0, 0.10, 3) * 0.5 + rng.normal(0, 0.10)),
        paper=np.array([0.97, 0.965, 0.945]) * rng.uniform(0.96, 1.03, 3).clip(max=1.02),
        vivid=float(rng.uniform(0.72, 1.05)),
        black=float(rng.uniform(0.02, 0.14)),
    )
    return Scene(seed, sheet, marks, printer, camera, light, finger)


def fine(coarse: np.ndarray, top: int, bottom: int, wide: int) -> np.ndarray:
    """Rows `top` to `bottom` of a coarse grid at full size."""
    columns, rows = np.meshgrid(
        np.arange(wide, dtype=np.float32) / COARSE_PX, np.arange(top, bottom, dtype=np.float32) / COARSE_PX
    )
    return cv2.remap(coarse, columns, rows, cv2.INTER_LINEAR)


def _camera(rng: np.random.Generator, sheet: Sheet) -> Camera:
    pixels = MEGAPIXELS[rng.integers(len(MEGAPIXELS))] * 1e6
    long_side = round(np.sqrt(pixels * 4 / 3) / 8) * 8
    size = (long_side, long_side * 3 // 4)
    if rng.random() < 0.15:
        size = size[::-1]
    tilt = float(rng.uniform(0, MOST_TILT_DEG))
    rotation, position = aimed(rng, sheet.paper_mm, size, tilt, float(rng.uniform(0.84, 0.97)))
    off = rng.uniform(-0.012, 0.012, 2) if rng.random() > 0.12 else rng.choice([-1, 1], 2) * rng.uniform(0.02, 0.09, 2)
    span = float(np.hypot(*sheet.paper_mm))
    height = float(rng.uniform(1, 5))
    first = float(rng.uniform(0, np.pi))
    bends = tuple(
        Bend(
            first + turn,
            ((height * share, span * float(rng.uniform(*waves)), float(rng.uniform(0, 6.3))),),
        )
        for share, waves, turn in ((0.75, (0.5, 1.3), 0.0), (0.25, (0.25, 0.5), float(rng.normal(0, 0.5))))
    )
    wide, tall = sheet.paper_mm
    folds = range(int(rng.integers(1, 3))) if rng.random() < 0.5 else ()
    creases = [
        Crease(
            (float(rng.normal(0, 0.02)) * wide, float(rng.normal(0, 0.02)) * tall),
            float(np.pi / 2 * axis + rng.normal(0, 0.015)),
            float(rng.choice([-1, 1]) * rng.uniform(0.4, 2.0)),
            float(rng.uniform(6, 20)),
        )
        for axis in folds
    ]
    scale = 1 + rng.choice([-1, 1]) * rng.uniform(0.005, 0.01)
    return Camera(
        paper_mm=sheet.paper_mm,
        print_scale=(float(scale), float(scale + rng.normal(0, 0.001))),
        bends=bends,
        creases=tuple(creases),
        rotation=rotation,
        position_mm=position,
        size_px=size,
        centre_px=((size[0] - 1) / 2 + off[0] * size[0], (size[1] - 1) / 2 + off[1] * size[1]),
        k1=float(rng.uniform(-0.02, 0.02)),
    )


def _light(rng: np.random.Generator) -> Light:
    shades = []
    if rng.random() < 0.55:
        for _ in range(int(rng.integers(1, 3))):
            at, turn = rng.uniform(0.1, 0.9, 2), rng.uniform(0, np.pi)
            along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
            side = rng.choice([-1, 1]) * across * rng.uniform(0.25, 1.5)
            corners = np.array([at - along * 2, at + along * 2, at + along * 2 + side, at - along * 2 + side])
            passes = rng.uniform(0.5, 0.8) * np.array([0.97, 1.0, 1.05])
            shades.append((corners, passes, float(rng.choice([0, 0, 0.004, 0.03]))))
    glares = [
        Glare(
            tuple(rng.uniform(0.1, 0.9, 2).tolist()),
            (float(rng.uniform(0.05, 0.22)), float(rng.uniform(0.03, 0.10))),
            float(rng.uniform(0, 180)),
            float(rng.uniform(0.25, 0.9)),
        )
        for _ in range(int(rng.integers(1, 3)) if rng.random() < 0.4 else 0)
    ]
    warm = rng.normal(0, 0.05)
    exposure = rng.uniform(0.84, 1.05)
    return Light(
        fall=float(rng.uniform(0, 0.3)),
        fall_towards=float(rng.uniform(0, 6.3)),
        shades=tuple(shades),
        glares=tuple(glares),
        white_balance=exposure * np.array([1 + warm, 1 + rng.normal(0, 0.012), 1 - warm]),
        gamma=float(rng.uniform(0.85, 1.15)),
        slope_light=float(rng.uniform(0.1, 0.6)),
        defocus_px=float(np.abs(rng.normal(0, 0.6))),
        motion_px=float(rng.choice([0, 0, rng.uniform(0.5, 3)])),
        motion_deg=float(rng.uniform(0, 180)),
        noise=float(rng.uniform(1, 5)),
        jpeg=int(rng.integers(60, 96)),
    )


def _lattice(paper_mm: tuple[float, float], count: int) -> np.ndarray:
    x, y = np.meshgrid(*((np.arange(count) + 0.5) / count * side for side in paper_mm))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _edge(at: np.ndarray, paper_mm: tuple[float, float], px_per_mm: float) -> np.ndarray:
    """1 on the sheet, 0 beside it, in between at the edge's pixel."""
    inside = np.minimum(
        np.minimum(at[:, :, 0], paper_mm[0] - at[:, :, 0]), np.minimum(at[:, :, 1], paper_mm[1] - at[:, :, 1])
    )
    return np.clip(inside * np.float32(px_per_mm) + np.float32(0.5), 0, 1)[:, :, None]


def _wear(rgb: np.ndarray, crease: Crease, camera: Camera, px_per_mm: float) -> None:
    """A fold rubs print and ink off in a thin, broken line."""
    reach = float(np.hypot(*camera.paper_mm))
    along = np.array([np.cos(crease.direction), np.sin(crease.direction)])
    middle = np.array(crease.through_mm) + np.array(camera.paper_mm) / 2
    stations = np.arange(-reach / 2, reach / 2, 1.5)
    rng = np.random.default_rng(len(stations))
    for start in stations[rng.random(len(stations)) < 0.6]:
        ends = [np.round((middle + along * at) * px_per_mm * 16).astype(int).tolist() for at in (start, start + 1.2)]
        cv2.line(rgb, ends[0], ends[1], (236, 234, 228), max(1, round(0.15 * px_per_mm)), cv2.LINE_AA, 4)
