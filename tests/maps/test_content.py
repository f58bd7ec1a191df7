"""A map's content is checked at the door, in one clear line."""

from __future__ import annotations

import pytest

from assetmap.errors import CRSError, DisclosureError, SchemaError, UsageError
from assetmap.maps import ZoneView
from tests.maps.contents import VIEWS, small_assets, small_base, small_content, small_marks, small_zones


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"audience": "public"}, UsageError, "use team, residents or partners"),
        ({"audience": "residents"}, DisclosureError, "assets has not passed the disclosure check"),
        ({"language": "xx"}, UsageError, "'xx' has no catalogue"),
        ({"siblings": (("bn", "../map.html"),)}, UsageError, "plain file name"),
        ({"address": "javascript:alert(1)"}, UsageError, "begin with https"),
        ({"assets": small_assets().drop(columns="access")}, SchemaError, "assets: column access is missing"),
        ({"assets": small_assets().to_crs(4326)}, CRSError, "not in metres"),
        ({"base": small_base().to_crs(32631)}, CRSError, "base and assets differ"),
        ({"base": small_base().assign(kind="motorway")}, SchemaError, "kind motorway is unknown"),
        ({"zones": small_zones().drop(columns="park_walk_m")}, SchemaError, "zones: column park_walk_m is missing"),
        ({"zones": None}, UsageError, "zone views but no zones"),
        ({"mark_cells": small_marks().drop(columns="sheets")}, SchemaError, "mark_cells: column sheets"),
    ],
)
def test_content_that_does_not_fit_is_refused(changes, error, words):
    with pytest.raises(error, match=words):
        small_content(**changes)


def test_optional_layers_may_be_left_out():
    content = small_content(zones=None, zone_views=(), boundary=None, mark_cells=None)
    assert content.zones is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "colour"}, "kind 'colour' is unknown"),
        ({"kind": "number"}, "needs breaks"),
        ({"kind": "number", "breaks": (2.0, 1.0)}, "don't rise"),
        ({"kind": "number", "breaks": (1.0, 1.0)}, "don't rise"),
        ({"kind": "number", "breaks": (1.0, 2.0), "labels": ("low", "high")}, "make 3 classes, but 2 labels"),
    ],
)
def test_a_view_that_cannot_be_drawn_is_refused(changes, words):
    with pytest.raises(UsageError, match=words):
        ZoneView(**{"column": "x", "title": "X", "sentence": "…", "kind": "decile"} | changes)


def test_views_are_kept_in_order():
    assert [view.title for view in small_content().zone_views] == [view.title for view in VIEWS]
