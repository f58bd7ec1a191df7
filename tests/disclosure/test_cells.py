"""Marks counted in squares with enough people and voices."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from assetmap.disclosure.cells import HELD_BACK, TOO_FEW, Square, count_safely, overlap
from assetmap.disclosure.ledger import Entry, earlier_squares
from assetmap.errors import CRSError, DisclosureError
from assetmap.schema import empty_frame
from tests.campaign import FULL


def marks(*rows):
    """Rows of theme, sheet, shape (or x, y)."""
    return gpd.GeoDataFrame(
        {
            "annotation_id": [f"m{n:02d}" for n in range(len(rows))],
            "theme": [row[0] for row in rows],
            "sheet_id": [row[1] for row in rows],
            "contributor_id": [None if row[1] else f"c{n}" for n, row in enumerate(rows)],
        },
        geometry=[shapely.Point(row[2]) if isinstance(row[2], tuple) else row[2] for row in rows],
        crs=27700,
    )


def people(*rows):
    return gpd.GeoDataFrame(
        {"people": [float(row[0]) for row in rows]}, geometry=[shapely.Point(row[1]) for row in rows], crs=27700
    )


EVERYWHERE = people(*((20, (x, y)) for x in range(50, 1600, 100) for y in range(50, 1600, 100)))


def sides(found):
    return found.squares[["theme", "count", "sheets", "side_m"]].values.tolist()


def test_a_square_is_as_small_as_people_and_voices_allow():
    three = [("hall", f"S{n}", (10 + n, 10)) for n in range(3)]
    assert sides(count_safely(marks(*three), EVERYWHERE)) == [["hall", 3, 3, 100]]
    # the third voice is in the next square: the two merge into one of 200 m
    apart = [*three[:2], ("hall", "S2", (110, 10))]
    assert sides(count_safely(marks(*apart), EVERYWHERE)) == [["hall", 3, 3, 200]]
    # five strokes of two sheets are two voices
    strokes = [("hall", f"S{n % 2}", (10 + n, 10)) for n in range(5)]
    found = count_safely(marks(*strokes), EVERYWHERE)
    assert found.squares.empty
    assert set(found.withheld["reason"]) == {TOO_FEW}
    assert len(found.withheld) == 5
    # without a sheet, the contributor is the voice
    loose = [("hall", None, (10 + n, 10)) for n in range(3)]
    assert sides(count_safely(marks(*loose), EVERYWHERE)) == [["hall", 3, 3, 100]]


def test_one_person_on_three_sheets_is_one_voice():
    three = marks(*(("hall", f"S{n}", (10 + n, 10)) for n in range(3)))
    assert count_safely(three.assign(contributor_id=["c1", "c1", "c1"]), EVERYWHERE).squares.empty
    assert sides(count_safely(three.assign(contributor_id=["c1", "c2", None]), EVERYWHERE)) == [["hall", 3, 3, 100]]


def test_marks_that_name_nobody_are_one_voice_a_file():
    loose = marks(*(("hall", None, (10 + n, 10)) for n in range(3))).assign(contributor_id=None)
    assert count_safely(loose.assign(source="a.csv"), EVERYWHERE).squares.empty
    files = loose.assign(source=["a.csv", "b.csv", "c.csv"])
    assert sides(count_safely(files, EVERYWHERE)) == [["hall", 3, 3, 100]]


def test_where_few_live_squares_grow_until_k_do():
    three = marks(*(("hall", f"S{n}", (10, 10)) for n in range(3)))
    assert sides(count_safely(three, people((6, (50, 50)), (6, (350, 50))))) == [["hall", 3, 3, 400]]
    assert sides(count_safely(three, people((6, (50, 50)), (6, (350, 50))), k=5)) == [["hall", 3, 3, 100]]
    assert count_safely(three, people((9, (50, 50)), (900, (850, 50)))).squares.empty


def test_squares_of_a_theme_never_overlap_and_never_hide_a_quarter():
    rng = np.random.default_rng(3)
    rows = [(f"t{n % 2}", f"S{rng.integers(9)}", tuple(rng.uniform(0, 1600, 2))) for n in range(2000)]
    found = count_safely(marks(*rows), EVERYWHERE)
    for _, squares in found.squares.groupby("theme"):
        assert squares.area.sum() == pytest.approx(squares.union_all().area)
    assert (found.squares["sheets"] >= 3).all()
    assert found.squares["count"].sum() + len(found.withheld) == 2000
    assert {100, 200} <= set(found.squares["side_m"])


def test_a_line_counts_once_in_each_square_it_touches():
    lines = [("walk", f"S{n}", shapely.LineString([(50, 50 + n), (250, 50 + n)])) for n in range(3)]
    assert sides(count_safely(marks(*lines), EVERYWHERE)) == [["walk", 3, 3, 100]] * 3


def earlier_of(*rows):
    return count_safely(marks(*rows), EVERYWHERE).shown


def test_one_more_mark_is_not_seen_by_subtraction():
    rows = [("hall", f"S{n}", (10 + n, 10)) for n in range(3)]
    before = earlier_of(*rows)
    assert before == [Square("hall", 0, 0, 100, 3, 3)]
    one_more = count_safely(marks(*rows, ("hall", "S3", (20, 20))), EVERYWHERE, earlier=before)
    assert one_more.shown == before
    assert set(one_more.withheld["reason"]) == {HELD_BACK}
    three_more = [("hall", f"S{n}", (20, 20)) for n in (3, 4, 5)]
    assert count_safely(marks(*rows, *three_more), EVERYWHERE, earlier=before).shown[0].marks == 6
    # the new mark lies beside the old square, so that this one would be merged into one of 200 m
    beside = count_safely(marks(*rows, ("hall", "S3", (150, 20))), EVERYWHERE, earlier=before)
    assert beside.shown == before


def test_a_withdrawn_mark_is_neither_shown_nor_subtracted():
    rows = [("hall", f"S{n}", (10 + n, 10)) for n in range(4)]
    found = count_safely(marks(*rows[:3]), EVERYWHERE, earlier=earlier_of(*rows))
    assert found.shown == []
    assert found.squares.empty
    assert set(found.withheld["reason"]) == {HELD_BACK}


def test_a_square_that_a_release_left_out_is_still_known_from_the_one_before():
    """Five, then one withdrawn, then two added: shown, the third would tell of one by subtraction from the first."""
    rows = [("hall", f"S{n}", (10 + n, 10)) for n in range(5)]
    other = [("park", f"S{n}", (10 + n, 10)) for n in range(3)]
    entries = []
    for now in (rows, rows[:4], [*rows[:4], *(("hall", f"S{n}", (20, 20)) for n in (7, 8))]):
        found = count_safely(marks(*now, *other), EVERYWHERE, earlier=earlier_squares(entries))
        entries.append(Entry("2026-05-04", "residents", 10, False, squares=found.shown))
    shown = [{square.theme: square.marks for square in entry.squares} for entry in entries]
    assert shown == [{"hall": 5, "park": 3}, {"park": 3}, {"hall": 5, "park": 3}]


@pytest.mark.parametrize("seed", range(200 if FULL else 20))
def test_no_two_releases_differ_by_one_or_two_voices(seed):
    """Marks come and go over ten releases; of any two in a row that show a place, subtraction gives none or three."""
    rng = np.random.default_rng(seed)
    entries, count = [], 0
    alive: list[tuple[str, str, tuple[float, float]]] = []
    for _ in range(10):
        gone = rng.random(len(alive)) < 0.1
        alive = [row for row, leaves in zip(alive, gone, strict=True) if not leaves]
        for _ in range(rng.integers(0, 6)):
            count += 1
            alive.append(("hall", f"S{count}", tuple(rng.uniform(0, 400, 2))))
        found = count_safely(marks(*alive), EVERYWHERE, earlier=earlier_squares(entries)) if alive else None
        if found is None:
            continue
        before = earlier_squares(entries)
        for outer in [square for square in before if square not in found.shown]:
            within = [s for s in found.shown if overlap(s, outer) and s.side <= outer.side]
            if within and not any(s.side > outer.side for s in found.shown if overlap(s, outer)):
                change = abs(sum(s.marks for s in within) - outer.marks)
                assert change == 0 or change >= 3
        assert all(square.sheets >= 3 for square in found.shown)
        entries.append(Entry("2026-05-04", "residents", 10, False, squares=found.shown))


def test_nothing_nobody_and_degrees():
    found = count_safely(empty_frame("annotations", 27700), EVERYWHERE)
    assert found.squares.empty
    assert list(found.squares.columns) == ["theme", "count", "sheets", "side_m", "geometry"]
    with pytest.raises(DisclosureError, match="population is missing"):
        count_safely(marks(("hall", "S1", (1, 1))), EVERYWHERE.assign(people=np.nan))
    with pytest.raises(CRSError):
        count_safely(marks(("hall", "S1", (1, 1))).set_crs(4326, allow_override=True), EVERYWHERE)
