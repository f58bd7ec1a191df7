"""Streets, paths, steps, the canal with its two bridges, the railway and the bypass."""

from __future__ import annotations

from tidewell.drawing import XY, Drawing

__all__ = ["draw_streets", "draw_water"]

# name, class of way, ends on the drawing. They run along the axes and meet wherever they cross.
_STREETS: tuple[tuple[str, str, XY, XY], ...] = (
    ("Saltmarsh Road", "unclassified", (0, 0), (0, 260)),
    ("Saltmarsh Road", "unclassified", (0, 400), (0, 900)),
    ("Ropewalk", "residential", (200, 0), (200, 260)),
    ("Ropewalk", "residential", (200, 400), (200, 1000)),
    ("Lock Street", "residential", (400, -100), (400, 260)),
    ("Lock Street", "residential", (400, 400), (400, 900)),
    ("Chapel Street", "residential", (600, 0), (600, 100)),
    ("Chapel Street", "residential", (600, 200), (600, 260)),
    ("Chapel Street", "residential", (600, 400), (600, 600)),
    ("Chapel Street", "residential", (600, 800), (600, 1000)),
    ("Cooper Street", "residential", (800, 0), (800, 260)),
    ("Cooper Street", "residential", (800, 400), (800, 1000)),
    ("Basin Road", "tertiary", (1000, -100), (1000, 270)),
    ("Basin Road", "tertiary", (1000, 340), (1000, 1000)),
    ("Eastgate", "residential", (1200, 0), (1200, 240)),
    ("Eastgate", "residential", (1200, 360), (1200, 900)),
    ("Saltern Road", "unclassified", (0, 0), (1300, 0)),
    ("Netmakers Row", "residential", (0, 100), (1200, 100)),
    ("South Wharf Road", "unclassified", (0, 200), (1300, 200)),
    ("North Wharf Road", "unclassified", (0, 400), (1300, 400)),
    ("Market Street", "tertiary", (-45, 500), (400, 500)),
    ("Market Street", "pedestrian", (400, 500), (600, 500)),
    ("Market Street", "tertiary", (600, 500), (1200, 500)),
    ("Staithe Street", "residential", (0, 600), (1200, 600)),
    ("Orchard Street", "residential", (0, 700), (400, 700)),
    ("Orchard Street", "residential", (800, 700), (1200, 700)),
    ("Windmill Street", "residential", (0, 800), (1000, 800)),
    ("Tidewell Road", "unclassified", (0, 900), (1300, 900)),
    ("Fen Road", "unclassified", (200, 1000), (1000, 1000)),
    ("Mariners' Court", "living_street", (500, 0), (500, 100)),
    ("Curlew Close", "residential", (300, 600), (300, 660)),
    ("Plover Close", "residential", (900, 700), (900, 760)),
    ("Teal Close", "residential", (1100, 400), (1100, 460)),
    ("Eider Close", "residential", (1100, 500), (1100, 560)),
    ("Sandpiper Mews", "residential", (500, 800), (500, 860)),
)


def draw_streets(town: Drawing) -> None:
    """Draw every way that people or cars use, outside the parks."""
    for name, kind, start, end in _STREETS:
        town.path([start, end], highway=kind, name=name)
    _draw_footbridge(town)
    town.way(
        [(1000, 270), (1000, 340)], highway="tertiary", name="Basin Road", bridge="yes", layer="1",
        bridge__name="Basin Bridge", sidewalk="both",
    )  # fmt: skip
    _draw_towpath(town)
    _draw_traps(town)
    _draw_outskirts(town)


def _draw_footbridge(town: Drawing) -> None:
    """Draw Lock Street's footbridge: steps on both banks, so nobody crosses here without climbing."""
    town.path([(400, 260), (400, 275)], highway="steps", step_count="18", handrail="yes", ramp="no")
    town.way(
        [(400, 275), (400, 330)],
        highway="footway", name="Lock Footbridge", bridge="yes", layer="1", wheelchair="no",
    )  # fmt: skip
    town.path([(400, 330), (400, 345)], highway="steps", step_count="18", handrail="yes", ramp="no")
    town.path([(400, 345), (400, 400)], highway="footway", surface="paving_stones", lit="yes")


