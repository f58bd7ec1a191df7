"""Turning, shifting and mixing the world changes no catchment, no walk's length and no figure of equity."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate

from assetmap.measures.access import measure_access
from assetmap.measures.catchments import floating_catchment, step_decay, travel_costs
from assetmap.measures.equity.figures import Quantity
from assetmap.measures.equity.together import measure_equity

spots = st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 1500)), min_size=2, max_size=7, unique=True)


def points(spots, **columns):
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*zip(*spots, strict=True)), crs=27700)


def turned(frame, degrees):
    shapes = [rotate(shape, degrees, origin=(700, 700)) for shape in frame.geometry.translate(31_000, 7_000)]
    return frame.set_geometry(gpd.GeoSeries([rotate(s, 0) for s in shapes], index=frame.index, crs=27700))


@settings(max_examples=25, deadline=None)
@given(spots, spots, st.integers(0, 359), st.integers(0, 99))
def test_catchments_and_nearest(homes, halls, degrees, seed):
    people = pd.Series(np.arange(1.0, len(homes) + 1), index=[f"h{i}" for i in range(len(homes))])
    start, there = points(homes).set_index(people.index), points(halls)
    supply = pd.Series(10.0, index=there.index)
    decay = step_decay({40.0: 1.0})  # farther than any pair, so that no distance stands at a step's edge
    once = floating_catchment(travel_costs(start, there, limit_minutes=40), people, supply=supply, decay=decay)
    mixed = turned(start, degrees).sample(frac=1, random_state=seed)
    costs = travel_costs(mixed, turned(there, degrees), limit_minutes=40)
    again = floating_catchment(costs, people, supply=supply, decay=decay)
    assert again.access.to_dict() == pytest.approx(once.access.to_dict())
    assert (people * once.access).sum() == pytest.approx(supply.sum())
    origins = start.assign(origin_id=start.index, zone_code="Z", people=people, weight_kind="given")
    assets = there.assign(asset_id=[f"a{i}" for i in there.index], category="park")
    first, then = (
        measure_access(o, a, targets={"park": ["park"]})
        for o, a in ((origins, assets), (turned(origins, degrees), turned(assets, degrees)))
    )
    pd.testing.assert_series_equal(first["euclid_m"], then["euclid_m"], atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31))
def test_the_order_of_zones_changes_no_figure_of_equity(seed):
    rng = np.random.default_rng(seed)
    zones = pd.DataFrame(
        {"population": rng.integers(100, 3000, 30).astype(float), "value": rng.uniform(0, 900, 30),
         "imd_rank": rng.choice(33_000, 30, replace=False).astype(float)}
    )  # fmt: skip
    quantity = Quantity("Walk", "m")
    tables = [
        measure_equity(table, quantity=quantity, groups=5).figures.set_index("measure")["value"]
        for table in (zones, zones.sample(frac=1, random_state=seed % 1000))
    ]
    assert tables[1].to_dict() == pytest.approx(tables[0].to_dict())
