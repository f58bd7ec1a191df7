"""What earlier releases have shown, kept and held against a new one."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from assetmap.disclosure.cells import Square
from assetmap.disclosure.ledger import (
    Entry,
    conflicts,
    earlier_counts,
    earlier_places,
    earlier_squares,
    name_secret,
    read_entries,
    shown_places,
    write_entries,
)
from assetmap.disclosure.masking import MaskedPoints, mark_key
from assetmap.disclosure.people_columns import Figure
from assetmap.errors import InputError

SECRET, OTHER = bytes(32), b"\1" * 32
CAFE = Figure("within 400m", "cafe", "Z1")


def masked(xy, secret=SECRET):
    ids = ["S1:1", "S1:2"]
    points = gpd.GeoDataFrame({"annotation_id": ids}, geometry=shapely.points(xy), crs=27700)
    names = {mark: (mark_key(secret, mark, "ledger").hex(),) for mark in ids}
    none = pd.Series(dtype=float)
    return MaskedPoints(points, none, none, names, pd.DataFrame(columns=["annotation_id", "reason"]))


POINTS = masked([[1.5, 2.5], [3.0, 4.0]])


def entry(on="2026-10-03", **changes):
    told = {
        "audience": "residents",
        "k": 10,
        "rounded": False,
        "counts": {CAFE: 120.0},
        "zones": {"Z1": ["Z1"]},
        "squares": [Square("hall", 0, 100, 100, 4, 3)],
        "places": shown_places(POINTS),
        "secret_name": name_secret(SECRET),
    }
    return Entry(on=on, **(told | changes))


def test_a_ledger_survives_being_written_and_names_no_mark():
    entries = [entry(), entry("2026-11-01", squares=[], counts={})]
    text = json.dumps(write_entries(entries))
    assert read_entries(json.loads(text)) == entries
    assert "S1:1" not in text
    assert SECRET.hex() not in text


@pytest.mark.parametrize(
    "content",
    [None, {}, [], {"format": 2, "releases": []}, {"format": 1, "releases": [{}]}, {"format": 1, "releases": 3}, "x"],
)
def test_what_is_no_ledger_is_refused(content):
    with pytest.raises(InputError, match="put it back from a copy"):
        read_entries(content)


def test_the_gate_is_told_what_was_shown():
    first, second = entry(), entry("2026-11-01", squares=[], places={})
    assert earlier_counts([first, second])[0].shown == {CAFE: 120.0}
    assert earlier_squares([first, second]) == [Square("hall", 0, 100, 100, 4, 3)]
    assert set(earlier_places([second, first]).values()) == {(1.5, 2.5), (3.0, 4.0)}
    assert earlier_squares([]) == []


def test_the_same_again_is_no_conflict():
    assert conflicts([], entry()) == []
    assert conflicts([entry()], entry("2026-11-01")) == []
    assert conflicts([entry(k=5)], entry("2026-11-01")) == []


def test_each_conflict_is_named_with_its_remedy():
    new = entry("2026-11-01", places=shown_places(masked([[9.0, 9.0], [3.0, 4.0]])))
    (reason,) = conflicts([entry()], new)
    assert reason.startswith("1 masked marks would appear at another place")
    assert "review.csv" in reason
    lost = entry(
        "2026-11-01",
        places=shown_places(masked([[1.5, 2.5], [3.0, 4.0]], OTHER)),
        secret_name=name_secret(OTHER),
    )
    (reason,) = conflicts([entry()], lost)
    assert "restore the file secret" in reason
    assert conflicts([entry()], entry("2026-11-01", secret_name="", places={})) == []
    (reason,) = conflicts([entry()], entry("2026-11-01"), given_away=[CAFE])
    assert "within 400m cafe in Z1" in reason
    assert "2026-10-03" in reason
    (reason,) = conflicts([entry(k=8)], entry("2026-11-01", k=8, rounded=True))
    assert "keep [disclosure] counts as it was" in reason
