"""``assetmap pockets``: pockets of deprivation, and places that could be their hubs."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, quiet_option, speaker, study_argument, today
from assetmap.plurals import counted


@click.command("pockets")
@study_argument
@click.option("--decile", type=int, default=2, show_default=True, help="Least deprived national decile that counts.")
@click.option(
    "--minutes",
    type=float,
    default=10.0,
    show_default=True,
    help="The walk that counts as near to a hub; without a walking network as many metres, straight.",
)
@quiet_option
@as_json
def command(folder: Path, decile: int, minutes: float, quiet: bool, as_json: bool) -> None:
    """Find pockets of deprivation in the study in DIR, and the places from which most of their people are near."""
    from assetmap.study.figures.pocketing import find_study_pockets

    found = find_study_pockets(folder, decile=decile, minutes=minutes, today=today(), say=speaker(quiet))
    if as_json:
        print_json(found.summary())
        return
    click.echo(found.pockets.sentence)
    for row in found.summary()["sensitivity"]:
        share = row["share_of_people_inside"]
        part = "" if share is None else f", {share:.0%} of the people here"
        click.echo(f"    up to decile {row['decile']:.0f}: {counted(row['pockets'], 'pocket')}{part}")
    for name in found.locally_worst["name"]:
        click.echo(f"Much more deprived than everything round it: {name}")
    click.echo(found.hubs.sentence if found.hubs else found.no_hubs)
    click.echo(f"The map is {(found.folder / 'map.html').resolve()}")
