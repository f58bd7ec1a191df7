"""``assetmap theory draw``: actions and outcomes as a drawing, with figures before and after."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assetmap.cli.options import after_option, as_json, print_json, study_argument
from assetmap.encode import plain_text

if TYPE_CHECKING:
    from assetmap.study.engagement.theory import Indicator


@click.command("draw")
@study_argument
@click.option("--map", "name", metavar="NAME", help="A system map that is a theory of change, in place of the agenda.")
@after_option
@click.option("--out", type=click.Path(path_type=Path), help="Where to write.  [default: out/theory.svg]")
@as_json
def command(folder: Path, name: str | None, after: Path | None, out: Path | None, as_json: bool) -> None:
    """Draw the theory of change of the study in DIR; one that goes in a circle is refused."""
    from assetmap.study.engagement.theory import draw_theory

    target, figures, bare = draw_theory(folder, name=name, after=after, out=out)
    if as_json:
        print_json({"drawing": str(target), "indicators": [f.__dict__ for f in figures], "without_indicator": bare})
        return
    report_figures(figures, after=after)
    for label in bare:
        click.echo(plain_text(f"No indicator: {label}"))
    click.echo(f"The drawing is {target.resolve()}")


def report_figures(figures: Iterable[Indicator], *, after: Path | None) -> None:
    """Print what outcomes are measured by, and where what was tried has no figure of the kind."""
    for figure in figures:
        click.echo(plain_text(figure.words))
        if after is not None and figure.after is None:
            click.echo("    What was tried is of another kind of place or another distance: no figure after it.")
