"""Other people's maps: no markers of ours, other pens, upside down on a table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from assetmap.kiosk.printed import PrintedMap, printed_map
from assetmap.kiosk.reading import Reading, Source, read_photographs

cv2 = pytest.importorskip("cv2")

A4_MM = 297
METRES_PER_MM = 5


def a_map(picture: Path) -> PrintedMap:
    """The picture as a map at 1:5,000 on A4."""
    tall, wide = cv2.imread(str(picture)).shape[:2]
    metres = A4_MM * METRES_PER_MM / max(tall, wide)
    bounds = (530000, 180000, 530000 + wide * metres, 180000 + tall * metres)
    return printed_map(picture, bounds, "EPSG:27700")


def marks_of(photo: Path, printed: PrintedMap) -> Counter:
    (reading,) = read_photographs([photo], Source(map=printed))
    assert isinstance(reading, Reading)
    assert reading.photographs[0].registration.error_m < METRES_PER_MM
    return Counter((mark.kind, mark.pen) for mark in reading.marks.marks)


def upside_down_on_a_table(paper: np.ndarray) -> np.ndarray:
    """Photograph a sheet at a slant, its head towards the camera, in warm light from one side."""
    tall, wide = paper.shape[:2]
    table = np.full((2250, 3000, 3), (120, 95, 70), np.float32)
    corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    seen = np.array([[2620, 2060], [315, 1950], [465, 260], [2475, 195]], np.float32)
    slant = cv2.getPerspectiveTransform(corners, seen)
    sheet = cv2.warpPerspective(paper, slant, (3000, 2250), flags=cv2.INTER_AREA).astype(np.float32)
    there = cv2.warpPerspective(np.ones((tall, wide), np.float32), slant, (3000, 2250))[..., None]
    light = np.linspace(0.7, 1.0, 3000)[None, :, None] * np.array([1.0, 0.97, 0.9])
    photo = (table * (1 - there) + sheet * there) * light + np.random.default_rng(5).normal(0, 3, table.shape)
    return np.clip(photo, 0, 255).astype(np.uint8)


def stain(paper: np.ndarray, points_mm: list[tuple[float, float]], rgb: tuple[int, int, int], width_mm: float) -> None:
    """Let a pen take its share of the light from a sheet."""
    per_mm = paper.shape[1] / A4_MM
    covered = np.zeros(paper.shape[:2], np.uint8)
    way = np.rint(np.array(points_mm) * per_mm).astype(np.int32)
    cv2.polylines(covered, [way], False, 255, round(width_mm * per_mm), cv2.LINE_AA)
    passes = (np.maximum(rgb, 5) / 255.0) ** (covered[..., None] / 255.0)
    paper[:] = (paper * passes).astype(np.uint8)


def ring_mm(middle: tuple[float, float], radius: float) -> list[tuple[float, float]]:
    return [(middle[0] + radius * np.cos(turn), middle[1] + radius * np.sin(turn)) for turn in np.linspace(0, 6.3, 50)]


def test_black_marker_and_coloured_pencil_upside_down_on_a_table(shared_data, tmp_path):
    base = shared_data / "annotations" / "map-cutter-easy-base.png"
    clean = cv2.cvtColor(cv2.imread(str(base)), cv2.COLOR_BGR2RGB)
    paper = cv2.resize(clean, None, fx=2.4, fy=2.4, interpolation=cv2.INTER_CUBIC)
    stain(paper, ring_mm((60, 60), 25), (30, 30, 30), 3.5)
    stain(paper, [(20, 120), (60, 130), (110, 118), (150, 125)], (30, 30, 30), 3.0)
    stain(paper, [(200, 50), (206, 58)], (30, 30, 30), 3.0)
    stain(paper, [(206, 50), (200, 58)], (30, 30, 30), 3.0)
    stain(paper, ring_mm((230, 110), 18), (190, 60, 60), 1.0)
    stain(paper, [(170, 160), (230, 185)], (60, 80, 170), 0.9)
    photo = tmp_path / "photo.jpg"
    cv2.imwrite(str(photo), cv2.cvtColor(upside_down_on_a_table(paper), cv2.COLOR_RGB2BGR))
    assert marks_of(photo, a_map(base)) == {
        ("area", "black"): 1,
        ("line", "black"): 1,
        ("point", "black"): 1,
        ("area", "red"): 1,
        ("line", "blue"): 1,
    }


def test_a_real_photograph_of_three_rings_by_an_orange_marker(shared_data):
    folder = shared_data / "annotations"
    found = marks_of(folder / "3-photo-of-sketch-map-clipped.jpg", a_map(folder / "3-map-frame.png"))
    assert found["area", "orange"] == 3
    assert not found.keys() & {("line", "red"), ("line", "orange")}


def test_a_real_scan_that_nobody_drew_on_has_next_to_no_marks(shared_data):
    folder = shared_data / "annotations"
    found = marks_of(folder / "map-cutter-easy-upload.jpg", a_map(folder / "map-cutter-easy-base.png"))
    assert found.total() <= 1
