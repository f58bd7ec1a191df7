"""``assetmap build``: the whole flow of a study."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assetmap.cli.options import (
    as_json,
    osm_option,
    overwrite_option,
    print_json,
    quiet_option,
    speaker,
    study_argument,
    today,
)
from assetmap.encode import plain_text

if TYPE_CHECKING:
    from assetmap.study.manifest import Manifest


@click.command("build")
@study_argument
@osm_option
@click.option("--offline", is_flag=True, help="Never use the network (the default; refuses --fetch).")
@click.option("--fetch", "fetch_first", is_flag=True, help="First fetch what the study names and doesn't have.")
@click.option("--dask", metavar="ADDRESS", help="Measure on a Dask cluster: its address, or local.")
@overwrite_option
@quiet_option
@as_json
def command(
    folder: Path,
    osm: Path | None,
    offline: bool,
    fetch_first: bool,
    dask: str | None,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Build the tables and the map of a study under DIR/out."""
    from assetmap.study.figures.workers import measured_by
    from assetmap.study.flow import build_study

    if offline and fetch_first:
        raise click.UsageError("--offline and --fetch can't go together.")
    if fetch_first:
        from assetmap.study.fetching import fetch_study

        fetch_study(folder, today=today(), say=speaker(quiet))
    with measured_by(dask) as measure:
        manifest = build_study(folder, today=today(), osm=osm, overwrite=overwrite, say=speaker(quiet), measure=measure)
    report_build(folder, manifest, quiet=quiet, as_json=as_json)


def report_build(folder: Path, manifest: Manifest, *, quiet: bool, as_json: bool) -> None:
    """Say what a build has read and made."""
    if as_json:
        print_json(manifest.summary())
    elif not quiet:
        for tally in manifest.tallies:
            line = f"{tally['source']}: {tally['read']} read, {tally['kept']} kept, {_counted(tally, 'dropped')}"
            line += f", {_counted(tally, 'repaired')}" if tally["repaired"] else ""
            click.echo(plain_text("; ".join([line, *tally["notes"]])), err=True)
        for note in manifest.notes:
            click.echo(note, err=True)
        click.echo(f"The map is {(folder / 'out' / 'map.html').resolve()}")


def _counted(tally: Mapping[str, Any], what: str) -> str:
    """Return how many rows were dropped or repaired, and why."""
    reasons = "; ".join(f"{n} {reason}" for reason, n in tally[what].items())
    return f"{sum(tally[what].values())} {what}" + (f" ({reasons})" if reasons else "")
