"""Fixtures that every test may use."""

import gc
from pathlib import Path

import pytest
from hypothesis import settings

from scripts.ensure_chromium import find_chromium
from tests.campaign import FULL

ROOT = Path(__file__).resolve().parents[1]

# The same examples on every machine and run, so that a red test is red for everyone; a campaign draws new ones.
settings.register_profile("repeatable", derandomize=True, database=None)
if not FULL:
    settings.load_profile("repeatable")


def pytest_collection_finish() -> None:
    """Keep what was imported and collected out of each later search for garbage: that is a twentieth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def sample() -> Path:
    """The folder of the sample that ships with the package."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real published data beside the checkout; the test is skipped where there is none."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("published data not found beside the checkout (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; the test is skipped where there is none."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium found: run scripts/ensure_chromium.py, or set ASSETMAP_CHROMIUM")
    return found
