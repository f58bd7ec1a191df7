"""Tidewell Basin, the fictional neighbourhood in data/: what a pencil says that it should measure.

Nothing here is computed by the package. Places are given in metres of the drawing, (0, 0) being easting 600000,
northing 400000; `at` turns them into EPSG:27700. The neighbourhood is (0, 0) to (1200, 900), in zones of 300 m
squares; the sheet goes 100 m beyond it in the west and south, 150 m in the east, 200 m in the north.

The plan. Streets run along x = 0, 200, 400, 600, 800, 1000, 1200 and y = 0, 100, 200 (south of the canal), 400,
500, 600, 700, 800, 900. The canal lies at y = 300. It is crossed at x = 400, by a footbridge with steps on both
banks, and at x = 1000, by a road bridge; y = 325 is a towpath that passes under both and joins neither.
Not ways through: x = 600 from y = 100 to 200 (a private yard), x = 600 from y = 260 to 325 (a bridge only proposed),
x = 1300 (a bypass where nobody may walk). Kingfisher Park lies across x = 600, y = 700, and a path goes through it
from (600, 600) to (600, 800).
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

XY = tuple[float, float]

ORIGIN: XY = (600_000.0, 400_000.0)
BOUNDARY: tuple[float, float, float, float] = (600_000.0, 400_000.0, 601_200.0, 400_900.0)
TOLERANCE_M = 0.01
"""Coordinates are written to 8 decimals of a degree, about a millimetre; libosmium keeps 7 of them, a centimetre."""


def at(x: float, y: float) -> XY:
    """Return easting and northing of a point of the drawing."""
    return ORIGIN[0] + x, ORIGIN[1] + y


# --- Assets in OSM, by category, over the whole sheet; one of the parks (Northfield) lies beyond the boundary ---------
ASSETS_BY_CATEGORY: dict[str, int] = {
    "park": 5,  # Kingfisher, Heron Mere (a relation), Ropewalk, Chapel Street Pocket, Northfield
    "garden": 1,  # Basin Community; not Mariners' Court Garden (private), not the residents' back gardens
    "common": 1,  # Windmill Green
    "recreation_ground": 1,
    "nature_reserve": 1,
    "woodland": 1,
    "allotments": 1,
    "cemetery": 1,
    "playground": 2,  # Kingfisher, Netmakers; not the private one at Mariners' Court
    "pitch": 3,  # football, tennis, the school's
    "sports_centre": 1,
    "community_centre": 3,  # a node, two buildings; not the closed Netmakers Hall (disused:amenity)
    "library": 1,
    "food_bank": 1,
    "arts_centre": 1,
    "theatre": 1,
    "museum": 1,
    "place_of_worship": 3,
    "school": 2,  # a school and a nursery
    "gp_surgery": 1,
    "dentist": 1,
    "pharmacy": 2,
    "cafe": 3,
    "pub": 2,
    "market": 1,
}
ASSETS_IN_ALL = 41  # 12 green, 6 play and sport, 5 community, 3 arts, 3 faith, 2 learning, 4 health, 6 food
OUTSIDE_THE_BOUNDARY = ["Northfield Park"]
NOT_ASSETS = ["Mariners' Court Garden", "Netmakers Hall"]
RESTRICTED = ["Saltern Allotments", "Wharfside Primary School", "Orchard Street Nursery"]  # and the school's pitch
UNKNOWN_ACCESS = ["Oxbow Wood", "Basin Reedbeds", "Saltern Sports Hall", "Kingfisher Tennis Court"]  # and a pitch

# --- Ground area in m2 ------------------------------------------------------------------------------------------------
AREAS_M2: dict[str, float] = {
    "Kingfisher Park": 65_600.0,  # 370 x 180 = 66,600, less corners of 40 x 40 / 2 and 20 x 20 / 2
    "Heron Mere Park": 23_150.0,  # 180 x 180 = 32,400, less a corner 30 x 30 / 2 = 450, less the lake 8,800
    "Ropewalk Park": 14_400.0,  # 180 x 80
    "Chapel Street Pocket Park": 1_600.0,  # 40 x 40
    "Northfield Park": 13_600.0,  # 180 x 80 less 40 x 40 / 2
    "Basin Community Garden": 3_200.0,  # 80 x 40
    "Windmill Green": 3_200.0,  # a triangle, 80 x 80 / 2
    "Saltern Recreation Ground": 14_400.0,  # 180 x 80
    "Basin Reedbeds": 3_942.5,  # 120 x 34 = 4,080, less 15 x 11 / 2 and 10 x 11 / 2
    "Oxbow Wood": 7_000.0,  # 140 x 50
    "Saltern Allotments": 14_400.0,  # 180 x 80
    "Tidewell Cemetery": 12_800.0,  # 160 x 80
    "Kingfisher Playground": 1_200.0,  # 40 x 30
    "Netmakers Play Area": 1_200.0,  # 40 x 30
    "Kingfisher Tennis Court": 648.0,  # 36 x 18
    "Market Square": 3_700.0,  # 100 x 37
    "Wharfside Primary School": 14_400.0,  # 180 x 80
    "Tidewell Library": 600.0,  # 30 x 20
}
HERON_MERE_LAKE_M2 = 8_800.0  # 120 x 80 = 9,600, less four corners of 20 x 20 / 2
PARK_M2_BY_ZONE: dict[str, float] = {
    "E01999005": 14_400.0,  # Ropewalk
    "E01999007": 1_600.0,  # Chapel Street Pocket
    "E01999010": 34_000.0,  # Kingfisher west of x = 600: 190 x 180 less 200
    "E01999011": 31_600.0,  # Kingfisher east of x = 600: 180 x 180 less 800
    "E01999012": 23_150.0,  # Heron Mere
}  # the other seven zones have none
PARK_M2_INSIDE = 104_750.0  # 14,400 + 1,600 + 65,600 + 23,150; 5.8194 m2 for each of 18,000 people

# --- How each place is reached (METRICS: tagged entrances first, then ways that meet it, then its boundary) -----------
ENTRANCE_KIND: dict[str, str] = {
    "Kingfisher Park": "entrance",
    "Heron Mere Park": "way_crossing",
    "Ropewalk Park": "way_crossing",
    "Chapel Street Pocket Park": "boundary",
    "Northfield Park": "way_crossing",
    "Windmill Green": "way_crossing",
    "Basin Community Garden": "way_crossing",
    "Saltern Recreation Ground": "boundary",
    "Saltern Allotments": "entrance",
    "Tidewell Cemetery": "entrance",
    "Oxbow Wood": "snapped",  # no gate, no way, and every side 25 m or more from the network
    "Tidewell Community Centre": "point",
    "Netmakers Community Centre": "entrance",
    "St Bride's & St Olave's \"Old\" Hall": "boundary",  # 8 m from Market Street
    "Tidewell Library": "entrance",
    "The Larder on the Wharf": "point",
    "Basin Theatre": "entrance",
    "Eyot Lock Museum": "entrance",
    "Wharfside Primary School": "entrance",
    "Staithe Surgery": "point",
}
ENTRANCES: dict[str, list[XY]] = {
    "Kingfisher Park": [(600, 610), (600, 790)],  # a third gate, (410, 700), is private
    "Heron Mere Park": [(1010, 800), (1150, 710)],  # the second where a path crosses between the outline's nodes
    "Ropewalk Park": [(10, 450), (190, 450)],
    "Northfield Park": [(700, 910)],
    "Tidewell Community Centre": [(212, 550)],
    "Netmakers Community Centre": [(835, 112)],
    "Tidewell Library": [(425, 510)],
    "The Larder on the Wharf": [(612, 212)],
    "Eyot Lock Museum": [(1112, 307)],
}
"""Those that are exact on paper. Each lies on a walkable way."""

# --- Ways -------------------------------------------------------------------------------------------------------------
NOT_WALKABLE = ["Cooperage Yard", "Tidewell Bypass", "Chapel Street Bridge (proposed)", "Tidewell Branch"]
STEPS = 2  # flights, one on each bank at Lock Footbridge
HIGH: dict[XY, str] = {(805, 850): "a raised kerb", (400, 950): "a stile"}  # no step-free walk passes these nodes
WALKABLE_BRIDGES = ["Lock Footbridge", "Basin Road"]
NETWORK_COMPONENTS = 2  # the town, and 12 m of path on Withy Eyot

# --- Distances from eight origins, each on a walkable way -------------------------------------------------------------


class Origin(NamedTuple):
    """One hand-placed origin and why it is there."""

    place: XY
    reason: str


ORIGINS: dict[str, Origin] = {
    "lock_street": Origin((400, 100), "south of the footbridge: steps decide"),
    "ropewalk_south": Origin((200, 200), "nearest centre by straight line is over the water, on foot it isn't"),
    "market_street": Origin((250, 500), "part way along a street, 50 m from its nodes"),
    "depot_gate": Origin((400, 680), "10 m from a park whose nearest gate is private"),
    "cooperage": Origin((600, 100), "a private yard would be a short cut to the food bank"),
    "eastgate_south": Origin((1200, 200), "the bypass would be a short cut to the park"),
    "tidewell_road": Origin((650, 900), "nearest park lies beyond the boundary"),
    "saltern_corner": Origin((0, 0), "the corner of the neighbourhood, 100 m from the edge of the data"),
}


class Answer(NamedTuple):
    """Distances in m from one origin to the nearest of one category, OSM's assets only."""

    euclid_m: float
    """To the asset's own shape."""
    standard_m: float
    step_free_m: float
    nearest: str
    """Reached first on foot by the standard profile."""


