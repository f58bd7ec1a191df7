"""``assetmap priorities import``: ballots or sums of votes, into a study."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument


@click.command("import")
@study_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--session", help="The session of rows that name none.")
@quiet_option
def command(folder: Path, file: Path, session: str | None, quiet: bool) -> None:
    """Import the votes in FILE into the study in DIR; a ballot that comes twice counts once."""
    from assetmap.study.engagement.voting import import_votes

    tally, known = import_votes(folder, file, session=session)
    speaker(quiet)(tally.summary())
    click.echo(f"{tally.kept} votes read; {known} of them were in the study already.")
