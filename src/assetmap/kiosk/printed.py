"""The printed map that a photograph shows: its clean picture on a grid, and where that grid lies on the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Geod
from rasterio import Affine

from assetmap.crs import LONLAT, metric_crs, transformer_between
from assetmap.errors import CRSError, InputError
from assetmap.kiosk.photograph import read_photograph
from assetmap.kiosk.spec import Pen, SheetSpec, read_spec

__all__ = ["PAPER_LONG_SIDE_MM", "PrintedMap", "blank_map", "printed_map", "printed_sheet", "reference_system"]

PAPER_LONG_SIDE_MM = {"A0": 1189.0, "A1": 841.0, "A2": 594.0, "A3": 420.0, "A4": 297.0}
GRID_PIXELS = 9_000_000
FINEST_PX_PER_MM = 6.0
_MOST_STRETCH = 0.05  # how far the pixels of a clean picture may be from squares on the ground

Box = tuple[float, float, float, float]
Points = NDArray[np.float64]


@dataclass(frozen=True)
class PrintedMap:
    """A printed map as it was before anyone drew on it.

    Points of the grid are (x, y) in pixels; (0, 0) is the centre of the first pixel.

    Parameters
    ----------
    name
        The sheet's id.
    clean
        (H, W, 3) uint8 RGB, the grid that photographs are straightened to.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    ground
        From corners of pixels (column, row) to coordinates of `crs`.
    crs
        The reference system of `ground`.
    metres_per_mm
        Metres on the ground for a millimetre of paper.
    frame
        Left, top, right, bottom of the map in pixels; what lies outside is the sheet's margin.
    markers
        Marker id -> its corners (4 x 2) on the grid; empty for maps that aren't ours.
    qr_text
        What the sheet's QR code says, or empty.
    legend
        What its pens mean.
    """

    name: str
    clean: NDArray[np.uint8]
    px_per_mm: float
    ground: Affine
    crs: CRS
    metres_per_mm: float
    frame: Box
    markers: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    qr_text: str = ""
    legend: tuple[Pen, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the grid in pixels."""
        return self.clean.shape[1], self.clean.shape[0]

    @property
    def metres_per_px(self) -> float:
        """Metres on the ground for a pixel of the grid."""
        return self.metres_per_mm / self.px_per_mm

    @cached_property
    def metric(self) -> CRS:
        """The reference system in metres that marks are given in."""
        if not self.crs.is_geographic and self.crs.axis_info[0].unit_name == "metre" and not _is_mercator(self.crs):
            return self.crs
        width, height = self.size
        west, north = self.ground @ (0, 0)
        east, south = self.ground @ (width, height)
        lonlat = transformer_between(self.crs, LONLAT)
        return metric_crs(lonlat.transform_bounds(west, south, east, north))

    def on_ground(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points of the grid (n x 2) in coordinates of `crs`."""
        x, y = points[..., 0] + 0.5, points[..., 1] + 0.5
        at = self.ground
        return np.stack([at.a * x + at.b * y + at.c, at.d * x + at.e * y + at.f], axis=-1)

    def from_ground(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return coordinates of `crs` (n x 2) as points of the grid."""
        back = ~self.ground
        x, y = points[..., 0], points[..., 1]
        return np.stack([back.a * x + back.b * y + back.c - 0.5, back.d * x + back.e * y + back.f - 0.5], axis=-1)


def _is_mercator(crs: CRS) -> bool:
    """Whether it is Web Mercator, whose metres are longer than those of the ground."""
    return crs.to_epsg() in (3857, 900913)


def printed_sheet(folder: Path, sheet_id: str) -> PrintedMap:
    """Return one of our own sheets from ``<sheet_id>.json`` and its clean raster.

    Raises
    ------
    MissingInputError, InputError
        As `assetmap.kiosk.spec.read_spec` and `assetmap.kiosk.photograph.read_photograph`.
    """
    spec = read_spec(folder / f"{sheet_id}.json")
    return _of_spec(spec, folder / spec.clean)


def _of_spec(spec: SheetSpec, clean: Path) -> PrintedMap:
    wide, tall = spec.paper_mm
    px_per_mm = _fine_enough(wide, tall)
    size = (round(wide * px_per_mm), round(tall * px_per_mm))
    metres_per_px = spec.metres_per_mm / px_per_mm
    west, north = spec.metres_of(np.zeros(2))
    return PrintedMap(
        name=spec.sheet_id,
        clean=_resized(read_photograph(clean).pixels, size),
        px_per_mm=px_per_mm,
        ground=Affine(metres_per_px, 0, west, 0, -metres_per_px, north),
        crs=CRS.from_user_input(spec.crs),
        metres_per_mm=spec.metres_per_mm,
        frame=_scaled_box(spec.frame_mm, px_per_mm),
        markers={number: corners * px_per_mm - 0.5 for number, corners in spec.corners_mm().items()},
        qr_text=spec.qr_text,
        legend=spec.legend,
    )


def printed_map(clean: Path, bounds: Box, crs: str, *, paper: str = "A4", legend: tuple[Pen, ...] = ()) -> PrintedMap:
    """Return a map that isn't ours from its clean picture and the ground that this shows.

    Parameters
    ----------
    clean
        The picture, of any size.
    bounds
        West, south, east, north of the picture in coordinates of `crs`.
    crs
        Such as ``EPSG:27700``.
    paper
        The size that it was printed at: ``A0`` to ``A4``. How thick a pen's line is depends on it.
    legend
        What the pens mean.

    Raises
    ------
    InputError
        If the picture can't be read, or the bounds are out of order or don't have its shape.
    CRSError
        If there is no such reference system, or the bounds lie outside it.
    """
    pixels = read_photograph(clean).pixels
    system = reference_system(crs)
    tall_m, wide_m = _ground_size(bounds, system, clean.name)
    stretch = (wide_m / pixels.shape[1]) / (tall_m / pixels.shape[0])
    if abs(math.log(stretch)) > _MOST_STRETCH:
        raise InputError(
            f"the bounds are {wide_m:,.0f} m by {tall_m:,.0f} m, but {clean.name} is {pixels.shape[1]} x "
            f"{pixels.shape[0]} pixels, another shape: check --bounds W,S,E,N and --crs."
        )
    long_side = PAPER_LONG_SIDE_MM[paper]
    per_mm = long_side / max(pixels.shape[:2])
    px_per_mm = _fine_enough(pixels.shape[1] * per_mm, pixels.shape[0] * per_mm)
    size = (round(pixels.shape[1] * per_mm * px_per_mm), round(pixels.shape[0] * per_mm * px_per_mm))
    west, south, east, north = bounds
    return PrintedMap(
        name=clean.stem,
        clean=_resized(pixels, size),
        px_per_mm=px_per_mm,
        ground=Affine((east - west) / size[0], 0, west, 0, (south - north) / size[1], north),
        crs=system,
        metres_per_mm=max(wide_m, tall_m) / long_side,
        frame=(0.0, 0.0, float(size[0]), float(size[1])),
        legend=legend,
    )


def blank_map(
    name: str, pixels: Points, ground: Points, crs: str, size: tuple[int, int], *, paper: str = "A4"
) -> PrintedMap:
    """Return a map of which no clean picture is known, from points in its photograph and on the ground.

    It covers what the photograph shows, up to a quarter of the points' reach beyond them, and is white: what is
    printed can't be told from what is drawn.

    Parameters
    ----------
    name
        What to call it.
    pixels, ground
        (n, 2) each: points in the photograph, and in coordinates of `crs`.
    crs
        Such as ``EPSG:27700``.
    size
        Width and height of the photograph in pixels.
    paper
        ``A0`` to ``A4``: the size of the paper that the photograph shows.

    Raises
    ------
    CRSError
        If there is no such reference system, or the points lie outside it.
    """
    import cv2

    system = reference_system(crs)
    outward, _ = cv2.findHomography(pixels, ground, 0)
    corners = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], dtype="float64").reshape(-1, 1, 2)
    seen = cv2.perspectiveTransform(corners, outward).reshape(-1, 2) if outward is not None else ground
    reach = np.ptp(ground, axis=0) / 4
    west, south = np.maximum(ground.min(axis=0) - reach, seen.min(axis=0))
    east, north = np.minimum(ground.max(axis=0) + reach, seen.max(axis=0))
    tall_m, wide_m = _ground_size((west, south, east, north), system, name)
    per_mm = PAPER_LONG_SIDE_MM[paper] / max(tall_m, wide_m)
    px_per_mm = _fine_enough(wide_m * per_mm, tall_m * per_mm)
    grid = (round(wide_m * per_mm * px_per_mm), round(tall_m * per_mm * px_per_mm))
    return PrintedMap(
        name=name,
        clean=np.full((grid[1], grid[0], 3), 255, np.uint8),
        px_per_mm=px_per_mm,
        ground=Affine((east - west) / grid[0], 0, west, 0, (south - north) / grid[1], north),
        crs=system,
        metres_per_mm=1 / per_mm,
        frame=(0.0, 0.0, float(grid[0]), float(grid[1])),
    )


