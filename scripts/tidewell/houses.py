"""Rows of houses, blocks of flats, shops' and other plain buildings."""

from __future__ import annotations

from typing import NamedTuple

from tidewell.drawing import XY, Drawing, box

__all__ = ["draw_houses"]

_SETBACK = 8  # from the middle of the street to the front wall
_DEPTH = 9
_GAP = 4


class _Row(NamedTuple):
    """Buildings side by side along a street that runs east."""

    west: float
    east: float
    street: float
    side: int
    """1 for the street's north side, -1 for its south side."""
    number: int
    kind: str = "terrace"
    levels: int = 2


def _block(column: int, street: float, below: int, above: int, **what: str | int) -> list[_Row]:
    """Return the two rows of a block: on its southern street's north side, on its northern street's south side.

    No row of an even count straddles the line midway between two streets, where zones end.
    """
    west, east = 200 * column + 12, 200 * column + 188
    rows = [_Row(west, east, street, 1, below, **what), _Row(west, east, street + 100, -1, above, **what)]  # type: ignore[arg-type]
    return [row for row in rows if row.number]


_ROWS: tuple[_Row, ...] = (
    # South of the canal
    *_block(0, 0, 4, 4), *_block(1, 0, 4, 4), *_block(3, 0, 4, 3), *_block(4, 0, 4, 4),
    _Row(250, 296, 100, 1, 1), _Row(304, 388, 100, 1, 2), _Row(212, 388, 200, -1, 4),
    _Row(412, 492, 200, -1, 1, "apartments", 4), _Row(508, 588, 200, -1, 1, "apartments", 4),
    _Row(902, 988, 100, 1, 2), _Row(812, 988, 200, -1, 4),
    *_block(5, 100, 4, 5),
    _Row(12, 188, 200, 1, 4), _Row(212, 298, 200, 1, 2), _Row(302, 388, 200, 1, 2),
    _Row(812, 898, 200, 1, 2), _Row(640, 788, 200, 1, 3),
    # Between the canal and Staithe Street
    _Row(12, 188, 400, -1, 3, "apartments", 4), _Row(212, 388, 400, -1, 2, "apartments", 5),
    _Row(412, 570, 400, -1, 2, "apartments", 5), _Row(612, 788, 400, -1, 2, "apartments", 6),
    _Row(812, 988, 400, -1, 4, "terrace", 3), _Row(1012, 1088, 400, -1, 1, "apartments", 4),
    _Row(1112, 1188, 400, -1, 1, "apartments", 4),
    _Row(212, 388, 400, 1, 4), _Row(412, 588, 400, 1, 4, "terrace", 3), _Row(612, 690, 400, 1, 2),
    _Row(710, 788, 400, 1, 2), _Row(612, 788, 500, -1, 4, "terrace", 3), *_block(4, 400, 4, 4),
    _Row(1012, 1090, 400, 1, 2), _Row(1110, 1188, 400, 1, 2), _Row(1012, 1188, 500, -1, 5),
    *_block(0, 500, 4, 5), _Row(250, 296, 500, 1, 1, "terrace", 3), _Row(304, 344, 500, 1, 1, "terrace", 3),
    _Row(212, 388, 600, -1, 4),
    _Row(412, 588, 600, -1, 4), _Row(612, 788, 600, -1, 5), _Row(902, 988, 500, 1, 2), _Row(812, 988, 600, -1, 4),
    _Row(1012, 1090, 500, 1, 2), _Row(1110, 1188, 500, 1, 2), _Row(1012, 1188, 600, -1, 5, "house"),
    # North of Staithe Street
    *_block(0, 600, 4, 4), _Row(212, 290, 600, 1, 2), _Row(310, 388, 600, 1, 2), _Row(212, 388, 700, -1, 4),
    *_block(4, 600, 4, 4, kind="house"), *_block(5, 600, 5, 5, kind="house"),
    *_block(0, 700, 5, 4, kind="house"), *_block(1, 700, 4, 4),
    _Row(812, 890, 700, 1, 2, "house"), _Row(910, 988, 700, 1, 2, "house"), _Row(812, 988, 800, -1, 4, "house"),
    _Row(412, 490, 800, 1, 3, "house"), _Row(510, 588, 800, 1, 3, "house"), _Row(412, 588, 900, -1, 5, "house"),
    _Row(612, 788, 800, 1, 5, "house"), _Row(612, 788, 900, -1, 5, "house"),
    _Row(902, 988, 800, 1, 3, "house"), _Row(902, 988, 900, -1, 3, "house"),
    # Beyond the boundary
    _Row(812, 988, 900, 1, 4, "house"), _Row(412, 588, 1000, -1, 4, "house"),
)  # fmt: skip

