"""``assetmap new``: a study folder with settings that explain themselves."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

import click

from assetmap.cli.options import quiet_option, speaker, study_argument


@click.command("new")
@study_argument
@click.option("--place", "site", help="A site that assetmap knows: old-ford, kings-heath.")
@click.option(
    "--lsoa",
    "codes",
    multiple=True,
    callback=lambda _context, _option, words: _codes(words),
    metavar="CODE",
    help="LSOA 2021 code; say it once for each.",
)
@click.option("--boundary", type=click.Path(path_type=Path), help="File with the neighbourhood's outline.")
@click.option("--name", help="What the study is called.")
@click.option("--contact", default="", help="Whom to tell what is wrong on the map.")
@quiet_option
def command(
    folder: Path,
    site: str | None,
    codes: tuple[str, ...],
    boundary: Path | None,
    name: str | None,
    contact: str,
    quiet: bool,
) -> None:
    """Make a study in DIR: folders, and a commented assetmap.toml."""
    from assetmap.study.create import create_study

    if sum([site is not None, bool(codes), boundary is not None]) > 1:
        raise click.UsageError("give one of --place, --lsoa and --boundary.")
    if site is None and not codes and boundary is None and name is None:
        name, site, codes, boundary, contact = _ask(folder)
    say = speaker(quiet)
    path = create_study(folder, name=name, site=site, lsoa21=codes, boundary=boundary, contact=contact, say=say)
    named = shlex.quote(str(folder))
    say(
        f"{path} is written. Next: assetmap add {named} FILE... for your files, "
        f"assetmap fetch {named} for public data, then assetmap build {named}"
    )


def _codes(words: Iterable[str]) -> tuple[str, ...]:
    """Return LSOA codes, in capitals; click asks again for one that is none, or stops at it."""
    from assetmap.places import LSOA_CODE

    codes = tuple(word.upper() for word in words)
    wrong = [code for code in codes if not re.fullmatch(LSOA_CODE, code)]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is no LSOA 2021 code, which looks like E01004222.")
    return codes


def _place(words: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the site or the codes that were answered."""
    from assetmap.places import known_places

    site = words.strip()
    if site in known_places():
        return site, ()
    try:
        return None, _codes(re.findall(r"[^\s,;]+", site))
    except click.BadParameter as error:
        raise click.BadParameter(f"{error.message} The known sites are {', '.join(known_places())}.") from error


def _ask(folder: Path) -> tuple[str, str | None, tuple[str, ...], Path | None, str]:
    """Ask the four questions that a study starts from."""
    from assetmap.places import known_places

    name = click.prompt("What is the study called?", default=folder.resolve().name, err=True)
    sites = list(known_places())
    site, codes = click.prompt(
        f"Which neighbourhood? ({', '.join(sites)}, LSOA 2021 codes with commas between, or empty if a file will say)",
        default="",
        show_default=False,
        value_proc=_place,
        err=True,
    )
    outline = click.prompt("A file with its outline? (empty if none)", default="", show_default=False, err=True).strip()
    contact = click.prompt("Whom should people write to?", default="", show_default=False, err=True).strip()
    if (site or codes) and outline:
        raise click.UsageError("give a neighbourhood or a file with its outline, not both.")
    return name, site, codes, Path(outline) if outline else None, contact
