"""Ink of each pen in parts: strokes, and blots that are too wide for a stroke. Every pixel is in one part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from assetmap.kiosk.ink.connected import connected_ink
from assetmap.kiosk.strokes.tracing import Stroke, trace_strokes

__all__ = ["Part", "Piece", "part_ink"]

Mask = NDArray[Any]
Field = NDArray[Any]

_SPECK_MM2 = 0.3
_BLOT_MM2 = 90.0
_SOLID_MM2 = 18.0  # a piece that is a blot through and through may be smaller
_SOLID = 0.86
_GRAIN_MM = 0.35  # what paper leaves white in an area that is filled in
_BLOT_RADIUS_MM = 1.9  # what is nowhere this far from its edge is drawn in strokes
_BLOT_EDGE_MM = 1.1  # how much of the ink about a blot's middle is blot
_BLOT_TO_STROKE = 1.7  # and so is what is nowhere so many times as wide as its strokes
_STROKE_SLIMNESS = 5.0  # area over that of the largest circle within; a round blot has 1, a stroke far more
_BAR_MM, _BAR_FULL = 5.0, 0.78
_DOT_MM = 7.0
_OUTSIDE = 0.25  # how many pixels outlines lie outside of their ink's pixels
_FIRM = 0.45  # ink is firm where it takes this share of what its stroke takes in the middle


@dataclass(frozen=True)
class Part:
    """A stroke or a blot.

    Parameters
    ----------
    number
        1, 2, …: what its pixels hold in the image of parts.
    pen
        Place in the names of pens.
    piece
        The number of the piece that it lies in.
    stroke
        The stroke; None for a blot or a speck.
    blot
        The outline of a blot in pixels of the grid; None for a stroke or a speck.
    pixels
        How many pixels it has.
    box
        Left, top, right, bottom in pixels, the last two outside.
    """

    number: int
    pen: int
    piece: int
    stroke: Stroke | None
    blot: shapely.Polygon | None
    pixels: int
    box: tuple[int, int, int, int]

    def is_dot(self, px_per_mm: float) -> bool:
        """Whether it is a blot no larger than a dot."""
        left, top, right, bottom = self.box
        return self.blot is not None and max(right - left, bottom - top) <= (_DOT_MM + 0.5) * px_per_mm


@dataclass(frozen=True)
class Piece:
    """A connected piece of one pen's ink.

    Parameters
    ----------
    number
        1, 2, …
    pen
        Place in the names of pens.
    outline
        Its outer edge in pixels of the grid.
    width
        The usual width of its strokes in pixels.
    drawn
        How far a pen of that width went to draw it, in pixels.
    """

    number: int
    pen: int
    outline: shapely.Polygon
    width: float
    drawn: float


def part_ink(
    pens: NDArray[np.int8], strength: Field, *, px_per_mm: float
) -> tuple[list[Part], list[Piece], NDArray[np.int32]]:
    """Return the parts of all ink, its connected pieces, and the image of the parts' numbers.

    Parameters
    ----------
    pens
        (H, W) int8: the pen of each pixel, -1 without ink.
    strength
        (H, W): the share of light taken.
    px_per_mm
        Pixels of the grid in a millimetre of paper.

    Returns
    -------
    (parts, pieces, numbers)
        `numbers` is (H, W) int32 and 0 where there is no ink.
    """
    numbers = np.zeros(pens.shape, np.int32)
    parts: list[Part] = []
    pieces: list[Piece] = []
    for pen, (window, mask, area) in connected_ink(pens):
        top, left = (part.start for part in window)
        pieces.append(_piece(len(pieces) + 1, pen, mask, strength[window], (left, top)))
        piece = len(pieces)
        if area < _SPECK_MM2 * px_per_mm**2:
            numbers[window][mask] = len(parts) + 1
            box = (left, top, window[1].stop, window[0].stop)
            parts.append(Part(len(parts) + 1, pen, piece, None, None, area, box))
            continue
        found = _divide(mask, strength[window], (left, top), px_per_mm)
        local = _share_out(mask, found, (left, top))
        for place, item in enumerate(found, start=1):
            mine = local == place
            if not mine.any():
                continue
            numbers[window][mine] = len(parts) + 1
            box = _box_of(mine, left, top)
            stroke = item if isinstance(item, Stroke) else None
            blot = item if isinstance(item, shapely.Polygon) else None
            parts.append(Part(len(parts) + 1, pen, piece, stroke, blot, int(mine.sum()), box))
    return parts, pieces, numbers


def _piece(number: int, pen: int, mask: Mask, strength: Field, corner: tuple[int, int]) -> Piece:
    import cv2

    firm = _firm(mask, strength)
    depth = cv2.distanceTransform(np.pad(firm, 1).astype(np.uint8), cv2.DIST_L2, 5)
    ridge = depth[(depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8))) & (depth > 0)]
    width = max(1.0, 2 * float(np.median(ridge)) - 0.5)
    return Piece(number, pen, _outline(mask, corner), width, float(firm.sum()) / width)


def _box_of(mask: Mask, left: int, top: int) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def _blot_radius(mask: Mask, px_per_mm: float) -> float:
    """Return the distance from the edge, in pixels, above which this piece's ink is a blot and no stroke."""
    import cv2

    depth = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 5)
    least = _BLOT_RADIUS_MM * px_per_mm
    deepest = float(depth.max())
    if _is_bar(mask, px_per_mm):
        return deepest + 1
    if deepest <= least or mask.sum() < _STROKE_SLIMNESS * np.pi * deepest**2:
        return least
    ridge = depth[(depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8))) & (depth > 1)]
    return max(least, _BLOT_TO_STROKE * float(np.median(ridge)))


