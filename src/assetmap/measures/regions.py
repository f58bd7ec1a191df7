"""Access measured region by region, by as many as are there to measure, with the answers of a single run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pandas.api.types import union_categoricals

from assetmap.joining import MAX_GAP_M
from assetmap.measures.access import AccessSettings, categorical_access
from assetmap.measures.routing import Routing

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from assetmap.network import WalkNetwork

__all__ = ["Each", "Measure", "Part", "cut_regions", "measure_by_region", "measure_part"]

Each = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
"""Calls a function with each of some things and gives the answers in their order, as `map` does."""
Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Part:
    """A part of a measurement: whose access, to what, over which network."""

    rows: Ints
    """Where its origins stand among all, shape (n,)."""
    origins: gpd.GeoDataFrame
    assets: gpd.GeoDataFrame
    targets: Mapping[str, Sequence[str]]
    routing: Routing | None
    settings: AccessSettings
    coverage: BaseGeometry | None


Measure = Callable[[Part], pd.DataFrame]
"""Measures access as `measure_part` does, by itself or with others."""


def measure_part(part: Part) -> pd.DataFrame:
    """Measure access as `categorical_access` does."""
    return categorical_access(
        part.origins,
        part.assets,
        targets=part.targets,
        routing=part.routing,
        settings=part.settings,
        coverage=part.coverage,
    )


def measure_by_region(whole: Part, *, regions: int, each: Each = map) -> pd.DataFrame:
    """Measure access region by region; the answers are those of `measure_part` of the whole.

    A walk no longer than the halo stays within it, so what is found that near is the nearest, and all that are
    that near are counted. Where nothing is found within the halo, something may be nearer by way of what lies
    beyond: those targets are searched for again, from those origins alone, over the whole network.

    Parameters
    ----------
    whole
        What is to be measured.
    regions
        Into how many regions to cut it.
    each
        Who measures the parts: `map` one after another, or as many at once as there are workers.

    Returns
    -------
    DataFrame
        Table ``access``, as `categorical_access` gives it.
    """
    halo_m = float(max(whole.settings.thresholds_m))
    parts = cut_regions(whole, regions=regions, halo_m=halo_m)
    table = _in_order(parts, list(each(measure_part, parts)), whole)
    distance = table["walk_m" if whole.routing else "euclid_m"].to_numpy()
    open_rows = ~(distance <= halo_m).reshape(len(whole.targets), len(whole.origins))
    again = _search_again(whole, open_rows, parts=regions)
    if not again:
        return table
    return _replaced(table, open_rows, again, list(each(measure_part, again)), whole)


def cut_regions(whole: Part, *, regions: int, halo_m: float) -> list[Part]:
    """Cut a measurement into regions with as many origins each, and what lies within a halo of them.

    Parameters
    ----------
    whole
        What is to be measured.
    regions
        How many; fewer where there aren't as many origins.
    halo_m
        How far around the box of a region's origins assets and the network belong to it.
    """
    xy = shapely.get_coordinates(whole.origins.geometry.to_numpy())
    return [_region(whole, rows, xy[rows], halo_m) for rows in _cells(xy, np.arange(len(xy)), regions) if len(rows)]


def _cells(xy: Floats, rows: Ints, number: int) -> list[Ints]:
    """Halve points across their longer side until there are so many cells."""
    if number <= 1 or len(rows) < 2:
        return [rows]
    side = int(np.argmax(np.ptp(xy[rows], axis=0)))
    order = rows[np.argsort(xy[rows, side], kind="stable")]
    middle = len(order) * (number // 2) // number
    return _cells(xy, np.sort(order[:middle]), number // 2) + _cells(xy, np.sort(order[middle:]), number - number // 2)


def _region(whole: Part, rows: Ints, xy: Floats, halo_m: float) -> Part:
    low, high = xy.min(axis=0) - halo_m, xy.max(axis=0) + halo_m
    box = shapely.box(*low, *high)
    inside = shapely.intersects(whole.assets.geometry.to_numpy(), box)
    routing = None
    if whole.routing is not None:
        doors = whole.routing.entrances
        doors = doors[shapely.intersects(doors.geometry.to_numpy(), box)]
        inside[doors["asset"].to_numpy(dtype=np.int64)] = True  # an entrance may lie a hair's breadth off its outline
        number = np.cumsum(inside) - 1
        doors = doors.assign(asset=number[doors["asset"].to_numpy(dtype=np.int64)]).reset_index(drop=True)
        # An entrance at the halo's edge still meets the way that it would meet in the whole.
        near = _network_within(whole.routing.network, low - MAX_GAP_M, high + MAX_GAP_M)
        routing = Routing(near, doors)
    return replace(
        whole,
        rows=rows,
        origins=whole.origins.iloc[rows].reset_index(drop=True),
        assets=whole.assets[inside].reset_index(drop=True),
        routing=routing,
    )


def _network_within(network: WalkNetwork, low: Floats, high: Floats) -> WalkNetwork:
    """Return the edges whose box meets a box, and their nodes in the order that they had."""
    ends = network.xy[network.start], network.xy[network.end]
    meets = (np.maximum(*ends) >= low).all(axis=1) & (np.minimum(*ends) <= high).all(axis=1)
    start, end = network.start[meets], network.end[meets]
    kept = np.unique(np.concatenate([start, end]))
    return replace(
        network,
        xy=network.xy[kept],
        start=np.searchsorted(kept, start),
        end=np.searchsorted(kept, end),
        length_m=network.length_m[meets],
        step_free=network.step_free[meets],
    )


def _places(part: Part, whole: Part) -> Ints:
    """Return where a part's rows stand in the whole table."""
    names = list(whole.targets)
    number = np.array([names.index(name) for name in part.targets])
    return (number[:, None] * len(whole.origins) + part.rows).ravel()


