"""``assetmap theory``: the theory of change."""

from __future__ import annotations

import click

from assetmap.cli.command_files import CommandFiles


@click.group("theory", cls=CommandFiles, names=("draw",), prefix="theory_")
def command() -> None:
    """Draw what is to lead to what, with the figures that show it."""
