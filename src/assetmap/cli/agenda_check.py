"""``assetmap agenda check``: what is missing in an agenda."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, study_argument


@click.command("check")
@study_argument
@as_json
def command(folder: Path, as_json: bool) -> None:
    """List priorities that no action answers, actions without owner or evidence, overspend, and empty levels."""
    from assetmap.encode import plain_text
    from assetmap.study.engagement.agenda import check_study_agenda

    found = check_study_agenda(folder)
    if as_json:
        print_json([{"what": finding.what, "at": list(finding.at)} for finding in found])
        return
    for finding in found:
        click.echo(plain_text(finding.what + (f": {'; '.join(finding.at)}" if finding.at else "")))
    if not found:
        click.echo("Nothing is missing.")