def _in_order(parts: Sequence[Part], tables: Sequence[pd.DataFrame], whole: Part) -> pd.DataFrame:
    place = np.concatenate([_places(part, whole) for part in parts])
    return _stacked(tables).take(np.argsort(place)).reset_index(drop=True)


def _stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables one below another; a column of categories stays one, though each table has its own."""
    first = tables[0]
    names = [name for name in first.columns if isinstance(first[name].dtype, pd.CategoricalDtype)]
    texts = {name: union_categoricals([table[name] for table in tables], sort_categories=True) for name in names}
    rest = pd.concat([table.drop(columns=names) for table in tables], ignore_index=True)
    return rest.assign(**texts)[list(first.columns)]


def _search_again(whole: Part, open_rows: Any, *, parts: int) -> list[Part]:
    """Return the targets that the halo left open, dealt out, each with the origins that it left open for them."""
    targets = np.flatnonzero(open_rows.any(axis=1))
    found = []
    for some in (targets[first::parts] for first in range(min(parts, len(targets)))):
        kinds = {name: whole.targets[name] for name in np.array(list(whole.targets))[some]}
        wanted = whole.assets["category"].isin({kind for members in kinds.values() for kind in members}).to_numpy()
        rows = np.flatnonzero(open_rows[some].any(axis=0))
        routing = whole.routing
        if routing is not None:
            doors = routing.entrances[wanted[routing.entrances["asset"].to_numpy(dtype=np.int64)]]
            doors = doors.assign(asset=(np.cumsum(wanted) - 1)[doors["asset"].to_numpy(dtype=np.int64)])
            routing = Routing(replace(routing.network), doors.reset_index(drop=True))
        found.append(
            replace(
                whole,
                rows=rows,
                origins=whole.origins.iloc[rows].reset_index(drop=True),
                assets=whole.assets[wanted].reset_index(drop=True),
                targets=kinds,
                routing=routing,
                settings=replace(whole.settings, thresholds_m=()),  # all that are within the halo have been counted
            )
        )
    return found


def _replaced(
    table: pd.DataFrame, open_rows: Any, parts: Sequence[Part], tables: Sequence[pd.DataFrame], whole: Part
) -> pd.DataFrame:
    """Return a table with the rows that were left open as they were found over the whole; counts stay."""
    place = np.concatenate([_places(part, whole) for part in parts])
    found = _stacked(tables)
    pick = np.arange(len(table))
    pick[place] = np.where(open_rows.ravel()[place], len(table) + np.arange(len(found)), pick[place])
    both = _stacked([table[list(found.columns)], found]).take(pick).reset_index(drop=True)
    return table.assign(**{name: both[name] for name in found.columns})
