"""PRSM's own files: JSON, and since 2022 the same packed by lz-string."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assetmap.errors import InputError
from assetmap.files import read_text
from assetmap.sources.system_maps.contents import Drawn, SystemMap
from assetmap.sources.system_maps.json_text import load_json
from assetmap.sources.system_maps.lz_text import unpack_utf16

__all__ = ["FACTOR_STYLES", "LINK_STYLES", "is_prsm", "prsm_text", "read_prsm"]

MOST_CHARACTERS = 100 * 1024 * 1024
FACTOR_STYLES, LINK_STYLES = 15, 9
_VERSION = "3.0.3"
_SAMPLE = "Sample"
"""What PRSM calls a style that nobody has named."""
_SIGN_STYLES = {"positive": "+ve", "negative": "-ve"}
_LINK_COLOURS = {"positive": "rgb(0, 0, 0)", "negative": "rgb(255, 0, 0)", "unknown": "rgb(128, 128, 128)"}
_ENDS = {"one_way": (True, False), "both_ways": (True, True), "undirected": (False, False)}


def is_prsm(content: Any) -> bool:
    """Whether JSON is a map of PRSM's."""
    return (
        isinstance(content, dict) and isinstance(content.get("nodes"), list) and isinstance(content.get("edges"), list)
    )


def read_prsm(path: Path) -> Drawn:
    """Read a ``.prsm`` file, packed or not.

    Who made or changed what, the history, thumbs and fonts are left out.

    Raises
    ------
    MissingInputError, InputError
        If there is no such file, it isn't such a map, is torn, or unpacks to more than 100 million characters.
    """
    text = read_text(path, "system map")
    if not text.lstrip().startswith("{"):
        try:
            text = unpack_utf16(text, at_most=MOST_CHARACTERS)
        except InputError as error:
            raise InputError(f"{path} is not a map of PRSM's ({error}): save it again from PRSM.") from error
    content = load_json(text, path)
    if not is_prsm(content):
        raise InputError(f"{path} is not a map of PRSM's (it has no nodes and edges): save it again from PRSM.")
    return drawn_of(content)


def drawn_of(content: Mapping[str, Any]) -> Drawn:
    """Return what PRSM's JSON has drawn."""
    styles = _record(content.get("styles") or content.get("samples"))
    node_styles, edge_styles = _record(styles.get("nodes")), _record(styles.get("edges"))
    return Drawn(
        str(content.get("mapTitle") or ""),
        [_factor(node, node_styles) for node in content["nodes"] if isinstance(node, dict)],
        [_link(edge, edge_styles) for edge in content["edges"] if isinstance(edge, dict)],
    )


