"""A built demo, and copies of it to spoil."""

import shutil
from pathlib import Path

import pytest

from assetmap.study.create import create_demo
from tests.cli.program import run_here


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's place without what its residents did, built. Look and don't touch."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    create_demo(folder)
    run_here("build", folder, "--quiet").worked()
    return folder


@pytest.fixture
def study(built: Path, tmp_path: Path) -> Path:
    """A copy of the built demo to change."""
    return Path(shutil.copytree(built, tmp_path / "study"))


@pytest.fixture
def fresh(built: Path, tmp_path: Path) -> Path:
    """A copy of the demo as it is before it is built."""
    return Path(shutil.copytree(built, tmp_path / "fresh", ignore=shutil.ignore_patterns("out")))
