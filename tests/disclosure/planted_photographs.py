"""Photographs with secrets planted wherever a file can hold them: segments and chunks are put together by hand."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import NamedTuple

from PIL import Image, ImageDraw, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational


class PlantedPhotograph(NamedTuple):
    """The bytes of a file, and what must not come out again."""

    data: bytes
    secrets: list[bytes]
    suffix: str


def photograph(draw: random.Random, size: tuple[int, int] = (160, 120)) -> Image.Image:
    """A picture of coloured shapes."""
    picture = Image.new("RGB", size, tuple(draw.randrange(256) for _ in range(3)))
    pen = ImageDraw.Draw(picture)
    for _ in range(12):
        corner = (draw.randrange(size[0]), draw.randrange(size[1]))
        far = (corner[0] + draw.randrange(5, 60), corner[1] + draw.randrange(5, 60))
        pen.ellipse((*corner, *far), fill=tuple(draw.randrange(256) for _ in range(3)))
    return picture


def plant_photograph(number: int) -> PlantedPhotograph:
    """A JPEG, PNG, WebP or TIFF, by its number, with secrets in every place that its format has."""
    draw = random.Random(number)
    return (_jpeg, _jpeg, _png, _webp, _tiff)[number % 5](draw)


def _secret(draw: random.Random, secrets: list[bytes]) -> bytes:
    secret = f"SECRET{draw.randrange(10**12):012d}".encode()
    secrets.append(secret)
    return secret


def _exif(draw: random.Random, secrets: list[bytes]) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = draw.choice([1, 1, 3, 6, 8])
    exif[0x010F] = _secret(draw, secrets).decode()  # maker
    exif[0x0131] = _secret(draw, secrets).decode()  # software
    exif[0x013B] = _secret(draw, secrets).decode()  # artist
    exif[0x9C9B] = _secret(draw, secrets).decode().encode("utf-16-le")  # Windows' title
    camera = exif.get_ifd(0x8769)
    camera[0xA431] = _secret(draw, secrets).decode()  # the body's serial number
    camera[0x927C] = b"Maker\x00" + _secret(draw, secrets) * 3  # maker's note
    camera[0x9286] = b"ASCII\x00\x00\x00" + _secret(draw, secrets)  # the user's comment
    camera[0x9003] = "2026:10:03 11:22:33"
    place = exif.get_ifd(0x8825)
    place[1], place[3] = "N", "W"
    place[2] = tuple(map(IFDRational, (51, 31, draw.randrange(60))))
    place[4] = tuple(map(IFDRational, (0, 2, draw.randrange(60))))
    place[0x1B] = b"ASCII\x00\x00\x00" + _secret(draw, secrets)
    secrets += [b"2026:10:03 11:22:33", secrets[3].decode().encode("utf-16-le")]
    return exif


def _xmp(draw: random.Random, secrets: list[bytes]) -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>' + _secret(draw, secrets) + b"</rdf:RDF></x:xmpmeta>"


def _segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def _iptc(draw: random.Random, secrets: list[bytes]) -> bytes:
    caption = _secret(draw, secrets)
    record = b"\x1c\x02\x78" + struct.pack(">H", len(caption)) + caption
    return b"Photoshop 3.0\x00" + b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record + b"\x00"


def _thumbnail(draw: random.Random, secrets: list[bytes]) -> bytes:
    """A small JPEG with a comment of its own, as cameras put one into EXIF."""
    small = io.BytesIO()
    photograph(draw, (40, 30)).save(small, "JPEG", comment=_secret(draw, secrets))
    return small.getvalue()


def _jpeg(draw: random.Random) -> PlantedPhotograph:
    secrets: list[bytes] = []
    plain = io.BytesIO()
    profile = b"\x00" * 128 + _secret(draw, secrets)
    photograph(draw).save(
        plain, "JPEG", exif=_exif(draw, secrets), comment=_secret(draw, secrets), icc_profile=profile, quality=90
    )
    body = plain.getvalue()
    planted = [
        _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + _xmp(draw, secrets)),
        _segment(0xED, _iptc(draw, secrets)),
        _segment(0xE0, b"JFXX\x00\x10" + _thumbnail(draw, secrets)),
        _segment(0xE2, b"MPF\x00" + _secret(draw, secrets)),
        _segment(0xEA, _secret(draw, secrets)),
        _segment(0xFE, _secret(draw, secrets)),
    ]
    draw.shuffle(planted)
    behind = _secret(draw, secrets) + _thumbnail(draw, secrets)
    return PlantedPhotograph(body[:2] + b"".join(planted) + body[2:] + behind, secrets, ".jpg")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(draw: random.Random) -> PlantedPhotograph:
    secrets: list[bytes] = []
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", _secret(draw, secrets).decode())
    words.add_itxt("XML:com.adobe.xmp", _xmp(draw, secrets).decode())
    plain = io.BytesIO()
    picture = photograph(draw).convert("RGBA")
    secret = _secret(draw, secrets)
    picture.putdata(
        [(*secret[3 * n : 3 * n + 3].ljust(3), 0) for n in range(8)] + list(picture.get_flattened_data())[8:]
    )
    picture.save(plain, "PNG", pnginfo=words, exif=_exif(draw, secrets))
    body = plain.getvalue()
    private = _chunk(b"prVt", _secret(draw, secrets)) + _chunk(b"tIME", b"\x07\xea\x0a\x03\x0b\x16\x21")
    end = body.rindex(b"IEND") - 4
    return PlantedPhotograph(body[:end] + private + body[end:] + _secret(draw, secrets), secrets, ".png")


def _webp(draw: random.Random) -> PlantedPhotograph:
    secrets: list[bytes] = []
    plain = io.BytesIO()
    photograph(draw).save(plain, "WEBP", exif=_exif(draw, secrets), xmp=_xmp(draw, secrets), lossless=True)
    return PlantedPhotograph(plain.getvalue() + _secret(draw, secrets), secrets, ".webp")


def _tiff(draw: random.Random) -> PlantedPhotograph:
    secrets: list[bytes] = []
    plain = io.BytesIO()
    second = photograph(draw, (50, 40))
    photograph(draw).save(
        plain, "TIFF", description=_secret(draw, secrets).decode(), artist=_secret(draw, secrets).decode(),
        tiffinfo={700: _xmp(draw, secrets), 33723: _secret(draw, secrets)}, save_all=True, append_images=[second],
    )  # fmt: skip
    return PlantedPhotograph(plain.getvalue() + _secret(draw, secrets), secrets, ".tif")
