"""``assetmap whatif``: what a change would do to people's access."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assetmap.cli.options import as_json, print_json, quiet_option, speaker, study_argument, today

if TYPE_CHECKING:
    from assetmap.study.scenario import SlopeChange


@click.command("whatif")
@study_argument
@click.option(
    "--add", "addition", metavar="CATEGORY@LON,LAT", help="A new asset, such as community_centre@-0.031,51.531."
)
@click.option("--open", "opened", metavar="ID", help="A restricted asset opened to everyone.")
@click.option("--close", "closed", metavar="ID", help="An asset closed.")
@click.option("--minutes", type=float, default=10.0, show_default=True, help="The walk that counts as within reach.")
@quiet_option
@as_json
def command(
    folder: Path,
    addition: str | None,
    opened: str | None,
    closed: str | None,
    minutes: float,
    quiet: bool,
    as_json: bool,
) -> None:
    """Say who would come within reach of an asset, and who no longer would, if it were added, opened or closed."""
    from assetmap.study.scenario import Scenario, parse_addition, try_scenario

    if sum(option is not None for option in (addition, opened, closed)) != 1:
        raise click.UsageError("give one of --add, --open and --close.")
    if addition is not None:
        scenario = parse_addition(addition)
    else:
        scenario = Scenario("open" if opened else "close", str(opened or closed))
    result = try_scenario(folder, scenario, minutes=minutes, today=today(), say=speaker(quiet))
    if as_json:
        print_json(result.summary())
        return
    found = result.summary()
    if found["people_newly_reached"] is None:
        click.echo("The population of some zones isn't known, so people can't be counted.")
    else:
        click.echo(
            f"{found['people_newly_reached']:,.0f} people would come within {minutes:g} minutes' walk "
            f"({found['within_m']:,.0f} m), and {found['people_no_longer_reached']:,.0f} would no longer be; "
            f"now it is {found['people_within_before']:,.0f} of {found['people']:,.0f}."
        )
    for row in found["by_decile"]:
        click.echo(f"    national decile {row['decile']}: {row['newly_reached']:,.0f} of {row['people']:,.0f} newly")
    if result.slope is not None:
        click.echo(_slope_line(result.slope))
    click.echo(f"The map is {(result.folder / 'map.html').resolve()}")


def _slope_line(slope: SlopeChange) -> str:
    if slope.refusal:
        return f"No slope of inequality: {slope.refusal}."
    return (
        f"Slope index of inequality of the distance: {slope.before_m:,.0f} m before, {slope.after_m:,.0f} m after "
        "(below 0: the more deprived walk farther)."
    )
