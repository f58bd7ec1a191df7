"""Files of the user's, recognised, copied into the study, and named in its settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

from assetmap.errors import SettingsError, UsageError
from assetmap.files import hold_lock, read_text, sha256_of, sweep_aside, write_text
from assetmap.provenance import provenance_path, record_provenance
from assetmap.sources.recognise import Recognised, recognise_file
from assetmap.sources.remote.addresses import load_addresses
from assetmap.study.create import copy_in
from assetmap.study.settings import SETTINGS_NAME, check_settings, read_settings
from assetmap.taxonomy import taxonomy

__all__ = ["Addition", "add_files"]

# Kind of file -> the place in the settings that names it. Two brackets: one entry a file.
_ENTRIES = {
    "osm": ("osm", "file"),
    "boundary": ("place", "boundary"),
    "zones": ("zones", "file"),
    "population": ("population", "file"),
    "deprivation": ("deprivation", "file"),
    "lookup": ("deprivation", "lookup"),
}
_RASTERS = {
    "population": ("population", "grid", None),
    "canopy": ("canopy", "file", "share"),
    "canopy_percent": ("canopy", "file", "percent"),
}
_LISTED = {"list": "lists", "green_space": "green_space", "annotations": "annotations", "areas": "lookups"}
# Files that go with another, named in its entry: access points with green space, a postcode table with the lists.
_COMPANIONS = {"access_points": ("green_space", "access_points"), "postcodes": ("lists", "postcodes")}
_SHAPEFILE_PARTS = (".dbf", ".shx", ".prj", ".cpg")


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
    raster
        What the cells of a raster hold: ``population``, ``canopy`` or ``canopy_percent``; by default what its name or
        its band's description says.
    dry_run
        Say what would be done, and change nothing.

    Raises
    ------
    InputError, MissingInputError
        If a file can't be read or recognised. Nothing is changed for any file then.
    UsageError
        If another file of that name or one of the same content is in the study, the settings name one for what there
        can be only one of,
        or nobody says what the places of a list are or the cells of a raster hold.
    """
    named = list(read_settings(folder).named_files())
    said = {"category": category, "raster": raster}
    if dry_run:
        return _plan(folder, files, named, _document(folder), said)
    with hold_lock(folder):
        for part in (folder, folder / "inputs"):
            sweep_aside(part)
        document = _document(folder)
        additions = _plan(folder, files, named, document, said)
        for addition in additions:
            _copy(addition.source, folder / addition.target)
            _record(addition, folder / addition.target, today)
        write_text(folder / SETTINGS_NAME, tomlkit.dumps(document))
    return additions


def _plan(
    folder: Path, files: list[Path], named: list[str], document: Any, said: dict[str, str | None]
) -> list[Addition]:
    """Write the entries of all files into the settings' document, and check that they are still settings.

    In whichever order they are named, what goes with another file comes after it.
    """
    additions: list[Addition] = []
    recognised = [(path, recognise_file(path)) for path in files]
    for path, found in sorted(recognised, key=lambda one: one[1].kind in _COMPANIONS):
        addition = _add(folder, path, found, document, said)
        same = [other.source for other in additions if other.target == addition.target]
        if same and sha256_of(same[0]) != sha256_of(path):
            raise UsageError(f"{same[0]} and {path} have one name: rename one of them.")
        there = [(name, folder / name) for name in named] + [(str(one.source), one.source) for one in additions]
        for name, other in there:
            if other.name != path.name and _same_content(other, path):
                raise UsageError(f"{path} has the same content as {name}: nothing is added. Leave it out.")
        additions.append(addition)
    check_settings(tomlkit.parse(tomlkit.dumps(document)).unwrap(), folder / SETTINGS_NAME)
    return additions


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


def _document(folder: Path) -> Any:
    try:
        return tomlkit.parse(read_text(folder / SETTINGS_NAME, "settings file"))
    except TOMLKitError as error:
        raise SettingsError(f"{folder / SETTINGS_NAME} can't be changed ({error}): correct that line.") from error


def _add(folder: Path, path: Path, found: Recognised, document: Any, said: dict[str, str | None]) -> Addition:
    target = _target(path)
    there = folder / target
    if there.exists() and sha256_of(there) != sha256_of(path):
        raise UsageError(f"the study has another file {target} already: rename {path.name} and add it again.")
    if found.kind == "zones" and "level" in found.suggested and _has_zones(document, target):
        entry = _name_another(document, "lookups", target, {})
    elif found.kind in _ENTRIES:
        entry = _name_one(document, _ENTRIES[found.kind], target)
    elif found.kind in _LISTED:
        entry = _name_another(document, _LISTED[found.kind], target, _needed(found, said["category"], path))
    elif found.kind == "raster":
        entry = _name_raster(document, found, said["raster"], target)
    else:
        entry = _name_companion(document, found.kind, target)
    return Addition(path, target, found, entry)


