"""Residents' marks as counts per cell: what a map may show of them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.crs import require_metric
from assetmap.errors import UsageError

__all__ = ["count_marks"]

NO_THEME = "no theme given"


def count_marks(annotations: gpd.GeoDataFrame, *, cell_m: float = 100.0) -> gpd.GeoDataFrame:
    """Count marks and the sheets they are on, per square cell and theme.

    A mark counts once in every cell that it touches. Sheets are the independent voices: five strokes on
    one sheet are five marks and one sheet. A mark without a sheet counts as a sheet of its own.

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
    crs = require_metric(annotations, "the annotations")
    if not cell_m > 0:
        raise UsageError(f"cells of {cell_m} m can't be drawn: give a side above 0 m.")
    if annotations.empty:
        empty = pd.DataFrame({"theme": [], "count": [], "sheets": []}).astype(
            {"theme": "str", "count": int, "sheets": int}
        )
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=crs), crs=crs)
    shapes = annotations.geometry.to_numpy()
    low = np.floor(shapely.bounds(shapes)[:, :2] / cell_m).astype(int)
    high = np.floor(shapely.bounds(shapes)[:, 2:] / cell_m).astype(int)
    rows = [
        (mark, x, y)
        for mark, ((x0, y0), (x1, y1)) in enumerate(zip(low, high, strict=True))
        for x in range(x0, x1 + 1)
        for y in range(y0, y1 + 1)
    ]
    mark, x, y = np.array(rows).T
    cells = shapely.box(x * cell_m, y * cell_m, (x + 1) * cell_m, (y + 1) * cell_m)
    touched = shapely.intersects(cells, shapes[mark])
    voice = annotations["sheet_id"].where(annotations["sheet_id"].notna(), annotations["annotation_id"])
    table = pd.DataFrame(
        {
            "theme": annotations["theme"].fillna(NO_THEME).to_numpy()[mark],
            "mark": mark,
            "voice": voice.to_numpy()[mark],
            "x": x,
            "y": y,
        }
    )[touched]
    counted = (
        table.groupby(["theme", "x", "y"]).agg(count=("mark", "nunique"), sheets=("voice", "nunique")).reset_index()
    )
    x0, y0 = counted.pop("x").to_numpy() * cell_m, counted.pop("y").to_numpy() * cell_m
    return gpd.GeoDataFrame(counted, geometry=shapely.box(x0, y0, x0 + cell_m, y0 + cell_m), crs=crs)
