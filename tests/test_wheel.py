"""The built wheel works outside a checkout: the sample, the page's files and the tables travel in it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and "No matching distribution" in done.stderr:
        pytest.skip("the package registry can't be reached, so no wheel can be built here")
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("assetmap-*.whl")
    with zipfile.ZipFile(wheel) as zipped:
        zipped.extractall(folder / "site")
    return folder / "site"


@pytest.mark.slow
def test_the_wheel_holds_what_the_program_reads(unpacked):
    package = unpacked / "assetmap"
    for wanted in (
        "py.typed",
        "taxonomy.toml",
        "data/boundaries/places.toml",
        "data/osm_cache/tidewell.osm",
        "data/engagement/tidewell_votes.csv",
        "data/walks/tidewell_hall_walk.gpx",
    ):
        assert (package / wanted).is_file(), wanted
    assert not list(unpacked.rglob("test_*.py"))


@pytest.mark.slow
def test_the_demo_runs_from_the_wheel_alone(unpacked, tmp_path):
    where = "import assetmap.places as p; print(p.sample_folder())"
    run = "import sys; from assetmap.cli.main import main; sys.argv = ['assetmap', 'demo', '--out', 'mine']; main()"
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    found = subprocess.run(
        [sys.executable, "-c", where], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).is_relative_to(unpacked)
    subprocess.run([sys.executable, "-c", run], env=environment, cwd=tmp_path, check=True)
    assert (tmp_path / "mine" / "out" / "map.html").stat().st_size > 100_000
