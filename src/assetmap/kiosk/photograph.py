"""Photographs of sheets, opened with bounds on memory and turned upright; the file itself is never changed."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from assetmap.errors import InputError
from assetmap.files import require_file

__all__ = ["MOST_PIXELS", "Photograph", "read_photograph"]

MOST_PIXELS = {"JPEG": 120_000_000, "MPO": 120_000_000}  # an MPO is a JPEG with another behind it
"""A picture with more pixels is refused before one is decoded. A JPEG can be decoded smaller, others can't."""
MOST_PIXELS_OTHERWISE = 60_000_000
WORKING_PIXELS = 26_000_000
"""A larger picture is made smaller on its way in: what a camera of 24 Mpx shows is kept."""
MOST_BYTES = 200_000_000
_LEAST_SIDE = 200
_ORIENTATION = 0x0112  # EXIF's tag
_FORMATS = ("JPEG", "PNG", "TIFF", "HEIF", "WEBP")
_GREY_CHROMA = 3.0  # mean difference of the channels below which a picture has no colours, of 255


@dataclass(frozen=True)
class Photograph:
    """A photograph as pixels, upright by its own word (EXIF).

    Parameters
    ----------
    name
        The file's name.
    sha256
        Of the file's bytes.
    pixels
        (H, W, 3) uint8, RGB.
    full_size
        Width and height of the file's picture, upright; larger than `pixels` where that was made smaller.
    orientation
        EXIF's number of how the file is stored: 1 upright, 6 turned by a quarter, …
    """

    name: str
    sha256: str
    pixels: NDArray[np.uint8]
    full_size: tuple[int, int]
    orientation: int = 1

    def from_file(self, points: NDArray[np.float64], *, as_stored: bool = False) -> NDArray[np.float64]:
        """Return points (n x 2) of the file's picture as points of `pixels`; (0, 0) is the centre of a pixel.

        Parameters
        ----------
        points
            Right and down, in pixels.
        as_stored
            Whether they count from the corner of the picture as it is stored, not as it is seen.
        """
        width, height = self.full_size
        x, y = np.asarray(points, dtype="float64").T
        if as_stored:
            right, bottom = width - 1, height - 1
            turned = {
                2: (right - x, y),
                3: (right - x, bottom - y),
                4: (x, bottom - y),
                5: (y, x),
                6: (right - y, x),
                7: (right - y, bottom - x),
                8: (y, bottom - x),
            }
            x, y = turned.get(self.orientation, (x, y))
        across, down = self.pixels.shape[1] / width, self.pixels.shape[0] / height
        return np.stack([(x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5], axis=-1)

    @property
    def is_grey(self) -> bool:
        """Whether it has no colours that pens could be told apart by."""
        sample = self.pixels[::8, ::8].astype(np.int16)
        return float((sample.max(axis=2) - sample.min(axis=2)).mean()) < _GREY_CHROMA


def read_photograph(path: Path | str) -> Photograph:
    """Read a photograph: JPEG, PNG, TIFF, HEIC or WebP.

    Parameters
    ----------
    path
        The file. It is read and never written.

    Raises
    ------
    MissingInputError
        If it isn't there.
    InputError
        If it is no picture, is cut short, or has more than `MOST_PIXELS` pixels.
    """
    path = require_file(path, "photograph")
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB: save the photograph as a JPEG.")
    data = path.read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd EXIF and of large pictures, which are bounded here
            pixels, size, orientation = _decode(data, path)
    except InputError:
        raise
    except MemoryError as error:
        raise InputError(f"{path} takes too much memory to open: save it smaller, as a JPEG.") from error
    except Image.DecompressionBombError as error:
        raise InputError(f"{path} would take far too many pixels to open: save it as a smaller JPEG.") from error
    except UnidentifiedImageError as error:
        raise InputError(f"{path} is not a picture (JPEG, PNG, TIFF, HEIC, WebP): get the photograph again.") from error
    except Exception as error:  # decoders raise whatever a broken part makes them stumble on
        raise InputError(
            f"{path} can't be opened as a picture ({str(error) or type(error).__name__}): get the photograph again."
        ) from error
    if min(pixels.shape[:2]) < _LEAST_SIDE:
        raise InputError(f"{path} is only {size[0]} x {size[1]} pixels: get the photograph in its full size.")
    return Photograph(path.name, hashlib.sha256(data).hexdigest(), pixels, size, orientation)


def _decode(data: bytes, path: Path) -> tuple[NDArray[np.uint8], tuple[int, int], int]:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        width, height = picture.size
        most = MOST_PIXELS.get(picture.format or "", MOST_PIXELS_OTHERWISE)
        if width * height > most:
            raise InputError(
                f"{path} has {width * height / 1e6:,.0f} million pixels, more than {most / 1e6:.0f}: save it as a "
                "smaller JPEG."
            )
        smaller = (WORKING_PIXELS / (width * height)) ** 0.5
        wanted = (max(1, round(width * smaller)), max(1, round(height * smaller))) if smaller < 1 else (width, height)
        if smaller < 1:
            picture.draft("RGB", wanted)  # a JPEG is decoded at a half or a quarter: never all its pixels at once
        picture.load()
        orientation = int(picture.getexif().get(_ORIENTATION, 1))
        upright = _plain_rgb(ImageOps.exif_transpose(picture))
    turned = orientation in (5, 6, 7, 8)
    if smaller < 1:
        upright = upright.resize(wanted[::-1] if turned else wanted, Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(upright, dtype=np.uint8), (height, width) if turned else (width, height), orientation


def _plain_rgb(picture: Image.Image) -> Image.Image:
    """Return a picture of any mode as RGB; what is transparent becomes white, 16 bits become 8."""
    if picture.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture.convert("RGBA"))
        return ground.convert("RGB")
    return picture.convert("RGB")