def _record(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _style(item: Mapping[str, Any], styles: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return an item's style, and the name that somebody has given it."""
    style = _record(styles.get(str(item.get("grp"))))
    name = style.get("groupLabel")
    return style, None if not isinstance(name, str) or name.strip() in ("", _SAMPLE) else name


def _factor(node: Mapping[str, Any], styles: Mapping[str, Any]) -> dict[str, Any]:
    style, kind = _style(node, styles)
    colour = _record(node.get("color")) or _record(style.get("color"))
    found = {name: node.get(name) for name in ("id", "label", "x", "y")}
    return found | {"kind": kind, "note": _note(node), "colour": colour.get("background")}


def _link(edge: Mapping[str, Any], styles: Mapping[str, Any]) -> dict[str, Any]:
    style, kind = _style(edge, styles)
    arrows = _record(edge.get("arrows")) or _record(style.get("arrows"))
    heads = {end: _record(arrows.get(end)).get("enabled", end == "to") is not False for end in ("to", "from")}
    direction = next((name for name, ends in _ENDS.items() if ends == (heads["to"], heads["from"])), "one_way")
    found = {name: edge.get(name) for name in ("id", "label", "from", "to")}
    if heads == {"to": False, "from": True}:
        found |= {"from": found["to"], "to": found["from"]}
    return found | {"kind": kind, "note": _note(edge), "direction": direction}


def _note(item: Mapping[str, Any]) -> str | None:
    """Return a note as text: PRSM keeps it as text, or as the pieces of its editor."""
    note = item.get("note") or item.get("title")
    if isinstance(note, dict):
        pieces = [_record(piece).get("insert") for piece in note.get("ops") or ()]
        return "".join(piece for piece in pieces if isinstance(piece, str))
    return note if isinstance(note, str) else None


def _styles_of(kinds: list[str | None], most: int, prefix: str) -> tuple[dict[str | None, str], dict[str, Any]]:
    """Return which style each kind gets, and the styles; the first one belongs to what has no kind."""
    named = list(dict.fromkeys(kind for kind in kinds if kind))[: most - 1]
    groups: dict[str | None, str] = {None: f"{prefix}0"}
    styles: dict[str, Any] = {f"{prefix}0": {"groupLabel": _SAMPLE}}
    for place, kind in enumerate(named, start=1):
        groups[kind] = f"{prefix}{place}"
        styles[f"{prefix}{place}"] = {"groupLabel": kind}
    return groups, styles


def prsm_text(drawing: SystemMap) -> tuple[str, list[str]]:
    """Return a map as PRSM's JSON, and what PRSM can't hold of it.

    PRSM has 15 styles of factors and 9 of links, and a link's sign is its style: a link with a sign and no style is
    given one.
    """
    factors = drawing.factors.astype(object).where(drawing.factors.notna(), None).to_dict("records")
    links = drawing.links.astype(object).where(drawing.links.notna(), None).to_dict("records")
    kinds = [row["kind"] or _SIGN_STYLES.get(row["polarity"]) for row in links]
    factor_groups, factor_styles = _styles_of([row["kind"] for row in factors], FACTOR_STYLES, "group")
    link_groups, link_styles = _styles_of(kinds, LINK_STYLES, "edge")
    content = {
        "version": _VERSION,
        "mapTitle": drawing.title,
        "lastNodeSample": "group0",
        "lastLinkSample": "edge0",
        "attributeTitles": {},
        "styles": {"nodes": factor_styles, "edges": link_styles},
        "nodes": [_node_of(row, factor_groups) for row in factors],
        "edges": [_edge_of(row, kind, link_groups) for row, kind in zip(links, kinds, strict=True)],
        "history": [],
    }
    given = sum(kind is not None and not row["kind"] for row, kind in zip(links, kinds, strict=True))
    counts = (
        (sum(row["kind"] not in factor_groups for row in factors), "factor(s) of more kinds than PRSM has styles"),
        (sum(kind not in link_groups for kind in kinds), "link(s) of more kinds than PRSM has styles"),
        (given, "link(s) whose sign became a style (+ve or -ve)"),
        (sum(row["x"] is None for row in factors), "factor(s) without a position, which PRSM puts at 0, 0"),
    )
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False), [
        f"{n} {what}" for n, what in counts if n
    ]


def _node_of(row: Mapping[Any, Any], groups: Mapping[str | None, str]) -> dict[str, Any]:
    node = {"id": row["factor_id"], "label": row["label"], "grp": groups.get(row["kind"], groups[None])}
    if row["x"] is not None:
        node |= {"x": row["x"], "y": row["y"]}
    if row["colour"]:
        look = {"background": row["colour"], "border": "#000000"}
        node["color"] = look | {"highlight": look, "hover": look}
        node["font"] = {"color": "#000000" if _is_light(row["colour"]) else "#ffffff"}
    return node | ({"note": row["note"]} if row["note"] else {})


def _is_light(colour: str) -> bool:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue > 140


def _edge_of(row: Mapping[Any, Any], kind: str | None, groups: Mapping[str | None, str]) -> dict[str, Any]:
    to, back = _ENDS[row["direction"]]
    colour = _LINK_COLOURS[row["polarity"]]
    edge = {
        "id": row["link_id"],
        "from": row["from_id"],
        "to": row["to_id"],
        "grp": groups.get(kind, groups[None]),
        "label": row["label"] or "",
        "arrows": {"to": {"enabled": to, "type": "vee"}, "middle": {"enabled": False}, "from": {"enabled": back}},
        "color": {"color": colour, "highlight": colour, "hover": colour, "inherit": False, "opacity": 1},
    }
    return edge | ({"note": row["note"]} if row["note"] else {})
