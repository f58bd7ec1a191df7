"""Residents' marks as counts per cell, and where sheets agree: what the team's map may show of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.arguments import require_columns
from assetmap.crs import require_metric
from assetmap.errors import UsageError
from assetmap.schema import validate_table

__all__ = ["AgreedCells", "agree_marks", "count_marks", "voices_of"]

NO_THEME = "no theme given"


class AgreedCells(NamedTuple):
    """Where sheets agree."""

    cells: gpd.GeoDataFrame
    themes: pd.DataFrame


def voices_of(annotations: pd.DataFrame) -> pd.Series[str]:
    """Return whose voice each mark is: its sheet's, without one its contributor's, without either its file's.

    Nobody knows how many people made the marks of a file that names neither: at least one.

    Parameters
    ----------
    annotations
        Table ``annotations``, of which ``sheet_id``, ``contributor_id`` and ``source`` count; a column that isn't
        there is one that isn't known.

    Returns
    -------
    Series
        On the same labels; equal for marks of one voice.

    Examples
    --------
    >>> marks = pd.DataFrame({"sheet_id": ["S1", None, None], "contributor_id": ["ana", "ana", None], "source": "a"})
    >>> voices_of(marks).tolist()
    ['sheet S1', 'contributor ana', 'file a']
    """
    voice = pd.Series("unknown", index=annotations.index, dtype="str")
    for name, kind in (("source", "file"), ("contributor_id", "contributor"), ("sheet_id", "sheet")):
        if name in annotations:
            known = annotations[name].astype("str")
            voice = voice.where(known.isna(), f"{kind} " + known)
    return voice


def count_marks(annotations: gpd.GeoDataFrame, *, cell_m: float = 100.0) -> gpd.GeoDataFrame:
    """Count marks and the sheets they are on, per square cell and theme.

    A mark counts once in every cell that it touches. Sheets are the independent voices: five strokes on
    one sheet are five marks and one sheet. The marks of one contributor without a sheet count as one sheet, and so do
    those of one file that names neither (`voices_of`).

    Parameters
    ----------
    annotations
        Table ``annotations``, metric CRS.
    cell_m
        Side of the cells in metres; their corners are multiples of it.

    Returns
    -------
    GeoDataFrame
        ``theme``, ``count`` (of marks), ``sheets``, geometry (squares), sorted by theme and cell.

    Raises
    ------
    CRSError
        If the annotations aren't in metres.
    UsageError
        If the cell has no size.

    Examples
    --------
    >>> marks = gpd.GeoDataFrame({"annotation_id": ["a", "b"], "theme": ["hall", "hall"], "sheet_id": ["S1", "S1"]},
    ...     geometry=gpd.points_from_xy([10, 20], [10, 90]), crs=27700)
    >>> count_marks(marks)[["count", "sheets"]].iloc[0].tolist()
    [2, 1]
    """
    require_columns(annotations, ("annotation_id", "theme"), "the annotations")
    crs = require_metric(annotations, "the annotations")
    touched = _touched_cells(annotations, cell_m).assign(theme=lambda t: t["theme"].fillna(NO_THEME))
    counted = touched.groupby(["theme", "x", "y"]).agg(count=("mark", "nunique"), sheets=("voice", "nunique"))
    return _as_squares(counted.reset_index(), cell_m, crs)


def agree_marks(annotations: gpd.GeoDataFrame, *, cell_m: float = 100.0, floor: int = 3) -> AgreedCells:
    """Say in which cells several sheets mark the same theme, and where they feel differently about it.

    Sheets are counted, not strokes, as in `count_marks`: those that feel well about the theme apart from those
    that feel badly. A sheet with both in one cell counts on both sides.

    Parameters
    ----------
    annotations
        Table ``annotations``, metric CRS.
    cell_m
        Side of the cells in metres; their corners are multiples of it.
    floor
        Cells that fewer sheets mark are hidden: they are counted and not listed.

    Returns
    -------
    AgreedCells
        ``cells``: table ``agreement``, sorted by theme and cell. ``themes``: by theme
        the cells marked, those listed, those contested, and the most sheets in one cell.

    Raises
    ------
    CRSError
        If the annotations aren't in metres.
    UsageError
        If the cell has no size.

    Examples
    --------
    >>> marks = gpd.GeoDataFrame({"annotation_id": ["a", "b"], "theme": ["hall", "hall"], "sheet_id": ["S1", "S2"],
    ...     "sentiment": ["positive", "negative"]}, geometry=gpd.points_from_xy([10, 20], [10, 90]), crs=27700)
    >>> int(agree_marks(marks, floor=2).cells["contested"].sum())
    1
    """
    crs = require_metric(annotations, "the annotations")
    touched = _touched_cells(annotations, cell_m).assign(theme=lambda t: t["theme"].fillna(NO_THEME))
    sides = {
        f"{side}_sheets": touched["voice"].where(touched["sentiment"] == side) for side in ("positive", "negative")
    }
    counted = (
        touched.assign(**sides)
        .groupby(["theme", "x", "y"])
        .agg(sheets=("voice", "nunique"), **{name: (name, "nunique") for name in sides})
        .reset_index()
    )
    counted["contested"] = (counted["positive_sheets"] > 0) & (counted["negative_sheets"] > 0)
    listed = counted["sheets"] >= floor
    themes = (
        counted.assign(listed=listed, contested_listed=counted["contested"] & listed)
        .groupby("theme")
        .agg(
            cells=("sheets", "size"),
            cells_listed=("listed", "sum"),
            cells_contested=("contested_listed", "sum"),
            most_sheets=("sheets", "max"),
        )
        .reset_index()
    )
    cells = _as_squares(counted[listed].reset_index(drop=True), cell_m, crs)
    return AgreedCells(validate_table(cells, "agreement"), themes)


def _touched_cells(annotations: gpd.GeoDataFrame, cell_m: float) -> pd.DataFrame:
    """Return a row for each mark and cell that it touches: theme, sentiment, mark, voice, x and y of the cell."""
    if not cell_m > 0:
        raise UsageError(f"cells of {cell_m} m can't be drawn: give a side above 0 m.")
    shapes = annotations.geometry.to_numpy()
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    low, high = np.floor(bounds[:, :2] / cell_m).astype(int), np.floor(bounds[:, 2:] / cell_m).astype(int)
    rows = [
        (mark, x, y)
        for mark, ((x0, y0), (x1, y1)) in enumerate(zip(low, high, strict=True))
        for x in range(x0, x1 + 1)
        for y in range(y0, y1 + 1)
    ]
    mark, x, y = np.array(rows, dtype=int).reshape(-1, 3).T
    cells = shapely.box(x * cell_m, y * cell_m, (x + 1) * cell_m, (y + 1) * cell_m)
    feeling = annotations.get("sentiment", pd.Series(None, index=annotations.index, dtype="str"))
    table = {"mark": mark, "x": x, "y": y}
    for name, column in {"theme": annotations["theme"], "sentiment": feeling, "voice": voices_of(annotations)}.items():
        table[name] = column.to_numpy()[mark]
    found: pd.DataFrame = pd.DataFrame(table)[shapely.intersects(cells, shapes[mark])]
    return found


def _as_squares(counted: pd.DataFrame, cell_m: float, crs: Any) -> gpd.GeoDataFrame:
    """Return rows with the cells' ``x`` and ``y`` as squares on the ground."""
    x0, y0 = counted.pop("x").to_numpy(dtype=float) * cell_m, counted.pop("y").to_numpy(dtype=float) * cell_m
    return gpd.GeoDataFrame(counted, geometry=shapely.box(x0, y0, x0 + cell_m, y0 + cell_m), crs=crs)