# To the lower left corner of Ropewalk Park and so on: straight lines by Pythagoras. Walks are summed leg by leg.
ANSWERS: dict[tuple[str, str], Answer] = {
    # (400,100): over the footbridge to (400,400) 300, to (200,400) 200, to (200,450) 50, in 10.
    # Step-free: to (1000,100) 600, over Basin Bridge to (1000,800) 700, in at Heron Mere 10.
    ("lock_street", "park"): Answer(sqrt(210**2 + 310**2), 560, 1_310, "Ropewalk Park"),
    # Up Lock Street 400, along 25, in 10. Step-free: 600 east, 400 north, 575 back west, in 10.
    ("lock_street", "library"): Answer(sqrt(10**2 + 410**2), 435, 1_585, "Tidewell Library"),
    # 435 along Netmakers Row, in 12.
    ("lock_street", "community_centre"): Answer(sqrt(420**2 + 12**2), 447, 447, "Netmakers Community Centre"),
    # 100 north, 200 east, 12 north, 12 in.
    ("lock_street", "food_bank"): Answer(sqrt(212**2 + 112**2), 324, 324, "The Larder on the Wharf"),
    # 200 east, 200 north, 200 west, 50 north, in 10. Step-free: 800 east, 600 north, in 10.
    ("ropewalk_south", "park"): Answer(sqrt(10**2 + 210**2), 660, 1_410, "Ropewalk Park"),
    # 200 east, 300 north, 25, in 10. Step-free: 800 east, 300 north, 575 west, in 10.
    ("ropewalk_south", "library"): Answer(sqrt(210**2 + 310**2), 535, 1_685, "Tidewell Library"),
    # Straight to Tidewell's own centre at (212,550). On foot that is 200 + 200 + 200 + 150 + 12 = 762, and
    # Netmakers' is 100 + 635 + 12.
    ("ropewalk_south", "community_centre"): Answer(sqrt(12**2 + 350**2), 747, 747, "Netmakers Community Centre"),
    ("ropewalk_south", "food_bank"): Answer(sqrt(412**2 + 12**2), 424, 424, "The Larder on the Wharf"),  # 400 + 24
    # 50 west, 50 south, in 10.
    ("market_street", "park"): Answer(sqrt(60**2 + 10**2), 110, 110, "Ropewalk Park"),
    ("market_street", "library"): Answer(sqrt(160**2 + 10**2), 185, 185, "Tidewell Library"),  # 175 + 10
    ("market_street", "community_centre"): Answer(sqrt(38**2 + 50**2), 112, 112, "Tidewell Community Centre"),
    # 150 east, 300 south by the footbridge, 200 east, 24. Step-free: 750 east, 300 south, 400 west, 24.
    ("market_street", "food_bank"): Answer(sqrt(362**2 + 288**2), 674, 1_474, "The Larder on the Wharf"),
    # 80 south, 200 east to Staithe Gate, in 10. Windmill Gate would be 120 + 200 + 10 = 330, the private gate 30.
    ("depot_gate", "park"): Answer(10, 290, 290, "Kingfisher Park"),
    ("depot_gate", "library"): Answer(sqrt(10**2 + 150**2), 215, 215, "Tidewell Library"),  # 180 + 25 + 10
    # 80 south, 200 west, 50 south, in 12.
    ("depot_gate", "community_centre"): Answer(sqrt(188**2 + 130**2), 342, 342, "Tidewell Community Centre"),
    # 480 south, 200 east, 24. Step-free: 80 south, 600 east, 400 south, 400 west, 24.
    ("depot_gate", "food_bank"): Answer(sqrt(212**2 + 468**2), 704, 1_504, "The Larder on the Wharf"),
    # 200 west, 300 north, 200 west, 50 north, in 10. Straight: the pocket park's corner (610,525).
    # Step-free: 400 east, 700 north, in 10.
    ("cooperage", "park"): Answer(sqrt(10**2 + 425**2), 760, 1_110, "Ropewalk Park"),
    # 200 west, 400 north, 25, in 10. Step-free: 400 east, 400 north, 575 west, in 10.
    ("cooperage", "library"): Answer(sqrt(160**2 + 410**2), 635, 1_385, "Tidewell Library"),
    ("cooperage", "community_centre"): Answer(sqrt(220**2 + 12**2), 247, 247, "Netmakers Community Centre"),
    # 200 west, 100 north, 200 east, 24. Through the private yard it would be 124.
    ("cooperage", "food_bank"): Answer(sqrt(12**2 + 112**2), 524, 524, "The Larder on the Wharf"),
    # 200 west, 600 north, in 10. Along the bypass it would be 760.
    ("eastgate_south", "park"): Answer(sqrt(10**2 + 510**2), 810, 810, "Heron Mere Park"),
    # 200 west, 300 north, 575 west, in 10; by the footbridge it is 800 + 300 + 25 + 10 = 1,135.
    ("eastgate_south", "library"): Answer(sqrt(760**2 + 310**2), 1_085, 1_085, "Tidewell Library"),
    # 365 west, 100 south, in 12.
    ("eastgate_south", "community_centre"): Answer(sqrt(350**2 + 70**2), 477, 477, "Netmakers Community Centre"),
    ("eastgate_south", "food_bank"): Answer(sqrt(588**2 + 12**2), 624, 624, "The Larder on the Wharf"),  # 600 + 24
    # 50 east, in 10. With OSM cut at the boundary: 50 + 100 + 10 = 160 to Windmill Gate, 110 in a straight line.
    ("tidewell_road", "park"): Answer(10, 60, 60, "Northfield Park"),
    # 50 west, 400 south through Kingfisher Park, 175 west, in 10. Round the park by Lock Street it is 685.
    ("tidewell_road", "library"): Answer(sqrt(210**2 + 370**2), 635, 635, "Tidewell Library"),
    # 250 west, 700 south by the footbridge, 200 east, 24. Step-free: 350 east, 700 south, 400 west, 24; the path over
    # Windmill Green would save 23 of them, and has a high kerb.
    ("tidewell_road", "food_bank"): Answer(sqrt(38**2 + 688**2), 1_174, 1_474, "The Larder on the Wharf"),
    # 400 east, 400 north, 200 west, 50 north, in 10. Step-free: 1,000 east, 800 north, in 10.
    ("saltern_corner", "park"): Answer(sqrt(10**2 + 410**2), 1_060, 1_810, "Ropewalk Park"),
    # 400 + 500 + 25 + 10. Step-free: 1,000 + 500 + 575 + 10.
    ("saltern_corner", "library"): Answer(sqrt(410**2 + 510**2), 935, 2_085, "Tidewell Library"),
    # 835 east, 100 north, in 12; Tidewell's own is 800 + 200 + 150 + 12 = 1,162 on foot and nearer as the gull flies.
    ("saltern_corner", "community_centre"): Answer(sqrt(212**2 + 550**2), 947, 947, "Netmakers Community Centre"),
    ("saltern_corner", "food_bank"): Answer(sqrt(612**2 + 212**2), 824, 824, "The Larder on the Wharf"),  # 800 + 24
}
# (650,900) to a community centre: 150 east, 400 south, 20 east to the Old Hall's nearest corner, whose entrance is
# derived: a point each 30 m along its outline, 8 m from the street. So 570 m, and up to 40 m more by how that is done.
OLD_HALL_FROM_TIDEWELL_ROAD = Answer(sqrt(170**2 + 370**2), 570, 570, "St Bride's & St Olave's \"Old\" Hall")
DERIVED_ENTRANCE_SLACK_M = 40.0

