"""``assetmap kiosk sheet``: sheets of the study's ground, to be printed and drawn on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assetmap.cli.options import osm_option, quiet_option, speaker, study_argument

if TYPE_CHECKING:
    from assetmap.kiosk.spec import PaperSize


@click.command("sheet")
@study_argument
@click.option("--size", type=click.Choice(["A0", "A1", "A2", "A3", "A4"]), required=True, help="The paper to print on.")
@click.option("--scale", type=float, default=2500, show_default=True, help="2500 for 1:2,500.")
@click.option("--sheets", type=click.IntRange(1, 99), default=1, show_default=True, help="How many to spread over.")
@click.option("--language", metavar="CODE", help="The language of the sheet's words; by default the study's first.")
@click.option(
    "--numbered", is_flag=True, help="Show the study's places by number, with a list of them to lie beside the sheets."
)
@osm_option
@quiet_option
def command(
    folder: Path,
    size: PaperSize,
    scale: float,
    sheets: int,
    language: str | None,
    numbered: bool,
    osm: Path | None,
    quiet: bool,
) -> None:
    """Print sheets to draw on: PDF, with what `kiosk read` needs to know them again."""
    from assetmap.kiosk.extra import require_extra

    require_extra()
    from assetmap.study.kiosk.sheets import print_sheets

    say = speaker(quiet)
    printed = print_sheets(
        folder,
        size=size,
        scale=scale,
        sheets=sheets,
        language=language,
        numbered=numbered,
        osm=osm,
        say=say,
    )
    if printed.unwritten:
        say(f"{printed.unwritten} names on the sheets have letters that no font here has: they are left out")
    click.echo(f"The sheets are in {(folder / 'kiosk' / 'sheets').resolve()}")
