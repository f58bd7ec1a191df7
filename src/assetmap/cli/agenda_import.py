"""``assetmap agenda import``: actions and outcomes out of a table."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, study_argument


@click.command("import")
@study_argument
@click.argument("file", type=click.Path(path_type=Path))
@as_json
def command(folder: Path, file: Path, as_json: bool) -> None:
    """Put the actions or outcomes of a CSV or XLSX file into the study in DIR.

    An action that comes again, by its id, takes its own place; those that the file lacks stay. `assetmap template
    actions` and `assetmap template outcomes` write blank ones.
    """
    from assetmap.encode import plain_text
    from assetmap.study.engagement.agenda import import_agenda

    tallies, kept = import_agenda(folder, file)
    if as_json:
        print_json([tally.as_dict() for tally in tallies])
        return
    for tally in tallies:
        click.echo(plain_text(tally.summary()))
    if kept != f"inputs/{file.name}":
        click.echo(plain_text(f"An earlier {file.name} stays in inputs/; this one is kept beside it as {kept}."))
