"""The numbered list of places."""

from __future__ import annotations

from shapely import Point

from assetmap.maps.placelist import group_places, list_places, sort_places
from assetmap.words import words_for
from tests.maps.contents import assets_of, small_assets, small_zones

EN = words_for("en")


def listed(assets, zones=None, words=EN):
    return list_places(sort_places(assets), zones, words)


def test_places_go_by_group_named_first_then_by_name():
    places = listed(small_assets(), small_zones())
    assert [(place.number, place.name) for place in places] == [
        (1, "Linden Park"),
        (2, "Garden, no name in the data"),
        (3, "Bow Library"),
        (4, "St Anne’s Food Bank"),
        (5, "St Anne"),
        (6, "Café Zoë"),
    ]
    assert [place.named for place in places] == [True, False, True, True, True, True]


def test_where_no_place_has_a_name_all_are_listed():
    nameless = small_assets().assign(name=float("nan"))
    assert [place.named for place in listed(nameless, small_zones())] == [False] * 6


def test_duplicates_are_left_out():
    assert len(listed(small_assets())) == 6
    assert len(listed(small_assets().drop(columns="duplicate_of"))) == 7


def test_facts_are_told_in_words_and_what_is_unknown_is_left_out():
    places = {place.name: place.facts for place in listed(small_assets(), small_zones())}
    assert places["Linden Park"] == {
        "access": "Open to the public",
        "area": "9 ha",
        "source": "OpenStreetMap",
    }
    assert places["Bow Library"]["hours"] == "Monday–Friday 09:00–17:00"
    assert places["Café Zoë"]["access"] == "Not known whether open"
    assert places["Café Zoë"]["zone"] == "South East"
    assert places["St Anne"]["step_free"] == "In part"
    assert places["St Anne’s Food Bank"]["cost"] == "Free"


def test_a_place_that_two_sources_have_names_both_in_words():
    place = {"name": "A", "category": "pub", "geometry": Point(0, 0), "source": "osm; Tidewell council list"}
    (found,) = listed(assets_of([place]), small_zones())
    assert found.facts["source"] == "OpenStreetMap; Tidewell council list"


def test_a_zone_without_a_name_goes_by_its_code_and_a_date_follows_the_source():
    assets = assets_of(
        [{"name": "A", "category": "pub", "geometry": Point(0, 0), "zone_code": "E3", "observed_on": "2024-02-03"}]
    )
    (place,) = listed(assets, small_zones())
    assert place.facts["zone"] == "E3"
    assert place.facts["source"] == "OpenStreetMap, 3 Feb 2024"


def test_anchors_can_stand_in_an_address():
    ids = ["osm:way/1", "list:0af:3", 'x" onload="y', "a b#c?d&e%"]
    assets = assets_of([{"name": name, "category": "pub", "geometry": Point(0, 0), "asset_id": name} for name in ids])
    assert sorted(place.anchor for place in listed(assets)) == [
        "place=a%20b%23c%3Fd%26e%25",
        "place=list:0af:3",
        "place=osm:way/1",
        "place=x%22%20onload%3D%22y",
    ]


def test_groups_keep_the_order_and_an_unknown_category_still_shows():
    rows = [{"name": name, "category": category, "geometry": Point(0, 0)} for name, category in
            [("Z", "pub"), ("A", "park"), ("Odd", "repair_cafe")]]  # fmt: skip
    groups = group_places(listed(assets_of(rows)), EN)
    assert [(group.code, [place.name for place in group.places]) for group in groups] == [
        ("green_space", ["A"]),
        ("food_and_drink", ["Z"]),
        ("other", ["Odd"]),
    ]
    assert groups[-1].places[0].category == "Repair cafe"


def test_names_of_spaces_and_control_characters_are_cleaned():
    rows = [{"name": "  ", "category": "pub", "geometry": Point(0, 0)},
            {"name": "Tap\x00\u202eroom", "category": "pub", "geometry": Point(0, 0)}]  # fmt: skip
    names = {place.name for place in listed(assets_of(rows))}
    assert names == {"Taproom", "Pub, no name in the data"}


def test_a_place_goes_by_its_name_in_the_map_s_language_with_the_name_on_its_signs_in_brackets():
    rows = [
        {"name": "Altab Ali Park", "category": "park", "geometry": Point(0, 0), "name_bn": "আলতাব আলী পার্ক"},
        {"name": "Weavers Fields", "category": "park", "geometry": Point(0, 0), "name_bn": None},
    ]
    (altab, weavers) = listed(assets_of(rows), words=words_for("bn"))
    assert (altab.name, altab.category) == ("আলতাব আলী পার্ক (Altab Ali Park)", "পার্ক")
    assert weavers.name == "Weavers Fields"
    assert listed(assets_of(rows))[0].name == "Altab Ali Park"
