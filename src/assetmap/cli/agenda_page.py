"""``assetmap agenda page``: the agenda to look at together."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import after_option, study_argument, today
from assetmap.cli.theory_draw import report_figures


@click.command("page")
@study_argument
@after_option
def command(folder: Path, after: Path | None) -> None:
    """Write the agenda of the study in DIR as a page: actions by level, what they are to lead to, what is missing."""
    from assetmap.study.engagement.agenda_page import write_agenda_page

    target, figures = write_agenda_page(folder, today=today(), after=after)
    report_figures(figures, after=after)
    click.echo(f"The page is {target.resolve()}")
