"""``assetmap select``: where to work, with every criterion in its own column."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from assetmap.cli.options import as_json, out_option, overwrite_option, print_json, quiet_option, speaker, today
from assetmap.plurals import counted


@click.command("select")
@click.argument("sources", metavar="DIR|FILE...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--frame", default="", help="Code or name of the area to choose in, or a map file of its zones.")
@click.option("--people", nargs=2, type=float, default=(1000, 5000), show_default=True, help="Least and greatest size.")
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="CRITERION=NUMBER",
    help="How much deprivation, health or few_assets weighs; 1 if not given. May be repeated.",
)
@click.option("--category", help="What the places of a list are, where no column or file name says so.")
@click.option("--top", type=int, default=10, show_default=True, help="How many to print; all are written.")
@out_option
@overwrite_option
@quiet_option
@as_json
def command(
    sources: tuple[Path, ...],
    frame: str,
    people: tuple[float, float],
    weights: tuple[str, ...],
    category: str | None,
    top: int,
    out: Path,
    overwrite: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Rank connected neighbourhoods by deprivation, health and few assets, from a study in DIR or from FILEs."""
    from assetmap.study.figures.selecting import select_sites

    if not sources and not frame:
        raise click.UsageError("give a study's folder, or files: zones, an index of deprivation, lists of places.")
    given = sources or (Path(frame),)
    found = select_sites(
        given,
        out=out,
        frame=frame if sources else "",
        people=people,
        weights=dict(_weight(text) for text in weights),
        category=category,
        today=today(),
        overwrite=overwrite,
        say=speaker(quiet),
    )
    shown = found.sites.head(top).drop(columns="geometry")
    if as_json:
        rows = shown.astype(object).where(shown.notna(), None).to_dict("records")
        print_json({"sentence": found.sentence(), "overlapping": found.overlapping, "without": found.without,
                    "notes": list(found.notes), "sites": rows})  # fmt: skip
        return
    click.echo(found.sentence())
    for row in shown.to_dict("records"):
        click.echo(
            f"{row['rank']:>4}  {row['name']}: {counted(row['people'], 'person', 'people')} in "
            f"{counted(row['zones'], 'zone')}; {_why(row)}"
        )
    if found.overlapping:
        click.echo(f"Left out for sharing a zone with a better one: {found.overlapping:,}.")
    if found.without:
        click.echo(f"Zones without people or rank, which can't be part of any: {found.without:,}.")
    click.echo(f"Every criterion is in {out}")


def _why(row: dict[Any, Any]) -> str:
    """Return where a site stands by each criterion."""
    from assetmap.measures.site_selection import CRITERIA

    parts = []
    for name in CRITERIA:
        rank = row[f"{name}_rank"]
        parts.append(f"{name.replace('_', ' ')} {'unknown' if math.isnan(rank) else f'{rank:.0f}'}")
    return f"by {', '.join(parts)}"


def _weight(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError:
        raise click.UsageError(f"--weight {text}: say CRITERION=NUMBER, such as health=2.") from None
