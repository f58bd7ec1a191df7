"""``assetmap walks import``: a walk's track and recordings into a study."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, quiet_option, speaker, study_argument, today
from assetmap.plurals import counted


@click.command("import")
@study_argument
@click.argument("gpx", metavar="GPX", type=click.Path(path_type=Path))
@click.option("--media", type=click.Path(path_type=Path), help="A folder of photographs, sound, film and transcripts.")
@click.option(
    "--consent",
    type=click.Path(path_type=Path),
    help="CSV or XLSX: file, contributor, consent, title, text, theme, sentiment; also stories without a file.",
)
@click.option(
    "--offset",
    metavar="auto|SECONDS",
    default="auto",
    show_default=True,
    help="What to add to the cameras' clocks; auto finds it from photographs that know their place.",
)
@click.option("--name", help="What the walk is called; by default the name of the track's file.")
@quiet_option
@as_json
def command(
    folder: Path,
    gpx: Path,
    media: Path | None,
    consent: Path | None,
    offset: str,
    name: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Bring a walk into the study in DIR: clean its track, find its stops, place what was recorded on it."""
    from assetmap.study.engagement.walking import import_walk

    say = speaker(quiet)
    done = import_walk(
        folder, gpx, today=today(), media=media, sheet=consent, offset_s=_seconds(offset), name=name, say=say
    )
    for tally in done.tallies:
        say(tally.summary())
    for device, clock in done.clocks.items():
        say(
            f"{device or 'a device without a name'}: {clock['add_s']:+.1f} s, from "
            f"{counted(clock['photographs'], 'photograph')}"
        )
    say(
        f"{done.walk_id}: {done.length_m:,.0f} m, {counted(done.stops, 'stop')}, "
        f"{counted(done.stories, 'story', 'stories')}"
    )
    if as_json:
        tallies = [tally.as_dict() for tally in done.tallies]
        print_json(
            {
                "walk_id": done.walk_id,
                "length_m": round(done.length_m, 1),
                "stops": done.stops,
                "stories": done.stories,
                "clocks": done.clocks,
                "tallies": tallies,
            }
        )


def _seconds(text: str) -> float | None:
    if text == "auto":
        return None
    try:
        return float(text)
    except ValueError as error:
        raise click.UsageError("--offset is auto, or seconds such as 3600 or -42.") from error
