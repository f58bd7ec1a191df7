"""Access: the nearest asset of each kind from every origin, and how many are within reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.arguments import require_columns
from assetmap.crs import require_one_metric
from assetmap.errors import UsageError
from assetmap.measures.routing import Routing, Walks
from assetmap.network import PROFILES, Profile
from assetmap.schema import validate_table
from assetmap.straight import nearest_of_each

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = [
    "AccessSettings",
    "categorical_access",
    "measure_access",
    "room_to_edge",
    "usable_assets",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Counts = np.ndarray[Any, np.dtype[np.int32]]


@dataclass(frozen=True)
class AccessSettings:
    """How access is measured: the way of walking, and the distances within which assets are counted, if any."""

    profile: Profile = PROFILES["standard"]
    thresholds_m: tuple[int, ...] = (400, 800, 1200)

    def __post_init__(self) -> None:
        """Refuse thresholds that can't be counted to."""
        if self.thresholds_m and min(self.thresholds_m) <= 0:
            raise UsageError(f"thresholds_m is {list(self.thresholds_m)}: give distances above 0 m.")


def usable_assets(assets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the assets that access is measured to: not restricted, and each place once.

    Access that nobody has stated (``unknown``) isn't read as no.
    """
    require_columns(assets, ("access",), "the assets")
    usable = assets["access"] != "restricted"
    if "duplicate_of" in assets.columns:
        usable &= assets["duplicate_of"].isna()
    return assets[usable].reset_index(drop=True)


def measure_access(
    origins: gpd.GeoDataFrame,
    assets: gpd.GeoDataFrame,
    *,
    targets: Mapping[str, Sequence[str]],
    routing: Routing | None = None,
    settings: AccessSettings | None = None,
    coverage: BaseGeometry | None = None,
) -> pd.DataFrame:
    r"""Measure the distance from every origin to the nearest asset of each target, and count those near.

    Nearest: :math:`d_i = \min_j c_{ij}`. Cumulative: :math:`N_i(T) = \#\{j : c_{ij} \le T\}`.
    The straight line goes to the asset itself; a walk goes from the origin to the nearest way, along the
    network and in by an entrance. An asset with many entrances is one asset. One search per target
    answers for the whole network.

    Parameters
    ----------
    origins
        Table ``origins``, metric CRS.
    assets
        Table ``assets`` as `usable_assets` gives it, same CRS.
    targets
        Name of each target -> the categories it stands for.
    routing
        The walking network and entrances; without it only straight lines are measured and counted.
    settings
        Profile and thresholds.
    coverage
        The area that the data covers, same CRS; where a nearer asset could lie beyond its edge,
        ``edge_effect`` is true. Without it nothing is flagged.

    Returns
    -------
    DataFrame
        Table ``access``, one row for each origin and target, with ``walk_count_<T>m`` (or
        ``euclid_count_<T>m`` without a network) and, for a step-free profile, ``step_free_unknown_share``:
        the share of the walk on ways of which nobody has said whether they have steps.

    Raises
    ------
    CRSError
        If a frame isn't in metres.

    References
    ----------
    Higgs, G., Fry, R. and Langford, M. (2012). Investigating the implications of using alternative
    GIS-based techniques to measure accessibility to green space. Environment and Planning B 39(2).

    Examples
    --------
    >>> import geopandas as gpd
    >>> origins = gpd.GeoDataFrame(
    ...     {"origin_id": ["a"], "zone_code": ["Z1"], "people": [10.0], "weight_kind": ["given"]},
    ...     geometry=gpd.points_from_xy([0], [0]), crs=27700)
    >>> assets = gpd.GeoDataFrame({"asset_id": ["x"], "category": ["park"]},
    ...     geometry=gpd.points_from_xy([300], [400]), crs=27700)
    >>> found = measure_access(origins, assets, targets={"park": ["park"]})
    >>> float(found["euclid_m"].iloc[0]), int(found["euclid_count_800m"].iloc[0])
    (500.0, 1)
    """
    require_columns(origins, ("origin_id",), "the origins")
    require_columns(assets, ("asset_id", "category"), "the assets")
    table = categorical_access(origins, assets, targets=targets, routing=routing, settings=settings, coverage=coverage)
    checked: pd.DataFrame = validate_table(table, "access")
    return checked


def categorical_access(
    origins: gpd.GeoDataFrame,
    assets: gpd.GeoDataFrame,
    *,
    targets: Mapping[str, Sequence[str]],
    routing: Routing | None = None,
    settings: AccessSettings | None = None,
    coverage: BaseGeometry | None = None,
) -> pd.DataFrame:
    """Measure as `measure_access` does, the columns of text being categories.

    A city's table is the largest thing that a build holds, and each of its texts comes many times. For other people's
    code it is text: what is looked up by categories becomes categories itself, numbers too.
    """
    require_one_metric({"the origins": origins, "the assets": assets})
    settings = settings or AccessSettings()
    if not targets:
        raise UsageError("there is no kind of asset to measure access to: add assets.")
    categories = assets["category"].to_numpy()
    members = np.array([np.isin(categories, list(kinds)) for kinds in targets.values()])
    straight, nearest = nearest_of_each(origins.geometry.to_numpy(), assets.geometry.to_numpy(), members)
    if routing is None:
        mode, counts = "euclid", _count_straight(origins, assets, members, settings.thresholds_m)
        none = _repeat(pd.Series([], dtype="str"), np.full(nearest.size, -1))
        walked = pd.DataFrame({"walk_m": np.nan, "asset": nearest.ravel(), "entrance_kind": none})
    else:
        mode, (walked, counts) = "walk", _walk_to_each(origins, routing, members, settings)
    table = pd.DataFrame(
        {
            "origin_id": _repeat(origins["origin_id"], np.tile(np.arange(len(origins)), len(targets))),
            "category": _repeat(pd.Series(list(targets)), np.repeat(np.arange(len(targets)), len(origins))),
            "euclid_m": straight.ravel(),
            "walk_m": walked.pop("walk_m"),
            "nearest_asset_id": _repeat(assets["asset_id"], walked.pop("asset").to_numpy()),
            "entrance_kind": walked.pop("entrance_kind"),
            **walked,
        },
        copy=False,
    )
    table["edge_effect"] = ~(table[f"{mode}_m"].to_numpy() <= np.tile(room_to_edge(origins, coverage), len(targets)))
    for i, threshold in enumerate(settings.thresholds_m):
        table[f"{mode}_count_{threshold}m"] = counts[:, i].ravel()
    return table


def _walk_to_each(
    origins: gpd.GeoDataFrame, routing: Routing, members: Any, settings: AccessSettings
) -> tuple[pd.DataFrame, Counts]:
    """Return the walks to the nearest asset of each target, one target after another, and the counts."""
    walks = Walks(origins, routing, profile=settings.profile)
    counts = walks.count(members, settings.thresholds_m)
    walked = pd.concat([walks.nearest(member) for member in members], ignore_index=True)
    walked["entrance_kind"] = _repeat(routing.entrances["entrance_kind"], walked.pop("door").to_numpy())
    return walked, counts


def _repeat(texts: pd.Series, at: Ints) -> pd.Categorical:
    """Return the texts at some positions, null at -1: each is kept once, for they come many times."""
    number, kept = pd.factorize(texts, sort=True)
    return pd.Categorical.from_codes(np.append(number, -1)[at], kept).remove_unused_categories()


def room_to_edge(origins: gpd.GeoDataFrame, coverage: BaseGeometry | None) -> Floats:
    """Return how far one can go from each origin before the data may be missing something.

    Parameters
    ----------
    origins
        Points, metric CRS.
    coverage
        The area that the data covers, same CRS; None where it has no edge.

    Returns
    -------
    ndarray
        Metres, shape (n,); infinite without an edge, -1 for an origin outside.
    """
    if coverage is None:
        return np.full(len(origins), np.inf)
    points = origins.geometry.to_numpy()
    inside = shapely.covers(coverage, points)
    return np.where(inside, shapely.distance(coverage.boundary, points), -1.0)


def _count_straight(
    origins: gpd.GeoDataFrame, assets: gpd.GeoDataFrame, members: Any, thresholds_m: Sequence[int]
) -> Counts:
    points, shapes = origins.geometry.to_numpy(), assets.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    counts = np.zeros((len(members), len(thresholds_m), len(points)), dtype=np.int32)
    for i, threshold in enumerate(thresholds_m):
        row, asset = tree.query(points, predicate="dwithin", distance=threshold)
        for target, member in enumerate(members):
            counts[target, i] = np.bincount(row[member[asset]], minlength=len(points))
    return counts
