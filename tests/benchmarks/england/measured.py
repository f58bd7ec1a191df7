"""The program's own measures over a synthetic country, step by step, with what each step took."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from assetmap.measures.access import AccessSettings, measure_access
from assetmap.measures.summaries import access_by_deprivation, summarise_access
from tests.benchmarks.england.country import synthetic_country

WITHIN_M = (400,)
"""Counting is asked for within one distance: it takes as long again for each doubling of it."""


@dataclass
class Measured:
    """What came out, and what it took."""

    nodes: int
    origins: int = 0
    assets: int = 0
    cpu_s: dict[str, float] = field(default_factory=dict)
    """Step -> seconds of processor time; ``making the country`` is not the program's."""
    peak_mb: float = 0.0
    by_zone: Any = None
    by_decile: Any = None

    @property
    def program_cpu_s(self) -> float:
        """Seconds of processor time without the making of the country."""
        return sum(seconds for step, seconds in self.cpu_s.items() if step != "making the country")

    def step(self, name: str, call: Callable[[], Any]) -> Any:
        """Take one step and note what it took."""
        start = time.process_time()
        result = call()
        self.cpu_s[name] = time.process_time() - start
        self.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
        return result


def measure_country(nodes: int, data: Path, *, within_m: tuple[int, ...] = WITHIN_M) -> Measured:
    """Measure access to 12 categories from every zone's homes, and summarise it by zone and by decile."""
    run = Measured(nodes)
    country = run.step("making the country", lambda: synthetic_country(nodes, data))
    run.origins, run.assets = len(country.origins), len(country.assets)
    access: pd.DataFrame = run.step(
        "access: nearest of 12 categories, and counts",
        lambda: measure_access(
            country.origins,
            country.assets,
            targets=country.targets,
            routing=country.routing,
            settings=AccessSettings(thresholds_m=within_m),
        ),
    )
    run.by_zone = run.step("summary by zone", lambda: summarise_access(access, country.origins))
    run.by_decile, _ = run.step(
        "summary by decile", lambda: access_by_deprivation(access, country.origins, country.decile)
    )
    return run
