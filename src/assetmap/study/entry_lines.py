"""The lines of ``assetmap.toml`` that name a file, put into its text or taken out; all others stay as they are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from assetmap.errors import UsageError
from assetmap.study.settings import SETTINGS_NAME
from assetmap.study.settings_tables import path_inside

__all__ = ["PLACES", "read_lines", "with_entries", "without_file"]

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


def read_lines(folder: Path) -> str:
    """Return the text of a study's settings with the line ends that it has; those of old Macs, which TOML lacks, as LF.

    The settings have been read before (`read_settings`): that they are there and UTF-8 is known.
    """
    return re.sub(r"\r(?!\n)", "\n", (folder / SETTINGS_NAME).read_bytes().decode("utf-8-sig"))


def with_entries(text: str, wanted: dict[str, Any]) -> str:
    r"""Return settings that say more than they did: every line that was there stays as it was and where it was.

    A new table stands after the last of its name and the comments right below that, where an empty line or nothing
    follows, else at the end, with an empty line around it; a new key stands below the name of the table's file or the
    table's header.

    Parameters
    ----------
    text
        Settings that can be understood.
    wanted
        What they are to say: all that they say now, in this order, and more tables, keys and names of files.

    Raises
    ------
    UsageError
        If they are written so that nobody can tell where it goes.

    Examples
    --------
    >>> with_entries('[study]\nname = "x"\n# the end', {"study": {"name": "x"}, "lists": [{"file": "inputs/a.csv"}]})
    '[study]\nname = "x"\n# the end\n\n[[lists]]\nfile = "inputs/a.csv"'
    """
    there = _tables(tomllib.loads(text))
    new = [(*at, entry) for at, entry in _tables(wanted).items() if at not in there]
    more = [
        (*at, key, value)
        for at, entry in _tables(wanted).items()
        for key, value in entry.items()
        if at in there and there[at].get(key) != value
    ]

    def in_lines(lines: list[str], newline: str) -> None:
        for table, place, key, value in more:
            _put_key(lines, _block(lines, table, place), key, value, newline)
        for table, place, entry in new:
            _put_table(lines, table, place, entry if isinstance(wanted[table], dict) else [entry], newline)

    def in_document(document: Any) -> None:
        for table, place, key, value in more:
            _put(document[table][place] if isinstance(wanted[table], list) else document[table], key, value)
        for table, _, entry in new:
            document[table].append(entry)

    found = _first_that_says(wanted, text, in_lines, in_document)
    if found is None:
        names = ", ".join(sorted({one[0] for one in new} | {one[0] for one in more}))
        raise UsageError(f"{SETTINGS_NAME} is written so that nothing can be put into {names}: write it in by hand.")
    return found


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
    found = _first_that_says(data, text, partial(_take_out, changes=changes), partial(_apply, changes=changes))
    if found is None:
        raise UsageError(f"{SETTINGS_NAME} is written so that the lines of {name} can't be told: take it out by hand.")
    return found, list(dict.fromkeys(entries))


def _first_that_says(
    wanted: dict[str, Any],
    text: str,
    in_lines: Callable[[list[str], str], None],
    in_document: Callable[[Any], None],
) -> str | None:
    """Return the text changed in its lines, else by tomlkit, which moves tables if they are mixed, else None."""
    for way in (partial(_in_lines, text, in_lines), partial(_in_document, text, in_document)):
        with suppress(tomllib.TOMLDecodeError, TOMLKitError):
            found = way()
            if tomllib.loads(found) == wanted:
                return found
    return None


def _in_lines(text: str, change: Callable[[list[str], str], None]) -> str:
    """Change lines that all have an end, the last too; it has none again where it had none."""
    newline = "\r\n" if "\r\n" in text else "\n"
    ended = text.endswith("\n")
    lines = re.findall(r".*\n", text if ended else text + newline)
    change(lines, newline)
    found = "".join(lines)
    return found if ended else found.removesuffix("\n").removesuffix("\r")


def _in_document(text: str, change: Callable[[Any], None]) -> str:
    document = tomlkit.parse(text)
    change(document)
    return tomlkit.dumps(document)


def _tables(data: dict[str, Any]) -> dict[tuple[str, int], dict[str, Any]]:
    """Return the tables of settings by name, and place among those of one name."""
    return {
        (table, place): entry
        for table, found in data.items()
        for place, entry in enumerate(found if isinstance(found, list) else [found])
    }


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
            _put(entry, one.key, one.left)
        else:
            del entry[one.key]


def _put(entry: Any, key: str, value: Any) -> None:
    """Set a key; of the names of files that it has already, quotes, places and comments stay."""
    there = entry.get(key, [])
    if isinstance(there, list) and isinstance(value, list) and there:
        for gone in [one for one in there if one not in value]:
            there.remove(gone)
        there.extend(one for one in value if one not in there)
        return
    known = {one: one for one in (there if isinstance(there, list) else [there])}
    entry[key] = [known.get(one, one) for one in value] if isinstance(value, list) else known.get(value, value)


def _take_out(lines: list[str], _: str, *, changes: list[_Change]) -> None:
    """Take tables with headers of their own out, or their keys."""
    for one in changes:
        block = _block(lines, one.table, one.place)
        if one.left is not None:
            _put_key(lines, block, one.key, one.left, "")
            continue
        chunk = block if one.whole else _lines_of_key(lines, block, one.key)
        start, stop = chunk.start, chunk.stop
        if one.whole and not "".join(lines[max(start - 1, 0) : start] + lines[stop : stop + 1]).strip():
            start, stop = (start - 1, stop) if start else (start, stop + 1)  # of the empty lines around it one goes too
        del lines[start:stop]


def _put_table(lines: list[str], table: str, place: int, entry: Any, newline: str) -> None:
    """Put a table, or a list with the one that is new, after the last of its name, else at the end."""
    stop = _block(lines, table, place - 1).stop if place else 0
    while stop and lines[stop : stop + 1] and lines[stop].lstrip().startswith("#"):  # notes right below it
        stop += 1
    if not stop or "".join(lines[stop : stop + 1]).strip():
        stop = max(number for number, line in enumerate(lines, 1) if line.strip())
    lines[stop:stop] = [newline, *_ended(tomlkit.dumps({table: entry}), newline)]


def _put_key(lines: list[str], block: range, key: str, value: Any, newline: str) -> None:
    """Change the lines of a key, or put it below the file's or the header."""
    chunk = _lines_of_key(lines, block, key)
    if chunk:
        document = tomlkit.parse("".join(lines[chunk.start : chunk.stop]))
        _put(document, key, value)
        lines[chunk.start : chunk.stop] = [tomlkit.dumps(document)]
    elif block:
        above = _lines_of_key(lines, block, "file").stop or block.start + 1
        lines[above:above] = _ended(tomlkit.dumps({key: value}), newline)


def _ended(text: str, newline: str) -> list[str]:
    return [line + newline for line in text.splitlines()]


def _block(lines: list[str], table: str, place: int) -> range:
    """Return the numbers of a table's lines and of those of the tables inside it; comments below them are others'."""
    headers = [(number, found[1]) for number, line in enumerate(lines) if (found := _HEADER.match(line.rstrip("\r\n")))]
    starts = [number for number, header in headers if header == table]
    if place >= len(starts):
        return range(0)
    start = starts[place]
    beyond = [number for number, header in headers if number > start and not header.startswith(f"{table}.")]
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
