"""The whole way: sheets printed, drawn on, photographed, read, reviewed, and on the map as counts."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from assetmap.measures.perceived import BARRED_THEMES
from tests.benchmarks.kiosk.printing import printed_sheets
from tests.benchmarks.kiosk.scenes import TUNING_SEEDS, scene
from tests.benchmarks.kiosk.sheets import read_sheet
from tests.cli.program import run_here

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with two copies of one A3 sheet, each drawn on by others, read from their photographs."""
    sheets = printed_sheets(tmp_path_factory.mktemp("path"), "A3")
    folder = sheets[0].parents[2]
    for number, seed in enumerate(TUNING_SEEDS[:2], 1):
        photo = folder / f"photo-{number}.jpg"
        photo.write_bytes(scene(seed, read_sheet(sheets[0])).jpeg())
    run_here("kiosk", "read", folder, *folder.glob("photo-*.jpg"), "--session", "market", "--quiet").worked()
    return folder


def annotations(folder: Path) -> gpd.GeoDataFrame:
    run_here("build", folder, "--quiet").worked()
    table = gpd.read_file(folder / "out/assetmap.gpkg", layer="annotations")
    return table[table["session_id"].eq("market")].set_index("annotation_id")


def test_from_a_sheet_to_the_map(study: Path, tmp_path: Path):
    read = annotations(study)
    assert set(read["consent"]) == {"unknown"}
    assert read["sheet_id"].nunique() == 2  # two copies are two voices
    assert read[["pen_colour", "confidence", "crop", "theme"]].notna().all(axis=None)
    assert all((study / crop).is_file() for crop in read["crop"])
    run_here("kiosk", "review", study, "--quiet").worked()
    place = read.geometry.iloc[0].representative_point()
    assert place.within(gpd.read_file(study / "out/assetmap.gpkg", layer="zones").union_all().buffer(1000))

    assets = gpd.read_file(study / "out/assetmap.gpkg", layer="assets").set_index("asset_id")
    assets = assets[assets["duplicate_of"].isna() & (assets["access"] != "restricted")]
    about = read.index[[assets.distance(mark).min() < 50 for mark in read.geometry]]
    later = read.loc[about, "sheet_id"].str.endswith(".2")
    first, second = about[later][0], about[~later][0]
    marks = [
        {"id": mark, "decision": "accept", "theme": "flooding", "sentiment": "negative", "consent": "research"}
        for mark in (first, second)
    ] + [
        {"id": mark, "decision": "reject"} for mark in read.index.difference([first, second])
    ]  # fmt: skip
    review = tmp_path / "reviews.json"
    review.write_text(json.dumps({"format": "assetmap-review", "reviewer": "AB", "marks": marks}))
    run_here("kiosk", "apply", study, review, "--quiet").worked()
    reviewed = annotations(study)
    assert sorted(reviewed.index) == sorted([first, second])
    assert reviewed["reviewed_by"].eq("AB").all()
    assert reviewed["consent"].eq("research").all()
    themes = pd.read_csv(study / "out/marks_by_theme.csv").set_index("theme")
    assert themes.at["flooding", "cells"] >= 1
    perceived = pd.read_csv(study / "out/perceived_access.csv").set_index("asset_id")
    every = gpd.read_file(study / "out/assetmap.gpkg", layer="annotations")
    barred = every[every["sentiment"].eq("negative") | every["theme"].isin(BARRED_THEMES)]
    voice = barred["sheet_id"].where(barred["sheet_id"].fillna("") != "", barred["annotation_id"])
    for mark in reviewed.geometry:  # what sheets say is told of the places that they lie by (M13)
        for place in assets.index[assets.distance(mark) < 50]:
            near = barred.distance(assets.geometry[place]) <= 50
            assert perceived.at[place, "sheets_barred"] == voice[near].nunique() >= 1
    assert "flooding" in (study / "out/map.html").read_text(encoding="utf-8")
