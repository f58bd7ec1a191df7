"""Dashed lines whose last dash is so short that alone it would be a dot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from assetmap.kiosk.strokes.parts import Part
from assetmap.kiosk.strokes.shape import Shape
from assetmap.kiosk.strokes.tracing import heading
from assetmap.kiosk.strokes.trails import Trail

__all__ = ["with_short_dashes"]

_AS_THICK = 1.7  # so many times the line's width
_NEXT = 1.4  # of the usual way from dash to dash
_ASIDE_DEGREES = 25.0


def with_short_dashes(
    dashed: list[Trail], dots: list[Shape], parts: dict[int, Part]
) -> tuple[list[Trail], list[Shape]]:
    """Return dashed lines with the dots that follow them as the next dash would, and the dots that don't.

    Parameters
    ----------
    dashed
        Dashed lines of one pen.
    dots
        Its dots.
    parts
        Its parts by number.
    """
    lines, left = list(dashed), []
    for dot in dots:
        blot = parts[dot.parts[0]].blot
        thick = float(np.sqrt(4 / np.pi * blot.area)) if blot is not None else np.inf
        at = shapely.get_coordinates(dot.geometry)[0]
        for place, line in enumerate(lines):
            end = _end_before(line, at, thick)
            if end is not None:
                path = np.vstack([at[None], line.path] if end == 0 else [line.path, at[None]])
                lines[place] = replace(line, parts=line.parts + dot.parts, path=path)
                break
        else:
            left.append(dot)
    return lines, left


def _end_before(line: Trail, at: np.ndarray, thick: float) -> int | None:
    """Return the end of a dashed line (0 or 1) that a dot follows, or None."""
    if thick > _AS_THICK * line.width:
        return None
    reach = _NEXT * line.length / len(set(line.pieces))
    bound = np.cos(np.radians(_ASIDE_DEGREES))
    for end, path in enumerate((line.path, line.path[::-1])):
        across = at - path[0]
        gap = float(np.hypot(*across))
        if 0 < gap < reach and float(-heading(path, reach) @ across) > bound * gap:
            return end
    return None
