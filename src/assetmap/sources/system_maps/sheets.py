"""Workbooks: PRSM's with the sheets Factors and Links, Kumu's with Elements and Connections."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from assetmap.errors import InputError
from assetmap.sources.columns import find_columns, take_text
from assetmap.sources.system_maps.contents import Drawn
from assetmap.sources.tables import read_table, sheet_names
from assetmap.tally import Tally

__all__ = ["read_map_workbook"]

_SHEETS = (("Factors", "Links"), ("Elements", "Connections"))
_FACTOR_COLUMNS = {
    "id": ("id",),
    "label": ("label", "name"),
    "kind": ("style", "type", "element type"),
    "note": ("description", "note"),
    "colour": ("colour",),
    "x": ("x",),
    "y": ("y",),
}
_LINK_COLUMNS = {
    "id": ("id",),
    "from": ("from",),
    "to": ("to",),
    "label": ("label",),
    "kind": ("style", "type", "connection type"),
    "polarity": ("polarity", "sign"),
    "direction": ("direction",),
    "note": ("description", "note"),
}
_DIRECTIONS = {"mutual": "both_ways", "undirected": "undirected"}


def read_map_workbook(path: Path) -> Drawn:
    """Read a map's workbook; who made or changed what is left out, as is any other column.

    PRSM writes a style as a number, which becomes the kind "style 3". Links name factors by their label (or, in
    Kumu's, by their identifier); a label that two factors have names neither.

    Raises
    ------
    InputError
        If it has neither pair of sheets, or a sheet lacks a column that a map needs.
    """
    there = {name.casefold() for name in sheet_names(path)}
    pair = next((pair for pair in _SHEETS if pair[0].casefold() in there), None)
    if pair is None:
        raise InputError(
            f"{path} has neither the sheets Factors and Links (PRSM) nor Elements and Connections (Kumu): "
            "name its sheets so."
        )
    factors = _rows(path, pair[0], _FACTOR_COLUMNS, ("label",))
    for place, row in enumerate(factors):
        row["kind"] = _styled(row["kind"])
        row["id"] = row["id"] or f"\0{place}"  # no identifier of the file's: one is made of the label
    links = _rows(path, pair[1], _LINK_COLUMNS, ("from", "to")) if pair[1].casefold() in there else []
    names = _names(factors)
    for row in links:
        row |= {"kind": _styled(row["kind"]), "from": names.get(row["from"]), "to": names.get(row["to"])}
        row["direction"] = _DIRECTIONS.get(str(row["direction"]).casefold())
    return Drawn("", factors, links)


def _rows(path: Path, sheet: str, columns: dict[str, tuple[str, ...]], needed: tuple[str, ...]) -> list[dict[str, Any]]:
    frame = read_table(path, sheet=sheet, tally=Tally(path.name))
    found = find_columns(frame.columns, columns, what=f"{path}, sheet {sheet}")
    missing = [name for name in needed if name not in found]
    if missing:
        raise InputError(f"{path}, sheet {sheet}, has no column {' or '.join(missing)}: name it so in the first row.")
    table = pd.DataFrame({field: take_text(frame, found.get(field)) for field in columns})
    records = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(field): cell for field, cell in record.items()} for record in records]


def _styled(kind: str | None) -> str | None:
    return f"style {kind}" if kind and kind.isdecimal() else kind


def _names(factors: list[dict[str, Any]]) -> dict[str | None, str]:
    """Return the factor that a link means by a label or an identifier; what could mean two isn't among them."""
    seen: dict[str | None, list[str]] = {}
    for row in factors:
        seen.setdefault(row["label"], []).append(row["id"])
    single = {label: found[0] for label, found in seen.items() if len(found) == 1 and label}
    return single | {row["id"]: row["id"] for row in factors}
