"""Photographs that weren't read, forgotten: nobody knows whose marks they show, so each goes whole or stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assetmap.errors import UsageError
from assetmap.files import sha256_of
from assetmap.folders import hold_lock
from assetmap.study.kiosk.blanking import sweep_unfinished
from assetmap.study.kiosk.redaction import PICTURES, photographs_below
from assetmap.study.kiosk.tally import QUALITY_FILE, TALLY_FILE, read_tally, write_tally
from assetmap.study.settings import read_settings
from assetmap.study.tombstones import Tombstones, bury_photograph, read_tombstones

__all__ = ["ForgotPhotograph", "forget_photograph", "remove_copies", "unread_photographs"]


@dataclass(frozen=True)
class ForgotPhotograph:
    """A photograph that is forgotten, and what still shows it."""

    name: str
    changed: tuple[str, ...]
    """Files of the kiosk that were written without it."""
    copies: tuple[Path, ...]
    """Files with its bytes: they are the user's own."""


def unread_photographs(folder: Path) -> tuple[str, ...]:
    """Return the names of photographs that `kiosk read` has refused and nobody has forgotten."""
    return tuple(sorted({str(one["name"]) for one in read_tally(folder)["refused"]}))


def forget_photograph(folder: Path, given: str, *, search: Path | None = None) -> ForgotPhotograph:
    """Forget a photograph that wasn't read: it isn't read any more, and the kiosk's page doesn't name it.

    It is known by its bytes. What a reading of it that was broken off has left goes too. The file itself is left as
    it is: see `remove_copies`.

    Parameters
    ----------
    folder
        The study folder.
    given
        The file, from here or in the study's folder, or the name of a photograph that was refused.
    search
        A folder to look for copies in, besides the study.

    Raises
    ------
    UsageError
        If there is no such photograph, the file isn't one, several of that name were refused, or it was read: then its
        marks, or its sheet, can be forgotten.
    AssetMapError
        If a file can't be read or written.
    """
    read_settings(folder)
    with hold_lock(folder):
        sweep_unfinished(folder)
        tally, tombstones = read_tally(folder), read_tombstones(folder)
        name, sha = _known_as(folder, given, tally["refused"])
        _require_unread(name, sha, tally["readings"], tombstones)
        bury_photograph(folder, sha)
        kept = [one for one in tally["refused"] if one["sha256"] != sha]
        changed: tuple[str, ...] = ()
        if len(kept) < len(tally["refused"]):
            write_tally(folder, tally | {"refused": kept})
            changed = (TALLY_FILE, QUALITY_FILE)
        path = _file(folder, given)
        places = {*photographs_below(folder, search), *([] if path is None else [path])}
        copies = {place.resolve(): place for place in sorted(places) if sha256_of(place) == sha}
        return ForgotPhotograph(name, changed, tuple(copies.values()))


def remove_copies(found: ForgotPhotograph) -> None:
    """Remove the files of a forgotten photograph; they can't be brought back."""
    for path in found.copies:
        path.unlink(missing_ok=True)


def _file(folder: Path, given: str) -> Path | None:
    return next((path for path in (Path(given), folder / given) if path.is_file()), None)


def _known_as(folder: Path, given: str, refused: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """Return a photograph's name and checksum."""
    path = _file(folder, given)
    if path is not None:
        sha = sha256_of(path)
        if path.suffix.lower() not in PICTURES and sha not in {one["sha256"] for one in refused}:
            raise UsageError(f"{path} is no photograph: --photo takes one that `kiosk read` has refused or might read.")
        return path.name, sha
    found = {str(one["sha256"]) for one in refused if one["name"] == given}
    if len(found) > 1:
        raise UsageError(f"{len(found)} photographs named {given} weren't read: give the file in place of its name.")
    if not found:
        raise UsageError(
            f"{given} is neither a file nor a photograph that wasn't read (see {QUALITY_FILE}): give the file."
        )
    return given, found.pop()


def _require_unread(name: str, sha: str, readings: Iterable[Mapping[str, Any]], tombstones: Tombstones | None) -> None:
    """Raise if a photograph was read, unless what was read was forgotten as a sheet."""
    sheets = {str(one["sheet_id"]) for one in readings if sha in {photo["sha256"] for photo in one["photographs"]}}
    left = sorted(sheet for sheet in sheets if tombstones is None or not tombstones.holds("sheet", sheet))
    if left:
        raise UsageError(
            f"{name} was read, as sheet {left[0]}: forget its marks with --mark ID, or all of it with --sheet "
            f"{left[0]}, and add --redact-photos for the photograph."
        )