_FLATS: tuple[tuple[list[XY], int], ...] = (
    # Mariners' Court, four towers
    (box(440, 18, 462, 40), 10), (box(440, 60, 462, 82), 10),
    (box(538, 18, 560, 40), 12), (box(538, 60, 560, 82), 12),
    # slabs by the canal
    ([(420, 215), (480, 215), (480, 227), (432, 227), (432, 262), (420, 262), (420, 215)], 6),
    ([(520, 215), (580, 215), (580, 262), (568, 262), (568, 227), (520, 227), (520, 215)], 6),
    (box(215, 244, 285, 256), 4), (box(310, 244, 380, 256), 4),
    # lofts by the towpath
    (box(20, 340, 92, 354), 4), (box(108, 340, 180, 354), 4), (box(220, 340, 288, 354), 5),
    (box(312, 340, 380, 354), 5), (box(625, 340, 695, 354), 6), (box(715, 340, 780, 354), 6),
    (box(830, 340, 890, 354), 4), (box(910, 340, 975, 354), 4),
)  # fmt: skip

_CLOSES: tuple[tuple[float, float], ...] = ((300, 622), (900, 722), (1100, 422), (1100, 522), (500, 822))
"""Middle of each close, and where its houses start."""


# Blocks by column and southern street whose western (W) and eastern (E) streets have houses too.
_SIDES: tuple[tuple[int, int, str, str], ...] = (
    (0, 0, "WE", "terrace"), (1, 0, "WE", "terrace"), (3, 0, "WE", "terrace"), (4, 0, "WE", "terrace"),
    (1, 100, "E", "terrace"), (4, 100, "E", "terrace"), (5, 100, "WE", "terrace"),
    (1, 400, "WE", "terrace"), (2, 400, "WE", "terrace"), (3, 400, "WE", "terrace"), (4, 400, "WE", "terrace"),
    (5, 400, "WE", "terrace"), (0, 500, "WE", "terrace"), (1, 500, "E", "terrace"), (4, 500, "E", "terrace"),
    (5, 500, "WE", "house"), (0, 600, "WE", "terrace"), (1, 600, "WE", "terrace"), (4, 600, "WE", "house"),
    (5, 600, "WE", "house"), (0, 700, "WE", "house"), (1, 700, "WE", "terrace"), (4, 700, "WE", "house"),
    (2, 800, "WE", "house"), (3, 800, "WE", "house"),
)  # fmt: skip
_BUILT_OVER = {(1, 600), (4, 700), (5, 400), (5, 500), (2, 800), (3, 400), (2, 400)}
_BACK_GARDENS = {(column, street) for column, street, sides, _ in _SIDES if sides == "WE"} - _BUILT_OVER


def draw_houses(town: Drawing) -> None:
    """Draw homes and their back gardens, then the other buildings."""
    for column, street in sorted(_BACK_GARDENS):
        garden = box(200 * column + 20, street + 20, 200 * column + 180, street + 80)
        town.way(garden, leisure="garden", garden__type="residential")
    for row in _ROWS:
        _draw_row(town, row)
    for column, street, sides, kind in _SIDES:
        _draw_sides(town, (200 * column, street), sides, kind)
    for ring, levels in _FLATS:
        town.way(ring, building="apartments", building__levels=str(levels))
    for x, y in _CLOSES:
        for west in (x - 20, x + 8):
            town.way(box(west, y + 2, west + 12, y + 16), building="house")
            town.way(box(west, y + 20, west + 12, y + 34), building="house")
    _draw_other_buildings(town)


def _draw_sides(town: Drawing, corner: XY, sides: str, kind: str) -> None:
    west = {"W": corner[0] + _SETBACK, "E": corner[0] + 200 - _SETBACK - _DEPTH}
    for side in sides:
        for south in (22, 52):
            wall = box(west[side], corner[1] + south, west[side] + _DEPTH, corner[1] + south + 26)
            town.way(wall, building=kind)


def _draw_row(town: Drawing, row: _Row) -> None:
    if not row.number:
        return
    gap = 3 * _GAP if row.kind == "house" else _GAP
    length = round((row.east - row.west - gap * (row.number - 1)) / row.number, 1)
    depth = _DEPTH + 3 if row.kind == "apartments" else _DEPTH
    front, back = sorted((row.street + row.side * _SETBACK, row.street + row.side * (_SETBACK + depth)))
    for place in range(row.number):
        west = round(row.west + place * (length + gap), 1)
        ring = box(west, front, round(west + length, 1), back)
        # Half of the map's houses say how high they are, as in life.
        levels = {"building__levels": str(row.levels)} if row.levels != 2 or place % 2 else {}
        town.way(ring, building=row.kind, **levels)


def _draw_other_buildings(town: Drawing) -> None:
    for ring in (box(212, 482, 288, 492), box(304, 482, 388, 492), box(452, 508, 490, 522), box(494, 508, 536, 522)):
        town.way(ring, building="retail")
    town.way(box(650, 232, 720, 272), building="warehouse", name="Old Netloft")
    town.way(box(732, 238, 785, 270), building="industrial")
    town.way(box(-42, 480, -30, 494), building="train_station")
    town.way(box(420, 690, 440, 710), building="shed")
