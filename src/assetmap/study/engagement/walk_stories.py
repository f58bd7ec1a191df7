"""The walks of a study, as its build and its releases read them: stories as annotations, stops, the way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.schema import ANNOTATIONS, validate_table
from assetmap.study.tombstones import leave_out, read_tombstones
from assetmap.table_files import write_geopackage
from assetmap.tally import Tally
from assetmap.walks.stories import STORY_EXTRAS, number_stops

__all__ = [
    "STORIES_FILE",
    "WALKS_FOLDER",
    "WALK_FILE",
    "forget_stories",
    "read_stops",
    "read_stories",
    "stories_name",
    "told_stops",
    "walk_ids",
]

WALKS_FOLDER = "walks"
STORIES_FILE = "walk.gpkg"
"""Layers ``way`` (not of works, which have no track), ``stops`` and ``stories``."""
WALK_FILE = "walk.json"


def walk_ids(folder: Path) -> list[str]:
    """Return the names of a study's walks, sorted."""
    return sorted(path.parent.name for path in (folder / WALKS_FOLDER).glob(f"[!.]*/{STORIES_FILE}"))


def stories_name(walk_id: str) -> str:
    """Return where the stories of a walk are in the study."""
    return f"{WALKS_FOLDER}/{walk_id}/{STORIES_FILE}"


def read_stories(folder: Path, walk_id: str, crs: CRS) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read the stories of a walk: the annotation table with the columns `walks.stories.STORY_EXTRAS`.

    Raises
    ------
    InputError
        If the file can't be read.
    """
    stories = _layer(folder, walk_id, "stories", crs)
    if missing := [column for column in STORY_EXTRAS if column not in stories]:
        raise InputError(f"{folder / stories_name(walk_id)} has no {missing[0]}: import the walk again.")
    for field, column in ANNOTATIONS.items():
        stories[field] = stories[field].astype(column.dtype)
    name = stories_name(walk_id)
    return validate_table(stories, "annotations", what=name), Tally(name, len(stories))


def read_stops(folder: Path, walk_id: str, crs: CRS) -> gpd.GeoDataFrame:
    """Read where a walk stood still: ``number``, ``begins``, ``ends``, ``duration_s``, points."""
    return _layer(folder, walk_id, "stops", crs)


def _layer(folder: Path, walk_id: str, layer: str, crs: CRS) -> gpd.GeoDataFrame:
    path = folder / stories_name(walk_id)
    try:
        return pyogrio.read_dataframe(path, layer=layer).to_crs(crs)
    except (DataSourceError, ValueError) as error:
        raise InputError(f"{path} can't be read ({error}): import the walk again.") from error


def told_stops(
    folder: Path, crs: CRS, may_show: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]
) -> gpd.GeoDataFrame | None:
    """Return the numbered stops of a study's walks with the stories that may be shown; None where there is none.

    Parameters
    ----------
    folder
        The study folder.
    crs
        Its metric CRS.
    may_show
        Given the stories of a walk, those that may be shown, with the words that may be.

    Returns
    -------
    GeoDataFrame
        ``number`` from 1 over all walks, ``title``, ``text``, ``stories``, ``walk_id``, points.
    """
    tombstones = read_tombstones(folder)
    walks = []
    for walk in walk_ids(folder):
        stories, _ = leave_out(*read_stories(folder, walk, crs), tombstones)
        shown = may_show(stories)
        if len(shown):
            walks.append(number_stops(shown, read_stops(folder, walk, crs)).assign(walk_id=walk))
    if not walks:
        return None
    stops = pd.concat(walks, ignore_index=True)
    stops["number"] = np.arange(1, len(stops) + 1)
    return gpd.GeoDataFrame(stops, crs=crs)


def forget_stories(folder: Path, walk_id: str, forgotten: Collection[str], *, today: str) -> tuple[str, ...]:
    """Write a walk without some of its stories, and return the recordings that still hold them.

    Parameters
    ----------
    folder
        The study folder.
    walk_id
        The walk.
    forgotten
        Ids of stories.
    today
        ISO date, written into the GeoPackage.
    """
    path = folder / stories_name(walk_id)
    layers = {str(name): pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)}
    gone = layers["stories"]["annotation_id"].isin(list(forgotten))
    recordings = layers["stories"].loc[gone, "media"].dropna()
    layers["stories"] = layers["stories"][~gone]
    write_geopackage(path, layers, made_on=today)
    return tuple(f"{WALKS_FOLDER}/{walk_id}/media/{name}" for name in recordings)
