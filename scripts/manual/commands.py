"""docs/cli.md: every command with its options, from the commands themselves."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

from assetmap.cli.command_files import CommandFiles
from assetmap.cli.main import cli
from manual.markdown import GENERATED, table

__all__ = ["cli_page", "examples"]

_INTRO = """\
`assetmap VERB DIR [FILES]`. A study is a folder, DIR. Coordinates are longitude, latitude. Only `fetch` and
`build --fetch` use the network. Results go to stdout or to files; progress and tallies go to stderr.
`assetmap --help` and `assetmap COMMAND --help` say the same as this page."""
_ERRORS = """\
An error is one line on stderr that says what was read, what is wrong and what to do next. Nothing is left
half-written, and earlier results stay as they were. The exit code says what kind of error it was:"""
_EXIT_CODES = (
    (0, "All went well."),
    (2, "The command, or `assetmap.toml`, asks for something that can't be."),
    (3, "A file is missing or its content is wrong."),
    (4, "A service did not answer, or not wholly."),
    (5, "Something may not leave the team, and leaving it out can't cure that."),
    (130, "Stopped with Ctrl+C."),
)


def examples() -> dict[str, dict[str, str]]:
    """Return what examples.toml says of each command: ``example`` and ``more``."""
    content: dict[str, dict[str, str]] = tomllib.loads(
        Path(__file__).with_name("examples.toml").read_text(encoding="utf-8")
    )
    return content


def cli_page() -> str:
    """Return the page of all commands."""
    assert isinstance(cli, CommandFiles)
    leaves = cli.leaves()
    lines = [
        "# Commands",
        "",
        GENERATED,
        "",
        _INTRO,
        "",
        *table(
            ("command", "what it does"), ((f"[`{n}`](#assetmap-{_slug(n)})", _summary(c)) for n, c in leaves.items())
        ),
    ]
    for name, command in leaves.items():
        lines += _section(name, command)
    lines += [
        "## When something is wrong",
        "",
        _ERRORS,
        "",
        *table(("exit code", "meaning"), _EXIT_CODES),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _slug(name: str) -> str:
    return name.replace(" ", "-")


def _summary(command: click.Command) -> str:
    return (command.help or "").strip().split("\n\n")[0]


def _section(name: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=f"assetmap {name}")
    usage = " ".join([f"assetmap {name}", *command.collect_usage_pieces(context)])
    options = [p for p in command.params if isinstance(p, click.Option)]
    said = examples().get(name)
    if said is None:
        raise SystemExit(f"scripts/manual/examples.toml has no example of assetmap {name}: add [{name}].")
    return [
        f"## assetmap {name}",
        "",
        f"`{usage}`",
        "",
        _summary(command),
        "",
        *(table(("option", "meaning"), ((_spelling(o, context), _meaning(o)) for o in options)) if options else []),
        *([said["more"], ""] if "more" in said else []),
        "```sh",
        said["example"].strip(),
        "```",
        "",
    ]


def _spelling(option: click.Option, context: click.Context) -> str:
    metavar = "" if option.is_flag else f" {option.make_metavar(context)}"
    return ", ".join(f"`{name}{metavar}`" for name in option.opts)


def _meaning(option: click.Option) -> str:
    words = [option.help or ""]
    if option.required:
        words.append("Needed.")
    if option.multiple and "for each" not in words[0]:
        words.append("May be given several times.")
    if option.show_default:
        words.append(f"Default: `{option.default}`.")
    return " ".join(word for word in words if word)
