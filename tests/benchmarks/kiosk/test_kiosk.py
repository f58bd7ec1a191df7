"""The benchmark itself: its truth is true, its scoring is fair, and a few photographs are read as well as promised.

`python -m tests.benchmarks.kiosk` runs the campaign; the full one is ``make campaign``.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from shapely import LineString, Point, affinity

from tests.benchmarks.kiosk.campaign import OURS, Campaign
from tests.benchmarks.kiosk.figures import figures
from tests.benchmarks.kiosk.found import GRID_PX, IN_MARK, Found, FoundMark, InkMap, photo_grid
from tests.benchmarks.kiosk.match import agreement
from tests.benchmarks.kiosk.printing import printed_sheets
from tests.benchmarks.kiosk.report import write_report
from tests.benchmarks.kiosk.scenes import TEST_SEEDS, TUNING_SEEDS, scene
from tests.benchmarks.kiosk.score import scored
from tests.benchmarks.kiosk.sheets import read_sheet
from tests.benchmarks.kiosk.truth import true_marks
from tests.campaign import FULL

PHOTOS = {"A3": 40 if FULL else 2, "A1": 40 if FULL else 1}


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    return tmp_path_factory.mktemp("studies")


@pytest.fixture(scope="module")
def a3(studies):
    return read_sheet(printed_sheets(studies, "A3")[0])


@pytest.fixture(scope="module")
def taken(a3):
    return scene(TUNING_SEEDS[0], a3)


def perfect(one):
    """The reading of one who knows the truth."""
    truths = true_marks(one)
    marks = tuple(FoundMark(t.kind, t.pen, t.geometry, t.linked_to) for t in truths if t.kind != "leader")
    where = one.camera.paper_mm_of(photo_grid(one.camera.size_px).reshape(-1, 2))
    grid = one.sheet.metres_of(where).reshape(*photo_grid(one.camera.size_px).shape)
    west, north = one.sheet.metres_of(np.zeros(2))
    labels = (one.marked.pens > 0).astype(np.uint8) * IN_MARK
    ink = InkMap(labels, float(west), float(north), one.sheet.px_per_mm / one.sheet.metres_per_mm)
    return Found(marks=marks, metres_grid=grid, ink=ink, detected=1, accounted=1)


def test_tuning_and_test_seeds_do_not_meet():
    assert not set(TUNING_SEEDS) & set(TEST_SEEDS)


def test_only_the_reader_the_printer_and_the_fit_call_the_program():
    """The fit teaches the program, and nothing of the benchmark but its own test goes by it."""
    for path in Path(__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        calls = {name for name in modules if name.startswith("assetmap")}
        assert not calls or path.name in ("reader.py", "printing.py", "fitting.py")
        assert path.name != "printing.py" or not any(name.startswith("assetmap.kiosk") for name in calls)
        assert "tests.benchmarks.kiosk.fitting" not in modules or path.name == "test_fitting.py"


def test_a_seed_gives_one_photograph(a3, taken):
    assert scene(TUNING_SEEDS[0], a3).jpeg() == taken.jpeg()
    assert scene(TUNING_SEEDS[1], a3).jpeg() != taken.jpeg()


def test_the_way_back_from_photograph_to_paper_is_exact(taken):
    wide, tall = taken.sheet.paper_mm
    paper = np.stack(np.meshgrid(np.linspace(0, wide, 30), np.linspace(0, tall, 30)), axis=-1).reshape(-1, 2)
    back = taken.camera.paper_mm_of(taken.camera.photo_px(paper))
    assert np.abs(back - paper).max() < 0.01


def test_markers_lie_where_the_camera_says(taken):
    photo = cv2.cvtColor(cv2.imdecode(np.frombuffer(taken.jpeg(), np.uint8), 1), cv2.COLOR_BGR2GRAY)
    names = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, taken.sheet.spec["dictionary"]))
    corners, ids, _ = cv2.aruco.ArucoDetector(names).detectMarkers(photo)
    true = {row["id"]: np.array(row["corners_mm"], float) for row in taken.sheet.spec["markers"]}
    away = [taken.camera.photo_px(true[name]) - corner[0] for corner, name in zip(corners, ids.ravel(), strict=True)]
    assert len(away) >= 4
    assert np.median(np.abs(np.concatenate(away))) < 1.0


def test_a_perfect_reading_is_scored_perfect(taken):
    score = scored(taken, perfect(taken))
    for figure in ("recall", "precision", "kind", "colour", "writing held", "writing tied"):
        good, total = score.counts[figure]
        assert total > 0
        assert good == total, figure
    assert score.share("ink found") > 0.99
    assert score.share("print taken") < 0.001
    assert score.register_m < 0.05
    assert min(score.ious) == pytest.approx(1)


def test_a_reading_that_is_off_by_twelve_metres_is_wrong(taken):
    off = perfect(taken)
    score = scored(taken, replace(off, metres_grid=off.metres_grid + np.array([12.0, 0.0])))
    assert score.wrong
    assert score.share("ink found") < 0.5


def test_a_refusal_counts_as_missed(taken):
    score = scored(taken, Found(refused="too blurred"))
    assert score.share("recall") == 0
    assert score.share("ink found") == 0
    assert score.counts["recall"][1] > 0


def test_goals_of_points_lines_and_areas(taken):
    truths = true_marks(taken)
    point = next(one for one in truths if one.kind == "point")
    line = next(one for one in truths if one.kind == "line")
    assert agreement(point, FoundMark("point", None, affinity.translate(point.geometry, 4.9))) > 0
    assert agreement(point, FoundMark("point", None, affinity.translate(point.geometry, 5.1))) == 0
    assert agreement(point, FoundMark("area", None, point.geometry.buffer(3))) == 0
    half = LineString(line.geometry.coords[: len(line.geometry.coords) // 2])
    assert agreement(line, FoundMark("line", None, line.geometry)) == 1
    assert agreement(line, FoundMark("line", None, half)) == 0
    assert agreement(line, FoundMark("line", None, Point(line.geometry.coords[0]))) == 0


def test_grid_of_metres_is_read_between_its_places():
    pixels = photo_grid((64, 48))
    found = Found(metres_grid=pixels * 0.1 + [537000.0, 181000.0])
    assert found.metres_of(np.array([[[33.0, 7.0]]]))[0, 0] == pytest.approx([537003.3, 181000.7], abs=1e-3)
    assert GRID_PX == 16


@pytest.mark.slow
@pytest.mark.parametrize("size", ["A3", "A1"])
def test_photographs_are_read(size, studies, tmp_path):
    """Floors that hold on the tuning seeds; the goals and how far we are from them are in docs/kiosk.md."""
    campaign = Campaign(baselines=FULL)
    seeds = (TEST_SEEDS if FULL else TUNING_SEEDS)[: PHOTOS[size]]
    for _ in campaign.run(seeds, printed_sheets(studies, size), tmp_path / "work"):
        pass
    scores = campaign.readers[OURS]
    write_report(tmp_path, f"{size}, seeds {seeds[0]} to {seeds[-1]}", campaign.readers, campaign.pictures)
    table = {figure.name: figure.value for figure in figures(scores)}
    assert table["registered, of those that a person could"] >= 95
    assert table["wrong: error above 10 m reported as good"] == 0
    assert table["position error of marks, median"] <= 1
    assert table["recall of marks"] >= 60
    assert table["true pen pixels found in a mark, crop or reject"] >= 98
    assert table["print pixels taken for ink"] <= 0.5
    assert table["detected ink in marks, crops and rejects"] == 100
