"""``assetmap fetch``: the public data that a study names."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument, today
from assetmap.plurals import counted


@click.command("fetch")
@study_argument
@click.option("--refresh", is_flag=True, help="Fetch again what is there already.")
@quiet_option
def command(folder: Path, refresh: bool, quiet: bool) -> None:
    """Fetch boundaries, people, deprivation and OpenStreetMap data for the study in DIR."""
    from assetmap.study.fetching import fetch_study

    say = speaker(quiet)
    paths = fetch_study(folder, today=today(), refresh=refresh, say=say)
    see = f"See all data of the study with: assetmap sources {folder}"
    if not paths:
        say(f"nothing is to be fetched: the study has files of its own, or there is nothing for its zones. {see}")
        return
    say(f"{counted(len(paths), 'file')} fetched, now or before, in {folder / 'data'}. {see}")
