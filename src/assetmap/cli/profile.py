"""``assetmap profile``: a neighbourhood's profile, to read and to print."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument


@click.command("profile")
@study_argument
@quiet_option
def command(folder: Path, quiet: bool) -> None:
    """Write the profile of the neighbourhood as a page and a PDF: every figure with its source and date."""
    from assetmap.study.profile import write_profile

    for path in write_profile(folder, say=speaker(quiet)):
        speaker(quiet)(f"The profile is {path.resolve()}")
