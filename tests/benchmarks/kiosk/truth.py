"""What is true of a photograph, as tables: marks in metres, and which of them a reader is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry.base import BaseGeometry

from tests.benchmarks.kiosk.scenes import SEEN, Scene

MOST_INK_POINTS = 800


@dataclass(frozen=True)
class TrueMark:
    """A true mark: geometries in metres of the sheet's reference system.

    `asked` says whether its ink is in sight, so that a reader must find it; what isn't asked for (a leader line is
    not, either) may be found or not without reward or blame.
    """

    number: int
    kind: str
    shape: str
    pen: str
    geometry: BaseGeometry
    allowed: BaseGeometry
    inked: BaseGeometry
    ink: np.ndarray
    text: str
    linked_to: int | None
    asked: bool


def true_marks(scene: Scene) -> tuple[TrueMark, ...]:
    """The truth of a scene."""
    sheet, rows = scene.sheet, []
    for one, share in zip(scene.drawing.marks, scene.seen_shares, strict=True):
        points = one.ink_mm[:: max(1, len(one.ink_mm) // MOST_INK_POINTS)]
        rows.append(
            TrueMark(
                one.number,
                one.kind,
                one.shape,
                one.ink.pen.name,
                sheet.shape_in_metres(one.geometry),
                sheet.shape_in_metres(one.allowed_mm),
                sheet.shape_in_metres(one.inked),
                sheet.metres_of(points),
                one.text,
                one.linked_to,
                one.kind != "leader" and share >= SEEN,
            )
        )
    return tuple(rows)
