"""``assetmap open``: the newest map of a study in the browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click

from assetmap.cli.options import study_argument

_PATIENCE_S = 5.0
"""What can't open a page says so sooner; a browser may stay in the foreground for longer."""


@click.command("open")
@study_argument
def command(folder: Path) -> None:
    """Open the newest map of the study in DIR."""
    from assetmap.errors import MissingInputError, UsageError
    from assetmap.study.settings import read_settings

    read_settings(folder)
    found = sorted((folder / "out").glob("**/map*.html"), key=lambda page: page.stat().st_mtime)
    if not found:
        raise MissingInputError(f"{folder} has no map yet: run `assetmap build {folder}`.")
    page = found[-1].resolve()
    if not _opens(page):
        raise UsageError(f"no browser was found here to open {page}: open that file in one, also on another computer.")
    click.echo(str(page))


def _opens(page: Path) -> bool:
    """Open a page in the user's browser; False where there is none."""
    if sys.platform != "linux":
        return click.launch(page.as_uri()) == 0
    program = shutil.which("xdg-open")
    if program is None:
        return False
    # click.launch doesn't wait for xdg-open, which then lists on the terminal each browser that it misses.
    started = subprocess.Popen([program, str(page)], stderr=subprocess.DEVNULL)  # noqa: S603 - a fixed program, no shell
    try:
        return started.wait(_PATIENCE_S) == 0
    except subprocess.TimeoutExpired:
        return True
