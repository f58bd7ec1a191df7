"""``assetmap priorities import``: ballots or sums of votes, into a study."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument
from assetmap.plurals import counted


@click.command("import")
@study_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--session", help="The session of rows that name none.")
@click.option("--cells", help="What the cells of a grid are, where it can't be told: ranks, votes or ticks.")
@click.option("--columns", help="What its columns beside the priorities are: sessions, places or voters.")
@quiet_option
def command(folder: Path, file: Path, session: str | None, cells: str | None, columns: str | None, quiet: bool) -> None:
    """Import the votes in FILE into the study in DIR; a ballot that comes twice counts once.

    FILE has a row for each vote (voter, priority, rank or votes) or for each sum of votes (priority, votes), or is a
    grid: priorities down and voters, sessions or places across, or the other way round, or a column for each choice.
    `assetmap template votes` writes a blank one.
    """
    from assetmap.study.engagement.voting import import_votes

    read, known = import_votes(folder, file, session=session, cells=cells, columns=columns)
    say = speaker(quiet)
    say(read.tally.summary())
    if read.understood:
        say(f"    read as a grid: {read.understood}")
    click.echo(f"{counted(read.tally.kept, 'vote')} read; {known} of them were in the study already.")
