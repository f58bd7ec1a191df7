"""Photographs, sound and film of a walk: what each file knows of its time and place. The files are only read."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from PIL import ExifTags, Image, UnidentifiedImageError

from assetmap.errors import AssetMapError, InputError, MissingInputError, UsageError
from assetmap.files import read_text, require_file, sha256_of
from assetmap.tally import Tally

__all__ = ["MEDIA_COLUMNS", "TRANSCRIPTS", "media_table", "read_media"]

MEDIA_COLUMNS = (
    "file", "kind", "sha256", "device", "clock", "utc_offset_s", "duration_s", "lon", "lat", "transcript", "copies",
)  # fmt: skip

_KINDS = {
    "photograph": (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif"),
    "sound": (".mp3", ".m4a", ".aac", ".wav", ".ogg", ".oga", ".opus", ".flac", ".amr", ".3ga"),
    "film": (".mp4", ".mov", ".m4v", ".3gp", ".webm", ".mkv", ".avi"),
}
TRANSCRIPTS = (".txt", ".vtt", ".srt")
"""Endings of files that hold the words of a recording of the same name."""
_MOST_BYTES = 2 * 1024**3
_LONGEST_S = 3600.0
_ALONE = {"protocol_whitelist": "file"}
"""A file may be a list that names others: nothing on the network is opened for it."""
_IN_NAME = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)[-_ .T]+([0-2]\d)[-_.:h]?([0-5]\d)[-_.:m]?([0-5]\d)?"
)
_CUE = re.compile(r"^(WEBVTT.*|NOTE\b.*|\d+|\s*[\d:.,]+\s*-->.*)$")
_TAGS = ExifTags.Base


class _Known(NamedTuple):
    """What a file says of itself."""

    device: str | None = None
    clock: pd.Timestamp | None = None
    utc_offset_s: float = np.nan
    duration_s: float = np.nan
    lon: float = np.nan
    lat: float = np.nan


def read_media(folder: Path | str) -> tuple[pd.DataFrame, Tally]:
    """Read what the photographs, sound recordings and films in a folder know of their time and place.

    Times are those of the device's clock: a photograph's EXIF, a recording's own date, else a date and time in the
    file's name. The file system's dates are not looked at: copying changes them. Words in a file of the same name
    (``.txt``, ``.vtt``, ``.srt``) are the transcript: of the sound where several files have that name, else of the
    film, since each may be shown to others.

    Parameters
    ----------
    folder
        The folder; files in folders below it are read too.

    Returns
    -------
    media : DataFrame
        `MEDIA_COLUMNS`: ``file`` (name within the folder, with ``/``), ``kind`` (photograph, sound, film), ``sha256``,
        ``device`` (the camera's model, or null), ``clock`` (as the device shows it, without a zone), ``utc_offset_s``
        (seconds east of UTC where the file says so), ``duration_s``, ``lon``, ``lat`` (degrees), ``transcript``,
        ``copies`` (names of files that are byte for byte the same, separated by line feeds); a row a file, sorted by
        name.
    tally : Tally
        Files that can't be read, are of another kind, are the same twice, or are longer than an hour are dropped.

    Raises
    ------
    MissingInputError
        If there is no such folder.
    UsageError
        If a film or sound file is there and the extra ``[walks]`` isn't installed.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise MissingInputError(f"{folder} is not a folder: name the one that holds the walk's photographs and sound.")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    words = {path.with_suffix("") for path in paths if path.suffix.lower() not in TRANSCRIPTS}
    paths = [path for path in paths if path.suffix.lower() not in TRANSCRIPTS or path.with_suffix("") not in words]
    tally = Tally(folder.name, read=len(paths))
    rows, copies = [], dict[str, list[str]]()
    speakers = _speakers(paths)
    for path in paths:
        name = path.relative_to(folder).as_posix()
        kind = _kind_of(path)
        if kind is None:
            tally.drop("not a photograph, sound or film", [name])
            continue
        try:
            sha = sha256_of(require_file(path, kind))
            known = _ask(path, kind)
        except InputError as error:
            tally.drop(f"can't be read ({_short(error)})", [name])
            continue
        if sha in copies:
            copies[sha].append(name)
            tally.drop("the same file twice", [name])
            continue
        copies[sha] = []
        rows.append((name, kind, sha, *known, _transcript(path) if path in speakers else None))
    return media_table([(*row, "\n".join(copies[row[2]]) or None) for row in rows]), tally


def media_table(rows: Sequence[Any] = ()) -> pd.DataFrame:
    """Return rows of `MEDIA_COLUMNS` as a table; without rows an empty one."""
    table = pd.DataFrame(list(rows), columns=list(MEDIA_COLUMNS))
    return table.astype(
        {
            **dict.fromkeys(("file", "kind", "sha256", "device", "transcript", "copies"), "str"),
            "clock": "datetime64[ms]",
            **dict.fromkeys(("utc_offset_s", "duration_s", "lon", "lat"), "float64"),
        }
    )


def _kind_of(path: Path) -> str | None:
    return next((kind for kind, suffixes in _KINDS.items() if path.suffix.lower() in suffixes), None)


def _speakers(paths: Sequence[Path]) -> set[Path]:
    """Return the file of each name to which the words beside it belong: sound before film before a photograph."""
    order = {"sound": 0, "film": 1, "photograph": 2, None: 3}
    first: dict[Path, Path] = {}
    for path in sorted(paths, key=lambda one: (order[_kind_of(one)], one)):
        first.setdefault(path.with_suffix(""), path)
    return set(first.values())


def _short(error: AssetMapError) -> str:
    return str(error).rpartition(": ")[0].rpartition("/")[2][:80] or "broken"


def _ask(path: Path, kind: str) -> _Known:
    if path.stat().st_size > _MOST_BYTES:
        raise InputError(f"{path} is larger than 2 GiB: cut out the part that is told.")
    known = _of_photograph(path) if kind == "photograph" else _of_recording(path)
    if known.duration_s > _LONGEST_S:
        raise InputError(f"{path} is longer than an hour: cut out the part that is told.")
    return known if known.clock is not None else known._replace(clock=_clock_in_name(path.name))


def _of_photograph(path: Path) -> _Known:
    try:
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    except ImportError:
        pass  # Pillow says of a HEIC file that it can't be read
    try:
        with warnings.catch_warnings(), Image.open(path) as picture:
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which is read as absent
            exif = picture.getexif()
            inner, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise InputError(f"{path} is not a picture that can be read: save it as a JPEG.") from error
    except Exception as error:  # EXIF readers raise whatever broken metadata makes them stumble on
        raise InputError(f"{path} is cut short or broken: get it again.") from error
    clock = _exif_clock(inner.get(_TAGS.DateTimeOriginal) or inner.get(_TAGS.DateTimeDigitized))
    offset = _exif_offset(inner.get(_TAGS.OffsetTimeOriginal) or inner.get(_TAGS.OffsetTime))
    model = " ".join(str(exif.get(_TAGS.Model) or "").replace("\x00", "").split())[:60] or None
    return _Known(model, clock, offset, np.nan, *_exif_place(place))


def _exif_clock(text: Any) -> pd.Timestamp | None:
    found = pd.to_datetime(str(text).strip("\x00 ")[:19], format="%Y:%m:%d %H:%M:%S", errors="coerce")
    return None if pd.isna(found) else found


def _exif_offset(text: Any) -> float:
    found = re.fullmatch(r"([+-])(\d\d):?(\d\d)", str(text).strip("\x00 "))
    return np.nan if found is None else (1 if found[1] == "+" else -1) * (int(found[2]) * 3600 + int(found[3]) * 60)


def _exif_place(place: Any) -> tuple[float, float]:
    tags = ExifTags.GPS
    try:
        lat, lon = (
            sum(float(part) / 60**n for n, part in enumerate(place[tag]))
            for tag in (tags.GPSLatitude, tags.GPSLongitude)
        )
        south, west = str(place.get(tags.GPSLatitudeRef, "N")), str(place.get(tags.GPSLongitudeRef, "E"))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return np.nan, np.nan
    lat, lon = (-lat if south.startswith("S") else lat), (-lon if west.startswith("W") else lon)
    usable = np.isfinite([lon, lat]).all() and abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0.0, 0.0)
    return (lon, lat) if usable else (np.nan, np.nan)


