"""A printed sheet as a reader's stranger knows it: the PDF and its JSON description, nothing of the program's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from shapely import transform

MM_PER_INCH = 25.4
RASTER_PX = 21e6
"""Pixels of a sheet's raster: finer than the photographs, which are of 8 to 24 megapixels with a margin."""
PRINTED_LEVELS = 12
"""A pixel that is this much darker than the paper in some channel counts as printed (of 255)."""


@dataclass(frozen=True)
class Pen:
    """One pen of the sheet's legend."""

    name: str
    rgb: tuple[int, int, int]
    bit: int


@dataclass(frozen=True)
class Sheet:
    """A printed sheet: coordinates on it are millimetres from the paper's top left, y down."""

    pdf: Path
    spec: dict

    @property
    def paper_mm(self) -> tuple[float, float]:
        return tuple(self.spec["paper_mm"])

    @property
    def frame_mm(self) -> tuple[float, float, float, float]:
        return tuple(self.spec["frame_mm"])

    @property
    def metres_per_mm(self) -> float:
        west, _, east, _ = self.spec["bounds"]
        return (east - west) / (self.frame_mm[2] - self.frame_mm[0])

    @property
    def pens(self) -> tuple[Pen, ...]:
        return tuple(Pen(row["pen"], tuple(row["rgb"]), 1 << bit) for bit, row in enumerate(self.spec["legend"]))

    @property
    def px_per_mm(self) -> float:
        wide, tall = self.paper_mm
        return float(np.sqrt(RASTER_PX / (wide * tall)))

    def metres_of(self, mm: np.ndarray) -> np.ndarray:
        """Points on the paper (n x 2, mm) in metres."""
        left, top, _, _ = self.frame_mm
        west, _, _, north = self.spec["bounds"]
        return np.stack(
            [west + (mm[..., 0] - left) * self.metres_per_mm, north - (mm[..., 1] - top) * self.metres_per_mm], axis=-1
        )

    def shape_in_metres(self, shape):
        """A shapely geometry on the paper in metres."""
        return transform(shape, self.metres_of)

    @cached_property
    def raster(self) -> np.ndarray:
        """The whole paper as printed, RGB, `px_per_mm` pixels a millimetre."""
        document = pypdfium2.PdfDocument(self.pdf)
        try:
            picture = document[0].render(scale=self.px_per_mm * MM_PER_INCH / 72).to_numpy()
        finally:
            document.close()
        wide, tall = (round(side * self.px_per_mm) for side in self.paper_mm)
        picture = cv2.cvtColor(picture, cv2.COLOR_BGRA2RGB if picture.shape[2] == 4 else cv2.COLOR_BGR2RGB)
        return picture if picture.shape[:2] == (tall, wide) else cv2.resize(picture, (wide, tall))

    @cached_property
    def printed(self) -> np.ndarray:
        """Where the paper is printed, as 0 or 1."""
        return (self.raster.min(axis=2) < 255 - PRINTED_LEVELS).astype(np.uint8)


def read_sheet(description: Path) -> Sheet:
    """Read ``<sheet_id>.json`` with the PDF of the same name beside it."""
    return Sheet(description.with_suffix(".pdf"), json.loads(description.read_text(encoding="utf-8")))
