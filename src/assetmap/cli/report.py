"""``assetmap report``: what the last build found, as one page in plain words with plots."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument


@click.command("report")
@study_argument
@quiet_option
def command(folder: Path, quiet: bool) -> None:
    """Write what the last build of the study in DIR found as one page in plain words, with plots."""
    from assetmap.study.reporting import write_report

    path = write_report(folder, say=speaker(quiet))
    speaker(quiet)(f"The report is {path.resolve()}")
