"""Ask the package registry whether every dependency has a wheel for a system, without building anything.

Run ``python scripts/check_wheels.py``. It downloads wheels into a temporary folder with
``pip download --only-binary=:all:`` for each Python and platform below, and prints a line for each. It says
nothing about whether assetmap runs there: only that it can be installed without a compiler.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

PLATFORMS = {
    "Windows, 64-bit": ["win_amd64"],
    "macOS, Apple silicon": ["macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64"],
    "macOS, Intel": ["macosx_14_0_x86_64", "macosx_12_0_x86_64", "macosx_10_15_x86_64"],
    "Linux, 64-bit": ["manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"],
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def missing_wheels(python: str, platforms: list[str], requirements: list[str], cache: Path) -> str:
    """Return pip's complaint, or an empty text where every wheel is there."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", "--dest", str(cache)]
    command += ["--python-version", python, "--implementation", "cp"]
    for platform in platforms:
        command += ["--platform", platform]
    done = subprocess.run([*command, *requirements], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    return "" if done.returncode == 0 else (complaints or [done.stderr.strip()])[-1]


def main() -> int:
    """Check every platform and Python; exit 1 if a wheel is missing anywhere."""
    project = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    requirements = project["project"]["dependencies"]
    failed = 0
    with tempfile.TemporaryDirectory() as cache:
        for python in PYTHONS:
            for name, platforms in PLATFORMS.items():
                complaint = missing_wheels(python, platforms, requirements, Path(cache))
                failed += bool(complaint)
                print(f"Python {python}, {name}: {complaint or 'every wheel is there'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
