"""Perceived against measured access: what residents say of a place beside how many people it is near to (M13)."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.crs import require_metric
from assetmap.errors import CRSError, UsageError
from assetmap.measures.marks import voices_of

__all__ = ["BARRED_THEMES", "VERDICTS", "perceived_access"]

BARRED_THEMES = ("hard to cross", "would like to use", "feels unsafe")
"""Themes that say that a place can't be reached or isn't used, whatever the mark's feeling."""
VERDICTS = ("near, yet said not to be reached or used", "far, yet used", "near and used", "far and not used", "divided")


def perceived_access(
    annotations: gpd.GeoDataFrame,
    assets: gpd.GeoDataFrame,
    share_within: pd.Series[float],
    *,
    barred_themes: Collection[str] = BARRED_THEMES,
    about_m: float = 50.0,
    most: float = 0.5,
) -> pd.DataFrame:
    """Put what residents say of each place beside the share of people who have it near.

    A mark is about the places within `about_m` of it. It says that a place isn't reached or used where its theme
    is one of `barred_themes` or its feeling is negative, and that it is used where its feeling is positive. Sheets
    are counted, not strokes; without a sheet, contributors (`voices_of`).

    Parameters
    ----------
    annotations
        Table ``annotations``, metric CRS.
    assets
        Table ``assets``, same CRS.
    share_within
        Asset id -> share of the neighbourhood's people (0 to 1) who have it within reach. An asset that isn't in
        it is near to nobody; where the share is NaN the measured side isn't known and there is no verdict.
    barred_themes
        Themes that say that a place can't be reached or isn't used.
    about_m
        How far a mark may be from a place and still be about it, in metres.
    most
        From which share on a place counts as near.

    Returns
    -------
    DataFrame
        A row for each asset that a mark is about, sorted by id: ``asset_id``, ``name``, ``category``,
        ``sheets_barred``, ``sheets_using``, ``share_within``, ``verdict`` (one of `VERDICTS`, or null).

    Raises
    ------
    CRSError
        If the frames aren't in one metric CRS.
    UsageError
        If `about_m` is below 0 or `most` isn't a share.

    Examples
    --------
    >>> marks = gpd.GeoDataFrame({"annotation_id": ["a"], "sheet_id": ["S1"], "theme": ["hard to cross"],
    ...     "sentiment": ["negative"]}, geometry=gpd.points_from_xy([0], [10]), crs=27700)
    >>> park = gpd.GeoDataFrame({"asset_id": ["p"], "name": ["Park"], "category": ["park"]},
    ...     geometry=gpd.points_from_xy([0], [0]), crs=27700)
    >>> perceived_access(marks, park, pd.Series({"p": 0.9}))["verdict"].tolist()
    ['near, yet said not to be reached or used']
    """
    if require_metric(annotations, "the annotations") != require_metric(assets, "the assets"):
        raise CRSError("the annotations and the assets differ in CRS: project them to one.")
    if about_m < 0 or not 0 <= most <= 1:
        raise UsageError(f"about_m {about_m} and most {most}: give a distance from 0 m and a share from 0 to 1.")
    places, marks = assets.reset_index(drop=True), annotations.reset_index(drop=True)
    barred = marks["theme"].isin(barred_themes) | (marks["sentiment"] == "negative")
    using = (marks["sentiment"] == "positive") & ~barred
    voice = voices_of(marks)
    tree = shapely.STRtree(places.geometry.to_numpy())
    mark, place = tree.query(marks.geometry.to_numpy(), predicate="dwithin", distance=about_m)
    about = pd.DataFrame({"place": place, "barred": voice.where(barred)[mark], "using": voice.where(using)[mark]})
    said = about.groupby("place").agg(sheets_barred=("barred", "nunique"), sheets_using=("using", "nunique"))
    said = said[said.sum(axis="columns") > 0]
    found = places.loc[said.index, ["asset_id", "name", "category"]].join(said)
    known = share_within.reindex(found["asset_id"]).to_numpy(dtype=float)
    found["share_within"] = np.where(found["asset_id"].isin(share_within.index), known, 0.0)
    found["verdict"] = _verdicts(found, most)
    return pd.DataFrame(found.sort_values("asset_id", ignore_index=True))


def _verdicts(found: pd.DataFrame, most: float) -> pd.Series[str]:
    near = found["share_within"] >= most
    barred, using = found["sheets_barred"], found["sheets_using"]
    said_not_used, yet_used, used, not_used, divided = VERDICTS
    verdict = pd.Series(divided, index=found.index, dtype="str")
    verdict = verdict.mask(near & (barred > using), said_not_used).mask(~near & (using > barred), yet_used)
    verdict = verdict.mask(near & (using > barred), used).mask(~near & (barred > using), not_used)
    return verdict.where(found["share_within"].notna())
