"""JSON out of strangers' files, bounded and in one line when it is broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assetmap.errors import InputError

__all__ = ["load_json"]


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is no number")


def load_json(text: str, path: Path) -> Any:
    """Return what JSON says.

    Raises
    ------
    InputError
        If it is none, breaks off, is nested too deep, or holds a number that isn't one.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not whole JSON ({error}): save the map again and try again.") from error
