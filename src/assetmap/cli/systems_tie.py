"""``assetmap systems tie``: what a factor of a system map is about."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, study_argument, today
from assetmap.encode import plain_text


@click.command("tie")
@study_argument
@click.argument("factor")
@click.argument("target", metavar="ASSET_ID|THEME|KIND:ID")
@click.option("--undo", is_flag=True, help="Untie the two.")
@as_json
def command(folder: Path, factor: str, target: str, undo: bool, as_json: bool) -> None:
    """Tie a factor of a system map to a place, a theme or another thing of the chain."""
    from assetmap.study.engagement.system_page import write_system_page
    from assetmap.study.engagement.system_ties import tie_factor

    tie = tie_factor(folder, factor, target, untie=undo)
    page = write_system_page(folder, today=today())
    if as_json:
        print_json({**tie.__dict__, "page": str(page)})
        return
    words = "is no longer tied to" if undo else "is tied to" if tie.changed else "was tied already to"
    click.echo(plain_text(f"{tie.label} ({tie.factor}) {words} {tie.target_label} ({tie.tied_to})."))
    click.echo(f"The page is {page.resolve()}")
    if tie.changed and tie.tied_to.startswith("asset:"):
        click.echo(plain_text(f"The place's card on the map follows with the next `assetmap build {folder}`."))
