"""Parks and every other kind of green and play space, with their gates and paths."""

from __future__ import annotations

from tidewell.drawing import XY, Drawing, box

__all__ = ["draw_green"]


def draw_green(town: Drawing) -> None:
    """Draw all green and play spaces."""
    _draw_kingfisher_park(town)
    _draw_heron_mere_park(town)
    _draw_smaller_parks(town)
    _draw_other_green(town)
    _draw_rec_ground_and_estate(town)
    _draw_country(town)


def _draw_country(town: Drawing) -> None:
    """Draw the fields, the saltmarsh and the trees, which are there to be looked at."""
    town.way(box(-95, 1060, 590, 1098), landuse="farmland")
    town.way(box(610, 1062, 1285, 1098), landuse="farmland")
    town.way(box(-45, 915, 185, 1035), landuse="meadow")
    town.way(box(1015, 915, 1285, 1040), landuse="meadow")
    marsh: list[XY] = [
        (-45, -95), (385, -95), (385, -20), (300, -34), (210, -22), (120, -40), (30, -24), (-45, -30), (-45, -95)
    ]  # fmt: skip
    town.way(marsh, natural="wetland", wetland="saltmarsh", name="Tidewell Saltings")
    town.way(box(415, -95, 985, -20), landuse="meadow")
    for south, north in ((10, 190), (210, 275), (310, 390), (410, 890)):
        town.way(box(1215, south, 1290, north), landuse="industrial" if north > 400 else "grass")
    for south in (430, 500, 570, 640, 710, 780, 840):
        town.way(box(1228, south, 1276, south + 42), building="industrial")
    avenue = [(x, float(y)) for x in (593.0, 607.0) for y in range(620, 790, 20)]
    market = [(float(x), y) for x in range(410, 600, 30) for y in (495.0, 505.0) if (x, y) != (500, 495)]
    wharf = [(float(x), 331.0) for x in range(20, 1000, 40) if x % 200 and x != 400]
    for spot in (*avenue, *market, *wharf):
        town.node(spot, natural="tree")


def _draw_kingfisher_park(town: Drawing) -> None:
    """Draw the park with tagged gates: two open, and a private one to the depot."""
    ring: list[XY] = [
        (430, 610), (600, 610), (780, 610), (780, 750), (740, 790), (600, 790), (410, 790),
        (410, 700), (410, 630), (430, 610),
    ]  # fmt: skip
    town.way(
        ring, leisure="park", name="Kingfisher Park", operator="Tidewell Borough Council",
        opening_hours="07:00-dusk", wheelchair="yes", name__bn="মাছরাঙা পার্ক", name__pl="Park Zimorodka",
    )  # fmt: skip
    town.node((600, 610), barrier="gate", access="yes", name="Staithe Gate")
    town.node((600, 790), barrier="gate", access="yes", name="Windmill Gate")
    town.node((410, 700), barrier="gate", access="private", note="to the gardeners' depot")
    town.path([(600, 600), (600, 610), (600, 790), (600, 800)], highway="footway", surface="asphalt", lit="yes")
    town.path([(400, 700), (410, 700), (418, 700)], highway="service", access="private")
    loop: list[XY] = [
        (600, 630), (560, 638), (500, 660), (470, 700), (480, 745), (530, 772), (600, 770), (680, 770),
        (740, 740), (755, 700), (735, 660), (690, 648), (640, 634), (600, 630),
    ]  # fmt: skip
    town.path(loop, highway="footway", surface="compacted")
    town.path([(600, 700), (550, 706), (510, 700), (470, 700)], highway="path")
    town.way(box(645, 655, 685, 685), leisure="playground", name="Kingfisher Playground", surface="rubber")
    town.path([(640, 634), (650, 645), (650, 655)], highway="path")
    town.way(box(690, 700, 726, 718), leisure="pitch", sport="tennis", name="Kingfisher Tennis Court")
    pond: list[XY] = [
        (500, 720), (512, 708), (535, 712), (552, 726), (548, 744), (530, 752), (508, 746), (500, 720)
    ]  # fmt: skip
    town.way(pond, natural="water", water="pond")
    for spot in ((430, 640), (445, 760), (424, 735), (700, 628), (752, 636), (765, 672), (690, 745), (640, 745)):
        town.node(spot, natural="tree")


