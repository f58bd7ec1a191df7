"""Strokes drawn by hand, and the shape that each makes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from assetmap.kiosk.marks import Mark
from assetmap.kiosk.strokes.points import cross_of, has_one_bay, tick_of
from assetmap.kiosk.strokes.shape import Shape
from assetmap.kiosk.strokes.skeleton import middle_lines, path_length
from assetmap.kiosk.strokes.trails import Trail
from assetmap.kiosk.strokes.uniting import with_rims
from tests.kiosk.drawn import BLACK, PX_PER_MM, RED, Paper

cv2 = pytest.importorskip("cv2")


def only(paper: Paper) -> Mark:
    (mark,) = paper.read().marks
    return mark


def at_mm(mark: Mark) -> np.ndarray:
    return np.array(mark.geometry.centroid.coords[0]) / PX_PER_MM


def test_ring_is_the_area_within_the_middle_of_its_stroke():
    mark = only(Paper().circle((50, 40), 15))
    assert (mark.shape, mark.kind) == ("ring", "area")
    assert mark.geometry.area / PX_PER_MM**2 == pytest.approx(np.pi * 15**2, rel=0.04)


def test_ring_that_was_left_open_a_little_is_closed():
    turns = np.linspace(0, 2 * np.pi * 0.96, 80)
    points = np.array([50, 40]) + 15 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    assert only(Paper().stroke(*map(tuple, points))).shape == "ring"


def test_two_rings_stay_two():
    marks = Paper().circle((25, 40), 12).circle((60, 40), 12).read().marks
    assert [mark.shape for mark in marks] == ["ring", "ring"]


def test_line_stays_a_line_from_end_to_end():
    mark = only(Paper().stroke((10, 10), (40, 25), (85, 60)))
    assert mark.shape == "line"
    assert mark.geometry.length / PX_PER_MM == pytest.approx(np.hypot(30, 15) + np.hypot(45, 35), abs=2)


def test_line_goes_on_behind_another_pens():
    paper = Paper().stroke((10, 40), (90, 40)).stroke((50, 10), (50, 70), pen=RED, width_mm=3)
    marks = sorted(paper.read().marks, key=lambda mark: mark.pen)
    assert [(mark.pen, mark.shape) for mark in marks] == [("blue", "line"), ("red", "line")]
    assert marks[0].geometry.length / PX_PER_MM == pytest.approx(80, abs=2)


@pytest.mark.parametrize("width_mm", [1.0, 2.5])
def test_dashes_are_one_line(width_mm):
    paper = Paper()
    for start in range(10, 85, 11):
        paper.stroke((start, 30 + start / 5), (start + 6, 30 + (start + 6) / 5), width_mm=width_mm)
    mark = only(paper)
    assert mark.shape == "dashed line"
    assert mark.geometry.length / PX_PER_MM == pytest.approx(1.02 * 72, abs=3)


def test_arrow_is_its_shaft():
    mark = only(Paper().stroke((10, 40), (70, 40)).stroke((64, 36), (70, 40), (64, 44)))
    assert mark.shape == "arrow"
    assert mark.geometry.length / PX_PER_MM == pytest.approx(60, abs=3)


def test_cross_is_where_its_strokes_meet():
    mark = only(Paper().stroke((46, 36), (54, 44)).stroke((54, 36), (46, 44)))
    assert mark.shape == "cross"
    assert at_mm(mark) == pytest.approx([50, 40], abs=0.3)


@pytest.mark.parametrize("width_mm", [0.8, 2.2])
def test_tick_is_a_point_whatever_the_pen(width_mm):
    mark = only(Paper().stroke((45, 39), (48, 43), (54, 34), width_mm=width_mm))
    assert (mark.shape, mark.kind) == ("tick", "point")
    assert np.hypot(*(at_mm(mark) - [49.6, 38.9])) < 1.5


def test_dot_is_its_middle():
    mark = only(Paper().disc((50, 40), 1.5))
    assert mark.shape == "dot"
    assert at_mm(mark) == pytest.approx([50, 40], abs=0.2)


def test_filled_area_reaches_to_the_edge_of_its_ink():
    mark = only(Paper().disc((50, 40), 10, pen=RED))
    assert (mark.shape, mark.pen) == ("filled", "red")
    assert mark.geometry.area / PX_PER_MM**2 == pytest.approx(np.pi * 10**2, rel=0.05)


def test_hatches_are_one_area():
    paper = Paper()
    for row in range(20, 50, 4):
        paper.stroke((30, row), (60, row))
    mark = only(paper)
    assert (mark.shape, mark.kind) == ("hatched", "area")
    assert mark.geometry.area / PX_PER_MM**2 == pytest.approx(30 * 28, rel=0.1)


def test_three_long_strokes_side_by_side_are_hatching():
    paper = Paper()
    for row in (20, 24, 28):
        paper.stroke((30, row), (52, row + 1), width_mm=2)
    mark = only(paper)
    assert (mark.shape, mark.kind) == ("hatched", "area")
    assert mark.geometry.area / PX_PER_MM**2 == pytest.approx(22 * 8, rel=0.25)


def test_hatches_that_print_breaks_are_no_dashed_lines():
    paper = Paper()
    for column in range(30, 60, 4):
        for row in (20, 28, 36, 44):
            paper.stroke((column, row), (column, row + 6), width_mm=1.2)
    assert [(mark.shape, mark.kind) for mark in paper.read().marks] == [("hatched", "area")]


def test_hatched_ring_is_one_area():
    paper = Paper().circle((50, 40), 15)
    for row in range(29, 54, 4):
        half = np.sqrt(15**2 - (row - 40) ** 2)
        paper.stroke((50 - half, row), (50 + half, row), width_mm=1.0)
    mark = only(paper)
    assert mark.kind == "area"
    assert mark.geometry.area / PX_PER_MM**2 == pytest.approx(np.pi * 15**2, rel=0.06)


def test_every_pixel_of_ink_is_in_a_mark_or_a_reject():
    paper = Paper().circle((30, 30), 12).stroke((5, 60), (95, 70), pen=RED).disc((80, 20), 0.3, pen=BLACK)
    marks = paper.read()
    rejected = sum(reject.pixels for reject in marks.rejects)
    assert marks.mark_pixels().sum() + rejected == marks.ink_pixels == (marks.labels != 0).sum()


def test_the_middle_of_a_blunt_bar_is_straight():
    bar = np.zeros((40, 90), bool)
    bar[14:27, 10:80] = True
    (edge,) = middle_lines(bar, cv2.distanceTransform(bar.astype(np.uint8), cv2.DIST_L2, 5))
    assert path_length(edge.path) < 1.02 * np.hypot(*(edge.path[-1] - edge.path[0]))
    assert np.ptp(edge.path[:, 1]) <= 1


def test_the_middles_of_a_fork_begin_and_end_at_their_nodes():
    """Edges of a graph without directions come either way round; joined end to end they mustn't jump back."""
    fork = np.zeros((120, 120), np.uint8)
    for tip in ((10, 20), (110, 20), (60, 110)):
        cv2.line(fork, (60, 60), tip, 1, 7)
    fork[60:, 58:62] = 1
    edges = middle_lines(fork > 0, cv2.distanceTransform(fork, cv2.DIST_L2, 5))
    assert len(edges) == 3
    for edge in edges:
        assert np.hypot(*np.diff(edge.path, axis=0).T).max() < 8


