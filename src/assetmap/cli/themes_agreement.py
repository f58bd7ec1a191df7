"""``assetmap themes agreement``: how far two coders agree."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from assetmap.cli.options import as_json, print_json, study_argument
from assetmap.encode import plain_text
from assetmap.plurals import counted

_SHOWN = 10


@click.command("agreement")
@study_argument
@click.option("--coders", metavar="FIRST,SECOND", help="The two coders, where the study has more.")
@as_json
def command(folder: Path, coders: str | None, as_json: bool) -> None:
    """Compare two coders of the study in DIR by Cohen's kappa, in all and theme by theme."""
    from assetmap.study.engagement.coding import compare_study

    found = compare_study(folder, coders.split(",") if coders else None)
    if as_json:
        rows = found.by_theme.astype(object).where(found.by_theme.notna(), None).to_dict("records")
        whole = {name: None if math.isnan(value) else value for name, value in found.whole._asdict().items()}
        both = [found.first, found.second]
        print_json({"coders": both, "whole": whole, "themes": rows, "differ": list(found.differ)})
        return
    click.echo(plain_text(f"{found.first} and {found.second}: {counted(found.whole.n, 'note')} coded by both"))
    click.echo(f"    all themes of a note: {_words(found.whole.kappa, found.whole.observed)}")
    row: Any
    for row in found.by_theme.itertuples():
        click.echo(f"    {row.theme}: {_words(row.kappa, row.observed)}; {row.first} and {row.second} notes")
    if found.differ:
        more = " …" if len(found.differ) > _SHOWN else ""
        click.echo(plain_text(f"They differ on {len(found.differ)}: {', '.join(found.differ[:_SHOWN])}{more}"))


def _words(kappa: float, observed: float) -> str:
    """Say a kappa; where one answer was given throughout there is none."""
    return f"kappa {'none' if math.isnan(kappa) else f'{kappa:.2f}'}, alike {observed:.0%}"
