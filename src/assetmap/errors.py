"""Errors that a user can act on, each with the exit code the command line gives it."""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AssetMapError",
    "CRSError",
    "DisclosureError",
    "InputError",
    "MissingInputError",
    "RemoteError",
    "SchemaError",
    "SettingsError",
    "UsageError",
]

_LONGEST = 600


class AssetMapError(Exception):
    """Base of every error assetmap raises on purpose.

    The message is one line: what was read, what is wrong with it, and what to do next. What a file has put
    into it can't act on a terminal, nor fill it: the middle of a long one is left out.
    """

    exit_code: ClassVar[int] = 3

    def __str__(self) -> str:
        words = " ".join(" ".join(str(part) for part in self.args).split())
        line = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in words)
        return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 200]} … {line[-190:]}"


class UsageError(AssetMapError, ValueError):
    """A call or command that asks for something impossible."""

    exit_code = 2


class SettingsError(UsageError):
    """An ``assetmap.toml`` that can't be understood."""


class InputError(AssetMapError, ValueError):
    """A file or value whose content is wrong."""


class MissingInputError(AssetMapError, FileNotFoundError):
    """A file that should be there and isn't, or is a folder."""


class SchemaError(InputError):
    """A table that breaks its column contract."""


class CRSError(InputError):
    """Coordinates without a reference system, in the wrong one, or with swapped axes."""


class RemoteError(AssetMapError, ConnectionError):
    """A service that did not answer, or answered with less than a whole reply."""

    exit_code = 4


class DisclosureError(AssetMapError, PermissionError):
    """Something that may not leave the team, and that leaving it out can't cure."""

    exit_code = 5
