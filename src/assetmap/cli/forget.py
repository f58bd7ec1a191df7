"""``assetmap forget``: a contributor, a mark or a sheet out of everything that was made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assetmap.cli.options import quiet_option, speaker, study_argument, today
from assetmap.encode import plain_text
from assetmap.errors import UsageError
from assetmap.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assetmap.study.forgetting import Forgot
    from assetmap.study.kiosk.redaction import Redaction
    from assetmap.study.kiosk.unread import ForgotPhotograph
    from assetmap.study.tombstones import Subject


@click.command("forget")
@study_argument
@click.option("--contributor", metavar="ID", help="Forget all marks of a contributor.")
@click.option("--mark", metavar="ID", help="Forget one mark.")
@click.option("--sheet", metavar="ID", help="Forget all marks of a sheet.")
@click.option("--photo", metavar="FILE", help="Forget a photograph that wasn't read: its file or its name.")
@click.option(
    "--redact-photos",
    is_flag=True,
    help="Write copies of the photographs without the marks; remove the one of --photo. Asks first.",
)
@click.option(
    "--photos",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with the photographs, where they aren't in DIR.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@quiet_option
def command(
    folder: Path,
    contributor: str | None,
    mark: str | None,
    sheet: str | None,
    photo: str | None,
    redact_photos: bool,
    photos: Path | None,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Forget a contributor, a mark, a sheet or an unread photograph of the study in DIR; say what still holds them."""
    from assetmap.study.forgetting import forget
    from assetmap.study.kiosk.redaction import Redaction, redact_photographs

    if dry_run and redact_photos:
        raise click.UsageError("--dry-run and --redact-photos can't go together.")
    if [contributor, mark, sheet, photo].count(None) != 3:
        raise UsageError("say whom or what to forget: one of --contributor ID, --mark ID, --sheet ID and --photo FILE.")
    say = speaker(quiet)
    subject = _subject(contributor, mark, sheet)
    if dry_run:
        _rehearse(folder, subject, str(photo), photos, say)
        return
    if subject is None:
        _forget_photograph(folder, str(photo), redact_photos, photos, say)
        return
    redaction = Redaction((), ())
    if redact_photos:
        redaction = redact_photographs(folder, subject, search=photos, say=say)
    found = forget(folder, subject, today=today(), say=say)
    _report(found, redaction, say)
    if found.removed:
        say(f"run `assetmap build {folder}` to make the tables and the map without them, then publish again")
    if redaction.copies:
        _replace(folder, redaction, say)


def _subject(contributor: str | None, mark: str | None, sheet: str | None) -> Subject | None:
    from assetmap.study.tombstones import Subject

    if contributor is not None:
        return Subject("contributor", contributor)
    if mark is not None:
        return Subject("mark", mark)
    return None if sheet is None else Subject("sheet", sheet)


def _rehearse(
    folder: Path, subject: Subject | None, photo: str, photos: Path | None, say: Callable[[str], None]
) -> None:
    """Say what would be forgotten, by forgetting it in a copy of the study."""
    from assetmap.folders import rehearse
    from assetmap.study.forgetting import forget
    from assetmap.study.kiosk.redaction import Redaction
    from assetmap.study.kiosk.unread import forget_photograph
    from assetmap.study.settings import read_settings

    read_settings(folder)
    with rehearse(folder) as copy:
        if subject is not None:
            _report(forget(copy, subject, today=today()), Redaction((), ()), say, would="would be ")
            return
        found = forget_photograph(copy, photo, search=photos)
        own = [folder / path.relative_to(copy) if path.is_relative_to(copy) else path for path in found.copies]
        _report_photograph(found, say, would="would be ")
        _name_copies({path.resolve(): path for path in own}.values(), say)


def _forget_photograph(folder: Path, photo: str, remove: bool, photos: Path | None, say: Callable[[str], None]) -> None:
    """Forget a photograph that wasn't read, and remove its files if somebody says yes."""
    from assetmap.study.kiosk.unread import forget_photograph, remove_copies

    found = forget_photograph(folder, photo, search=photos)
    _report_photograph(found, say)
    if remove and found.copies and _says_yes_to_removal(found):
        remove_copies(found)
        for path in found.copies:
            say(f"    removed: {path}")
        return
    _name_copies(found.copies, say)


def _report_photograph(found: ForgotPhotograph, say: Callable[[str], None], *, would: str = "") -> None:
    say(f"{would}forgotten: the photograph {found.name}, so that it isn't read any more")
    for name in found.changed:
        say(f"    {would}written without it: {name}")


def _name_copies(paths: Iterable[Path], say: Callable[[str], None]) -> None:
    for path in paths:
        say(f"    your files that still show it: {path}")


def _says_yes_to_removal(found: ForgotPhotograph) -> bool:
    for path in found.copies:
        click.echo(plain_text(str(path)), err=True)
    return _typed_yes("Remove these files? They can't be brought back. Type yes")


def _typed_yes(question: str) -> bool:
    answer: str = click.prompt(question, default="no", err=True, show_default=False)
    return answer.strip().lower() == "yes"


def _replace(folder: Path, redaction: Redaction, say: Callable[[str], None]) -> None:
    """Ask, and put the redacted copies in the place of the photographs; nothing is replaced without a typed yes."""
    from assetmap.study.kiosk.redaction import replace_originals

    for original, copy in redaction.copies:
        click.echo(plain_text(f"{original} <- {copy}"), err=True)
    if not _typed_yes(
        "Replace these photographs by the redacted copies? The originals can't be brought back. Type yes"
    ):
        say("the photographs are left as they are")
        return
    for path in replace_originals(folder, redaction):
        say(f"    replaced: {path}")


def _report(found: Forgot, redaction: Redaction, say: Callable[[str], None], *, would: str = "") -> None:
    say(f"{would}forgotten: {counted(found.marks, 'mark')}")
    for title, names in (
        (f"{would}written without them", found.changed),
        (f"{would}removed, to be built again", found.removed),
        ("could not be redacted", redaction.failed),
        ("given out already, ask for them back", found.given_out),
        ("your files that still hold them", found.held_by_inputs),
        ("photographs that still show them", found.held_by_photographs),
        ("other files with their words", found.held_elsewhere),
        ("not read, look whether it shows them and forget it with --photo", found.unread),
    ):
        for name in names:
            say(f"    {title}: {name}")
