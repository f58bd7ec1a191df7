"""The ``assetmap`` command: one command, one file; errors as one line with an exit code."""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper
from typing import NoReturn

import click

from assetmap.cli.command_files import CommandFiles
from assetmap.errors import AssetMapError

__all__ = ["COMMANDS", "cli", "main"]

_COLLECT_AFTER = 50_000
"""New objects between Python's searches for rings of them: a city makes millions of objects and hardly a ring, and
by default (700) the searching takes a twelfth of a build. A program that imports assetmap keeps its own setting."""
_ARROW_POOL = ("ARROW_DEFAULT_MEMORY_POOL", "system")
"""Arrow, which holds the tables' texts, keeps what it has freed for itself by default: a seventh of a build's memory.
The system's own allocator gives it back."""

COMMANDS = (
    "demo",
    "new",
    "add",
    "remove",
    "fetch",
    "build",
    "publish",
    "open",
    "sources",
    "assets",
    "access",
    "whatif",
    "pockets",
    "compare",
    "select",
    "kiosk",
    "template",
    "voices",
    "walks",
    "arts",
    "themes",
    "priorities",
    "systems",
    "agenda",
    "theory",
    "chain",
    "forget",
    "export",
    "status",
    "profile",
    "report",
    "explain",
    "words",
    "doctor",
)


@click.group(
    cls=CommandFiles, names=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="assetmap")
def cli() -> None:
    """Participatory asset mapping: from OpenStreetMap and residents' marks to access, deprivation and a map.

    Start with `assetmap demo`, then `assetmap new DIR`, `assetmap add DIR FILE...`, `assetmap build DIR`.
    Coordinates are longitude, latitude. Only `fetch` (and `build --fetch`) uses the network.
    """


def main() -> None:
    """Run the command line; an error is one line on stderr and an exit code (2 usage, 3 input, 4 remote, 5 gate)."""
    gc.set_threshold(_COLLECT_AFTER)
    os.environ.setdefault(*_ARROW_POOL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that can't show a letter gets its code, and no traceback
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(prog_name="assetmap", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _fail(_usage_line(error), error.exit_code)
    except click.Abort:
        click.echo(err=True)  # the question that was asked stays on its own line
        _fail("stopped.", 130)
    except AssetMapError as error:
        _fail(str(error), error.exit_code)
    except MemoryError:
        _fail("there is not enough memory for this: use a smaller extract.", 3)
    except OSError as error:  # the system's own refusal, such as a full disk for temporary files
        where = f" ({error.filename})" if error.filename else ""
        _fail(f"the system says: {error.strerror or error}{where}.", 3)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(line: str, code: int) -> NoReturn:
    click.echo(f"assetmap: {line}", err=True)
    sys.exit(code)


def _usage_line(error: click.ClickException) -> str:
    """Return what is wrong with the words of a command, and where its options are explained."""
    words = " ".join(error.format_message().split())
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "assetmap"
    return f"{words}{'' if words.endswith(('.', '?', '!')) else '.'} See {command} --help"


if __name__ == "__main__":
    main()
