"""``assetmap kiosk read``: photographs of drawn-on maps, read into marks."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, quiet_option, speaker, study_argument, today
from assetmap.errors import InputError
from assetmap.plurals import counted


@click.command("read")
@study_argument
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--session", metavar="ID", help="The session that the sheets were drawn at.")
@click.option("--clean", type=click.Path(path_type=Path), help="A map that isn't ours, without drawings.")
@click.option("--bounds", metavar="W,S,E,N", help="The ground that the clean picture shows.")
@click.option("--crs", metavar="CRS", help="The reference system of --bounds or --points, such as EPSG:27700.")
@click.option("--points", type=click.Path(path_type=Path), help="Control points: QGIS's .points, or CSV: px,py,x,y.")
@click.option("--legend", type=click.Path(path_type=Path), help="What the pens mean: JSON, a list of pen, rgb, theme.")
@click.option(
    "--paper",
    type=click.Choice(["A0", "A1", "A2", "A3", "A4"]),
    default="A4",
    show_default=True,
    help="The size that a map which isn't ours was printed at.",
)
@click.option("--max-error-m", type=click.FloatRange(min=0, min_open=True), help="Leave-one-out error allowed, metres.")
@quiet_option
@as_json
def command(
    folder: Path,
    photos: tuple[Path, ...],
    session: str | None,
    clean: Path | None,
    bounds: str | None,
    crs: str | None,
    points: Path | None,
    legend: Path | None,
    paper: str,
    max_error_m: float | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Read photographs of sheets that people have drawn on: find the sheet, straighten it, take the marks off it."""
    from assetmap.kiosk.extra import require_extra

    require_extra()
    from assetmap.study.kiosk.reading import Foreign, read_into_study

    foreign = None
    if clean or points or bounds:
        foreign = Foreign(clean, _box(bounds), crs, points, legend, paper)
    elif crs or legend:
        raise click.UsageError("--crs and --legend go with --clean or --points.")
    say = speaker(quiet)
    done = read_into_study(
        folder, list(photos), today=today(), session=session, foreign=foreign, most_m=max_error_m, say=say
    )
    for reading in done.readings:
        worst = max(photo["error_m"] for photo in reading["photographs"])
        say(
            f"{reading['sheet_id']}: {counted(len(reading['marks']), 'mark')}, registered within {worst:.2f} m "
            "(leave-one-out)"
        )
    if as_json and (done.readings or not done.refused):
        hidden = ("picture", "arrows", "marks", "rejects", "width", "height", "arrow_px_per_m")
        brief = [
            {k: v for k, v in one.items() if k not in hidden} | {"marks": len(one["marks"])} for one in done.readings
        ]
        print_json(
            {
                "readings": brief,
                "refused": done.refused,
                "read_before": done.known,
                "forgotten": done.forgotten,
            }
        )
    if done.refused:
        first, *others = (one["reason"] for one in done.refused)
        for reason in others:
            say(reason)
        unread = "1 more wasn't" if len(others) == 1 else f"{len(others)} more weren't"
        more = f" ({unread} read either: see kiosk/quality.html)." if others else ""
        raise InputError(first + more)


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise click.UsageError("--bounds are four numbers: W,S,E,N.") from error
    return west, south, east, north
