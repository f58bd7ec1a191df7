"""``assetmap forget``: a contributor, a mark or a sheet out of everything that was made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assetmap.cli.options import quiet_option, speaker, study_argument, today
from assetmap.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from assetmap.study.forgetting import Forgot
    from assetmap.study.kiosk.redaction import Redaction
    from assetmap.study.tombstones import Subject


@click.command("forget")
@study_argument
@click.option("--contributor", metavar="ID", help="Forget all marks of a contributor.")
@click.option("--mark", metavar="ID", help="Forget one mark.")
@click.option("--sheet", metavar="ID", help="Forget all marks of a sheet.")
@click.option("--redact-photos", is_flag=True, help="Write copies of the photographs without the marks.")
@click.option(
    "--photos",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with the photographs, where they aren't in DIR.",
)
@quiet_option
def command(
    folder: Path,
    contributor: str | None,
    mark: str | None,
    sheet: str | None,
    redact_photos: bool,
    photos: Path | None,
    quiet: bool,
) -> None:
    """Forget a contributor, a mark or a sheet of the study in DIR, and say what still holds them."""
    from assetmap.study.forgetting import forget
    from assetmap.study.kiosk.redaction import Redaction, redact_photographs

    subject = _subject(contributor, mark, sheet)
    say = speaker(quiet)
    redaction = Redaction((), ())
    if redact_photos:
        redaction = redact_photographs(folder, subject, search=photos, say=say)
    found = forget(folder, subject, today=today(), say=say)
    _report(folder, found, redaction, say)
    if redaction.copies:
        _replace(folder, redaction, say)


def _subject(contributor: str | None, mark: str | None, sheet: str | None) -> Subject:
    from assetmap.study.tombstones import Subject

    subjects = [
        None if contributor is None else Subject("contributor", contributor),
        None if mark is None else Subject("mark", mark),
        None if sheet is None else Subject("sheet", sheet),
    ]
    given = [subject for subject in subjects if subject is not None]
    if len(given) != 1:
        raise UsageError("say whom or what to forget: one of --contributor ID, --mark ID and --sheet ID.")
    return given[0]


def _replace(folder: Path, redaction: Redaction, say: Callable[[str], None]) -> None:
    """Ask, and put the redacted copies in the place of the photographs; nothing is replaced without a typed yes."""
    from assetmap.study.kiosk.redaction import replace_originals

    for original, copy in redaction.copies:
        click.echo(f"{original} <- {copy}", err=True)
    question = "Replace these photographs by the redacted copies? The originals can't be brought back. Type yes"
    answer = click.prompt(question, default="no", err=True, show_default=False)
    if answer.strip().lower() != "yes":
        say("the photographs are left as they are")
        return
    for path in replace_originals(folder, redaction):
        say(f"    replaced: {path}")


def _report(folder: Path, found: Forgot, redaction: Redaction, say: Callable[[str], None]) -> None:
    say(f"forgotten: {found.marks} mark{'' if found.marks == 1 else 's'}")
    for title, names in (
        ("written without them", found.changed),
        ("removed, to be built again", found.removed),
        ("could not be redacted", redaction.failed),
        ("given out already, ask for them back", found.given_out),
        ("your files that still hold them", found.held_by_inputs),
        ("photographs that still show them", found.held_by_photographs),
        ("other files with their words", found.held_elsewhere),
    ):
        for name in names:
            say(f"    {title}: {name}")
    if found.removed:
        say(f"run `assetmap build {folder}` to make the tables and the map without them, then publish again")
