"""GraphML, which yEd, Gephi, igraph and NetworkX write and read."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from assetmap.encode import plain_text
from assetmap.errors import InputError
from assetmap.files import require_file
from assetmap.sources.system_maps.contents import Drawn, SystemMap

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["graphml_text", "read_graphml"]

_FACTOR_FIELDS = {"label": ("label", "name"), "kind": ("kind", "type"), "note": ("note", "description")}
_LINK_FIELDS = {
    "label": ("label", "name"),
    "kind": ("kind", "style", "type"),
    "polarity": ("polarity", "sign"),
    "note": ("note", "description"),
    "direction": ("direction",),
}
_UNDIRECTED = "undirected"


def read_graphml(path: Path) -> Drawn:
    """Read a GraphML file; entities, which could grow without end or reach for other files, are refused.

    Raises
    ------
    MissingInputError, InputError
        If there is no such file, it isn't GraphML, is torn, or declares entities.
    """
    import networkx as nx
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    data = require_file(path, "system map").read_bytes()
    try:
        fromstring(data, forbid_dtd=True)
        graph = nx.parse_graphml(data.decode("utf-8-sig"), force_multigraph=True)
    except DefusedXmlException as error:
        raise InputError(f"{path} declares entities or a document type of its own: refused.") from error
    except Exception as error:  # the parsers raise whatever the broken part makes them stumble on
        raise InputError(
            f"{path} can't be read as GraphML ({str(error) or type(error).__name__}): save the map again as GraphML."
        ) from error
    return _drawn(graph)


def _first(data: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((data[name] for name in names if data.get(name) not in (None, "")), None)


def _drawn(graph: nx.MultiDiGraph) -> Drawn:
    factors = []
    for identity, data in graph.nodes(data=True):
        row = {field: _first(data, names) for field, names in _FACTOR_FIELDS.items()}
        row |= {name: data.get(name) for name in ("x", "y", "colour")}
        factors.append(row | {"id": identity, "label": row["label"] or identity})
    directed = graph.is_directed()
    links = []
    for start, end, key, data in graph.edges(keys=True, data=True):
        row = {field: _first(data, names) for field, names in _LINK_FIELDS.items()}
        row["direction"] = row["direction"] or (None if directed else _UNDIRECTED)
        links.append(row | {"id": data.get("id", key if isinstance(key, str) else None), "from": start, "to": end})
    return Drawn(str(graph.graph.get("title") or ""), factors, links)


def graphml_text(drawing: SystemMap) -> tuple[str, list[str]]:
    """Return a map as GraphML, which holds all of it."""
    import networkx as nx

    graph = nx.MultiDiGraph(title=plain_text(drawing.title))
    for row in drawing.factors.to_dict("records"):
        graph.add_node(row.pop("factor_id"), **_known(row))
    for row in drawing.links.to_dict("records"):
        graph.add_edge(row.pop("from_id"), row.pop("to_id"), row.pop("link_id"), **_known(row))
    return "\n".join(nx.generate_graphml(graph, named_key_ids=True)) + "\n", []


def _known(row: dict[Hashable, Any]) -> dict[str, Any]:
    """Return the fields that are known, without the letters that XML can't hold."""
    fields = ((str(name), value) for name, value in row.items() if pd.notna(value))
    return {name: plain_text(value) if isinstance(value, str) else value for name, value in fields}
