"""``assetmap access``: access to an asset table over an OSM network."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import out_option, overwrite_option, quiet_option, speaker, today


@click.command("access")
@click.argument("assets", type=click.Path(path_type=Path))
@click.option(
    "--osm", type=click.Path(path_type=Path), required=True, multiple=True, help="OpenStreetMap file or reply."
)
@click.option(
    "--origins",
    type=click.Path(path_type=Path),
    help="Points to start from, in a map file or a CSV with lon and lat; by default the buildings.",
)
@click.option("--profile", type=click.Choice(["standard", "slow", "step_free"]), default="standard", show_default=True)
@out_option
@overwrite_option
@quiet_option
def command(
    assets: Path, osm: tuple[Path, ...], origins: Path | None, profile: str, out: Path, overwrite: bool, quiet: bool
) -> None:
    """Measure access to ASSETS over the walking network of OpenStreetMap data, and write a .parquet or .csv.

    ASSETS is an asset table with its shapes, as `assetmap assets` writes it: .gpkg, .parquet or .geojson.
    """
    from assetmap.study.pieces import access_to
    from assetmap.table_files import check_target, write_table

    check_target(out, spatial=False, overwrite=overwrite)
    say = speaker(quiet)
    table = access_to(assets, osm=osm, origins=origins, profile=profile, say=say)
    write_table(out, table, layer="access", made_on=today(), overwrite=overwrite)
    say(f"{len(table)} distances are in {out}")
