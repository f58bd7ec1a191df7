"""Which rectangles of the ground a set of sheets shows, so that together they show all of a neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass

from assetmap.errors import UsageError
from assetmap.kiosk.sheet_layout import SheetLayout, lay_out
from assetmap.kiosk.spec import PaperSize

__all__ = ["MOST_SHEETS", "OVERLAP_MM", "Tiling", "tile"]

OVERLAP_MM = 25.0
"""Sheets that lie side by side share a strip at least this wide, on paper."""
MOST_SHEETS = 24
_SCALES = (500, 1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 7500, 10_000, 12_500, 15_000, 20_000, 25_000,
           50_000, 100_000)  # fmt: skip

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Tiling:
    """The sheets of a set."""

    layout: SheetLayout
    scale: float
    columns: int
    rows: int
    bounds: tuple[Bounds, ...]
    """West, south, east, north of each map in metres; row by row from the north-west."""
    overlap_m: tuple[float, float]
    """How far neighbours overlap from west to east and from north to south; 0 where there are none."""

    def neighbours(self, number: int) -> dict[str, int]:
        """Return the numbers of the sheets that go on from one at its ``west``, ``east``, ``north``, ``south``."""
        row, column = divmod(number - 1, self.columns)
        sides = {"west": (row, column - 1), "east": (row, column + 1), "north": (row - 1, column)}
        sides["south"] = (row + 1, column)
        return {
            side: y * self.columns + x + 1
            for side, (y, x) in sides.items()
            if 0 <= x < self.columns and 0 <= y < self.rows
        }


def tile(area: Bounds, *, size: PaperSize, scale: float, sheets: int) -> Tiling:
    """Return sheets that show all of a neighbourhood.

    Parameters
    ----------
    area
        West, south, east, north of the neighbourhood in metres.
    size
        ``A0`` to ``A4``. Which way round the paper is turned follows from the neighbourhood's shape.
    scale
        2500 for 1:2,500.
    sheets
        How many.

    Raises
    ------
    UsageError
        If the neighbourhood doesn't fit, with the scale or the number of sheets that would; or if more sheets are
        asked for than it has use for.
    """
    if not 1 <= sheets <= MOST_SHEETS:
        raise UsageError(f"{sheets} sheets: a set has 1 to {MOST_SHEETS} sheets.")
    found = _best(area, size, scale, sheets)
    if found is not None:
        return found
    wide, tall = area[2] - area[0], area[3] - area[1]
    place = f"the neighbourhood is {wide:,.0f} x {tall:,.0f} m"
    if sheets > 1 and _best(area, size, scale, 1) is not None:
        larger = next((s for s in reversed(_SCALES) if s < scale and _best(area, size, s, sheets)), None)
        other = f", or say --scale {larger} to spread it over {sheets}" if larger else ""
        raise UsageError(f"{place}: one {size} sheet at 1:{scale:,.0f} shows all of it: leave --sheets out{other}.")
    raise UsageError(
        f"{place} and {sheets} {size} {'sheets do' if sheets > 1 else 'sheet does'} not hold it at 1:{scale:,.0f}: "
        f"say {_remedies(area, size, scale, sheets)}."
    )


def _remedies(area: Bounds, size: PaperSize, scale: float, sheets: int) -> str:
    """Return which number of sheets, and which scale, would do."""
    number = next((n for n in range(2, MOST_SHEETS + 1) if _best(area, size, scale, n)), None)
    smaller = next((s for s in _SCALES if s > scale and _best(area, size, s, sheets)), None)
    ways = [f"--sheets {number}" if number else "", f"--scale {smaller}" if smaller else ""]
    return " or ".join(filter(None, ways)) or "a smaller neighbourhood, or a larger --size"


def _best(area: Bounds, size: PaperSize, scale: float, sheets: int) -> Tiling | None:
    """Return the arrangement that leaves most room around the neighbourhood, or None where none holds it."""
    tried = [
        _arrange(area, lay_out(size, portrait=portrait), scale, columns, sheets // columns)
        for portrait in (False, True)
        for columns in range(1, sheets + 1)
        if sheets % columns == 0
    ]
    fitting = [found for found in tried if found is not None]
    return max(fitting, key=lambda found: found[0])[1] if fitting else None


def _arrange(area: Bounds, layout: SheetLayout, scale: float, columns: int, rows: int) -> tuple[float, Tiling] | None:
    """Return how much larger than need be the sheets are, and the sheets."""
    west, south, east, north = area
    wide, tall = (length * scale / 1000 for length in layout.map_mm)
    overlap = OVERLAP_MM * scale / 1000
    across = _along(west, east, wide, columns, overlap)
    down = _along(-north, -south, tall, rows, overlap)
    if across is None or down is None:
        return None
    bounds = tuple((x, -y - tall, x + wide, -y) for y in down for x in across)
    shared = (wide - (across[1] - across[0]) if columns > 1 else 0.0, tall - (down[1] - down[0]) if rows > 1 else 0.0)
    spare = min(
        (columns * wide - (columns - 1) * overlap) / (east - west),
        (rows * tall - (rows - 1) * overlap) / (north - south),
    )
    return spare, Tiling(layout, scale, columns, rows, bounds, shared)


def _along(low: float, high: float, length: float, count: int, overlap: float) -> list[float] | None:
    """Return where sheets along one direction begin, or None where they don't reach, or one alone would do."""
    needed = high - low
    spare = count * length - (count - 1) * overlap - needed
    if spare < 0 or (count > 1 and length >= needed):
        return None
    if count == 1:
        return [low - spare / 2]
    margin = min(spare / 2, 0.04 * length)
    step = (needed + 2 * margin - length) / (count - 1)
    return [low - margin + place * step for place in range(count)]
