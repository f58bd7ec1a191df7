"""Green area of every zone of a country beside geopandas' overlay, areas compared too."""

from __future__ import annotations

import time
from functools import cache

import numpy as np
import pytest

from assetmap.measures.green import area_within, united
from tests.benchmarks.overlays import GREENS, ZONES, generated_country, overlaid_area


def green_of_each_zone(country):
    return area_within(country.zones.geometry.to_numpy(), united(country.greens.geometry.to_numpy()))


RUNNERS = {"assetmap": green_of_each_zone, "geopandas.overlay": overlaid_area}


@cache
def country_of(zones, greens):
    return generated_country(zones, greens)


@cache
def ours(zones, greens):
    return RUNNERS["assetmap"](country_of(zones, greens))


@pytest.mark.bench
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("runner", RUNNERS)
def test_green_area_of_every_zone(runner, race):
    country, facts = country_of(ZONES, GREENS), {}
    name = f"green area: {ZONES:,} zones, {GREENS:,} green spaces"
    taken = []

    def measure():
        start = time.process_time()
        areas = RUNNERS[runner](country)
        taken.append(time.process_time() - start)
        return areas

    found = race(name, runner, measure, facts=facts)
    facts["processor time"] = f"{sorted(taken)[len(taken) // 2]:.1f} s"
    difference = float(np.abs(found - ours(ZONES, GREENS)).max())
    facts["greatest difference"] = f"{difference:.2g} m²"
    assert difference < 0.01


def test_the_two_agree_on_a_small_country():
    country = country_of(60, 400)
    assert country.zones.is_valid.all()
    assert country.zones.area.sum() == pytest.approx(country.zones.union_all().area, rel=1e-9)
    assert ours(60, 400).sum() < country.greens.area.sum(), "some overlap, or lie across the edge"
    assert np.abs(overlaid_area(country) - ours(60, 400)).max() < 0.001
