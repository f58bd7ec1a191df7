"""A small map of ours, drawn with a seed, and photographs of it with known truth."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

PAPER_MM = (200.0, 150.0)
FRAME_MM = (12.0, 12.0, 188.0, 138.0)
PX_PER_MM = 6.0
SCALE = 2500.0
WEST, NORTH = 537_000.0, 183_000.0
METRES_PER_MM = SCALE / 1000


def street_map(seed: int) -> np.ndarray:
    """A quiet street map (RGB) of the whole paper, without markers."""
    rng = np.random.default_rng(seed)
    wide, tall = (round(side * PX_PER_MM) for side in PAPER_MM)
    paper = np.full((tall, wide, 3), 255, np.uint8)
    left, top, right, bottom = (round(side * PX_PER_MM) for side in FRAME_MM)
    ground = np.full((bottom - top, right - left, 3), (244, 242, 236), np.uint8)
    for _ in range(260):
        x, y = rng.uniform(0, 1, 2) * ground.shape[1::-1]
        w, h = rng.uniform(8, 40, 2)
        corners = cv2.boxPoints(((x, y), (w, h), rng.uniform(0, 90))).astype(np.int32)
        cv2.fillPoly(ground, [corners], tuple(int(v) for v in rng.integers(205, 228, 3)), cv2.LINE_AA)
    for _ in range(40):
        a, b = rng.uniform(0, 1, (2, 2)) * ground.shape[1::-1]
        for width, colour in ((12, (190, 190, 190)), (9, (255, 255, 255))):
            cv2.line(ground, a.astype(int).tolist(), b.astype(int).tolist(), colour, width, cv2.LINE_AA)
    for number in range(25):
        x, y = rng.uniform(0, 0.9, 2) * ground.shape[1::-1]
        cv2.putText(ground, f"Lane {number}", (int(x), int(y)), 0, 0.6, (120, 120, 120), 1, cv2.LINE_AA)
    paper[top:bottom, left:right] = ground
    return paper


def write_sheet(folder: Path, sheet_id: str = "T7Q2-1", *, seed: int = 1, first_marker: int = 100) -> np.ndarray:
    """Write a sheet's description and clean raster into a folder and return the raster (RGB)."""
    paper = street_map(seed)
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_5X5_1000)
    markers = []
    side = 9.0
    places = [(1.5, 1.5), (95.5, 1.5), (189.5, 1.5), (1.5, 139.5), (95.5, 139.5), (189.5, 139.5)]
    for number, (x, y) in enumerate(places, first_marker):
        square = cv2.aruco.generateImageMarker(dictionary, number, round(side * PX_PER_MM))
        px, py = round(x * PX_PER_MM), round(y * PX_PER_MM)
        paper[py - 6 : py + square.shape[0] + 6, px - 6 : px + square.shape[1] + 6] = 255
        paper[py : py + square.shape[0], px : px + square.shape[1]] = square[..., None]
        markers.append({"id": number, "corners_mm": [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]})
    left, top, right, bottom = FRAME_MM
    spec = {
        "sheet_id": sheet_id, "study": "Test", "number": 1, "size": "A4", "paper_mm": PAPER_MM, "scale": SCALE,
        "crs": "EPSG:27700", "frame_mm": FRAME_MM,
        "bounds": [WEST, NORTH - (bottom - top) * METRES_PER_MM, WEST + (right - left) * METRES_PER_MM, NORTH],
        "dictionary": "DICT_5X5_1000", "markers": markers, "qr_mm": [150, 140, 158, 148], "qr_text": sheet_id,
        "legend": [
            {"pen": "red", "rgb": [206, 43, 55], "theme": "needs to change", "sentiment": "negative"},
            {"pen": "blue", "rgb": [0, 84, 164], "theme": "idea"},
        ],
        "clean": f"{sheet_id}.png", "clean_dpi": 25.4 * PX_PER_MM,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{sheet_id}.json").write_text(json.dumps(spec), encoding="utf-8")
    cv2.imwrite(str(folder / f"{sheet_id}.png"), cv2.cvtColor(paper, cv2.COLOR_RGB2BGR))
    return paper


def drawn_on(paper: np.ndarray) -> np.ndarray:
    """The paper with a red ring round (60, 60) mm and a blue line from (100, 100) to (160, 110) mm."""
    drawn = paper.copy()
    centre = (round(60 * PX_PER_MM), round(60 * PX_PER_MM))
    cv2.circle(drawn, centre, round(15 * PX_PER_MM), (206, 43, 55), 9, cv2.LINE_AA)
    ends = [(round(x * PX_PER_MM), round(y * PX_PER_MM)) for x, y in ((100, 100), (160, 110))]
    cv2.line(drawn, *ends, (0, 84, 164), 9, cv2.LINE_AA)
    return drawn


def bent(paper: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Where points of the raster (n x 2, pixels) lie on paper that isn't flat, seen from above: up to 2 mm off."""
    x, y = points.T / PX_PER_MM
    off = np.stack([1.6 * np.sin(x / 55) * np.cos(y / 70), 1.4 * np.sin(y / 45 + 0.5)], axis=1)
    return points + off * PX_PER_MM


def photograph(
    paper: np.ndarray, *, turn_deg: float = 8.0, size: tuple[int, int] = (1600, 1200), zoom: float = 1.0, seed: int = 3
) -> tuple[np.ndarray, np.ndarray]:
    """A photograph (RGB) of bent paper on a table, and the homography from the raster to it, before the bend."""
    rng = np.random.default_rng(seed)
    tall, wide = paper.shape[:2]
    corners = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], dtype=np.float64) - [wide / 2, tall / 2]
    angle = np.deg2rad(turn_deg)
    rotated = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    rotated *= zoom * 0.8 * min(size[0] / np.ptp(rotated[:, 0]), size[1] / np.ptp(rotated[:, 1]))
    seen = rotated + np.array(size) / 2 + rng.uniform(-30, 30, (4, 2))
    to_photo = cv2.getPerspectiveTransform(
        (corners + np.array([wide, tall]) / 2).astype(np.float32), seen.astype(np.float32)
    ).astype(np.float64)
    grid = np.stack(np.meshgrid(np.arange(size[0]), np.arange(size[1])), axis=-1).reshape(-1, 1, 2).astype(np.float64)
    flat = cv2.perspectiveTransform(grid, np.linalg.inv(to_photo)).reshape(-1, 2)
    where = bent(paper, flat).astype(np.float32).reshape(size[1], size[0], 2)
    shown = cv2.remap(
        paper, where[..., 0], where[..., 1], cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=(120, 95, 70)
    )
    light = np.linspace(0.75, 1.0, size[0])[None, :, None]
    noisy = shown * light + rng.normal(0, 3, shown.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8), to_photo


def write_photo(path: Path, photo: np.ndarray, **how: object) -> Path:
    """Write a picture as a file of the name's format."""
    from PIL import Image

    Image.fromarray(photo).save(path, **({"quality": 90} | how if path.suffix in (".jpg", ".heic") else how))
    return path
