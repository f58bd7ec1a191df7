"""A built demo to read from."""

from pathlib import Path

import pytest

from assetmap.study.create import create_demo
from assetmap.study.flow import build_study

DAY = "2026-05-04"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's place without what its residents did, built. Look and don't touch."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    create_demo(folder)
    build_study(folder, today=DAY)
    return folder
