"""``assetmap arts import``: works into a study's gallery."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument, today
from assetmap.plurals import counted


@click.command("import")
@study_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--media", required=True, type=click.Path(path_type=Path), help="The folder of the pictures, films and sound."
)
@click.option("--name", default="arts", show_default=True, help="What the collection is called.")
@quiet_option
def command(folder: Path, file: Path, media: Path, name: str, quiet: bool) -> None:
    """Bring the works listed in FILE (a filled `assetmap template arts`) into the study in DIR."""
    from assetmap.study.engagement.arts import import_arts

    say = speaker(quiet)
    works, tallies = import_arts(folder, file, media, today=today(), name=name, say=say)
    for tally in tallies:
        say(tally.summary())
    click.echo(
        f"{counted(works, 'work')}: the next build shows those that somebody has agreed to, and publish those it may."
    )
