"""Deprivation of an area made of zones, from the English Indices of Deprivation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assetmap.arguments import require_columns
from assetmap.errors import InputError

__all__ = ["decile_of_rank", "extent_weight", "percentile_of_rank", "summarise_deprivation"]


def percentile_of_rank(rank: pd.Series, size: int) -> pd.Series:
    """Return the national percentile ceil(100 r / N) of ranks; 1 is the most deprived.

    Examples
    --------
    >>> percentile_of_rank(pd.Series([1, 14838, 33755]), 33755).tolist()
    [1.0, 44.0, 100.0]
    """
    return (100 * rank.astype(float) / size).apply(np.ceil)


def decile_of_rank(rank: pd.Series, size: int) -> pd.Series:
    """Return the national decile ceil(10 r / N) of ranks; 1 is the most deprived.

    Examples
    --------
    >>> decile_of_rank(pd.Series([1, 14838, 33755]), 33755).tolist()
    [1.0, 5.0, 10.0]
    """
    return (10 * rank.astype(float) / size).apply(np.ceil)


def extent_weight(percentile: pd.Series) -> pd.Series:
    """Return the weight of a zone's people in the *extent* of deprivation.

    1 to percentile 10; 0.95 at 11, falling by 0.9/19 a percentile to 0.05 at 30; 0 beyond.

    Examples
    --------
    >>> extent_weight(pd.Series([10.0, 11.0, 12.0, 20.0, 30.0, 31.0])).round(4).tolist()
    [1.0, 0.95, 0.9026, 0.5237, 0.05, 0.0]

    References
    ----------
    Ministry of Housing, Communities and Local Government. The English Indices of Deprivation: technical report,
    chapter on summary measures.
    """
    falling = 0.95 - (percentile - 11) * 0.9 / 19
    return falling.where(percentile > 10, 1.0).where(percentile <= 30, 0.0).where(percentile.notna())


def summarise_deprivation(zones: pd.DataFrame, *, size: int) -> dict[str, float]:
    """Return the deprivation of the area that some zones make up.

    Weights are people. Ranks and percentiles are national, never of the subset.

    Parameters
    ----------
    zones
        Rows of zones with ``population``, ``imd_score``, ``imd_rank``, ``imd_decile``.
    size
        How many areas the edition ranks: 32,844 in 2019, 33,755 in 2025.

    Returns
    -------
    dict
        ``average_score`` sum(p s)/sum(p); ``average_rank_reversed`` sum(p (N + 1 - r))/sum(p);
        ``share_of_zones_decile_1``, ``share_of_people_decile_1``, ``share_of_people_deciles_1_2`` (the NHS's
        Core20); ``extent`` sum(p w)/sum(p). With ``zones``, ``zones_without_figures`` and ``people``.
        Figures that need people are NaN if any zone's population is unknown.

    Raises
    ------
    InputError
        If a rank is beyond the edition's size.

    Examples
    --------
    >>> zones = pd.DataFrame({"population": [1000.0, 3000.0], "imd_score": [40.0, 20.0],
    ...     "imd_rank": [3000.0, 15000.0], "imd_decile": [1.0, 5.0]})
    >>> found = summarise_deprivation(zones, size=33755)
    >>> found["average_score"], found["share_of_people_decile_1"], found["share_of_zones_decile_1"]
    (25.0, 0.25, 0.5)

    References
    ----------
    Ministry of Housing, Communities and Local Government. The English Indices of Deprivation: technical report,
    chapter on summary measures.
    """
    require_columns(zones, ("population", "imd_score", "imd_rank", "imd_decile"), "the zones")
    known = zones[zones["imd_rank"].notna()]
    if len(known) and (known["imd_rank"].max() > size or known["imd_rank"].min() < 1):
        raise InputError(
            f"a rank of {known['imd_rank'].max():.0f} is beyond the {size:,} areas of the index: of another edition?"
        )
    people = known["population"].astype(float)
    total = people.sum() if people.notna().all() and len(known) else np.nan

    def mean(values: pd.Series) -> float:
        return float((people * values).sum(skipna=False) / total) if total > 0 else float("nan")

    return {
        "zones": len(zones),
        "zones_without_figures": len(zones) - len(known),
        "people": float(total),
        "average_score": mean(known["imd_score"]),
        "average_rank_reversed": mean(size + 1 - known["imd_rank"]),
        "share_of_zones_decile_1": float((known["imd_decile"] == 1).mean()) if len(known) else float("nan"),
        "share_of_people_decile_1": mean((known["imd_decile"] == 1).astype(float)),
        "share_of_people_deciles_1_2": mean((known["imd_decile"] <= 2).astype(float)),
        "extent": mean(extent_weight(percentile_of_rank(known["imd_rank"], size))),
    }
