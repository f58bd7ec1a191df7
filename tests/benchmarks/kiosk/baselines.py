"""What others use, in the same run: a homography through the markers, and one threshold on colour."""

from __future__ import annotations

import time
from colorsys import rgb_to_hsv

import cv2
import numpy as np
from shapely import LineString, MultiPoint, Point, Polygon, segmentize, transform

from tests.benchmarks.kiosk.found import IN_MARK, Found, FoundMark, InkMap, photo_grid
from tests.benchmarks.kiosk.scenes import Scene
from tests.benchmarks.kiosk.sheets import Sheet

PX_PER_MM = 6.0
SATURATION, DARK = 80, 90
POINT_MM, SPECK_MM2, SOLID = 9.0, 0.8, 0.45


def marker_homography(photo: np.ndarray, sheet: Sheet) -> np.ndarray | None:
    """Photograph pixels to paper millimetres by all corners of the sheet's ArUco markers, or None without four."""
    names = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, sheet.spec["dictionary"]))
    corners, ids, _ = cv2.aruco.ArucoDetector(names).detectMarkers(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY))
    true = {marker["id"]: marker["corners_mm"] for marker in sheet.spec["markers"]}
    seen = [(corner[0], true[name]) for corner, name in zip(corners, np.ravel(ids), strict=False) if name in true]
    if len(seen) < 4:
        return None
    here, there = (np.concatenate([np.asarray(pair[side], np.float32) for pair in seen]) for side in (0, 1))
    return cv2.findHomography(here, there, cv2.RANSAC, 2.0)[0]


def _grid(homography: np.ndarray, sheet: Sheet, size_px: tuple[int, int]) -> np.ndarray:
    photo = photo_grid(size_px)
    return sheet.metres_of(cv2.perspectiveTransform(photo.reshape(-1, 1, 2), homography).reshape(photo.shape))


def homography_alone(photo: np.ndarray, scene: Scene) -> Found:
    """Every mark found perfectly in the photograph, and brought to the ground by the markers' homography alone."""
    started = time.perf_counter()
    homography = marker_homography(photo, scene.sheet)
    if homography is None:
        return Found(refused="fewer than four markers")
    grid = _grid(homography, scene.sheet, scene.camera.size_px)
    seconds = time.perf_counter() - started

    def carried(shape):
        def to_metres(paper):
            photo_px = scene.camera.photo_px(paper)
            return scene.sheet.metres_of(cv2.perspectiveTransform(photo_px[None], homography)[0])

        return transform(segmentize(shape, 3.0), to_metres)

    marks = [
        FoundMark(one.kind, one.ink.pen.name, carried(one.geometry), one.linked_to)
        for one in scene.drawing.marks
        if one.kind != "leader"
    ]
    return Found(marks=tuple(marks), metres_grid=grid, seconds=seconds)


def colour_threshold(photo: np.ndarray, scene: Scene) -> Found:
    """Markers' homography, then one threshold on saturation and darkness; each patch of colour is a mark."""
    started = time.perf_counter()
    sheet = scene.sheet
    homography = marker_homography(photo, sheet)
    if homography is None:
        return Found(refused="fewer than four markers")
    left, top, right, bottom = sheet.frame_mm
    to_frame = np.array([[PX_PER_MM, 0, -left * PX_PER_MM - 0.5], [0, PX_PER_MM, -top * PX_PER_MM - 0.5], [0, 0, 1]])
    size = (round((right - left) * PX_PER_MM), round((bottom - top) * PX_PER_MM))
    flat = cv2.warpPerspective(photo, to_frame @ homography, size, flags=cv2.INTER_AREA, borderValue=(255, 255, 255))
    colours = cv2.cvtColor(flat, cv2.COLOR_RGB2HSV)
    ink = ((colours[..., 1] > SATURATION) | (colours[..., 2] < DARK)).astype(np.uint8)
    ink = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    ink = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    west, _, _, north = sheet.spec["bounds"]
    px_per_m = PX_PER_MM / sheet.metres_per_mm
    marks, kept = [], np.zeros(count, np.uint8)
    for name in range(1, count):
        if stats[name, cv2.CC_STAT_AREA] < SPECK_MM2 * PX_PER_MM**2:
            continue
        x, y, wide, tall = stats[name, :4]
        part = (labels[y : y + tall, x : x + wide] == name).astype(np.uint8)
        kind, shape = _shape(part)
        if shape.is_empty:
            continue
        kept[name] = IN_MARK
        tint = colours[y : y + tall, x : x + wide][part > 0].mean(axis=0)
        marks.append(FoundMark(kind, _pen(sheet, tint), _to_metres(shape, x, y, west, north, px_per_m)))
    ink_map = InkMap(kept[labels], west, north, px_per_m)
    accounted = int((ink_map.labels > 0).sum())
    grid = _grid(homography, sheet, scene.camera.size_px)
    return Found(
        marks=tuple(marks),
        metres_grid=grid,
        ink=ink_map,
        detected=int((labels > 0).sum()),
        accounted=accounted,
        seconds=time.perf_counter() - started,
    )


def _shape(part: np.ndarray) -> tuple[str, Point | LineString | Polygon]:
    """Small: a point. Solid, or with a hole: an area. Else a line along its greatest length."""
    tall, wide = part.shape
    if max(tall, wide) < POINT_MM * PX_PER_MM:
        rows, columns = np.nonzero(part)
        return "point", Point(columns.mean() + 0.5, rows.mean() + 0.5)
    outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(outlines, key=cv2.contourArea)[:, 0] + 0.5
    if len(outline) < 4:
        return "line", LineString()
    area = Polygon(outline).buffer(0)
    if area.area > SOLID * MultiPoint(outline).convex_hull.area:
        return "area", area
    rows, columns = np.nonzero(part)
    points = np.stack([columns, rows], axis=1) + 0.5
    axis = np.linalg.svd(points[:: max(1, len(points) // 2000)] - points.mean(axis=0), full_matrices=False)[2][0]
    along = points @ axis
    slices = np.digitize(along, np.linspace(along.min(), along.max(), 40))
    middles = [points[slices == place].mean(axis=0) for place in np.unique(slices)]
    return "line", LineString(middles) if len(middles) > 1 else LineString()


def _pen(sheet: Sheet, tint: np.ndarray) -> str:
    """The legend's pen with the nearest hue; black or pencil where there is none."""
    hue, saturation, value = tint
    if saturation < SATURATION:
        grey = [pen for pen in sheet.pens if rgb_to_hsv(*(part / 255 for part in pen.rgb))[1] < 0.2]
        return min(grey or sheet.pens, key=lambda pen: abs(max(pen.rgb) - float(value))).name
    vivid = [pen for pen in sheet.pens if rgb_to_hsv(*(part / 255 for part in pen.rgb))[1] >= 0.2]

    def away(pen):
        difference = abs(rgb_to_hsv(*(part / 255 for part in pen.rgb))[0] * 180 - hue) % 180
        return min(difference, 180 - difference)

    return min(vivid or sheet.pens, key=away).name


def _to_metres(shape, x: int, y: int, west: float, north: float, px_per_m: float):
    def placed(at):
        return np.stack([west + (at[:, 0] + x) / px_per_m, north - (at[:, 1] + y) / px_per_m], axis=1)

    return transform(shape, placed)
