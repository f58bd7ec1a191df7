"""``assetmap arts``: films, postcards, books and other works."""

from __future__ import annotations

import click

from assetmap.cli.command_files import CommandFiles


@click.group("arts", cls=CommandFiles, names=("import",), prefix="arts_")
def command() -> None:
    """Bring in works, such as films, postcards and books, with their makers and licences."""
