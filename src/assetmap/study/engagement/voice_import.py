"""Importing voices: a file read, kept unchanged in the study, and named with how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assetmap.sources.voices import Reading, Voices
from assetmap.study.engagement.decision_tables import keep_input, study_lock
from assetmap.study.engagement.voices import VoiceFile, read_one, read_study_voices, read_voice_files, write_voice_files
from assetmap.study.inputs import read_area_and_box
from assetmap.study.secret import study_secret
from assetmap.study.settings import read_settings

__all__ = ["Imported", "import_voices"]

_AS_IT_IS = Reading()


@dataclass(frozen=True)
class Imported:
    """What an import has brought."""

    file: str
    voices: Voices
    known: int
    """How many of its marks and notes the study had already."""


def import_voices(folder: Path, path: Path, reading: Reading = _AS_IT_IS, *, postcodes: Path | None = None) -> Imported:
    """Import a file of voices; the same file, or the same submission in another export, is counted once.

    Raises
    ------
    InputError, MissingInputError
        If the file can't be read. Nothing is changed then.
    UsageError
        If the study has another file of that name.
    """
    settings = read_settings(folder)
    area, near = read_area_and_box(folder, settings)
    secret = study_secret(folder)
    outside = VoiceFile(str(path.resolve()), reading, str(postcodes.resolve()) if postcodes else None)
    voices = read_one(folder, outside, secret=secret, crs=area.crs, near=near)
    with study_lock(folder):
        before = read_study_voices(folder, crs=area.crs, near=near)
        entry = VoiceFile(keep_input(folder, path), reading, keep_input(folder, postcodes) if postcodes else None)
        listed = read_voice_files(folder)
        names = [other.file for other in listed]
        if entry not in listed:
            changed = [entry if other.file == entry.file else other for other in listed]
            write_voice_files(folder, changed if entry.file in names else [*listed, entry])
    had = {name for read in before.values() for part in (read.marks, read.unplaced) for name in part["annotation_id"]}
    own = [name for part in (voices.marks, voices.unplaced) for name in part["annotation_id"]]
    return Imported(entry.file, voices, sum(name in had for name in own))
