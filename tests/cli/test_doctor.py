"""What is installed and what is missing."""

import json
from importlib.metadata import PackageNotFoundError

import pytest

from assetmap.study import checkup
from tests.cli.program import run_here


def test_here_everything_is_there():
    ran = run_here("doctor").worked()
    assert ran.err == ""
    assert "missing" not in ran.out
    assert "ok       geopandas:" in ran.out
    assert "ok       sample data:" in ran.out
    assert "British National Grid" in ran.out


def test_programs_get_json():
    found = json.loads(run_here("doctor", "--json").worked().out)
    assert {"Python", "click", "geopandas", "sample data", "British National Grid"} <= {row["what"] for row in found}
    assert all(row["ok"] for row in found)


def test_a_missing_package_comes_with_the_line_that_adds_it(monkeypatch: pytest.MonkeyPatch):
    known = checkup.version

    def without(name):
        if name == "rasterio":
            raise PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr(checkup, "version", without)
    ran = run_here("doctor").worked()
    lines = ran.out.splitlines()
    at = lines.index("missing  rasterio: not installed")
    assert lines[at + 1].strip() == "python -m pip install 'rasterio>=1.4.3'"
