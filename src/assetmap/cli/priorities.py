"""``assetmap priorities``: what matters most, by votes."""

from __future__ import annotations

import click

from assetmap.cli.command_files import CommandFiles


@click.group("priorities", cls=CommandFiles, names=("import", "rank"), prefix="priorities_")
def command() -> None:
    """Import votes on priorities, and rank them by a rule that is named."""
