"""docs/tables.md: every table and output file with its columns, from the contracts and outputs.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from assetmap.schema import CONTRACTS, Column
from manual.markdown import GENERATED, code_list, table

__all__ = ["described_columns", "tables_page"]

_TITLES = {
    "assets": "Assets",
    "annotations": "Annotations",
    "zones": "Zones",
    "origins": "Origins",
    "walk_ways": "Walk network",
    "access": "Access",
}
_LAYER = {"walk_ways": "walk_network"}
_SHARED = {"access_by_deprivation.csv": "access_by_zone.csv"}
_INTRO = """\
`assetmap build` writes these files under `out/`. Lengths are metres and areas square metres. Shapes are in the
study's metric reference system: the British National Grid (EPSG:27700) in Britain, elsewhere the UTM zone of the place.
What isn't known is null (text) or NaN (numbers), and an empty cell in CSV: never 0, never a guess. CSV files
are UTF-8, with numbers rounded to 4 decimals.
In the names of columns `<T>` is a threshold in metres, `<category>` a category or group of
[the taxonomy](taxonomy.md), and `<domain>` the index of deprivation (`imd`) or one of its domains.

All of it is a working copy for the team. Nothing here has been checked for what it may disclose about people."""

_CHECKED = """\
Each is checked whenever it is made: a column that is missing, of another type or with an impossible value is
an error that names it. More columns may follow."""


def _content() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("outputs.toml").read_text(encoding="utf-8"))


def described_columns(name: str) -> list[str]:
    """Return the columns (or keys) that the page describes for an output file, patterns as they are written."""
    content = _content()
    contract = content[name].get("table")
    extra = content["columns"].get(name, {}) | content["columns"].get(_SHARED.get(name, ""), {})
    return [*(CONTRACTS[contract][0] if contract else {}), *extra]


def tables_page() -> str:
    """Return the page of all tables."""
    content = _content()
    columns = content.pop("columns")
    lines = ["# Tables", "", GENERATED, "", _INTRO, ""]
    told = [name for name, entry in content.items() if name in columns or "table" in entry]
    link = {name: f"[`{name}`](#{_anchor(name)})" for name in told}
    lines += table(("file", "what it holds"), ((link.get(n, f"`{n}`"), e["what"]) for n, e in content.items()))
    for name in told:
        entry, extra = content[name], columns.get(name)
        lines += [f"## {name}", ""]
        if "table" in entry:
            title = _TITLES[entry["table"]]
            lines += [f"The columns of [{title.lower()}](#{title.lower()})" + (", and:" if extra else "."), ""]
        if name in _SHARED:
            lines += [f"The columns of [{_SHARED[name]}](#{_anchor(_SHARED[name])}), with in place of `group`:", ""]
        lines += table(("column" if name != "manifest.json" else "key", "what it is"), _rows(extra)) if extra else []
    lines += [
        "## The tables themselves",
        "",
        _CHECKED,
        "",
    ]
    for name, (contract, spatial) in CONTRACTS.items():
        lines += _contract(name, contract, spatial)
    return "\n".join(lines).rstrip() + "\n"


def _anchor(name: str) -> str:
    """Return the anchor of a heading: dots fall away."""
    return name.replace(".", "")


def _rows(columns: dict[str, str]) -> list[tuple[str, str]]:
    return [(f"`{name}`", meaning) for name, meaning in columns.items()]


def _contract(name: str, contract: dict[str, Column], spatial: bool) -> list[str]:
    shape = f"Layer `{_LAYER.get(name, name)}` of `assetmap.gpkg`." if spatial else "No shape."
    rows = [(f"`{column}`", entry.dtype, _meaning(entry)) for column, entry in contract.items()]
    if spatial:
        rows.append(("`geometry`", "geometry", "valid, not empty, in metres"))
    return [f"### {_TITLES[name]}", "", shape, "", *table(("column", "type", "what it is"), rows)]


def _meaning(column: Column) -> str:
    words = [column.meaning]
    if column.isin:
        words.append(f"one of {code_list(column.isin)}")
    if column.unique:
        words.append("unique")
    return "; ".join(words)
