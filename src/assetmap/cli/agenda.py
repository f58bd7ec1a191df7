"""``assetmap agenda``: actions that were agreed, checked and laid out by level."""

from __future__ import annotations

import click

from assetmap.cli.command_files import CommandFiles


@click.group("agenda", cls=CommandFiles, names=("import", "check", "matrix", "page"), prefix="agenda_")
def command() -> None:
    """Take in actions and outcomes, check what is missing, and lay them out by level of change."""