def _draw_heron_mere_park(town: Drawing) -> None:
    """Draw the park that is a relation: an outer ring in two ways, and a lake that is not park."""
    west: list[XY] = [(1010, 800), (1010, 710), (1190, 710), (1190, 860)]
    north: list[XY] = [(1190, 860), (1160, 890), (1010, 890), (1010, 800)]
    lake: list[XY] = [
        (1060, 760), (1140, 760), (1160, 780), (1160, 820), (1140, 840), (1060, 840), (1040, 820), (1040, 780),
        (1060, 760),
    ]  # fmt: skip
    outer = [(town.way(west), "outer"), (town.way(north), "outer")]
    inner = town.way(lake, natural="water", water="lake", name="Heron Mere")
    town.relation(
        [*outer, (inner, "inner")], type="multipolygon", leisure="park", name="Heron Mere Park",
        opening_hours="24/7", wheelchair="limited",
    )  # fmt: skip
    walk: list[XY] = [
        (1030, 800), (1030, 760), (1050, 745), (1150, 745), (1175, 775), (1175, 825), (1150, 855), (1050, 855),
        (1030, 835), (1030, 800),
    ]  # fmt: skip
    town.path(walk, highway="footway", surface="compacted", name="Mere Walk")
    town.path([(1000, 800), (1010, 800), (1030, 800)], highway="footway")
    # This one crosses the park's outline between two of its nodes: a way meets the park, no node does.
    town.path([(1150, 700), (1150, 745)], highway="footway")
    for spot in ((1022, 725), (1022, 870), (1090, 725), (1180, 730), (1182, 845), (1100, 875), (1140, 876)):
        town.node(spot, natural="tree")


def _draw_smaller_parks(town: Drawing) -> None:
    """Draw a park that a footway crosses, one that nothing leads into, and one beyond the boundary."""
    town.way(
        [(10, 410), (190, 410), (190, 450), (190, 490), (10, 490), (10, 450), (10, 410)],
        leisure="park", name="Ropewalk Park", wheelchair="yes", name__ur="روپ واک پارک",
    )  # fmt: skip
    town.path([(0, 450), (10, 450), (190, 450), (200, 450)], highway="footway", surface="asphalt", lit="yes")
    curl: list[XY] = [(40, 450), (60, 470), (100, 478), (140, 470), (160, 450)]
    town.path(curl, highway="path")
    for spot in ((25, 425), (60, 430), (100, 422), (140, 430), (175, 424), (25, 475), (178, 478)):
        town.node(spot, natural="tree")
    town.way(box(610, 525, 650, 565), leisure="park", name="Chapel Street Pocket Park")
    town.way(
        [(610, 910), (700, 910), (790, 910), (790, 950), (750, 990), (610, 990), (610, 910)],
        leisure="park", name="Northfield Park", operator="Fen Parish Council",
    )  # fmt: skip
    town.path([(700, 900), (700, 910), (690, 940), (660, 965)], highway="footway")


def _draw_other_green(town: Drawing) -> None:
    town.way(box(30, 825, 170, 875), natural="wood", leaf_type="broadleaved", name="Oxbow Wood")
    town.way(
        [(210, 810), (370, 810), (370, 890), (290, 890), (210, 890), (210, 810)],
        landuse="cemetery", name="Tidewell Cemetery", opening_hours="Mo-Su 09:00-17:00",
    )  # fmt: skip
    town.node((290, 890), barrier="gate")
    town.path([(290, 900), (290, 890), (290, 830)], highway="footway")
    town.way(
        [(810, 810), (850, 810), (890, 810), (810, 890), (810, 850), (810, 810)],
        landuse="village_green", name="Windmill Green",
    )  # fmt: skip
    town.path([(800, 850), (805, 850), (810, 850), (850, 810), (850, 800)], highway="path")
    town.node((805, 850), kerb="raised", barrier="kerb")
    town.way(
        [(10, 110), (190, 110), (190, 190), (100, 190), (10, 190), (10, 110)],
        landuse="allotments", name="Saltern Allotments", operator="Saltern Plotholders' Society",
    )  # fmt: skip
    town.node((100, 190), barrier="gate")
    town.path([(100, 200), (100, 190), (100, 120)], highway="footway")
    town.way(
        [(1060, 212), (1120, 212), (1180, 212), (1180, 235), (1165, 246), (1070, 246), (1060, 235), (1060, 212)],
        leisure="nature_reserve", name="Basin Reedbeds", natural="wetland",
    )  # fmt: skip
    town.node((1120, 212), barrier="kissing_gate")
    town.path([(1120, 200), (1120, 212), (1120, 235)], highway="path")
    town.way(
        [(905, 240), (985, 240), (985, 250), (985, 280), (905, 280), (905, 240)],
        leisure="garden", name="Basin Community Garden", access="yes", fee="no", opening_hours="Sa,Su 10:00-16:00",
    )  # fmt: skip
    town.path([(1000, 250), (985, 250), (930, 260)], highway="footway")


def _draw_rec_ground_and_estate(town: Drawing) -> None:
    town.way(box(1010, 10, 1190, 90), landuse="recreation_ground", name="Saltern Recreation Ground")
    town.way(box(1025, 20, 1115, 80), leisure="pitch", sport="soccer", surface="grass")
    town.way(box(430, 120, 470, 150), leisure="playground", name="Netmakers Play Area")
    town.path([(450, 100), (450, 120)], highway="footway")
    # Mariners' Court: green that its neighbours see and may not use; assetmap's taxonomy leaves both out.
    town.way(box(412, 30, 428, 70), leisure="garden", access="private", name="Mariners' Court Garden")
    town.way(box(572, 30, 588, 70), leisure="playground", access="private")
    for ring in (box(408, 8, 492, 92), box(508, 8, 592, 92), box(410, 206, 590, 285)):
        town.way(ring, landuse="grass")
