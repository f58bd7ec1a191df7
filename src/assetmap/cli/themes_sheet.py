"""``assetmap themes sheet``: the notes of a study, to be coded."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import out_option, overwrite_option, study_argument
from assetmap.plurals import counted


@click.command("sheet")
@study_argument
@out_option
@overwrite_option
def command(folder: Path, out: Path, overwrite: bool) -> None:
    """Write the notes of the study in DIR into a workbook in which a coder fills in their themes."""
    from assetmap.study.engagement.coding import write_code_sheet

    count = write_code_sheet(folder, out, overwrite=overwrite)
    click.echo(f"{counted(count, 'note')} written to {out}. It holds residents' own words: not for sharing.")
