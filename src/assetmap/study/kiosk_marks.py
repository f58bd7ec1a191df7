"""The kiosk's marks as annotations of the study that they were drawn for."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.schema import ANNOTATIONS, Tally, empty_frame, validate_table

__all__ = ["MARKS_FILE", "read_kiosk_marks"]

MARKS_FILE = "kiosk/marks.gpkg"
_LAYERS = ("points", "lines", "areas")
_NO_PLACE = "writing: where it stands is not what it is about"


def read_kiosk_marks(folder: Path, crs: CRS) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read the marks that the kiosk has taken off photographs into the annotation table.

    Writing is counted and left out: it belongs to the mark that it is tied to. Rejects aren't marks.

    Parameters
    ----------
    folder
        The study folder; it has `MARKS_FILE`.
    crs
        The study's metric CRS.

    Raises
    ------
    InputError
        If the file can't be read.
    """
    path = folder / MARKS_FILE
    tally = Tally(MARKS_FILE)
    try:
        names = {str(name) for name, _ in pyogrio.list_layers(path)}
        frames = [pyogrio.read_dataframe(path, layer=name).to_crs(crs) for name in _LAYERS if name in names]
        writing = pyogrio.read_dataframe(path, layer="writing") if "writing" in names else None
    except DataSourceError as error:
        raise InputError(f"{path} can't be read ({error}): read the photographs again.") from error
    frames = [frame for frame in frames if not frame.empty]
    words = [] if writing is None else [str(name) for name in writing["annotation_id"]]
    tally.read = sum(map(len, frames)) + len(words)
    tally.drop(_NO_PLACE, words)
    if not frames:
        empty: gpd.GeoDataFrame = empty_frame("annotations", crs)
        return empty, tally
    both = pd.concat([frame[[*ANNOTATIONS, "geometry"]].astype(object) for frame in frames], ignore_index=True)
    table = both[list(ANNOTATIONS)].astype({name: column.dtype for name, column in ANNOTATIONS.items()})
    placed = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(both["geometry"], crs=crs), crs=crs)
    return validate_table(placed, "annotations", what=MARKS_FILE), tally
