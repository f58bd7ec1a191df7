"""``assetmap kiosk apply``: what reviewers decided, taken in."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assetmap.cli.options import quiet_option, speaker, study_argument, today
from assetmap.plurals import counted

if TYPE_CHECKING:
    from assetmap.kiosk.review import Comparison


@click.command("apply")
@study_argument
@click.argument("reviews", metavar="REVIEWS...", nargs=-1, required=True, type=click.Path(path_type=Path))
@quiet_option
def command(folder: Path, reviews: tuple[Path, ...], quiet: bool) -> None:
    """Take in reviews of marks that the page of `kiosk review` has saved; of two reviewers, say how far they agree."""
    from assetmap.study.kiosk.review import apply_reviews

    done = apply_reviews(folder, reviews, today=today(), say=speaker(quiet))
    for comparison in done.comparisons:
        _say_agreement(comparison)
    counts = ", ".join(f"{done.counts.get(name, 0)} {word}" for name, word in _WORDS.items())
    click.echo(f"{counts}, {done.open} still open.")
    for reason, count in done.tally.dropped.items():
        click.echo(f"{counted(count, 'decision')} left out: {reason}.")
    if done.differ:
        click.echo(f"Reviewers differ on {counted(len(done.differ), 'mark')}, to be settled: {', '.join(done.differ)}")
    if not done.changed:
        click.echo("Nothing has changed.")
    else:
        click.echo(f"Build again for the map: assetmap build {folder}")


_WORDS = {"accept": "accepted", "merge": "merged", "reject": "rejected"}


def _say_agreement(comparison: Comparison) -> None:
    """Print how far two reviewers agree, a line for each field."""
    click.echo(f"{' and '.join(comparison.reviewers)}:")
    for name, found in comparison.fields.items():
        if not found.n:
            click.echo(f"  {name:<10} no mark that both decided")
            continue
        kappa = "not defined, both always say the same" if math.isnan(found.kappa) else f"{found.kappa:.2f}"
        click.echo(f"  {name:<10} Cohen's kappa {kappa}; alike on {found.observed:.0%} of {counted(found.n, 'mark')}")
    same, all_of_them = comparison.texts
    if all_of_them:
        click.echo(f"  {'text':<10} the same words on {same} of {all_of_them} marks")
