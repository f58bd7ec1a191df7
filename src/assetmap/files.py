"""The only writer of bytes: write aside, verify, replace. Also checksums."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from assetmap.errors import AssetMapError, InputError, MissingInputError, UsageError

__all__ = [
    "SHAPEFILE_PARTS",
    "aside_name",
    "read_text",
    "read_toml",
    "require_file",
    "sha256_of",
    "write_aside",
    "write_bytes",
    "write_json",
    "write_private",
    "write_text",
]

SHAPEFILE_PARTS = (".dbf", ".shx", ".prj", ".cpg")
"""The endings of what lies beside a .shp file and belongs to it."""
_STEM_KEPT = 40  # of the file's own name in the temporary one: with the rest it stays below 255 bytes
_ASIDE = re.compile(r"\..*\.(\d+)-[0-9a-f]{8}\.partial")
_CLOCK_SLACK_S = 2.0  # a process's beginning is known to about a second


def require_file(path: Path | str, what: str = "file") -> Path:
    """Return `path` when it is a readable file that isn't empty.

    Parameters
    ----------
    path
        The file to look for.
    what
        What the file should be, for the message.

    Raises
    ------
    MissingInputError
        If nothing is there, or a folder is.
    InputError
        If the file is empty or may not be read.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise MissingInputError(f"{path} is a folder: name the {what} inside it.")
        if not path.exists():
            raise MissingInputError(f"{path} does not exist: check the name of the {what}.")
        size = path.stat().st_size
    except OSError as error:
        if isinstance(error, AssetMapError):
            raise
        raise MissingInputError(f"{path} can't be looked at ({error.strerror}): check the name.") from error
    if size == 0:
        raise InputError(f"{path} is empty (0 bytes): get the {what} again.")
    if not os.access(path, os.R_OK):
        raise InputError(f"{path} may not be read by you: change its permissions.")
    return path


def read_text(path: Path | str, what: str = "file") -> str:
    """Read a UTF-8 (with or without BOM) text file.

    Raises
    ------
    MissingInputError, InputError
        As `require_file`; also if the bytes aren't UTF-8 text.
    """
    path = require_file(path, what)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not UTF-8 text (byte {error.start} is {error.object[error.start]:#04x}): "
            f"save the {what} as UTF-8 and try again."
        ) from error


def read_toml(path: Path | str, what: str = "file") -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    MissingInputError, InputError
        As `read_text`; also if it isn't TOML, or holds a number or a depth that no one means.
    """
    text = read_text(path, what)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not TOML ({error}): correct that line of the {what}.") from error


def sha256_of(path: Path | str) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def aside_name(stem: str) -> str:
    """Return a name for what this process is writing, which `sweep_aside` knows when the process is no more."""
    return f".{stem[:_STEM_KEPT]}.{os.getpid()}-{secrets.token_hex(4)}.partial"


@contextmanager
def write_aside(
    path: Path | str, verify: Callable[[Path], None] | None = None, *, once: bool = False
) -> Iterator[Path]:
    """Give a temporary path beside `path`; put it in place only when all went well.

    A reader of `path` sees the old file or the new one, never a part of either, also after ``kill -9``.

    Parameters
    ----------
    path
        Where the finished file goes. Its folder is made if need be.
    verify
        Called with the temporary path after the block; an exception keeps the old file.
    once
        Leave a file that is there already as it is: of two that write at once, the first one's stays.

    Yields
    ------
    Path
        A path in the same folder with the same suffix, to be written by the block.

    Raises
    ------
    UsageError
        If it can't be written: no permission, no space, a folder of that name.
    """
    path = Path(path)
    if path.is_dir():
        raise UsageError(f"{path} is a folder: give the name of a file to write.")
    aside = path.with_name(f"{aside_name(path.stem)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        if verify is not None:
            verify(aside)
        with aside.open("rb+") as stream:
            os.fsync(stream.fileno())
        if not (once and _linked(aside, path)):
            aside.replace(path)
    except OSError as error:
        if isinstance(error, AssetMapError):
            raise
        raise UsageError(
            f"{path} can't be written ({error.strerror or error}): check the folder's permissions and free space."
        ) from error
    finally:
        _remove(aside)


def _linked(aside: Path, path: Path) -> bool:
    """Put a file in its place unless one is there; False where the file system has no second names for files."""
    try:
        os.link(aside, path)
    except FileExistsError:
        return True
    except OSError:
        return path.exists()
    return True


def _remove(aside: Path) -> None:
    """Remove a temporary file and what its writer put beside it, such as a journal."""
    with suppress(OSError):  # where the folder itself is out of reach there is nothing to remove
        for left in aside.parent.iterdir():
            if left.name.startswith(aside.name):
                left.unlink(missing_ok=True)


def sweep_aside(folder: Path) -> int:
    """Remove what killed writers left in `folder`, and return how many files went.

    Only files of processes that no longer run are removed.
    """
    swept = 0
    for left in folder.glob(".*.partial*"):
        found = _ASIDE.match(left.name)
        if found and not _still_runs(int(found[1]), left):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
            swept += 1
    return swept


def _still_runs(pid: int, left: Path) -> bool:
    """Whether the process that began a file runs; one of its number that began after the file is another."""
    import psutil

    try:
        return bool(psutil.Process(pid).create_time() <= left.stat().st_mtime + _CLOCK_SLACK_S)
    except (psutil.NoSuchProcess, FileNotFoundError, OverflowError):
        return False
    except psutil.AccessDenied:
        return True


def write_bytes(path: Path | str, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all."""
    with write_aside(path) as aside:
        aside.write_bytes(data)


def write_private(path: Path | str, text: str) -> None:
    """Write UTF-8 `text` to a file that its owner alone may read, whole or not at all; one that is there stays."""
    with write_aside(path, once=True) as aside:
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        aside.write_bytes(text.encode("utf-8"))


def write_text(path: Path | str, text: str) -> None:
    """Write UTF-8 `text` with LF line ends to `path`, whole or not at all.

    Raises
    ------
    InputError
        If the text holds half characters, such as the name of a file that isn't UTF-8.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        near = ascii(text[max(0, error.start - 20) : error.end + 10])
        raise InputError(f"{path} can't be written: {near} is not Unicode text: rename or correct it.") from error
    write_bytes(path, data)


def write_json(path: Path | str, content: Any) -> None:
    """Write `content` as indented JSON with sorted keys, whole or not at all."""
    write_text(path, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")
