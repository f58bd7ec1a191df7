"""Pictures of marks for the review: the straightened photograph around each, with the mark outlined."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw
from rasterio.enums import Resampling
from rasterio.io import DatasetReader
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

__all__ = ["picture_of_place"]

_AROUND_PX = 110  # of the straightened photograph: more than a centimetre of paper
_SIDE = 460
_CLEAR_PX = 7  # between the mark and its outline, in the picture
_QUALITY = 70


def picture_of_place(straightened: DatasetReader, mark: BaseGeometry, also: BaseGeometry | None = None) -> bytes:
    """Return what lies around a mark, as a JPEG.

    Parameters
    ----------
    straightened
        The straightened photograph, opened.
    mark
        The mark's shape, in the photograph's CRS; it is outlined.
    also
        What should be in the picture as well, such as the writing that goes with the mark.
    """
    place = _on_grid(straightened, mark)
    left, top, right, bottom = _window(straightened, place, also)
    reduced = min(1.0, _SIDE / max(right - left, bottom - top))
    wide, tall = max(1, round((right - left) * reduced)), max(1, round((bottom - top) * reduced))
    pixels = straightened.read(
        [1, 2, 3],
        window=Window(left, top, right - left, bottom - top),
        out_shape=(3, tall, wide),
        resampling=Resampling.average,
    )
    picture = Image.fromarray(np.ascontiguousarray(np.moveaxis(pixels, 0, -1)))
    drawn = shapely.transform(place, lambda at: (at - [left, top]) * reduced)
    _outline(picture, drawn)
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=_QUALITY)
    return encoded.getvalue()


def _on_grid(straightened: DatasetReader, shape: BaseGeometry) -> BaseGeometry:
    to_grid = ~straightened.transform
    on_grid: BaseGeometry = shapely.transform(shape, lambda at: np.stack(to_grid @ (at[:, 0], at[:, 1]), axis=1))
    return on_grid


def _window(straightened: DatasetReader, place: BaseGeometry, also: BaseGeometry | None) -> tuple[int, int, int, int]:
    seen = place if also is None else shapely.union_all([place.envelope, _on_grid(straightened, also).envelope])
    left, top, right, bottom = (round(side) for side in seen.bounds)
    left, right = (min(max(0, side), straightened.width) for side in (left - _AROUND_PX, right + _AROUND_PX))
    top, bottom = (min(max(0, side), straightened.height) for side in (top - _AROUND_PX, bottom + _AROUND_PX))
    # A mark wholly in the rim of the sheet still shows a pixel of it.
    left, top = min(left, straightened.width - 1), min(top, straightened.height - 1)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _outline(picture: Image.Image, mark: BaseGeometry) -> None:
    """Draw a line around a mark, dark on white, so that it can be seen on any ground and hides no ink."""
    around: Any = mark.buffer(_CLEAR_PX)
    draw = ImageDraw.Draw(picture)
    for colour, width in (("white", 5), ("black", 2)):
        for part in getattr(around, "geoms", [around]):
            draw.line([tuple(at) for at in part.exterior.coords], fill=colour, width=width)
