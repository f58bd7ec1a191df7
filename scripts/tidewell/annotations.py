"""Forty marks that fictional residents drew on three printed sheets, already digitised."""

from __future__ import annotations

from typing import NamedTuple

from tidewell.drawing import XY, box, lonlat
from tidewell.tables import features_json

__all__ = ["ROOM_THEME", "UNSAFE_THEME", "annotations_geojson", "themes_of_marks"]


class _Mark(NamedTuple):
    """One mark; `shape` in metres of the drawing: one point, an open line, or a closed ring."""

    contributor: str | None
    consent: str
    theme: str
    sentiment: str | None
    text: str | None
    shape: list[XY]


UNSAFE_THEME = _UNSAFE = "feels unsafe"
_LOVE = "love this place"
ROOM_THEME = _ROOM = "no room for young people"
_CROSS = "hard to cross"
_USE = "would like to use"
_MEMORY = "memory"

# Sheets S1 and S2 lay on Market Square in October, S3 in the Netmakers Community Centre's café in November.
_SHEETS: dict[str, tuple[str, str, tuple[_Mark, ...]]] = {
    "S1": ("market-square-kiosk", "2026-10-03", (
        _Mark("c01", "public", _LOVE, "positive", "Herons at seven in the morning. Nobody else about.", [(1050, 820)]),
        _Mark("c01", "public", _LOVE, "positive", "Round the mere and back, every day since my operation",
              [(1030, 800), (1030, 760), (1050, 745), (1150, 745), (1175, 775)]),
        _Mark("c02", "research", _CROSS, "negative", "Eighteen steps. With a pram you go all the way to Basin Road.",
              [(400, 267)]),
        _Mark("c03", "partners", _CROSS, "negative", "No way over for a wheelchair between here and Basin Bridge",
              [(400, 262), (400, 345)]),
        _Mark("c04", "none", _UNSAFE, "negative", "Dark under the bridge. Ask Maureen Pike, 07700 900123",
              [(998, 326)]),
        _Mark("c05", "public", _USE, "positive", "Would use the library if it opened after work", [(424, 518)]),
        _Mark("c06", "research", _ROOM, "negative", "The hall on Netmakers Row was ours. Shut two years now.",
              [(512, 120)]),
        _Mark("c06", "research", _ROOM, "negative", "Kids sit on this wall because there is nowhere else",
              [(535, 104)]),
        _Mark("c07", "unknown", _LOVE, "positive", None, box(660, 640, 740, 720)),
        _Mark("c08", "partners", _MEMORY, "mixed", "My father rigged barges here. The sheds were full of rope.",
              box(30, 205, 170, 240)),
        _Mark(None, "unknown", _UNSAFE, "negative", "Motorbikes on the towpath", [(620, 325), (780, 325)]),
        _Mark("c09", "public", _LOVE, "positive", "Best samosas in town on a Saturday", [(520, 476)]),
        _Mark("c10", "none", _USE, "mixed", "I see the garden from Flat 14, Mariners' Court, and can't go in",
              [(420, 52)]),
        _Mark("c11", "research", _UNSAFE, "negative", "Lorries don't slow down for the school", [(702, 98)]),
    )),
    "S2": ("market-square-kiosk", "2026-10-03", (
        _Mark("c12", "public", _LOVE, "positive", "Kingfisher Park, all of it", box(430, 620, 770, 780)),
        _Mark("c12", "public", _USE, "positive", "Community garden: is it open to anyone?", [(945, 262)]),
        _Mark("c13", "partners", _ROOM, "negative", "Bring back the youth hall!", [(520, 126)]),
        _Mark("c13", "partners", _ROOM, "negative", "Ball games not allowed, music not allowed, sitting not allowed",
              box(435, 122, 468, 148)),
        _Mark("c14", "research", _UNSAFE, "negative", "I don't walk here after four in winter",
              [(600, 205), (600, 258)]),
        _Mark("c15", "public", _LOVE, "positive", "Mrs Adeyemi-Clarke's choir practises in the Old Hall. Come!",
              [(836, 516)]),
        _Mark("c16", "none", _CROSS, "negative", "The bypass cuts us off from the fields", [(1296, 650)]),
        _Mark("c17", "research", _MEMORY, "positive", "We met at the theatre in 1968", [(722, 524)]),
        _Mark("c18", "unknown", _USE, "positive", "Allotments: six years on the list", [(98, 150)]),
        _Mark("c19", "research", _LOVE, "positive", "Poppies on the green in June", box(815, 815, 850, 850)),
        _Mark("c19", "research", _USE, "mixed", "Gate by the depot is always locked", [(408, 702)]),
        _Mark("c20", "partners", _UNSAFE, "negative", "No lights between the two bridges",
              [(420, 325), (580, 325), (780, 325), (980, 325)]),
        _Mark(None, "none", _MEMORY, "negative", "They moved us out in '74. 31 Ropewalk.", [(206, 130)]),
    )),
    "S3": ("netmakers-cafe", "2026-11-07", (
        _Mark("c21", "public", _LOVE, "positive", "Lunch club here on Thursdays saved me", [(838, 119)]),
        _Mark("c22", "research", _ROOM, "negative", "After the hall closed the lads moved to the stairwell",
              [(508, 116)]),
        _Mark("c22", "research", _ROOM, "negative", "Open it again. Cousin Tariq has the keys, 020 7946 0812",
              [(524, 121)]),
        _Mark("c23", "partners", _CROSS, "negative", "A bridge at Chapel Street and we'd be ten minutes nearer",
              [(600, 262), (600, 325)]),
        _Mark("c24", "public", _LOVE, "positive", "The reedbed smells of mint", [(1118, 232)]),
        _Mark("c24", "public", _CROSS, "negative", "Nowhere to cross to the rec", [(1004, 52)]),
        _Mark("c25", "unknown", _UNSAFE, "negative", "Broken glass in the play area", box(438, 126, 462, 146)),
        _Mark("c26", "research", _USE, "positive", "The larder is only open when I work", [(612, 216)]),
        _Mark("c27", "none", _LOVE, "mixed", "Quiet. Too quiet since the pub changed.", [(586, 388)]),
        _Mark("c28", "partners", _USE, "positive", "A museum on the island. How?", box(1100, 290, 1140, 314)),
        _Mark("c29", "none", _CROSS, None, "Level crossing that never was", [(-40, 500)]),
        _Mark("c30", "public", _MEMORY, "positive", "Swam here as a boy, every summer", box(1060, 265, 1090, 335)),
        _Mark("c31", "unknown", _LOVE, "positive", "Sunrise over the canal", [(250, 262)]),
    )),
}  # fmt: skip
_PENS = {_UNSAFE: "red", _LOVE: "green", _ROOM: "orange", _CROSS: "black", _USE: "blue", _MEMORY: "purple"}


def annotations_geojson() -> str:
    """Return the marks as a GIS would export them."""
    features: list[dict[str, object]] = []
    for sheet, (session, date, marks) in _SHEETS.items():
        for mark in marks:
            properties = {
                "contributor": mark.contributor,
                "consent": mark.consent,
                "text": mark.text,
                "theme": mark.theme,
                "sentiment": mark.sentiment,
                "sheet": sheet,
                "session": session,
                "pen_colour": _PENS[mark.theme],
                "date": date,
            }
            features.append({"type": "Feature", "properties": properties, "geometry": _geometry(mark.shape)})
    return features_json("tidewell_annotations", features)


def themes_of_marks() -> list[tuple[int, str]]:
    """Return number in the file, from 1, and theme of each mark that has words."""
    marks = [mark for _, _, sheet in _SHEETS.values() for mark in sheet]
    return [(number, mark.theme) for number, mark in enumerate(marks, 1) if mark.text]


def _geometry(shape: list[XY]) -> dict[str, object]:
    points = [lonlat(point) for point in shape]
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    if points[0] == points[-1]:
        return {"type": "Polygon", "coordinates": [points]}
    return {"type": "LineString", "coordinates": points}
