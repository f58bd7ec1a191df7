"""The chain of a study: what each of its files knows, joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from assetmap.engagement.chain import Chain, ChainPart, join_parts
from assetmap.engagement.marks import marks_part, sessions_part
from assetmap.sources.voices import Voices
from assetmap.study.engagement import agenda, coding, system_maps, voting
from assetmap.study.engagement.voices import read_study_voices
from assetmap.study.inputs import read_area_and_box
from assetmap.study.resident_marks import read_resident_marks
from assetmap.study.settings import read_settings

__all__ = ["PARTS", "chain_of", "read_chain"]

PARTS: tuple[Callable[[Path], ChainPart], ...] = (
    coding.chain_part,
    voting.chain_part,
    system_maps.chain_part,
    agenda.chain_part,
)
"""What the files of ``engagement/`` know: study folder -> part, empty where it has no such file. First ones name."""


def read_chain(folder: Path, *, say: Callable[[str], None] = lambda _: None) -> Chain:
    """Read a study's chain from its files as they are now; it need not be built.

    Raises
    ------
    AssetMapError
        If a file can't be read.
    """
    settings = read_settings(folder)
    area, near = read_area_and_box(folder, settings)
    voices = read_study_voices(folder, crs=area.crs, near=near)
    found = read_resident_marks(folder, settings, crs=area.crs, near=near, voices=voices, say=say)
    return chain_of(folder, voices, (marks for marks, _ in found.values()))


def chain_of(folder: Path, voices: Mapping[str, Voices], marks: Iterable[pd.DataFrame]) -> Chain:
    """Join what the files of ``engagement/`` know with voices and marks that have been read already.

    Parameters
    ----------
    folder
        The study folder.
    voices
        The study's files of voices (`read_study_voices`).
    marks
        Tables ``annotations``.

    Raises
    ------
    AssetMapError
        If a file of ``engagement/`` can't be read.
    """
    return Chain(join_parts([*(part(folder) for part in PARTS), *_said(voices, marks)]))


def _said(voices: Mapping[str, Voices], marks: Iterable[pd.DataFrame]) -> Iterator[ChainPart]:
    for read in voices.values():
        yield sessions_part(read.sessions, read.tally.source)
        yield marks_part(read.unplaced)
    yield from map(marks_part, marks)
