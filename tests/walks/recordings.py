"""Recordings as a phone and a recorder leave them: photographs with EXIF, sound, transcripts, and broken files."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pandas as pd
from PIL import ExifTags, Image, TiffImagePlugin

GPS, EXIF = ExifTags.GPS, ExifTags.Base


def photograph(
    path: Path,
    clock: pd.Timestamp | None = None,
    *,
    lonlat: tuple[float, float] | None = None,
    offset: str | None = None,
    model: str | None = "Pocket 3",
    colour: tuple[int, int, int] | None = None,
    words: str | None = None,
) -> Path:
    """Write a photograph whose metadata say when and where it was taken, and by whom what was seen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shade = sum(path.name.encode()) % 200
    picture = Image.fromarray(np.full((60, 80, 3), colour or shade, dtype=np.uint8))
    exif = Image.Exif()
    if words:
        exif[EXIF.Artist] = exif[EXIF.ImageDescription] = words
    if model:
        exif[EXIF.Model] = model
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    if clock is not None:
        inner[EXIF.DateTimeOriginal] = clock.strftime("%Y:%m:%d %H:%M:%S")
    if offset is not None:
        inner[EXIF.OffsetTimeOriginal] = offset
    if lonlat is not None:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for value, tag, ref, signs in (
            (lonlat[1], GPS.GPSLatitude, GPS.GPSLatitudeRef, "NS"),
            (lonlat[0], GPS.GPSLongitude, GPS.GPSLongitudeRef, "EW"),
        ):
            place[ref] = signs[value < 0]
            place[tag] = tuple(TiffImagePlugin.IFDRational(*part) for part in _parts(abs(value)))
    picture.save(path, exif=exif, **({"comment": words.encode()} if words else {}))
    return path


def _parts(degrees: float) -> list[tuple[int, int]]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = round(((degrees - whole) * 60 - minutes) * 60 * 10_000)
    return [(whole, 1), (minutes, 1), (seconds, 10_000)]


def sound(path: Path, seconds: float, *, tone_hz: float = 0.0) -> Path:
    """Write a tone of a length, or silence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rate = 16_000 if tone_hz else 800
    wave_form = 100 * np.sin(2 * np.pi * tone_hz * np.arange(round(rate * seconds)) / rate)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(rate)
        out.writeframes((128 + wave_form).astype(np.uint8).tobytes())
    return path


def film(path: Path, colour: tuple[int, int, int], *, words: str = "", hours: float = 0.0) -> Path:
    """Write four pictures of one colour, half a second or so many hours, with a title in the file's metadata."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((48, 64, 3), colour, dtype=np.uint8)
    with av.open(str(path), "w") as out:
        track = out.add_stream("mpeg4", rate=8 if not hours else Fraction(4, round(3600 * hours)))
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        out.metadata["title"] = words
        for _ in range(4):
            out.mux(track.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(track.encode())
    return path


def gpx(path: Path, fixes: pd.DataFrame, *, times: str = "iso") -> Path:
    """Write fixes (``at``, ``lon``, ``lat``) as GPX, with times as ISO 8601, epoch milliseconds, or none."""
    words = {
        "iso": lambda at: f"<time>{at.strftime('%Y-%m-%dT%H:%M:%SZ')}</time>",
        "epoch": lambda at: f"<time>{int(at.timestamp() * 1000)}</time>",
        "none": lambda at: "",
    }[times]
    points = [
        f'<trkpt lat="{row.lat:.7f}" lon="{row.lon:.7f}">{words(row.at)}</trkpt>'
        for row in fixes.itertuples(index=False)
    ]
    path.write_text(
        '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><trk><trkseg>'
        + "".join(points)
        + "</trkseg></trk></gpx>",
        encoding="utf-8",
    )
    return path
