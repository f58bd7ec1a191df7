"""A study's walks through the gate: the stops with the words, photographs and recordings that may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.disclosure.consent import strictest_consent
from assetmap.disclosure.gate import Passed, Terms, Withheld, join, pass_frame
from assetmap.disclosure.photographs import release_photograph
from assetmap.disclosure.recordings import release_recording
from assetmap.disclosure.stamp import stamp
from assetmap.errors import InputError, MissingInputError
from assetmap.files import require_file
from assetmap.study.engagement.gallery import SHOWN_PX, credit_of
from assetmap.study.engagement.walk_stories import WALKS_FOLDER, read_stops, read_stories, walk_ids
from assetmap.study.tombstones import leave_out, read_tombstones
from assetmap.walks.stories import number_stops

__all__ = ["MEDIA", "STOPS", "pass_walks", "without_stories"]

STOPS, MEDIA = "stops", "media"
"""Names of the frames. ``media`` has ``file`` (its name in the release), ``kind``, ``data``, ``stop``, ``credit``,
``title``, ``work`` (what kind of work it is, missing of what isn't one), ``alt``."""
KEPT = ("media", "media_kind", "credit", "licence", "work")
_BROKEN = "it can't be encoded anew without what else is in the file"
_GET_AGAIN = "put a whole file in its place, and import the walk again"
_ENDINGS = {"photograph": "jpg", "sound": "m4a", "film": "mp4"}


def pass_walks(folder: Path, marks: gpd.GeoDataFrame, terms: Terms) -> Passed:
    """Let the stories of walks through as their tellers have agreed, at the stops where they were told.

    A walk in a group goes along public streets: where a story was told is shown as it is to those for whom its teller
    has consented. Titles and words are screened like all words. Photographs, sound and film are encoded anew; a person
    has let each pass by giving it its consent.

    Parameters
    ----------
    folder
        The study folder.
    marks
        Table ``annotations``, the stories among them, in the study's metric CRS: what somebody has agreed to holds
        for all that is theirs, wherever it was told.
    terms
        Of the release.

    Returns
    -------
    Passed
        With the frames `STOPS` and `MEDIA` where there are any.
    """
    tombstones, crs = read_tombstones(folder), marks.crs
    strictest = strictest_consent(marks)
    said_no = marks["consent"] == "none"  # a no that another's row brings is said by nobody of all of theirs
    strictest = strictest.where((strictest != "none") | said_no, "unknown")
    holds = dict(zip(marks["annotation_id"], strictest, strict=True))
    parts, stops, media = list[Passed](), list[gpd.GeoDataFrame](), list[pd.DataFrame]()
    for walk in walk_ids(folder):
        stories, _ = leave_out(*read_stories(folder, walk, crs), tombstones)
        stories["consent"] = stories["annotation_id"].map(holds).fillna("unknown").astype("str")
        passed = pass_frame(
            stories, terms, name="stories", keep=KEPT, words=("title", "text", "theme", "alt"), item="annotation_id"
        )
        shown = gpd.GeoDataFrame(passed.frames["stories"], crs=crs)
        lost, files = _released(folder / WALKS_FOLDER / walk / "media", shown)
        parts.append(replace(passed, frames={}, withheld=(*passed.withheld, *lost)))
        told = shown[shown["text"].notna() | shown.index.isin(files.index)]
        if len(told):
            placed, recorded = _at_stops(told, files, read_stops(folder, walk, crs), first=sum(map(len, stops)))
            stops.append(placed)
            media.append(recorded)
    if not stops:
        return join(parts)
    frames = {STOPS: gpd.GeoDataFrame(pd.concat(stops, ignore_index=True), crs=crs)}
    if sum(map(len, media)):
        frames[MEDIA] = _named(pd.concat(media, ignore_index=True))
    return join([*parts, Passed(frames={name: stamp(frame, terms.audience) for name, frame in frames.items()})])


def _at_stops(
    told: gpd.GeoDataFrame, files: pd.DataFrame, still: gpd.GeoDataFrame, *, first: int
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return a walk's stops, numbered on from `first`, and its recordings with the stop of each."""
    stops = number_stops(told.assign(annotation_id=told.index.astype(str)), still)
    stops["number"] += first
    stop_of = {
        int(row): number for number, rows in zip(stops["number"], stops["stories"], strict=True) for row in rows.split()
    }
    return stops.drop(columns="stories"), files.assign(stop=[stop_of[row] for row in files.index])


def without_stories(marks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return residents' marks with no words on those of walks: they stand at their stops, and nowhere else beside."""
    of_walks = marks["source"].str.startswith(f"{WALKS_FOLDER}/")
    return marks.assign(text=marks["text"].mask(of_walks))


def _released(folder: Path, shown: pd.DataFrame) -> tuple[list[Withheld], pd.DataFrame]:
    """Return recordings encoded anew, on the rows' index, and those for which that can't be done."""
    lost, rows = [], list[tuple[int, str, bytes, str]]()
    for row, name, kind, credit in _recordings(shown):
        path = folder / name
        try:
            if kind == "photograph":
                data = release_photograph(require_file(path, kind).read_bytes(), longest_px=SHOWN_PX, what=name)
            else:
                data = release_recording(path, "film" if kind == "film" else "sound")
        except (InputError, MissingInputError) as error:
            lost.append(Withheld("recordings", name, _BROKEN, _GET_AGAIN, str(error)))
            continue
        rows.append((row, kind, data, credit))
    table = pd.DataFrame(rows, columns=["row", "kind", "data", "credit"]).set_index("row")
    return lost, table.join(shown[["title", "work", "alt"]])


def _recordings(shown: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    """Give each recording: row, file, kind, and who made it under which licence."""
    with_file = shown[shown["media"].notna()]
    for row, name, kind, credit, licence, _ in with_file[list(KEPT)].itertuples():
        yield int(row), str(name), str(kind), credit_of(credit, licence)


def _named(media: pd.DataFrame) -> pd.DataFrame:
    """Name the files by the stop that they belong to: what they were called may tell of a person."""
    place = media.groupby("stop").cumcount() + 1
    names = [
        f"stop-{stop}-{n}.{_ENDINGS[kind]}" for stop, n, kind in zip(media["stop"], place, media["kind"], strict=True)
    ]
    return media.assign(file=names, stop=media["stop"].astype(np.int64)).reset_index(drop=True)
