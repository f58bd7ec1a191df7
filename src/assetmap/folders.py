"""A folder as a whole: written beside and put in place, rehearsed in a copy, locked against a second writer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from assetmap.errors import AssetMapError, UsageError
from assetmap.files import aside_name, sweep_aside

__all__ = ["hold_lock", "rehearse", "write_folder"]

_LOCK_NAME = ".assetmap.lock"


@contextmanager
def write_folder(folder: Path) -> Iterator[Path]:
    """Give a new, empty folder beside `folder`; put it in its place when all went well.

    What was in `folder` goes as a whole. A reader sees the old folder, the new one, or, for the moment between
    two renames, none; never a mixture. After ``kill -9`` in that moment the next call begins by putting the old
    one back.

    Parameters
    ----------
    folder
        Where the finished folder goes. It belongs to the caller alone: nothing else may be kept in it.

    Yields
    ------
    Path
        A folder beside it, to be filled by the block.

    Raises
    ------
    UsageError
        If it can't be written: no permission, no space, a file of that name.
    """
    new, old = (folder.with_name(f".{folder.name}.{word}") for word in ("new", "old"))
    try:
        _settle(folder, new, old)
        new.mkdir(parents=True)
        yield new
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except OSError as error:
        if isinstance(error, AssetMapError):
            raise
        raise UsageError(
            f"{folder} can't be written ({error.strerror or error}): check the folder's permissions and free space."
        ) from error
    finally:
        with suppress(OSError):  # where the folder itself is out of reach there is nothing to settle
            _settle(folder, new, old)


def _settle(folder: Path, new: Path, old: Path) -> None:
    """Put the old folder back if nothing took its place, and remove what else a writer left."""
    if old.exists() and not folder.exists():
        old.rename(folder)
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def rehearse(folder: Path) -> Iterator[Path]:
    """Give a copy of a study folder that is gone afterwards: what a command does to it, it would do to the study.

    The copy lies in the folder itself, so that nothing of residents' leaves it. Its files are second names of the
    study's where there can be such; as every file is written aside and put in place, the study's own stay as they are.

    Parameters
    ----------
    folder
        The study folder; its lock is held meanwhile.

    Yields
    ------
    Path
        The copy.
    """
    with hold_lock(folder):
        sweep_aside(folder)
        copy = folder / aside_name("rehearsal")
        passed_over = shutil.ignore_patterns(_LOCK_NAME, ".*.partial*")
        try:
            shutil.copytree(folder, copy, copy_function=_second_name, ignore=passed_over, ignore_dangling_symlinks=True)
            yield copy
        finally:
            shutil.rmtree(copy, ignore_errors=True)


def _second_name(source: str, target: str) -> None:
    try:
        os.link(Path(source).resolve(), target)
    except OSError:
        shutil.copy2(source, target)


@contextmanager
def hold_lock(folder: Path, timeout_s: float = 0.0) -> Iterator[None]:
    """Hold the one writer's lock of a study folder.

    Raises
    ------
    UsageError
        If another process holds it for longer than `timeout_s` seconds, or the folder can't be written to.
    """
    lock = FileLock(folder / _LOCK_NAME)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=timeout_s)
    except Timeout as error:
        raise UsageError(f"{folder} is being written by another assetmap: wait until it has ended.") from error
    except OSError as error:
        raise UsageError(f"{folder} can't be written to ({error.strerror or error}): check its permissions.") from error
    try:
        yield
    finally:
        lock.release()
