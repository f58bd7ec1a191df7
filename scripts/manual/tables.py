"""docs/tables.md: every table and output file with its columns, from the contracts and definitions.toml."""

from __future__ import annotations

from assetmap.definitions import Definition, column_definitions, command_files, output_files
from assetmap.schema import CONTRACTS, Column
from manual.markdown import GENERATED, code_list, table

__all__ = ["tables_page"]

_TITLES = {
    "assets": "Assets",
    "agreement": "Agreement of marks",
    "annotations": "Annotations",
    "zones": "Zones",
    "origins": "Origins",
    "walk_ways": "Walk network",
    "access": "Access",
    "sessions": "Sessions",
    "links": "Links of the chain",
    "items": "Things in the chain",
    "answers": "Answers to priorities",
    "answer_lines": "What is told of each priority",
    "factors": "Factors of a system map",
    "system_links": "Links of a system map",
}
_LAYER = {"walk_ways": "walk_network"}
_INTRO = """\
`assetmap build` writes these files under `out/`. Lengths are metres and areas square metres. Shapes are in the
study's metric reference system: the British National Grid (EPSG:27700) in Britain, elsewhere the UTM zone of the place.
Shares run from 0 to 1.
What isn't known is null (text) or NaN (numbers), and an empty cell in CSV: never 0, never a guess. CSV files
are UTF-8, with numbers rounded to 4 decimals, those below 0.1 to 4 significant digits (1.483e-05 is 0.00001483), and
`lon` and `lat` to 6 decimals.
In the names of columns `<T>` is a threshold in metres, `<category>` a category or group of
[the taxonomy](taxonomy.md), and `<domain>` the index of deprivation (`imd`) or one of its domains.

All of it is a working copy for the team. Nothing here has been checked for what it may disclose about people."""

_ASKED = """\
`whatif` writes into a folder of its own under `out/whatif/`, `pockets` into `out/pockets/`, `select` and `compare`
where they are told to. What each figure is made of and how to read it, `assetmap explain` says."""

_CHECKED = """\
Each is checked whenever it is made: a column that is missing, of another type or with an impossible value is
an error that names it. More columns may follow."""


def tables_page() -> str:
    """Return the page of all tables."""
    lines = ["# Tables", "", GENERATED, "", _INTRO, ""]
    told = {name: column_definitions(name) for name in output_files()}
    told = {name: columns for name, columns in told.items() if columns}
    link = {name: f"[`{name}`](#{_anchor(name)})" for name in told}
    lines += table(("file", "what it holds"), ((link.get(n, f"`{n}`"), e.what) for n, e in output_files().items()))
    for name, columns in told.items():
        lines += _file(name, columns)
    lines += ["## What other commands write", "", _ASKED, ""]
    for name, about in command_files().items():
        cells = ((f"`{e.name}`", e.unit, e.filled().meaning) for e in column_definitions(name).values())
        lines += [f"### {name}", "", about.what, "", *table(("column", "unit", "what it is"), cells)]
    lines += [
        "## The tables themselves",
        "",
        _CHECKED,
        "",
    ]
    for name, (contract, spatial) in CONTRACTS.items():
        lines += _contract(name, contract, spatial)
    return "\n".join(lines).rstrip() + "\n"


def _file(name: str, columns: dict[str, Definition]) -> list[str]:
    about, lines = output_files()[name], [f"## {name}", ""]
    elsewhere = set(CONTRACTS[about.table][0]) if about.table else set()
    if about.table:
        title = _TITLES[about.table]
        more = set(columns) > elsewhere
        lines += [f"The columns of [{title.lower()}](#{title.lower()})" + (", and:" if more else "."), ""]
    if about.alike:
        first = next(iter(column_definitions(about.alike)))
        lines += [f"The columns of [{about.alike}](#{_anchor(about.alike)}), with in place of `{first}`:", ""]
        elsewhere = set(column_definitions(about.alike))
    rows = [entry for column, entry in columns.items() if column not in elsewhere]
    if name == "manifest.json":
        return [*lines, *table(("key", "what it is"), ((f"`{e.name}`", e.filled().meaning) for e in rows))]
    cells = ((f"`{e.name}`", e.unit, e.filled().meaning) for e in rows)
    return [*lines, *(table(("column", "unit", "what it is"), cells) if rows else [])]


def _anchor(name: str) -> str:
    """Return the anchor of a heading: dots fall away."""
    return name.replace(".", "")


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
