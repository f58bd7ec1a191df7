"""``assetmap voices import``: a form's export, a map or a table of what people said, into a study."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument
from assetmap.plurals import counted


@click.command("import")
@study_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--column",
    "columns",
    metavar="FIELD=HEADER",
    multiple=True,
    help="Which column holds a field, such as text, theme, consent, contributor, session, age.",
)
@click.option("--session", help="The session of rows that name none.")
@click.option("--session-kind", help="What kind of session it was, such as conversation, café or workshop.")
@click.option("--consent", help="The consent of rows that say nothing of it: none, research, partners or public.")
@click.option("--means", metavar="WORD=CONSENT", multiple=True, help="What a word in the column of consent means.")
@click.option("--postcodes", type=click.Path(path_type=Path), help="Postcode table that places rows by their postcode.")
@quiet_option
def command(
    folder: Path,
    file: Path,
    columns: tuple[str, ...],
    session: str | None,
    session_kind: str | None,
    consent: str | None,
    means: tuple[str, ...],
    postcodes: Path | None,
    quiet: bool,
) -> None:
    """Import the voices in FILE into the study in DIR: marks for the map, notes without a place, and sessions.

    FILE is an export of KoboToolbox, ODK Central (zipped too), uMap, My Maps, Ushahidi, Maptionnaire, the Sketch Map
    Tool or CoMapeo, or a CSV or XLSX table. `assetmap template conversations` writes a blank one.
    """
    from assetmap.sources.voices import Reading
    from assetmap.study.engagement.voice_import import import_voices

    reading = Reading(_pairs(columns, "--column"), session, session_kind, consent, _pairs(means, "--means"))
    done = import_voices(folder, file, reading, postcodes=postcodes)
    say, voices = speaker(quiet), done.voices
    say(voices.tally.summary())
    for field, header in voices.columns.items():
        say(f"    {field}: column {header!r}")
    if voices.unused:
        say(f"    not used (the file in inputs/ keeps them): {', '.join(voices.unused)}")
    for word, count in voices.unknown_consent.items():
        say(
            f"    consent {word!r} ({counted(count, 'row')}) isn't known and counts as none: say --means "
            f"'{word}=research', if so"
        )
    click.echo(
        f"{counted(len(voices.marks), 'mark')} and {counted(len(voices.unplaced), 'note')} without a place are "
        f"in {done.file}; "
        f"{done.known} of them were in the study already."
    )


def _pairs(words: tuple[str, ...], option: str) -> dict[str, str]:
    """Read FIELD=VALUE; the last equals sign parts them for --means, since a form's word may hold one."""
    found = {}
    for word in words:
        left, sign, right = word.rpartition("=") if option == "--means" else word.partition("=")
        if not sign or not left.strip() or not right.strip():
            raise click.UsageError(f"{option}: {word!r} is not of the form NAME=VALUE.")
        found[left.strip()] = right.strip()
    return found
