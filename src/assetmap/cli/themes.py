"""``assetmap themes``: what the notes are about."""

from __future__ import annotations

import click

from assetmap.cli.command_files import CommandFiles


@click.group("themes", cls=CommandFiles, names=("sheet", "code", "agreement", "table"), prefix="themes_")
def command() -> None:
    """Code notes into themes, compare coders, and count themes by place and session."""
