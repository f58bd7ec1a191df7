"""The works of a study as the team's page shows them: pictures made small, films and sound by their files' names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from assetmap.disclosure.photographs import release_photograph
from assetmap.errors import InputError, MissingInputError
from assetmap.files import require_file
from assetmap.study.engagement.walk_stories import WALKS_FOLDER, read_stories, walk_ids
from assetmap.study.tombstones import leave_out, read_tombstones

__all__ = ["SHOWN_PX", "credit_of", "works_at"]

SHOWN_PX = 640
"""The longer side of a picture on a page."""


def works_at(
    stops: gpd.GeoDataFrame | None,
    folder: Path,
    crs: CRS,
    may_show: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame],
) -> pd.DataFrame | None:
    """Return the works at a study's stops, or None where there are none.

    Parameters
    ----------
    stops
        As `walk_stories.told_stops` returns them.
    folder
        The study folder.
    crs
        Its metric CRS.
    may_show
        Given the stories of a walk, those that may be shown.

    Returns
    -------
    DataFrame
        `maps.MapContent.media`: ``file`` is the original's path in the study, ``data`` a picture's JPEG. Pictures that
        can't be read are left out: the gate says which.
    """
    stop_of = {} if stops is None else _stop_of(stops)
    tombstones, rows = read_tombstones(folder), []
    for walk in walk_ids(folder):
        stories = may_show(leave_out(*read_stories(folder, walk, crs), tombstones)[0])
        for work in stories[stories["work"].notna() & stories["media"].notna()].to_dict("records"):
            path = folder / WALKS_FOLDER / walk / "media" / work["media"]
            data = _picture(path) if work["media_kind"] == "photograph" else b""
            if data is None or work["annotation_id"] not in stop_of:
                continue
            said = {name: work[name] for name in ("title", "work", "alt")}
            kind, credit = work["media_kind"], credit_of(work["credit"], work["licence"])
            file = path.relative_to(folder).as_posix()
            stop = stop_of[work["annotation_id"]]
            rows.append({"file": file, "kind": kind, "data": data, "stop": stop, "credit": credit, **said})
    return pd.DataFrame(rows) if rows else None


def credit_of(maker: Any, licence: Any) -> str:
    """Return who made something and under which licence it is shown, in one line."""
    return ", ".join(str(part) for part in (maker, licence) if not pd.isna(part))


def _stop_of(stops: gpd.GeoDataFrame) -> dict[str, int]:
    return {
        name: int(number)
        for number, names in zip(stops["number"], stops["stories"], strict=True)
        for name in names.split()
    }


def _picture(path: Path) -> bytes | None:
    try:
        return release_photograph(require_file(path, "photograph").read_bytes(), longest_px=SHOWN_PX, what=path.name)
    except (InputError, MissingInputError):
        return None
