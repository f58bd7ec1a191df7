"""What residents say of places beside how near they are, worked out by hand."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from assetmap.errors import CRSError, UsageError
from assetmap.measures.perceived import VERDICTS, perceived_access

PLACES = gpd.GeoDataFrame(
    {
        "asset_id": ["far", "near", "park"],
        "name": ["Far hall", "Near hall", "Park"],
        "category": ["hall", "hall", "park"],
    },
    geometry=[shapely.Point(1000, 0), shapely.Point(0, 0), shapely.box(200, 0, 300, 100)],
    crs=27700,
)
SHARES = pd.Series({"near": 0.9, "park": 0.5})  # nobody is near the far hall


def marks(*rows):
    frame = pd.DataFrame(rows, columns=["sheet_id", "theme", "sentiment", "geometry"])
    frame["annotation_id"] = [f"m{i}" for i in range(len(rows))]
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=27700)


def test_one_person_without_a_sheet_is_one_voice():
    said = marks(*((None, "hard to cross", "negative", shapely.Point(0, n)) for n in range(3)))
    one = perceived_access(said.assign(contributor_id=["ana", "ana", "ben"]), PLACES, SHARES)
    assert one["sheets_barred"].tolist() == [2]
    assert perceived_access(said.assign(source="a.csv"), PLACES, SHARES)["sheets_barred"].tolist() == [1]


def test_verdicts():
    found = perceived_access(
        marks(
            ("S1", "hard to cross", "positive", shapely.Point(0, 50)),  # the theme says it, whatever the feeling
            ("S2", "memory", "negative", shapely.Point(0, 50)),
            ("S3", "memory", "positive", shapely.Point(0, 0)),
            ("S1", "love this place", "positive", shapely.Point(1000, 1)),
            ("S1", "love this place", "positive", shapely.Point(250, 50)),
            ("S2", "memory", None, shapely.Point(250, 50)),  # says neither
        ),
        PLACES,
        SHARES,
    ).set_index("asset_id")
    assert found.loc["near", ["sheets_barred", "sheets_using"]].tolist() == [2, 1]
    assert found["verdict"].to_dict() == {"near": VERDICTS[0], "far": VERDICTS[1], "park": VERDICTS[2]}
    assert found["share_within"].to_dict() == {"near": 0.9, "far": 0.0, "park": 0.5}


def test_one_sheet_is_one_voice_and_equal_voices_are_divided():
    strokes = [("S1", "memory", "negative", shapely.Point(0, 0))] * 3
    found = perceived_access(marks(*strokes, ("S2", "memory", "positive", shapely.Point(0, 0))), PLACES, SHARES)
    assert found[["sheets_barred", "sheets_using", "verdict"]].iloc[0].tolist() == [1, 1, "divided"]


def test_a_mark_farther_than_asked_is_about_nothing_and_unknown_people_give_no_verdict():
    near, beyond = marks(("S1", "memory", "negative", shapely.Point(0, 50))), shapely.Point(0, 50.01)
    assert len(perceived_access(near, PLACES, SHARES)) == 1
    assert perceived_access(marks(("S1", "memory", "negative", beyond)), PLACES, SHARES).empty
    unknown = perceived_access(near, PLACES, pd.Series({"near": float("nan")}))
    assert unknown["verdict"].isna().all()


def test_what_makes_no_sense():
    some = marks(("S1", "memory", "negative", shapely.Point(0, 0)))
    with pytest.raises(CRSError):
        perceived_access(some, PLACES.to_crs(32631), SHARES)
    with pytest.raises(UsageError):
        perceived_access(some, PLACES, SHARES, most=2)
