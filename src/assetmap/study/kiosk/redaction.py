"""Redacted copies of the photographs that show forgotten marks, and, when somebody says so, in place of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assetmap.errors import AssetMapError, InputError
from assetmap.files import read_text, sha256_of, write_bytes, write_json
from assetmap.folders import hold_lock
from assetmap.study.kiosk.blanking import kiosk_rows, regions_of
from assetmap.study.kiosk.tally import TALLY_FILE, read_tally
from assetmap.study.tombstones import Subject

__all__ = ["PICTURES", "Redaction", "photographs_below", "redact_photographs", "replace_originals"]

REDACTED = "kiosk/redacted"
_INDEX = f"{REDACTED}/index.json"
_MADE = ("kiosk/sheets", "kiosk/straightened", "kiosk/crops", REDACTED, "out")
PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif", ".mpo")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Redaction:
    """Copies that wait to take the place of their originals, and photographs that couldn't be redacted."""

    copies: tuple[tuple[Path, Path], ...]
    """(original, redacted copy)"""
    failed: tuple[str, ...]
    """Names of photographs, each with the reason."""


def redact_photographs(
    folder: Path, subject: Subject, *, search: Path | None = None, say: Say = lambda _: None
) -> Redaction:
    """Write redacted copies of the photographs that show a subject's marks into ``kiosk/redacted/``.

    It has to be done before the marks are forgotten: afterwards nobody knows where they were. Copies that an
    earlier call has left are given again, as long as their originals are there.

    Parameters
    ----------
    folder
        The study folder.
    subject
        Whose marks.
    search
        A folder to look for the photographs in, besides the study; they are known by their checksum.
    say
        Called with a line for a person before each photograph.
    """
    with hold_lock(folder):
        index: dict[str, str] = _read_json(folder / _INDEX) if (folder / _INDEX).exists() else {}
        regions = regions_of(folder, subject, kiosk_rows(folder, subject))
        wanted = {
            photo["sha256"]: (photo["name"], reading)
            for reading in read_tally(folder)["readings"]
            if reading["reading"] in regions
            for photo in reading["photographs"]
        }
        places = _places(folder, search, set(wanted) | set(index))
        failed = []
        for sha, (name, reading) in wanted.items():
            say(f"redacting {name}")
            if sha not in places:
                failed.append(f"{name}: it wasn't found in the study's folder; say where it is with --photos FOLDER")
                continue
            try:
                data = _redacted(folder, places[sha], regions[reading["reading"]])
            except AssetMapError as error:
                failed.append(f"{name}: {error}")
                continue
            copy = f"{REDACTED}/{sha[:12]}.jpg"
            write_bytes(folder / copy, data)
            index[sha] = copy
            write_json(folder / _INDEX, index)
    copies = [(places[sha], folder / copy) for sha, copy in sorted(index.items()) if sha in places]
    return Redaction(tuple(copies), tuple(failed))


def replace_originals(folder: Path, redaction: Redaction) -> tuple[Path, ...]:
    """Put each redacted copy in the place of its original, which is gone then; return the files written.

    The copy is a JPEG: an original of another kind is removed once the copy stands beside it as ``.jpg``. The
    kiosk is told the copy's checksum, so that it isn't taken for a new photograph.
    """
    written = []
    with hold_lock(folder):
        for original, copy in redaction.copies:
            before, data = sha256_of(original), copy.read_bytes()
            target = original if original.suffix.lower() in (".jpg", ".jpeg") else original.with_suffix(".jpg")
            _rename_in_tally(folder, before, sha256_of(copy))
            write_bytes(target, data)
            if target != original:
                original.unlink()
            written.append(target)
    return tuple(written)


def _redacted(folder: Path, photo: Path, region: Any) -> bytes:
    from assetmap.kiosk.reading import Source, sheets_of
    from assetmap.kiosk.redaction import redact_photograph
    from assetmap.kiosk.spec import SHEETS_FOLDER

    sheets = sheets_of(folder / SHEETS_FOLDER)
    crs = sheets[0].crs if sheets else None
    shape = None if region is None else region.to_crs(crs or region.crs).iloc[0]
    return redact_photograph(photo, Source(sheets, folder / SHEETS_FOLDER), shape)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(read_text(path)))
    except (ValueError, TypeError, RecursionError) as error:
        if isinstance(error, AssetMapError):
            raise
        raise InputError(f"{path} isn't as it was written ({error}): put it back from a copy of the study.") from error


def _places(folder: Path, search: Path | None, wanted: set[str]) -> dict[str, Path]:
    """Return where the photographs are that have one of the checksums."""
    found: dict[str, Path] = {}
    for path in photographs_below(folder, search):
        sha = sha256_of(path)
        if sha in wanted:
            found.setdefault(sha, path)
    return found


def photographs_below(folder: Path, search: Path | None) -> Iterator[Path]:
    """Yield the pictures of a study, but for those that it has made, and of another folder."""
    made = [(folder / name).resolve() for name in _MADE]
    for place in filter(None, (folder, search)):
        for path in sorted(place.rglob("*")):
            own = any(path.resolve().is_relative_to(one) for one in made)
            if path.suffix.lower() in PICTURES and path.is_file() and not own:
                yield path


def _rename_in_tally(folder: Path, before: str, after: str) -> None:
    tally = read_tally(folder)
    for reading in tally["readings"]:
        for photo in reading["photographs"]:
            if photo["sha256"] == before:
                photo["sha256"] = after
    write_json(folder / TALLY_FILE, tally)
