"""``assetmap open``: the newest map of a study in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import study_argument


@click.command("open")
@study_argument
def command(folder: Path) -> None:
    """Open the newest map of the study in DIR."""
    from assetmap.errors import MissingInputError
    from assetmap.study.settings import read_settings

    read_settings(folder)
    found = sorted((folder / "out").glob("**/*.html"), key=lambda page: page.stat().st_mtime)
    if not found:
        raise MissingInputError(f"{folder} has no map yet: run `assetmap build {folder}`.")
    click.echo(str(found[-1].resolve()))
    click.launch(found[-1].resolve().as_uri())
