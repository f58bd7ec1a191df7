"""The kiosk's marks as annotations of the study that they were drawn for."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError
from pyproj import CRS

from assetmap.errors import InputError
from assetmap.kiosk.review.settling import REVIEW_COLUMNS, annotations_of
from assetmap.schema import ANNOTATIONS, empty_frame, validate_table
from assetmap.tally import Tally

__all__ = ["MARKS_FILE", "MARK_LAYERS", "join_layers", "read_kiosk_marks", "read_layers"]

MARKS_FILE = "kiosk/marks.gpkg"
MARK_LAYERS = ("points", "lines", "areas", "writing")
"""Layers that hold marks; beside them is ``rejects``."""


def read_layers(folder: Path) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a study's `MARKS_FILE`; none if nothing has been read.

    Raises
    ------
    InputError
        If the file can't be read.
    """
    path = folder / MARKS_FILE
    if not path.exists():
        return {}
    try:
        return {str(name): pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)}
    except DataSourceError as error:
        raise InputError(f"{path} can't be read ({error}): put it back from a copy of the study.") from error


def join_layers(before: gpd.GeoDataFrame | None, now: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows of two layers as one, in the CRS of the first."""
    if before is None or before.empty:
        return now
    if now.empty:
        return before
    both = pd.concat([before.astype(object), now.to_crs(before.crs).astype(object)], ignore_index=True)
    return gpd.GeoDataFrame(both.infer_objects(), geometry="geometry", crs=before.crs)


def read_kiosk_marks(folder: Path, crs: CRS) -> tuple[gpd.GeoDataFrame, Tally]:
    """Read the marks that the kiosk has taken off photographs into the annotation table, as reviewers decided.

    What was rejected, and writing of which nobody has said what it is, is counted and left out.

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
    tally = Tally(MARKS_FILE)
    layers = read_layers(folder)
    frames = [layers[name].to_crs(crs) for name in MARK_LAYERS if name in layers and not layers[name].empty]
    if not frames:
        empty: gpd.GeoDataFrame = empty_frame("annotations", crs)
        return empty, tally
    columns = [*ANNOTATIONS, "belongs_to", *REVIEW_COLUMNS, "geometry"]
    both = pd.concat([frame.reindex(columns=columns).astype(object) for frame in frames], ignore_index=True)
    marks = annotations_of(gpd.GeoDataFrame(both, geometry=gpd.GeoSeries(both["geometry"], crs=crs), crs=crs), tally)
    table = marks[list(ANNOTATIONS)].astype({name: column.dtype for name, column in ANNOTATIONS.items()})
    placed = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(marks["geometry"], crs=crs), crs=crs)
    return validate_table(placed, "annotations", what=MARKS_FILE), tally
