"""Where boxes stand: where their makers put them, else where the same drawing comes out each time; never on another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assetmap.diagrams.boxes import Arrow, Box

__all__ = ["MOST_LAID_OUT", "place_as_drawn", "place_by_arrows", "place_in_columns"]

_GAP = 34.0
_SEED = 7
_CAREFUL, MOST_LAID_OUT = 120, 1500
"""Up to so many boxes the slower, better layout is affordable; beyond the second number they stand in rows."""
_ROUNDS, _FEWER_ROUNDS = 600, 80
_GOLDEN_ANGLE = 2.399963


def place_as_drawn(boxes: Sequence[Box], spots: NDArray[np.float64]) -> tuple[Box, ...]:
    """Put boxes where their makers put them, moved apart where two would overlap.

    Parameters
    ----------
    boxes
        The boxes.
    spots
        (n, 2): the middle of each, y downward.
    """
    return _settled(boxes, spots - spots.mean(axis=0))


def place_by_arrows(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> tuple[Box, ...]:
    """Put boxes so that those with arrows between them are near.

    By Kamada and Kawai's layout, for large drawings by Fruchterman and Reingold's with a fixed seed.
    """
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(box.name for box in boxes)
    graph.add_edges_from((arrow.start, arrow.end) for arrow in arrows if arrow.start != arrow.end)
    if len(boxes) > MOST_LAID_OUT:
        across = int(np.ceil(np.sqrt(len(boxes))))
        spots = np.array([(i % across, i // across) for i in range(len(boxes))], dtype=float)
        return _settled(boxes, spots * (_widest(boxes) + _GAP))
    if len(boxes) <= _CAREFUL and nx.is_connected(graph):
        found = nx.kamada_kawai_layout(graph)
    else:
        found = nx.spring_layout(graph, seed=_SEED, iterations=100 if len(boxes) <= _CAREFUL * 4 else 30)
    spots = np.array([found[box.name] for box in boxes]) * np.sqrt(len(boxes)) * _widest(boxes) * 0.75
    return _settled(boxes, spots, 1.4 * _GAP)


def place_in_columns(boxes: Sequence[Box], columns: Sequence[int], arrows: Sequence[Arrow]) -> tuple[Box, ...]:
    """Put boxes in columns from left to right, each column in the order of what it comes from (barycentre method).

    Parameters
    ----------
    boxes
        The boxes.
    columns
        The column of each, from 0.
    arrows
        From one column to a later one.
    """
    column_of = {box.name: column for box, column in zip(boxes, columns, strict=True)}
    by_column: dict[int, list[Box]] = {}
    for box in boxes:
        by_column.setdefault(column_of[box.name], []).append(box)
    height: dict[str, float] = {}
    placed: list[Box] = []
    left = 0.0
    for column in sorted(by_column):
        come_from = {
            box.name: [height[a.start] for a in arrows if a.end == box.name and a.start in height]
            for box in by_column[column]
        }
        row = sorted(by_column[column], key=lambda box: float(np.mean(come_from[box.name] or [0.0])))
        wide = max(box.width for box in row)
        total = sum(box.height for box in row) + _GAP * (len(row) - 1)
        top = -total / 2
        for box in row:
            height[box.name] = top + box.height / 2
            placed.append(box.at(left + wide / 2, height[box.name]))
            top += box.height + _GAP
        left += wide + 3.2 * _GAP
    return tuple(placed)


def _widest(boxes: Sequence[Box]) -> float:
    return max(max(box.width, box.height) for box in boxes)


def _settled(boxes: Sequence[Box], spots: NDArray[np.float64], gap: float = _GAP) -> tuple[Box, ...]:
    """Move boxes apart, each pair along the shorter way, until none overlap; the same moves each time."""
    half = np.array([(box.width + gap, box.height + gap) for box in boxes]) / 2
    turn = np.arange(len(boxes)) * _GOLDEN_ANGLE  # those on one spot part in all directions
    middle = spots.astype(float) + 1e-3 * np.column_stack([np.cos(turn), np.sin(turn)])
    rounds = 0 if len(boxes) > MOST_LAID_OUT else _ROUNDS if len(boxes) <= _CAREFUL else _FEWER_ROUNDS
    for _ in range(rounds):
        if not _push(middle, half):
            break
    return tuple(box.at(float(x), float(y)) for box, (x, y) in zip(boxes, middle, strict=True))


def _push(middle: NDArray[np.float64], half: NDArray[np.float64]) -> bool:
    """Push overlapping pairs apart once; return whether there was any."""
    away = middle[:, None, :] - middle[None, :, :]
    depth = half[:, None, :] + half[None, :, :] - np.abs(away)
    over = np.asarray((depth > 0.5).all(axis=2)) & ~np.eye(len(middle), dtype=np.bool_)
    if not over.any():
        return False
    axis = depth.argmin(axis=2)
    for way in (0, 1):
        shove = np.where(over & (axis == way), depth[:, :, way] * np.sign(away[:, :, way]) * 0.27, 0.0)
        middle[:, way] += shove.sum(axis=1)
    return True