def _has_zones(document: Any, target: str) -> bool:
    """Whether the study has other zones, or will have LSOAs: then larger areas are those that these are in."""
    place = document.get("place", {})
    named = document.get("zones", {}).get("file", target)
    return named != target or bool(place.get("site") or place.get("lsoa21"))


def _name_one(document: Any, place: tuple[str, str], target: str) -> str:
    table, key = place
    if table not in document:
        document.add(tomlkit.nl())
        document[table] = tomlkit.table()
    if document[table].get(key, target) != target:
        raise UsageError(
            f"the settings name {document[table][key]} as [{table}] {key} already, and there can be only one: "
            "take that line out first."
        )
    document[table][key] = target
    return f"[{table}] {key}"


def _name_raster(document: Any, found: Recognised, said: str | None, target: str) -> str:
    holds = said or found.suggested.get("raster")
    if holds == "ndvi":
        raise UsageError(
            f"{target}: a vegetation index needs the value from which on a cell counts as covered: copy it there and "
            f'write `[canopy]`, `file = "{target}"`, `values = "ndvi"`, `at_least = 0.5` or another into the settings.'
        )
    if holds not in _RASTERS:
        raise UsageError(f"{target} doesn't say what its cells hold: say --raster {', '.join(_RASTERS)}.")
    table, key, values = _RASTERS[holds]
    entry = _name_one(document, (table, key), target)
    if values:
        document[table]["values"] = values
    return entry


def _needed(found: Recognised, category: str | None, path: Path) -> dict[str, str]:
    """Return what the entry of a file must say besides its name."""
    if "access_points" in found.suggested:  # sites and access points in one file
        return {"access_points": f"inputs/{path.name}"}
    if found.kind != "list" or "category" in found.columns:
        return {}
    wanted = category or found.suggested.get("category")
    if wanted is None:
        raise UsageError(f"{path.name} doesn't say what its places are: say --category, such as community_centre.")
    if wanted not in taxonomy().categories:
        known = ", ".join(taxonomy().categories)
        raise UsageError(f"there is no category {wanted!r}: use one of {known}.")
    return {"category": wanted}


def _name_another(document: Any, table: str, target: str, needed: dict[str, str]) -> str:
    if table not in document:
        document.add(tomlkit.nl())
        document[table] = tomlkit.aot()
    if all(entry.get("file") != target for entry in document[table]):
        # someone may have written `lists = [{file = "..."}]` by hand
        entry = tomlkit.inline_table() if isinstance(document[table], Array) else tomlkit.table()
        entry.update({"file": target, **needed})
        document[table].append(entry)
    said = "".join(f', {key} = "{value}"' for key, value in needed.items())
    return f"[[{table}]]{said}, file" if said else f"[[{table}]] file"


def _name_companion(document: Any, kind: str, target: str) -> str:
    """Name a file in the entry of the one that it goes with."""
    if kind not in _COMPANIONS:
        raise UsageError(f"{target} is a {kind}: no part of a study uses one yet.")
    table, key = _COMPANIONS[kind]
    waiting = [entry for entry in document.get(table, []) if key not in entry]
    if any(entry.get(key) == target for entry in document.get(table, [])):
        return f"[[{table}]] {key}"
    if not waiting:
        raise UsageError(f"{target} goes with a file of [[{table}]]: add that first.")
    for entry in waiting[:1] if kind == "access_points" else waiting:
        entry[key] = target
    return f"[[{table}]] {key}"


def _record(addition: Addition, target: Path, today: str) -> None:
    """Write down whose a file is, where that can be told and nobody has said it yet."""
    if not addition.recognised.published or provenance_path(target).exists():
        return
    known = load_addresses()[addition.recognised.published]
    record_provenance(
        target,
        title=addition.recognised.summary,
        publisher=known.publisher,
        licence=known.licence,
        attribution=known.attribution,
        date=today,
        made_by=f"added from {addition.source.name}",
        note="Recognised by its content; the date is the day it was added.",
    )


def _copy(source: Path, target: Path) -> None:
    copy_in(source, target)
    if source.suffix.lower() == ".shp":
        for suffix in _SHAPEFILE_PARTS:
            for part in (source.with_suffix(suffix), source.with_suffix(suffix.upper())):
                if part.exists():
                    copy_in(part, target.with_suffix(suffix))
                    break
