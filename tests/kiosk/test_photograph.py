"""Photographs of every kind are opened with bounds, turned upright, or refused in one line."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assetmap.errors import InputError, MissingInputError
from assetmap.kiosk.photograph import read_photograph


@pytest.fixture
def picture() -> np.ndarray:
    """300 x 240 pixels, red in the top left quarter."""
    pixels = np.full((240, 300, 3), 200, np.uint8)
    pixels[:120, :150] = (220, 20, 20)
    return pixels


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".heic", ".webp"])
def test_every_format_gives_the_same_picture_and_is_left_as_it_was(tmp_path: Path, picture: np.ndarray, suffix: str):
    import pillow_heif

    pillow_heif.register_heif_opener()
    path = tmp_path / f"photo{suffix}"
    Image.fromarray(picture).save(path)
    before = path.read_bytes()
    photo = read_photograph(path)
    assert photo.pixels.shape == (240, 300, 3)
    assert photo.full_size == (300, 240)
    assert np.abs(photo.pixels[40, 40].astype(int) - (220, 20, 20)).max() < 12
    assert not photo.is_grey
    assert path.read_bytes() == before


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turning_is_obeyed_and_points_of_the_stored_file_are_followed(
    tmp_path: Path, picture: np.ndarray, orientation: int
):
    path = tmp_path / "photo.png"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(picture).save(path, exif=exif)
    photo = read_photograph(path)
    assert photo.full_size == ((240, 300) if orientation > 4 else (300, 240))
    (x, y), (fx, fy) = photo.from_file(np.array([[10.0, 10.0], [290.0, 10.0]]), as_stored=True)
    assert tuple(photo.pixels[round(y), round(x)]) == (220, 20, 20)
    assert tuple(photo.pixels[round(fy), round(fx)]) == (200, 200, 200)


def test_greyscale_is_known(tmp_path: Path, picture: np.ndarray):
    Image.fromarray(picture).convert("L").save(tmp_path / "grey.jpg")
    assert read_photograph(tmp_path / "grey.jpg").is_grey


def test_a_truncated_jpeg_is_refused(tmp_path: Path, picture: np.ndarray):
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG")
    (tmp_path / "cut.jpg").write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])
    with pytest.raises(InputError, match=r"cut\.jpg can't be opened as a picture .*get the photograph again"):
        read_photograph(tmp_path / "cut.jpg")


def test_what_is_no_picture_is_refused(tmp_path: Path):
    (tmp_path / "notes.jpg").write_text("Dear all")
    with pytest.raises(InputError, match="is not a picture"):
        read_photograph(tmp_path / "notes.jpg")
    with pytest.raises(MissingInputError):
        read_photograph(tmp_path / "nowhere.jpg")


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path):
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side, words in ((9_000, "81 million pixels, more than 60"), (30_000, "far too many pixels")):
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        body = chunk(b"IDAT", zlib.compress(bytes(90_000))) + chunk(b"IEND", b"")
        (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + body)
        with pytest.raises(InputError, match=words):
            read_photograph(tmp_path / "bomb.png")


def test_a_very_large_jpeg_is_decoded_smaller(tmp_path: Path):
    Image.new("RGB", (10_000, 10_000), (90, 120, 60)).save(tmp_path / "large.jpg", quality=30)
    photo = read_photograph(tmp_path / "large.jpg")
    assert photo.full_size == (10_000, 10_000)
    assert 20e6 < photo.pixels.shape[0] * photo.pixels.shape[1] < 27e6
    assert np.allclose(photo.from_file(np.array([[9_999.0, 0.0]])), [[photo.pixels.shape[1] - 0.75, -0.25]], atol=0.3)
