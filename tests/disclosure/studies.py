"""Tables of a made-up study, of any size: people in homes, places at distances, summed by the package's measures."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.measures.standards import summarise_standards
from assetmap.measures.summaries import access_by_deprivation, summarise_access

CATEGORIES = {"cafe": 0.0, "pub": 0.1, "park": 0.2, "library": 0.8}
THRESHOLDS = (400, 800, 1200)


def study_tables(seed, *, zones, homes=30, people_each=3.0):
    """Return the tables as `assetmap build` has them; cafés and pubs make up food and drink."""
    rng = np.random.default_rng(seed)
    codes = [f"Z{n:03d}" for n in range(zones)]
    size = zones * homes
    origins = gpd.GeoDataFrame(
        {
            "origin_id": [f"o{n}" for n in range(size)],
            "zone_code": np.repeat(codes, homes),
            "people": np.round(rng.gamma(2.0, people_each / 2, size)) + 1,
        },
        geometry=gpd.points_from_xy(rng.uniform(0, 3000, size), rng.uniform(0, 3000, size)),
        crs=27700,
    )
    parts = []
    for category, hardness in CATEGORIES.items():
        centre = np.repeat(rng.uniform(200, 1500 + 1500 * hardness, zones), homes)
        far = np.abs(centre + rng.normal(0, 150, size))
        far[rng.random(size) < 0.002] = np.nan
        parts.append(_access(origins["origin_id"], category, [far]))
    food = [parts[0]["walk_m"].to_numpy(), parts[1]["walk_m"].to_numpy()]
    access = pd.concat([*parts, _access(origins["origin_id"], "food_and_drink", food)], ignore_index=True)
    everyone = pd.Series("neighbourhood", index=origins.index)
    by_zone = pd.concat(
        [summarise_access(access, origins, by=everyone), summarise_access(access, origins)], ignore_index=True
    )
    met = pd.array(rng.random(size) < 0.5, dtype="boolean")
    met[rng.random(size) < 0.02] = pd.NA
    standards = pd.DataFrame({"ags_doorstep_walk_met": met})
    decile = pd.Series(rng.integers(1, 11, zones).astype(float), index=codes)
    people = origins.groupby("zone_code")["people"].sum()
    wide = by_zone[by_zone["group"] != "neighbourhood"].pivot(index="group", columns="category", values="share_400m")
    table = pd.DataFrame({"zone_code": codes, "population": people.to_numpy(), "imd_decile": decile.to_numpy()})
    table = table.join(wide.add_suffix("_share_400m").reset_index(drop=True))
    return {
        "zones": table,
        "access_by_zone": by_zone,
        "access_by_deprivation": access_by_deprivation(access, origins, decile)[0],
        "standards": pd.concat(
            [summarise_standards(standards, origins, by=everyone), summarise_standards(standards, origins)],
            ignore_index=True,
        ),
    }


def _access(origin, category, distances):
    nearest = np.fmin.reduce(distances)
    counts = {f"walk_count_{t}m": sum((d <= t).astype(float) for d in distances) for t in THRESHOLDS}
    return pd.DataFrame(
        {"origin_id": origin, "category": category, "euclid_m": nearest * 0.8, "walk_m": nearest, "edge_effect": False}
        | counts
    )
