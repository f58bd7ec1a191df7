"""``assetmap publish``: what a study may give away, through the disclosure check."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assetmap.cli.options import as_json, print_json, quiet_option, speaker, study_argument, today

if TYPE_CHECKING:
    from assetmap.study.sharing.publishing import Published


@click.command("publish")
@study_argument
@click.option("--languages", metavar="CODES", help="Languages of the pages, such as en,bn; by default the settings'.")
@click.option(
    "--for",
    "audience",
    type=click.Choice(["residents", "partners"]),
    default="residents",
    show_default=True,
    help="Whom it is for.",
)
@click.option("--approve", type=click.Path(path_type=Path), help="A review.csv in which a person has decided.")
@click.option("--strict", is_flag=True, help="Publish nothing if anything has to be withheld.")
@quiet_option
@as_json
def command(
    folder: Path,
    languages: str | None,
    audience: str,
    approve: Path | None,
    strict: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write what may be given away of the study in DIR: pages, handouts and open tables under DIR/out/share."""
    from assetmap.study.sharing.publishing import RefusedError, publish_study

    chosen = [code for part in (languages or "").split(",") if (code := part.strip())]
    if languages is not None and not chosen:
        raise click.UsageError("--languages names none: give codes such as en,bn.")
    say = speaker(quiet)
    try:
        done = publish_study(
            folder, today=today(), audience=audience, languages=chosen, approve=approve, strict=strict, say=say
        )
    except RefusedError as refused:
        if len(refused.reasons) > 1:
            for reason in refused.reasons:
                click.echo(f"    {reason}", err=True)
            raise RefusedError([f"{len(refused.reasons)} reasons, each with its remedy, stand above."]) from refused
        raise
    if as_json:
        print_json(_summary(done))
    elif not quiet:
        _report(done)


def _summary(done: Published) -> dict[str, object]:
    return {
        "folder": str(done.folder),
        "files": list(done.files),
        "withheld": dict(sorted(Counter(kept.what for kept in done.withheld).items())),
        "review": str(done.review) if done.review else None,
        "notes": list(done.notes),
    }


def _report(done: Published) -> None:
    """Say what was withheld and why, and where everything is."""
    kept = Counter((item.what, item.reason, item.remedy) for item in done.withheld)
    for (what, reason, remedy), count in sorted(kept.items()):
        click.echo(f"withheld: {count} {what} ({reason}){f': {remedy}' if remedy else ''}", err=True)
    for note in done.notes:
        click.echo(note, err=True)
    if done.review:
        click.echo(f"Words wait for a person in {done.review}: it belongs to the team, don't give it away.", err=True)
    click.echo(f"What may be given away is in {done.folder.resolve()}")