UNREACHABLE = "museum"
"""The only museum stands on an eyot: no origin reaches it on foot, and its straight line is known all the same."""
MUSEUM_EUCLID_M: dict[str, float] = {
    "eastgate_south": sqrt(72**2 + 103**2),  # from (1200,200) to the museum's corner (1128,303)
    "lock_street": sqrt(712**2 + 203**2),  # from (400,100) to its corner (1112,303)
}

# An asset beyond the edge of the data might be nearer than the one found. From (400,680) the data goes on for 400 m
# or more each way, from (650,900) for 200 m, from (250,500) for 350 m, from (0,0) for about 100 m.
EDGE_EFFECT: dict[tuple[str, str], bool] = {
    ("market_street", "park"): False,
    ("market_street", "library"): False,
    ("market_street", "community_centre"): False,
    ("depot_gate", "park"): False,
    ("depot_gate", "library"): False,
    ("tidewell_road", "park"): False,
    ("tidewell_road", "library"): True,
    ("saltern_corner", "park"): True,
    ("saltern_corner", "library"): True,
    ("saltern_corner", "community_centre"): True,
}

# --- The council's list -----------------------------------------------------------------------------------------------
LIST_READ, LIST_KEPT, LIST_DROPPED = 14, 13, 1
LIST_DROPPED_NAME = "Fen End Village Hall"  # row 14: no coordinates
DUPLICATES: dict[str, tuple[str, float]] = {
    # list's name -> OSM's name, and how far the list's point lies from OSM's shape, m
    "Tidewell Community Ctr": ("Tidewell Community Centre", 15.0),  # 12 east, 9 north
    "Tidewell Public Library": ("Tidewell Library", 12.0),
    "Netmakers Comm. Centre": ("Netmakers Community Centre", 18.0),
    "St Brides and St Olaves Old Hall": ("St Bride's & St Olave's \"Old\" Hall", 11.0),
    "Tidewell Arts Centre": ("The Tidewell Arts Centre", 12.0),
    "Basin Theatre & Studio": ("Basin Theatre", 17.0),
    "Tidewell Jamia Mosque": ("Tidewell Jamia Masjid", 14.0),
}
LIST_ONLY: dict[str, tuple[str, XY]] = {
    # name -> category, place
    "Cooper Street Tenants' Hall": ("community_centre", (780, 40)),
    "Shree Sagar Temple Hall": ("place_of_worship", (560, 175)),
    "Windmill Youth Club": ("community_centre", (760, 850)),
    "Ropewalk Scout Hut": ("community_centre", (250, 575)),  # 45 m from Tidewell Community Centre: no duplicate
    "Saltern Road Nursery": ("school", (330, 40)),
    "Quayside Social Club": ("community_centre", (690, 375)),
}
PLACES_WITH_LIST = 47  # 41 in OSM and 6 that it lacks
MERGED_COMMUNITY_CENTRE_EUCLID_M: dict[str, float] = {
    # straight line to the nearest community centre of OSM and list together
    "lock_street": sqrt(380**2 + 60**2),  # Tenants' Hall
    "ropewalk_south": sqrt(12**2 + 350**2),  # Tidewell Community Centre still
    "market_street": sqrt(38**2 + 50**2),  # the same
    "depot_gate": sqrt(150**2 + 105**2),  # Scout Hut
    "cooperage": sqrt(180**2 + 60**2),  # Tenants' Hall
    "eastgate_south": sqrt(350**2 + 70**2),  # Netmakers still
    "tidewell_road": sqrt(110**2 + 50**2),  # Youth Club
    "saltern_corner": sqrt(212**2 + 550**2),  # Tidewell Community Centre still
}

