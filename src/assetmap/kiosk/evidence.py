"""What speaks for a mark: a few measures of its ink and of what lies about it, weighed as photographs taught.

A logistic regression makes a probability of them. Its weights are in ``likelihood.toml``, fitted by
``python -m tests.benchmarks.kiosk.fitting`` on photographs whose truth is known.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import shapely
from numpy.typing import NDArray

from assetmap.kiosk.ink.pens import PENCIL, PenMap
from assetmap.kiosk.strokes.parts import Part, Piece
from assetmap.kiosk.strokes.shape import KIND_OF_SHAPE, Shape

__all__ = ["MEASURES", "Likelihood", "likelihood", "measure_shapes"]

_SIGNS = tuple(word for word in KIND_OF_SHAPE if word != "writing")
MEASURES = (
    *_SIGNS, "pencil", "colour", "strength", "width", "length", "line length", "solid", "whole", "touching",
    "near ink", "near writing", "sign near writing",
)  # fmt: skip
"""The measures, in their order: one for each shape (0 or 1), then

- ``pencil``: whether it is in pencil
- ``colour``: how much nearer the pen's colour is than the next one's, 0 to 1
- ``strength``: the share of light that its ink takes
- ``width``, ``length``: logarithms of its strokes' width and of its ink's area over that, in mm
- ``line length``: ``length`` of a line, 0 for others
- ``solid``: its ink's share of its hull
- ``whole``: its share of the connected ink that it is part of
- ``touching``: the share of a point's or a line's edge at other pens' ink; what covers ground may lie in another area
- ``near ink``, ``near writing``: how near its pen's other ink and writing are: 1 where they touch, 0 from 6 mm on
- ``sign near writing``: ``near writing`` of a dot, a cross or a tick
"""
_FAR_MM = 6.0
_TOUCH_MM = 0.4
_LEAST_INK_MM2 = 0.6


@dataclass(frozen=True)
class Likelihood:
    """A logistic regression.

    Parameters
    ----------
    weights, constant
        Of the measures, in the order of `MEASURES`.
    least
        What is less likely is no mark.
    """

    weights: NDArray[np.float64]
    constant: float
    least: float

    def of(self, measures: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probabilities (n,) that marks with these measures (n x k) are right."""
        return np.asarray(1 / (1 + np.exp(-(measures @ self.weights + self.constant))))


@cache
def likelihood() -> Likelihood:
    """Return the regression that comes with the program."""
    table = tomllib.loads(files("assetmap.kiosk").joinpath("likelihood.toml").read_text(encoding="utf-8"))
    weights = np.array([table["weights"][name] for name in MEASURES], "float64")
    return Likelihood(weights, float(table["constant"]), float(table["least"]))


def measure_shapes(
    shapes: list[tuple[int, Shape]], parts: list[Part], pieces: list[Piece], pens: PenMap, *, px_per_mm: float
) -> NDArray[np.float64]:
    """Return the measures of shapes (n x k), in the order of `MEASURES`; writing is measured as no shape.

    Parameters
    ----------
    shapes
        Shapes with the place of their pen in the names of pens.
    parts, pieces
        All parts and pieces of ink, in the order of their numbers.
    pens
        The pen of each pixel.
    px_per_mm
        Pixels of the grid in a millimetre of paper.
    """
    outlines = np.array([piece.outline for piece in pieces], dtype=object)
    pen_of = np.array([piece.pen for piece in pieces])
    tree = shapely.STRtree(outlines)
    held = np.zeros(len(pieces) + 1)
    np.add.at(held, [part.piece for part in parts], [part.pixels for part in parts])
    written = {parts[number - 1].piece for _, shape in shapes if shape.word == "writing" for number in shape.parts}
    rows = np.zeros((len(shapes), len(MEASURES)))
    for row, (pen, shape) in zip(rows, shapes, strict=True):
        mine = [parts[number - 1] for number in sorted(set(shape.parts))]
        own = sorted({part.piece for part in mine})
        ink = shapely.union_all(outlines[[number - 1 for number in own]])
        near = tree.query(ink, predicate="dwithin", distance=_FAR_MM * px_per_mm)
        near = near[~np.isin(near + 1, own)]
        same = near[(pen_of[near] == pen) & (held[near + 1] > _LEAST_INK_MM2 * px_per_mm**2)]
        others = near[pen_of[near] != pen]
        words = [place for place in same if place + 1 in written]
        width = float(np.median([pieces[number - 1].width for number in own])) / px_per_mm
        drawn = sum(part.pixels for part in mine) / px_per_mm**2 / width
        colour, strength = _look(mine, pens)
        area = KIND_OF_SHAPE[shape.word] == "area"
        beside = _nearness(ink, outlines[words], px_per_mm)
        found = {
            shape.word: 1.0,
            "pencil": float(pens.names[pen] == PENCIL),
            "colour": colour,
            "strength": strength,
            "width": np.log(width),
            "length": np.log(drawn),
            "line length": np.log(drawn) if shape.word == "line" else 0.0,
            "solid": ink.area / ink.convex_hull.area,
            "whole": sum(part.pixels for part in mine) / held[own].sum(),
            "touching": 0.0 if area else _touching(ink, outlines[others], px_per_mm),
            "near ink": _nearness(ink, outlines[same], px_per_mm),
            "near writing": beside,
            "sign near writing": beside if KIND_OF_SHAPE[shape.word] == "point" else 0.0,
        }
        row[:] = [found.get(name, 0.0) for name in MEASURES]
    return rows


def _look(parts: list[Part], pens: PenMap) -> tuple[float, float]:
    """Return how sure the colour is in the middle of the largest part's box, and how strong its ink is."""
    left, top, right, bottom = max(parts, key=lambda part: part.pixels).box
    window = np.s_[top:bottom, left:right]
    inked = pens.index[window] == parts[0].pen
    if not inked.any():
        return 0.0, 0.0
    return float(np.median(pens.certainty[window][inked])), float(np.percentile(pens.strength[window][inked], 70))


def _nearness(ink: shapely.Geometry, others: NDArray[np.object_], px_per_mm: float) -> float:
    """Return how near the nearest of some ink is: 1 where it touches, 0 from 6 mm on."""
    if not len(others):
        return 0.0
    return max(0.0, 1 - float(shapely.distance(ink, others).min()) / (_FAR_MM * px_per_mm))


def _touching(ink: shapely.Geometry, others: NDArray[np.object_], px_per_mm: float) -> float:
    """Return the share of an ink's edge at which other pens' ink lies."""
    near = others[shapely.dwithin(ink, others, _TOUCH_MM * px_per_mm)] if len(others) else others
    if not len(near):
        return 0.0
    edge = ink.boundary
    return float(edge.intersection(shapely.union_all(near).buffer(_TOUCH_MM * px_per_mm)).length / edge.length)
