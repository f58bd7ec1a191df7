"""A system map out of a file of any of the formats, recognised by what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assetmap.errors import InputError
from assetmap.files import read_text, require_file
from assetmap.sources.system_maps.contents import Drawn, SystemMap
from assetmap.sources.system_maps.graphml import read_graphml
from assetmap.sources.system_maps.json_text import load_json
from assetmap.sources.system_maps.kumu import is_kumu, kumu_drawn
from assetmap.sources.system_maps.polarity import PolarityWords
from assetmap.sources.system_maps.prsm import drawn_of, is_prsm, read_prsm
from assetmap.sources.system_maps.sheets import read_map_workbook
from assetmap.sources.tables import is_workbook
from assetmap.tally import Tally

__all__ = ["read_system_map"]

_MOST_BYTES = 100 * 1024 * 1024


def read_system_map(path: Path, *, polarity: Mapping[str, str] | None = None) -> tuple[SystemMap, tuple[Tally, Tally]]:
    """Read a system map: PRSM (``.prsm``, workbook), Kumu (JSON, workbook), GraphML.

    A link's sign comes from the words of its style; it is unknown where they say none. The names of those who drew
    are not read.

    Parameters
    ----------
    path
        The file.
    polarity
        A study's own words for signs; see `PolarityWords`.

    Returns
    -------
    SystemMap
        The factors and links.
    tuple of Tally
        What was kept of the factors and of the links; a link to a factor that isn't there is dropped.

    Raises
    ------
    MissingInputError, InputError
        If there is no such file, it is none of these, is torn, or is too large.
    """
    path = Path(path)
    if require_file(path, "system map").stat().st_size > _MOST_BYTES:
        raise InputError(f"{path} is larger than 100 MiB, which no system map is: refused.")
    drawn = _read(path)
    drawn.title = drawn.title or path.stem
    return drawn.checked(path.name, PolarityWords(polarity))


def _read(path: Path) -> Drawn:
    if is_workbook(path):
        return read_map_workbook(path)
    start = path.read_bytes()[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return read_graphml(path)
    if not start.startswith((b"{", b"[")):
        if path.suffix.lower() == ".prsm":
            return read_prsm(path)
        raise InputError(
            f"{path} is not a system map that can be read: give a .prsm file, a workbook of PRSM's or Kumu's, "
            "Kumu's JSON, or GraphML."
        )
    content = load_json(read_text(path, "system map"), path)
    if is_prsm(content):
        return drawn_of(content)
    if is_kumu(content):
        return kumu_drawn(content)
    raise InputError(f"{path} is JSON, but neither PRSM's (nodes, edges) nor Kumu's (elements, connections).")
