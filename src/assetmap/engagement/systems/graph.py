"""The factors and links of a system map as one directed graph with signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["influence_graph"]


def influence_graph(factors: pd.DataFrame, links: pd.DataFrame) -> nx.DiGraph:
    """Return which factor acts on which.

    A link that isn't one-way counts both ways. Where several links go the same way between two factors, they are one
    influence; its sign is theirs if they all have the same, else unknown.

    Parameters
    ----------
    factors, links
        Tables ``factors`` and ``system_links`` of `schema.py`.

    Returns
    -------
    DiGraph
        Nodes are identifiers of factors in the table's order, with ``label``; edges have ``sign``: 1, -1 or 0 where
        it isn't known.

    Examples
    --------
    >>> factors = pd.DataFrame({"factor_id": ["a", "b"], "label": ["A", "B"]})
    >>> links = pd.DataFrame({"from_id": ["a"], "to_id": ["b"], "polarity": ["negative"], "direction": ["one_way"]})
    >>> influence_graph(factors, links).edges["a", "b"]["sign"]
    -1
    """
    import networkx as nx

    graph = nx.DiGraph()
    labels = zip(factors["factor_id"], factors["label"], strict=True)
    graph.add_nodes_from((name, {"label": label}) for name, label in labels)
    signs = links["polarity"].map({"positive": 1, "negative": -1}).fillna(0).astype(int)
    for start, end, sign, direction in zip(links["from_id"], links["to_id"], signs, links["direction"], strict=True):
        ways = {(start, end)} if direction == "one_way" else {(start, end), (end, start)}
        for one, other in sorted(ways):
            known = graph.get_edge_data(one, other, {"sign": sign})["sign"]
            graph.add_edge(one, other, sign=sign if known == sign else 0)
    return graph
