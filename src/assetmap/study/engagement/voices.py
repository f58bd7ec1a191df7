"""The voices of a study: which files of ``inputs/`` hold them, how each is read, and what they hold together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import tomlkit
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.files import read_toml, write_text
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.postcodes import read_postcodes
from assetmap.sources.voices import Reading, Voices, read_voices
from assetmap.study.engagement.decision_tables import FOLDER
from assetmap.study.secret import study_secret
from assetmap.study.tombstones import leave_out, read_tombstones

__all__ = ["VOICES_FILE", "VoiceFile", "read_study_voices", "read_voice_files", "write_voice_files"]

VOICES_FILE = f"{FOLDER}/voices.toml"
_HEAD = "Files of voices that were imported, and how each is read. Written by `assetmap voices import`."


@dataclass(frozen=True)
class VoiceFile:
    """One file of voices in the study."""

    file: str
    """Its name in the study."""
    reading: Reading
    postcodes: str | None
    """A postcode table in the study that places its rows."""


def read_voice_files(folder: Path) -> list[VoiceFile]:
    """Return the files of voices in the order in which they were imported.

    Raises
    ------
    InputError
        If the list isn't as it was written.
    """
    path = folder / VOICES_FILE
    if not path.exists():
        return []
    try:
        return [_voice_file(dict(entry)) for entry in read_toml(path, "list of voices").get("voices", [])]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{path} isn't as it was written ({error}): put it back, or import the files anew.") from error


def _voice_file(entry: dict[str, Any]) -> VoiceFile:
    said = {name: entry.get(name) for name in ("session", "session_kind", "consent", "postcodes")}
    words: dict[str, dict[str, str]] = {name: dict(entry.get(name, {})) for name in ("columns", "means")}
    reading = Reading(words["columns"], said["session"], said["session_kind"], said["consent"], words["means"])
    return VoiceFile(str(entry["file"]), reading, said["postcodes"])


def write_voice_files(folder: Path, files: Iterable[VoiceFile]) -> None:
    """Write the list of files of voices; call it under `engagement_files.study_lock`."""
    document, tables = tomlkit.document(), tomlkit.aot()
    document.add(tomlkit.comment(_HEAD))
    for entry in files:
        reading = entry.reading
        values = {
            "file": entry.file,
            "session": reading.session,
            "session_kind": reading.session_kind,
            "consent": reading.consent,
            "postcodes": entry.postcodes,
            "columns": dict(reading.columns),
            "means": dict(reading.means),
        }
        tables.append(tomlkit.item({name: value for name, value in values.items() if value}))
    document.add("voices", tables)
    write_text(folder / VOICES_FILE, tomlkit.dumps(document))


def read_study_voices(folder: Path, *, crs: CRS, near: Bounds | None, forgotten_too: bool = False) -> dict[str, Voices]:
    """Read every file of voices: name of the file in the study -> what it holds.

    A submission that a later file holds as well is taken from that one. What was forgotten is left out. Who has said
    ``none`` of any note, also of one without a place, which the map and the gate never see, has said it of all.

    Raises
    ------
    AssetMapError
        If a file can't be read, or the list of what was forgotten can't be obeyed.
    """
    files = read_voice_files(folder)
    if not files:
        return {}
    secret, tombstones = study_secret(folder), None if forgotten_too else read_tombstones(folder)
    found: dict[str, Voices] = {}
    later: set[str] = set()
    for entry in reversed(files):
        read = read_one(folder, entry, secret=secret, crs=crs, near=near)
        own = {_base(name) for part in (read.marks, read.unplaced) for name in part["annotation_id"]}
        read = _without(read, later)
        marks, tally = leave_out(read.marks, read.tally, tombstones)
        unplaced, tally = leave_out(read.unplaced, tally, tombstones)
        found[entry.file] = replace(read, marks=marks, unplaced=unplaced, tally=tally)
        later |= own
    return {name: _as_refused(read, _refused(found.values())) for name, read in reversed(found.items())}


def _refused(read: Iterable[Voices]) -> set[str]:
    """Return the contributors who have said ``none`` of anything."""
    notes = pd.concat([part[["contributor_id", "consent"]] for one in read for part in (one.marks, one.unplaced)])
    return set(notes.loc[notes["consent"] == "none", "contributor_id"].dropna())


def _as_refused(voices: Voices, refused: set[str]) -> Voices:
    parts = (
        part.assign(consent=part["consent"].mask(part["contributor_id"].isin(refused), "none"))
        for part in (voices.marks, voices.unplaced)
    )
    marks, unplaced = parts
    return replace(voices, marks=marks, unplaced=unplaced)


def read_one(folder: Path, entry: VoiceFile, *, secret: bytes, crs: CRS, near: Bounds | None) -> Voices:
    """Read one file of voices of a study."""
    places = read_postcodes(folder / entry.postcodes, crs=crs)[0] if entry.postcodes else None
    return read_voices(folder / entry.file, crs=crs, secret=secret, reading=entry.reading, near=near, postcodes=places)


def _without(voices: Voices, later: set[str]) -> Voices:
    """Leave out the submissions that a later file holds."""
    parts: dict[str, gpd.GeoDataFrame] = {}
    for name, part in (("marks", voices.marks), ("unplaced", voices.unplaced)):
        again = part["annotation_id"].map(_base).isin(later)
        voices.tally.drop("in a later file as well", part.loc[again, "annotation_id"])
        parts[name] = part[~again].reset_index(drop=True)
    return replace(voices, marks=parts["marks"], unplaced=parts["unplaced"])


def _base(name: str) -> str:
    """Return a submission's identifier without the number of its place."""
    return name.rpartition(".")[0] or name


def all_people(voices: Mapping[str, Voices]) -> pd.DataFrame:
    """Return the people of all files, each person that a file names once."""
    frames = [read.people for read in voices.values()]
    people = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    if people.empty:
        return people
    named = people.dropna(subset="contributor_id").groupby("contributor_id", as_index=False).first()
    return pd.concat([named, people[people["contributor_id"].isna()]], ignore_index=True)
