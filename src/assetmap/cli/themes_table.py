"""``assetmap themes table``: themes by place and session."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, overwrite_option, print_json, study_argument
from assetmap.encode import plain_text
from assetmap.plurals import counted


@click.command("table")
@study_argument
@click.option("--out", type=click.Path(path_type=Path), help="Write the table to this file (.csv, .parquet) as well.")
@overwrite_option
@as_json
def command(folder: Path, out: Path | None, overwrite: bool, as_json: bool) -> None:
    """Count the notes of the study in DIR by theme, place and session, each count with its notes."""
    from assetmap.cli.options import today
    from assetmap.study.engagement.coding import theme_table
    from assetmap.table_files import write_table

    table = theme_table(folder)
    if out:
        write_table(out, table, layer="themes", made_on=today(), overwrite=overwrite)
    if as_json:
        print_json(table.assign(refs=table["refs"].str.split()).to_dict("records"))
        return
    for theme, rows in table.groupby("theme"):
        click.echo(
            plain_text(f"{theme}: {counted(rows['notes'].sum(), 'note')}, {rows['agreed'].sum()} agreed by all coders")
        )
        for row in rows.itertuples():
            click.echo(plain_text(f"    {row.place}, {row.session}: {row.notes} ({row.refs})"))
