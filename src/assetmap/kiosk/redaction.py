"""Photographs of sheets with regions of the paper made white, encoded from pixels alone."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import shapely
from PIL import Image, ImageDraw
from shapely.geometry.base import BaseGeometry

from assetmap.errors import InputError
from assetmap.kiosk.photograph import read_photograph
from assetmap.kiosk.printed import PrintedMap
from assetmap.kiosk.reading import Reading, Source, read_photographs

__all__ = ["redact_photograph"]

_STEP_MM = 2.0  # between points of an outline: the paper bends in the photograph
_QUALITY = 92
_WHITE = (255, 255, 255)


def redact_photograph(path: Path, source: Source, region: BaseGeometry | None) -> bytes:
    """Return a photograph with a region of its sheet made white, as the bytes of a JPEG without metadata.

    The photograph is registered anew. The copy is upright, and smaller where a camera's picture is larger than
    what the kiosk reads.

    Parameters
    ----------
    path
        The photograph; it is read and not changed.
    source
        What it may show, as for `read_photographs`.
    region
        In the coordinates of the sheet's reference system; None for the whole sheet.

    Raises
    ------
    InputError
        If the photograph can't be read, or not be registered.
    """
    found = next(iter(read_photographs([path], source)))
    if not isinstance(found, Reading):
        raise InputError(f"{path.name} can't be redacted ({found.reason}): make its marks unreadable by hand.")
    bend = found.photographs[0].registration.bend
    picture = Image.fromarray(read_photograph(path).pixels)
    pen = ImageDraw.Draw(picture)
    for outline in _outlines(found.printed, region):
        corners = bend.at(outline)
        pen.polygon([(float(x), float(y)) for x, y in corners], fill=_WHITE)
    encoded = io.BytesIO()
    Image.frombytes("RGB", picture.size, picture.tobytes()).save(encoded, "JPEG", quality=_QUALITY)
    return encoded.getvalue()


def _outlines(printed: PrintedMap, region: BaseGeometry | None) -> list[np.ndarray]:
    """Return the outlines of a region on the grid, with points close together; holes are filled."""
    if region is None:
        width, height = printed.size
        return [_points(shapely.box(0, 0, width, height), _STEP_MM * printed.px_per_mm)]
    polygons = [part for part in shapely.get_parts(region) if isinstance(part, shapely.Polygon)]
    step_m = _STEP_MM * printed.metres_per_mm
    return [printed.from_ground(_points(polygon, step_m)) for polygon in polygons]


def _points(polygon: shapely.Polygon, step: float) -> np.ndarray:
    return np.asarray(shapely.get_coordinates(shapely.segmentize(polygon.exterior, step)))
