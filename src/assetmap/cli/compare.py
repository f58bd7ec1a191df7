"""``assetmap compare``: two built studies side by side."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, out_option, overwrite_option, print_json, today


@click.command("compare")
@click.argument("first", metavar="DIR1", type=click.Path(path_type=Path))
@click.argument("second", metavar="DIR2", type=click.Path(path_type=Path))
@out_option
@overwrite_option
@as_json
def command(first: Path, second: Path, out: Path, overwrite: bool, as_json: bool) -> None:
    """Put the built studies in DIR1 and DIR2 side by side in one table and one page."""
    from assetmap.study.comparing import compare_studies

    found = compare_studies(first, second, out=out, today=today(), overwrite=overwrite)
    if as_json:
        print_json(found.summary())
        return
    apart = sum(not figure.comparable for figure in found.figures)
    click.echo(f"{len(found.figures)} figures of {found.names[0]} beside {found.names[1]}, {apart} not comparable")
    click.echo(f"The page is {(out / 'comparison.html').resolve()}")
