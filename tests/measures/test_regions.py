"""Access measured in regions is access measured at once, whatever lies beyond the halo."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal
from pyproj import CRS

from assetmap.measures.access import AccessSettings
from assetmap.measures.regions import Part, cut_regions, measure_by_region, measure_part
from assetmap.measures.routing import Routing
from assetmap.network import PROFILES, WalkNetwork
from tests.benchmarks.streets import generated_streets

CRS_M = CRS.from_epsg(27700)
TARGETS = {"park": ("park",), "library": ("library",), "any": ("park", "library", "pub"), "museum": ("museum",)}


def world(seed, *, walked=True, profile="standard"):
    """Return 1,600 corners with holes in the streets; parks are everywhere, the one library is in a corner."""
    rng = np.random.default_rng(seed)
    streets = generated_streets(1_600, categories=0, seed=seed).network
    step_free = rng.integers(0, 3, len(streets.start)).astype(np.int8)
    network = WalkNetwork(streets.xy, streets.start, streets.end, streets.length_m, step_free, CRS_M)
    high = network.xy.max(axis=0)
    kinds = ["park"] * 60 + ["pub"] * 25 + ["library"]
    at = np.vstack([rng.uniform(0, high, (len(kinds) - 1, 2)), network.xy[:1]])
    shapes = shapely.points(at)
    shapes[:30] = shapely.buffer(shapes[:30], 40)
    assets = gpd.GeoDataFrame(
        {"asset_id": [f"a{i}" for i in range(len(at))], "category": kinds}, geometry=shapes, crs=CRS_M
    )
    doors = pd.DataFrame({"asset": np.arange(len(at)), "entrance_kind": "point"})
    corners = shapely.get_point(shapely.get_exterior_ring(shapes[:30]), 0)
    points = np.concatenate([corners, shapes[30:]])
    entrances = gpd.GeoDataFrame(doors, geometry=points, crs=CRS_M)
    homes = np.vstack([rng.uniform(0, high, (300, 2)), high + 5_000])  # the last is on no network
    origins = gpd.GeoDataFrame(
        {"origin_id": [f"o{i}" for i in range(len(homes))]}, geometry=shapely.points(homes), crs=CRS_M
    )
    return Part(
        np.arange(len(origins)),
        origins,
        assets,
        TARGETS,
        Routing(network, entrances) if walked else None,
        AccessSettings(PROFILES[profile], (150, 300)),
        shapely.box(100, 100, *(high - 100)),
    )


@pytest.mark.parametrize("walked", [True, False])
@pytest.mark.parametrize("regions", [1, 2, 5])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_regions_give_the_answers_of_a_single_run(seed, regions, walked):
    whole = world(seed, walked=walked)
    single = measure_part(whole)
    mode = "walk_m" if walked else "euclid_m"
    assert (single[mode] > 300).any(), "something must lie beyond the halo"
    assert single[mode].isna().any(), "and something out of reach"
    assert_frame_equal(measure_by_region(whole, regions=regions), single, rtol=0, atol=1e-6)


def test_regions_give_the_answers_of_a_single_run_without_steps():
    whole = world(4, profile="step_free")
    assert_frame_equal(measure_by_region(whole, regions=4), measure_part(whole), rtol=0, atol=1e-6)


def test_a_region_holds_the_halo_and_no_more():
    whole = world(5)
    parts = cut_regions(whole, regions=4, halo_m=300.0)
    assert sorted(np.concatenate([part.rows for part in parts])) == list(range(len(whole.origins)))
    sizes = [len(part.rows) for part in parts]
    assert max(sizes) - min(sizes) <= 2
    for part in parts:
        west, south, east, north = part.origins.total_bounds
        near = whole.assets.cx[west - 300 : east + 300, south - 300 : north + 300]
        assert list(part.assets["asset_id"]) == list(near["asset_id"])
    assert min(len(part.routing.network.start) for part in parts) < len(whole.routing.network.start) / 2


def test_what_the_halo_proves_is_not_searched_for_again():
    whole = world(6)
    asked = []

    def each(function, parts):
        asked.append(parts)
        return map(function, parts)

    measure_by_region(whole, regions=2, each=each)
    again = {name for part in asked[1] for name in part.targets}
    assert "library" in again
    assert all(part.settings.thresholds_m == () for part in asked[1])
    park = next(part for part in asked[1] if "park" in part.targets)
    assert len(park.origins) < len(whole.origins)
