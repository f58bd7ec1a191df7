"""``assetmap kiosk``: from printed sheets to marks."""

from __future__ import annotations

import click

from assetmap.cli.command_files import CommandFiles


@click.group("kiosk", cls=CommandFiles, names=("sheet", "read", "review", "apply"), prefix="kiosk_")
def command() -> None:
    """Print sheets to draw on, read photographs of them, and review what was read."""
