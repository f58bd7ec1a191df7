"""``assetmap doctor``: what is installed, what is missing, and the line that adds it."""

from __future__ import annotations

import click

from assetmap.cli.options import as_json, print_json


@click.command("doctor")
@as_json
def command(as_json: bool) -> None:
    """Say what is installed, what is missing, and the one line that adds it."""
    from assetmap.study.checkup import check_up

    findings = check_up()
    if as_json:
        print_json([finding.__dict__ for finding in findings])
        return
    for finding in findings:
        click.echo(f"{'ok     ' if finding.ok else 'missing'}  {finding.what}: {finding.found}")
        if not finding.ok:
            click.echo(f"         {finding.remedy}")
