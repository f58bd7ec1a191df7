"""Find a Chromium for the browser tests, or install Debian's; say what is missing, and never fail.

``ASSETMAP_CHROMIUM`` names a browser to use. Otherwise the usual names on the path are tried, and then, as root
on a Debian system, ``apt-get install chromium``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

__all__ = ["find_chromium", "main"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "/usr/bin/chromium")
_INSTALL = (
    ("apt-get", "update", "-qq"),
    ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"),
)


def find_chromium() -> str | None:
    """Return the path of a Chromium that may be run, or None."""
    chosen = os.environ.get("ASSETMAP_CHROMIUM")
    names = (chosen,) if chosen else _NAMES
    return next((found for name in names if (found := shutil.which(name))), None)


def _why_not_installed() -> str | None:
    """Install Chromium with apt-get, and return None, or the reason why that can't be done."""
    if os.environ.get("ASSETMAP_CHROMIUM"):
        return "ASSETMAP_CHROMIUM names no program that may be run"
    if shutil.which("apt-get") is None:
        return "no Chromium or Chrome was found, and there is no apt-get here to install one with"
    if os.geteuid() != 0:
        return "no Chromium or Chrome was found, and installing one needs root (apt-get install chromium)"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in _INSTALL:
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip().splitlines()
            return f"{' '.join(command)} failed ({words[-1] if words else f'exit code {done.returncode}'})"
    return None


def main() -> int:
    """Print one line: the browser that the tests will use, or why they will be skipped."""
    found = find_chromium()
    reason = None
    if found is None:
        reason = _why_not_installed()
        found = find_chromium()
    if found is None:
        print(f"Browser tests will be skipped: {reason or 'Chromium was installed and still cannot be found'}.")
    else:
        print(f"Browser tests will use {found}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
