"""Photograph the demo's map for the README, in a window of a desktop and of a phone, and a sheet of it.

Run ``python scripts/make_pictures.py`` (with the test libraries and a Chromium) when the map has changed. It builds
the demo in a temporary folder and writes docs/pictures/.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from PIL import Image
from playwright.sync_api import sync_playwright
from rasterio.errors import NotGeoreferencedWarning
from scipy.spatial import cKDTree

from assetmap.files import write_aside
from assetmap.study.create import create_demo
from assetmap.study.flow import build_study
from assetmap.study.kiosk_sheets import print_sheets
from ensure_chromium import find_chromium

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
MADE_ON = "2026-11-22"
WINDOWS: dict[str, dict[str, Any]] = {
    "map-desktop.png": {"viewport": {"width": 1280, "height": 870}},
    "map-phone.png": {
        "viewport": {"width": 390, "height": 780},
        "device_scale_factor": 1.5,
        "is_mobile": True,
        "has_touch": True,
    },
}
COLOURS = 256
SHEET_WIDE = 1000


def picture_sheet(study: Path, target: Path) -> None:
    """Print the demo's ground on one A4 sheet, and write a picture of it in all its colours: few pixels are of pens."""
    printed = print_sheets(study, size="A4", scale=7500)
    with Image.open(printed.folder / printed.sheets[0].clean) as clean:
        tall = round(SHEET_WIDE * clean.height / clean.width)
        small = clean.convert("RGB").resize((SHEET_WIDE, tall), Image.Resampling.LANCZOS)
    with write_aside(target) as aside:
        small.save(aside, "PNG", optimize=True)


def photograph(page_file: Path, folder: Path, *, chromium: str) -> list[Path]:
    """Open a map in each window and keep what is seen, and return the pictures."""
    shots = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, window in WINDOWS.items():
            context = browser.new_context(reduced_motion="reduce", **window)
            page = context.new_page()
            page.goto(page_file.as_uri())
            page.wait_for_selector("html.drawn", state="attached")
            shots.append(folder / name)
            page.screenshot(path=shots[-1])
            context.close()
        browser.close()
    return shots


def reduce_colours(shot: Path, target: Path) -> None:
    """Write a picture with its 256 most frequent colours, which is a third of the bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(shot) as picture:
            pixels = picture.read((1, 2, 3))
        shape = pixels.shape[1:]
        colours, position, count = np.unique(pixels.reshape(3, -1).T, axis=0, return_inverse=True, return_counts=True)
        kept = colours[np.argsort(-count, kind="stable")[:COLOURS]]
        index = cKDTree(kept).query(colours)[1].astype(np.uint8)
        form = {"driver": "PNG", "width": shape[1], "height": shape[0], "count": 1, "dtype": "uint8", "ZLEVEL": 9}
        with write_aside(target) as aside, rasterio.open(aside, "w", **form) as out:
            out.write(index[position.ravel()].reshape(shape), 1)
            out.write_colormap(1, {i: (*map(int, colour), 255) for i, colour in enumerate(kept)})


def main() -> int:
    """Build the demo, photograph its map, and say how large the pictures are."""
    chromium = find_chromium()
    if chromium is None:
        print("There is no Chromium: run scripts/ensure_chromium.py first.")
        return 1
    with tempfile.TemporaryDirectory() as name:
        study = Path(name) / "demo"
        create_demo(study)
        build_study(study, today=MADE_ON)
        for shot in photograph(study / "out" / "map.html", Path(name), chromium=chromium):
            reduce_colours(shot, PICTURES / shot.name)
        picture_sheet(study, PICTURES / "sheet.png")
    for picture in sorted(PICTURES.glob("*.png")):
        print(f"{picture.stat().st_size / 1000:.0f} kB  {picture.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
