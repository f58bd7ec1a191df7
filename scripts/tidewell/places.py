"""Community buildings, health, faith, food, shops and schools."""

from __future__ import annotations

from tidewell.drawing import XY, Drawing, box

__all__ = ["draw_places"]


def draw_places(town: Drawing) -> None:
    """Draw every place that is not green."""
    _draw_community_buildings(town)
    _draw_culture(town)
    _draw_faith_and_learning(town)
    _draw_health(town)
    _draw_food_and_drink(town)
    _draw_shops(town)


def _draw_community_buildings(town: Drawing) -> None:
    # A point at the end of its own path.
    town.path([(200, 550), (212, 550)], highway="footway")
    town.node(
        (212, 550), amenity="community_centre", name="Tidewell Community Centre", wheelchair="yes",
        opening_hours="Mo-Fr 09:00-21:00; Sa 10:00-16:00", name__bn="টাইডওয়েল কমিউনিটি সেন্টার",
        name__ur="ٹائیڈویل کمیونٹی سینٹر", name__pl="Centrum Społeczne Tidewell",
    )  # fmt: skip
    town.way([(212, 550), (212, 538), (242, 538), (242, 562), (212, 562), (212, 550)], building="civic")
    # A building with its main entrance on its outline.
    town.way(
        [(820, 112), (835, 112), (850, 112), (850, 130), (820, 130), (820, 112)],
        building="yes", amenity="community_centre", name="Netmakers Community Centre", wheelchair="limited",
        opening_hours="Mo-Sa 10:00-18:00", operator="Netmakers Trust",
    )  # fmt: skip
    town.node((835, 112), entrance="main", wheelchair="yes")
    town.path([(835, 100), (835, 112)], highway="footway")
    # A building with no entrance drawn, and a name to test every encoder.
    town.way(
        box(820, 508, 850, 530), building="yes", amenity="community_centre",
        name="St Bride's & St Olave's \"Old\" Hall", wheelchair="no", fee="yes",
    )  # fmt: skip
    # A hall that has closed: what residents miss, and no asset.
    town.way(
        box(500, 110, 530, 128), building="yes", disused__amenity="community_centre", name="Netmakers Hall",
        old_name="Netmakers Youth Hall", note="Closed in 2024",
    )  # fmt: skip
    town.way(
        [(410, 510), (425, 510), (440, 510), (440, 530), (410, 530), (410, 510)],
        building="civic", amenity="library", name="Tidewell Library", wheelchair="yes",
        opening_hours="Mo-Sa 09:30-17:30; We off", internet_access="wlan", toilets="yes",
    )  # fmt: skip
    town.node((425, 510), entrance="yes", wheelchair="yes")
    town.path([(425, 500), (425, 510)], highway="footway")
    town.path([(600, 212), (612, 212)], highway="footway")
    town.node(
        (612, 212), amenity="social_facility", social_facility="food_bank", name="The Larder on the Wharf",
        opening_hours="Tu,Fr 11:00-14:00", wheelchair="yes",
    )  # fmt: skip
    town.way(box(1135, 20, 1178, 50), building="yes", leisure="sports_centre", name="Saltern Sports Hall", fee="yes")


def _draw_culture(town: Drawing) -> None:
    town.way(
        box(545, 510, 588, 534), building="yes", amenity="arts_centre", name="The Tidewell Arts Centre",
        wheelchair="yes", opening_hours="Tu-Sa 10:00-18:00",
    )  # fmt: skip
    town.way(
        [(700, 510), (720, 510), (740, 510), (740, 536), (700, 536), (700, 510)],
        building="yes", amenity="theatre", name="Basin Theatre",
    )  # fmt: skip
    town.node((720, 510), entrance="main")
    town.path([(720, 500), (720, 510)], highway="footway")
    # On the eyot: drawn, open, and out of everyone's reach on foot.
    town.way(
        [(1112, 307), (1112, 303), (1128, 303), (1128, 311), (1112, 311), (1112, 307)],
        building="yes", tourism="museum", name="Eyot Lock Museum", fee="no",
    )  # fmt: skip
    town.node((1112, 307), entrance="yes")


