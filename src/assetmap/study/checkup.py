"""What this machine has of what assetmap needs."""

from __future__ import annotations

import platform
import re
import sys
import warnings
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from assetmap.errors import AssetMapError
from assetmap.places import sample_folder

__all__ = ["Finding", "check_up"]

_EXTRAS = {
    "kiosk": "printing and reading sheets",
    "plots": "plots in the report",
    "dask": "measuring on many machines",
    "fast": "counting 20,000 assets or more",
    "walks": "sound, film and HEIC of walks",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    found: str
    remedy: str = ""


def check_up() -> list[Finding]:
    """Look at Python, the packages that assetmap needs, the sample, and PROJ's grid for Britain."""
    python = Finding("Python", sys.version_info >= (3, 11), platform.python_version(), "install Python 3.11 or later")
    return [python, *_packages(), *_extras(), _sample(), _grid()]


def _packages() -> list[Finding]:
    findings = []
    for line in requires("assetmap") or []:
        if "extra ==" in line:
            continue
        name = _name_in(line)
        try:
            findings.append(Finding(name, True, version(name)))
        except PackageNotFoundError:
            findings.append(Finding(name, False, "not installed", f"python -m pip install '{line}'"))
    return findings


def _extras() -> list[Finding]:
    """Return which optional parts are there: one that isn't is no fault, and comes with the line that adds it."""
    findings = []
    for extra, purpose in _EXTRAS.items():
        named = [line for line in requires("assetmap") or [] if re.search(rf"extra == ['\"]{extra}['\"]", line)]
        missing = [name for name in map(_name_in, named) if not _installed(name)]
        found = "installed" if not missing else f"not installed, python -m pip install 'assetmap[{extra}]' adds it"
        findings.append(Finding(f"{extra} (optional, {purpose})", True, found))
    return findings


def _name_in(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9_.\-]", requirement, maxsplit=1)[0]


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _sample() -> Finding:
    try:
        return Finding("sample data", True, str(sample_folder()))
    except AssetMapError as error:
        return Finding("sample data", False, str(error), "python -m pip install --force-reinstall assetmap")


def _grid() -> Finding:
    """Whether PROJ has the OSTN15 grid; without it the British grid is good to about 2 m, which is enough to start."""
    from pyproj.transformer import TransformerGroup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PROJ warns of the grid that this looks for
        group = TransformerGroup("EPSG:4326", "EPSG:27700")
    exact = bool(group.transformers) and group.transformers[0].accuracy <= 1
    found = "OSTN15 grid found (0.1 m)" if exact else "without the OSTN15 grid positions are good to about 2 m"
    return Finding("British National Grid", True, found)