def _is_bar(mask: Mask, px_per_mm: float) -> bool:
    """Whether a piece is a straight bar as wide as the widest pen: a bit of a thick stroke that others cut off."""
    import cv2

    _, sides, _ = cv2.minAreaRect(cv2.findNonZero(mask.astype(np.uint8)))
    short, long = sorted(side + 1 for side in sides)
    return bool(short < _BAR_MM * px_per_mm and long > 2 * short and mask.sum() > _BAR_FULL * short * long)


def _divide(
    mask: Mask, strength: Field, corner: tuple[int, int], px_per_mm: float
) -> list[Stroke | shapely.Polygon | None]:
    """Return the blots and strokes of one piece of ink; None for what is neither."""
    firm = _firm(mask, strength)
    dot = _dot(firm, corner, px_per_mm)
    if dot is not None:
        return [dot]
    blots = _blots(firm, _blot_radius(firm, px_per_mm), px_per_mm)
    outlines = _outlines(blots, corner)
    strokes = _trace_all(firm & ~blots, corner, px_per_mm)
    return [*outlines, *strokes] or [None]


def _firm(mask: Mask, strength: Field) -> Mask:
    """Return a piece without its soft rim: an edge lies where ink takes half of what it takes in the middle."""
    import cv2

    deep = cv2.dilate(np.where(mask, strength, 0).astype("float32"), np.ones((7, 7), np.uint8))
    firm = mask & (strength > _FIRM * deep)
    kept = cv2.morphologyEx(firm.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)).astype(bool) & mask
    return kept if kept.sum() > 0.25 * mask.sum() else mask


def _dot(mask: Mask, corner: tuple[int, int], px_per_mm: float) -> shapely.Polygon | None:
    """Return the outline of a piece that is small and round enough for a dot."""
    if max(mask.shape) > _DOT_MM * px_per_mm or mask.sum() < 0.5 * px_per_mm**2:
        return None
    outline = _outline(mask, corner)
    hull = outline.convex_hull
    sides = shapely.get_coordinates(hull.minimum_rotated_rectangle)
    lengths = sorted(np.hypot(*np.diff(sides[:3], axis=0).T))
    round_enough = lengths[0] > 0.62 * lengths[1] and mask.sum() > 0.9 * hull.buffer(-_OUTSIDE).area
    return outline if round_enough else None