def drawn_middles(*lines):
    canvas = np.zeros((120, 120), np.uint8)
    for draw in lines:
        draw(canvas)
    return middle_lines(canvas > 0, cv2.distanceTransform(canvas, cv2.DIST_L2, 5))


def ring(canvas):
    cv2.circle(canvas, (60, 60), 40, 1, 5)


def across(canvas):
    cv2.line(canvas, (20, 60), (100, 60), 1, 5)


def down(canvas):
    cv2.line(canvas, (60, 20), (60, 100), 1, 5)


def test_a_ring_begins_and_ends_at_one_place():
    (edge,) = drawn_middles(ring)
    assert edge.ends[0] == edge.ends[1]
    assert (edge.path[0] == edge.path[-1]).all()
    assert path_length(edge.path) == pytest.approx(2 * np.pi * 40, rel=0.08)  # pixels step sideways


def test_a_ring_with_a_bar_across_is_three_lines_between_two_places():
    edges = drawn_middles(ring, across)
    assert len(edges) == 3
    assert {frozenset(edge.ends) for edge in edges} == {frozenset(edges[0].ends)}
    assert len(set(edges[0].ends)) == 2


def test_a_cross_is_four_lines_from_one_place():
    edges = drawn_middles(across, down)
    assert len(edges) == 4
    assert len(set.intersection(*(set(edge.ends) for edge in edges))) == 1
    assert sum(path_length(edge.path) for edge in edges) == pytest.approx(160, abs=12)


