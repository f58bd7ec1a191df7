"""The ``assetmap`` command: one command, one file; errors as one line with an exit code."""

from __future__ import annotations

import importlib
import sys

import click

from assetmap.errors import AssetMapError

__all__ = ["COMMANDS", "cli", "main"]

COMMANDS = ("demo", "new", "add", "fetch", "build", "open", "sources", "assets", "access", "doctor")


class _Commands(click.Group):
    """Loads a command's module when it is asked for, so that ``--help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"assetmap.cli.{cmd_name}")
        command: click.Command = module.command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="assetmap")
def cli() -> None:
    """Participatory asset mapping: from OpenStreetMap and residents' marks to access, deprivation and a map.

    Start with `assetmap demo`, then `assetmap new DIR`, `assetmap add DIR FILE...`, `assetmap build DIR`.
    Coordinates are longitude, latitude. Only `fetch` (and `build --fetch`) uses the network.
    """


def main() -> None:
    """Run the command line; an error is one line on stderr and an exit code (2 usage, 3 input, 4 remote)."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("assetmap: stopped.", err=True)
        sys.exit(130)
    except AssetMapError as error:
        click.echo(f"assetmap: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone: nothing is wrong
        sys.stderr.close()
        sys.exit(0)
    except MemoryError:
        click.echo("assetmap: there is not enough memory for this: use a smaller extract.", err=True)
        sys.exit(3)


if __name__ == "__main__":
    main()
