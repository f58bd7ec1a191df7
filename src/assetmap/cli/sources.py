"""``assetmap sources``: which data a study has, how old, under which licence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assetmap.cli.options import as_json, print_json, study_argument
from assetmap.plurals import counted


@click.command("sources")
@study_argument
@as_json
def command(folder: Path, as_json: bool) -> None:
    """List the data of the study in DIR: publisher, licence, age, and whether it is still whole."""
    from assetmap.study.settings import read_settings
    from assetmap.study.sources import study_sources

    read_settings(folder)
    found = study_sources(folder)
    if as_json:
        print_json(found)
        return
    for row in found:
        click.echo(f"{row['file']}\n    {_describe(row)}")


def _describe(row: dict[str, Any]) -> str:
    if row["publisher"] is None:
        return f"{row['state']}: nobody has said whose it is (a {Path(row['file']).name}.source.toml beside it would)"
    age = "" if row["age_days"] is None else f", {counted(row['age_days'], 'day')} old"
    return f"{row['title']}; {row['publisher']}; {row['licence']}; {row['date']}{age}; {row['state']}"
