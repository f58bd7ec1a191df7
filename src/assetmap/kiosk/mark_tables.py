"""What was read on a sheet as tables: its marks by kind, its rejects, and where every pixel of ink went."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.kiosk.marks import Mark
from assetmap.kiosk.printed import PrintedMap
from assetmap.kiosk.reading import Reading
from assetmap.kiosk.review.settling import REVIEW_COLUMNS
from assetmap.kiosk.spec import Pen
from assetmap.schema import ANNOTATIONS, validate_table

__all__ = ["LAYERS", "OUTSIDE", "REPEATED", "InkSum", "SheetTables", "mark_tables"]

LAYERS = {"points": "point", "lines": "line", "areas": "area", "writing": "writing"}
"""Layer of ``marks.gpkg`` -> the kind of its marks; beside them is the layer ``rejects``."""
OUTSIDE = "outside the map: in the margin of the sheet"
REPEATED = "read before, from an earlier photograph of this sheet"


@dataclass(frozen=True)
class InkSum:
    """Pixels of ink on a sheet, and where they went; the parts add up to the whole.

    Parameters
    ----------
    found
        All of them.
    marks, writing
        In points, lines and areas; in writing.
    rejects
        By reason.
    """

    found: int
    marks: int
    writing: int
    rejects: dict[str, int]

    @property
    def is_whole(self) -> bool:
        """Whether every pixel is accounted for."""
        return self.found == self.marks + self.writing + sum(self.rejects.values())


@dataclass(frozen=True)
class SheetTables:
    """The tables of one reading.

    Parameters
    ----------
    marks
        Table ``annotations``, and: ``shape``, ``belongs_to``, ``ink_mm2``, ``error_m`` (of the registration),
        ``reading``, ``mark`` (its number in the reading), and ``decision`` and ``merged_into``, which a review fills.
    rejects
        ``sheet_id``, ``session_id``, ``reason``, ``ink_mm2``, ``source``, ``reading``, geometry (boxes).
    ink
        The sum.
    """

    marks: gpd.GeoDataFrame
    rejects: gpd.GeoDataFrame
    ink: InkSum


def mark_tables(
    reading: Reading,
    *,
    reading_id: str,
    sheet_id: str,
    session: str | None,
    first: int = 1,
    repeated: Collection[int] = (),
) -> SheetTables:
    """Return a reading's marks and rejects in metres.

    Consent is ``unknown`` until somebody has reviewed a mark. Marks in the margin of a sheet are rejected, unless
    they are writing that belongs to a mark on the map.

    Parameters
    ----------
    reading
        What was read.
    reading_id
        What to call it.
    sheet_id
        What to call the sheet of paper.
    session
        The session that it was drawn at, if known.
    first
        The number of its first mark.
    repeated
        Numbers of marks that were read from an earlier photograph of the sheet: they are rejected.
    """
    read = reading.marks
    inside = {mark.number: _on_map(mark, reading.printed) for mark in read.marks}
    on_map = [m for m in read.marks if inside[m.number] or (m.belongs_to is not None and inside[m.belongs_to])]
    kept = [mark for mark in on_map if mark.number not in repeated]
    names = {mark.number: f"{sheet_id}:{first + place}" for place, mark in enumerate(kept)}
    pixels = {mark.number: int(count) for mark, count in zip(read.marks, read.mark_pixels(), strict=True)}
    said = {
        "session_id": session,
        "sheet_id": sheet_id,
        "source": ", ".join(photo.name for photo in reading.photographs),
        "reading": reading_id,
    }
    mm2 = reading.printed.px_per_mm**2
    error_m = max(photo.registration.error_m for photo in reading.photographs)
    legend = {pen.pen: pen for pen in reading.printed.legend}
    rows = [
        said
        | _meaning(mark, legend)
        | {
            "annotation_id": names[mark.number],
            "shape": mark.shape,
            "belongs_to": names.get(mark.belongs_to or 0),
            "ink_mm2": round(pixels[mark.number] / mm2, 3),
            "error_m": round(error_m, 3),
            "mark": mark.number,
        }
        for mark in kept
    ]
    refused = [(reject.reason, reject.pixels, reject.box) for reject in read.rejects]
    refused += [
        (REPEATED if mark.number in repeated else OUTSIDE, pixels[mark.number], mark.box)
        for mark in read.marks
        if mark.number not in names
    ]
    lost = [said | {"reason": reason, "ink_mm2": round(count / mm2, 3)} for reason, count, _ in refused]
    sums = InkSum(
        read.ink_pixels,
        sum(pixels[mark.number] for mark in kept if mark.kind != "writing"),
        sum(pixels[mark.number] for mark in kept if mark.kind == "writing"),
        _by_reason([(reason, count) for reason, count, _ in refused]),
    )
    return SheetTables(
        _as_annotations(rows, [mark.geometry for mark in kept], reading.printed),
        _grounded(lost, [shapely.box(*box) for _, _, box in refused], reading.printed, list(_REJECT_COLUMNS)),
        sums,
    )


_EXTRA = ("shape", "belongs_to", "ink_mm2", "error_m", "reading", "mark", *REVIEW_COLUMNS)
_REJECT_COLUMNS = ("sheet_id", "session_id", "reason", "ink_mm2", "source", "reading")


def _on_map(mark: Mark, printed: PrintedMap) -> bool:
    return bool(mark.geometry.intersects(shapely.box(*printed.frame)))


def _meaning(mark: Mark, legend: dict[str, Pen]) -> dict[str, Any]:
    """Return what a mark says by its pen."""
    pen = legend.get(mark.pen)
    return {
        "contributor_id": None,
        "consent": "unknown",
        "text": None,
        "theme": pen.theme if pen else None,
        "sentiment": pen.sentiment if pen else None,
        "kind": mark.kind,
        "pen_colour": mark.pen,
        "confidence": mark.confidence,
        "crop": None,
        "reviewed_by": None,
        "observed_on": None,
    }


def _by_reason(counted: list[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for reason, count in counted:
        sums[reason] = sums.get(reason, 0) + count
    return dict(sorted(sums.items()))


def _as_annotations(rows: list[dict[str, Any]], shapes: list[Any], printed: PrintedMap) -> gpd.GeoDataFrame:
    frame = _grounded(rows, shapes, printed, [*ANNOTATIONS, *_EXTRA])
    for name, column in ANNOTATIONS.items():
        frame[name] = frame[name].astype(column.dtype)
    return validate_table(frame, "annotations", what=printed.name)


def _grounded(
    rows: list[dict[str, Any]], shapes: list[Any], printed: PrintedMap, columns: list[str]
) -> gpd.GeoDataFrame:
    """Return rows with shapes of the grid put on the ground, in metres."""
    grid = np.array(shapes, dtype=object)
    ground = shapely.transform(grid, printed.on_ground) if len(grid) else grid
    sound = [_sound(shape) for shape in ground]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=gpd.GeoSeries(sound, crs=printed.crs))
    return frame.to_crs(printed.metric)


def _sound(shape: Any) -> Any:
    """Return a shape without crossings of its own outline; what is not of its kind is left out of the mended one."""
    if shape.is_valid:
        return shape
    mended = shapely.make_valid(shape)
    parts = [part for part in getattr(mended, "geoms", [mended]) if shapely.get_dimensions(part) == 2]
    return shapely.union_all(parts) if parts else shape.buffer(0)
