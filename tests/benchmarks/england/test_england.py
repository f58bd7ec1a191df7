"""A country on one core: small in every run of the tests, as large as England in ``make campaign``."""

from __future__ import annotations

import json

import numpy as np
import pytest

from assetmap.measures.access import AccessSettings
from assetmap.measures.regions import Part, measure_by_region, measure_part
from tests.benchmarks.children import run_python
from tests.benchmarks.england.country import CATEGORIES, ENGLAND_NODES, HOMES_A_ZONE, synthetic_country
from tests.benchmarks.england.measured import WITHIN_M, measure_country
from tests.campaign import FULL

MINUTES, MEMORY_MB = 10, 8_000
_MEASURE = """
import json, sys
from pathlib import Path
from tests.benchmarks.england.measured import measure_country
run = measure_country(int(sys.argv[1]), Path(sys.argv[2]))
print(json.dumps({"cpu_s": run.program_cpu_s, "peak_mb": run.peak_mb, "zones": len(set(run.by_zone["group"]))}))
"""


def test_a_small_country_is_measured_whole(shared_data):
    run = measure_country(20_000, shared_data)
    zones = run.origins // HOMES_A_ZONE
    assert len(run.by_zone) == zones * CATEGORIES
    assert run.by_zone["mean_m"].notna().mean() > 0.9
    assert set(run.by_decile["decile"]) <= set(range(1, 11))
    assert run.by_decile.groupby("category")["people"].sum().nunique() == 1
    assert run.by_decile["people"].sum() == pytest.approx(run.by_zone["people"].sum())
    assert set(run.cpu_s) > {"making the country", "summary by zone"}


def test_a_seed_gives_the_same_country(shared_data):
    one, other = (synthetic_country(5_000, shared_data) for _ in range(2))
    assert np.array_equal(one.network.xy, other.network.xy)
    assert one.origins.equals(other.origins)
    assert one.assets.equals(other.assets)


def test_a_country_in_regions_is_the_country(shared_data):
    country = synthetic_country(20_000, shared_data)
    whole = Part(
        np.arange(len(country.origins)),
        country.origins,
        country.assets,
        country.targets,
        country.routing,
        AccessSettings(thresholds_m=WITHIN_M),
        None,
    )
    single, regions = measure_part(whole), measure_by_region(whole, regions=4)
    assert np.allclose(single["walk_m"], regions["walk_m"], rtol=0, atol=1e-6, equal_nan=True)
    assert single["walk_count_400m"].equals(regions["walk_count_400m"])


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.skipif(not FULL, reason="half an hour and 8 GB: make campaign")
def test_all_of_england_takes_ten_minutes_and_8_gb(shared_data):
    found = json.loads(run_python(_MEASURE, str(ENGLAND_NODES), str(shared_data)).said)
    assert found["zones"] == 33_755
    assert found["cpu_s"] < MINUTES * 60
    assert found["peak_mb"] < MEMORY_MB
