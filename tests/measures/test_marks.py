"""Marks as counts per cell."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from assetmap.errors import CRSError, UsageError
from assetmap.measures.marks import count_marks
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
