"""How a sheet would look in its photograph with nothing drawn on it: the light that fell on it, the printer's colours.

A photograph is taken as ``light x print x ink`` in each channel, so that in logarithms each is a sum. The light is
what remains of photograph less print where strokes are closed over; a shadow's edge stays as sharp as it is. What
the printer made of each colour is the usual difference on that colour.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from assetmap.kiosk.ink.channels import darkest, lightest, logarithm

__all__ = ["expected_photo"]

Image = NDArray[Any]
Mask = NDArray[Any]
Field = NDArray[Any]

_LIGHT_PX_PER_MM = 2.0
_BLOCK_MM = 6.0
_STROKE_MM = 5.0  # wider than any stroke
_BLOT_MM = 36.0  # wider than most areas that somebody fills in
_STEP_LOG = 0.13  # a difference that is seen
_SHADE_CHROMA = 0.16  # a shadow takes much the same of every channel
_DARK_PRINT = 70  # print darker than this says little about the light
_ROWS = 512


def expected_photo(photo: Image, clean: Image, valid: Mask, *, px_per_mm: float) -> Image:
    """Return the photograph as it would be without ink: the clean sheet in the photograph's light and print colours.

    Parameters
    ----------
    photo, clean
        (H, W, 3) uint8, RGB, on one grid.
    valid
        (H, W) bool, where the photograph shows the sheet.
    px_per_mm
        Pixels of the grid in a millimetre of paper.

    Returns
    -------
    (H, W, 3) uint8
    """
    import cv2

    scale = min(1.0, _LIGHT_PX_PER_MM / px_per_mm)
    size = (max(8, round(photo.shape[1] * scale)), max(8, round(photo.shape[0] * scale)))
    small_photo, small_clean = (cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in (photo, clean))
    known = cv2.resize(valid.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    per_mm = px_per_mm * scale
    usable = _even_print(small_clean) & cv2.erode(known.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    if not usable.any():
        usable = known if known.any() else np.ones_like(known)
    difference = logarithm(small_photo) - logarithm(small_clean)
    change = np.zeros((32768, 3), "float32")
    codes = _colour_codes(small_clean)
    light = _broad_light(difference, usable, per_mm)
    for _ in range(2):
        change = _print_change(difference - light, codes, usable)
        light = _paper_light(difference - change[codes], usable, known, per_mm)
    return _compose(clean, light, change)


def _even_print(clean: Image) -> Mask:
    import cv2

    kernel = np.ones((3, 3), np.uint8)
    grey = darkest(clean)
    return np.asarray((cv2.dilate(grey, kernel).astype(np.int16) - cv2.erode(grey, kernel) < 26) & (grey > _DARK_PRINT))


def _colour_codes(clean: Image) -> NDArray[np.int16]:
    red, green, blue = (channel.astype(np.int16) >> 3 for channel in np.moveaxis(clean, -1, 0))
    return np.asarray((red << 10) | (green << 5) | blue, np.int16)


def _broad_light(difference: Field, usable: Mask, per_mm: float) -> Field:
    """Return the light block by block: the upper middle of each block, which thin ink does not reach."""
    import cv2

    block = max(2, round(_BLOCK_MM * per_mm))
    rows, columns = usable.shape
    tall, wide = -(-rows // block), -(-columns // block)
    padded = np.full((tall * block, wide * block, 3), np.nan, "float32")
    padded[:rows, :columns] = np.where(usable[..., None], difference, np.nan)
    blocks = padded.reshape(tall, block, wide, block, 3).transpose(0, 2, 1, 3, 4).reshape(tall, wide, -1, 3)
    enough = np.isfinite(blocks[..., 0]).mean(axis=2) > 0.08
    ordered = np.sort(blocks, axis=2)  # what isn't known goes last
    place = (np.isfinite(blocks[..., 0]).sum(axis=2) * 0.6).astype(int)
    grid = np.take_along_axis(ordered, place[..., None, None].clip(0, ordered.shape[2] - 1), axis=2)[:, :, 0]
    grid = _fill(grid, enough & np.isfinite(grid).all(axis=2))
    for channel in range(3):
        grid[..., channel] = cv2.medianBlur(np.ascontiguousarray(grid[..., channel]), 5 if min(tall, wide) > 4 else 3)
    return np.asarray(cv2.resize(grid, (columns, rows), interpolation=cv2.INTER_LINEAR), "float32")


def _fill(values: Field, known: Mask) -> Field:
    """Return a field whose unknown cells have been filled in from ever coarser means of the known ones."""
    import cv2

    if known.all() or not known.any():
        return np.nan_to_num(values)
    weight = known.astype("float32")
    total = np.where(known[..., None], values, np.float32(0))
    if min(known.shape) <= 2:
        mean = total.sum(axis=(0, 1)) / max(weight.sum(), 1)
        return np.where(known[..., None], values, mean)
    half = ((known.shape[1] + 1) // 2, (known.shape[0] + 1) // 2)
    share = cv2.resize(weight, half, interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(total, half, interpolation=cv2.INTER_AREA) / np.maximum(share, 1e-6)[..., None]
    wide = cv2.resize(_fill(coarse, share > 1e-3), known.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(known[..., None], values, wide)


def _print_change(residual: Field, codes: NDArray[np.int16], usable: Mask) -> Field:
    """Return what printing did to each colour, by its code: a smooth change, mended where a colour is frequent.

    Parameters
    ----------
    residual
        (H, W, 3): photograph less clean less light.
    """
    wanted = usable & (lightest(np.abs(residual)) < 0.6)
    code, values = codes[wanted], residual[wanted]
    if code.size < 50:
        return np.zeros((32768, 3), "float32")
    order = np.argsort(code, kind="stable")
    code, values = code[order], values[order]
    starts = np.flatnonzero(np.r_[True, code[1:] != code[:-1]])
    counts = np.diff(np.r_[starts, code.size])
    frequent = counts >= 12
    present = code[starts][frequent]
    if present.size == 0:
        return np.zeros((32768, 3), "float32")
    pieces = [values[start : start + count] for start, count in zip(starts[frequent], counts[frequent], strict=True)]
    usual = np.stack([np.percentile(piece, 55, axis=0) for piece in pieces]).astype("float32")
    weight = np.sqrt(counts[frequent]).astype("float32")
    smooth = _smooth_change(present, usual, weight)
    change = smooth(np.arange(32768))
    trust = (counts[frequent] / (counts[frequent] + 150.0))[:, None]
    change[present] += trust * (usual - change[present])
    return np.asarray(change)


def _smooth_change(codes: NDArray[Any], values: Field, weight: Field) -> Any:
    """Return a robust fit of a change that is quadratic in the logarithm of the clean colour."""

    def terms(code: NDArray[Any]) -> Field:
        rgb = np.stack([(code >> 10) & 31, (code >> 5) & 31, code & 31], axis=1) * 8 + 4
        log = logarithm(rgb.astype(np.uint8))
        return np.column_stack([np.ones(len(code)), log, log**2]).astype("float32")

    design = terms(codes)
    ridge = np.diag([1e-3, *[0.3] * 6]).astype("float32")
    robust = np.ones_like(weight)
    solution = np.zeros((7, 3), "float32")
    for _ in range(4):
        weighted = design * (weight * robust)[:, None]
        solution = np.linalg.solve(weighted.T @ design + ridge, weighted.T @ values)
        robust = 1 / (1 + (np.abs(values - design @ solution).max(axis=1) / 0.06) ** 2)
    return lambda code: np.clip(terms(code) @ solution, -0.5, 0.5)


def _paper_light(difference: Field, usable: Mask, known: Mask, per_mm: float) -> Field:
    """Return the light with every stroke and filled area closed over, and the edges of shadows left sharp."""
    import cv2

    even = _fill(difference, usable)
    for channel in range(3):
        even[..., channel] = cv2.medianBlur(np.ascontiguousarray(even[..., channel]), 3)
    closed = cv2.morphologyEx(even, cv2.MORPH_CLOSE, _disc(_STROKE_MM / 2 * per_mm), borderType=cv2.BORDER_REPLICATE)
    blots = _filled_areas(closed, known, per_mm)
    light = _fill(closed, ~blots)
    for channel in range(3):
        light[..., channel] = cv2.medianBlur(np.ascontiguousarray(light[..., channel]), 5)
    return light


def _filled_areas(light: Field, known: Mask, per_mm: float) -> Mask:
    """Return where what looks like light is ink over an area: it has a colour, or it is dark, small and alone."""
    import cv2

    step = max(1, round(per_mm))  # a pixel for about a millimetre
    size = (max(4, light.shape[1] // step), max(4, light.shape[0] // step))
    coarse = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    around = cv2.morphologyEx(
        coarse, cv2.MORPH_CLOSE, _disc(_BLOT_MM / 2 * per_mm / step), borderType=cv2.BORDER_REPLICATE
    )
    taken = cv2.resize(around, light.shape[1::-1], interpolation=cv2.INTER_LINEAR) - light
    seen = (lightest(taken) > _STEP_LOG).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(seen, connectivity=4)
    rows, columns = labels.shape
    reach = max(1, round(per_mm))
    blots = np.zeros(count, bool)
    for label in range(1, count):
        left, top, wide, tall, _ = stats[label]
        window = np.s_[top : top + tall, left : left + wide]
        inside = labels[window] == label
        took = np.median(taken[window][inside], axis=0)
        chroma = float(took.max() - took.min())
        edge = left <= reach or top <= reach or left + wide >= columns - reach or top + tall >= rows - reach
        small = max(wide, tall) < 1.8 * _BLOT_MM * per_mm and not edge and bool(known[window].all())
        blots[label] = (
            chroma > _SHADE_CHROMA or took.min() > 1.2 or (small and _rimmed(light, labels, stats[label], label))
        )
    wide_enough = _disc(0.8 * per_mm)
    return cv2.dilate(blots[labels].astype(np.uint8), wide_enough).astype(bool)


def _rimmed(light: Field, labels: NDArray[Any], stats: NDArray[Any], label: int) -> bool:
    """Whether a dark region ends sharply all round, as ink does, and a bay of a shadow doesn't."""
    import cv2

    left, top, wide, tall, _ = (int(value) for value in stats)
    window = np.s_[max(0, top - 4) : top + tall + 4, max(0, left - 4) : left + wide + 4]
    inside = (labels[window] == label).astype(np.uint8)
    grey = light[window].mean(axis=2)
    near, far = cv2.dilate(inside, _disc(1)), cv2.dilate(inside, _disc(3))
    rim = (far > 0) & (near == 0)
    core = np.median(grey[inside > 0])
    if not rim.any():
        return False
    lit = np.percentile(grey[rim], 80)
    return float((grey[rim] > core + 0.5 * (lit - core)).mean()) > 0.85


def _disc(radius: float) -> Image:
    import cv2

    side = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _compose(clean: Image, light: Field, change: Field) -> Image:
    """Return clean sheet, print colours and light put together, a band of rows at a time."""
    import cv2

    height, width = clean.shape[:2]
    expected = np.empty_like(clean)
    wide = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    for top in range(0, height, _ROWS):
        band = np.s_[top : top + _ROWS]
        log = logarithm(clean[band]) + change[_colour_codes(clean[band])] + wide[band]
        expected[band] = np.clip(cv2.exp(log) * 258 - 3, 0, 255)
    return expected
