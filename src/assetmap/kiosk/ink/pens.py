"""Which pen drew each pixel: by the direction in which its ink takes light away, beside that of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assetmap.kiosk.ink.channels import average
from assetmap.kiosk.ink.connected import connected_ink, connected_pieces
from assetmap.kiosk.ink.difference import Ink
from assetmap.kiosk.ink.grain import even_grain, without_grain
from assetmap.kiosk.spec import Pen

__all__ = ["BASIC_COLOURS", "PenMap", "tell_pens"]

Field = NDArray[Any]
Mask = NDArray[Any]

BASIC_COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (200, 35, 40),
    "orange": (235, 120, 20),
    "yellow": (250, 225, 60),
    "green": (40, 140, 70),
    "blue": (30, 80, 180),
    "purple": (115, 45, 140),
    "pink": (235, 90, 160),
    "brown": (120, 75, 40),
}
"""Names for pens that no legend speaks of."""
PENCIL = "pencil"
_NEUTRAL = np.ones(3, "float32") / np.sqrt(3)
_PENCIL_STRENGTH = 0.68  # black takes more of the light than this in the middle of a stroke, a pencil less
_UNKNOWN_DEGREES = 28.0
_ONE_PEN_DEGREES = 12.0
_SAMPLE = 20_000
_SLIVER_MM, _SLIVER_RIM = 0.8, 0.35  # narrower than a pen draws, and how much of its rim lies at another pen's ink
_SCRAP_MM2, _SCRAP_RIM = 0.8, 0.25  # a scrap of ink, and how much of its rim lies at another pen's
_FRAGMENT_MM2, _FRAGMENT_RIM = 7.0, 0.55


@dataclass(frozen=True)
class PenMap:
    """The pen of each pixel of ink.

    Parameters
    ----------
    names
        The pens.
    index
        (H, W) int8: the place in `names`, -1 where there is no ink.
    strength
        (H, W) float32: the share of light that the ink takes, 0 to about 1.
    certainty
        (H, W) float32: how much nearer the pen's colour is than the next one's, 0 to 1.
    """

    names: tuple[str, ...]
    index: NDArray[np.int8]
    strength: Field
    certainty: Field


def tell_pens(ink: Ink, legend: Sequence[Pen], *, px_per_mm: float) -> PenMap:
    """Return which pen each pixel of ink is from.

    Without a legend the pens are named for the `BASIC_COLOURS` that they are nearest to, with black and pencil.

    Parameters
    ----------
    ink
        Where ink is and what it lets pass.
    legend
        The pens of the sheet.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    import cv2

    taken = 1 - ink.passes
    shade = np.sqrt(average(taken**2))
    strength = np.where(ink.mask, shade, np.float32(0))
    names, directions = _directions(legend)
    at = np.flatnonzero(ink.mask)
    vectors = taken.reshape(-1, 3)[at]
    weight = strength.take(at) * (ink.print_light.take(at) / 255.0 + 0.05)
    del taken  # 12 bytes a pixel, of no use from here on
    directions = _adapt(vectors, weight, directions, freely=not legend)
    if not legend:
        names, directions = _without_doubles(vectors, names, directions)
    shape = ink.mask.shape
    angles, window = _angles(vectors, directions), _window(px_per_mm)
    total = np.take(cv2.blur(_spread(shape, at, weight), window), at)
    smooth = np.empty_like(angles)
    for pen in range(len(directions)):
        cost = cv2.blur(_spread(shape, at, weight * np.minimum(angles[:, pen], 60)), window)
        smooth[:, pen] = np.take(cost, at) / np.maximum(total, 1e-6)
    index = np.full(shape, -1, "int8")
    index.reshape(-1)[at] = smooth.argmin(axis=1)
    ordered = np.sort(smooth, axis=1)
    certainty = _spread(shape, at, np.clip((ordered[:, 1] - ordered[:, 0]) / 25.0, 0, 1))
    index = _mend_fragments(index, px_per_mm)
    far = _spread(shape, at, ordered[:, 0])
    names, index = _name_neutrals(names, index, strength, far, px_per_mm)
    index, strength = even_grain(index, strength, shade, names.index(PENCIL), px_per_mm=px_per_mm)
    return PenMap(tuple(names), index, strength, certainty)


def _directions(legend: Sequence[Pen]) -> tuple[list[str], Field]:
    colours = {pen.pen: pen.rgb for pen in legend} or BASIC_COLOURS
    taken = {name: 1 - np.asarray(rgb, "float32") / 255 for name, rgb in colours.items()}
    coloured = {name: way for name, way in taken.items() if way.max() - way.min() > 0.12}
    ways = [way / np.linalg.norm(way) for way in coloured.values()]
    return [*coloured, "neutral"], np.array([*ways, _NEUTRAL], "float32")


