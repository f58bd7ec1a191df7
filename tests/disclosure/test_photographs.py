"""Photographs leave as pixels: of 100 with secrets planted, none survives; odd files are refused in one line."""

from __future__ import annotations

import io
import random
import struct
import zlib
from contextlib import suppress

import pytest
from PIL import Image

from assetmap.disclosure.photographs import release_photograph
from assetmap.errors import InputError, UsageError
from tests.disclosure.planted_photographs import photograph, plant_photograph

SEGMENTS = {0xD8, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA, 0xD9, 0xE0}  # what a picture needs, and JFIF's own


def segments(data: bytes) -> list[int]:
    found, place = [], 2
    while data[place] == 0xFF and data[place + 1] != 0xDA:
        found.append(data[place + 1])
        place += 2 + struct.unpack(">H", data[place + 2 : place + 4])[0]
    return found


@pytest.mark.parametrize("number", range(100))
def test_no_planted_byte_survives(number):
    planted = plant_photograph(number)
    assert sum(secret in planted.data for secret in planted.secrets) >= len(planted.secrets) / 2  # packed ones aside
    released = release_photograph(planted.data)
    assert not [secret for secret in planted.secrets if secret in released]
    assert b"SECRET" not in released
    assert b"Exif" not in released
    assert set(segments(released)) <= SEGMENTS
    assert released.endswith(b"\xff\xd9")
    with Image.open(io.BytesIO(released)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert getattr(picture, "n_frames", 1) == 1


def test_the_picture_itself_stays_and_is_upright():
    draw = random.Random(1)
    picture = photograph(draw, (300, 200))
    stored = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    picture.transpose(Image.Transpose.ROTATE_90).save(stored, "PNG", exif=exif)
    released = Image.open(io.BytesIO(release_photograph(stored.getvalue()))).convert("RGB")
    assert released.size == (300, 200)
    differences = [abs(a - b) for a, b in zip(released.tobytes(), picture.tobytes(), strict=True)]
    assert sum(differences) / len(differences) < 6


def test_large_ones_are_made_smaller_and_small_ones_left():
    def size(longest: int) -> tuple[int, int]:
        stored = io.BytesIO()
        photograph(random.Random(2), (1200, 600)).save(stored, "JPEG")
        return Image.open(io.BytesIO(release_photograph(stored.getvalue(), longest_px=longest))).size

    assert size(400) == (400, 200)
    assert size(5000) == (1200, 600)


def test_the_same_photograph_gives_the_same_bytes():
    data = plant_photograph(7).data
    assert len({release_photograph(data) for _ in range(3)}) == 1


def test_what_transparent_pixels_hide_is_gone():
    hidden = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    stored = io.BytesIO()
    hidden.save(stored, "PNG")
    released = Image.open(io.BytesIO(release_photograph(stored.getvalue()))).convert("RGB")
    assert released.getextrema() == ((255, 255), (255, 255), (255, 255))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_any_usual_kind_of_pixels_is_read(mode):
    stored = io.BytesIO()
    kind = "TIFF" if mode == "CMYK" else "PNG"
    photograph(random.Random(3)).convert(mode).save(stored, kind)
    assert release_photograph(stored.getvalue()).startswith(b"\xff\xd8")


def bomb() -> bytes:
    """A PNG that says it has 60,000 x 60,000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"%PDF-1.7",
        plant_photograph(1).data[:2000],
        plant_photograph(2).data[:900],
        bomb(),
        b"GIF89a",
    ],
    ids=["empty", "words", "pdf", "torn jpeg", "torn png", "bomb", "bare gif"],
)
def test_what_is_no_whole_photograph_is_refused_in_one_line(data):
    with pytest.raises(InputError) as refused:
        release_photograph(data, what="IMG_1.jpg")
    assert str(refused.value).startswith("IMG_1.jpg ")
    assert "\n" not in str(refused.value)


def test_mutated_photographs_are_released_or_refused():
    draw = random.Random(4)
    for number in range(60):
        data = bytearray(plant_photograph(number).data)
        for _ in range(draw.randrange(1, 40)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        with suppress(InputError):
            assert release_photograph(bytes(data)).startswith(b"\xff\xd8")


def test_a_length_is_at_least_one():
    with pytest.raises(UsageError, match="longer side"):
        release_photograph(b"", longest_px=0)
