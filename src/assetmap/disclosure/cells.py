"""Residents' marks counted in squares that hold enough people and enough voices to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.crs import require_metric
from assetmap.disclosure.masking import people_around
from assetmap.measures.marks import NO_THEME, voices_of

__all__ = ["FEWEST_SHEETS", "SIDES_M", "CountedMarks", "Square", "count_safely", "overlap"]

SIDES_M = (100, 200, 400, 800)
"""Sides of the squares; four of one make one of the next."""
FEWEST_SHEETS = 3
"""Voices that a square needs (`voices_of`): of sheets and of contributors, where both are known."""
TOO_FEW = "even in a square of 800 m there are too few people or voices"
HELD_BACK = "fewer than three voices have been added or withdrawn here since the last release"


class Square(NamedTuple):
    """A count of marks that a release shows."""

    theme: str
    west: int
    south: int
    side: int
    marks: int
    sheets: int


@dataclass(frozen=True)
class CountedMarks:
    """Squares as they may be shown, and the marks that are in none."""

    squares: gpd.GeoDataFrame
    """``theme``, ``count``, ``sheets``, ``side_m``, geometry; the columns of `count_marks`, which the map shows.
    The squares of a theme don't overlap."""
    withheld: pd.DataFrame
    """``annotation_id``, ``reason`` of each mark that isn't counted in any square."""
    shown: list[Square]
    """For the ledger."""


