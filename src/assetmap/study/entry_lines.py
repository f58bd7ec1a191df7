"""The lines of ``assetmap.toml`` that name a file, taken out of its text; all others stay as they are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tomlkit

from assetmap.errors import UsageError
from assetmap.study.settings import SETTINGS_NAME
from assetmap.study.settings_tables import path_inside

__all__ = ["PLACES", "without_file"]

PLACES = (
    ("place", "boundary"),
    ("osm", "file"),
    ("zones", "file"),
    ("frame", "zones"),
    ("population", "file"),
    ("population", "grid"),
    ("deprivation", "file"),
    ("deprivation", "lookup"),
    ("canopy", "file"),
    ("lookups", "file"),
    ("lists", "file"),
    ("lists", "postcodes"),
    ("green_space", "file"),
    ("green_space", "access_points"),
    ("annotations", "file"),
)
"""Table and key of every setting that names a file, the file that a table is about before what goes with it."""
_NOTHING_WITHOUT = {"zones", "canopy", "lookups", "lists", "green_space", "annotations"}
"""Tables that are about their file."""
_HEADER = re.compile(r"\s*\[\[?\s*([\w.\"' -]+?)\s*\]\]?\s*(#.*)?$")


@dataclass(frozen=True)
class _Change:
    """A table of the settings, the first or a later one of its name, and what it says without the file."""

    table: str
    place: int
    key: str
    left: str | list[str] | None
    """What the key still names; None where nothing is left of it."""
    whole: bool
    """Whether nothing is left of the table."""
    several: bool
    """Whether there may be others of its name."""


def without_file(text: str, name: str) -> tuple[str, list[str]]:
    r"""Return settings that don't name a file, and where they named it.

    A table that is about the file goes whole. Comments that stand between two tables stay.

    Parameters
    ----------
    text
        Settings that can be understood.
    name
        The file's name in them, as `Settings.named_files` has it.

    Raises
    ------
    UsageError
        If they are written so that its lines can't be told from others.

    Examples
    --------
    >>> without_file('[study]\nname = "x"\n\n[zones]\nfile = "inputs/z.gpkg"\n# the end\n', "inputs/z.gpkg")
    ('[study]\nname = "x"\n\n# the end\n', ['[zones] file'])
    """
    data = tomllib.loads(text)
    changes = _changes(data, name)
    entries = [f"[[{one.table}]] {one.key}" if one.several else f"[{one.table}] {one.key}" for one in changes]
    _apply(data, changes)
    for found in (_in_lines(text, changes), _in_document(text, changes)):  # the second moves tables, if they are mixed
        if _says(found, data):
            return found, list(dict.fromkeys(entries))
    raise UsageError(f"{SETTINGS_NAME} is written so that the lines of {name} can't be told: take them out by hand.")


def _says(text: str, wanted: dict[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _changes(data: dict[str, Any], name: str) -> list[_Change]:
    """Return what is to be changed, the last tables first, so that taking one out moves none that is still to come."""
    found = list(_found(data, name))
    whole = {(one.table, one.place) for one in found if one.whole}
    needed = [one for one in found if one.whole or (one.table, one.place) not in whole]
    return sorted(needed, key=lambda one: -one.place)


def _found(data: dict[str, Any], name: str) -> Iterator[_Change]:
    for table, key in PLACES:
        found = data.get(table, [])
        several = isinstance(found, list)
        for place, entry in enumerate(found if several else [found]):
            there = entry.get(key, [])
            listed = [there] if isinstance(there, str) else there
            left = [one for one in listed if path_inside(one) != name]
            if len(left) < len(listed):
                keeps = left[0] if len(left) == 1 else left or None
                yield _Change(table, place, key, keeps, not left and _is_empty(entry, table, key), several)


def _is_empty(entry: dict[str, Any], table: str, key: str) -> bool:
    """Whether nothing is left in a table without a key, or what is left is nothing without the file."""
    if table == "frame":
        return "within" not in entry
    return (table in _NOTHING_WITHOUT and key == "file") or (table != "place" and len(entry) == 1)


def _apply(document: Any, changes: list[_Change]) -> None:
    """Change settings that are read."""
    for one in changes:
        found = document[one.table]
        entry = found[one.place] if one.several else found
        if one.whole and one.several and len(found) > 1:
            del found[one.place]
        elif one.whole:
            del document[one.table]
        elif one.left is not None:
            entry[one.key] = one.left
        else:
            del entry[one.key]


def _in_document(text: str, changes: list[_Change]) -> str:
    document = tomlkit.parse(text)
    _apply(document, changes)
    return tomlkit.dumps(document)


def _in_lines(text: str, changes: list[_Change]) -> str:
    """Change the lines of tables with headers of their own."""
    lines = text.splitlines(keepends=True)
    for one in changes:
        block = _block(lines, one)
        chunk = block if one.whole else _lines_of_key(lines, block, one.key)
        new = [] if one.left is None else [f"{one.key} = {tomlkit.item(one.left).as_string()}\n"]
        lines[chunk.start : chunk.stop] = new
        while (
            one.whole
            and chunk.start < len(lines)
            and not "".join(lines[max(chunk.start - 1, 0) : chunk.start + 1]).strip()
        ):
            del lines[chunk.start]  # an empty line is left on either side
    return "".join(lines)


def _block(lines: list[str], one: _Change) -> range:
    """Return the numbers of a table's lines and of those of the tables inside it; comments below them are others'."""
    headers = [(number, found[1]) for number, line in enumerate(lines) if (found := _HEADER.match(line.rstrip("\r\n")))]
    starts = [number for number, header in headers if header == one.table]
    if one.place >= len(starts):
        return range(0)
    start = starts[one.place]
    beyond = [number for number, header in headers if number > start and not header.startswith(f"{one.table}.")]
    end = beyond[0] if beyond else len(lines)
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return range(start, end)


def _lines_of_key(lines: list[str], block: range, key: str) -> range:
    """Return the numbers of the lines that a key and its value take."""
    start = next((n for n in block if re.match(rf"\s*{key}\s*=", lines[n])), None)
    if start is None:
        return range(0)
    for end in range(start + 1, block.stop + 1):
        try:
            tomllib.loads("".join(lines[start:end]))
        except tomllib.TOMLDecodeError:
            continue
        return range(start, end)
    return range(0)
