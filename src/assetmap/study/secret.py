"""A study's secret: random bytes that masks are drawn from and forgotten marks are known by; it never leaves."""

from __future__ import annotations

import secrets
from pathlib import Path

from assetmap.errors import InputError
from assetmap.files import write_private

__all__ = ["SECRET_NAME", "study_secret"]

SECRET_NAME = "secret"  # noqa: S105 - a file's name
_BYTES = 32


def study_secret(folder: Path) -> bytes:
    """Return the secret of a study, and make one (``DIR/secret``, for its owner alone) where there is none yet.

    It is never made a second time: whoever has two releases whose masks were drawn from two secrets can
    average them. So a secret that is there and can't be read is an error.

    Raises
    ------
    InputError
        If the file there isn't a secret.
    UsageError
        If it can't be written.
    """
    path = folder / SECRET_NAME
    if not path.exists():
        write_private(path, secrets.token_hex(_BYTES) + "\n")
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} can't be read as the study's secret ({error}): put the file back from a copy of the study."
        ) from error
    if len(secret) != _BYTES:
        raise InputError(f"{path} has {len(secret)} bytes, not {_BYTES}: put the file back from a copy of the study.")
    return secret
