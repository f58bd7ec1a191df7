"""``assetmap systems``: system maps, read, asked, tied to places and given back."""

from __future__ import annotations

import click

from assetmap.cli.command_files import CommandFiles


@click.group("systems", cls=CommandFiles, names=("import", "ask", "tie", "export"), prefix="systems_")
def command() -> None:
    """Read system maps, ask them, tie their factors to places, and write them for other programs."""