def test_an_o_is_no_tick():
    turns = np.linspace(0, 2 * np.pi * 0.9, 40)
    path = 20 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    assert tick_of([Trail((1,), (1,), path, 9.0, closed=False)], px_per_mm=PX_PER_MM) is None


def test_a_tick_leaves_room_between_its_arms_alone():
    """The middle lines of letters that run together may go as a tick's do."""
    path = np.array([[0.0, 0.0], [20.0, 26.0], [50.0, -20.0]])
    tick, blob = shapely.LineString(path).buffer(5), shapely.LineString(path).convex_hull.buffer(5)
    notched = blob.difference(shapely.union_all([shapely.Point(x, y).buffer(9) for x, y in ((5, 18), (48, 10))]))
    assert tick_of([Trail((1,), (1,), path, 10.0, closed=False)], px_per_mm=PX_PER_MM) is not None
    assert has_one_bay(tick)
    assert not has_one_bay(blob)
    assert not has_one_bay(notched)


def _bars(*ways: tuple[float, float], width: float) -> shapely.Geometry:
    """Bars through one point, each from its negative to itself, as a thick pen draws them."""
    return shapely.union_all([shapely.LineString([(-x, -y), (x, y)]).buffer(width / 2) for x, y in ways])


def test_thick_bars_that_cross_are_a_cross():
    """Strokes of 2.6 mm and 7 mm: what shows of each arm is hardly longer than it is wide."""
    middle = cross_of(_bars((15, 15), (-14, 15), width=2.6 * PX_PER_MM), 2.6 * PX_PER_MM, px_per_mm=PX_PER_MM)
    assert middle is not None
    assert middle.distance(shapely.Point(0, 0)) < 0.3 * PX_PER_MM


def test_a_cross_so_thick_that_its_middle_is_a_blot_is_no_area():
    paper = Paper().stroke((40, 40), (46, 46), width_mm=4).stroke((46, 40), (40, 46), width_mm=4)
    mark = only(paper)
    assert mark.shape == "cross"
    assert at_mm(mark) == pytest.approx([43, 43], abs=0.5)


def test_a_small_square_that_is_filled_in_is_no_cross():
    square = shapely.box(0, 0, 7 * PX_PER_MM, 7 * PX_PER_MM)
    assert cross_of(square, 7 * PX_PER_MM, px_per_mm=PX_PER_MM) is None


def test_what_has_three_arms_or_bows_is_no_cross():
    width = 1.2 * PX_PER_MM
    fork = shapely.union_all(
        [shapely.LineString([(0, 0), tip]).buffer(width / 2) for tip in ((20, 5), (-20, 5), (0, 22))]
    )
    bows = [[(0, 0), (15, 14), (30, 0)], [(6, 0), (21, -14), (36, 0)]]
    bowed = shapely.union_all([shapely.LineString(bow).buffer(width / 2) for bow in bows])
    assert cross_of(fork, width, px_per_mm=PX_PER_MM) is None
    assert cross_of(bowed, width, px_per_mm=PX_PER_MM) is None


def test_pieces_of_its_outline_belong_to_a_hatched_area():
    area = Shape("hatched", shapely.box(100, 100, 220, 180), (1, 2), 0.85)
    edge = Trail((3,), (3,), np.array([[104.0, 97.0], [160.0, 95.0], [214.0, 98.0]]), 8.0, closed=False)
    leaving = Trail((4,), (4,), np.array([[104.0, 97.0], [160.0, 30.0], [214.0, -50.0]]), 8.0, closed=False)
    shapes, left = with_rims([area], [edge, leaving], px_per_mm=PX_PER_MM)
    assert (shapes[0].parts, left) == ((1, 2, 3), [leaving])
