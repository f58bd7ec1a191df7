"""``assetmap remove``: files out of a study again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assetmap.cli.options import quiet_option, speaker, study_argument

if TYPE_CHECKING:
    from collections.abc import Callable

    from assetmap.study.removing import Removal


@click.command("remove")
@study_argument
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--delete", is_flag=True, help="Delete their copies in inputs/ too.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@quiet_option
def command(folder: Path, files: tuple[Path, ...], delete: bool, dry_run: bool, quiet: bool) -> None:
    """Take files out of the study in DIR: their entries in assetmap.toml; their copies stay unless asked for."""
    from assetmap.study.removing import remove_files

    say = speaker(quiet)
    for removal in remove_files(folder, list(files), delete=delete, dry_run=dry_run):
        _report(removal, "would be" if dry_run else "is", say)
    if not dry_run:
        say(f"run `assetmap build {folder}` to make the tables and the map without what was taken out")


def _report(removal: Removal, is_or_would_be: str, say: Callable[[str], None]) -> None:
    say(f"{removal.name}: {is_or_would_be} taken out of {' and '.join(removal.entries)}")
    for name in removal.with_it:
        say(f"    with it: {name}, which nothing else names; the file stays")
    for name in removal.deleted:
        say(f"    {is_or_would_be} deleted: {name}")
    if removal.kept_because:
        say(f"    not deleted, since {removal.kept_because}: {removal.name}")
    elif not removal.deleted:
        say(f"    the file stays: {removal.name}")
    if removal.residents:
        say("    residents' marks were in it: what has been published still holds them until you publish again")
