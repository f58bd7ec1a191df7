"""Nearest asset of every node beside networkx and pandana, counts beside cityseer too; answers are compared."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.benchmarks.engines import COUNTERS, ENGINES, Cityseer, Pandana
from tests.benchmarks.streets import LAS_PALMAS, city_streets, generated_streets

WITHIN_M = 800.0
PANDANA_ROUNDS_M = 0.5
"""pandana keeps lengths as whole millimetres: over the hundreds of short edges of a long walk that adds up."""

PLACES = ["las_palmas", "50k", "500k"]
pytestmark = pytest.mark.filterwarnings("ignore")  # the peers' own


@cache
def place_of(name, shared_data):
    if name == "las_palmas":
        return city_streets(shared_data / LAS_PALMAS)
    return generated_streets({"50k": 50_000, "500k": 500_000, "small": 900}[name])


@cache
def ours(place_name, shared_data):
    place = place_of(place_name, shared_data)
    nodes = next(iter(place.assets.values()))
    engine = ENGINES["assetmap"]
    return engine.nearest(place.network, nodes), COUNTERS["assetmap"].count(place.network, nodes, WITHIN_M)


def compare(found, expected, engine, facts):
    """Note the greatest difference; refuse one that isn't rounding."""
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    difference = float(np.nanmax(np.abs(found - expected)))
    facts["greatest difference"] = f"{difference:.2g} m"
    assert difference < (PANDANA_ROUNDS_M if isinstance(engine, Pandana) else 1e-6)


def compare_counts(found, expected, engine, facts):
    different = int((found != expected).sum())
    facts["nodes that differ"] = f"{different} of {len(found)}"
    rounds = isinstance(engine, Pandana | Cityseer)
    assert different <= (0.001 * len(found) if rounds else 0)


@pytest.mark.bench
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("place_name", PLACES)
def test_build_and_ask_once(place_name, engine, race, shared_data):
    place = place_of(place_name, shared_data)
    nodes = next(iter(place.assets.values()))
    facts = {}
    found = race(
        f"nearest, build and ask: {place.name}, {len(nodes):,} assets",
        type(engine).__name__.lower(),
        lambda: engine.nearest(engine.build(place.network), nodes),
        facts=facts,
    )
    compare(found, ours(place_name, shared_data)[0], engine, facts)


@pytest.mark.bench
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("place_name", PLACES)
def test_ask_once(place_name, engine, race, shared_data):
    place = place_of(place_name, shared_data)
    nodes, built, facts = next(iter(place.assets.values())), engine.build(place.network), {}
    found = race(
        f"nearest, ask only: {place.name}, {len(nodes):,} assets",
        type(engine).__name__.lower(),
        lambda: engine.nearest(built, nodes),
        facts=facts,
    )
    compare(found, ours(place_name, shared_data)[0], engine, facts)


@pytest.mark.bench
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("place_name", ["las_palmas", "50k"])
def test_ask_for_twelve_categories(place_name, engine, race, shared_data):
    place, facts = place_of(place_name, shared_data), {}
    found = race(
        f"nearest of 12 categories, build and ask: {place.name}",
        type(engine).__name__.lower(),
        lambda: engine.nearest_of_each(place.network, list(place.assets.values())),
        facts=facts,
    )
    compare(found[0], ours(place_name, shared_data)[0], engine, facts)


@pytest.mark.bench
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("place_name", ["las_palmas", "50k"])
def test_count(place_name, counter, race, shared_data):
    place = place_of(place_name, shared_data)
    nodes, facts = next(iter(place.assets.values())), {}
    found = race(
        f"count within {WITHIN_M:.0f} m, build and ask: {place.name}, {len(nodes):,} assets",
        type(counter).__name__.lower(),
        lambda: counter.count(counter.build(place.network), nodes, WITHIN_M),
        facts=facts,
    )
    compare_counts(found, ours(place_name, shared_data)[1], counter, facts)


def test_the_engines_agree_on_distances_in_a_small_town(engine):
    nearest, _ = ours("small", None)
    place = place_of("small", None)
    assert np.isfinite(nearest).mean() > 0.9
    compare(engine.nearest(engine.build(place.network), next(iter(place.assets.values()))), nearest, engine, {})


def test_the_engines_agree_on_several_categories_in_a_small_town(engine):
    place = place_of("small", None)
    sets = list(place.assets.values())
    one_by_one = [ENGINES["networkx"].nearest(ENGINES["networkx"].build(place.network), nodes) for nodes in sets]
    for found, expected in zip(engine.nearest_of_each(place.network, sets), one_by_one, strict=True):
        compare(found, expected, engine, {})


def test_the_engines_agree_on_counts_in_a_small_town(counter):
    _, counts = ours("small", None)
    place = place_of("small", None)
    assert counts.max() > 1
    found = counter.count(counter.build(place.network), next(iter(place.assets.values())), WITHIN_M)
    assert np.array_equal(found, counts)
