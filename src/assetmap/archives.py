"""Zip archives, unpacked within bounds."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TypeVar

from assetmap.errors import AssetMapError, InputError
from assetmap.files import require_file

__all__ = ["unpack_zip", "zip_names"]

T = TypeVar("T")
ZIP_MAX_ENTRIES = 200
ZIP_MAX_LISTED = 20_000
"""Entries that may be in a zip of which only some are unpacked: photographs beside a form's tables."""
ZIP_MAX_BYTES = 50 * 1024 * 1024
ZIP_MAX_RATIO = 100


def zip_names(archive: Path) -> list[str]:
    """Return the names of the files in a zip, without unpacking any.

    Raises
    ------
    InputError
        As `unpack_zip`, except for what comes out of it.
    """
    return _within(archive, lambda zipped: [entry.filename for entry in zipped.infolist() if not entry.is_dir()])


def unpack_zip(archive: Path, into: Path, *, wanted: Callable[[str], bool] | None = None) -> list[Path]:
    """Unpack a zip (KMZ, zipped shapefile, a form's tables) into a folder, with bounds on entries, bytes and ratio.

    Parameters
    ----------
    archive
        The zip.
    into
        The folder.
    wanted
        Whether an entry of a name should be unpacked; by default all are.

    Returns
    -------
    list of Path
        The files written, in archive order.

    Raises
    ------
    InputError
        If it isn't a zip, is torn, holds more than 200 entries or 50 MiB, is packed more than 100 to 1,
        or has a link or a name that points outside.
    """

    def unpack(zipped: zipfile.ZipFile) -> list[Path]:
        chosen = [entry for entry in zipped.infolist() if wanted is None or wanted(entry.filename)]
        if len(chosen) > ZIP_MAX_ENTRIES:
            raise InputError(f"{archive} holds {len(chosen)} entries, more than {ZIP_MAX_ENTRIES}: refused.")
        return _unpack_entries(zipped, chosen, into, archive)

    return _within(archive, unpack)


def _within(archive: Path, take: Callable[[zipfile.ZipFile], T]) -> T:
    """Open a zip whose entries are within bounds and return what is taken from it."""
    try:
        with zipfile.ZipFile(require_file(archive, "zip archive")) as zipped:
            _check_entries(archive, zipped.infolist())
            return take(zipped)
    except AssetMapError:
        raise
    except Exception as error:  # zipfile and its decompressors raise whatever the broken part makes them stumble on
        raise InputError(
            f"{archive} can't be unpacked ({str(error) or type(error).__name__}): get the file again."
        ) from error


def _check_entries(archive: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > ZIP_MAX_LISTED:
        raise InputError(f"{archive} holds {len(entries)} entries, more than {ZIP_MAX_LISTED}: refused.")
    for name in (entry.filename for entry in entries):
        posix, windows = PurePosixPath(name), PureWindowsPath(name)
        if posix.anchor or windows.anchor or ".." in (*posix.parts, *windows.parts):
            raise InputError(f"{archive} holds an entry that points outside it ({name!r}): do not open this file.")
    links = [entry.filename for entry in entries if (entry.external_attr >> 16) & 0o170000 == 0o120000]
    if links:
        raise InputError(f"{archive} holds a link ({links[0]!r}): refused.")


def _unpack_entries(
    zipped: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], into: Path, archive: Path
) -> list[Path]:
    """Write the entries of an archive, counting every byte that comes out."""
    allowed = min(ZIP_MAX_BYTES, max(1 << 20, archive.stat().st_size * ZIP_MAX_RATIO))
    written: list[Path] = []
    total = 0
    for entry in entries:
        if entry.is_dir():
            continue
        target = into / entry.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipped.open(entry) as packed, target.open("wb") as out:
            while chunk := packed.read(1 << 16):
                total += len(chunk)
                if total > allowed:
                    raise InputError(f"{archive} unpacks to more than {allowed // 1024} KiB: refused.")
                out.write(chunk)
        written.append(target)
    return written
