"""Residents' marks beside each other, and beside what is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from assetmap.measures.catchments import travel_costs
from assetmap.measures.marks import AgreedCells, agree_marks
from assetmap.measures.perceived import perceived_access
from assetmap.network import PROFILES
from assetmap.study.figures.routes import routing_to

if TYPE_CHECKING:
    from assetmap.network import WalkNetwork
    from assetmap.study.inputs import Inputs
    from assetmap.study.settings import Settings

__all__ = ["MarkFigures", "figures_of_marks"]

NEAR_MINUTES = 10.0
"""The walk that counts as near: the one that the what-if and the hubs count by unless told otherwise."""
ABOUT_M = 50.0
"""How far a mark may be from a place and still be about it: 2 cm on a sheet at 1:2,500."""


class MarkFigures(NamedTuple):
    """What a build says of the marks."""

    agreed: AgreedCells
    perceived: pd.DataFrame


def figures_of_marks(
    inputs: Inputs, settings: Settings, usable: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, network: WalkNetwork | None
) -> MarkFigures:
    """Return where sheets agree, and where what residents say of a place and how near it is don't go together."""
    marks = inputs.annotations
    about = usable[_near(usable, marks)].reset_index(drop=True)
    routing, profile = routing_to(inputs, about, network), PROFILES[settings.access.profile]
    costs = travel_costs(origins, about, limit_minutes=NEAR_MINUTES, routing=routing, profile=profile)
    reached = origins["people"].reindex(costs["origin"]).set_axis(about["asset_id"].reindex(costs["supply"]))
    people = reached.groupby(level=0).sum(min_count=1) / origins["people"].sum(min_count=1, skipna=False)
    return MarkFigures(agree_marks(marks), perceived_access(marks, about, people, about_m=ABOUT_M))


def _near(usable: gpd.GeoDataFrame, marks: gpd.GeoDataFrame) -> pd.Series[bool]:
    tree = shapely.STRtree(marks.geometry.to_numpy())
    place, _ = tree.query(usable.geometry.to_numpy(), predicate="dwithin", distance=ABOUT_M)
    return pd.Series(usable.index.isin(usable.index[place]), index=usable.index)
