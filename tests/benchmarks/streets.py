"""Places to race on: a generated network like a city's streets, and a real city's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import CRS
from scipy.spatial import cKDTree

from assetmap.measures.access import usable_assets
from assetmap.network import WalkNetwork, build_network
from assetmap.sources.osm import read_osm

LAS_PALMAS = "osm/las_palmas_2023.osm.pbf"
SHARE_OF_ASSETS = 0.005
BLOCK_M = 60.0


@dataclass(frozen=True)
class Place:
    """A network, and the nodes at which the assets of each category stand."""

    name: str
    network: WalkNetwork
    assets: dict[str, Any]


def generated_streets(nodes: int, *, categories: int = 12, seed: int = 20_26) -> Place:
    """Return a planar network with dead ends and 2.7 ways at a node; one node in 200 has an asset of a category."""
    rng = np.random.default_rng(seed)
    side = round(np.sqrt(nodes))
    number = np.arange(side * side).reshape(side, side)
    east, north = (number[:, :-1], number[:, 1:]), (number[:-1], number[1:])
    start, end = (np.concatenate([part.ravel() for part in parts]) for parts in zip(east, north, strict=True))
    stays = rng.random(len(start)) < 2.7 / 4
    start, end = start[stays], end[stays]
    corners = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    xy = (corners + rng.uniform(-0.3, 0.3, corners.shape)) * BLOCK_M
    length = np.hypot(*(xy[end] - xy[start]).T) * rng.uniform(1, 1.2, len(start))
    network = WalkNetwork(xy, start, end, length, np.full(len(start), 2, np.int8), CRS.from_epsg(27700))
    many = max(1, round(SHARE_OF_ASSETS * len(xy)))
    return Place(
        f"{side * side:,} generated nodes",
        network,
        {f"kind {i}": rng.choice(len(xy), many, replace=False) for i in range(categories)},
    )


def city_streets(file: Path, *, categories: int = 12) -> Place:
    """Return the walking network of OSM data, and the nodes nearest to the assets of its commonest categories."""
    extract = read_osm(file)
    network = build_network(extract.walk)
    assets = usable_assets(extract.assets)
    points = assets.geometry.representative_point()
    node = cKDTree(network.xy).query(np.column_stack([points.x, points.y]))[1]
    commonest = assets["category"].value_counts().index[:categories]
    at = {kind: np.unique(node[(assets["category"] == kind).to_numpy()]) for kind in commonest}
    return Place(f"{file.name.split('.')[0]}, {len(network.xy):,} nodes", network, at)
