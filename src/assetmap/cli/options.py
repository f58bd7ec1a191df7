"""Options and arguments that mean the same in every command."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from assetmap.encode import plain_text

__all__ = [
    "after_option",
    "as_json",
    "osm_option",
    "out_option",
    "overwrite_option",
    "print_json",
    "quiet_option",
    "speaker",
    "study_argument",
    "today",
]

study_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
after_option = click.option(
    "--after", type=click.Path(path_type=Path), help="summary.json of a what-if, or out/ of a later build."
)
osm_option = click.option(
    "--osm",
    type=click.Path(path_type=Path),
    help="OpenStreetMap file (.osm, .osm.bz2, .osm.pbf, Overpass JSON) to use in place of the study's.",
)
out_option = click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write.")
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace what is there already.")
quiet_option = click.option("--quiet", is_flag=True, help="Say nothing but errors.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")


def speaker(quiet: bool) -> Callable[[str], None]:
    """Return what says a line of progress on stderr, or nothing if it should be quiet.

    Words out of files can't act on the terminal.
    """
    return (lambda _: None) if quiet else (lambda line: click.echo(plain_text(line), err=True))


def print_json(content: Any) -> None:
    """Print data as JSON on stdout, in ASCII where the reader's encoding has no other letters."""
    ascii_only = sys.stdout.encoding.lower().replace("-", "") != "utf8"
    click.echo(json.dumps(content, indent=2, ensure_ascii=ascii_only, allow_nan=False))


def today() -> str:
    """Return today's date (UTC) as ISO text: the one place where the commands ask the clock."""
    return datetime.now(UTC).date().isoformat()
