"""What came of the marks: conversations, a walk, codes, votes, a system map and an agenda, all of them fictional."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

from tidewell.annotations import ROOM_THEME, UNSAFE_THEME, annotations_geojson, themes_of_marks
from tidewell.drawing import XY, lonlat
from tidewell.tables import csv_text

__all__ = ["story_files"]

_HALL: XY = (515, 119)
_WALK = "hall-walk"
_BEGIN = datetime(2026, 10, 10, 13, tzinfo=UTC)
_STEP_S, _STEP_M = 5, 6
_TOLD_AFTER_S = 165
"""When the walk has come to (513, 100): Netmakers Row, by the hall's front."""
_VOTED = "A room of our own"
_BENCHES = "somewhere to sit"

_BEN_READS: dict[int, str] = {7: "memory", 25: "hard to cross", 31: "would like to use"}
"""Marks that the second coder gives another theme than the pen that they were drawn with."""


def story_files() -> dict[str, str]:
    """Return the story's files by their path in the sample."""
    closed = csv_text(
        ("name", "category", "longitude", "latitude", "access", "description"),
        [("Netmakers Hall", "community_centre", *lonlat(_HALL), "private", "Closed in 2024")],
    )
    marks = _sha(annotations_geojson())
    hall = f"list:{_sha(closed)}:2"  # the row below the header
    return {
        "engagement/tidewell_closed_buildings.csv": closed,
        "engagement/tidewell_conversations.csv": _conversations(),
        "engagement/tidewell_codes_ana.csv": _codes(marks, {}),
        "engagement/tidewell_codes_ben.csv": _codes(marks, _BEN_READS),
        "engagement/tidewell_votes.csv": _votes(),
        "engagement/tidewell_system_map.json": _system_map(),
        "engagement/tidewell_ties.csv": _ties(hall),
        "engagement/tidewell_actions.csv": _actions(hall, marks),
        "engagement/tidewell_outcomes.csv": _outcomes(),
        "walks/tidewell_hall_walk.gpx": _track(),
        "walks/tidewell_hall_walk_stories.csv": _stories(),
    }


def _sha(text: str) -> str:
    """Return what a study calls the rows of a file by."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# Twenty passers-by on a weekday morning, by age and sex. Nobody under 16 was about: `voices heard` says so.
_PASSERS_BY = (("16 to 64", "female", 6), ("16 to 64", "male", 5), ("65 and over", "female", 5),
               ("65 and over", "male", 4))  # fmt: skip
_SAID = (
    ("There is more to do here than people think", ""),
    ("My grandchildren have nowhere to go after school", ""),
    ("I would walk more if the benches were back", _BENCHES),
    ("The surgery is good, the wait is long", ""),
)


def _conversations() -> str:
    people = [(age, sex) for age, sex, count in _PASSERS_BY for _ in range(count)]
    head = ("session", "kind of session", "date", "contributor", "what was said", "theme", "consent", "age", "sex")
    return csv_text(
        head,
        [
            ("staithe-stall", "conversation", "2026-10-06", number, *_SAID[number % len(_SAID)], "research", age, sex)
            for number, (age, sex) in enumerate(people, 1)
        ],
    )


def _codes(marks: str, otherwise: dict[int, str]) -> str:
    """Return a coder's sheet of every mark that has words, and of the story told on the walk."""
    rows = [(f"{marks}:{number}", otherwise.get(number, theme)) for number, theme in themes_of_marks()]
    return csv_text(("annotation_id", "themes"), [*rows, (f"{_WALK}:row2", ROOM_THEME)])


def _votes() -> str:
    return csv_text(
        ("priority", "votes", "theme", "session"),
        [
            ("A crossing by the school", 31, UNSAFE_THEME, "cafe"),
            (_VOTED, 24, ROOM_THEME, "cafe"),
            ("More benches", 9, _BENCHES, "cafe"),
        ],
    )


