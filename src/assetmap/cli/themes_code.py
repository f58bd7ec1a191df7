"""``assetmap themes code``: a coder's sheet, into a study."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument
from assetmap.plurals import counted


@click.command("code")
@study_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--coder", required=True, help="Who coded it: a name or initials.")
@click.option("--codebook", type=click.Path(path_type=Path), help="Themes and what they mean (CSV, XLSX or TOML).")
@quiet_option
def command(folder: Path, file: Path, coder: str, codebook: Path | None, quiet: bool) -> None:
    """Take the themes that a coder gave to notes from FILE into the study in DIR."""
    from assetmap.study.engagement.coding import import_codes

    done = import_codes(folder, file, coder, codebook=codebook)
    say = speaker(quiet)
    say(done.tally.summary())
    if done.outside:
        say(f"    not in the codebook, and kept: {', '.join(done.outside)}")
    click.echo(f"{counted(done.tally.kept, 'row')} of {done.tally.source} coded into {counted(done.themes, 'theme')}.")
