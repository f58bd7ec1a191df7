"""Residents' marks of a study: from files, imported voices, the kiosk and walks, without what was forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.schema import ANNOTATIONS
from assetmap.sources.annotations import read_annotations
from assetmap.sources.area_of_use import Bounds
from assetmap.sources.voices import Voices
from assetmap.study.engagement.voices import read_study_voices
from assetmap.study.engagement.walk_stories import read_stories, stories_name, walk_ids
from assetmap.study.kiosk.marks import MARKS_FILE, read_kiosk_marks
from assetmap.study.settings import Settings
from assetmap.study.tombstones import leave_out, read_tombstones
from assetmap.tally import Tally

__all__ = ["check_identifiers", "read_resident_marks"]


def check_identifiers(found: Mapping[str, tuple[gpd.GeoDataFrame, Tally]]) -> None:
    """Raise if marks of two files bear one identifier, which comes of sheets that were numbered alike.

    Parameters
    ----------
    found
        As `read_resident_marks` returns it.

    Raises
    ------
    InputError
        Naming the two files and the first of the identifiers.
    """
    parts = [pd.Series(Path(name).name, index=marks["annotation_id"]) for name, (marks, _) in found.items()]
    file_of = pd.concat(parts) if parts else pd.Series(dtype="str")
    twice = file_of[file_of.index.duplicated(keep=False)]
    if len(twice):
        first = twice.index[0]
        raise InputError(
            f"{' and '.join(twice[first])}: {twice.index.nunique()} marks share a sheet and number (first: {first}): "
            "give each sheet a name that no other file has."
        )


def read_resident_marks(
    folder: Path,
    settings: Settings,
    *,
    crs: CRS,
    near: Bounds | None,
    forgotten_too: bool = False,
    voices: Mapping[str, Voices] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, tuple[gpd.GeoDataFrame, Tally]]:
    """Read the annotation table of each file of marks: name of the file in the study -> table and tally.

    Parameters
    ----------
    folder, settings
        The study.
    crs
        Its metric CRS.
    near
        A lon/lat box that the marks should touch.
    forgotten_too
        Read also what was forgotten: only to forget it where it was left.
    voices
        The study's files of voices, where they have been read already (`read_study_voices`).
    say
        Called with a line for a person before each file.

    Raises
    ------
    AssetMapError
        If a file can't be read, or the list of what was forgotten can't be obeyed.
    """
    tombstones = None if forgotten_too else read_tombstones(folder)
    found: dict[str, tuple[gpd.GeoDataFrame, Tally]] = {}
    for marks in settings.annotations:
        say(f"reading the annotations {marks.file}")
        read = read_annotations(folder / marks.file, crs=crs, columns=marks.columns or None, near=near)
        found[marks.file] = leave_out(*read, tombstones)
    if voices is None:
        voices = read_study_voices(folder, crs=crs, near=near, forgotten_too=forgotten_too)
    found |= {name: (read.marks, read.tally) for name, read in voices.items()}
    if (folder / MARKS_FILE).exists():
        say(f"reading the kiosk's marks {MARKS_FILE}")
        found[MARKS_FILE] = leave_out(*read_kiosk_marks(folder, crs), tombstones)
    for walk in walk_ids(folder):
        say(f"reading the walk {walk}")
        stories, tally = read_stories(folder, walk, crs)
        found[stories_name(walk)] = leave_out(stories[[*ANNOTATIONS, "geometry"]], tally, tombstones)
    return found