# --- Zones, residents, deprivation ------------------------------------------------------------------------------------
ZONE_AREA_M2 = 90_000.0
POPULATION: dict[str, int] = {
    "E01999001": 1_600, "E01999002": 1_900, "E01999003": 1_800, "E01999004": 1_500,  # south of the canal: 6,800
    "E01999005": 1_500, "E01999006": 1_700, "E01999007": 1_600, "E01999008": 1_400,  # 6,200
    "E01999009": 1_200, "E01999010": 1_000, "E01999011": 1_300, "E01999012": 1_500,  # 5,000
}  # fmt: skip
POPULATION_IN_ALL = 18_000
AGES_IN_ALL = (3_800, 11_500, 2_700)  # 1,690 + 1,150 + 960; 4,350 + 4,190 + 2,960; 760 + 860 + 1,080
RESIDENTIAL_BUILDINGS: dict[str, int] = {  # counted on the drawing; eight more lie beyond the boundary
    "E01999001": 28, "E01999002": 23, "E01999003": 24, "E01999004": 25,
    "E01999005": 27, "E01999006": 25, "E01999007": 32, "E01999008": 51,
    "E01999009": 39, "E01999010": 33, "E01999011": 28, "E01999012": 34,
}  # fmt: skip

# The index's own denominators are the same 18,000 people, so either weight gives these answers.
IMD_RANK: dict[str, int] = {
    "E01999001": 1_200, "E01999002": 400, "E01999003": 2_900, "E01999004": 5_000,
    "E01999005": 9_000, "E01999006": 12_500, "E01999007": 16_000, "E01999008": 15_000,
    "E01999009": 22_000, "E01999010": 27_000, "E01999011": 30_000, "E01999012": 25_000,
}  # fmt: skip
IMD_DECILE: dict[str, int] = {
    # ceil(10 r / 33,755); a decile ends at each 3,375.5. The nearest to an end is 27,000: 7.9988, so 8.
    "E01999001": 1, "E01999002": 1, "E01999003": 1, "E01999004": 2,
    "E01999005": 3, "E01999006": 4, "E01999007": 5, "E01999008": 5,
    "E01999009": 7, "E01999010": 8, "E01999011": 9, "E01999012": 8,
}  # fmt: skip
# Scores by zone: 55, 65, 45, 38; 28, 23, 18, 19; 12, 8, 6, 10. Times people:
# 88,000 + 123,500 + 81,000 + 57,000 = 349,500; 42,000 + 39,100 + 28,800 + 26,600 = 136,500;
# 14,400 + 8,000 + 7,800 + 15,000 = 45,200; in all 531,200.
AVERAGE_SCORE = 531_200 / 18_000  # 29.5111
# Ranks times people: 1.92 + 0.76 + 5.22 + 7.5 = 15.4 million; 13.5 + 21.25 + 25.6 + 21 = 81.35 million;
# 26.4 + 27 + 39 + 37.5 = 129.9 million; in all 226.65 million, 12,591.6667 a person.
AVERAGE_RANK_REVERSED = 33_756 - 226_650_000 / 18_000  # 21,164.3333
SHARE_OF_ZONES_IN_DECILE_1 = 3 / 12
SHARE_OF_PEOPLE_IN_DECILE_1 = 5_300 / 18_000  # 1,600 + 1,900 + 1,800
SHARE_OF_PEOPLE_IN_DECILES_1_2 = 6_800 / 18_000  # and 1,500: everyone south of the canal
# Percentiles ceil(100 r / 33,755): zone 1 at 4, 2 at 2, 3 at 9: weight 1. Zone 4 at 15: .95 - 4 x .9/19 = .7605263.
# Zone 5 at 27: .95 - 16 x .9/19 = .1921053. Zone 6 at 38 and the rest: 0.
# 5,300 + 1,500 x .7605263 + 1,500 x .1921053 = 5,300 + 1,428.9474.
EXTENT = 6_728.9474 / 18_000  # 0.3738304
DEPRIVED_POCKET = ["E01999001", "E01999002", "E01999003", "E01999004"]  # deciles 1-2, one connected row, 6,800 people

