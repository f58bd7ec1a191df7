"""Marks as counts per cell."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from assetmap.errors import CRSError, UsageError
from assetmap.measures.marks import agree_marks, count_marks
from assetmap.schema import empty_frame


def marks(*rows):
    return gpd.GeoDataFrame(
        {
            "annotation_id": [f"m{i}" for i in range(len(rows))],
            "theme": [r[0] for r in rows],
            "sheet_id": [r[1] for r in rows],
        },
        geometry=[r[2] for r in rows],
        crs=27700,
    )


def test_sheets_are_voices_and_strokes_are_not():
    found = count_marks(
        marks(
            ("hall", "S1", shapely.Point(10, 10)),
            ("hall", "S1", shapely.Point(20, 20)),
            ("hall", "S2", shapely.Point(30, 30)),
            ("hall", None, shapely.Point(40, 40)),
            ("road", "S1", shapely.Point(10, 10)),
            (None, "S1", shapely.Point(10, 10)),
        )
    ).set_index("theme")
    assert found.loc["hall", ["count", "sheets"]].tolist() == [4, 3]
    assert found.loc["road", ["count", "sheets"]].tolist() == [1, 1]
    assert "no theme given" in found.index


def test_a_line_counts_once_in_each_cell_it_touches():
    found = count_marks(marks(("hard to cross", "S1", shapely.LineString([(50, 50), (250, 50)]))))
    assert found["count"].tolist() == [1, 1, 1]
    assert found.total_bounds.tolist() == [0, 0, 300, 100]
    slanted = count_marks(marks(("x", "S1", shapely.LineString([(10, 10), (190, 190)]))))
    assert len(slanted) >= 2  # the corner cells of its box that it doesn't touch are left out
    assert slanted.intersects(shapely.LineString([(10, 10), (190, 190)])).all()


def test_none_degrees_and_no_size():
    assert count_marks(empty_frame("annotations", 27700)).empty
    with pytest.raises(UsageError):
        count_marks(marks(("x", "S1", shapely.Point(1, 1))), cell_m=0)
    with pytest.raises(CRSError):
        count_marks(marks(("x", "S1", shapely.Point(1, 1))).set_crs(4326, allow_override=True))


def felt(*rows):
    return marks(*(row[:3] for row in rows)).assign(sentiment=[row[3] for row in rows])


def test_sheets_agree_and_differ():
    here, there = shapely.Point(10, 10), shapely.Point(110, 10)
    found = agree_marks(
        felt(
            ("hall", "S1", here, "positive"),
            ("hall", "S1", here, "positive"),
            ("hall", "S2", here, "negative"),
            ("hall", "S3", here, None),
            ("hall", "S1", there, "positive"),
            ("hall", "S2", there, "positive"),
            ("road", "S1", here, "negative"),
        )
    )
    row = found.cells.iloc[0]
    assert len(found.cells) == 1  # two sheets there, and one on the road, are below the floor of three
    assert row[["theme", "sheets", "positive_sheets", "negative_sheets", "contested"]].tolist() == [
        "hall",
        3,
        1,
        1,
        True,
    ]
    assert row.geometry.bounds == (0, 0, 100, 100)
    assert found.themes.to_dict("list") == {
        "theme": ["hall", "road"],
        "cells": [2, 1],
        "cells_listed": [1, 0],
        "cells_contested": [1, 0],
        "most_sheets": [3, 1],
    }


def unsheeted(*contributors, source="form.geojson"):
    """Marks of one theme in one square, one for each contributor, without a sheet."""
    rows = marks(*(("too dark", None, shapely.Point(10 + n, 10)) for n in range(len(contributors))))
    return rows.assign(contributor_id=list(contributors), source=source, sentiment="negative")


@pytest.mark.parametrize(
    ("rows", "voices"),
    [
        (unsheeted("ana", "ana", "ana"), 1),
        (unsheeted("ana", "ben", "ben"), 2),
        (unsheeted("ana", "ben", "cai"), 3),
        (unsheeted(None, None, None), 1),  # nobody knows how many people: at least one
        (unsheeted("ana", None, None), 2),
        (pd.concat([unsheeted(None, None, source=name) for name in ("a.csv", "b.csv", "c.csv")]), 3),
        (pd.concat([unsheeted("ana", source=name) for name in ("a.csv", "b.csv", "c.csv")]), 1),
    ],
)
def test_without_a_sheet_people_are_the_voices_and_else_files(rows, voices):
    rows = rows.assign(annotation_id=[f"m{n}" for n in range(len(rows))]).reset_index(drop=True)
    assert count_marks(rows)["sheets"].tolist() == [voices]
    found = agree_marks(rows)
    assert found.themes["most_sheets"].tolist() == [voices]
    assert found.cells["negative_sheets"].tolist() == ([3] if voices == 3 else [])


def test_a_sheet_is_its_own_voice_whoever_bears_its_name():
    rows = unsheeted("S1", "S1").assign(sheet_id=["S1", None])
    assert count_marks(rows)["sheets"].tolist() == [2]


def test_one_floor_lower_lists_more_and_nothing_is_contested_by_one_side():
    there = shapely.Point(110, 10)
    found = agree_marks(felt(("hall", "S1", there, "positive"), ("hall", "S2", there, "positive")), floor=2)
    assert found.cells["contested"].tolist() == [False]


def test_no_marks_agree_on_nothing():
    found = agree_marks(empty_frame("annotations", 27700))
    assert found.cells.empty
    assert found.themes.empty
    assert found.cells.crs == 27700
