"""Shapes of OpenStreetMap objects, gathered while a file streams past and then put into metres."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from assetmap.crs import LONLAT, transformer_between

__all__ = ["Shapes", "project"]

_BATCH = 2_000
"""Texts waiting to be read: a city's all at once would take more memory than its geometries."""


class Shapes:
    """Shapes as libosmium writes them, in longitude and latitude, each known by its number."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._read: list[np.ndarray[Any, Any]] = []
        self._kept = 0

    def keep(self, text: str) -> int:
        """Take a shape as well-known binary in hexadecimal and return its number."""
        self._waiting.append(text)
        self._kept += 1
        if len(self._waiting) == _BATCH:
            self._read_waiting()
        return self._kept - 1

    def _read_waiting(self) -> None:
        # shapely takes several times as long over the text as over its bytes
        self._read.append(_single(shapely.from_wkb([bytes.fromhex(text) for text in self._waiting])))
        self._waiting.clear()

    def hand_over(self) -> np.ndarray[Any, Any]:
        """Return all shapes by number, and keep none."""
        self._read_waiting()
        shapes = np.concatenate(self._read)
        self._read.clear()
        self._kept = 0
        return shapes


def _single(shapes: Any) -> Any:
    """Return shapes with every multipolygon of one part as that part: libosmium makes all areas multipolygons."""
    several = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON
    alone = several & (shapely.get_num_geometries(shapes) == 1)
    shapes[alone] = shapely.get_geometry(shapes[alone], 0)
    return shapes


def project(shapes: np.ndarray[Any, Any], crs: CRS) -> None:
    """Put shapes in longitude and latitude into another system, in their place: a copy takes as much room again."""
    transformer = transformer_between(LONLAT, crs)
    x, y = transformer.transform(*shapely.get_coordinates(shapes).T)
    shapely.set_coordinates(shapes, np.column_stack([x, y]))
