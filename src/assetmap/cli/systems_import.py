"""``assetmap systems import``: a map that a workshop has drawn, put into a study."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, overwrite_option, print_json, quiet_option, speaker, study_argument, today
from assetmap.plurals import counted


@click.command("import")
@study_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", help="What the map is called in the study.  [default: its file's name]")
@overwrite_option
@quiet_option
@as_json
def command(folder: Path, file: Path, name: str | None, overwrite: bool, quiet: bool, as_json: bool) -> None:
    """Put a system map of PRSM's (.prsm, .xlsx), Kumu's (.json, .xlsx) or any GraphML into the study in DIR."""
    from assetmap.diagrams.system_drawing import can_be_read
    from assetmap.study.engagement.system_maps import import_system_map
    from assetmap.study.engagement.system_page import write_system_page

    found = import_system_map(folder, file, name=name, overwrite=overwrite)
    say = speaker(quiet)
    for tally in found.tallies:
        say(tally.summary())
    for tie in found.loose:
        say(f"{tie} is tied to something and no longer in the map: untie it, or give the factor its name back")
    page = write_system_page(folder, today=today())
    if as_json:
        print_json({"map": found.name, "known": found.known, "loose": list(found.loose), "page": str(page)})
        return
    factors, links = found.drawing.factors, found.drawing.links
    if not can_be_read(factors, links):
        say(
            f"{counted(len(factors), 'factor')} and {counted(len(links), 'link')} are too many to draw: the "
            "page lists them all"
        )
    counts = f"{counted(len(factors), 'factor')} and {counted(len(links), 'link')}"
    click.echo(f"{'Known already' if found.known else 'Read'} as {found.name}: {counts}. The page is {page.resolve()}")
