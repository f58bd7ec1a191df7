"""``assetmap export``: the tables of the last build as one workbook."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import overwrite_option, quiet_option, speaker, study_argument


@click.command("export")
@study_argument
@click.option(
    "--format", "kind", type=click.Choice(["xlsx"]), default="xlsx", show_default=True, help="The kind of file."
)
@click.option("--out", type=click.Path(path_type=Path), help="Where to write; by default DIR/out/tables.xlsx.")
@overwrite_option
@quiet_option
def command(folder: Path, kind: str, out: Path | None, overwrite: bool, quiet: bool) -> None:
    """Write the tables that the last build of the study in DIR made as one workbook, with a data dictionary."""
    from assetmap.study.exporting import export_workbook

    path = export_workbook(folder, out=out, overwrite=overwrite)
    speaker(quiet)(f"The workbook is {path.resolve()}")
