"""Zip archives, unpacked within bounds."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from assetmap.errors import AssetMapError, InputError
from assetmap.files import require_file

__all__ = ["unpack_zip"]

ZIP_MAX_ENTRIES = 200
ZIP_MAX_BYTES = 50 * 1024 * 1024
ZIP_MAX_RATIO = 100


def unpack_zip(archive: Path, into: Path) -> list[Path]:
    """Unpack a zip (KMZ, zipped shapefile) into a folder, with bounds on entries, bytes and ratio.

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
    try:
        with zipfile.ZipFile(require_file(archive, "zip archive")) as zipped:
            _check_entries(archive, zipped.infolist())
            return _unpack_entries(zipped, into, archive)
    except AssetMapError:
        raise
    except Exception as error:  # zipfile and its decompressors raise whatever the broken part makes them stumble on
        raise InputError(
            f"{archive} can't be unpacked ({str(error) or type(error).__name__}): get the file again."
        ) from error


def _check_entries(archive: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > ZIP_MAX_ENTRIES:
        raise InputError(f"{archive} holds {len(entries)} entries, more than {ZIP_MAX_ENTRIES}: refused.")
    for name in (entry.filename for entry in entries):
        posix, windows = PurePosixPath(name), PureWindowsPath(name)
        if posix.anchor or windows.anchor or ".." in (*posix.parts, *windows.parts):
            raise InputError(f"{archive} holds an entry that points outside it ({name!r}): do not open this file.")
    links = [entry.filename for entry in entries if (entry.external_attr >> 16) & 0o170000 == 0o120000]
    if links:
        raise InputError(f"{archive} holds a link ({links[0]!r}): refused.")


def _unpack_entries(zipped: zipfile.ZipFile, into: Path, archive: Path) -> list[Path]:
    """Write the entries of an archive, counting every byte that comes out."""
    allowed = min(ZIP_MAX_BYTES, max(1 << 20, archive.stat().st_size * ZIP_MAX_RATIO))
    written: list[Path] = []
    total = 0
    for entry in zipped.infolist():
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
