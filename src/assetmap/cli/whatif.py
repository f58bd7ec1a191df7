"""``assetmap whatif``: what a change would do to people's access."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assetmap.cli.options import as_json, print_json, quiet_option, speaker, study_argument, today
from assetmap.plurals import counted

if TYPE_CHECKING:
    from assetmap.study.figures.scenario import Scenario
    from assetmap.study.figures.trial import SlopeChange


@click.command("whatif")
@study_argument
@click.option(
    "--add",
    metavar="CATEGORY@LON,LAT",
    help="A new asset, such as community_centre@-0.031,51.531; or CATEGORY@ID: one inside another.",
)
@click.option("--open", metavar="ID", help="A restricted asset opened to everyone.")
@click.option("--close", metavar="ID", help="An asset closed.")
@click.option("--extend", metavar="ID", help="An asset extended: give --hours or --metres.")
@click.option("--hours", metavar="TEXT", help="When it would be open, such as 'Mo-Su 08:00-22:00' (with --extend).")
@click.option("--metres", type=float, help="How far its outline would grow on every side (with --extend).")
@click.option(
    "--minutes",
    type=float,
    default=10.0,
    show_default=True,
    help="The walk that counts as within reach; without a walking network as many metres, straight.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The folder to write into.  [default: one of its own under out/whatif/]",
)
@quiet_option
@as_json
def command(folder: Path, minutes: float, out: Path | None, quiet: bool, as_json: bool, **asked: Any) -> None:
    """Say who would come within reach of an asset, and who no longer would, after one change.

    An asset is added, opened, closed or extended.
    """
    from assetmap.study.figures.whatif import try_scenario

    result = try_scenario(folder, _scenario(asked), minutes=minutes, today=today(), out=out, say=speaker(quiet))
    found = result.summary()
    if as_json:
        print_json(found)
        return
    for line in _lines(found):
        click.echo(line)
    if result.slope is not None:
        click.echo(_slope_line(result.slope))
    click.echo(f"The map is {(result.folder / 'map.html').resolve()}")


def _scenario(asked: dict[str, Any]) -> Scenario:
    from assetmap.study.figures.scenario import Scenario, parse_addition

    kinds = [kind for kind in ("add", "open", "close", "extend") if asked[kind] is not None]
    if len(kinds) != 1:
        raise click.UsageError("give one of --add, --open, --close and --extend.")
    extensions = [name for name in ("hours", "metres") if asked[name] is not None]
    if len(extensions) != (1 if kinds == ["extend"] else 0):
        raise click.UsageError("--extend goes with one of --hours and --metres, and they with it alone.")
    if asked["add"] is not None:
        return parse_addition(asked["add"])
    if asked["extend"] is None:
        return Scenario("open", asked["open"]) if asked["open"] is not None else Scenario("close", asked["close"])
    if asked["hours"] is not None:
        return Scenario("extend", asked["extend"], opening_hours=asked["hours"])
    return Scenario("extend", asked["extend"], metres=asked["metres"])


def _lines(found: dict[str, Any]) -> list[str]:
    if found["people"] is None:
        return ["The population of some zones isn't known, so people can't be counted."]
    lines = _hour_lines(found) if "mean_hours_before" in found else _distance_lines(found)
    return lines + [
        f"    national decile {row['decile']}: {row['newly_reached']:,.0f} of {row['people']:,.0f} newly"
        for row in found["by_decile"]
    ]


def _distance_lines(found: dict[str, Any]) -> list[str]:
    line = (
        f"{counted(found['people_newly_reached'], 'person', 'people')} would come within {found['reach']}, "
        f"and {found['people_no_longer_reached']:,.0f} would no longer be; "
        f"now it is {found['people_within_before']:,.0f} of {found['people']:,.0f}."
    )
    lines, change = [line], found["mean_change_m"]
    if change is not None and abs(change) >= 0.5:
        way = "less" if change < 0 else "more"
        lines.append(f"On average those who reach one would have {abs(change):,.0f} m {way} to go.")
    return lines


def _hour_lines(found: dict[str, Any]) -> list[str]:
    gained = (
        f"{found['people_newly_reached']:,.0f} of {counted(found['people'], 'person', 'people')} would have "
        "one open within "
        f"{found['reach']} at hours when none is now, and {found['people_no_longer_reached']:,.0f} "
        "would lose such hours."
    )
    means = (
        f"Hours a week with one open within reach, mean over people: {found['mean_hours_before']:.1f} before, "
        f"{found['mean_hours_after']:.1f} after."
    )
    supply = found["supply"]
    if supply["refusal"]:
        shared = f"No figure of the hours for each person: {supply['refusal']}."
    else:
        shared = (
            f"Hours open a week for each 1,000 people who share them: {supply['hours_per_1000_before']:.2f} before, "
            f"{supply['hours_per_1000_after']:.2f} after."
        )
    unstated = (
        f"{found['people_hours_unstated']:,.0f} of them have a place within reach whose hours nobody has stated: "
        "they may gain less."
    )
    return [gained, means, shared, *([unstated] if found["people_hours_unstated"] else [])]


def _slope_line(slope: SlopeChange) -> str:
    where = "the neighbourhood" if slope.frame == "neighbourhood" else f"the frame {slope.frame}"
    if slope.refusal:
        return f"No slope of inequality over {where}: {slope.refusal}."
    over = f"over {slope.areas:,} of {counted(slope.zones, 'zone')} of {where}"
    if slope.unit == "hours":
        return (
            f"Slope index of inequality of the hours, {over}: {slope.before:.1f} before, {slope.after:.1f} after "
            f"({_direction(slope, above='more', below='less', what='deprived have fewer')})."
        )
    return (
        f"Slope index of inequality of the distance, {over}: {slope.before:,.0f} m before, {slope.after:,.0f} m after "
        f"({_direction(slope, above='less', below='more', what='deprived have farther to go')})."
    )


def _direction(slope: SlopeChange, *, above: str, below: str, what: str) -> str:
    """Say what the sign of the slope means: that of both figures, or each if they differ."""
    signs = {"above": above} if min(slope.before, slope.after) >= 0 else {"below": below}
    if min(slope.before, slope.after) < 0 < max(slope.before, slope.after):
        signs = {"below": below, "above": above}
    return ", ".join(f"{side} 0: the {who} {what}" for side, who in signs.items())
