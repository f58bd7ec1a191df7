"""``assetmap template``: a blank workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import out_option, overwrite_option


@click.command("template")
@click.argument("kind", metavar="KIND")
@out_option
@overwrite_option
def command(kind: str, out: Path, overwrite: bool) -> None:
    """Write a blank workbook: KIND is conversations, cafe-tables, codes, votes, actions, outcomes or arts."""
    from assetmap.blank_forms import write_blank_form

    write_blank_form(kind, out, overwrite=overwrite)
    click.echo(f"{out} is ready to fill in; its sheet `Read me` explains the columns.")
