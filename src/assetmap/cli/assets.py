"""``assetmap assets``: the asset table of any OSM data."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import out_option, overwrite_option, quiet_option, speaker, today
from assetmap.plurals import counted


@click.command("assets")
@click.option(
    "--osm", type=click.Path(path_type=Path), required=True, multiple=True, help="OpenStreetMap file or reply."
)
@click.option("--boundary", type=click.Path(path_type=Path), help="Keep only assets that touch this outline.")
@out_option
@overwrite_option
@quiet_option
def command(osm: tuple[Path, ...], boundary: Path | None, out: Path, overwrite: bool, quiet: bool) -> None:
    """Write the asset table of OpenStreetMap data (.gpkg, .parquet, .geojson or .csv)."""
    from assetmap.study.pieces import read_assets
    from assetmap.table_files import check_target, write_table

    check_target(out, spatial=True, overwrite=overwrite)
    assets, tally = read_assets(osm, boundary=boundary)
    write_table(out, assets, layer="assets", made_on=today(), overwrite=overwrite)
    speaker(quiet)(f"{tally.summary()}\n{counted(len(assets), 'asset')} written to {out}")
