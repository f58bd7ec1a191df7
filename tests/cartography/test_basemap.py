"""The base map's classes."""

from __future__ import annotations

import re
from dataclasses import replace

from assetmap.cartography.basemap import BASE_KINDS, base_classes, label_classes, quiet_classes, quiet_ground


def test_classes_are_whole():
    for look in base_classes():
        assert look.shape in ("area", "line")
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in (look.fill, look.edge) if colour)
        assert (look.width_m > 0) == (look.shape == "line")
    assert len(set(BASE_KINDS)) == len(BASE_KINDS)


def test_streets_lie_on_top_and_main_streets_topmost():
    above = [look.kind for look in base_classes() if look.above_zones]
    assert above == ["rail", "path", "steps", "street", "street_major"]
    assert BASE_KINDS[-len(above) :] == tuple(above)


def test_names_are_written_for_known_kinds_only():
    assert set(label_classes()) <= set(BASE_KINDS)
    assert label_classes()["street_major"].from_zoom < label_classes()["street"].from_zoom


def chroma(colour):
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return max(channels) - min(channels), min(channels)


def test_the_pale_map_differs_in_colour_alone_and_leaves_colour_to_the_pens():
    for pale, usual in zip(quiet_classes(), base_classes(), strict=True):
        assert replace(pale, fill=usual.fill, edge=usual.edge) == usual
        for colour in filter(None, (pale.fill, pale.edge)):
            spread, darkest = chroma(colour)
            assert spread <= 32
            assert darkest >= 160
    assert all(chroma(colour)[0] <= 10 for colour in quiet_ground().values())