def _draw_towpath(town: Drawing) -> None:
    """Draw the north bank's towpath. It passes under both bridges and has no way up to either."""
    town.path(
        [(0, 325), (1020, 325), (1045, 350), (1065, 360), (1200, 360)],
        highway="footway", name="Tidewell Towpath", surface="compacted",
    )  # fmt: skip
    for x in (0, 200, 600, 800):
        town.path([(x, 325), (x, 400)], highway="footway", surface="paving_stones")


def _draw_traps(town: Drawing) -> None:
    """Draw what looks like a way through and isn't, and what isn't and may be walked."""
    town.path([(600, 100), (600, 200)], highway="service", access="private", name="Cooperage Yard")
    town.path([(700, 400), (700, 460)], highway="service", access="private", foot="permissive")
    town.way([(600, 260), (600, 325)], highway="proposed", proposed="footway", name="Chapel Street Bridge (proposed)")
    town.path([(400, 900), (400, 1000)], highway="path", name="Fen Path", surface="grass")
    town.node((400, 950), barrier="stile")


def _draw_outskirts(town: Drawing) -> None:
    """Draw the bypass, where nobody may walk, the railway, and the old tramway beyond the fen."""
    for south, north in ((-100, 270), (310, 1100)):
        town.path([(1300, south), (1300, north)], highway="trunk", name="Tidewell Bypass", ref="A9999", foot="no")
    town.way(
        [(1300, 270), (1300, 310)],
        highway="trunk", name="Tidewell Bypass", ref="A9999", foot="no", bridge="yes", layer="1",
    )  # fmt: skip
    town.path(
        [(-95, 1040), (200, 1047), (600, 1050), (1000, 1047), (1345, 1062)],
        highway="cycleway", foot="yes", name="Old Tramway Path", surface="asphalt",
    )  # fmt: skip
    town.path([(600, 1000), (600, 1050)], highway="footway")
    rail = {"railway": "rail", "name": "Tidewell Branch"}
    town.way([(-60, -100), (-60, 290)], **rail)
    town.way([(-60, 290), (-60, 335)], bridge="yes", layer="1", **rail)
    town.way([(-60, 335), (-60, 500), (-60, 1100)], **rail)
    town.node((-60, 500), railway="halt", name="Tidewell Halt", public_transport="station")


# The canal's centre line; it is 18 m wide.
_CANAL: tuple[XY, ...] = (
    (-95, 314), (0, 309), (120, 303), (220, 300), (980, 300), (1050, 300), (1190, 300), (1260, 296), (1345, 286),
)  # fmt: skip
_BASIN: tuple[XY, ...] = (
    (1050, 270), (1065, 255), (1175, 255), (1190, 270), (1190, 330), (1175, 345), (1065, 345), (1050, 330),
)  # fmt: skip
EYOT: tuple[XY, ...] = ((1105, 285), (1135, 285), (1147, 300), (1135, 318), (1105, 318), (1093, 300))
_HALF_WIDTH = 9


def draw_water(town: Drawing) -> None:
    """Draw the canal (a line, and its water), the basin and the eyot in it that no path reaches."""
    town.way(_CANAL[:6], waterway="canal", name="Tidewell Canal")
    town.way(_CANAL[6:], waterway="canal", name="Tidewell Canal")
    for reach in (_CANAL[:6], _CANAL[6:]):
        south = [(x, y - _HALF_WIDTH) for x, y in reach]
        north = [(x, y + _HALF_WIDTH) for x, y in reversed(reach)]
        town.way([*south, *north, south[0]], natural="water", water="canal", name="Tidewell Canal")
    outer = town.way([*_BASIN, _BASIN[0]])
    inner = town.way([*EYOT, EYOT[0]], place="islet", name="Withy Eyot")
    town.relation(
        [(outer, "outer"), (inner, "inner")],
        type="multipolygon", natural="water", water="basin", name="Tidewell Basin",
    )  # fmt: skip
    town.path([(1100, 307), (1112, 307)], highway="footway")
