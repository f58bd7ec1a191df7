"""``assetmap sources``: which data a study has, how old, under which licence."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, study_argument


@click.command("sources")
@study_argument
@as_json
def command(folder: Path, as_json: bool) -> None:
    """List the data of the study in DIR: publisher, licence, age, and whether it is still whole."""
    from rich.console import Console
    from rich.table import Table

    from assetmap.study.settings import read_settings
    from assetmap.study.sources import study_sources

    read_settings(folder)
    found = study_sources(folder)
    if as_json:
        print_json(found)
        return
    keys = ("file", "publisher", "licence", "date", "age_days", "state")
    table = Table(*(key.replace("_", " ") for key in keys))
    for row in found:
        table.add_row(*("" if row[key] is None else str(row[key]) for key in keys))
    Console().print(table)