def _adapt(vectors: Field, weight: Field, directions: Field, *, freely: bool) -> Field:
    """Return the directions moved to where the sheet's own ink lies, by up to a third of the way to the next pen.

    Names of colours are no pens that somebody laid on a table: those move freely.
    """
    length = np.linalg.norm(vectors, axis=1)
    sure = (length > 0.5) & (weight > 0.15)
    if sure.sum() < 50:
        return directions
    unit = vectors[sure] / length[sure, None]
    apart = _angles(directions, directions) + 360 * np.eye(len(directions), dtype="float32")
    centres = directions.copy()
    for _ in range(3):
        angles = _angles(unit, centres)
        nearest, gap = angles.argmin(axis=1), angles.min(axis=1)
        for pen in range(len(directions) - 1):
            mine = unit[(nearest == pen) & (gap < 12)]
            if len(mine) < 80:
                continue
            way = np.median(mine, axis=0)
            way /= np.linalg.norm(way)
            moved = float(_angles(way[None], directions[pen : pen + 1])[0, 0])
            most = 90.0 if freely else min(10.0, apart[pen].min() / 3)
            share = min(1.0, most / max(moved, 1e-3))
            way = directions[pen] + share * (way - directions[pen])
            centres[pen] = way / np.linalg.norm(way)
    return centres


def _without_doubles(vectors: Field, names: list[str], directions: Field) -> tuple[list[str], Field]:
    """Leave one of two named colours that one pen's ink lies between: the one that has more of it."""
    if not len(vectors):
        return names, directions
    nearest = _angles(vectors[:: max(1, len(vectors) // _SAMPLE)], directions).argmin(axis=1)
    ink = np.bincount(nearest, minlength=len(names))
    order = [int(pen) for pen in np.argsort(-ink, kind="stable")]
    kept: list[int] = [len(names) - 1]
    for pen in order:
        if pen not in kept and _angles(directions[pen : pen + 1], directions[kept]).min() > _ONE_PEN_DEGREES:
            kept.append(pen)
    kept = sorted(kept)
    return [names[pen] for pen in kept], directions[kept]


def _angles(vectors: Field, directions: Field) -> Field:
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return np.asarray(np.degrees(np.arccos(np.clip(unit @ directions.T, -1, 1))), "float32")


def _spread(shape: tuple[int, ...], at: NDArray[np.intp], values: Field) -> Field:
    full = np.zeros(shape, "float32")
    full.reshape(-1)[at] = values
    return full


def _window(px_per_mm: float) -> tuple[int, int]:
    side = 2 * max(1, round(0.3 * px_per_mm)) + 1
    return side, side


def _mend_fragments(index: NDArray[np.int8], px_per_mm: float) -> NDArray[np.int8]:
    """Give scraps of one pen at the side of another's stroke to that stroke."""
    index = _mend_slivers(index, px_per_mm)
    mended = index.copy()
    for pen, piece in connected_ink(index):
        if piece.area < _FRAGMENT_MM2 * px_per_mm**2:
            share = _SCRAP_RIM if piece.area < _SCRAP_MM2 * px_per_mm**2 else _FRAGMENT_RIM
            window, mine, rim = piece.rim(index.shape)
            others = index[window][rim]
            others = others[(others >= 0) & (others != pen)]
            if others.size > share * rim.sum():
                mended[window][mine] = np.bincount(others).argmax()
    return mended


def _mend_slivers(index: NDArray[np.int8], px_per_mm: float) -> NDArray[np.int8]:
    """Give what is narrower than a stroke and lies along another pen's ink to that pen: the rim of its stroke."""
    import cv2

    side = 2 * max(1, round(0.5 * _SLIVER_MM * px_per_mm)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    thin = np.full_like(index, -1)
    for pen in range(int(index.max(initial=-1)) + 1):
        mine = (index == pen).astype(np.uint8)
        thin[mine > cv2.morphologyEx(mine, cv2.MORPH_OPEN, disc)] = pen
    mended = index.copy()
    for pen, sliver in connected_ink(thin):
        window, mine, rim = sliver.rim(index.shape)
        others = index[window][rim]
        others = others[(others >= 0) & (others != pen)]
        if others.size:
            beside = np.bincount(others)
            if beside.max() > _SLIVER_RIM * rim.sum():
                mended[window][mine] = beside.argmax()
    return mended


def _name_neutrals(
    names: list[str], index: NDArray[np.int8], strength: Field, far: Field, px_per_mm: float
) -> tuple[list[str], NDArray[np.int8]]:
    """Part neutral ink into black and pencil, and set aside ink of a colour that no pen has, piece by piece.

    Grains of one pencil's stroke are one piece.
    """
    neutral = len(names) - 1
    whole = without_grain((index == neutral).astype(np.uint8), px_per_mm)
    coloured = [(pen, piece) for pen, piece in connected_ink(index) if pen != neutral]
    named = index.copy()
    for pen, piece in coloured + [(neutral, piece) for piece in connected_pieces(whole)]:
        here = piece.mask & (index[piece.window] == pen)
        if not here.any():  # a gap alone
            continue
        strong = strength[piece.window][here]
        core = strong >= np.percentile(strong, 70)
        if np.median(far[piece.window][here][core]) > _UNKNOWN_DEGREES:
            named[piece.window][here] = neutral + 2
        elif pen == neutral:
            named[piece.window][here] = neutral + int(np.percentile(strong, 85) < _PENCIL_STRENGTH)
    return [*names[:neutral], "black", PENCIL, "unknown"], named
