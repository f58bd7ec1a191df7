"""What a study has given out: the folder of each audience's release, and the ledger of all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from assetmap.disclosure.ledger import LEDGER_NAME, Entry, read_entries, write_entries
from assetmap.errors import InputError
from assetmap.files import read_text, write_json

__all__ = ["SHARE_NAMES", "page_name", "read_ledger", "write_ledger"]

SHARE_NAMES = {"residents": "share", "partners": "share-partners"}
"""The folder of each audience's release, under ``out/``: two, so that nobody puts the partners' on the web."""


def page_name(language: str) -> str:
    """Return the file name of the map's page in a language."""
    return f"map.{language}.html"


def read_ledger(folder: Path) -> list[Entry]:
    """Return what earlier releases of a study have shown; nothing if there were none.

    Raises
    ------
    InputError
        If the ledger can't be read: nobody knows then what was given away.
    """
    path = folder / LEDGER_NAME
    if not path.exists():
        return []
    try:
        return read_entries(json.loads(read_text(path)), str(path))
    except (ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} is not JSON ({error}): put it back from a copy of the study.") from error


def write_ledger(folder: Path, entries: Sequence[Entry]) -> None:
    """Write the ledger of a study, the new release last; one that shows what another has shown adds nothing."""
    content = write_entries(entries)
    *before, new = ({**release, "on": ""} for release in content["releases"])
    if new not in before:
        write_json(folder / LEDGER_NAME, content)
