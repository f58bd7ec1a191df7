"""What the kiosk says of each reading and of photographs that weren't read: for the program and as a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assetmap.errors import AssetMapError, InputError
from assetmap.files import read_text, write_json, write_text

__all__ = ["QUALITY_FILE", "TALLY_FILE", "read_tally", "write_tally"]

TALLY_FILE, QUALITY_FILE = "kiosk/tally.json", "kiosk/quality.html"


def read_tally(folder: Path) -> dict[str, Any]:
    """Return a study's tally: ``readings`` as `describe_reading` has them, and ``refused`` photographs.

    Raises
    ------
    InputError
        If it isn't as it was written.
    """
    path = folder / TALLY_FILE
    if not path.exists():
        return {"readings": [], "refused": []}
    try:
        tally = json.loads(read_text(path))
        photographs = [*tally["refused"], *(one for reading in tally["readings"] for one in reading["photographs"])]
        unnamed = [one for one in photographs if not {"name", "sha256"} <= set(one)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, AssetMapError):
            raise
        raise InputError(f"{path} isn't as it was written ({error}): put back the folder's last copy.") from error
    if unnamed:
        raise InputError(f"{path} isn't as it was written (a photograph without checksum): put back its last copy.")
    return {"readings": list(tally["readings"]), "refused": list(tally["refused"])}


def write_tally(folder: Path, tally: dict[str, Any]) -> None:
    """Write the page of quality, and last the tally, which says that it is done."""
    from assetmap.kiosk.quality.document import quality_html

    page = quality_html(tally["readings"], tally["refused"])
    write_text(folder / QUALITY_FILE, page)
    write_json(folder / TALLY_FILE, tally)