def _of_recording(path: Path) -> _Known:
    try:
        import av
    except ImportError as error:
        raise UsageError(
            f"{path.name}: sound and film need PyAV: install it with pip install 'assetmap[walks]'."
        ) from error
    try:
        with path.open("rb") as stream, av.open(stream, "r", metadata_errors="replace", options=_ALONE) as container:
            if not container.streams.audio and not container.streams.video:
                raise InputError(f"{path} holds neither sound nor film: get it again.")
            seconds = np.nan if container.duration is None else container.duration / av.time_base
            said = container.metadata.get("creation_time", "")
    except (av.FFmpegError, OSError, ValueError) as error:
        if isinstance(error, AssetMapError):
            raise
        raise InputError(f"{path} is cut short or broken: get it again.") from error
    made = pd.to_datetime(said, utc=True, errors="coerce")
    if pd.isna(made) or made.year < 2000:  # devices without a date write 1904 or 1970
        return _Known(duration_s=seconds)
    began = made.tz_localize(None)
    return _Known(None, began, 0.0, seconds)


def _clock_in_name(name: str) -> pd.Timestamp | None:
    """Return the date and time in a file's name, as phones and recorders write them.

    Examples
    --------
    >>> _clock_in_name("Recording_20260516_101530.m4a")
    Timestamp('2026-05-16 10:15:30')
    """
    found = _IN_NAME.search(name)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return pd.Timestamp(year, month, day, hour, minute, second)
    except ValueError:
        return None


def _transcript(path: Path) -> str | None:
    """Return the words beside a file, without the times of subtitles."""
    for suffix in TRANSCRIPTS:
        beside = path.with_suffix(suffix)
        if beside.is_file() and beside.stat().st_size:
            lines = read_text(beside, "transcript").splitlines()
            if suffix != ".txt":
                lines = [re.sub(r"<[^>]*>", "", line) for line in lines if not _CUE.match(line)]
            return " ".join(" ".join(lines).split()) or None
    return None
