"""The chain of a study: what each of its files knows, joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd

from assetmap.crs import LONLAT
from assetmap.engagement.chain import Chain, ChainPart, join_parts
from assetmap.engagement.marks import marks_part
from assetmap.errors import InputError
from assetmap.study.inputs import read_area
from assetmap.study.resident_marks import read_resident_marks
from assetmap.study.settings import read_settings

__all__ = ["PARTS", "read_chain"]

PARTS: tuple[Callable[[Path], ChainPart], ...] = ()
"""What the files of ``engagement/`` know: study folder -> part, empty where it has no such file. First ones name."""


def read_chain(folder: Path, *, say: Callable[[str], None] = lambda _: None) -> Chain:
    """Read a study's chain from its files as they are now; it need not be built.

    Raises
    ------
    AssetMapError
        If a file can't be read.
    """
    return Chain(join_parts([*(part(folder) for part in PARTS), *_marks(folder, say)]))


def _marks(folder: Path, say: Callable[[str], None]) -> Iterator[ChainPart]:
    settings = read_settings(folder)
    area = read_area(folder, settings)
    if area is None:
        raise InputError(f"{folder} says no place: give it a boundary or zones, so that its marks can be read.")
    surroundings = gpd.GeoSeries([area.surroundings], crs=area.crs).to_crs(LONLAT)
    west, south, east, north = (float(value) for value in surroundings.total_bounds)
    found = read_resident_marks(folder, settings, crs=area.crs, near=(west, south, east, north), say=say)
    yield from (marks_part(marks) for marks, _ in found.values())
