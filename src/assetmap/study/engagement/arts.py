"""Works that came of walks and workshops, such as films, postcards and books, brought into a study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyproj import CRS

from assetmap.engagement.references import slug_of
from assetmap.errors import InputError
from assetmap.files import write_json
from assetmap.folders import write_folder
from assetmap.sources.licences import LICENCES, read_licence
from assetmap.sources.media import read_media
from assetmap.sources.story_sheets import WORK_KINDS, read_story_sheet
from assetmap.study.create import copy_in
from assetmap.study.engagement.decision_tables import study_lock
from assetmap.study.engagement.walk_stories import STORIES_FILE, WALK_FILE, WALKS_FOLDER, stories_name, walk_ids
from assetmap.study.engagement.walking import copy_recordings
from assetmap.study.inputs import read_area_and_box
from assetmap.study.settings import read_settings
from assetmap.table_files import write_geopackage
from assetmap.tally import Tally
from assetmap.walks.stories import files_meant, stories_of

__all__ = ["import_arts"]

Say = Callable[[str], None]


def import_arts(
    folder: Path, sheet: Path, media: Path, *, today: str, name: str = "arts", say: Say = lambda _: None
) -> tuple[int, list[Tally]]:
    """Bring works into ``walks/<name>/`` of a study, where they are stories like those of a walk, but without a track.

    The same name again takes the place of what was there.

    Parameters
    ----------
    folder
        The study folder.
    sheet
        A filled ``assetmap template arts``, or a table with such columns: CSV or XLSX.
    media
        The folder of its files, which are copied unchanged.
    today
        ISO date, written into the GeoPackage.
    name
        What the collection is called.
    say
        Called with a line for a person at each step.

    Returns
    -------
    int
        How many works there are.
    list of Tally
        What was read; files that no row speaks of are dropped.

    Raises
    ------
    AssetMapError
        If the folder is no study; or a row names no file, one that isn't there or can't be read, or one that another
        row names, says no consent, licence or place that is known. What was there stays.
    """
    area, near = read_area_and_box(folder, read_settings(folder))
    crs = CRS.from_user_input(area.crs)
    collection = slug_of(name)
    if (folder / WALKS_FOLDER / collection / "track.gpx").exists():
        raise InputError(f"{collection} is a walk of this study: call the works something else with --name.")
    say(f"reading the works in {sheet.name}")
    rows, sheet_tally = read_story_sheet(sheet, crs=crs, near=near)
    found, media_tally = read_media(media)
    rows = _on_walks(folder, rows, sheet.name)
    _require(rows, found, media_tally, sheet.name)
    rows["licence"] = rows["licence"].map(read_licence)
    meant = files_meant(found, rows["file"])
    shown = found.iloc[meant.astype(int)].assign(at=pd.Series(pd.NaT, index=found.index, dtype="datetime64[ms, UTC]"))
    placed = gpd.GeoDataFrame(shown, geometry=rows.geometry.to_numpy(), crs=crs)
    media_tally.drop("no row speaks of it", sorted(set(found["file"]) - set(shown["file"])))
    nowhere = gpd.GeoDataFrame({"at": pd.Series([], dtype="datetime64[ms, UTC]")}, geometry=[], crs=crs)
    stories = stories_of(placed, rows, nowhere, walk_id=collection, tally=sheet_tally)
    stops = gpd.GeoDataFrame({"number": np.array([], dtype=np.int64)}, geometry=[], crs=crs)
    with study_lock(folder), write_folder(folder / WALKS_FOLDER / collection) as target:
        copy_in(sheet, target / f"stories{sheet.suffix.lower()}")
        copy_recordings(media, shown["file"], target / "media")
        write_geopackage(target / STORIES_FILE, {"stops": stops, "stories": stories}, made_on=today)
        tallies = [media_tally.as_dict(), sheet_tally.as_dict()]
        files = dict(zip(shown["file"], shown["sha256"], strict=True))
        write_json(target / WALK_FILE, {"walk_id": collection, "media": files, "tallies": tallies})
    return len(stories), [media_tally, sheet_tally]


def _on_walks(folder: Path, rows: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    """Put works without a place of their own on the way of the walk that they name."""
    walks = [walk for walk in walk_ids(folder) if (folder / WALKS_FOLDER / walk / "track.gpx").exists()]
    placed = rows.copy()
    for row, name in rows.loc[rows.geometry.isna(), "walk"].dropna().items():
        if slug_of(name) not in walks:
            known = f"there are {', '.join(walks)}" if walks else "import its track first, or give the work a place"
            raise InputError(f"{what}, row {row}: this study has no walk {name!r}: {known}.")
        way = pyogrio.read_dataframe(folder / stories_name(slug_of(name)), layer="way").to_crs(rows.crs)
        placed.loc[row, "geometry"] = way.geometry.iloc[0]
    return placed


def _require(rows: gpd.GeoDataFrame, found: pd.DataFrame, tally: Tally, what: str) -> None:
    """Refuse a sheet of which a row can't be shown as it says, by the first that is so."""
    if rows.empty:
        raise InputError(f"{tally.source} and {what}: no work is left to bring in: fill in a row for each.")
    meant = files_meant(found, rows["file"])
    unread = dict(tally.rows)
    for row, said in rows.iterrows():
        name = said["file"]
        if pd.isna(name):
            problem = "names no file: write its name in the column `file`"
        elif pd.isna(meant[row]):
            why = next((why for file, why in unread.items() if file.endswith(str(name))), "isn't in the folder")
            problem = f"{name} {why}: put it there, or correct its name"
        elif said["consent"] == "unknown":
            problem = f"of {name} nobody has said what was agreed to: write public, partners, research or none"
        elif pd.isna(said["licence"]) or read_licence(said["licence"]) is None:
            told = "no licence" if pd.isna(said["licence"]) else f"no licence that is known ({said['licence']!r})"
            problem = f"{name} has {told}: write one of {', '.join(LICENCES)}"
        elif pd.notna(said["work"]) and said["work"] not in WORK_KINDS:
            problem = f"{name} is of no known kind ({said['work']!r}): write one of {', '.join(WORK_KINDS)}"
        elif pd.isna(said["geometry"]):
            problem = f"{name} has no place: give a longitude and latitude, a grid reference, or the walk it belongs to"
        else:
            continue
        raise InputError(f"{what}, row {row}: {problem}.")
