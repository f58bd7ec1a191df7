"""What people have said, as layers: marks counted per cell, single remarks, the stops of a walk."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np

from assetmap.encode import plain_text
from assetmap.maps.shapes import Grid, pack_areas, points_of
from assetmap.words import Words

__all__ = ["comment_layer", "mark_layer", "ordered_stops", "stop_layer", "themes_of"]


def mark_layer(cells: gpd.GeoDataFrame | None, grid: Grid, words: Words) -> dict[str, Any] | None:
    """Return the counts of marks per cell and theme."""
    if cells is None or cells.empty:
        return None
    themes = sorted({plain_text(theme) for theme in cells["theme"]})
    counted = list(zip(cells["count"].astype(int).tolist(), cells["sheets"].astype(int).tolist(), strict=True))
    x, y = points_of(cells, grid)
    return {
        **pack_areas(np.asarray(cells.geometry), grid=grid, tolerance_m=0.0).owned_payload(len(cells)),
        "x": x,
        "y": y,
        "themes": themes,
        "theme": [themes.index(plain_text(theme)) for theme in cells["theme"]],
        "count": [count for count, _ in counted],
        "shown": [words.number(count) for count, _ in counted],
        "told": [words.plural("marks_cell", n, sheets=words.plural("sheets", sheets)) for n, sheets in counted],
    }


def comment_layer(comments: gpd.GeoDataFrame | None, grid: Grid, words: Words) -> dict[str, Any] | None:
    """Return single remarks, each with its theme."""
    if comments is None or comments.empty:
        return None
    told = themes_of(comments, words)
    themes = sorted(set(told))
    x, y = points_of(comments, grid)
    return {
        "x": x,
        "y": y,
        "themes": themes,
        "theme": [themes.index(theme) for theme in told],
        "text": [plain_text(text) for text in comments["text"]],
    }


def themes_of(comments: gpd.GeoDataFrame, words: Words) -> list[str]:
    """Return each remark's theme; those without one are told so."""
    themes = comments["theme"].astype(object).where(comments["theme"].notna(), words.phrase("no_theme"))
    return [plain_text(theme) for theme in themes]


def stop_layer(stops: gpd.GeoDataFrame | None, grid: Grid) -> dict[str, Any] | None:
    """Return the stops in their order."""
    if stops is None or stops.empty:
        return None
    ordered = ordered_stops(stops)
    x, y = points_of(ordered, grid)
    return {
        "x": x,
        "y": y,
        "title": [plain_text(title) for title in ordered["title"]],
        "text": [plain_text(text) for text in ordered["text"]],
    }


def ordered_stops(stops: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the stops by number; they are counted anew from 1."""
    return stops.sort_values("number", kind="stable")
