"""Which sheet of paper a reading is of: copies of a printed sheet are sheets of their own, a paper is read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assetmap.kiosk.identity import copy_id
from assetmap.kiosk.merge import drawn_before
from assetmap.kiosk.reading import Reading
from assetmap.kiosk.straighten import read_geotiff
from assetmap.study.kiosk.marks import MARK_LAYERS

__all__ = ["Paper", "also_shown", "find_paper"]

_REPEATED = 0.6  # of a mark's ink


@dataclass(frozen=True)
class Paper:
    """A sheet of paper.

    Parameters
    ----------
    sheet_id
        What it is called.
    repeated
        Numbers of the marks of a reading that an earlier photograph of it has shown.
    readings
        The earlier readings of it.
    """

    sheet_id: str
    repeated: frozenset[int] = frozenset()
    readings: frozenset[str] = frozenset()


def find_paper(folder: Path, reading: Reading, before: Sequence[Mapping[str, Any]]) -> Paper:
    """Return the sheet of paper that a reading is of.

    Agreement of marks is counted in sheets of paper, so that two copies of a printed sheet have two names. A sheet
    that was photographed before, perhaps with more drawn on it since, keeps its name.

    Parameters
    ----------
    folder
        The study folder.
    reading
        What was read.
    before
        The readings so far, as the tally has them.
    """
    alike = [one for one in before if one["printed"] == reading.printed.name]
    known: dict[str, NDArray[np.bool_]] = {}
    ink = reading.marks.labels > 0
    for one in alike:
        path = folder / "kiosk/straightened" / f"{one['reading']}.tif"
        if not path.exists():
            continue
        old = read_geotiff(path)
        if old.valid.shape != ink.shape:
            continue  # of a map that isn't ours, at another size
        again = drawn_before(reading.straightened, ink, old, reading.printed)
        if again is not None:
            known[one["sheet_id"]] = known.get(one["sheet_id"], np.zeros(ink.shape, np.bool_)) | again
    if not known:
        return Paper(copy_id(reading.printed.name, len({one["sheet_id"] for one in alike}) + 1))
    name = max(known, key=lambda sheet: int(known[sheet].sum()))
    readings = frozenset(str(one["reading"]) for one in alike if one["sheet_id"] == name)
    return Paper(name, _repeated(reading, known[name]), readings)


def _repeated(reading: Reading, again: NDArray[np.bool_]) -> frozenset[int]:
    pixels = reading.marks.mark_pixels()
    seen = np.bincount(reading.marks.labels[again], minlength=len(pixels) + 1)[1:]
    return frozenset(int(place) + 1 for place in np.flatnonzero(seen >= _REPEATED * pixels))


def also_shown(layers: dict[str, gpd.GeoDataFrame], paper: Paper, photographs: Sequence[str]) -> None:
    """Write to the earlier marks of a sheet that further photographs show them: forgetting must know of these."""
    for layer, frame in layers.items():
        if layer in MARK_LAYERS:
            rows = frame["reading"].isin(paper.readings)
            layers[layer] = frame.assign(source=frame["source"].mask(rows, _added(frame["source"], photographs)))


def _added(sources: pd.Series[str], photographs: Sequence[str]) -> list[str]:
    return [", ".join(dict.fromkeys([*str(source).split(", "), *photographs])) for source in sources]
