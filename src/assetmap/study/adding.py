"""Files of the user's, recognised, copied into the study, and named in its settings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assetmap.errors import UsageError
from assetmap.files import sha256_of, sweep_aside, write_text
from assetmap.folders import hold_lock
from assetmap.provenance import provenance_path, record_provenance
from assetmap.sources.osm_input import is_packed, run_through
from assetmap.sources.recognise import Recognised, recognise_file
from assetmap.sources.remote.addresses import load_addresses
from assetmap.study.create import copy_in
from assetmap.study.entries import COMPANIONS, name_file
from assetmap.study.entry_lines import read_lines, with_entries
from assetmap.study.settings import SETTINGS_NAME, Settings, check_settings, read_settings

__all__ = ["Addition", "add_files"]


@dataclass(frozen=True)
class Addition:
    """One file, what it was understood to be, and what the settings say of it now."""

    source: Path
    target: str
    recognised: Recognised
    entry: str
    """The place in the settings, such as ``[[lists]] file``."""


def add_files(
    folder: Path,
    files: list[Path],
    *,
    today: str,
    category: str | None = None,
    sheet: str | None = None,
    raster: str | None = None,
    dry_run: bool = False,
) -> list[Addition]:
    """Recognise files, copy them to ``inputs/`` and name them in ``assetmap.toml``; comments there stay.

    Parameters
    ----------
    folder
        The study folder.
    files
        Files to add.
    today
        ISO date for the provenance records: public data is recognised, and whose it is written beside it.
    category
        What the places of a list are, where no column says so; by default what the file's name suggests.
    sheet
        The sheet of a workbook that is a list of places; by default the one with the widest table.
    raster
        What the cells of a raster hold: ``population``, ``canopy`` or ``canopy_percent``; by default what its name or
        its band's description says.
    dry_run
        Say what would be done, and change nothing.

    Raises
    ------
    InputError, MissingInputError
        If a file can't be recognised, or a build would refuse it. Nothing is changed for any file then.
    UsageError
        If another file of that name or one of the same content is in the study, the settings name one for what there
        can be only one of, or nobody says what the places of a list are or the cells of a raster hold.
    """
    named = list(read_settings(folder).named_files())
    said = {"category": category, "sheet": sheet, "raster": raster}
    if dry_run:
        return _plan(folder, files, named, said)[0]
    with hold_lock(folder):
        for part in (folder, folder / "inputs"):
            sweep_aside(part)
        additions, text = _plan(folder, files, named, said)
        for addition in additions:
            copy_in(addition.source, folder / addition.target)
            _record(addition, folder / addition.target, today)
        write_text(folder / SETTINGS_NAME, text)
    return additions


def _plan(folder: Path, files: list[Path], named: list[str], said: dict[str, str | None]) -> tuple[list[Addition], str]:
    """Return what is added, and the text of the settings with it, once a build could read both.

    In whichever order they are named, what goes with another file comes after it.
    """
    additions: list[Addition] = []
    text = read_lines(folder)
    wanted = tomllib.loads(text)
    recognised = [(path, recognise_file(path, sheet=said["sheet"])) for path in files]
    for path, found in sorted(recognised, key=lambda one: one[1].kind in COMPANIONS):
        addition = _add(folder, path, found, wanted, said, additions)
        same = [other.source for other in additions if other.target == addition.target]
        if same and sha256_of(same[0]) != sha256_of(path):
            raise UsageError(f"{same[0]} and {path} have one name: rename one of them.")
        there = [(name, folder / name) for name in named] + [(str(one.source), one.source) for one in additions]
        for name, other in there:
            if other.name != path.name and _same_content(other, path):
                raise UsageError(f"{path} has the same content as {name}: nothing is added. Leave it out.")
        additions.append(addition)
    settings = check_settings(wanted, folder / SETTINGS_NAME)
    text = with_entries(text, wanted)
    return _checked(folder, settings, additions), text


def _checked(folder: Path, settings: Settings, additions: list[Addition]) -> list[Addition]:
    """Raise what a build would, and return what is added with what it would leave out of lists and marks.

    Packed OSM data, which may be a country's, is only run through, and waits for no more.

    Nothing that reads maps and tables is loaded for it: that takes longer than to run through a town.
    """
    packed = [one.source for one in additions if is_packed(one.source)]
    for path in packed:
        run_through(path)
    if len(packed) == len(additions):
        return additions
    from assetmap.study.acceptance import check_readable

    told = check_readable(folder, settings, {one.target: (one.source, one.recognised) for one in additions})
    return [
        replace(one, recognised=replace(one.recognised, problems=(*one.recognised.problems, *told[one.target])))
        for one in additions
    ]


def _same_content(one: Path, other: Path) -> bool:
    """Whether two files, and their tables where they are shapefiles, hold the same."""
    pairs = [(one, other)]
    if one.suffix.lower() == other.suffix.lower() == ".shp":
        pairs.append((one.with_suffix(".dbf"), other.with_suffix(".dbf")))
    return all(
        a.is_file() == b.is_file()
        and (not a.is_file() or (a.stat().st_size == b.stat().st_size and sha256_of(a) == sha256_of(b)))
        for a, b in pairs
    )


def _target(path: Path) -> str:
    """Return where a file goes in the study, by a name that the settings can hold on any system."""
    if "\\" in path.name or not path.name.isprintable():
        raise UsageError(f"{str(path)!a}: a study can't hold a file of that name: rename it and add it again.")
    return f"inputs/{path.name}"


def _add(
    folder: Path,
    path: Path,
    found: Recognised,
    wanted: dict[str, Any],
    said: dict[str, str | None],
    before: list[Addition],
) -> Addition:
    target = _target(path)
    there = folder / target
    if there.exists() and sha256_of(there) != sha256_of(path):
        named = target in read_settings(folder).named_files()
        way = "take that one out (`assetmap remove --delete`)" if named else "delete that one, which no setting names"
        raise UsageError(
            f"the study has another file {target} already: rename {path.name}, or {way}, and add it again."
        )
    lies = {one.target: one.source for one in before}
    entry = name_file(wanted, path, found, target, said, where=lambda name: lies.get(name, folder / name))
    return Addition(path, target, found, entry)


def _record(addition: Addition, target: Path, today: str) -> None:
    """Write down whose a file is, where that can be told and nobody has said it yet."""
    if not addition.recognised.published or provenance_path(target).exists():
        return
    known = load_addresses()[addition.recognised.published]
    record_provenance(
        target,
        title=known.title,
        publisher=known.publisher,
        licence=known.licence,
        attribution=known.attribution,
        date=today,
        made_by=f"added from {addition.source.name}",
        note="Recognised by its content; the date is the day it was added.",
    )
