"""A synthetic country as large as England: streets, zones, homes and assets from a seed; deprivation as published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap.measures.routing import Routing
from assetmap.network import WalkNetwork
from assetmap.sources.deprivation import read_deprivation
from tests.benchmarks.streets import generated_streets

IOD_2025 = "deprivation/imd2025_england_lsoa21.csv"
ENGLAND_NODES = 20_000_000
ENGLAND_ASSETS = 1_000_000
HOMES_A_ZONE = 12
CATEGORIES = 12


@dataclass(frozen=True)
class Country:
    """Synthetic but for the zones' codes and their deciles."""

    network: WalkNetwork
    origins: gpd.GeoDataFrame
    assets: gpd.GeoDataFrame
    decile: pd.Series
    """National decile of each zone, as published, indexed by ``zone_code``."""

    @property
    def targets(self) -> dict[str, tuple[str]]:
        """What access is measured to."""
        return {kind: (kind,) for kind in sorted(self.assets["category"].unique())}

    @property
    def routing(self) -> Routing:
        """The network, with each asset entered at its point, as `find_entrances` has it of points."""
        doors = {"asset": np.arange(len(self.assets)), "entrance_kind": "point"}
        return Routing(self.network, gpd.GeoDataFrame(doors, geometry=self.assets.geometry, crs=self.assets.crs))


def synthetic_country(nodes: int, data: Path, *, seed: int = 2025) -> Country:
    """Make a country of so many nodes; zones and assets in England's proportion to them."""
    rng = np.random.default_rng(seed)
    network = generated_streets(nodes, categories=0, seed=seed).network
    published = read_deprivation(data / IOD_2025).frame["imd_decile"]
    size = max(20, round(len(published) * min(1.0, nodes / ENGLAND_NODES)))
    decile = published.iloc[np.sort(rng.choice(len(published), size, replace=False))]
    low, high = network.xy.min(axis=0), network.xy.max(axis=0)
    many = max(CATEGORIES, round(ENGLAND_ASSETS * nodes / ENGLAND_NODES))
    assets = gpd.GeoDataFrame(
        {
            "asset_id": pd.Series(np.arange(many)).astype("str"),
            "category": [f"kind_{i:02}" for i in range(CATEGORIES)] * (many // CATEGORIES)
            + ["kind_00"] * (many % CATEGORIES),
        },
        geometry=shapely.points(rng.uniform(low, high, (many, 2))),
        crs=network.crs,
    )
    return Country(network, _homes(decile.index, low, high, rng), assets, decile)


def _homes(codes: pd.Index, low: np.ndarray, high: np.ndarray, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return the homes of zones that are the squares of a grid, each with 1,000 to 3,000 people."""
    across = int(np.ceil(np.sqrt(len(codes))))
    corner = np.stack(np.divmod(np.arange(len(codes)), across), axis=1)
    inside = rng.uniform(0, 1, (len(codes), HOMES_A_ZONE, 2))
    xy = low + (corner[:, None] + inside) / across * (high - low)
    people = rng.integers(1_000, 3_001, len(codes))
    zone = np.repeat(codes.to_numpy(), HOMES_A_ZONE)
    return gpd.GeoDataFrame(
        {
            "origin_id": pd.Series(np.arange(len(zone))).astype("str"),
            "zone_code": zone,
            "people": np.repeat(people / HOMES_A_ZONE, HOMES_A_ZONE),
            "weight_kind": "synthetic",
        },
        geometry=shapely.points(xy.reshape(-1, 2)),
        crs=27700,
    )
