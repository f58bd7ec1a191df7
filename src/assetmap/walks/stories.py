"""Stories told on a walk: one for each recording or row of the sheet, as annotations; and the stops that hold them."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.errors import InputError
from assetmap.schema import ANNOTATIONS, MARK_KINDS, validate_table
from assetmap.sources.story_sheets import WORK_KINDS
from assetmap.tally import Tally
from assetmap.walks.track import positions_at

__all__ = ["STORY_EXTRAS", "files_meant", "number_stops", "stories_of"]

STORY_EXTRAS = ("title", "media", "media_kind", "credit", "licence", "work", "alt", "at")
"""Columns of stories beyond those of annotations: ``media`` is the file within the walk, ``work`` what kind of work it
is, ``alt`` what can be seen on it, ``at`` is UTC."""
_SAME_STOP_M = 40.0


def stories_of(
    placed: gpd.GeoDataFrame, sheet: gpd.GeoDataFrame | None, track: gpd.GeoDataFrame, *, walk_id: str, tally: Tally
) -> gpd.GeoDataFrame:
    """Return the stories of a walk as annotations.

    A recording's words are the sheet's, else its transcript. What the sheet doesn't speak of has the consent
    ``unknown``, which is treated as none. A sheet's own place of a recording, such as an area, goes before the track's.

    Parameters
    ----------
    placed
        As `placing.place_media` returns it.
    sheet
        As `sources.story_sheets.read_story_sheet` returns it, or None.
    track
        The cleaned track: rows with a time and no place lie where the walk was then.
    walk_id
        The walk's name in the study, which is the session of its stories.
    tally
        The sheet's: rows about files that have no place, and rows without a place, are dropped.

    Returns
    -------
    GeoDataFrame
        The annotation table with `STORY_EXTRAS`, by time. ``annotation_id`` is ``<walk>:<first 12 of the file's
        sha256>``, or ``<walk>:row<n>`` for a row about no file.
    """
    files = _of_files(placed, walk_id)
    if sheet is None:
        parts = [files]
    else:
        about = files_meant(placed, sheet["file"])
        strange = sheet["file"].notna() & about.isna()
        sheet = tally.drop_where(sheet, strange, "about a file that isn't there or has no place", "row {}".format)
        rows = sheet[sheet["file"].notna()].set_axis(about.dropna())
        parts = [_said(files, rows), _of_rows(sheet[sheet["file"].isna()], track, walk_id, tally)]
    stories = pd.concat([part for part in parts if len(part)] or [files], ignore_index=True)
    stories["observed_on"] = stories["at"].dt.strftime("%Y-%m-%d").astype("str")
    stories["kind"] = np.array(MARK_KINDS)[shapely.get_dimensions(stories.geometry.to_numpy())]
    stories = stories.sort_values(["at", "annotation_id"], na_position="last", ignore_index=True)
    return validate_table(_with_contract(stories, walk_id), "annotations", what=f"the stories of {walk_id}")


def _of_files(placed: gpd.GeoDataFrame, walk_id: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "annotation_id": [f"{walk_id}:{sha[:12]}" for sha in placed["sha256"]],
            "text": placed["transcript"],
            "consent": "unknown",
            "media": placed["file"],
            "media_kind": placed["kind"],
            "at": placed["at"],
        },
        geometry=placed.geometry,
        crs=placed.crs,
    ).reset_index(drop=True)


def files_meant(media: pd.DataFrame, written: pd.Series) -> pd.Series:
    """Return which row of `media` each written name means, by its position; missing where it means none.

    Parameters
    ----------
    media
        ``file`` and ``copies``, as `sources.media.read_media` has them.
    written
        Names with ``/``, with or without the folders that the files are in, or missing; ``./a.jpg`` is in none. Case
        doesn't count.

    Raises
    ------
    InputError
        If a name is that of several files, or several names are those of one.
    """
    names = media["file"].str.cat(media["copies"], sep="\n", na_rep="").str.strip("\n").str.casefold().str.split("\n")
    known = [(f"./{name}", row) for row, own in enumerate(names) for name in own]

    def row_of(name: str) -> float:
        folded = name.casefold()
        found = {row for own, row in known if own == folded or own.endswith(f"/{folded}")}
        found = found or {row for own, row in known if folded.endswith(own[1:])}  # it is written with more folders
        if len(found) > 1:
            raise InputError(
                f"{name} is the name of {len(found)} files: write their folders too, such as "
                f"{' and '.join(own for own, row in known if row in found)}."
            )
        return found.pop() if found else np.nan

    meant = written.map(row_of, na_action="ignore").astype("float64")
    twice = meant[meant.notna() & meant.duplicated(keep=False)]
    if len(twice):
        same = written[twice.index[twice == twice.iloc[0]]]
        raise InputError(f"{' and '.join(same)} are one file, and a row speaks of each: leave one of them.")
    return meant


def _said(files: gpd.GeoDataFrame, rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the recordings what the sheet says of them; `rows` are numbered as they are."""
    told = files.copy()
    matched = rows.reindex(files.index)
    for column in ("title", "theme", "sentiment", "contributor_id", "credit", "licence", "work", "alt"):
        told[column] = matched[column].to_numpy()
    told["text"] = matched["text"].reset_index(drop=True).fillna(told["text"])
    told["consent"] = matched["consent"].reset_index(drop=True).fillna("unknown")
    own = gpd.GeoSeries(matched.geometry.to_numpy(), crs=files.crs)
    told["geometry"] = own.where(own.notna(), told.geometry)
    return told


