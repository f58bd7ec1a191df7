"""``assetmap voices heard``: who was heard, beside those who live here."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import Any

import click

from assetmap.cli.options import as_json, print_json, study_argument
from assetmap.encode import plain_text


@click.command("heard")
@study_argument
@click.option("--census", type=click.Path(path_type=Path), help="Residents by attribute, group and people.")
@as_json
def command(folder: Path, census: Path | None, as_json: bool) -> None:
    """Compare the people behind the voices of the study in DIR with its residents; small counts are hidden."""
    from assetmap.study.engagement.hearing import hear_study

    found = hear_study(folder, census=census)
    if as_json:
        attributes = {
            one.attribute: {
                "groups": one.table.astype(object).where(one.table.notna(), None).to_dict("records"),
                "not_told": one.untold,
                "of_no_group": dict(one.unmatched),
            }
            for one in found.attributes
        }
        print_json({"people": found.people, "k": found.k, "attributes": attributes, "no_census": list(found.lacking)})
        return
    people = f"Fewer than {found.k}" if found.people is None else f"{found.people:,}"
    click.echo(f"{people} people were heard in what was imported. Groups of fewer than {found.k} are not shown.")
    click.echo("Sheets of the kiosk and walks aren't counted: they don't say of what age or sex somebody is.")
    if found.people is None:
        return
    row: Any
    for one in found.attributes:
        untold = "how many didn't say is not shown" if one.untold is None else f"{one.untold} didn't say"
        click.echo(f"By {one.attribute} ({untold}):")
        for row in one.table.itertuples():
            share = "" if isnan(row.share_heard) else f", {row.share_heard:.0%}"
            heard = "not shown" if row.hidden else f"{row.heard:.0f} heard{share}"
            under = ": under-represented" if row.under else ""
            click.echo(plain_text(f"    {row.group}: {heard}; {row.share_residents:.0%} of residents{under}"))
        if one.unmatched:
            words = ", ".join(f"{word} {count}" for word, count in one.unmatched.items())
            click.echo(plain_text(f"    of none of these groups: {words}"))
    for name in found.lacking:
        click.echo(f"There are no figures to compare {name} with: give them with --census.")
