"""A shape that strokes and blots make, and which kind of mark each shape is."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

__all__ = ["KIND_OF_SHAPE", "Shape"]

KIND_OF_SHAPE = {
    "dot": "point",
    "cross": "point",
    "tick": "point",
    "line": "line",
    "dashed line": "line",
    "arrow": "line",
    "ring": "area",
    "filled": "area",
    "hatched": "area",
    "writing": "writing",
}
"""The kind of mark that each shape is."""


@dataclass(frozen=True)
class Shape:
    """A shape.

    Parameters
    ----------
    word
        A key of `KIND_OF_SHAPE`.
    geometry
        In pixels of the grid: a Point, a LineString or MultiLineString, or a Polygon.
    parts
        Numbers of the parts that make it.
    sureness
        0 to 1: how clearly it is this shape and no other.
    """

    word: str
    geometry: BaseGeometry
    parts: tuple[int, ...]
    sureness: float

    @property
    def kind(self) -> str:
        """The kind of mark that it is."""
        return KIND_OF_SHAPE[self.word]