def _of_rows(rows: gpd.GeoDataFrame, track: gpd.GeoDataFrame, walk_id: str, tally: Tally) -> gpd.GeoDataFrame:
    """Return stories that nothing was recorded of, where they say, else where the walk was at their time."""
    if len(track) and track["at"].notna().all():
        rows = rows.set_geometry(rows.geometry.where(rows.geometry.notna(), positions_at(track, rows["time"])))
    rows = tally.drop_where(rows, rows.geometry.isna(), "its time is not one of the walk", "row {}".format)
    ids = [f"{walk_id}:row{row}" for row in rows.index]
    return rows.drop(columns="file").rename(columns={"time": "at"}).assign(annotation_id=ids).reset_index(drop=True)


def _with_contract(stories: gpd.GeoDataFrame, walk_id: str) -> gpd.GeoDataFrame:
    """Give every column of the contract its dtype; what nobody has said is missing."""
    given: dict[str, Any] = {"session_id": walk_id, "source": f"walks/{walk_id}"}
    table = stories.assign(**given)
    for name, column in ANNOTATIONS.items():
        table[name] = pd.Series(table.get(name), index=table.index, dtype=column.dtype)
    for name in STORY_EXTRAS:
        if name != "at":
            table[name] = pd.Series(table.get(name), index=table.index, dtype="str")
    table["work"] = table["work"].where(table["work"].isna() | table["work"].isin(WORK_KINDS), "other")
    return table[[*ANNOTATIONS, *STORY_EXTRAS, "geometry"]]


def number_stops(stories: gpd.GeoDataFrame, stops: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Gather stories into numbered stops, in the order of the walk.

    Stories within 40 m of a place where the walk stood still belong to it; stories elsewhere that are as near to each
    other belong together. Lines and areas count by a point on them.

    Parameters
    ----------
    stories
        As `stories_of` returns them; those that may be shown.
    stops
        As `track.find_stops` returns them.

    Returns
    -------
    GeoDataFrame
        ``number`` from 1, ``title`` (the first title or theme of its stories; empty where none has any), ``text`` (its
        stories' words, each in quotation marks where there are several), ``stories`` (their ids, separated by spaces),
        points. Stops where nothing was told are left out.
    """
    at = gpd.GeoSeries(shapely.point_on_surface(stories.geometry.to_numpy()), crs=stories.crs)
    places: list[Any] = []
    members: list[list[int]] = []
    still = list(stops.geometry)
    for row, point in enumerate(at):
        anchor = min(still, key=point.distance, default=None)
        here = anchor if anchor is not None and point.distance(anchor) <= _SAME_STOP_M else point
        place = next((n for n, known in enumerate(places) if known.distance(here) <= _SAME_STOP_M / 2), None)
        if place is None:
            places.append(here)
            members.append([row])
        else:
            members[place].append(row)
    told = [stories.iloc[rows] for rows in members]
    table = pd.DataFrame(
        {
            "number": np.arange(1, len(told) + 1),
            "title": [_first(part["title"].fillna(part["theme"])) for part in told],
            "text": pd.Series([_words(part["text"].dropna()) for part in told], dtype="str"),
            "stories": pd.Series([" ".join(part["annotation_id"]) for part in told], dtype="str"),
        }
    )
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(places, crs=stories.crs))


def _first(values: pd.Series) -> str:
    known = values.dropna()
    return "" if known.empty else str(known.iloc[0])


def _words(texts: pd.Series) -> str:
    return str(texts.iloc[0]) if len(texts) == 1 else " ".join(f"“{text}”" for text in texts)
