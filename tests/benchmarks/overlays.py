"""A generated country of zones and green spaces, and how geopandas would measure the one in the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

ZONES, GREENS = 33_755, 150_000
ZONE_M = 2_000.0
"""About as far apart as the middles of neighbouring LSOAs in England."""


@dataclass(frozen=True)
class GreenCountry:
    """Zones that cover a square without gaps, with bent borders; green spaces of which some overlap."""

    zones: gpd.GeoDataFrame
    greens: gpd.GeoDataFrame


def generated_country(zones: int, greens: int, *, seed: int = 2026) -> GreenCountry:
    """Return zones round random points, their borders bent every 50 m, and lobed green spaces, few of them large."""
    rng = np.random.default_rng(seed)
    side = np.sqrt(zones) * ZONE_M
    middles = shapely.multipoints(rng.uniform(0, side, (zones, 2)))
    square = shapely.box(0, 0, side, side)
    cells = shapely.get_parts(shapely.voronoi_polygons(middles, extend_to=square))
    cells = shapely.segmentize(shapely.intersection(cells, square), 50.0)
    bent = shapely.transform(cells, lambda xy: xy + 15 * np.sin(xy[:, ::-1] / 40))  # borders stay shared
    number = gpd.GeoDataFrame({"zone": np.arange(len(bent))}, geometry=bent, crs=27700)
    return GreenCountry(number, gpd.GeoDataFrame(geometry=_greens(greens, side, rng), crs=27700))


def _greens(many: int, side: float, rng: np.random.Generator) -> Any:
    corners = 48
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    lobes = rng.integers(2, 7, many)[:, None]
    radius = rng.lognormal(np.log(50), 0.9, many)[:, None].clip(5, 2_000)
    radius = radius * (1 + 0.3 * np.sin(lobes * turn + rng.uniform(0, 2 * np.pi, many)[:, None]))
    ring = np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=-1)
    return shapely.polygons(ring + rng.uniform(0, side, (many, 1, 2)))


def overlaid_area(country: GreenCountry) -> Any:
    """Return the green area of each zone by way of `geopandas.overlay`, overlapping greens united first."""
    once = gpd.GeoSeries([country.greens.union_all(method="disjoint_subset")], crs=country.greens.crs)
    cut = gpd.overlay(country.zones, once.explode(ignore_index=True).to_frame("geometry"), how="intersection")
    return cut.area.groupby(cut["zone"]).sum().reindex(country.zones["zone"], fill_value=0.0).to_numpy()
