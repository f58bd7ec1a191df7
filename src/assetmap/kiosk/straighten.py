"""A photograph laid onto the grid of the map that it shows, and that as a GeoTIFF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from assetmap.files import write_bytes
from assetmap.kiosk.printed import PrintedMap
from assetmap.kiosk.register.quality import Registration, trusted

__all__ = ["Straightened", "read_geotiff", "straighten_photograph", "write_geotiff"]

BEYOND = 0.75
"""How far beyond the points that a registration rests on it is believed, as a share of their reach."""
_EDGE_MM = 0.8  # paper's own edge, and the picture's, look like ink
_JPEG_QUALITY = 88


@dataclass(frozen=True)
class Straightened:
    """A photograph on the grid of its printed map.

    Parameters
    ----------
    pixels
        (H, W, 3) uint8 RGB; white where the photograph shows nothing.
    valid
        (H, W) bool: where the photograph shows the sheet and the registration is believed.
    sharpness
        (H, W) float32: pixels of the photograph for one of the grid; 0 where not `valid`.
    """

    pixels: NDArray[np.uint8]
    valid: NDArray[np.bool_]
    sharpness: NDArray[np.float32]


def straighten_photograph(photo: NDArray[np.uint8], printed: PrintedMap, found: Registration) -> Straightened:
    """Lay a photograph onto the grid of the map that it shows.

    Parameters
    ----------
    photo
        (H, W, 3) uint8 RGB.
    printed
        The map.
    found
        A registration that is good enough.
    """
    where = found.bend.map_of(printed.size)
    height, width = photo.shape[:2]
    across, down = where[..., 0], where[..., 1]
    valid = (across >= 0) & (down >= 0) & (across <= width - 1) & (down <= height - 1)
    corners = trusted(found, printed.size, beyond=BEYOND)
    believed = np.zeros(valid.shape, np.uint8)
    cv2.fillConvexPoly(believed, cv2.convexHull(corners.astype(np.int32)), 1)
    valid &= believed > 0
    valid = _within(valid, round(_EDGE_MM * printed.px_per_mm))
    pixels = cv2.remap(photo, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    pixels[~valid] = 255
    return Straightened(np.asarray(pixels, dtype=np.uint8), valid, _sharpness(where, valid))


def _within(valid: NDArray[np.bool_], edge: int) -> NDArray[np.bool_]:
    """Return a mask without its edge, which may be that of the grid."""
    around = np.ones((2 * edge + 1, 2 * edge + 1), np.uint8)
    smaller = cv2.erode(valid.astype(np.uint8), around, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(smaller > 0)


def _sharpness(where: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return how many pixels of the photograph there are to one of the grid, from the map's own steps."""
    few = where[::16, ::16]
    along_x, along_y = np.gradient(few, 16.0, axis=1), np.gradient(few, 16.0, axis=0)
    area = np.abs(along_x[..., 0] * along_y[..., 1] - along_x[..., 1] * along_y[..., 0])
    full = cv2.resize(np.sqrt(area).astype(np.float32), valid.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(valid, full, np.float32(0)).astype(np.float32)


def write_geotiff(path: Path, straightened: Straightened, printed: PrintedMap) -> None:
    """Write a straightened photograph as a GeoTIFF (JPEG inside, tiled, with a mask where it shows nothing).

    Raises
    ------
    UsageError
        If it can't be written.
    """
    write_bytes(path, _geotiff(straightened, printed))


def _geotiff(straightened: Straightened, printed: PrintedMap) -> bytes:
    import rasterio
    from rasterio.io import MemoryFile

    width, height = printed.size
    profile = {
        "driver": "GTiff",
        "width": width,
        "height": height,
        "count": 3,
        "dtype": "uint8",
        "crs": rasterio.crs.CRS.from_wkt(printed.crs.to_wkt()),
        "transform": printed.ground,
        "tiled": True,
        "compress": "jpeg",
        "photometric": "ycbcr",
        "jpeg_quality": _JPEG_QUALITY,
    }
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), MemoryFile() as memory:
        with memory.open(**profile) as raster:
            raster.write(np.moveaxis(straightened.pixels, -1, 0))
            raster.write_mask(straightened.valid)
        return bytes(memory.read())


def read_geotiff(path: Path) -> Straightened:
    """Read a straightened photograph back; how sharp it was isn't kept."""
    import rasterio

    with rasterio.open(path) as raster:
        pixels = np.ascontiguousarray(np.moveaxis(raster.read([1, 2, 3]), 0, -1))
        valid = raster.dataset_mask() > 0
    return Straightened(pixels, valid, valid.astype(np.float32))
