"""Walks: origins and entrances joined to the walking network, the nearest entrance of each, and those within reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.arguments import require_columns
from assetmap.chains import Chains, merge_chains
from assetmap.counts import count_within, pairs_within
from assetmap.joining import Joined, join_points
from assetmap.network import PROFILES, Profile, WalkNetwork, nearest_source, unknown_share

__all__ = ["Routing", "Walks"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Counts = np.ndarray[Any, np.dtype[np.int32]]


@dataclass(frozen=True)
class Routing:
    """The walking network, and where each asset is entered (`find_entrances` of the same assets)."""

    network: WalkNetwork
    entrances: gpd.GeoDataFrame

    def __post_init__(self) -> None:
        """Refuse what is neither."""
        require_columns(self.entrances, ("asset", "entrance_kind"), "the entrances")


class Walks:
    """Origins, and the entrances of assets, joined to the network of one profile.

    Parameters
    ----------
    origins
        Table ``origins``, metric CRS.
    routing
        The walking network and entrances, same CRS. Assets are known by their position in the table that
        the entrances were found for.
    profile
        The way of walking.
    """

    def __init__(self, origins: gpd.GeoDataFrame, routing: Routing, *, profile: Profile = PROFILES["standard"]) -> None:
        doors = routing.entrances
        starts, ends = (shapely.get_coordinates(frame.geometry.to_numpy()) for frame in (origins, doors))
        joined: Joined = join_points(routing.network, starts, ends, profile=profile)
        self.network = joined.network
        self.profile = profile
        self.start, self.start_gap = joined.node[: len(origins)], joined.gap_m[: len(origins)]
        self.door, self.door_gap = joined.node[len(origins) :], joined.gap_m[len(origins) :]
        self.owner = doors["asset"].to_numpy(dtype=np.int64)

    def nearest(self, member: Any) -> pd.DataFrame:
        """Return the walk from every origin to the one of some assets that is reached first.

        Parameters
        ----------
        member
            Which assets count, bool, one for each.

        Returns
        -------
        DataFrame
            One row an origin: ``walk_m`` (NaN where none is reached), ``asset`` and ``door`` (the positions of the
            asset and of its entrance; -1 where none is reached) and, for a step-free profile,
            ``step_free_unknown_share``.
        """
        use = np.flatnonzero(member[self.owner])
        distance_m, source, share = self._step_free(use) if self.profile.step_free else self._by_chains(use)
        door = np.append(use, -1)[source]
        table = pd.DataFrame(
            {
                "walk_m": np.where(source >= 0, distance_m, np.nan) + self.start_gap,
                "asset": np.append(self.owner, -1)[door],
                "door": door,
            }
        )
        if share is not None:
            table["step_free_unknown_share"] = share
        return table

    def _by_chains(self, use: Ints) -> tuple[Floats, Ints, None]:
        """Return the distance from each origin along the network, and which of some doors is at its end."""
        on, chains = self._chains
        reach = nearest_source(chains.graph, chains.number_of(self.door[use]), self.door_gap[use])
        distance_m, source = np.full(len(self.start), np.nan), np.full(len(self.start), -1)
        distance_m[on], end = chains.nearer_end(reach.distance_m)
        source[on] = np.append(reach.source, -1)[end]
        return distance_m, source, None

    def _step_free(self, use: Ints) -> tuple[Floats, Ints, Floats]:
        """Return the same, and the unknown share of each route: for that the routes are needed, edge by edge."""
        reach = nearest_source(self.network.graph, self.door[use], self.door_gap[use])
        source = np.where(self.start >= 0, reach.source[self.start], -1)
        share = np.where(source >= 0, unknown_share(self.network, reach)[self.start], np.nan)
        return reach.distance_m[self.start], source, share

    @cached_property
    def _chains(self) -> tuple[Ints, Chains]:
        """Which origins are on the network, and their places on its chains; every door is kept."""
        keep = np.zeros(len(self.network.xy), dtype=bool)
        keep[self.door[self.door >= 0]] = True
        on = np.flatnonzero(self.start >= 0)
        return on, merge_chains(self.network, keep, self.start[on])

    def count(self, members: Any, limits_m: Sequence[float]) -> Counts:
        """Count the assets of each target within each distance of each origin.

        Parameters
        ----------
        members
            Which assets belong to which target, bool, shape (targets, assets).
        limits_m
            The distances, shape (t,), metres.

        Returns
        -------
        ndarray
            Counts, shape (targets, t, origins).
        """
        on, chains = self._chains
        counts = np.zeros((len(members), len(limits_m), len(self.start)), dtype=np.int32)
        limits = np.array(limits_m, dtype=float)
        counts[:, :, on] = count_within(
            chains, self._links(), members=members, gap_m=self.start_gap[on], limits_m=limits
        )
        return counts

    def pairs(self, limit_m: float) -> pd.DataFrame:
        """Return every origin with every asset within a walk of it.

        Parameters
        ----------
        limit_m
            The longest walk, metres.

        Returns
        -------
        DataFrame
            ``origin``, ``asset`` (positions), ``walk_m``, sorted by origin and asset.
        """
        on, chains = self._chains
        asset, place, walk_m = pairs_within(chains, self._links(), gap_m=self.start_gap[on], limit_m=limit_m)
        table = pd.DataFrame({"origin": on[place], "asset": asset, "walk_m": walk_m})
        return table.sort_values(["origin", "asset"], ignore_index=True)

    def _links(self) -> tuple[Ints, Ints, Floats]:
        """Return the asset, the kept node and the gap of every door on the network."""
        on = np.flatnonzero(self.door >= 0)
        return self.owner[on], self._chains[1].number_of(self.door[on]), self.door_gap[on]
