"""Access in every zone of a frame, as far as the data reaches: what figures of equity rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.assets import combine_assets
from assetmap.measures.access import AccessSettings, categorical_access, room_to_edge, usable_assets
from assetmap.measures.routing import Routing
from assetmap.network import PROFILES
from assetmap.origins import origins_from_buildings
from assetmap.study.figures.frame import Frame, SourceReach
from assetmap.taxonomy import taxonomy

if TYPE_CHECKING:
    from assetmap.study.settings import Settings

__all__ = ["FrameAccess", "frame_assets", "measure_frame"]

EDGE_SHARE = 0.05
"""A zone counts while no more than this share of its people could have a nearer one beyond the data, or reach none."""

RoutingOf = Callable[[gpd.GeoDataFrame], Routing | None]


@dataclass
class FrameAccess:
    """Access over a frame.

    Parameters
    ----------
    name
        The frame's.
    zones
        Table ``zones`` of the frame, with people and deprivation.
    access
        One row for each zone, group of assets and mode: ``zone_code``, ``category``, ``mode`` (walk or euclid),
        ``people``, ``mean_m`` (NaN where left out), ``left_out`` (the reason, or empty); and for each threshold of the
        study ``share_<T>m``, the share of people within it (NaN where a nearer one could lie beyond the data).
    notes
        Sources that don't reach far enough.
    """

    name: str
    zones: gpd.GeoDataFrame
    access: pd.DataFrame
    notes: list[str] = field(default_factory=list)

    def wide(self) -> pd.DataFrame:
        """Return one row for each zone: its people, its deprivation, and per group and mode the mean and any reason."""
        facts = [c for c in ("zone_code", "name", "population", "imd_rank", "imd_decile") if c in self.zones]
        table = pd.DataFrame(self.zones[facts])
        for (category, mode), rows in self.access.groupby(["category", "mode"], sort=False):
            some = rows.set_index("zone_code").reindex(table["zone_code"])
            table[f"{category}_{mode}_mean_m"] = some["mean_m"].to_numpy()
            table[f"{category}_{mode}_left_out"] = some["left_out"].to_numpy()
        return table


def frame_assets(frame: Frame) -> gpd.GeoDataFrame | None:
    """Return the assets of the sources that are counted in a frame, duplicates marked; None where there are none."""
    tables = [source.assets for source in frame.counted_sources()[0] if len(source.assets)]
    return combine_assets(tables).assets if tables else None


def measure_frame(
    frame: Frame,
    settings: Settings,
    *,
    routing_of: RoutingOf,
    assets: gpd.GeoDataFrame | None = None,
    targets: Mapping[str, Sequence[str]] | None = None,
) -> FrameAccess:
    """Measure the distance to the nearest asset of each group from all zones of a frame.

    Every zone is measured from the same sources: one that reaches fewer than half of the zones isn't counted. A zone
    is left out where a nearer asset could lie beyond the edge of a source that is.

    Parameters
    ----------
    frame
        The frame with its sources.
    settings
        Of the study.
    routing_of
        Gives the walking network and the entrances of some assets; asked only where OpenStreetMap data counts.
    assets
        In place of those that its sources have (`frame_assets`).
    targets
        The categories of each thing to be measured, by its name; by default every group of the taxonomy.
    """
    counted, notes = frame.counted_sources()
    found = FrameAccess(frame.name, frame.zones, _no_rows(), notes)
    assets = frame_assets(frame) if assets is None else assets
    if assets is None:
        return found
    usable = usable_assets(assets)
    osm = any(source.network for source in counted)
    routing = routing_of(usable) if osm else None
    origins = origins_from_buildings(frame.zones, frame.buildings if osm else None)
    groups = targets or {group: taxonomy().members(group) for group in taxonomy().groups}
    groups = {group: members for group, members in groups.items() if usable["category"].isin(members).any()}
    if not groups:
        return found
    access = categorical_access(
        origins, usable, targets=groups, routing=routing, settings=AccessSettings(PROFILES[settings.access.profile])
    )
    parts = []
    for group, members in groups.items():
        room_m = room_to_edge(origins, _common_reach(counted, members))
        rows = access[access["category"] == group].set_index("origin_id").reindex(origins["origin_id"])
        for mode in ("euclid", "walk") if routing else ("euclid",):
            distance = rows[f"{mode}_m"].to_numpy(dtype=float)
            means = _zone_means(origins, distance, ~(distance <= room_m)).assign(category=group, mode=mode)
            for metres in settings.access.thresholds_m:
                share = _zone_shares(origins, distance <= metres, room_m < metres)
                means[f"share_{metres}m"] = means["zone_code"].map(share)
            parts.append(means)
    found.access = pd.concat(parts, ignore_index=True)
    found.access = found.access[[*_no_rows().columns, *(c for c in found.access if str(c).startswith("share_"))]]
    return found


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame({c: [] for c in ("zone_code", "category", "mode", "people", "mean_m", "left_out")})


def _common_reach(sources: list[SourceReach], members: Sequence[str]) -> shapely.Geometry:
    """Return where every source with such assets reaches (or all, if none has them): beyond, zones aren't alike."""
    having = [source for source in sources if source.assets["category"].isin(members).any()]
    return shapely.intersection_all([source.reach for source in having or sources])


def _zone_shares(origins: gpd.GeoDataFrame, within: np.ndarray, beyond: np.ndarray) -> pd.Series:
    """Return the share of each zone's people within a distance; NaN where too many might be by what isn't known.

    `beyond` says from where the distance reaches over the edge of the data.
    """
    people = origins["people"].astype(float).rename("people")
    table = pd.DataFrame({"people": people, "within": people * within, "open": people * (~within & beyond)})
    sums = table.groupby(origins["zone_code"]).sum(min_count=1)
    known = people.notna().groupby(origins["zone_code"]).all() & (sums["people"] > 0)
    share: pd.Series = (sums["within"] / sums["people"]).where(known & (sums["open"] <= EDGE_SHARE * sums["people"]))
    return share


def _zone_means(origins: gpd.GeoDataFrame, distance: np.ndarray, open_ended: np.ndarray) -> pd.DataFrame:
    """Return the mean distance of each zone's people, empty with the reason where too many of them are open-ended."""
    people = origins["people"].to_numpy(dtype=float)
    weight = np.where(np.isnan(people), 1.0, people)  # for the edge alone: unknown people give no mean
    reached = ~np.isnan(distance)
    table = pd.DataFrame(
        {
            "zone_code": origins["zone_code"],
            "people": people,
            "weight": weight,
            "open": np.where(open_ended, weight, 0.0),
            "amount": np.where(reached, people * np.nan_to_num(distance), 0.0),
            "reached": np.where(reached, people, 0.0),
        }
    )
    sums = table.groupby("zone_code").sum(min_count=1)
    unknown = table["people"].isna().groupby(table["zone_code"]).any()
    edge = sums["open"] > EDGE_SHARE * sums["weight"]
    mean = (sums["amount"] / sums["reached"].where(sums["reached"] > 0)).mask(edge | unknown)
    reason = pd.Series("", index=sums.index)
    reason = reason.mask(mean.isna(), "none is reached").mask(unknown, "people not known")
    reason = reason.mask(edge, "a nearer one may lie beyond the data, or none is reached")
    return pd.DataFrame({"people": sums["people"].mask(unknown), "mean_m": mean, "left_out": reason}).reset_index()
