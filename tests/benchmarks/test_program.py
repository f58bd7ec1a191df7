"""The program as it is started: help, the demo, and a city from its file to its map."""

from __future__ import annotations

import json
import sys

import pytest

from tests.benchmarks.children import run_child, run_python
from tests.benchmarks.streets import LAS_PALMAS

ASSETMAP = [sys.executable, "-m", "assetmap.cli.main"]
BUILD_AGAIN = """
import sys, time
from pathlib import Path
from assetmap.study.flow import build_study
start = time.perf_counter()
build_study(Path(sys.argv[1]), today="2026-01-01", overwrite=True)
print(time.perf_counter() - start)
"""
STARTS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "assetmap --help": [*ASSETMAP, "--help"],
    "python -c 'import assetmap'": [sys.executable, "-c", "import assetmap"],
    "python -c 'import geopandas'": [sys.executable, "-c", "import geopandas"],
}


@pytest.fixture(scope="session")
def las_palmas(shared_data, tmp_path_factory):
    study = tmp_path_factory.mktemp("study") / "las-palmas"
    run_child(*ASSETMAP, "new", str(study), "--name", "Las Palmas", "--quiet")
    run_child(*ASSETMAP, "add", str(study), str(shared_data / LAS_PALMAS), "--quiet")
    return study


@pytest.mark.bench
@pytest.mark.parametrize("start", STARTS)
def test_start(start, race):
    race("to start", start, lambda: run_child(*STARTS[start]), facts={}, rounds=11)


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_a_city_from_file_to_map(las_palmas, race):
    runs = []

    def build():
        runs.append(run_child(*ASSETMAP, "build", str(las_palmas), "--overwrite", "--quiet"))

    facts = {}
    race("Las Palmas, from its .osm.pbf to the map", "assetmap build, start included", build, facts=facts)
    manifest = json.loads((las_palmas / "out" / "manifest.json").read_text(encoding="utf-8"))
    facts["processor time"] = f"{sorted(run.cpu_s for run in runs)[len(runs) // 2]:.1f} s"
    facts["peak memory"] = f"{max(run.peak_mb for run in runs):.0f} MB"
    facts["assets"], facts["origins"] = manifest["figures"]["assets"], manifest["figures"]["origins"]
    facts["map"] = f"{(las_palmas / 'out' / 'map.html').stat().st_size / 1e6:.1f} MB"


@pytest.mark.bench
def test_the_demo(tmp_path, race):
    run_child(*ASSETMAP, "demo", "--out", str(tmp_path / "demo"), "--quiet")
    facts, inside = {}, []

    def build():
        inside.append(float(run_python(BUILD_AGAIN, str(tmp_path / "demo")).said.splitlines()[-1]))

    race("the demo, built again", "a fresh interpreter, imports included", build, facts=facts)
    facts["after the imports"] = f"{sorted(inside)[len(inside) // 2]:.2f} s"


def test_a_child_is_measured():
    run = run_python("import sys; sys.stdout.write('x' * 10_000_000)")
    assert run.seconds > 0
    assert run.cpu_s > 0
    assert 10 < run.peak_mb < 100
    assert len(run.said) == 10_000_000
