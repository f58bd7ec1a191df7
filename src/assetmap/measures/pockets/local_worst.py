"""Zones that are worst among those round them: deprivation that the better area about them hides."""

from __future__ import annotations

from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.errors import InputError, UsageError
from assetmap.measures.pockets.contiguity import GAP_M, neighbouring_zones

__all__ = ["locally_worst"]


def locally_worst(
    zones: gpd.GeoDataFrame,
    *,
    size: int,
    deciles: float = 2.0,
    rule: Literal["queen", "rook"] = "queen",
    gap_m: float = GAP_M,
) -> pd.DataFrame:
    r"""Find zones that are much more deprived than every zone round them: the poor street of a better area.

    The gap is :math:`10 (\min_j r_j - r_i) / N`, in tenths of the nation's zones, over the neighbours j of
    zone i; a zone is locally worst where it is `deciles` or more. Unlike a decile, it can't turn on a
    hair's breadth at the line between two deciles. Local Moran's I (Anselin 1995) asks a neighbouring
    question, whether a zone differs from the mean of those round it more than chance would have it;
    here the neighbours are all of them known and none is averaged away.

    Parameters
    ----------
    zones
        Table ``zones``, metric CRS, with ``imd_rank``.
    size
        How many areas the edition ranks: 32,844 in 2019, 33,755 in 2025.
    deciles
        How much worse than the next worst neighbour, in tenths of the nation.
    rule, gap_m
        Which zones are neighbours, as for `neighbouring_zones`.

    Returns
    -------
    DataFrame
        On the index of `zones`: ``neighbours`` (how many have a rank), ``gap_deciles`` (below 0 where a neighbour
        is worse; NaN without rank or neighbours), ``locally_worst``, and ``on_edge``: the zone is at the outer
        edge of the zones given, so a worse neighbour may not be among them.

    Raises
    ------
    CRSError
        If the zones aren't in metres.
    InputError
        If a rank is beyond the edition's size, or zones overlap.
    UsageError
        If the gap asked for isn't above 0.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115.

    Examples
    --------
    >>> zones = gpd.GeoDataFrame({"zone_code": ["A", "B", "C"], "imd_rank": [20000, 5000, 15000]},
    ...     geometry=[shapely.box(100 * x, 0, 100 * x + 100, 100) for x in range(3)], crs=27700)
    >>> locally_worst(zones, size=33755)[["gap_deciles", "locally_worst"]].round(2).values.tolist()
    [[-4.44, False], [2.96, True], [-2.96, False]]
    """
    if not deciles > 0:
        raise UsageError(f"a gap of {deciles} deciles sets no zone apart: give a number above 0.")
    rank = zones["imd_rank"].astype(float).to_numpy()
    if np.nanmax(rank, initial=1) > size or np.nanmin(rank, initial=1) < 1:
        raise InputError(f"a rank is outside 1 to {size:,}, the areas of the index: of another edition?")
    one, other = neighbouring_zones(zones, rule=rule, gap_m=gap_m)
    ranked = ~np.isnan(rank[other])
    best = np.full(len(zones), np.inf)
    np.minimum.at(best, one[ranked], rank[other[ranked]])
    gap = np.where(np.isfinite(best), 10 * (best - rank) / size, np.nan)
    return pd.DataFrame(
        {
            "neighbours": np.bincount(one[ranked], minlength=len(zones)),
            "gap_deciles": gap,
            "locally_worst": gap >= deciles,
            "on_edge": _on_edge(zones.geometry.to_numpy(), gap_m),
        },
        index=zones.index,
    )


def _on_edge(shapes: Any, gap_m: float) -> Any:
    """Return which shapes touch the outline of them all; holes inside aren't an edge."""
    outline = shapely.get_exterior_ring(shapely.get_parts(shapely.union_all(shapes)))
    row, _ = shapely.STRtree(shapes).query(outline, predicate="dwithin", distance=gap_m)[::-1]
    found = np.zeros(len(shapes), dtype=bool)
    found[row] = True
    return found
