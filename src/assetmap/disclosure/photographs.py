"""Photographs as they may leave: their pixels encoded anew, and not a byte else of the file they came in."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from assetmap.errors import AssetMapError, InputError, UsageError

__all__ = ["release_photograph"]

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")
_MOST_PIXELS = 60_000_000  # of a picture that has to be decoded whole
_MOST_PIXELS_JPEG = 200_000_000  # a JPEG is decoded at a fraction of its size
_QUALITY = 85
_WHITE = (255, 255, 255)


def release_photograph(data: bytes, *, longest_px: int = 1600, what: str = "the photograph") -> bytes:
    """Return a photograph as a JPEG that was encoded from its pixels alone.

    Nothing else of the file goes along: no EXIF (place, time, camera, its small picture), XMP, IPTC, comment,
    colour profile, further picture, nor what is hidden under transparent pixels or behind the file's end. It is
    turned upright first, and its colours are brought to sRGB. What the picture itself shows, such as a face or
    a number plate, stays: a person has to look at it.

    Parameters
    ----------
    data
        The file's bytes: JPEG, PNG, WebP, TIFF, GIF (its first picture) or BMP.
    longest_px
        A larger picture is made smaller, so that its longer side has so many pixels.
    what
        What to call it in a message.

    Returns
    -------
    bytes
        The same for the same bytes and version of Pillow.

    Raises
    ------
    InputError
        If it isn't a picture, is cut short, or has more pixels than a photograph.
    UsageError
        If `longest_px` is no length.
    """
    if longest_px < 1:
        raise UsageError(f"the longer side of a photograph can't be {longest_px} pixels: give at least 1.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata and of large pictures, bounded below
            picture = _pixels(data, longest_px, what)
    except AssetMapError:
        raise
    except UnidentifiedImageError as error:
        raise InputError(
            f"{what} is not a picture that can be read (JPEG, PNG, WebP, TIFF): save it as a JPEG."
        ) from error
    except Exception as error:  # Pillow's decoders raise whatever the broken part makes them stumble on
        raise InputError(
            f"{what} is cut short or broken ({str(error) or type(error).__name__}): get it again."
        ) from error
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())  # a picture made of pixels carries no metadata
    encoded = io.BytesIO()
    bare.save(encoded, "JPEG", quality=_QUALITY, optimize=True)
    return encoded.getvalue()


def _pixels(data: bytes, longest_px: int, what: str) -> Image.Image:
    """Decode a picture: upright, in sRGB, on white, no larger than asked."""
    with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        width, height = picture.size
        most = _MOST_PIXELS_JPEG if picture.format in ("JPEG", "MPO") else _MOST_PIXELS
        if width * height > most:
            raise InputError(f"{what} has {width} x {height} pixels, more than a photograph: save it smaller.")
        if picture.mode.startswith(("I", "F")):
            raise InputError(f"{what} has more than 8 bits for each colour: save it as a JPEG.")
        picture.draft("RGB", (longest_px, longest_px))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        seen = _on_white(_in_srgb(upright))
    seen.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    return seen


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Bring colours to sRGB by the file's profile; as they are where it has none or one that can't be used."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        return ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        ) or picture  # fmt: skip
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """Lay a picture on white, so that nothing is left of what its transparent pixels hide."""
    if "A" not in picture.mode and "transparency" not in picture.info and picture.mode != "P":
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGB", clear.size, _WHITE)
    ground.paste(clear, mask=clear.getchannel("A"))
    return ground
