"""``assetmap words``: how far the page's words are translated, and what is missing."""

from __future__ import annotations

from typing import Any

import click

from assetmap.cli.options import as_json, print_json
from assetmap.plurals import counted


@click.command("words")
@click.option("--language", multiple=True, help="A language's code, such as bn; may be given again. All by default.")
@as_json
def command(language: tuple[str, ...], as_json: bool) -> None:
    """List the languages: how many phrases are translated, which aren't, and whether a speaker has checked them."""
    from assetmap.words import languages, read_catalogue, words_for

    found: list[dict[str, Any]] = []
    for code in language or languages():
        catalogue = read_catalogue(code)
        found.append(
            {
                "language": code,
                "name": words_for(code).name,
                "status": catalogue.status,
                "phrases": len(catalogue.english),
                "translated": len(catalogue.phrases),
                "fuzzy": list(catalogue.fuzzy),
                "missing": [key for key in catalogue.untranslated if key not in catalogue.fuzzy],
            }
        )
    if as_json:
        print_json(found)
        return
    for row in found:
        click.echo(
            f"{row['language']}  {row['name']}: {row['translated']} of {counted(row['phrases'], 'phrase')}, "
            f"{len(row['fuzzy'])} fuzzy, {len(row['missing'])} missing; {_told(row['status'])}"
        )
        for kind in ("fuzzy", "missing"):
            for key in row[kind]:
                click.echo(f"    {kind}  {key}")


def _told(status: str) -> str:
    return f"{status}, to be checked by a speaker" if status == "machine draft" else status
