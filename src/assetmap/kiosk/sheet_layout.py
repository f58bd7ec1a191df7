"""Where things stand on a sheet of each size: the map's frame, the markers around it, the panel of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from assetmap.kiosk.spec import PaperSize
from assetmap.paper.page import LANDSCAPE_MM

__all__ = ["BORDER_MM", "QR_CELLS", "PaperPlan", "SheetLayout", "lay_out", "marker_corners", "plans"]

QR_CELLS = 21
"""A QR code of version 1, which holds a sheet's short text."""
BORDER_MM = 7.0
"""What printers leave white at the paper's edge, and a little more."""

Box = tuple[float, float, float, float]
Corner = tuple[float, float]
Corners = tuple[Corner, Corner, Corner, Corner]


class PaperPlan(NamedTuple):
    """What grows with the paper. Lengths in millimetres."""

    marker: float
    per_edge: int
    """Markers along each edge of the map between those at its corners."""
    qr: float
    panel_wide: float
    """The panel's width beside a map on landscape paper."""
    panel_tall: float
    """Its height below a map on portrait paper."""
    letters_pt: float
    enlarged: float
    """The size of names on the map, as a multiple of their usual one."""
    clean_px_per_mm: int
    """A whole number, so that the clean raster's pixels are where they should be to its far edge."""


plans = {
    "A4": PaperPlan(12, 1, 30, 52, 66, 7.0, 0.8, 12),
    "A3": PaperPlan(14, 2, 34, 62, 78, 9.0, 0.85, 10),
    "A2": PaperPlan(18, 3, 44, 84, 104, 12.0, 1.0, 8),
    "A1": PaperPlan(22, 5, 60, 116, 140, 16.0, 1.2, 6),
    "A0": PaperPlan(28, 7, 80, 160, 190, 22.0, 1.5, 5),
}


@dataclass(frozen=True)
class SheetLayout:
    """One size of paper, one way round. Lengths in millimetres from the paper's top left, y down."""

    size: PaperSize
    portrait: bool
    width: float
    height: float
    frame: Box
    """Left, top, right, bottom of the map."""
    panel: Box
    """Left, top, right, bottom of the words."""
    qr: Box
    """Left, top, right, bottom of the QR code, at the end of the panel."""
    plan: PaperPlan

    @property
    def map_mm(self) -> tuple[float, float]:
        """Width and height of the map."""
        left, top, right, bottom = self.frame
        return right - left, bottom - top

    @property
    def marker_count(self) -> int:
        """How many markers there are."""
        return 4 + 4 * self.plan.per_edge


def lay_out(size: PaperSize, *, portrait: bool) -> SheetLayout:
    """Return the layout of a paper size."""
    long, short = LANDSCAPE_MM[size]
    width, height = (short, long) if portrait else (long, short)
    plan = plans[size]
    gap = quiet_mm(plan.marker)
    band = plan.marker + 2 * gap + 3
    edge = BORDER_MM + plan.marker + gap
    if portrait:
        bottom = height - BORDER_MM - plan.panel_tall - band
        frame = (edge, edge, width - edge, bottom)
        panel = (BORDER_MM, bottom + band, width - BORDER_MM, height - BORDER_MM)
    else:
        right = width - BORDER_MM - plan.panel_wide - band
        frame = (edge, edge, right, height - edge)
        panel = (right + band, BORDER_MM, width - BORDER_MM, height - BORDER_MM)
    return SheetLayout(size, portrait, float(width), float(height), frame, panel, _qr_box(panel, plan), plan)


def _qr_box(panel: Box, plan: PaperPlan) -> Box:
    """Return where the QR code stands: at the panel's lower right, with four cells of white all around."""
    quiet = 4 * plan.qr / QR_CELLS
    right, bottom = (panel[side] - max(0.0, quiet - BORDER_MM) for side in (2, 3))
    return right - plan.qr, bottom - plan.qr, right, bottom


def quiet_mm(marker: float) -> float:
    """Return the white that a marker needs around it: a cell of its seven and half a millimetre."""
    return marker / 7 + 0.5


def marker_corners(layout: SheetLayout) -> list[Corners]:
    """Return the corners of the markers, each clockwise from its top left: round the map from its top left."""
    left, top, right, bottom = layout.frame
    side, gap = layout.plan.marker, quiet_mm(layout.plan.marker)
    west, north, east, south = left - gap - side, top - gap - side, right + gap, bottom + gap
    steps = layout.plan.per_edge + 1
    along = [step / steps for step in range(steps)]
    across, down = east - west, south - north
    at = [(west + share * across, north) for share in along]
    at += [(east, north + share * down) for share in along]
    at += [(east - share * across, south) for share in along]
    at += [(west, south - share * down) for share in along]
    return [_square(round(x, 3), round(y, 3), side) for x, y in at]


def _square(x: float, y: float, side: float) -> Corners:
    return (x, y), (x + side, y), (x + side, y + side), (x, y + side)
