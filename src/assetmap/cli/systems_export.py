"""``assetmap systems export``: a system map for other programs, or as a drawing."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import out_option, overwrite_option, study_argument


@click.command("export")
@study_argument
@click.option("--to", type=click.Choice(("prsm", "kumu", "graphml", "svg")), required=True, help="The format.")
@click.option("--map", "name", metavar="NAME", help="Which map, where the study has several.")
@out_option
@overwrite_option
def command(folder: Path, to: str, name: str | None, out: Path, overwrite: bool) -> None:
    """Write the system map in DIR for PRSM, Kumu or a program that reads GraphML, or draw it as SVG."""
    from assetmap.study.engagement.system_export import export_system_map

    losses = export_system_map(folder, out, to=to, name=name, overwrite=overwrite)
    click.echo(f"Written to {out.resolve()}")
    for loss in losses:
        click.echo(f"    This format can't hold: {loss}.")
