"""Files taken out of a study again: their entries in the settings, and if asked for their copies."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from assetmap.errors import UsageError
from assetmap.files import SHAPEFILE_PARTS, write_text
from assetmap.folders import hold_lock
from assetmap.provenance import provenance_path
from assetmap.study.engagement.voices import read_voice_files
from assetmap.study.entry_lines import read_lines, without_file
from assetmap.study.settings import SETTINGS_NAME, Settings, check_settings, read_settings

__all__ = ["Removal", "remove_files"]


@dataclass(frozen=True)
class Removal:
    """One file, the places that named it, and what became of the rest."""

    name: str
    """Its name in the settings."""
    entries: tuple[str, ...]
    """The places in the settings, such as ``[[lists]] file``."""
    with_it: tuple[str, ...]
    """Other files that its entry named and nothing names any more."""
    deleted: tuple[str, ...]
    """What is deleted of it."""
    kept_because: str
    """Why its copy stays though it should be deleted; empty if it doesn't."""
    residents: bool
    """Whether it holds marks of residents."""


def remove_files(folder: Path, files: list[Path], *, delete: bool = False, dry_run: bool = False) -> list[Removal]:
    """Take files out of a study's settings; other lines and comments there stay.

    Parameters
    ----------
    folder
        The study folder.
    files
        Files that its settings name: as they name them, as paths, or by their names alone.
    delete
        Delete the copies in ``inputs/`` too, with their records and the parts of a shapefile.
    dry_run
        Say what would be done, and change nothing.

    Raises
    ------
    MissingInputError, SettingsError
        If the folder is no study, or its settings can't be understood.
    UsageError
        If the settings don't name one of the files; it names the nearest. Nothing is changed for any file then.
    """
    if dry_run:
        return _remove(folder, files, delete)[0]
    with hold_lock(folder):
        removals, text = _remove(folder, files, delete)
        write_text(folder / SETTINGS_NAME, text)
        for name in (name for one in removals for name in one.deleted):
            (folder / name).unlink(missing_ok=True)
    return removals


def _remove(folder: Path, files: list[Path], delete: bool) -> tuple[list[Removal], str]:
    """Return what is taken out, and the text of the settings without it."""
    settings = read_settings(folder)
    names = list(dict.fromkeys(_named(folder, file, settings) for file in files))
    of_voices = {name for entry in read_voice_files(folder) for name in (entry.file, entry.postcodes)}
    text = read_lines(folder)
    removals = []
    for name in names:
        text, entries = without_file(text, name)
        after = check_settings(tomllib.loads(text), folder / SETTINGS_NAME)
        gone = set(settings.named_files()) - set(after.named_files())
        kept = _kept_because(name, of_voices) if delete else ""
        removals.append(
            Removal(
                name,
                tuple(entries),
                tuple(sorted(gone - set(names))),
                tuple(_parts(folder, name)) if delete and not kept else (),
                kept,
                any(table.file == name for table in settings.annotations),
            )
        )
        settings = after
    return removals, text


def _named(folder: Path, file: Path, settings: Settings) -> str:
    """Return the name that the settings have for a file."""
    named = settings.named_files()
    inside = file.absolute().resolve()
    home = folder.resolve()
    whole = inside.relative_to(home).as_posix() if inside.is_relative_to(home) else ""
    for name in (file.as_posix(), whole):
        if name in named:
            return name
    found = [name for name in named if PurePosixPath(name).name == file.name]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{file} may be {' or '.join(found)}: say which.")
    if (folder / file).exists() or (whole and file.exists()):
        raise UsageError(
            f"{folder / SETTINGS_NAME} doesn't name {file}, so it isn't taken out here: another command uses it, or "
            "none does. A contributor, a mark or a sheet is taken out with `assetmap forget`."
        )
    near = get_close_matches(file.as_posix(), named, 1, 0.0)
    hint = f"did you mean {near[0]}?" if near else "they name none."
    raise UsageError(f"{folder / SETTINGS_NAME} names no file {file}, so it isn't taken out: {hint}")


def _kept_because(name: str, of_voices: set[str | None]) -> str:
    if name in of_voices:
        return "the study's voices are read from it too"
    return "" if name.startswith("inputs/") else "it isn't in inputs/"


def _parts(folder: Path, name: str) -> list[str]:
    """Return a file, its record, and the other parts of a shapefile, as far as they are there."""
    path = folder / name
    parts = [path, provenance_path(path)]
    if path.suffix.lower() == ".shp":
        parts += [path.with_suffix(suffix) for suffix in SHAPEFILE_PARTS]
    return [part.relative_to(folder).as_posix() for part in parts if part.is_file()]
