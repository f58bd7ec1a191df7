"""``assetmap priorities rank``: the order of the priorities, with ties."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assetmap.cli.options import as_json, print_json, study_argument
from assetmap.encode import plain_text
from assetmap.plurals import counted


@click.command("rank")
@study_argument
@click.option("--rule", required=True, help="How votes count: plurality, approval or borda.")
@click.option("--by", type=click.Choice(["session", "place"]), help="Rank within each session or place as well.")
@click.option("--decide", is_flag=True, help="Keep this order as the study's: the chain says it.")
@as_json
def command(folder: Path, rule: str, by: str | None, decide: bool, as_json: bool) -> None:
    """Rank the priorities of the study in DIR by the votes that were imported."""
    from assetmap.study.engagement.voting import rank_study

    found = rank_study(folder, rule, by=by, decide=decide)
    if as_json:
        told = {"rule": rule, "ballots": found.ballots, "spoiled": len(found.spoiled), "uncounted": found.uncounted}
        print_json({**told, "rows": found.table.to_dict("records"), "ties": [list(tie) for tie in found.ties()]})
        return
    row: Any
    for part, rows in found.table.groupby("part", sort=False):
        click.echo(plain_text(f"{str(part) or 'All votes'}:"))
        for row in rows.itertuples():
            click.echo(plain_text(f"    {row.rank}. {row.name}: {row.score:g}{' (tied)' if row.tied else ''}"))
    if found.spoiled:
        click.echo(f"{counted(len(found.spoiled), 'ballot')} left out: two first choices, which this rule can't count.")
    if found.uncounted:
        click.echo(
            f"{counted(found.uncounted, 'sum')} of votes left out: no order, without which this rule can't count."
        )