def _draw_faith_and_learning(town: Drawing) -> None:
    town.way(
        [(858, 512), (866, 512), (866, 508), (886, 508), (886, 512), (892, 512), (892, 528), (886, 528), (886, 532),
         (866, 532), (866, 528), (858, 528), (858, 512)],
        building="church", amenity="place_of_worship", religion="christian", denomination="anglican",
        name="St Bride's & St Olave's Church",
    )  # fmt: skip
    town.way(
        box(208, 112, 240, 134), building="mosque", amenity="place_of_worship", religion="muslim",
        name="Tidewell Jamia Masjid", name__bn="টাইডওয়েল জামে মসজিদ", name__ur="جامع مسجد ٹائیڈویل",
        wheelchair="yes",
    )  # fmt: skip
    town.way(
        box(376, 812, 392, 838), building="chapel", amenity="place_of_worship", religion="christian",
        denomination="methodist", name="Windmill Street Chapel",
    )  # fmt: skip
    town.way(
        [(610, 110), (700, 110), (790, 110), (790, 190), (610, 190), (610, 110)],
        amenity="school", name="Wharfside Primary School", operator__type="government",
    )  # fmt: skip
    town.node((700, 110), barrier="gate")
    town.path([(700, 100), (700, 110), (700, 126)], highway="footway")
    school: list[XY] = [
        (640, 126), (730, 126), (730, 142), (660, 142), (660, 175), (640, 175), (640, 126)
    ]  # fmt: skip
    town.way(school, building="school")
    town.way(box(742, 120, 784, 180), leisure="pitch", sport="multi", access="private")
    town.node(
        (120, 692), amenity="kindergarten", name="Orchard Street Nursery", opening_hours="Mo-Fr 07:30-18:00"
    )  # fmt: skip


def _draw_health(town: Drawing) -> None:
    town.node(
        (560, 590), amenity="doctors", name="Staithe Surgery", wheelchair="yes",
        opening_hours="Mo-Fr 08:00-18:30", name__bn="স্টেথ সার্জারি",
    )  # fmt: skip
    town.node((350, 510), amenity="dentist", name="Bright Tide Dental", wheelchair="limited")
    town.node((640, 490), amenity="pharmacy", name="Market Street Pharmacy", opening_hours="Mo-Sa 09:00-18:00")
    town.node((380, 88), amenity="pharmacy", name="Netmakers Pharmacy", opening_hours="Mo-Fr 09:00-19:00")


def _draw_food_and_drink(town: Drawing) -> None:
    town.way(
        [(450, 455), (550, 455), (550, 492), (500, 492), (450, 492), (450, 455)],
        amenity="marketplace", name="Market Square", opening_hours="We,Sa 08:00-16:00",
    )  # fmt: skip
    town.path([(500, 500), (500, 492), (500, 470)], highway="footway")
    town.node((470, 510), amenity="cafe", name="Tea & Toast <3", opening_hours="Mo-Su 08:00-17:00")
    town.node((560, 490), amenity="cafe", name="Amber Café", name__pl="Kawiarnia Bursztyn", wheelchair="yes")
    town.node((930, 88), amenity="cafe", name="The Lockkeeper's Kettle")
    town.node(
        (585, 390), amenity="pub", wheelchair="limited",
        name="The Worshipful Company of Lightermen, Ropemakers, Netmakers and Basketmakers of Tidewell Basin and "
        "the Fen Beyond (known to everyone as The Long Name)",
    )  # fmt: skip
    town.node((785, 592), amenity="pub", name="The Bittern", opening_hours="Mo-Su 12:00-23:00")


def _draw_shops(town: Drawing) -> None:
    for x, y, kind, name in (
        (220, 490, "convenience", "Corner Stores"),
        (255, 490, "bakery", "Millstone Bakery"),
        (310, 490, "hairdresser", "Quayside Cuts"),
        (375, 490, "greengrocer", "Fen Greens"),
        (500, 510, "clothes", "Sari & Stitch"),
        (520, 510, "charity", "Second Tide"),
        (685, 490, "hardware", "Anchor Hardware"),
        (820, 490, "convenience", "Sklep Bałtyk"),
        (240, 90, "convenience", "Row News"),
        (950, 490, "laundry", "Basin Wash"),
    ):
        town.node((x, y), shop=kind, name=name)