def reference_system(crs: str) -> CRS:
    """Return a reference system.

    Raises
    ------
    CRSError
        If there is none of that name.
    """
    from pyproj.exceptions import CRSError as UnknownCRS

    try:
        return CRS.from_user_input(crs)
    except UnknownCRS as error:
        raise CRSError(f"{crs!r} is not a reference system: give one such as EPSG:27700.") from error


def _ground_size(bounds: Box, crs: CRS, what: str) -> tuple[float, float]:
    """Return how tall and how wide a box is on the ground, in metres."""
    west, south, east, north = bounds
    if not np.isfinite(bounds).all() or west >= east or south >= north:
        raise InputError(f"the bounds of {what} are out of order: give them as W,S,E,N (x goes east, y north).")
    lonlat = transformer_between(crs, LONLAT)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    lon, lat = lonlat.transform([west, east, middle_x, middle_x], [middle_y, middle_y, south, north])
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()) or np.abs(lat).max() > 90:
        raise CRSError(f"the bounds {west:g},{south:g},{east:g},{north:g} lie outside {crs.name}: check --crs.")
    geod = Geod(ellps="WGS84")
    _, _, wide = geod.inv(lon[0], lat[0], lon[1], lat[1])
    _, _, tall = geod.inv(lon[2], lat[2], lon[3], lat[3])
    return float(tall), float(wide)


def _fine_enough(wide_mm: float, tall_mm: float) -> float:
    """Return how fine a grid over paper of that size should be, in pixels for a millimetre."""
    return min(FINEST_PX_PER_MM, math.sqrt(GRID_PIXELS / (wide_mm * tall_mm)))


def _scaled_box(box: Box, factor: float) -> Box:
    left, top, right, bottom = box
    return left * factor, top * factor, right * factor, bottom * factor


def _resized(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    import cv2

    smaller = size[0] < pixels.shape[1]
    resized = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    return np.asarray(resized, dtype=np.uint8)
