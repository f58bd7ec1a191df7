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
    _Row(250, 388, 100, 1, 0), _Row(250, 296, 100, 1, 1), _Row(304, 388, 100, 1, 2), _Row(212, 388, 200, -1, 4),
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
    *_block(0, 500, 4, 5), _Row(250, 338, 500, 1, 2, "terrace", 3), _Row(212, 388, 600, -1, 4),
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
)  # fmt: skip

_CLOSES: tuple[tuple[float, float], ...] = ((300, 622), (900, 722), (1100, 422), (1100, 522), (500, 822))
"""Middle of each close, and where its houses start."""


def draw_houses(town: Drawing) -> None:
    """Draw homes, then the other buildings."""
    for row in _ROWS:
        _draw_row(town, row)
    for ring, levels in _FLATS:
        town.way(ring, building="apartments", building__levels=str(levels))
    for x, y in _CLOSES:
        for west in (x - 20, x + 8):
            town.way(box(west, y + 2, west + 12, y + 16), building="house")
            town.way(box(west, y + 20, west + 12, y + 34), building="house")
    _draw_other_buildings(town)


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