# Factor -> label, place on the drawing, kind and colour.
_LEVER, _FOCUS = {"type": "Lever", "colour": "#9adbb4"}, {"type": "Focus", "colour": "#ffd966"}
_FACTORS: tuple[tuple[str, str, tuple[int, int], dict[str, str]], ...] = (
    ("hall", "Hall open in the evening", (0, 0), _LEVER),
    ("rooms", "Places for young people to meet", (260, 0), _FOCUS),
    ("street", "Young people meet in the street", (560, 0), {}),
    ("complaints", "Complaints by neighbours", (820, 120), {}),
    ("trust", "Trust between young and old", (560, 260), {}),
    ("volunteers", "Volunteers for the youth club", (260, 260), {}),
    ("light", "Lamps on the towpath", (0, 430), _LEVER),
    ("safe", "Feeling safe in the evening", (300, 430), {}),
    ("girls", "Girls come to the club", (620, 430), _FOCUS),
)
_LINKS = (
    ("hall", "rooms", "+"), ("rooms", "street", "-"), ("street", "complaints", "+"), ("complaints", "trust", "-"),
    ("trust", "volunteers", "+"), ("volunteers", "rooms", "+"), ("complaints", "hall", "-"), ("light", "safe", "+"),
    ("safe", "girls", "+"), ("trust", "safe", "+"), ("girls", "volunteers", None),
)  # fmt: skip


def _system_map() -> str:
    """Return the workshop's map as Kumu writes it."""
    elements = [{"id": name, "label": label, "x": x, "y": y, **look} for name, label, (x, y), look in _FACTORS]
    connections = [
        {"from": start, "to": end, "direction": "directed", **({"type": sign} if sign else {})}
        for start, end, sign in _LINKS
    ]
    content = {
        "name": "Young people in Tidewell Basin (fictional)",
        "elements": elements,
        "connections": connections,
    }
    return json.dumps(content, indent=1) + "\n"


def _ties(hall: str) -> str:
    rooms, light = "factor:young-people/rooms", "factor:young-people/light"
    return csv_text(
        ("factor", "tied_to"),
        [
            ("factor:young-people/hall", f"asset:{hall}"),
            (rooms, f"asset:{hall}"),
            (rooms, "theme:no-room-for-young-people"),
            (light, "theme:feels-unsafe"),
        ],
    )


def _actions(hall: str, marks: str) -> str:
    head = (
        "id",
        "what",
        "who",
        "when",
        "cost",
        "level",
        "priority",
        "theme",
        "assets",
        "evidence",
        "outcome",
        "status",
        "done on",
    )
    evidence = "; ".join(f"mark:{marks}:{number}" for number, theme in themes_of_marks() if theme == ROOM_THEME)
    return csv_text(
        head,
        [
            ("open-hall", "Open Netmakers Hall again", "Hall committee", "2027-06", "£38,500", "community", _VOTED,
             ROOM_THEME, hall, f"{evidence}; session:{_WALK}", "Nearer a hall", "planned", ""),
            ("count-lorries", "Count the lorries at the school gate", "Wharfside parents", "2026-11", "£0", "community",
             "A crossing by the school", UNSAFE_THEME, "", f"mark:{marks}:14", "", "done", "2026-11-20"),
            ("ask-crossing", "Ask for a crossing by the school", "Wharfside parents", "2027-03", "£900", "system",
             "A crossing by the school", UNSAFE_THEME, "", f"mark:{marks}:14", "", "under way", ""),
        ],
    )  # fmt: skip


def _outcomes() -> str:
    figure = "access_by_zone.csv/share_800m/community_centre"
    return csv_text(("outcome", "leads to", "indicator"), [("Nearer a hall", "", figure)])


def _track() -> str:
    """Return the track of a walk along Netmakers Row."""
    points = []
    for number, metres in enumerate(range(0, 400, _STEP_M)):
        lon, lat = lonlat((_HALL[0] - 200 + metres, 100))
        at = _BEGIN + timedelta(seconds=_STEP_S * number)
        points.append(f'<trkpt lat="{lat}" lon="{lon}"><time>{at:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>')
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="assetmap scripts/make_sample.py">\n'
        "<trk><name>Hall walk (fictional)</name><trkseg>\n" + "\n".join(points) + "\n</trkseg></trk></gpx>\n"
    )


def _stories() -> str:
    told = _BEGIN + timedelta(seconds=_TOLD_AFTER_S)
    return csv_text(
        ("time", "contributor", "consent", "title", "text", "theme", "sentiment"),
        [
            (f"{told:%Y-%m-%dT%H:%M:%SZ}", "walker-9", "public", "The hall",
             "We learnt to dance in there. Now the shutters are down and we stand outside.", ROOM_THEME, "negative"),
        ],
    )  # fmt: skip
