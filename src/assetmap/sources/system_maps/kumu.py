"""Kumu's JSON: blueprints, which it imports, and whole projects, which it exports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from assetmap.sources.system_maps.contents import Drawn, SystemMap

__all__ = ["is_kumu", "kumu_drawn", "kumu_text"]

_DIRECTIONS = {"directed": "one_way", "mutual": "both_ways", "undirected": "undirected"}
_KUMU_DIRECTIONS = {ours: theirs for theirs, ours in _DIRECTIONS.items()}


def is_kumu(content: Any) -> bool:
    """Whether JSON is of Kumu's."""
    return isinstance(content, dict) and isinstance(content.get("elements"), list)


def kumu_drawn(content: Mapping[str, Any]) -> Drawn:
    """Return what Kumu's JSON has drawn.

    Where a project holds several maps, its elements are taken together, each with the position that the first map
    which shows it gives it.
    """
    maps = [entry for entry in _list(content, "maps") if isinstance(entry, dict)]
    places: dict[str, Mapping[str, Any]] = {}
    for entry in maps:
        for shown in _list(entry, "elements"):
            if isinstance(shown, dict) and isinstance(shown.get("position"), dict):
                places.setdefault(str(shown.get("element")), shown["position"])
    factors = [_factor(item, places) for item in content["elements"] if isinstance(item, dict)]
    by_label = _ends_by_label(factors)
    links = [_link(item, by_label) for item in _list(content, "connections") if isinstance(item, dict)]
    title = next((str(entry["name"]) for entry in (content, *maps) if isinstance(entry.get("name"), str)), "")
    return Drawn(title, factors, links)


def _list(content: Mapping[str, Any], name: str) -> list[Any]:
    found = content.get(name)
    return found if isinstance(found, list) else []


def _fields(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item's fields by their small names: a project keeps them in ``attributes``, a blueprint beside."""
    inner = item.get("attributes")
    everything = item | (inner if isinstance(inner, dict) else {})
    return {str(name).casefold(): value for name, value in everything.items()}


def _factor(item: dict[str, Any], places: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    fields = _fields(item)
    identity = fields.get("id") or fields.get("_id") or fields.get("label")
    place = places.get(str(identity), fields)
    return {
        "id": identity,
        "label": fields.get("label"),
        "kind": fields.get("type") or fields.get("element type"),
        "note": fields.get("description"),
        "colour": fields.get("colour"),
        "x": place.get("x"),
        "y": place.get("y"),
    }


def _ends_by_label(factors: list[dict[str, Any]]) -> dict[str, str]:
    """Return the identifier of each label that one element alone has: connections may name either."""
    seen: dict[str, list[str]] = {}
    for row in factors:
        seen.setdefault(str(row["label"]), []).append(str(row["id"]))
    own = {str(row["id"]): str(row["id"]) for row in factors}
    return {label: found[0] for label, found in seen.items() if len(found) == 1} | own


def _link(item: dict[str, Any], ends: Mapping[str, str]) -> dict[str, Any]:
    fields = _fields(item)
    return {
        "id": fields.get("id") or fields.get("_id"),
        "from": ends.get(str(fields.get("from"))),
        "to": ends.get(str(fields.get("to"))),
        "label": fields.get("label"),
        "kind": fields.get("type") or fields.get("connection type"),
        "polarity": fields.get("polarity"),
        "direction": _DIRECTIONS.get(str(fields.get("direction")).casefold(), "one_way"),
        "note": fields.get("description"),
    }


def kumu_text(drawing: SystemMap) -> tuple[str, list[str]]:
    """Return a map as a blueprint for Kumu, and what Kumu can't hold of it.

    Position, colour and sign go into fields of their own, which Kumu keeps but doesn't draw by.
    """
    factors = drawing.factors.astype(object).where(drawing.factors.notna(), None).to_dict("records")
    links = drawing.links.astype(object).where(drawing.links.notna(), None).to_dict("records")
    taken = {row["factor_id"] for row in factors}
    clash = sum(row["link_id"] in taken for row in links)
    elements = [
        {
            "id": row["factor_id"],
            "label": row["label"],
            "type": row["kind"],
            "description": row["note"],
            "colour": row["colour"],
            "x": row["x"],
            "y": row["y"],
        }
        for row in factors
    ]
    connections = [
        {
            "id": None if clash else row["link_id"],
            "from": row["from_id"],
            "to": row["to_id"],
            "direction": _KUMU_DIRECTIONS[row["direction"]],
            "label": row["label"],
            "type": row["kind"],
            "polarity": None if row["polarity"] == "unknown" else row["polarity"],
            "description": row["note"],
        }
        for row in links
    ]
    content = {"name": drawing.title, "elements": _known(elements), "connections": _known(connections)}
    losses = ["identifiers of links, as some are those of factors and Kumu wants each once"] if clash else []
    if any(row["x"] is not None for row in factors):
        losses.append("positions, which become fields x and y that Kumu doesn't draw by")
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False), losses


def _known(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if value is not None} for row in rows]
