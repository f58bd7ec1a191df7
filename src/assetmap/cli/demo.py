"""``assetmap demo``: the fictional neighbourhood, as a study, built."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.build import report_build
from assetmap.cli.options import as_json, overwrite_option, quiet_option, speaker, today


@click.command("demo")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("assetmap-demo"),
    show_default=True,
    help="Folder of the study.",
)
@overwrite_option
@quiet_option
@as_json
def command(folder: Path, overwrite: bool, quiet: bool, as_json: bool) -> None:
    """Write a fictional neighbourhood, with what its residents said and did, as an ordinary study and build it."""
    from assetmap.encode import plain_text
    from assetmap.study.create import create_demo
    from assetmap.study.engagement.demo_story import bring_demo_story, demo_texts, keep_aside
    from assetmap.study.flow import build_study

    before = demo_texts(folder)
    day = today()
    try:
        create_demo(folder, overwrite=overwrite)
        bring_demo_story(folder, today=day)
    finally:
        for path in keep_aside(before):
            click.echo(plain_text(f"what you had changed of the demo is kept in {path}"), err=True)
    manifest = build_study(folder, today=day, say=speaker(quiet))
    report_build(folder, manifest, quiet=quiet, as_json=as_json)
