"""``assetmap kiosk review``: a page on which people look at the marks that were read."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument, today
from assetmap.plurals import counted


@click.command("review")
@study_argument
@quiet_option
def command(folder: Path, quiet: bool) -> None:
    """Write a page to review marks on: type what the writing says, choose consent, accept, merge, reject."""
    from assetmap.study.kiosk.review import write_review

    page, count = write_review(folder, today=today(), say=speaker(quiet))
    click.echo(
        f"{counted(count, 'mark')} to review are on {page.resolve()}: it shows residents' words, so it isn't "
        "for sharing."
    )