def count_safely(
    marks: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, *, k: int = 10, earlier: Iterable[Square] = ()
) -> CountedMarks:
    """Count marks by theme in squares of 100 m, merged to 200, 400 and 800 m until each may be shown.

    A square may be shown if at least k people live in it and its marks come from 3 sheets or more. It is cut
    into four only if each quarter with a mark may be shown: so no two squares of a theme overlap and nothing can be
    subtracted. Counts are exact, being of three or more. A mark counts once in each square that it touches.

    Where a release before has shown a square, one or two more marks would be seen by subtraction: its figure stays as
    it was until there are three. Where marks have been withdrawn it is left out until three have come or gone.

    Parameters
    ----------
    marks
        Table ``annotations``: those that may leave. Metric CRS.
    origins
        Table ``origins``, same CRS.
    k
        People that have to live in a square.
    earlier
        What was last shown of each place.

    Raises
    ------
    DisclosureError
        If the population is missing.
    """
    crs = require_metric(marks, "residents' marks")
    tree, people = people_around(origins)
    living = pd.DataFrame(np.floor(tree.data / SIDES_M[0]).astype(int), columns=["x", "y"]).assign(people=people)
    touched = _touched(marks)
    chosen: list[tuple[Square, pd.DataFrame]] = []
    for _, rows in touched.groupby("theme", sort=True):
        by_root = rows.groupby([rows["x"] // 8, rows["y"] // 8], sort=True)
        for root, inside in by_root:
            chosen += _cut(inside, living, _place(root), len(SIDES_M) - 1, k) or []
    shown, held = _keep_steady([square for square, _ in chosen], list(earlier))
    counted = {mark for square, rows in chosen if square not in held for mark in rows["mark"]}
    covered = {mark for _, rows in chosen for mark in rows["mark"]}
    ids = marks["annotation_id"].astype(str).tolist()
    lost = [(mark, HELD_BACK if mark in covered else TOO_FEW) for mark in ids if mark not in counted]
    return CountedMarks(
        _frame(shown, crs), pd.DataFrame(sorted(lost), columns=["annotation_id", "reason"]), sorted(shown)
    )


def _touched(marks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a row for each mark and each smallest square that it touches: ``theme, mark, voice, x, y``."""
    side = SIDES_M[0]
    rows: list[tuple[int, int, int]] = []
    shapes = marks.geometry.to_numpy()
    bounds = np.floor(shapely.bounds(shapes) / side).astype(int) if len(marks) else np.empty((0, 4), dtype=int)
    for mark, (west, south, east, north) in enumerate(bounds):
        x, y = (part.ravel() for part in np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1)))
        boxes = shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side)
        hit = shapely.intersects(boxes, shapes[mark]) if shapes[mark].geom_type != "Point" else np.full(len(x), True)
        rows += [(mark, int(a), int(b)) for a, b in zip(x[hit], y[hit], strict=True)]
    place = np.array(rows, dtype=int).reshape(-1, 3)
    voice = voices_of(marks)
    who = marks["contributor_id"].where(marks["contributor_id"].notna(), voice).astype(str)
    theme = marks["theme"].fillna(NO_THEME).astype(str)
    return pd.DataFrame(
        {
            "theme": theme.to_numpy()[place[:, 0]],
            "mark": marks["annotation_id"].astype(str).to_numpy()[place[:, 0]],
            "voice": voice.to_numpy()[place[:, 0]],
            "who": who.to_numpy()[place[:, 0]],
            "x": place[:, 1],
            "y": place[:, 2],
        }
    )


def _cut(
    rows: pd.DataFrame, living: pd.DataFrame, at: tuple[int, int], level: int, k: int
) -> list[tuple[Square, pd.DataFrame]] | None:
    """Return a square in the smallest pieces that may be shown; None if not even the whole may be."""
    scale = 2**level
    x, y = at
    home = living[(living["x"] // scale == x) & (living["y"] // scale == y)]
    if home["people"].sum() < k or _voices(rows) < FEWEST_SHEETS:
        return None
    whole = [(_square(rows, at, level), rows)]
    if level == 0:
        return whole
    half = scale // 2
    pieces = [
        _cut(inside, home, _place(quarter), level - 1, k)
        for quarter, inside in rows.groupby([rows["x"] // half, rows["y"] // half], sort=True)
    ]
    known = [piece for piece in pieces if piece is not None]
    return [part for piece in known for part in piece] if len(known) == len(pieces) else whole


def _place(label: Any) -> tuple[int, int]:
    return int(label[0]), int(label[1])


def _square(rows: pd.DataFrame, at: tuple[int, int], level: int) -> Square:
    side = SIDES_M[level]
    count = int(rows["mark"].nunique())
    return Square(str(rows["theme"].iloc[0]), at[0] * side, at[1] * side, side, count, _voices(rows))


def _voices(rows: pd.DataFrame) -> int:
    """Return how many speak for certain: one person may have drawn on several sheets, and several on one."""
    return int(min(rows["voice"].nunique(), rows["who"].nunique()))


def _keep_steady(new: Sequence[Square], earlier: Sequence[Square]) -> tuple[list[Square], set[Square]]:
    """Return the squares to show after an earlier release, and the new ones that are held back.

    Squares of both releases nest, so that every difference is that of all squares within the largest.
    """
    shown, held = [], set[Square]()
    largest = _largest([*new, *earlier])
    for outer in largest:
        now = [square for square in new if _within(square, outer)]
        before = [square for square in earlier if _within(square, outer)]
        change = sum(s.marks for s in now) - sum(s.marks for s in before)
        voices = abs(sum(s.sheets for s in now) - sum(s.sheets for s in before))
        if not before or not now or not change or (abs(change) >= FEWEST_SHEETS and voices >= FEWEST_SHEETS):
            shown += now
        else:
            held |= set(now)
            shown += before if change > 0 else []
    return shown, held


def overlap(one: Square, other: Square) -> bool:
    """Tell whether two squares are of one theme and one lies within the other."""
    return _within(one, other) or _within(other, one)


def _within(square: Square, outer: Square) -> bool:
    return (
        square.theme == outer.theme
        and outer.west <= square.west < outer.west + outer.side
        and outer.south <= square.south < outer.south + outer.side
        and square.side <= outer.side
    )


def _largest(squares: Iterable[Square]) -> list[Square]:
    found: list[Square] = []
    for square in sorted(squares, key=lambda s: (s.theme, -s.side, s.west, s.south, s.marks)):
        if not any(_within(square, outer) for outer in found):
            found.append(square)
    return found


def _frame(shown: Iterable[Square], crs: Any) -> gpd.GeoDataFrame:
    table = pd.DataFrame(sorted(shown), columns=list(Square._fields)).astype(
        {"theme": "str", "west": float, "south": float, "side": int, "marks": int, "sheets": int}
    )
    x, y, side = (table[name].to_numpy() for name in ("west", "south", "side"))
    columns = table[["theme", "marks", "sheets", "side"]].rename(columns={"marks": "count", "side": "side_m"})
    return gpd.GeoDataFrame(columns, geometry=shapely.box(x, y, x + side, y + side), crs=crs)
