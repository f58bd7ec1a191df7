"""Little sheets drawn by hand: strokes in millimetres on white paper, read as a photograph of them would be."""

from __future__ import annotations

import cv2
import numpy as np

from assetmap.kiosk.marks import SheetMarks
from assetmap.kiosk.recognising import read_ink
from assetmap.kiosk.spec import Pen

PX_PER_MM = 6.0
BLUE, RED, BLACK = (30, 80, 180), (200, 35, 40), (25, 25, 25)
PENS = (Pen(pen="blue", rgb=BLUE, theme="a"), Pen(pen="red", rgb=RED, theme="b"), Pen("black", BLACK, "c"))
_SHIFT = 4


class Paper:
    """A white sheet of some millimetres to draw on."""

    def __init__(self, wide_mm: float = 100, tall_mm: float = 80) -> None:
        self.clean = np.full((round(tall_mm * PX_PER_MM), round(wide_mm * PX_PER_MM), 3), 255, np.uint8)
        self.photo = self.clean.copy()

    def stroke(self, *points_mm: tuple[float, float], pen: tuple[int, int, int] = BLUE, width_mm: float = 1.5) -> Paper:
        """Draw from point to point."""
        at = np.rint(np.array(points_mm) * PX_PER_MM * (1 << _SHIFT)).astype(np.int32)
        thick = round(width_mm * PX_PER_MM)
        cv2.polylines(self.photo, [at], False, pen, thick, cv2.LINE_AA, _SHIFT)
        return self

    def circle(self, middle_mm: tuple[float, float], radius_mm: float, **look: object) -> Paper:
        """Draw a ring."""
        turns = np.linspace(0, 2 * np.pi, 90)
        points = np.array(middle_mm) + radius_mm * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        return self.stroke(*map(tuple, points), **look)

    def disc(self, middle_mm: tuple[float, float], radius_mm: float, pen: tuple[int, int, int] = BLUE) -> Paper:
        """Fill a circle."""
        at = tuple(round(part * PX_PER_MM) for part in middle_mm)
        cv2.circle(self.photo, at, round(radius_mm * PX_PER_MM), pen, -1, cv2.LINE_AA)
        return self

    def word(self, text: str, left_mm: tuple[float, float], pen: tuple[int, int, int] = BLUE) -> Paper:
        """Write in letters of about 5 mm."""
        at = tuple(round(part * PX_PER_MM) for part in left_mm)
        cv2.putText(self.photo, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.4, pen, 5, cv2.LINE_AA)
        return self

    def read(self, legend: tuple[Pen, ...] = PENS) -> SheetMarks:
        """Read what was drawn."""
        valid = np.ones(self.photo.shape[:2], bool)
        return read_ink(self.photo, self.clean, valid, px_per_mm=PX_PER_MM, legend=legend)
