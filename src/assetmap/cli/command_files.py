"""A group of commands, each in a file of its own that is read when the command is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import click

__all__ = ["CommandFiles"]


class CommandFiles(click.Group):
    """Loads a command's module when it is asked for, so that ``--help`` is quick.

    Parameters
    ----------
    names
        The commands, in the order in which one meets them.
    prefix
        What stands before the name in the name of its module: ``kiosk_`` for ``cli/kiosk_sheet.py``.
    """

    def __init__(self, *args: Any, names: Sequence[str] = (), prefix: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = tuple(names)
        self.prefix = prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which one meets them."""
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, or None if there is none of that name."""
        if cmd_name not in self.names:
            return None
        module = importlib.import_module(f"assetmap.cli.{self.prefix}{cmd_name}")
        command: click.Command = module.command
        return command

    def leaves(self) -> dict[str, click.Command]:
        """Return the commands that do something, by their words: ``build``, ``kiosk sheet``."""
        found: dict[str, click.Command] = {}
        for name in self.names:
            command = self.get_command(click.Context(self), name)
            if isinstance(command, CommandFiles):
                found |= {f"{name} {word}": leaf for word, leaf in command.leaves().items()}
            elif command is not None:
                found[name] = command
        return found
