"""Access: the nearest asset of each kind from every origin, and how many are within reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.counts import count_within
from assetmap.crs import require_metric
from assetmap.errors import UsageError
from assetmap.network import (
    PROFILES,
    Joined,
    Profile,
    WalkNetwork,
    join_points,
    nearest_source,
    unknown_share,
)
from assetmap.schema import validate_table

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["AccessSettings", "Routing", "measure_access", "usable_assets"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class AccessSettings:
    """How access is measured: the way of walking, and the distances within which assets are counted."""

    profile: Profile = PROFILES["standard"]
    thresholds_m: tuple[int, ...] = (400, 800, 1200)

    def __post_init__(self) -> None:
        """Refuse thresholds that can't be counted to."""
        if not self.thresholds_m or min(self.thresholds_m) <= 0:
            raise UsageError(f"thresholds_m is {list(self.thresholds_m)}: give one or more distances above 0 m.")


@dataclass(frozen=True)
class Routing:
    """The walking network, and where each asset is entered (`find_entrances` of the same assets)."""

    network: WalkNetwork
    entrances: gpd.GeoDataFrame


def usable_assets(assets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the assets that access is measured to: not restricted, and each place once.

    Access that nobody has stated (``unknown``) isn't read as no.
    """
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
    require_metric(origins, "the origins")
    require_metric(assets, "the assets")
    settings = settings or AccessSettings()
    if not targets:
        raise UsageError("there is no kind of asset to measure access to: add assets.")
    categories = assets["category"].to_numpy()
    members = {name: np.isin(categories, list(kinds)) for name, kinds in targets.items()}
    straight = _straight(origins, assets, members)
    if routing is None:
        tables = straight
        counts = _count_straight(origins, assets, members, settings)
        for table in tables.values():
            table["walk_m"], table["entrance_kind"] = np.nan, None
    else:
        walks = _Walks(origins, len(assets), routing, settings)
        tables = {name: walks.nearest(straight[name], members[name], assets["asset_id"]) for name in members}
        counts = walks.count(members)
    mode = "euclid" if routing is None else "walk"
    room_m = _room(origins, coverage)
    for name, table in tables.items():
        reached = table[f"{mode}_m"].to_numpy()
        table["edge_effect"] = ~(reached <= room_m)
        for threshold, number in zip(settings.thresholds_m, counts[name], strict=True):
            table[f"{mode}_count_{threshold}m"] = number
        table.insert(0, "origin_id", origins["origin_id"].to_numpy())
        table.insert(1, "category", name)
    checked: pd.DataFrame = validate_table(pd.concat(tables.values(), ignore_index=True), "access")
    return checked


def _room(origins: gpd.GeoDataFrame, coverage: BaseGeometry | None) -> Floats:
    """Return how far one can go from each origin before the data may be missing something."""
    if coverage is None:
        return np.full(len(origins), np.inf)
    points = origins.geometry.to_numpy()
    inside = shapely.covers(coverage, points)
    return np.where(inside, shapely.distance(coverage.boundary, points), -1.0)


def _straight(
    origins: gpd.GeoDataFrame, assets: gpd.GeoDataFrame, members: Mapping[str, Any]
) -> dict[str, pd.DataFrame]:
    points, shapes = origins.geometry.to_numpy(), assets.geometry.to_numpy()
    ids = assets["asset_id"].to_numpy()
    tables = {}
    for name, member in members.items():
        numbers = np.flatnonzero(member)
        distance, nearest = np.full(len(points), np.nan), np.full(len(points), None, dtype=object)
        if len(numbers) and len(points):
            (row, column), found = shapely.STRtree(shapes[numbers]).query_nearest(points, return_distance=True)
            order = np.lexsort((column, row))  # of equally near ones, the first: the same on every machine
            row, first = np.unique(row[order], return_index=True)
            distance[row] = found[order][first]
            nearest[row] = ids[numbers[column[order][first]]]
        tables[name] = pd.DataFrame({"euclid_m": distance, "nearest_asset_id": nearest})
    return tables


def _count_straight(
    origins: gpd.GeoDataFrame, assets: gpd.GeoDataFrame, members: Mapping[str, Any], settings: AccessSettings
) -> dict[str, list[Ints]]:
    points, shapes = origins.geometry.to_numpy(), assets.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    counts: dict[str, list[Ints]] = {name: [] for name in members}
    for threshold in settings.thresholds_m:
        row, asset = tree.query(points, predicate="dwithin", distance=threshold)
        for name, member in members.items():
            counts[name].append(np.bincount(row[member[asset]], minlength=len(points)))
    return counts


class _Walks:
    """Origins and entrances joined to one profile's network, searched once for each target."""

    def __init__(self, origins: gpd.GeoDataFrame, assets: int, routing: Routing, settings: AccessSettings) -> None:
        network = routing.network.for_profile(settings.profile)
        doors = routing.entrances
        points = np.vstack([shapely.get_coordinates(frame.geometry.to_numpy()) for frame in (origins, doors)])
        joined: Joined = join_points(network, points)
        self.network = joined.network
        self.settings = settings
        self.assets = assets
        self.start, self.start_gap = joined.node[: len(origins)], joined.gap_m[: len(origins)]
        self.door, self.door_gap = joined.node[len(origins) :], joined.gap_m[len(origins) :]
        self.owner = doors["asset"].to_numpy(dtype=np.int64)
        self.kind = doors["entrance_kind"].to_numpy(dtype=object)

    def nearest(self, straight: pd.DataFrame, member: Any, ids: pd.Series) -> pd.DataFrame:
        """Return straight and walked distance; the asset named is the one reached first on foot."""
        use = np.flatnonzero(member[self.owner])
        reach = nearest_source(self.network, self.door[use], self.door_gap[use])
        on = self.start >= 0
        source = np.where(on, reach.source[self.start], -1)
        table = straight.copy()
        table["walk_m"] = np.where(source >= 0, reach.distance_m[self.start] + self.start_gap, np.nan)
        known = source >= 0
        table["entrance_kind"] = None
        table.loc[known, "entrance_kind"] = self.kind[use[source[known]]] if known.any() else None
        table["nearest_asset_id"] = None
        if known.any():
            table.loc[known, "nearest_asset_id"] = ids.to_numpy()[self.owner[use[source[known]]]]
        if self.settings.profile.step_free:
            share = unknown_share(self.network, reach)
            table["step_free_unknown_share"] = np.where(known, share[self.start], np.nan)
        return table

    def count(self, members: Mapping[str, Any]) -> dict[str, list[Ints]]:
        """Count the assets of each target within each threshold of each origin."""
        on, doors = np.flatnonzero(self.start >= 0), np.flatnonzero(self.door >= 0)
        found = count_within(
            self.network,
            self.start[on],
            (self.owner[doors], self.door[doors], self.door_gap[doors]),
            members=np.array(list(members.values())),
            gap_m=self.start_gap[on],
            limits_m=np.array(self.settings.thresholds_m, dtype=float),
        )
        counts = np.zeros((*found.shape[:2], len(self.start)), dtype=np.int64)
        counts[:, :, on] = found
        return {name: list(counts[i]) for i, name in enumerate(members)}
