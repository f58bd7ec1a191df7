"""``assetmap walks``: group walks with their track, photographs and sound."""

from __future__ import annotations

import click

from assetmap.cli.command_files import CommandFiles


@click.group("walks", cls=CommandFiles, names=("import",), prefix="walks_")
def command() -> None:
    """Bring in walks: the track, and where each photograph, sound and story belongs on it."""
