"""Marks as `kiosk read` leaves them in a study, without a photograph."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

from assetmap.schema import ANNOTATIONS
from assetmap.study.kiosk.marks import MARKS_FILE
from assetmap.table_files import write_geopackage


def write_marks(folder: Path, crs: object, at: tuple[float, float]) -> None:
    """Write two points, a line in two parts, an area and a word beside the first point, on two sheets."""
    east, north = at
    rows = [
        ("A1B2-1:1", "points", "point", shapely.Point(east, north), None),
        ("A1B2-1:2", "lines", "line", shapely.LineString([(east, north), (east + 80, north)]), None),
        ("A1B2-1:3", "lines", "line", shapely.LineString([(east + 90, north), (east + 150, north)]), None),
        ("A1B2-1:4", "writing", "writing", shapely.box(east + 5, north + 5, east + 40, north + 20), "A1B2-1:1"),
        ("A1B2-2:1", "areas", "area", shapely.Point(east, north).buffer(30), None),
        ("A1B2-2:2", "points", "point", shapely.Point(east + 400, north), None),
    ]
    table = gpd.GeoDataFrame(
        [
            dict.fromkeys(ANNOTATIONS)
            | {
                "annotation_id": name, "layer": layer, "kind": kind, "belongs_to": belongs_to, "consent": "unknown",
                "sheet_id": name.partition(":")[0], "session_id": "market", "pen_colour": "red", "confidence": 0.9,
                "source": "photo.jpg", "reading": "none", "theme": "hard to cross", "sentiment": "negative",
            }
            for name, layer, kind, _, belongs_to in rows
        ],
        geometry=[shape for *_, shape, _ in rows],
        crs=crs,
    )  # fmt: skip
    layers = {str(name): part.drop(columns="layer") for name, part in table.groupby("layer")}
    write_geopackage(folder / MARKS_FILE, layers, made_on="2026-05-04")
