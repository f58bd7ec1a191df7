"""Photograph maps for the documentation: the demo and what residents get of it, a sheet, a real place.

Run ``python scripts/make_pictures.py`` (with the test libraries and a Chromium) when the map has changed. It builds
the demo in a temporary folder and writes docs/pictures/. The real place needs the data beside the repository.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import rasterio
from PIL import Image
from playwright.sync_api import sync_playwright
from rasterio.errors import NotGeoreferencedWarning
from scipy.spatial import cKDTree

from assetmap.files import write_aside
from assetmap.study.adding import add_files
from assetmap.study.create import create_demo, create_study
from assetmap.study.kiosk.sheets import print_sheets
from assetmap.study.sharing.publishing import publish_study
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
PUBLISHED = {"residents-phone-ur.png": ("map.ur.html", "map-phone.png")}
"""Picture -> page of the demo's release, and the window it is seen in."""
REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "osm" / "osm2streets_borough_sausage_links.osm"
"""Streets and places round the church of St George the Martyr in Southwark, from OpenStreetMap."""
REAL_WINDOWS: dict[str, dict[str, Any]] = {
    "real-desktop.png": {"viewport": {"width": 1280, "height": 860}},
    "real-phone.png": {**WINDOWS["map-phone.png"], "viewport": {"width": 360, "height": 740}},
}
PAPER, PAPER_DPI = ("residents-paper.png", "map.en.A4.pdf"), 72
COLOURS = 256
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>"""
"""What a phone has and this machine may not: letters of Urdu."""
SHEET_WIDE = 1000


def picture_sheet(study: Path, target: Path) -> None:
    """Print the demo's ground on one A4 sheet, and write a picture of it in all its colours: few pixels are of pens."""
    printed = print_sheets(study, size="A4", scale=7500)
    with Image.open(printed.folder / printed.sheets[0].clean) as clean:
        tall = round(SHEET_WIDE * clean.height / clean.width)
        small = clean.convert("RGB").resize((SHEET_WIDE, tall), Image.Resampling.LANCZOS)
    with write_aside(target) as aside:
        small.save(aside, "PNG", optimize=True)


def publish_real_place(study: Path) -> Path:
    """Publish a study of the real place, and return its page."""
    create_study(study, name="Borough, Southwark", contact="map@example.org")
    add_files(study, [REAL], today=MADE_ON)
    return publish_study(study, today=MADE_ON, languages=("en",)).folder / "map.en.html"


def photograph(views: dict[str, tuple[Path, dict[str, Any]]], folder: Path, *, chromium: str) -> list[Path]:
    """Open each page in its window and keep what is seen, and return the pictures."""
    shots = []
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS.format(folder=files("fontpkg_noto_sans_arabic").joinpath("files")), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu"],
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        for name, (page_file, window) in views.items():
            context = browser.new_context(reduced_motion="reduce", **window)
            page = context.new_page()
            page.goto(page_file.as_uri())
            page.wait_for_selector("html.ready", state="attached")
            shots.append(folder / name)
            page.screenshot(path=shots[-1])
            context.close()
        browser.close()
    return shots


def photograph_paper(pdf: Path, shot: Path) -> Path:
    """Keep the pages of a handout side by side."""
    pages = [page.render(scale=PAPER_DPI / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)][:2]
    both = Image.new("RGB", (sum(page.width for page in pages), pages[0].height), "white")
    for place, page in enumerate(pages):
        both.paste(page, (place * pages[0].width, 0))
    both.save(shot)
    return shot


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
        share = publish_study(study, today=MADE_ON, languages=("en", "ur")).folder
        views = {shot: (study / "out" / "map.html", window) for shot, window in WINDOWS.items()}
        views |= {shot: (share / page, WINDOWS[window]) for shot, (page, window) in PUBLISHED.items()}
        if REAL.exists():
            page = publish_real_place(Path(name) / "real")
            views |= {shot: (page, window) for shot, window in REAL_WINDOWS.items()}
        else:
            print(f"No new pictures of a real place: there is no {REAL}.")
        shots = photograph(views, Path(name), chromium=chromium)
        for shot in [*shots, photograph_paper(share / PAPER[1], Path(name) / PAPER[0])]:
            reduce_colours(shot, PICTURES / shot.name)
        picture_sheet(study, PICTURES / "sheet.png")
    for picture in sorted(PICTURES.glob("*.png")):
        print(f"{picture.stat().st_size / 1000:.0f} kB  {picture.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
