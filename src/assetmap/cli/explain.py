"""``assetmap explain``: what a figure means, what it is made of, and how to read it."""

from __future__ import annotations

from typing import Any

import click

from assetmap.cli.options import as_json, print_json


@click.command("explain")
@click.argument("figure", required=False)
@as_json
def command(figure: str | None, as_json: bool) -> None:
    """Say what FIGURE means, what it is made of, how to read it and where it comes from; without FIGURE, list all."""
    from assetmap.definitions import explain

    found = [entry.as_dict() for entry in explain(figure)]
    if as_json:
        print_json(found)
    elif figure is None:
        for entry in found:
            click.echo(f"{entry['name']}  [{entry['unit']}]\n    {entry['meaning']}")
    else:
        click.echo("\n\n".join(_paragraph(entry) for entry in found))


def _paragraph(entry: dict[str, Any]) -> str:
    said = {
        "unit": entry["unit"],
        "numerator": entry["numerator"],
        "denominator": entry["denominator"],
        "how to read": entry["read"],
        "source": entry["source"],
        "found in": ", ".join(entry["where"]),
    }
    lines = [f"    {label}: {text}" for label, text in said.items() if text]
    return "\n".join([entry["name"], f"    {entry['meaning']}", *lines])
