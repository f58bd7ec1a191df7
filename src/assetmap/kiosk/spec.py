"""What a printed sheet is: its paper, its ground, its markers and its pens. The contract of printing and reading."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from pyproj import CRS
from pyproj.exceptions import CRSError

from assetmap.errors import InputError
from assetmap.files import read_text, write_json

__all__ = ["DICTIONARY", "SHEETS_FOLDER", "Marker", "PaperSize", "Pen", "SheetSpec", "read_spec", "write_spec"]

PaperSize = Literal["A0", "A1", "A2", "A3", "A4"]

DICTIONARY = "DICT_5X5_1000"
"""The ArUco dictionary of our sheets: 1,000 ids that differ in 5 bits or more, so that 2 wrong bits are mended.

In DICT_4X4_1000 ids differ in 2 bits: one wrong bit there makes another id, or none.
"""
SHEETS_FOLDER = "kiosk/sheets"
"""Where a study keeps its sheets: ``<sheet_id>.pdf``, ``.json`` and ``.png``."""

MM_PER_INCH = 25.4
_SLACK_MM = 0.01
_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)

Box = tuple[float, float, float, float]
Corner = tuple[float, float]


@with_config(_STRICT)
@dataclass(frozen=True)
class Marker:
    """One printed ArUco marker."""

    id: int
    corners_mm: tuple[Corner, Corner, Corner, Corner]
    """Corners of the black square in millimetres on the paper, clockwise from the marker's top left."""


@with_config(_STRICT)
@dataclass(frozen=True)
class Pen:
    """What one colour of pen means on a sheet."""

    pen: str
    rgb: tuple[int, int, int]
    theme: str
    sentiment: Literal["positive", "negative", "mixed"] | None = None
    kind: Literal["point", "line", "area", "writing"] | None = None


@with_config(_STRICT)
@dataclass(frozen=True)
class SheetSpec:
    """A printed sheet. Paper coordinates are millimetres from the paper's top left, y down; north is up.

    Parameters
    ----------
    sheet_id
        Short and unique, such as ``T7Q2-1``: four characters of the set, then the sheet's number in it.
    study
        The study's name.
    number
        1, 2, … within the set of sheets that were made together.
    size
        ``A0`` to ``A4``.
    paper_mm
        Width and height as printed.
    scale
        2500 for 1:2,500.
    crs
        The reference system of `bounds`, in metres, such as ``EPSG:27700``.
    frame_mm
        Left, top, right, bottom of the map frame on the paper.
    bounds
        West, south, east, north of the map frame in metres.
    dictionary
        The name of the markers' dictionary in ``cv2.aruco``.
    markers
        The markers, see `Marker`.
    qr_mm, qr_text
        Left, top, right, bottom of the QR code without its quiet zone, and what it says.
    legend
        The pens, see `Pen`.
    clean, clean_dpi
        The file name of the clean raster of the whole paper, beside the JSON, and its dots per inch.

    Raises
    ------
    InputError
        If the frame, the bounds and the scale don't agree, or a value is impossible.
    """

    sheet_id: str
    study: str
    number: int
    size: PaperSize
    paper_mm: tuple[float, float]
    scale: float
    crs: str
    frame_mm: Box
    bounds: Box
    dictionary: str
    markers: tuple[Marker, ...]
    qr_mm: Box
    qr_text: str
    legend: tuple[Pen, ...]
    clean: str
    clean_dpi: float

    def __post_init__(self) -> None:
        left, top, right, bottom = self.frame_mm
        west, south, east, north = self.bounds
        wide, tall = (right - left) * self.scale / 1000, (bottom - top) * self.scale / 1000
        slack = _SLACK_MM * self.scale / 1000
        if not (self.scale > 0 and 0 < self.clean_dpi <= 1200 and self.number >= 1):
            raise InputError(f"sheet {self.sheet_id}: scale, clean_dpi and number must be above 0")
        if not (0 <= left < right <= self.paper_mm[0] and 0 <= top < bottom <= self.paper_mm[1]):
            raise InputError(f"sheet {self.sheet_id}: frame_mm lies outside paper_mm")
        if abs(wide - (east - west)) > slack or abs(tall - (north - south)) > slack:
            raise InputError(
                f"sheet {self.sheet_id}: the frame shows {wide:.1f} x {tall:.1f} m at 1:{self.scale:g}, but bounds are "
                f"{east - west:.1f} x {north - south:.1f} m"
            )
        if Path(self.clean).name != self.clean or not self.clean:
            raise InputError(f"sheet {self.sheet_id}: clean must be a file name without a folder")
        try:
            CRS.from_user_input(self.crs)
        except CRSError as error:
            raise InputError(f"sheet {self.sheet_id}: {self.crs!r} is not a reference system") from error

    @property
    def metres_per_mm(self) -> float:
        """Metres on the ground for a millimetre of paper."""
        return self.scale / 1000

    def metres_of(self, mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points on the paper (n x 2, mm) in metres of `crs`; points outside the frame are carried on."""
        left, top, _, _ = self.frame_mm
        west, _, _, north = self.bounds
        points = np.asarray(mm, dtype="float64")
        across = west + (points[..., 0] - left) * self.metres_per_mm
        return np.stack([across, north - (points[..., 1] - top) * self.metres_per_mm], axis=-1)

    def mm_of(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points on the ground (n x 2, metres of `crs`) in millimetres on the paper."""
        left, top, _, _ = self.frame_mm
        west, _, _, north = self.bounds
        points = np.asarray(metres, dtype="float64")
        across = left + (points[..., 0] - west) / self.metres_per_mm
        return np.stack([across, top + (north - points[..., 1]) / self.metres_per_mm], axis=-1)

    @property
    def clean_px_per_mm(self) -> float:
        """Pixels of the clean raster in a millimetre; its pixel (0, 0) begins at the paper's top left."""
        return self.clean_dpi / MM_PER_INCH

    def corners_mm(self) -> dict[int, NDArray[np.float64]]:
        """Return each marker's corners (4 x 2, mm) by its id."""
        return {marker.id: np.array(marker.corners_mm, dtype="float64") for marker in self.markers}


@cache
def _adapter() -> TypeAdapter[SheetSpec]:
    return TypeAdapter(SheetSpec)


def read_spec(path: Path | str) -> SheetSpec:
    """Read a sheet's ``<sheet_id>.json``.

    Raises
    ------
    MissingInputError
        If it isn't there.
    InputError
        If it isn't such a file, or its values don't agree.
    """
    text = read_text(path, "sheet's description")
    try:
        return _adapter().validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        message = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{path} does not describe a sheet ({where}: {message}): print the sheet again.") from error


def write_spec(path: Path, spec: SheetSpec) -> None:
    """Write a sheet's ``<sheet_id>.json``."""
    write_json(path, asdict(spec))
