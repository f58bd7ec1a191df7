"""``assetmap add``: files into a study, recognised by what is in them."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument, today


@click.command("add")
@study_argument
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--category", help="What the places of a list are, where no column says so.")
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook to take as a list of places.")
@click.option(
    "--raster",
    type=click.Choice(["population", "canopy", "canopy_percent"]),
    help="What the cells of a raster hold, where its name doesn't say so.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@quiet_option
def command(
    folder: Path,
    files: tuple[Path, ...],
    category: str | None,
    sheet: str | None,
    raster: str | None,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Add files to the study in DIR: recognise each, copy it to inputs/, and name it in assetmap.toml."""
    from assetmap.study.adding import add_files

    say = speaker(quiet)
    found = add_files(
        folder, list(files), today=today(), category=category, sheet=sheet, raster=raster, dry_run=dry_run
    )
    for addition in found:
        say(f"{addition.source}: {addition.recognised.summary}")
        for meaning, column in addition.recognised.columns.items():
            say(f"    {meaning}: column {column!r}")
        for problem in addition.recognised.problems:
            say(f"    note: {problem}")
        say(f"    {'would be' if dry_run else 'is'} {addition.entry} = {addition.target}")
