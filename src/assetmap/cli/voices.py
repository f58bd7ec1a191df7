"""``assetmap voices``: what people said, from wherever it was written down."""

from __future__ import annotations

import click

from assetmap.cli.command_files import CommandFiles


@click.group("voices", cls=CommandFiles, names=("import", "heard"), prefix="voices_")
def command() -> None:
    """Import what people said, and see who was heard."""
