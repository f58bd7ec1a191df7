"""Benchmarks print ratios and never fail for being slow; they run only when asked for (``-m bench``)."""

from __future__ import annotations

import importlib
import importlib.util
import statistics
from collections.abc import Callable
from typing import Any

import pytest

from tests.benchmarks.engines import COUNTERS, ENGINES, Counter, Engine

collect_ignore = [] if importlib.util.find_spec("numba") else ["heap.py"]
ROUNDS = 3
ROWS = pytest.StashKey[list[dict[str, Any]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "bench" in config.option.markexpr:
        return
    asked = [item for item in items if item.get_closest_marker("bench") is None]
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("bench")])
    items[:] = asked


@pytest.fixture
def race(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Time one runner of a race by pytest-benchmark; the first of a race is what the others are compared with.

    Called with the race's name, the runner's name and what to run; returns what that returns. Facts that
    are known only afterwards are added to the dict that `facts` is.
    """

    def run(name: str, runner: str, call: Callable[[], Any], *, facts: dict[str, Any], rounds: int = ROUNDS) -> Any:
        benchmark = request.getfixturevalue("benchmark")
        benchmark.group = name
        benchmark.extra_info = facts
        result = benchmark.pedantic(call, rounds=rounds, iterations=1)
        seconds = statistics.median(benchmark.stats.stats.data)
        request.config.stash[ROWS].append({"race": name, "runner": runner, "seconds": seconds, "facts": facts})
        return result

    return run


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    rows = config.stash[ROWS]
    for name in dict.fromkeys(row["race"] for row in rows):
        field = [row for row in rows if row["race"] == name]
        terminalreporter.write_sep("-", name)
        for row in field:
            ratio = row["seconds"] / field[0]["seconds"]
            facts = ", ".join(f"{key} {value}" for key, value in row["facts"].items())
            terminalreporter.write_line(f"{row['runner']:<34} {ratio:>9.2f} x {row['seconds']:>10.4f} s   {facts}")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every engine that is installed."""
    _need(request.param)
    return ENGINES[request.param]


@pytest.fixture(params=COUNTERS)
def counter(request: pytest.FixtureRequest) -> Counter:
    """Every engine that is installed, and those that only count."""
    _need(request.param)
    return COUNTERS[request.param]


def _need(name: str) -> None:
    library = name.split("_")[0]
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed: pip install '.[bench]'")
    if library == "numba":
        importlib.import_module("tests.benchmarks.heap")  # which compiles it, and isn't timed
