"""``assetmap status``: where a study stands in the seven steps."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, study_argument


@click.command("status")
@study_argument
@as_json
def command(folder: Path, as_json: bool) -> None:
    """Say what the study in DIR has for each of the seven steps, what is missing, and what comes next."""
    from assetmap.study.status import read_status

    steps = read_status(folder)
    if as_json:
        print_json(
            [
                {
                    "step": step.number,
                    "title": step.title,
                    "there": {part.what: part.count for part in step.parts if part.count},
                    "missing": [{"what": part.what, "command": part.command} for part in step.missing],
                }
                for step in steps
            ]
        )
        return
    for step in steps:
        click.echo(f"{step.number}. {step.title}")
        for part in step.parts:
            if part.count:
                click.echo(f"   {part.told}")
        for part in step.missing:
            click.echo(f"   no {part.what} yet: {part.command}")
    waiting = next((step for step in steps if step.missing), None)
    if waiting is not None:
        click.echo(f"Next: step {waiting.number}, {waiting.missing[0].command} {folder}")