# --- Residents' marks -------------------------------------------------------------------------------------------------
MARKS_IN_ALL = 40
MARKS_BY_SHEET = {"S1": 14, "S2": 13, "S3": 13}
MARKS_BY_KIND = {"point": 26, "line": 6, "area": 8}  # 9 + 8 + 9; 3 + 2 + 1; 2 + 3 + 3 on sheets S1, S2, S3
MARKS_BY_THEME = {
    "love this place": 11,  # 4 + 3 + 4
    "would like to use": 7,  # 2 + 3 + 2
    "feels unsafe": 6,  # 3 + 2 + 1
    "no room for young people": 6,  # 2 + 2 + 2
    "hard to cross": 6,  # 2 + 1 + 3
    "memory": 4,  # 1 + 2 + 1
}
MARKS_BY_CONSENT = {"public": 11, "research": 11, "partners": 7, "none": 6, "unknown": 5}
MARKS_BY_SENTIMENT = {"positive": 17, "negative": 18, "mixed": 4, None: 1}
CLOSED_HALL: XY = (515, 119)
MARKS_BY_THE_CLOSED_HALL = 5  # of "no room for young people" within 30 m of it: 2 on S1, 1 on S2, 2 on S3
WORDS_TO_HOLD_BACK = [
    # names, telephones (from the range kept for fiction) and addresses in residents' words
    "Maureen Pike", "07700 900123", "Flat 14, Mariners' Court", "Mrs Adeyemi-Clarke", "31 Ropewalk", "Tariq",
    "020 7946 0812",
]  # fmt: skip