def _blots(mask: Mask, radius: float, px_per_mm: float) -> Mask:
    import cv2

    side = 2 * max(1, round(_GRAIN_MM * px_per_mm)) + 1
    tight = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    pad = side + round(radius) + 2
    solid = cv2.morphologyEx(np.pad(mask, pad).astype(np.uint8), cv2.MORPH_CLOSE, tight)
    depth = cv2.distanceTransform(solid, cv2.DIST_L2, 5)
    if not (depth > radius).any():
        return np.zeros_like(mask)
    inner = max(_BLOT_EDGE_MM * px_per_mm, 0.75 * radius)
    core = (depth > inner).astype(np.uint8)
    reach = cv2.distanceTransform(1 - core, cv2.DIST_L2, 5)
    opened = ((reach < inner + 0.5) & (solid > 0)).astype(np.uint8)
    count, labels = cv2.connectedComponents(opened, connectivity=8)
    large = np.zeros(count, bool)
    wide = cv2.distanceTransform((depth <= radius).astype(np.uint8), cv2.DIST_L2, 5) < radius  # not its corners
    bulk = np.bincount(labels[wide], minlength=count)
    solid_piece = mask.sum() > _SOLID * _hull_area(mask)
    large = bulk > (_SOLID_MM2 if solid_piece else _BLOT_MM2) * px_per_mm**2
    large[0] = False
    return np.asarray(large[labels][pad:-pad, pad:-pad] & mask)


def _hull_area(mask: Mask) -> float:
    import cv2

    return float(cv2.contourArea(cv2.convexHull(cv2.findNonZero(mask.astype(np.uint8)))))


def _outlines(blots: Mask, corner: tuple[int, int]) -> list[shapely.Polygon]:
    import cv2

    count, labels = cv2.connectedComponents(blots.astype(np.uint8), connectivity=8)
    return [_outline(labels == label, corner) for label in range(1, count)]


def _outline(mask: Mask, corner: tuple[int, int]) -> shapely.Polygon:
    """Return the outer edge of the largest piece of a mask, along the edges of its pixels."""
    import cv2

    doubled = np.pad(mask, 1).astype(np.uint8).repeat(2, axis=0).repeat(2, axis=1)
    contours, _ = cv2.findContours(doubled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(contours, key=cv2.contourArea)[:, 0].astype("float64")
    points = (largest - 0.5) / 2 - 1 + np.array(corner, "float64")
    if len(points) < 4:
        left, top = points.min(axis=0) - 0.5
        right, bottom = points.max(axis=0) + 0.5
        return shapely.box(left, top, right, bottom)
    polygon = shapely.make_valid(shapely.Polygon(points).buffer(_OUTSIDE))
    whole = max(shapely.get_parts(polygon), key=lambda piece: piece.area)
    return shapely.simplify(shapely.Polygon(whole.exterior), 0.4)


def _trace_all(mask: Mask, corner: tuple[int, int], px_per_mm: float) -> list[Stroke]:
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    strokes: list[Stroke] = []
    for label in range(1, count):
        left, top, wide, tall, area = (int(value) for value in stats[label])
        if area < 0.5 * _SPECK_MM2 * px_per_mm**2:
            continue
        piece = labels[top : top + tall, left : left + wide] == label
        strokes += trace_strokes(piece, (corner[0] + left, corner[1] + top), px_per_mm=px_per_mm)
    return [stroke for stroke in strokes if len(stroke.path) > 1]


def _share_out(mask: Mask, found: list[Any], corner: tuple[int, int]) -> NDArray[np.int32]:
    """Give each pixel of a piece to the stroke or blot that is nearest."""
    import cv2

    if len(found) == 1:
        return mask.astype(np.int32)
    seeds = np.zeros(mask.shape, np.int32)
    for place, item in reversed(list(enumerate(found, start=1))):
        points = item.path if isinstance(item, Stroke) else shapely.get_coordinates(item)
        line = np.rint((points - np.array(corner)) * 16).astype(np.int32)
        if isinstance(item, Stroke):
            cv2.polylines(seeds, [line], item.closed, place, 1, cv2.LINE_8, 4)
        else:
            cv2.fillPoly(seeds, [line], place, cv2.LINE_8, 4)
    free = (seeds == 0).astype(np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    owner = np.zeros(int(nearest.max()) + 1, np.int32)
    owner[nearest[free == 0]] = seeds[free == 0]
    return np.where(mask, owner[nearest], 0).astype(np.int32)
