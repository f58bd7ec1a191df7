"""``assetmap theory draw``: actions and outcomes as a drawing, with figures before and after."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, study_argument
from assetmap.encode import plain_text


@click.command("draw")
@study_argument
@click.option("--map", "name", metavar="NAME", help="A system map that is a theory of change, in place of the agenda.")
@click.option("--after", type=click.Path(path_type=Path), help="summary.json of a what-if, or out/ of a later build.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write.  [default: out/theory.svg]")
@as_json
def command(folder: Path, name: str | None, after: Path | None, out: Path | None, as_json: bool) -> None:
    """Draw the theory of change of the study in DIR; one that goes in a circle is refused."""
    from assetmap.study.engagement.theory import draw_theory

    target, figures, bare = draw_theory(folder, name=name, after=after, out=out)
    if as_json:
        print_json({"drawing": str(target), "indicators": [f.__dict__ for f in figures], "without_indicator": bare})
        return
    for figure in figures:
        click.echo(plain_text(figure.words))
        if after is not None and figure.after is None:
            click.echo("    What was tried is of another kind of place or another distance: no figure after it.")
    for label in bare:
        click.echo(plain_text(f"No indicator: {label}"))
    click.echo(f"The drawing is {target.resolve()}")
