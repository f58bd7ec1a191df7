"""What people have of a supply, reckoned on paper: one park, the neighbourhood, and those next door."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from assetmap.origins import origins_from_buildings
from assetmap.study.figures.supply import CATCHMENT_COLUMNS, measure_supply, supply_columns
from assetmap.study.settings import check_settings

GREEN = {"catchments": [{"of": "green_space", "supply": "area_m2", "minutes": 15}], "study": {"name": "x"}}


def zone(code, x, people):
    """A square of 100 m whose middle is at (x, 0)."""
    return {"zone_code": code, "name": None, "vintage": "own", "population": people, "geometry": _square(x)}


def _square(x):
    return shapely.box(x - 50, -50, x + 50, 50)


def zones(*rows):
    return gpd.GeoDataFrame(list(rows), crs=27700)


def assets(**columns):
    table = {"asset_id": ["a"], "name": ["Park"], "category": ["park"], "area_m2": [1e4], "opening_hours": [None]}
    shape = columns.pop("geometry", [shapely.box(600, -50, 700, 150)])
    return gpd.GeoDataFrame(table | columns, geometry=shape, crs=27700)


def measure(settings=GREEN, *, own, next_door, park):
    inputs = SimpleNamespace(
        zones=own, next_door=next_door, osm=None, access_points=None, notes=[],
    )  # fmt: skip
    return measure_supply(inputs, check_settings(settings, "x"), park, origins_from_buildings(own, None), None)


WIDE = zone("D", 650, 300.0) | {"geometry": shapely.box(-5000, -5000, 6300, 5000)}


def test_a_park_is_divided_among_all_who_reach_it():
    # 20,000 m², 100 people here and 300 next door, all within 15 minutes
    found = measure(own=zones(zone("A", 0, 100.0)), next_door=zones(WIDE), park=assets())
    plain = found[(found["method"] == "2SFCA") & (found["group"] == "neighbourhood")].iloc[0]
    assert plain["supply_per_person"] == pytest.approx(20_000 / 400)
    assert plain["supply_reached"] == pytest.approx(5_000)
    assert plain["edge_share"] == 0
    assert "50 m² for each person" in plain["sentence"]
    assert list(found.columns) == list(CATCHMENT_COLUMNS)


def test_rings_weigh_as_luo_and_qi_have_them():
    # 600 m is 9 minutes: the second of three rings of 5 minutes, 0.68; next door is in the first
    found = measure(own=zones(zone("A", 0, 100.0)), next_door=zones(WIDE), park=assets())
    enhanced = found[(found["method"] == "E2SFCA") & (found["group"] == "A")].iloc[0]
    assert enhanced["supply_per_person"] == pytest.approx(20_000 / (100 * 0.68 + 300) * 0.68)
    assert supply_columns(found, pd.Series(["A"]))["green_space_e2sfca_area_m2"].iloc[0] == pytest.approx(
        enhanced["supply_per_person"]
    )


def test_supply_is_conserved_over_everyone():
    # what is left over by the neighbourhood is what those next door have: nothing is lost and nothing made
    own, door = zones(zone("A", 0, 100.0), zone("B", 200, 50.0)), zones(WIDE)
    mine = measure(own=own, next_door=door, park=assets()).query("group == 'neighbourhood'")
    theirs = measure(own=door, next_door=own, park=assets()).query("group == 'neighbourhood'")
    assert (mine["supply_reached"].to_numpy() + theirs["supply_reached"].to_numpy()) == pytest.approx([20_000] * 3)


def test_where_the_known_people_end_near_the_park_the_figure_is_at_most():
    near = zone("D", 650, 300.0) | {"geometry": shapely.box(500, -200, 900, 200)}
    found = measure(own=zones(zone("A", 0, 100.0)), next_door=zones(near), park=assets())
    assert (found["edge_share"] == 1).all()
    assert found["sentence"].str.contains("at most").all()


@pytest.mark.parametrize(
    ("next_door", "own", "settings", "reason"),
    [
        (None, 100.0, GREEN, "the people next door, who share it, aren't known"),
        (zones(zone("D", 650, np.nan)), 100.0, GREEN, "the people next door"),
        (zones(WIDE), np.nan, GREEN, "the population is unknown in 1 of the zones"),
        (zones(WIDE), 100.0, {**GREEN, "catchments": [{"of": "library"}]}, "no place of this kind is known"),
        (zones(WIDE), 100.0, {**GREEN, "catchments": [{"of": "park", "supply": "hours"}]}, "opening hours that can be"),
        (zones(WIDE), 100.0, {**GREEN, "catchments": [{"of": "park", "minutes": 60}]}, "60 minutes are 4,000 m"),
    ],
)
def test_what_cannot_be_said_is_refused_with_the_reason(next_door, own, settings, reason):
    found = measure(settings, own=zones(zone("A", 0, own)), next_door=next_door, park=assets())
    assert found["supply_per_person"].isna().all()
    assert found["refusal"].str.contains(reason).all()
    assert len(found) == 3


def test_hours_and_seats_count_where_they_are_known():
    halls = assets(
        asset_id=["a", "b"], name=["Hall", "Hut"], category=["community_centre"] * 2, area_m2=[np.nan] * 2,
        opening_hours=["Mo-Fr 09:00-17:00", "ask"], seats=[np.nan, 80.0],
        geometry=gpd.points_from_xy([600, 650], [0, 0]),
    )  # fmt: skip
    wanted = [{"of": "community_centre", "supply": "hours"}, {"of": "community_centre", "supply": "seats"}]
    found = measure({**GREEN, "catchments": wanted}, own=zones(zone("A", 0, 100.0)), next_door=zones(WIDE), park=halls)
    plain = found[(found["method"] == "2SFCA") & (found["group"] == "A")].set_index("supply")
    # 2026 has 261 Mondays to Fridays in 365 days
    assert plain.loc["hours", "supply_per_person"] == pytest.approx(8 * 261 / 365 * 7 / 400, rel=1e-6)
    assert plain.loc["seats", "supply_per_person"] == pytest.approx(80 / 400)
    assert plain["supplies_unknown"].tolist() == [1, 1]
